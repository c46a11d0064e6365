/* SPDX-License-Identifier: Apache-2.0 */
#include "config/loader_priv.h"

#include "base/nearest.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>

/* A longer value is cut in messages. */
#define SHOWN_MAX 80

/* Fields that belong to the HTTP client; a person who sets them breaks it. */
static const char *const reserved_headers[] = {
	"Accept-Encoding",
	"Connection",
	"Content-Length",
	"Host",
	"If-Modified-Since",
	"If-None-Match",
	"Range",
	"Transfer-Encoding",
	"User-Agent",
};

void
pk_complain(const struct pk_loader *loader, const struct pk_source *source,
    const struct pk_yaml *node, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	pk_report_add(loader->report, PK_CONFIG_ERROR, source, node->line, node->column,
	    "%s", text);
}

#define complain(parser, node, ...)                                                    \
	pk_complain((parser)->loader, (parser)->source, (node), __VA_ARGS__)

static const char *
article_of(const char *noun)
{
	return strchr("aeiou", *noun) != NULL ? "an" : "a";
}

static struct pk_span
shown(struct pk_span text)
{
	return pk_span_slice(text, 0, SHOWN_MAX);
}

static void
complain_of_words(const struct pk_parser *parser, const struct pk_key *key,
    const struct pk_yaml *node, const struct pk_value_word *words)
{
	struct pk_nearest nearest = pk_nearest_to(node->text);
	char list[128] = "", hint[96] = "";

	for (; words->word != NULL; words++) {
		size_t used = strlen(list);
		snprintf(list + used, sizeof(list) - used, "%s%s",
		    used == 0 ? "" : ", ", words->word);
		pk_nearest_offer(&nearest, pk_span_of(words->word));
	}
	if (nearest.best.ptr != NULL)
		snprintf(hint, sizeof(hint), " (did you mean '%.*s'?)",
		    PK_SPAN_ARG(nearest.best));
	complain(parser, node, "%s%s: '%.*s' is not one of %s%s", parser->prefix,
	    key->path, PK_SPAN_ARG(shown(node->text)), list, hint);
}

static void
complain_of_range(const struct pk_parser *parser, const struct pk_key *key,
    const struct pk_value_info *info, const struct pk_yaml *node)
{
	struct pk_span text = shown(node->text);

	if (info->storage == PK_STORED_TEXT)
		complain(parser, node, "%s%s: longer than %s bytes", parser->prefix,
		    key->path, key->max);
	else if (strcmp(key->min, key->max) == 0)
		complain(parser, node, "%s%s: '%.*s' is not known here (want %s)",
		    parser->prefix, key->path, PK_SPAN_ARG(text), key->min);
	else
		complain(parser, node, "%s%s: '%.*s' is out of range (%s to %s)",
		    parser->prefix, key->path, PK_SPAN_ARG(text), key->min, key->max);
}

/* One scalar, of the key itself or of the list that it is. */
static int
parse_scalar(const struct pk_parser *parser, const struct pk_key *key,
    enum pk_value_type type, const struct pk_yaml *node, void *ret_field)
{
	const struct pk_value_info *info = pk_value_info(type);
	bool single = type == key->type;
	int r = -EBADMSG;

	if (node->broken)
		return -EBADMSG;
	if (node->kind == PK_YAML_TEXT && !node->empty)
		r = pk_value_parse(parser->loader->arena, type, node->text,
		    single ? key->min : "", single ? key->max : "", ret_field);
	if (r == 0 || r == -ENOMEM)
		return r;
	if (node->empty)
		complain(parser, node, "%s%s: has no value (want e.g. %s)",
		    parser->prefix, key->path, info->examples);
	else if (node->kind != PK_YAML_TEXT)
		complain(parser, node, "%s%s: %s is not %s %s (want e.g. %s)",
		    parser->prefix, key->path, pk_yaml_kind_name(node),
		    article_of(info->name), info->name, info->examples);
	else if (r == -EPERM)
		complain(parser, node, "%s%s: a URL cannot hold a user name here",
		    parser->prefix, key->path);
	else if (r == -ERANGE && single)
		complain_of_range(parser, key, info, node);
	else if (info->words != NULL)
		complain_of_words(parser, key, node, info->words);
	else
		complain(parser, node, "%s%s: '%.*s' is not %s %s (want e.g. %s)",
		    parser->prefix, key->path, PK_SPAN_ARG(shown(node->text)),
		    article_of(info->name), info->name, info->examples);
	return -EBADMSG;
}

