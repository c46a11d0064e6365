/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/http/robots_rules.h"

#include "base/arena.h"
#include "base/url.h"

#include <errno.h>

/* Every byte of an address may become three. What a pattern has more of fits none. */
#define PATH_MAX_BYTES ((size_t)PK_URL_MAX * 3)

/* 500 KiB of the shortest rules, with room for arrays that grow. */
#define PARSE_LIMIT ((size_t)16 << 20)

/* A pattern in the one form that addresses are brought into, too: a "*" or "$" in it is
 * always the sign, for a letter of that kind is percent-encoded. */
struct rule {
	struct pk_span pattern;
	bool allow;
};

struct pk_robots_rules {
	size_t bytes;
	int64_t delay_ms;
	struct rule *rules; /* those that decide first come first */
	size_t n_rules;
	struct pk_span *sitemaps;
	size_t n_sitemaps;
};

/* The rules for one kind of agent, while the file is read. */
struct draft_group {
	PK_ARRAY(struct rule) rules;
	int64_t delay_ms;
	bool exists;
	bool open; /* its agents were named, and what follows is for them */
};

struct draft {
	struct pk_arena *arena;
	struct pk_span product;
	struct draft_group own;
	struct draft_group any;
	PK_ARRAY(struct pk_span) sitemaps;
	bool naming; /* between the first User-agent of a group and its first rule */
};

enum field {
	FIELD_NONE,
	FIELD_AGENT,
	FIELD_ALLOW,
	FIELD_DISALLOW,
	FIELD_DELAY,
	FIELD_SITEMAP
};

/* clang-format off */
static const struct {
	const char *name;
	enum field field;
} fields[] = {
	{ "user-agent",  FIELD_AGENT },
	{ "useragent",   FIELD_AGENT },
	{ "user agent",  FIELD_AGENT },
	{ "allow",       FIELD_ALLOW },
	{ "disallow",    FIELD_DISALLOW },
	{ "dissallow",   FIELD_DISALLOW },
	{ "dissalow",    FIELD_DISALLOW },
	{ "disalow",     FIELD_DISALLOW },
	{ "diasllow",    FIELD_DISALLOW },
	{ "disallaw",    FIELD_DISALLOW },
	{ "crawl-delay", FIELD_DELAY },
	{ "crawldelay",  FIELD_DELAY },
	{ "sitemap",     FIELD_SITEMAP },
	{ "site-map",    FIELD_SITEMAP },
};
/* clang-format on */

/* ---- paths ------------------------------------------------------------------- */

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = pk_ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
is_letter_or_digit(char c)
{
	return (c >= '0' && c <= '9') ||
	       (pk_ascii_lower(c) >= 'a' && pk_ascii_lower(c) <= 'z');
}

static bool
is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

static bool
is_unreserved(char c)
{
	return is_letter_or_digit(c) || is_one_of(c, "-._~");
}

/* In a query these mean nothing, so that encoded they are the same (RFC 9309, the
 * table of section 2.2.2). */
static bool
is_plain(char c, bool in_query)
{
	return is_unreserved(c) || (in_query && is_one_of(c, ":/?@"));
}

struct writer {
	char *at;
	size_t left;
	bool full;
};

static void
put_char(struct writer *w, char c)
{
	if (w->left == 0) {
		w->full = true;
		return;
	}
	*w->at++ = c;
	w->left--;
}

static void
put_encoded(struct writer *w, char c)
{
	static const char digits[] = "0123456789ABCDEF";

	put_char(w, '%');
	put_char(w, digits[(unsigned char)c >> 4]);
	put_char(w, digits[(unsigned char)c & 15]);
}

/* Brings a path or a pattern into its one form in `buffer`; an absent span where it
 * does not fit. */
