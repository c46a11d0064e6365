/* SPDX-License-Identifier: Apache-2.0 */
#include "base/html_entity.h"

#include "base/charset.h"
#include "base/cleanup.h"
#include "base/utf8.h"

static const struct entity {
	const char *name;
	uint32_t points[2];
} entities[] = {
#define ENTITY(name, first, second) { name, { first, second } },
#include "base/html_entity.def"
#undef ENTITY
};

static int
compare_name(const void *key, const void *item)
{
	const struct pk_span *name = key;
	const struct entity *entity = item;
	int order = strncmp(name->ptr, entity->name, name->len);

	return order != 0 ? order : -(entity->name[name->len] != '\0');
}

size_t
pk_html_entity(struct pk_span name, uint32_t ret_points[static 2])
{
	if (name.len == 0 || name.len > PK_HTML_ENTITY_NAME_MAX ||
	    memchr(name.ptr, '\0', name.len) != NULL)
		return 0;
	const struct entity *found = bsearch(
	    &name, entities, PK_COUNT(entities), sizeof(entities[0]), compare_name);
	if (found == NULL)
		return 0;
	ret_points[0] = found->points[0];
	ret_points[1] = found->points[1];
	return found->points[1] == 0 ? 1 : 2;
}

static int
digit_value(char c, uint32_t base)
{
	int value = -1;

	if (c >= '0' && c <= '9')
		value = c - '0';
	else if (base == 16 && c >= 'a' && c <= 'f')
		value = c - 'a' + 10;
	else if (base == 16 && c >= 'A' && c <= 'F')
		value = c - 'A' + 10;
	return value;
}

/* Reads "&#1587;" or "&#x633;" as it stands. Returns the bytes it takes, or 0. */
static size_t
read_number(struct pk_span text, uint32_t *ret_point)
{
	uint32_t base = 10, point = 0;
	size_t at = 2;

	if (text.len < 3 || text.ptr[1] != '#')
		return 0;
	if (text.ptr[2] == 'x' || text.ptr[2] == 'X') {
		base = 16;
		at = 3;
	}
	size_t first = at;
	for (; at < text.len && digit_value(text.ptr[at], base) >= 0; at++) {
		if (point <= 0x10FFFF) /* else it is far too big already */
			point =
			    point * base + (uint32_t)digit_value(text.ptr[at], base);
	}
	if (at == first)
		return 0;
	*ret_point = point;
	return at + (at < text.len && text.ptr[at] == ';');
}

static uint32_t
repair_point(uint32_t point)
{
	if (point >= 0x80 && point <= 0x9F)
		return pk_windows_1252[point - 0x80]; /* HTML Standard, 13.2.5.80 */
	if (point == 0 || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
		return PK_UTF8_REPLACEMENT;
	return point;
}

size_t
pk_html_reference(struct pk_span text, uint32_t ret_points[static 2], size_t *ret_count)
{
	uint32_t point, low;
	size_t len = read_number(text, &point);

	if (len > 0) {
		*ret_count = 1;
		if (point >= 0xD800 && point <= 0xDBFF) {
			size_t more =
			    read_number(pk_span_slice(text, len, text.len), &low);
			if (more > 0 && low >= 0xDC00 && low <= 0xDFFF) {
				ret_points[0] =
				    0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
				return len + more;
			}
		}
		ret_points[0] = repair_point(point);
		return len;
	}
	struct pk_span name = pk_span_slice(text, 1, PK_HTML_ENTITY_NAME_MAX + 2);
	const char *end = name.len == 0 ? NULL : memchr(name.ptr, ';', name.len);
	if (end == NULL)
		return 0;
	name.len = (size_t)(end - name.ptr);
	*ret_count = pk_html_entity(name, ret_points);
	return *ret_count == 0 ? 0 : name.len + 2;
}