static bool
check_count(const struct pk_parser *parser, const struct pk_key *key,
    const struct pk_yaml *node)
{
	long min = strtol(key->min, NULL, 10), max = strtol(key->max, NULL, 10);

	if ((long)node->n >= min && (long)node->n <= max)
		return true;
	complain(parser, node, "%s%s: %zu items are out of range (%s to %s)",
	    parser->prefix, key->path, node->n, key->min, key->max);
	return false;
}

static int
parse_list(const struct pk_parser *parser, const struct pk_key *key,
    const struct pk_value_info *info, const struct pk_yaml *node, void *ret_field)
{
	bool numbers = info->storage == PK_STORED_NUMBERS;
	size_t size = numbers ? sizeof(int64_t) : sizeof(struct pk_span);
	bool good = true;

	if (node->kind != PK_YAML_LIST) {
		complain(parser, node, "%s%s: %s is not a list (want e.g. %s)",
		    parser->prefix, key->path, pk_yaml_kind_name(node), info->examples);
		return -EBADMSG;
	}
	if (!check_count(parser, key, node))
		return -EBADMSG;
	char *items = pk_arena_calloc(parser->loader->arena, node->n + 1, size);
	if (items == NULL)
		return -ENOMEM;
	size_t n = 0;
	for (const struct pk_yaml *i = node->first; i != NULL; i = i->next, n++) {
		int r = parse_scalar(parser, key, info->item, i, items + n * size);
		if (r == -ENOMEM)
			return r;
		good &= r == 0;
	}
	if (!good)
		return -EBADMSG;
	if (numbers)
		*(struct pk_config_numbers *)ret_field =
		    (struct pk_config_numbers){ (const int64_t *)(void *)items, n };
	else
		*(struct pk_config_texts *)ret_field =
		    (struct pk_config_texts){ (const struct pk_span *)(void *)items,
			    n };
	return 0;
}

/* A field name (RFC 9110, section 5.1) that a person may set. */
static bool
header_name_is_good(struct pk_span name)
{
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = (unsigned char)name.ptr[i];
		if (c <= ' ' || c >= 0x7f || strchr("\"(),/:;<=>?@[\\]{}", c) != NULL)
			return false;
	}
	for (size_t i = 0; i < PK_COUNT(reserved_headers); i++) {
		if (pk_span_eq_nocase(name, pk_span_of(reserved_headers[i])))
			return false;
	}
	return name.len > 0 && name.len <= 64;
}

static int
parse_header(const struct pk_parser *parser, const struct pk_key *key,
    const struct pk_yaml *node, struct pk_config_header *ret_header)
{
	struct pk_arena *arena = parser->loader->arena;

	if (node->broken)
		return -EBADMSG;
	if (!header_name_is_good(node->key->text)) {
		complain(parser, node->key,
		    "%s%s: '%.*s' is not a field that can be set", parser->prefix,
		    key->path, PK_SPAN_ARG(shown(node->key->text)));
		return -EBADMSG;
	}
	int r = node->kind != PK_YAML_TEXT || node->empty
		    ? -EBADMSG
		    : pk_value_parse(arena, PK_VALUE_TEXT, node->text, "1", "1000",
			  &ret_header->value);
	if (r == -EBADMSG || r == -ERANGE) {
		complain(parser, node, "%s%s: the value of %.*s is not a line of text",
		    parser->prefix, key->path, PK_SPAN_ARG(node->key->text));
		return -EBADMSG;
	}
	if (r == 0)
		ret_header->name = pk_arena_copy(arena, node->key->text);
	return r == 0 && ret_header->name.ptr == NULL ? -ENOMEM : r;
}

static int
parse_headers(const struct pk_parser *parser, const struct pk_key *key,
    const struct pk_yaml *node, struct pk_config_headers *ret_headers)
{
	if (node->kind != PK_YAML_MAPPING) {
		complain(parser, node, "%s%s: %s is not a mapping (want e.g. %s)",
		    parser->prefix, key->path, pk_yaml_kind_name(node),
		    pk_value_info(key->type)->examples);
		return -EBADMSG;
	}
	if (!check_count(parser, key, node))
		return -EBADMSG;
	struct pk_config_header *items =
	    pk_arena_calloc(parser->loader->arena, node->n + 1, sizeof(*items));
	if (items == NULL)
		return -ENOMEM;
	size_t n = 0;
	for (const struct pk_yaml *i = node->first; i != NULL; i = i->next, n++) {
		int r = parse_header(parser, key, i, &items[n]);
		if (r < 0)
			return r;
	}
	*ret_headers = (struct pk_config_headers){ items, n };
	return 0;
}

