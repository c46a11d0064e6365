/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/site_rules.h"

#include "base/map.h"
#include "base/nearest.h"
#include "base/utf8.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#define ARENA_LIMIT ((size_t)256 << 20)
#define HOST_MAX    253

static const struct pk_span key_names[] = {
#define SITE_KEY_(NAME, name) PK_SPAN(name),
	PK_SITE_KEYS_LIST(SITE_KEY_)
#undef SITE_KEY_
};
/* By enum pk_site_reason. */
static const struct pk_span sign_names[] = { PK_SPAN("host"), PK_SPAN("generator"),
	PK_SPAN("marker") };

struct builder {
	struct pk_site_rules *rules;
	struct pk_map *names; /* of the rules that count; to the rule */
	size_t n_files;
	bool own; /* the files that are read are the user's */

	/* The file and the line in it. */
	const char *path;
	struct pk_span line;
	unsigned number;
	struct pk_diag *reterr_diag;

	/* The rule that is read. */
	struct pk_site_rule *rule; /* NULL before the first of a file */
	struct pk_site_line *last[PK_SITE_KEYS];
	unsigned rule_number; /* its line */
	size_t n_signs, n_lines, n_order;
	bool replaced; /* it is ours, and the user has one of that name */
};

/* ---- messages ------------------------------------------------------------------- */

/* A mistake at a place in the line. */
static int
wrong_at(struct builder *b, int error, const char *at, const char *what)
{
	size_t before = (size_t)(at - b->line.ptr);

	pk_diag_at(b->reterr_diag, error, b->path, b->number, "%s", what);
	return pk_diag_column(b->reterr_diag, error,
	    (unsigned)pk_utf8_count(pk_span_slice(b->line, 0, before)) + 1);
}

static int
unknown_key(struct builder *b, struct pk_span key)
{
	struct pk_nearest nearest = pk_nearest_to(key);
	char what[160];

	for (size_t i = 0; i < PK_COUNT(sign_names); i++)
		pk_nearest_offer(&nearest, sign_names[i]);
	for (size_t i = 0; i < PK_COUNT(key_names); i++)
		pk_nearest_offer(&nearest, key_names[i]);
	/* a long one may not be cut inside of a character */
	key = pk_utf8_prefix(key, 40);
	if (nearest.best.ptr != NULL)
		snprintf(what, sizeof(what), "there is no key '%.*s'; is '%.*s' meant?",
		    PK_SPAN_ARG(key), PK_SPAN_ARG(nearest.best));
	else
		snprintf(what, sizeof(what),
		    "there is no key '%.*s' (want host, generator, marker, title, "
		    "kicker, "
		    "lead, byline, date, modified, section, tags, body or strip)",
		    PK_SPAN_ARG(key));
	return wrong_at(b, -EBADMSG, key.ptr, what);
}

/* ---- one rule ------------------------------------------------------------------- */

/* A rule that nothing makes hold, or that finds nothing, was not finished. */
static int
end_rule(struct builder *b)
{
	const char *what = b->n_signs == 0 ? "has no host, generator or marker"
					   : "finds nothing: it has no selectors";

	if (b->rule == NULL || (b->n_signs > 0 && b->n_lines > 0))
		return 0;
	return pk_diag_at(b->reterr_diag, -EBADMSG, b->path, b->rule_number,
	    "the rule '%s' %s", b->rule->name, what);
}

static bool
is_name(struct pk_span name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = pk_ascii_lower(name.ptr[i]);
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    strchr("-_.", c) == NULL)
			return false;
	}
	return name.len > 0 && name.len <= PK_SITE_NAME_MAX;
}

