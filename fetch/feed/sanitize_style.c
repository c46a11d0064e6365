/* SPDX-License-Identifier: Apache-2.0 */
/* Which declarations of a style attribute may stay. */
#include "fetch/feed/sanitize_priv.h"

#include "base/cleanup.h"

/* "#0af", "12px", "1.5", "0%"; not "99999em", which pushes a page apart. */
static bool
is_measure(struct pk_span word)
{
	static const char *const units[] = { "", "cm", "em", "ex", "in", "mm", "pc",
		"pt", "px", "%", "rem" };
	size_t at = 0, digits = 0;

	if (word.ptr[0] == '#') {
		for (at = 1; at < word.len; at++) {
			char c = pk_ascii_lower(word.ptr[at]);
			if (!is_digit(c) && (c < 'a' || c > 'f'))
				return false;
		}
		return word.len > 1;
	}
	while (at < word.len && is_digit(word.ptr[at]))
		at++;
	digits = at;
	if (at < word.len && word.ptr[at] == '.') {
		size_t dot = at++;
		while (at < word.len && is_digit(word.ptr[at]))
			at++;
		if (at - dot > 3)
			return false;
	}
	if (digits > 2 || at == 0)
		return false;
	struct pk_span unit = pk_span_slice(word, at, word.len);
	for (size_t i = 0; i < PK_COUNT(units); i++) {
		if (pk_span_eq_nocase(unit, pk_span_of(units[i])))
			return true;
	}
	return false;
}

/* The length of "rgb(1, 2, 3)" at the beginning of a text, or 0. */
static size_t
colour_length(struct pk_span text)
{
	static const char *const functions[] = { "rgb(", "rgba(", "hsl(", "hsla(" };
	size_t at = 0;

	for (size_t i = 0; i < PK_COUNT(functions) && at == 0; i++) {
		struct pk_span name = pk_span_of(functions[i]);
		if (pk_span_starts_with_nocase(text, name))
			at = name.len;
	}
	if (at == 0)
		return 0;
	while (at < text.len &&
	       (is_digit(text.ptr[at]) || text.ptr[at] == '.' || text.ptr[at] == ',' ||
		   text.ptr[at] == '%' || text.ptr[at] == ' '))
		at++;
	return at < text.len && text.ptr[at] == ')' ? at + 1 : 0;
}

/* Words, numbers, colours, quoted names: nothing that calls, loads or escapes. */
static bool
is_safe_value(struct pk_span value)
{
	for (size_t at = 0; at < value.len;) {
		struct pk_span rest = pk_span_slice(value, at, value.len);
		unsigned char c = (unsigned char)rest.ptr[0];
		size_t colour =
		    at == 0 || !is_letter(value.ptr[at - 1]) ? colour_length(rest) : 0;
		if (colour > 0) {
			at += colour;
		} else if (c == '"' || c == '\'') {
			size_t len = 1;
			while (
			    len < rest.len &&
			    (rest.ptr[len] == ' ' || rest.ptr[len] == '-' ||
				rest.ptr[len] == '_' || is_letter(rest.ptr[len]) ||
				is_digit(rest.ptr[len]) || (rest.ptr[len] & 0x80) != 0))
				len++;
			if (len == rest.len || (unsigned char)rest.ptr[len] != c)
				return false;
			at += len + 1;
		} else if (is_letter((char)c) || is_digit((char)c) ||
			   (c != '\0' && strchr(" #%.,!-+/", c) != NULL)) {
			at++;
		} else {
			return false;
		}
	}
	return true;
}

static bool
is_safe_words(struct pk_span value)
{
	while (value.len > 0) {
		size_t len = colour_length(value);
		if (len == 0) {
			while (len < value.len && value.ptr[len] != ' ')
				len++;
			struct pk_span word = pk_span_slice(value, 0, len);
			if ((pk_sanitize_name(word)->roles & STYLE_WORD) == 0 &&
			    !is_measure(word))
				return false;
		}
		value = pk_span_trim(pk_span_slice(value, len, value.len));
	}
	return true;
}

static bool
is_property(struct pk_span text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (!is_letter(text.ptr[i]) && text.ptr[i] != '-')
			return false;
	}
	return text.len > 0;
}

bool
pk_style_is_safe(struct pk_span property, struct pk_span value)
{
	static const char *const families[] = { "background", "border", "margin",
		"padding" };

	if (!is_property(property) || value.len == 0 || !is_safe_value(value))
		return false;
	if ((pk_sanitize_name(property)->roles & STYLE) != 0)
		return true;
	for (size_t i = 0; i < PK_COUNT(families); i++) {
		struct pk_span family = pk_span_of(families[i]);
		if (pk_span_starts_with_nocase(property, family) &&
		    (property.len == family.len || property.ptr[family.len] == '-'))
			return is_safe_words(value);
	}
	return false;
}
