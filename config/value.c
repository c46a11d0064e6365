/* SPDX-License-Identifier: Apache-2.0 */
#include "config/value.h"

#include "base/selector.h"
#include "base/url.h"
#include "base/utf8.h"
#include "config/snapshot.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <sys/un.h>

struct unit {
	const char *suffix;
	int64_t factor;
};

/* From the largest, so that writing finds the shortest form. */
static const struct unit duration_units[] = {
	{ "d", INT64_C(86400000) },
	{ "h", INT64_C(3600000) },
	{ "m", INT64_C(60000) },
	{ "s", INT64_C(1000) },
	{ "ms", INT64_C(1) },
};
static const struct unit size_units[] = {
	{ "GiB", INT64_C(1) << 30 },
	{ "MiB", INT64_C(1) << 20 },
	{ "KiB", INT64_C(1) << 10 },
	{ "B", INT64_C(1) },
};
static const struct unit percent_units[] = { { "%", 1 } };
static const struct unit count_units[] = { { "", 1 } };

static const struct pk_value_word log_levels[] = {
	{ "error", PK_ERROR },
	{ "warning", PK_WARN },
	{ "notice", PK_NOTICE },
	{ "info", PK_INFO },
	{ "debug", PK_DEBUG },
	{ NULL, 0 },
};
static const struct pk_value_word syncs[] = {
	{ "full", PK_CONFIG_SYNC_FULL },
	{ "normal", PK_CONFIG_SYNC_NORMAL },
	{ NULL, 0 },
};
static const struct pk_value_word accesses[] = {
	{ "deny", PK_CONFIG_DENY },
	{ "allow", PK_CONFIG_ALLOW },
	{ NULL, 0 },
};

/* Words are stored through an int, whichever enum the field has. */
_Static_assert(sizeof(enum pk_log_level) == sizeof(int), "enums have the size of int");
_Static_assert(
    sizeof(enum pk_config_access) == sizeof(int), "enums have the size of int");
_Static_assert(
    sizeof(enum pk_config_sync) == sizeof(int), "enums have the size of int");

/* Digits and one of the units, nothing between them and no sign. */
static int
parse_with_unit(
    struct pk_span text, const struct unit *units, size_t n_units, int64_t *ret_value)
{
	size_t digits = 0;
	int64_t n;

	while (digits < text.len && text.ptr[digits] >= '0' && text.ptr[digits] <= '9')
		digits++;
	if (digits == 0)
		return -EBADMSG;
	struct pk_span suffix = pk_span_slice(text, digits, text.len);
	for (size_t i = 0; i < n_units; i++) {
		if (!pk_span_eq(suffix, pk_span_of(units[i].suffix)))
			continue;
		if (pk_span_to_int64(pk_span_slice(text, 0, digits), &n) < 0 ||
		    __builtin_mul_overflow(n, units[i].factor, &n))
			return -ERANGE;
		*ret_value = n;
		return 0;
	}
	return -EBADMSG;
}

/* The largest unit that leaves no rest; for nothing, the one people write: 0s, 0B. */
static const struct unit *
unit_for(int64_t value, const struct unit *units, size_t n_units)
{
	const struct unit *unit = units;

	while (
	    unit < units + n_units - 1 &&
	    (value == 0 ? strcmp(unit->suffix, "s") != 0 : value % unit->factor != 0))
		unit++;
	return unit;
}

static int
write_with_unit(
    int64_t value, const struct unit *units, size_t n_units, struct pk_buf *buf)
{
	const struct unit *unit = unit_for(value, units, n_units);

	return pk_buf_printf(buf, "%" PRId64 "%s", value / unit->factor, unit->suffix);
}

static int
parse_duration(struct pk_arena *arena, struct pk_span text, void *ret_field)
{
	(void)arena;
	return parse_with_unit(
	    text, duration_units, PK_COUNT(duration_units), ret_field);
}

static int
parse_size(struct pk_arena *arena, struct pk_span text, void *ret_field)
{
	(void)arena;
	return parse_with_unit(text, size_units, PK_COUNT(size_units), ret_field);
}

static int
parse_percent(struct pk_arena *arena, struct pk_span text, void *ret_field)
{
	(void)arena;
	return parse_with_unit(text, percent_units, PK_COUNT(percent_units), ret_field);
}

static int
parse_count(struct pk_arena *arena, struct pk_span text, void *ret_field)
{
	(void)arena;
	return parse_with_unit(text, count_units, PK_COUNT(count_units), ret_field);
}