/* [name] */
static int
begin_rule(struct builder *b, struct pk_span line)
{
	struct pk_arena *arena = b->rules->arena;
	struct pk_span name = pk_span_trim(pk_span_slice(line, 1, line.len - 1));
	int r = end_rule(b);

	if (r < 0)
		return r;
	if (line.ptr[line.len - 1] != ']')
		return wrong_at(
		    b, -EBADMSG, line.ptr + line.len, "want ] after the name");
	if (!is_name(name))
		return wrong_at(b, -EBADMSG, line.ptr + 1,
		    "want a name of letters, digits, '-', '_' and '.', at most 48");
	if (b->rules->n_rules == PK_SITE_RULES_MAX)
		return wrong_at(b, -E2BIG, line.ptr, "more than 20000 rules");
	name = pk_arena_copy(arena, name);
	struct pk_span where = pk_arena_printf(arena, "site rule %s", name.ptr);
	struct pk_site_rule *rule = pk_arena_new_of(arena, struct pk_site_rule);
	if (name.ptr == NULL || where.ptr == NULL || rule == NULL)
		return -ENOMEM;
	*rule = (struct pk_site_rule){
		.name = name.ptr, .where = where.ptr, .own = b->own
	};
	const struct pk_site_rule *twin = pk_map_get(b->names, name);
	b->replaced = twin != NULL && twin->own != b->own;
	if (twin != NULL && !b->replaced)
		return wrong_at(
		    b, -EBADMSG, line.ptr + 1, "there is a rule of that name already");
	if (!b->replaced && pk_map_set(b->names, name, rule) < 0)
		return -ENOMEM;
	b->rule = rule;
	b->rule_number = b->number;
	b->rules->n_rules++;
	b->n_signs = b->n_lines = 0;
	memset(b->last, 0, sizeof(b->last));
	return 0;
}

static int
read_selectors(struct builder *b, struct pk_span value, struct pk_selectors *ret)
{
	const char *want = NULL;
	size_t at = 0;
	int r = pk_selectors_parse(b->rules->arena, value, ret, &at, &want);

	return want == NULL ? r : wrong_at(b, r, value.ptr + at, want);
}

static int
add_line(struct builder *b, enum pk_site_key key, struct pk_span value)
{
	struct pk_site_line *line =
	    pk_arena_new_of(b->rules->arena, struct pk_site_line);

	if (line == NULL)
		return -ENOMEM;
	if (b->n_lines++ == PK_SITE_LINES_MAX)
		return wrong_at(b, -E2BIG, value.ptr, "more than 100 lines in a rule");
	if (b->last[key] == NULL)
		b->rule->keys[key] = line;
	else
		b->last[key]->next = line;
	b->last[key] = line;
	line->text = pk_arena_copy(b->rules->arena, value);
	if (line->text.ptr == NULL)
		return -ENOMEM;
	return read_selectors(b, value, &line->selectors);
}

static bool
is_ipv6(struct pk_span host)
{
	size_t colons = 0;

	for (size_t i = 0; i < host.len; i++) {
		char c = pk_ascii_lower(host.ptr[i]);
		colons += c == ':';
		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f') && c != ':')
			return false;
	}
	return colons >= 2;
}

static int
check_host(struct builder *b, struct pk_span host)
{
	bool dot = false;

	if (is_ipv6(host))
		return 0;
	for (size_t i = 0; i < host.len; i++) {
		unsigned char c = (unsigned char)pk_ascii_lower(host.ptr[i]);
		bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			      c == '-' || c >= 0x80;
		dot |= c == '.' && i > 0 && i + 1 < host.len;
		if (!letter && (c != '.' || i == 0))
			return wrong_at(b, -EBADMSG, host.ptr + i,
			    "want a host like example.org (its subdomains are meant, "
			    "too), without http://, port and path");
	}
	if (!dot)
		return wrong_at(b, -EBADMSG, host.ptr, "want a host like example.org");
	return host.len <= HOST_MAX
		   ? 0
		   : wrong_at(b, -E2BIG, host.ptr, "a host has at most 253 letters");
}

static int
lower_copy(struct pk_arena *arena, struct pk_span text, struct pk_span *ret_copy)
{
	char *copy = pk_arena_alloc(arena, text.len + 1);

	if (copy == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < text.len; i++)
		copy[i] = pk_ascii_lower(text.ptr[i]);
	*ret_copy = (struct pk_span){ copy, text.len };
	return 0;
}

/* The list that signs of that kind are in; the rule that a user replaced is in none. */
static int
keep_sign(struct builder *b, enum pk_site_reason reason, struct pk_site_sign sign,
    const char *at)
{
	struct pk_site_signs *lists[] = { &b->rules->hosts, &b->rules->generators,
		&b->rules->markers };
	struct pk_site_signs *list = lists[reason];

	if (b->replaced)
		return 0;
	if (reason != PK_SITE_HOST && list->len == PK_SITE_MARKERS_MAX)
		return wrong_at(b, -E2BIG, at,
		    reason == PK_SITE_MARKER ? "more than 64 lines of markers"
					     : "more than 64 generators");
	struct pk_site_sign *item = pk_array_push(b->rules->arena, list);
	if (item == NULL)
		return -ENOMEM;
	sign.rule = b->rule;
	sign.order = b->n_order++;
	*item = sign;
	return 0;
}