static struct pk_span
normalise(struct pk_span text, bool is_pattern, char buffer[static PATH_MAX_BYTES])
{
	struct writer w = { buffer, PATH_MAX_BYTES, false };
	bool in_query = false;

	for (size_t i = 0; i < text.len && !w.full; i++) {
		char c = text.ptr[i];
		bool sign = is_pattern && (c == '*' || (c == '$' && i + 1 == text.len));
		if (c == '%' && i + 2 < text.len && hex_value(text.ptr[i + 1]) >= 0 &&
		    hex_value(text.ptr[i + 2]) >= 0) {
			c = (char)(hex_value(text.ptr[i + 1]) * 16 +
				   hex_value(text.ptr[i + 2]));
			i += 2;
			if (is_plain(c, in_query))
				put_char(&w, c);
			else
				put_encoded(&w, c);
			continue;
		}
		if (sign && c == '*' && w.at > buffer && w.at[-1] == '*')
			continue;
		if (sign || is_unreserved(c) || is_one_of(c, ":/?@!&'()+,;="))
			put_char(&w, c);
		else
			put_encoded(&w, c);
		in_query = in_query || c == '?';
	}
	if (w.full)
		return (struct pk_span){ NULL, 0 };
	return (struct pk_span){ buffer, (size_t)(w.at - buffer) };
}

/* Each "*" takes as little as it can, which is enough: what it leaves can only help
 * those behind it. So a pattern costs one walk over the path. */
static bool
fits(struct pk_span pattern, struct pk_span path)
{
	bool whole = pk_span_ends_with(pattern, PK_SPAN("$"));
	struct pk_span rest =
	    pk_span_slice(pattern, 0, whole ? pattern.len - 1 : pattern.len);
	struct pk_span part = pk_span_split(&rest, '*');

	if (!pk_span_starts_with(path, part))
		return false;
	if (rest.ptr == NULL)
		return !whole || path.len == part.len;
	path = pk_span_slice(path, part.len, path.len);
	while (rest.ptr != NULL) {
		part = pk_span_split(&rest, '*');
		if (rest.ptr == NULL && whole)
			return pk_span_ends_with(path, part);
		size_t at = pk_span_find(path, part, 0);
		if (at == SIZE_MAX)
			return false;
		path = pk_span_slice(path, at + part.len, path.len);
	}
	return true;
}

/* Path and query of an address; an empty path is "/". */
static struct pk_span
path_of(struct pk_span url)
{
	size_t at = pk_span_find(url, PK_SPAN("://"), 0);

	at = at == SIZE_MAX ? 0 : at + 3;
	while (at < url.len && !is_one_of(url.ptr[at], "/?#"))
		at++;
	url = pk_span_slice(url, at, url.len);
	return pk_span_split(&url, '#');
}

bool
pk_robots_rules_allow(const struct pk_robots_rules *rules, struct pk_span url)
{
	char buffer[1 + PATH_MAX_BYTES];
	struct pk_span path = path_of(url);

	if (pk_span_eq(path, PK_SPAN("/robots.txt")))
		return true;
	path = normalise(path, false, buffer + 1);
	if (path.ptr == NULL)
		return false; /* no server is asked for anything so long */
	if (path.len == 0 || path.ptr[0] != '/') {
		buffer[0] = '/';
		path = (struct pk_span){ buffer, path.len + 1 };
	}
	for (size_t i = 0; i < rules->n_rules; i++)
		if (fits(rules->rules[i].pattern, path))
			return rules->rules[i].allow;
	return true;
}

/* ---- the file ---------------------------------------------------------------- */

struct pk_span
pk_robots_product(struct pk_span user_agent)
{
	size_t len = 0;

	while (len < user_agent.len && (is_letter_or_digit(user_agent.ptr[len]) ||
					   is_one_of(user_agent.ptr[len], "-_.")))
		len++;
	return pk_span_slice(user_agent, 0, len);
}

static void
read_agent(struct draft *draft, struct pk_span value)
{
	struct pk_span product = pk_robots_product(value);
	bool any = pk_span_starts_with(value, PK_SPAN("*")) &&
		   (value.len == 1 || pk_ascii_is_blank(value.ptr[1]));
	bool own = product.len > 0 && pk_span_eq_nocase(product, draft->product);

	if (!draft->naming)
		draft->own.open = draft->any.open = false;
	draft->naming = true;
	draft->own.open = draft->own.open || own;
	draft->own.exists = draft->own.exists || own;
	draft->any.open = draft->any.open || any;
	draft->any.exists = draft->any.exists || any;
}