/* `publisher: irna` or `publisher: "ایرنا"`; the mapping is a section like others. */
static int
parse_publisher(const struct pk_parser *parser, const struct pk_key *key,
    const struct pk_yaml *node, struct pk_publisher *ret_publisher)
{
	struct pk_arena *arena = parser->loader->arena;

	if (node->kind == PK_YAML_TEXT && pk_value_is_id(node->text))
		return pk_value_parse(
		    arena, PK_VALUE_ID, node->text, "", "", &ret_publisher->id);
	int r = node->kind != PK_YAML_TEXT || node->empty
		    ? -EBADMSG
		    : pk_value_parse(arena, PK_VALUE_TEXT, node->text, "1", "200",
			  &ret_publisher->native);
	if (r == -EBADMSG || r == -ERANGE)
		complain(parser, node, "%s%s: not a publisher (want e.g. %s)",
		    parser->prefix, key->path, pk_value_info(key->type)->examples);
	return r;
}

static int
parse_value(const struct pk_parser *parser, const struct pk_key *key,
    const struct pk_yaml *node)
{
	const struct pk_value_info *info = pk_value_info(key->type);
	void *field = pk_key_field(key, parser->object);

	if (key->type == PK_VALUE_PUBLISHER)
		return parse_publisher(parser, key, node, field);
	if (info->storage == PK_STORED_TREE)
		return 0; /* the loader takes it from `given` */
	if (info->item == PK_VALUE_NONE && info->storage != PK_STORED_HEADERS)
		return parse_scalar(parser, key, key->type, node, field);
	if (node->empty)
		return 0;
	if (info->storage == PK_STORED_HEADERS)
		return parse_headers(parser, key, node, field);
	return parse_list(parser, key, info, node, field);
}

/* The part of a path right below a section ("poll." -> "interval"), or absent. */
static struct pk_span
key_below(const struct pk_key *key, struct pk_span section)
{
	struct pk_span path = pk_span_of(key->path);

	if (!pk_span_starts_with(path, section))
		return (struct pk_span){ NULL, 0 };
	struct pk_span rest = pk_span_slice(path, section.len, path.len);
	return pk_span_split(&rest, '.');
}

/* "feeds[].publisher", "poll", or "" for the whole of the first file. */
static const char *
section_name(const struct pk_parser *parser, struct pk_span section, char ret_name[160])
{
	int len =
	    snprintf(ret_name, 160, "%s%.*s", parser->prefix, PK_SPAN_ARG(section));

	if (len > 0 && ret_name[len - 1] == '.')
		ret_name[len - 1] = '\0';
	return ret_name;
}

static void
complain_of_key(
    const struct pk_parser *parser, struct pk_span section, const struct pk_yaml *node)
{
	struct pk_nearest nearest = pk_nearest_to(node->text);
	char name[160], hint[96] = "";

	for (size_t i = 0; i < parser->keys->n; i++) {
		const struct pk_key *key = &parser->keys->items[i];
		struct pk_span candidate = key_below(key, section);
		if (candidate.len > 0 && (!parser->defaults || key->in_defaults))
			pk_nearest_offer(&nearest, candidate);
	}
	if (nearest.best.ptr != NULL)
		snprintf(hint, sizeof(hint), " (did you mean '%.*s'?)",
		    PK_SPAN_ARG(nearest.best));
	section_name(parser, section, name);
	complain(parser, node, "unknown key '%.*s'%s%s%s",
	    PK_SPAN_ARG(shown(node->text)), *name == '\0' ? "" : " in ", name, hint);
}

static bool
is_section(const struct pk_keys *keys, struct pk_span path)
{
	for (size_t i = 0; i < keys->n; i++) {
		struct pk_span other = pk_span_of(keys->items[i].path);
		if (other.len > path.len && other.ptr[path.len] == '.' &&
		    pk_span_starts_with(other, path))
			return true;
	}
	return false;
}

static int parse_section(const struct pk_parser *parser, struct pk_span section,
    const struct pk_yaml *mapping);