static int
add_marker(struct builder *b, struct pk_span value)
{
	struct pk_site_sign sign = { .order = 0 };
	int r = read_selectors(b, value, &sign.marker);

	if (r == 0 && sign.marker.nameless)
		return wrong_at(b, -EBADMSG, value.ptr,
		    "a marker ends in a class, an id or an itemprop: it is looked for "
		    "on "
		    "every page");
	return r < 0 ? r : keep_sign(b, PK_SITE_MARKER, sign, value.ptr);
}

static int
add_word(struct builder *b, enum pk_site_reason reason, struct pk_span word)
{
	struct pk_site_sign sign = { .order = 0 };
	int r = 0;

	if (word.len == 0)
		return wrong_at(b, -EBADMSG, word.ptr, "want a value");
	if (reason == PK_SITE_HOST) {
		if (pk_span_starts_with_nocase(word, PK_SPAN("www.")))
			word = pk_span_slice(word, 4, word.len);
		r = check_host(b, word);
	}
	if (r == 0)
		r = lower_copy(b->rules->arena, word, &sign.text);
	return r < 0 ? r : keep_sign(b, reason, sign, word.ptr);
}

/* A marker, or words with commas between. */
static int
add_signs(struct builder *b, enum pk_site_reason reason, struct pk_span value)
{
	int r = 0;

	b->n_signs++;
	if (reason == PK_SITE_MARKER)
		return add_marker(b, value);
	while (value.ptr != NULL && r == 0)
		r = add_word(b, reason, pk_span_trim(pk_span_split(&value, ',')));
	return r;
}

/* key: value */
static int
read_pair(struct builder *b, struct pk_span line)
{
	struct pk_span rest = line;
	struct pk_span key = pk_span_trim(pk_span_split(&rest, ':'));
	struct pk_span value = pk_span_trim(rest);

	if (rest.ptr == NULL)
		return wrong_at(b, -EBADMSG, line.ptr,
		    "want [name], key: value or a comment that begins with #");
	if (b->rule == NULL)
		return wrong_at(
		    b, -EBADMSG, line.ptr, "want the [name] of a rule before its keys");
	for (size_t i = 0; i < PK_COUNT(sign_names); i++) {
		if (pk_span_eq(key, sign_names[i]))
			return value.len == 0
				   ? wrong_at(b, -EBADMSG, rest.ptr, "want a value")
				   : add_signs(b, (enum pk_site_reason)i, value);
	}
	for (size_t i = 0; i < PK_COUNT(key_names); i++) {
		if (pk_span_eq(key, key_names[i]))
			return value.len == 0
				   ? wrong_at(b, -EBADMSG, rest.ptr, "want a selector")
				   : add_line(b, (enum pk_site_key)i, value);
	}
	return unknown_key(b, key);
}

/* ---- files ---------------------------------------------------------------------- */

static int
read_text(struct builder *b, struct pk_span text, const char *path)
{
	int r = 0;

	b->path = path;
	b->number = 0;
	b->rule = NULL;
	if (pk_span_starts_with(text, PK_SPAN("\xEF\xBB\xBF")))
		text = pk_span_slice(text, 3, text.len);
	while (text.ptr != NULL && r == 0) {
		b->line = pk_span_split(&text, '\n');
		b->number++;
		struct pk_span line = pk_span_trim(b->line);
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		if (!pk_utf8_valid(line))
			return pk_diag_at(b->reterr_diag, -EBADMSG, path, b->number,
			    "this line is not UTF-8");
		r = line.ptr[0] == '[' ? begin_rule(b, line) : read_pair(b, line);
	}
	return r < 0 ? r : end_rule(b);
}