static int
parse_port(struct pk_arena *arena, struct pk_span text, void *ret_field)
{
	int64_t port;
	int r = parse_count(arena, text, &port);

	if (r < 0)
		return r;
	if (port < 1 || port > 65535)
		return -EBADMSG;
	*(int64_t *)ret_field = port;
	return 0;
}

static int
parse_flag(struct pk_arena *arena, struct pk_span text, void *ret_field)
{
	(void)arena;
	if (!pk_span_eq(text, PK_SPAN("true")) && !pk_span_eq(text, PK_SPAN("false")))
		return -EBADMSG;
	*(bool *)ret_field = text.len == 4;
	return 0;
}

static int
store_text(struct pk_arena *arena, struct pk_span text, void *ret_field)
{
	struct pk_span copy = { NULL, 0 };

	if (text.len > 0) {
		copy = pk_arena_copy(arena, text);
		if (copy.ptr == NULL)
			return -ENOMEM;
	}
	memcpy(ret_field, &copy, sizeof(copy));
	return 0;
}

static bool
has_control(struct pk_span text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7f)
			return true;
	}
	return false;
}

static int
parse_text(struct pk_arena *arena, struct pk_span text, void *ret_field)
{
	return has_control(text) ? -EBADMSG : store_text(arena, text, ret_field);
}

/* "auto", or a list of selectors, which the reader of pages reads anew. */
static int
parse_links(struct pk_arena *arena, struct pk_span text, void *ret_field)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *scratch = pk_arena_new(64 << 10);
	struct pk_selector_list list;
	const char *want;
	size_t at;

	if (scratch == NULL)
		return -ENOMEM;
	if (has_control(text))
		return -EBADMSG;
	int r = pk_span_eq(text, PK_SPAN("auto"))
		    ? 0
		    : pk_selector_parse(scratch, text, &list, &at, &want);
	if (r < 0)
		return r == -ENOMEM ? r : -EBADMSG;
	return store_text(arena, text, ret_field);
}

static int
parse_path(struct pk_arena *arena, struct pk_span text, void *ret_field)
{
	if (has_control(text) || (text.len > 0 && text.ptr[0] != '/'))
		return -EBADMSG;
	return store_text(arena, text, ret_field);
}

/* A file, or the name of a credential of systemd. */
static int
parse_secret(struct pk_arena *arena, struct pk_span text, void *ret_field)
{
	const struct pk_span credential = PK_SPAN("credential:");

	if (!pk_span_starts_with(text, credential))
		return parse_path(arena, text, ret_field);
	struct pk_span name = pk_span_slice(text, credential.len, text.len);
	if (has_control(name) || name.len == 0 ||
	    memchr(name.ptr, '/', name.len) != NULL || name.ptr[0] == '.')
		return -EBADMSG;
	return store_text(arena, text, ret_field);
}

bool
pk_value_is_id(struct pk_span text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-')
			return false;
	}
	return text.len >= 1 && text.len <= 32;
}

static int
parse_id(struct pk_arena *arena, struct pk_span text, void *ret_field)
{
	return pk_value_is_id(text) ? store_text(arena, text, ret_field) : -EBADMSG;
}

static bool
all_between(struct pk_span text, char first, char last)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < first || text.ptr[i] > last)
			return false;
	}
	return true;
}

static int
parse_lang(struct pk_arena *arena, struct pk_span text, void *ret_field)
{
	if (text.len < 2 || text.len > 3 || !all_between(text, 'a', 'z'))
		return -EBADMSG;
	return store_text(arena, text, ret_field);
}

static int
parse_country(struct pk_arena *arena, struct pk_span text, void *ret_field)
{
	if (text.len != 3 || !all_between(text, 'A', 'Z'))
		return -EBADMSG;
	return store_text(arena, text, ret_field);
}

/* Without a user name: a password would end up in logs and records. */
static int
parse_url(struct pk_arena *arena, struct pk_span text, void *ret_field)
{
	struct pk_span url;

	if (text.len == 0) /* where the range allows it: none */
		return store_text(arena, text, ret_field);
	int r = pk_url_resolve(arena, (struct pk_span){ NULL, 0 }, text, &url);
	if (r == -ENOMEM)
		return r;
	if (r < 0)
		return -EBADMSG;
	size_t authority = pk_span_find(url, PK_SPAN("://"), 0) + 3;
	for (size_t i = authority; i < url.len; i++) {
		if (url.ptr[i] == '/' || url.ptr[i] == '?' || url.ptr[i] == '#')
			break;
		if (url.ptr[i] == '@')
			return -EPERM;
	}
	return store_text(arena, url, ret_field);
}