static int
add_rule(struct draft *draft, struct draft_group *group, struct rule rule)
{
	if (!group->open || group->rules.len >= PK_ROBOTS_RULES_MAX)
		return 0;
	struct rule *added = pk_array_push(draft->arena, &group->rules);
	if (added == NULL)
		return -ENOMEM;
	*added = rule;
	return 0;
}

/* An empty pattern fits nothing, and neither does one that no path begins with. */
static int
read_rule(struct draft *draft, struct pk_span value, bool allow)
{
	char buffer[PATH_MAX_BYTES];

	draft->naming = false;
	if ((!draft->own.open && !draft->any.open) || value.len == 0 ||
	    (value.ptr[0] != '/' && value.ptr[0] != '*'))
		return 0;
	struct rule rule = { normalise(value, true, buffer), allow };
	if (rule.pattern.ptr == NULL)
		return 0;
	rule.pattern = pk_arena_copy(draft->arena, rule.pattern);
	if (rule.pattern.ptr == NULL)
		return -ENOMEM;
	int r = add_rule(draft, &draft->own, rule);
	return r < 0 ? r : add_rule(draft, &draft->any, rule);
}

/* "10", "0.5"; what follows the number does not matter. */
static int64_t
parse_delay(struct pk_span value)
{
	int64_t ms = 0, unit = 0;

	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];
		if (c == '.' && unit == 0 && i > 0) {
			unit = 100;
			continue;
		}
		if (c < '0' || c > '9')
			return i == 0 ? -1 : ms;
		if (unit == 0) {
			ms = ms * 10 + (c - '0') * 1000;
		} else {
			ms += (c - '0') * unit;
			unit /= 10;
			if (unit == 0)
				return ms;
		}
		if (ms > PK_ROBOTS_DELAY_MAX_MS)
			return PK_ROBOTS_DELAY_MAX_MS;
	}
	return value.len == 0 ? -1 : ms;
}

static void
read_delay(struct draft_group *group, struct pk_span value)
{
	int64_t ms = parse_delay(value);

	if (group->open && ms > group->delay_ms)
		group->delay_ms = ms;
}

static int
read_sitemap(struct draft *draft, struct pk_span value)
{
	if (value.len > PK_URL_MAX || draft->sitemaps.len >= PK_ROBOTS_SITEMAPS_MAX ||
	    (!pk_span_starts_with_nocase(value, PK_SPAN("http://")) &&
		!pk_span_starts_with_nocase(value, PK_SPAN("https://"))))
		return 0;
	struct pk_span *sitemap = pk_array_push(draft->arena, &draft->sitemaps);
	if (sitemap == NULL)
		return -ENOMEM;
	*sitemap = value; /* the text is there until the draft is copied */
	return 0;
}

static enum field
field_of(struct pk_span name)
{
	for (size_t i = 0; i < PK_COUNT(fields); i++)
		if (pk_span_eq_nocase(name, pk_span_of(fields[i].name)))
			return fields[i].field;
	return FIELD_NONE;
}

/* Cuts "name: value"; also "name value", which is written, too. */
static enum field
cut_line(struct pk_span line, struct pk_span *ret_value)
{
	struct pk_span rest = line;
	enum field field = field_of(pk_span_trim(pk_span_split(&rest, ':')));

	if (field == FIELD_NONE) {
		size_t at = 0;
		while (at < line.len && !pk_ascii_is_blank(line.ptr[at]))
			at++;
		field = field_of(pk_span_slice(line, 0, at));
		rest = pk_span_slice(line, at, line.len);
	}
	*ret_value = pk_span_trim(rest);
	return field;
}

static int
read_line(struct draft *draft, struct pk_span line)
{
	struct pk_span value;

	switch (cut_line(pk_span_trim(pk_span_split(&line, '#')), &value)) {
	case FIELD_AGENT:
		read_agent(draft, value);
		break;
	case FIELD_ALLOW:
		return read_rule(draft, value, true);
	case FIELD_DISALLOW:
		return read_rule(draft, value, false);
	case FIELD_DELAY: /* ends no list of agents (RFC 9309, section 2.2.4) */
		read_delay(&draft->own, value);
		read_delay(&draft->any, value);
		break;
	case FIELD_SITEMAP:
		return read_sitemap(draft, value);
	case FIELD_NONE:
		break;
	}
	return 0;
}