static int
note_key(const struct pk_parser *parser, const struct pk_key *key,
    const struct pk_yaml *value)
{
	if (parser->defaults && !key->in_defaults) {
		complain(parser, value->key, "%s: '%s' is a matter of each feed",
		    "groups[].defaults", key->path);
		return -EBADMSG;
	}
	if (parser->given != NULL)
		parser->given->nodes[key - parser->keys->items] = value;
	/* Nothing of an inherited publisher stays. */
	if (key->type == PK_VALUE_PUBLISHER)
		memset(
		    pk_key_field(key, parser->object), 0, sizeof(struct pk_publisher));
	return 0;
}

static int
parse_pair(
    const struct pk_parser *parser, struct pk_span section, const struct pk_yaml *value)
{
	char path[160];
	int len = snprintf(path, sizeof(path), "%.*s%.*s", PK_SPAN_ARG(section),
	    PK_SPAN_ARG(value->key->text));
	struct pk_span whole = { path, (size_t)len };

	if (value->key->broken)
		return 0;
	/* A dot in a key is no way into a section. */
	bool fits = whole.len + 2 < sizeof(path) &&
		    memchr(value->key->text.ptr, '.', value->key->text.len) == NULL;
	const struct pk_key *key = fits ? pk_key_find(parser->keys, whole) : NULL;
	bool opens = fits && is_section(parser->keys, whole);

	if (key == NULL && !opens) {
		complain_of_key(parser, section, value->key);
		return 0;
	}
	if (value->broken || (key != NULL && note_key(parser, key, value) < 0))
		return 0;
	if (key != NULL && !(opens && value->kind == PK_YAML_MAPPING)) {
		int r = parse_value(parser, key, value);
		return r == -ENOMEM ? r : 0;
	}
	path[whole.len++] = '.';
	return parse_section(parser, whole, value);
}

static int
parse_section(const struct pk_parser *parser, struct pk_span section,
    const struct pk_yaml *mapping)
{
	if (mapping->empty || mapping->broken)
		return 0;
	if (mapping->kind != PK_YAML_MAPPING) {
		char name[160];
		section_name(parser, section, name);
		complain(parser, mapping, "%s: %s is not a mapping of keys",
		    *name == '\0' ? "the file" : name, pk_yaml_kind_name(mapping));
		return 0;
	}
	for (const struct pk_yaml *v = mapping->first; v != NULL; v = v->next) {
		int r = parse_pair(parser, section, v);
		if (r < 0)
			return r;
	}
	return 0;
}

int
pk_parse_mapping(const struct pk_parser *parser, const struct pk_yaml *mapping)
{
	assert(parser->keys->n <= PK_KEYS_MAX);
	return parse_section(parser, PK_SPAN(""), mapping);
}

const struct pk_yaml *
pk_given_node(
    const struct pk_given *given, const struct pk_keys *keys, const char *path)
{
	const struct pk_key *key = pk_key_find(keys, pk_span_of(path));

	assert(key != NULL);
	return given->nodes[key - keys->items];
}

/* "- default" of every key, a line each: the defaults are YAML, as in a file. */
static int
write_defaults(struct pk_arena *arena, struct pk_span *ret_text)
{
	struct pk_buf buf;
	int r = 0;

	pk_buf_init(&buf, 0);
	for (size_t i = 0; i < pk_config_keys.n && r == 0; i++)
		r = pk_buf_printf(&buf, "- %s\n", pk_config_keys.items[i].fallback);
	if (r == 0)
		*ret_text = pk_arena_copy(arena, pk_buf_span(&buf));
	pk_buf_done(&buf);
	return r == 0 && ret_text->ptr == NULL ? -ENOMEM : r;
}

int
pk_parse_defaults(struct pk_loader *loader)
{
	struct pk_source source = { .name = PK_SPAN("config/options.def") };
	struct pk_parser parser = {
		.loader = loader,
		.source = &source,
		.keys = &pk_config_keys,
		.prefix = "",
		.object = loader->config,
	};
	struct pk_yaml *list = NULL;
	int r = write_defaults(loader->scratch, &source.text);

	if (r == 0)
		r = pk_yaml_parse(loader->scratch, &source, loader->report, &list);
	if (r < 0)
		return r;
	/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): 0 gives a list */
	assert(list->n == pk_config_keys.n);
	const struct pk_yaml *value = list->first;
	for (size_t i = 0; i < pk_config_keys.n && r == 0; i++) {
		r = parse_value(&parser, &pk_config_keys.items[i], value);
		value = value->next;
	}
	return r;
}