/* inet_pton(3) of a span; `bytes` has room for any address. */
static bool
parse_address(int family, struct pk_span text, unsigned char bytes[static 16])
{
	char copy[INET6_ADDRSTRLEN];

	if (text.len >= sizeof(copy) || text.len == 0 ||
	    memchr(text.ptr, '\0', text.len) != NULL)
		return false;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	return inet_pton(family, copy, bytes) == 1;
}

static int
parse_cidr(struct pk_arena *arena, struct pk_span text, void *ret_field)
{
	size_t slash = pk_span_find(text, PK_SPAN("/"), 0);
	struct pk_span bits = pk_span_slice(text, slash + 1, text.len);
	unsigned char bytes[16];
	int64_t n;

	if (slash == SIZE_MAX || parse_count(arena, bits, &n) < 0)
		return -EBADMSG;
	struct pk_span address = pk_span_slice(text, 0, slash);
	if (!(n <= 32 && parse_address(AF_INET, address, bytes)) &&
	    !(n <= 128 && parse_address(AF_INET6, address, bytes)))
		return -EBADMSG;
	return store_text(arena, text, ret_field);
}

/* The two halves of ADDRESS:PORT, the brackets of IPv6 taken off. */
static bool
split_port(struct pk_span rest, int *ret_family, struct pk_span *ret_address,
    struct pk_span *ret_port)
{
	size_t colon = rest.len;

	while (colon > 0 && rest.ptr[colon - 1] != ':')
		colon--;
	if (colon == 0)
		return false;
	struct pk_span address = pk_span_slice(rest, 0, colon - 1);
	*ret_family = AF_INET;
	if (address.len > 2 && address.ptr[0] == '[' &&
	    address.ptr[address.len - 1] == ']') {
		address = pk_span_slice(address, 1, address.len - 1);
		*ret_family = AF_INET6;
	}
	*ret_address = address;
	*ret_port = pk_span_slice(rest, colon, rest.len);
	return true;
}

/* The same of tcp://ADDRESS:PORT. */
static bool
split_tcp(struct pk_span endpoint, int *ret_family, struct pk_span *ret_address,
    struct pk_span *ret_port)
{
	return pk_span_starts_with(endpoint, PK_SPAN("tcp://")) &&
	       split_port(pk_span_slice(endpoint, 6, endpoint.len), ret_family,
		   ret_address, ret_port);
}

/* Port 0 is any free one. */
static int
parse_host_port(struct pk_arena *arena, struct pk_span text, void *ret_field)
{
	struct pk_span address, port;
	unsigned char bytes[16];
	int family;
	int64_t n;

	if (!split_port(text, &family, &address, &port) ||
	    !parse_address(family, address, bytes) ||
	    (!pk_span_eq(port, PK_SPAN("0")) && parse_port(arena, port, &n) < 0))
		return -EBADMSG;
	return store_text(arena, text, ret_field);
}

static int
parse_endpoint(struct pk_arena *arena, struct pk_span text, void *ret_field)
{
	struct pk_span address, port;
	unsigned char bytes[16];
	int family;
	int64_t n;

	if (has_control(text))
		return -EBADMSG;
	if (pk_span_starts_with(text, PK_SPAN("ipc:///"))) {
		size_t room = sizeof(((struct sockaddr_un *)NULL)->sun_path);
		if (text.len == 7 || text.len - 6 >= room)
			return -EBADMSG;
		return store_text(arena, text, ret_field);
	}
	if (!split_tcp(text, &family, &address, &port))
		return -EBADMSG;
	if (!pk_span_eq(address, PK_SPAN("*")) &&
	    !parse_address(family, address, bytes))
		return -EBADMSG;
	/* 0 and * stand for any free port. */
	if (!pk_span_eq(port, PK_SPAN("*")) && !pk_span_eq(port, PK_SPAN("0")) &&
	    parse_port(arena, port, &n) < 0)
		return -EBADMSG;
	return store_text(arena, text, ret_field);
}

bool
pk_value_is_local_endpoint(struct pk_span endpoint)
{
	static const unsigned char loopback6[16] = { [15] = 1 };
	struct pk_span address, port;
	unsigned char bytes[16];
	int family;

	if (pk_span_starts_with(endpoint, PK_SPAN("ipc://")))
		return true;
	if (!split_tcp(endpoint, &family, &address, &port) ||
	    !parse_address(family, address, bytes))
		return false;
	return family == AF_INET ? bytes[0] == 127 : memcmp(bytes, loopback6, 16) == 0;
}