static struct pk_span
cut_first_line(struct pk_span *rest)
{
	size_t at = 0;

	while (at < rest->len && rest->ptr[at] != '\n' && rest->ptr[at] != '\r')
		at++;
	struct pk_span line = pk_span_slice(*rest, 0, at);
	*rest = pk_span_slice(*rest, at + 1, rest->len);
	return line;
}

static int
read_lines(struct draft *draft, struct pk_span text)
{
	int r = 0;

	if (pk_span_starts_with(text, PK_SPAN("\xEF\xBB\xBF")))
		text = pk_span_slice(text, 3, text.len);
	while (text.len > 0 && r == 0)
		r = read_line(draft, cut_first_line(&text));
	return r;
}

/* ---- the rules --------------------------------------------------------------- */

static int
compare_rules(const void *left, const void *right)
{
	const struct rule *a = left, *b = right;

	if (a->pattern.len != b->pattern.len)
		return a->pattern.len > b->pattern.len ? -1 : 1;
	return (int)b->allow - (int)a->allow;
}

static struct pk_span
move_text(char **at, struct pk_span text)
{
	struct pk_span moved = { *at, text.len };

	if (text.len > 0)
		memcpy(*at, text.ptr, text.len);
	*at += text.len;
	return moved;
}

/* All in one piece of memory. */
static struct pk_robots_rules *
settle(const struct draft *draft)
{
	const struct draft_group *group = draft->own.exists ? &draft->own : &draft->any;
	size_t bytes = sizeof(struct pk_robots_rules) +
		       group->rules.len * sizeof(struct rule) +
		       draft->sitemaps.len * sizeof(struct pk_span);
	char *text;

	for (size_t i = 0; i < group->rules.len; i++)
		bytes += group->rules.items[i].pattern.len;
	for (size_t i = 0; i < draft->sitemaps.len; i++)
		bytes += draft->sitemaps.items[i].len;
	struct pk_robots_rules *rules = calloc(1, bytes);
	if (rules == NULL)
		return NULL;
	rules->bytes = bytes;
	rules->delay_ms = group->delay_ms;
	rules->n_rules = group->rules.len;
	rules->n_sitemaps = draft->sitemaps.len;
	rules->rules = (struct rule *)(rules + 1);
	rules->sitemaps = (struct pk_span *)(rules->rules + rules->n_rules);
	text = (char *)(rules->sitemaps + rules->n_sitemaps);
	for (size_t i = 0; i < rules->n_rules; i++)
		rules->rules[i] =
		    (struct rule){ move_text(&text, group->rules.items[i].pattern),
			    group->rules.items[i].allow };
	for (size_t i = 0; i < rules->n_sitemaps; i++)
		rules->sitemaps[i] = move_text(&text, draft->sitemaps.items[i]);
	qsort(rules->rules, rules->n_rules, sizeof(struct rule), compare_rules);
	return rules;
}

struct pk_robots_rules *
pk_robots_rules_new(struct pk_span text, struct pk_span product)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(PARSE_LIMIT);
	struct draft draft = { .arena = arena,
		.product = product,
		.own.delay_ms = -1,
		.any.delay_ms = -1 };

	if (arena == NULL)
		return NULL;
	if (text.len > PK_ROBOTS_BYTES_MAX) {
		text.len = PK_ROBOTS_BYTES_MAX;
		while (text.len > 0 && text.ptr[text.len - 1] != '\n' &&
		       text.ptr[text.len - 1] != '\r')
			text.len--;
	}
	return read_lines(&draft, text) < 0 ? NULL : settle(&draft);
}

struct pk_robots_rules *
pk_robots_rules_free(struct pk_robots_rules *rules)
{
	free(rules);
	return NULL;
}

int64_t
pk_robots_rules_delay_ms(const struct pk_robots_rules *rules)
{
	return rules->delay_ms;
}

const struct pk_span *
pk_robots_rules_sitemaps(const struct pk_robots_rules *rules, size_t *ret_n)
{
	*ret_n = rules->n_sitemaps;
	return rules->sitemaps;
}

size_t
pk_robots_rules_bytes(const struct pk_robots_rules *rules)
{
	return rules->bytes;
}