static int
read_file(struct builder *b, const char *path)
{
	pk_cleanup(pk_fclosep) FILE *file = fopen(path, "re");
	pk_cleanup(pk_freep) char *bytes = malloc(PK_SITE_FILE_MAX + 1);

	if (file == NULL)
		return pk_diag_at(b->reterr_diag, -errno, path, 0, "cannot open: %s",
		    strerrordesc_np(errno));
	if (bytes == NULL)
		return -ENOMEM;
	size_t n = fread(bytes, 1, PK_SITE_FILE_MAX + 1, file);
	if (ferror(file))
		return pk_diag_at(b->reterr_diag, -EIO, path, 0, "cannot be read");
	if (n > PK_SITE_FILE_MAX)
		return pk_diag_at(b->reterr_diag, -E2BIG, path, 0, "more than 1 MiB");
	return read_text(b, (struct pk_span){ bytes, n }, path);
}

static int
is_rules(const struct dirent *entry)
{
	return entry->d_name[0] != '.' &&
	       pk_span_ends_with(pk_span_of(entry->d_name), PK_SPAN(".rules"));
}

static int
read_folder(struct builder *b, const char *folder)
{
	struct dirent **entries;
	int r = 0, n = scandir(folder, &entries, is_rules, alphasort);

	if (n < 0)
		return pk_diag_at(b->reterr_diag, -errno, folder, 0,
		    "cannot open this folder of rules: %s", strerrordesc_np(errno));
	for (int i = 0; i < n; i++) {
		struct pk_span path = pk_arena_printf(
		    b->rules->arena, "%s/%s", folder, entries[i]->d_name);
		free(entries[i]);
		if (r < 0)
			continue;
		if (path.ptr == NULL)
			r = -ENOMEM;
		else if (b->n_files++ == PK_SITE_FILES_MAX)
			r = pk_diag_at(b->reterr_diag, -E2BIG, folder, 0,
			    "more than 1000 files of rules");
		else
			r = read_file(b, path.ptr);
	}
	free(entries);
	return r;
}

/* ---- the set -------------------------------------------------------------------- */

static void
builder_done(struct builder *b)
{
	pk_map_free(b->names);
	pk_site_rules_free(b->rules);
}

static int
builder_init(struct builder *b, struct pk_diag *reterr_diag)
{
	struct pk_arena *arena = pk_arena_new(ARENA_LIMIT);

	b->rules = arena == NULL ? NULL : pk_arena_new_of(arena, struct pk_site_rules);
	b->names = pk_map_new();
	b->reterr_diag = reterr_diag;
	if (b->rules == NULL) {
		pk_arena_free(arena);
		return -ENOMEM;
	}
	b->rules->arena = arena;
	return b->names == NULL ? -ENOMEM : 0;
}

static int
compare_hosts(const void *a, const void *b)
{
	const struct pk_site_sign *x = a, *y = b;
	size_t n = x->text.len < y->text.len ? x->text.len : y->text.len;
	int r = memcmp(x->text.ptr, y->text.ptr, n);

	if (r != 0)
		return r;
	if (x->text.len != y->text.len)
		return x->text.len < y->text.len ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static struct pk_site_rules *
finish(struct builder *b)
{
	struct pk_site_signs *hosts = &b->rules->hosts;

	if (hosts->len > 0)
		qsort(hosts->items, hosts->len, sizeof(*hosts->items), compare_hosts);
	return pk_steal(&b->rules);
}

int
pk_site_rules_load(const char *dir, const char *own, struct pk_site_rules **ret_rules,
    struct pk_diag *reterr_diag)
{
	pk_cleanup(builder_done) struct builder b = { .own = true };
	struct stat st;
	int r = builder_init(&b, reterr_diag);

	if (r == 0 && own != NULL)
		r = read_folder(&b, own);
	if (r < 0)
		return r;
	b.own = false;
	struct pk_span ours = pk_arena_printf(b.rules->arena, "%s/sites", dir);
	if (ours.ptr == NULL)
		return -ENOMEM;
	if (stat(ours.ptr, &st) == 0)
		r = read_folder(&b, ours.ptr);
	if (r == 0)
		*ret_rules = finish(&b);
	return r;
}

int
pk_site_rules_parse(struct pk_span text, const char *path,
    struct pk_site_rules **ret_rules, struct pk_diag *reterr_diag)
{
	pk_cleanup(builder_done) struct builder b = { .own = true };
	int r = builder_init(&b, reterr_diag);

	if (r == 0)
		r = read_text(&b, text, path);
	if (r == 0)
		*ret_rules = finish(&b);
	return r;
}

struct pk_site_rules *
pk_site_rules_free(struct pk_site_rules *rules)
{
	if (rules != NULL)
		pk_arena_free(rules->arena);
	return NULL;
}