#define parse_NULL NULL
static const struct pk_value_info infos[PK_VALUE_TYPES] = {
#define VALUE_INFO_(TYPE, name_, STORAGE, reader_, words_, ITEM, examples_)            \
	[PK_VALUE_##TYPE] = { .name = (name_),                                         \
		.examples = (examples_),                                               \
		.storage = PK_STORED_##STORAGE,                                        \
		.item = PK_VALUE_##ITEM,                                               \
		.words = (words_),                                                     \
		.parse = parse_##reader_ },
	PK_VALUES(VALUE_INFO_)
#undef VALUE_INFO_
};

const struct pk_value_info *
pk_value_info(enum pk_value_type type)
{
	return &infos[type];
}

static int
parse_word(const struct pk_value_word *words, struct pk_span text, void *ret_field)
{
	for (; words->word != NULL; words++) {
		if (pk_span_eq(text, pk_span_of(words->word))) {
			memcpy(ret_field, &words->value, sizeof(words->value));
			return 0;
		}
	}
	return -EBADMSG;
}

/* A limit of options.def: a value of the same type, or a plain number for lengths. */
static bool
within(
    const struct pk_value_info *info, int64_t value, const char *min, const char *max)
{
	int (*parse)(struct pk_arena *, struct pk_span, void *) =
	    info->storage == PK_STORED_NUMBER ? info->parse : parse_count;
	int64_t limit;

	if (*min != '\0' && parse(NULL, pk_span_of(min), &limit) == 0 && value < limit)
		return false;
	return *max == '\0' || parse(NULL, pk_span_of(max), &limit) != 0 ||
	       value <= limit;
}

int
pk_value_parse(struct pk_arena *arena, enum pk_value_type type, struct pk_span text,
    const char *min, const char *max, void *ret_field)
{
	const struct pk_value_info *info = pk_value_info(type);
	int64_t number;
	int r;

	if (info->words != NULL)
		return parse_word(info->words, text, ret_field);
	assert(info->parse != NULL);
	if (info->storage == PK_STORED_NUMBER) {
		r = info->parse(arena, text, &number);
		if (r == 0 && !within(info, number, min, max))
			r = -ERANGE;
		if (r == 0)
			*(int64_t *)ret_field = number;
		return r;
	}
	if (info->storage == PK_STORED_TEXT &&
	    !within(info, (int64_t)text.len, min, max))
		return text.len == 0 ? -EBADMSG : -ERANGE;
	return info->parse(arena, text, ret_field);
}

bool
pk_value_present(enum pk_value_type type, const void *field)
{
	const struct pk_value_info *info = pk_value_info(type);

	switch (info->storage) {
	case PK_STORED_TEXT:
		return ((const struct pk_span *)field)->ptr != NULL;
	case PK_STORED_TEXTS:
		return ((const struct pk_config_texts *)field)->n > 0;
	case PK_STORED_NUMBERS:
		return ((const struct pk_config_numbers *)field)->n > 0;
	case PK_STORED_HEADERS:
		return ((const struct pk_config_headers *)field)->n > 0;
	case PK_STORED_NUMBER:
		return *(const int64_t *)field != 0;
	case PK_STORED_FLAG:
	case PK_STORED_WORD:
		return true;
	case PK_STORED_TREE:
		break;
	}
	return false;
}

static bool
texts_equal(const struct pk_config_texts *a, const struct pk_config_texts *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		if (!pk_span_eq(a->items[i], b->items[i]))
			return false;
	}
	return true;
}

static bool
headers_equal(const struct pk_config_headers *a, const struct pk_config_headers *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		if (!pk_span_eq(a->items[i].name, b->items[i].name) ||
		    !pk_span_eq(a->items[i].value, b->items[i].value))
			return false;
	}
	return true;
}

static bool
numbers_equal(const struct pk_config_numbers *a, const struct pk_config_numbers *b)
{
	return a->n == b->n &&
	       (a->n == 0 || memcmp(a->items, b->items, a->n * sizeof(*a->items)) == 0);
}

bool
pk_value_equal(enum pk_value_type type, const void *a, const void *b)
{
	switch (pk_value_info(type)->storage) {
	case PK_STORED_NUMBER:
		return *(const int64_t *)a == *(const int64_t *)b;
	case PK_STORED_FLAG:
		return *(const bool *)a == *(const bool *)b;
	case PK_STORED_WORD:
		return memcmp(a, b, sizeof(int)) == 0;
	case PK_STORED_TEXT:
		return pk_span_eq(
		    *(const struct pk_span *)a, *(const struct pk_span *)b);
	case PK_STORED_TEXTS:
		return texts_equal(a, b);
	case PK_STORED_NUMBERS:
		return numbers_equal(a, b);
	case PK_STORED_HEADERS:
		return headers_equal(a, b);
	case PK_STORED_TREE:
		break;
	}
	return true;
}

/* YAML's double-quoted style; what is not ASCII stands as it is. */
int
pk_value_write_text(struct pk_span text, struct pk_buf *buf)
{
	int r = pk_buf_append_char(buf, '"');

	for (size_t i = 0; i < text.len && r == 0; i++) {
		char c = text.ptr[i];
		if (c == '"' || c == '\\')
			r = pk_buf_append_char(buf, '\\');
		if (r == 0)
			r = pk_buf_append_char(buf, c);
	}
	return r < 0 ? r : pk_buf_append_char(buf, '"');
}

static int
write_number(enum pk_value_type type, int64_t number, struct pk_buf *buf)
{
	switch ((int)type) {
	case PK_VALUE_DURATION:
		return write_with_unit(
		    number, duration_units, PK_COUNT(duration_units), buf);
	case PK_VALUE_SIZE:
		return write_with_unit(number, size_units, PK_COUNT(size_units), buf);
	case PK_VALUE_PERCENT:
		return write_with_unit(
		    number, percent_units, PK_COUNT(percent_units), buf);
	default:
		return write_with_unit(number, count_units, PK_COUNT(count_units), buf);
	}
}

static int
write_word(const struct pk_value_word *words, const void *field, struct pk_buf *buf)
{
	int value;

	memcpy(&value, field, sizeof(value));
	while (words->word != NULL && words->value != value)
		words++;
	assert(words->word != NULL);
	return pk_buf_append(buf, pk_span_of(words->word));
}

static int
write_texts(const struct pk_config_texts *texts, struct pk_buf *buf)
{
	int r = pk_buf_append_char(buf, '[');

	for (size_t i = 0; i < texts->n && r == 0; i++) {
		if (i > 0)
			r = pk_buf_append(buf, PK_SPAN(", "));
		if (r == 0)
			r = pk_value_write_text(texts->items[i], buf);
	}
	return r < 0 ? r : pk_buf_append_char(buf, ']');
}

static int
write_numbers(enum pk_value_type item, const struct pk_config_numbers *numbers,
    struct pk_buf *buf)
{
	int r = pk_buf_append_char(buf, '[');

	for (size_t i = 0; i < numbers->n && r == 0; i++) {
		if (i > 0)
			r = pk_buf_append(buf, PK_SPAN(", "));
		if (r == 0)
			r = write_number(item, numbers->items[i], buf);
	}
	return r < 0 ? r : pk_buf_append_char(buf, ']');
}

static int
write_headers(const struct pk_config_headers *headers, struct pk_buf *buf)
{
	int r = pk_buf_append_char(buf, '{');

	for (size_t i = 0; i < headers->n && r == 0; i++) {
		if (i > 0)
			r = pk_buf_append(buf, PK_SPAN(", "));
		if (r == 0)
			r = pk_value_write_text(headers->items[i].name, buf);
		if (r == 0)
			r = pk_buf_append(buf, PK_SPAN(": "));
		if (r == 0)
			r = pk_value_write_text(headers->items[i].value, buf);
	}
	return r < 0 ? r : pk_buf_append_char(buf, '}');
}

int
pk_value_write(enum pk_value_type type, const void *field, struct pk_buf *buf)
{
	const struct pk_value_info *info = pk_value_info(type);

	switch (info->storage) {
	case PK_STORED_NUMBER:
		return write_number(type, *(const int64_t *)field, buf);
	case PK_STORED_FLAG:
		return pk_buf_append(
		    buf, *(const bool *)field ? PK_SPAN("true") : PK_SPAN("false"));
	case PK_STORED_WORD:
		return write_word(info->words, field, buf);
	case PK_STORED_TEXT:
		return pk_value_write_text(*(const struct pk_span *)field, buf);
	case PK_STORED_TEXTS:
		return write_texts(field, buf);
	case PK_STORED_NUMBERS:
		return write_numbers(info->item, field, buf);
	case PK_STORED_HEADERS:
		return write_headers(field, buf);
	case PK_STORED_TREE:
		break;
	}
	return 0;
}
