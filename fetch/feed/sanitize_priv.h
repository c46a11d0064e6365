/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/feed/sanitize_priv.h - what the files of the sanitizer share: the names of
 * elements, attributes and more with what may be done with them (sanitize.def), and the
 * judgement of styles.
 */
#ifndef PEYK_FETCH_FEED_SANITIZE_PRIV_H
#define PEYK_FETCH_FEED_SANITIZE_PRIV_H

#include "base/span.h"

/* The roles of a name, as the list has them. */
enum role {
	E_HTML = 1 << 0,
	E_VOID = 1 << 1,
	E_SILENT = 1 << 2,
	E_HIDDEN = 1 << 3,
	E_KNOWN = 1 << 4,
	E_MATH = 1 << 5,
	E_SVG = 1 << 6,
	A_HTML = 1 << 7,
	A_URL = 1 << 8,
	A_PICTURE = 1 << 9,
	A_MATH = 1 << 10,
	A_SVG = 1 << 11,
	STYLE = 1 << 12,
	STYLE_WORD = 1 << 13,
	SCHEME = 1 << 14,
	G_PARAGRAPH = 1 << 15,
	G_BLOCK = 1 << 16,
	G_LIST = 1 << 17,
	G_ITEM = 1 << 18,
	G_TERMS = 1 << 19,
	G_TERM = 1 << 20,
	G_TABLE = 1 << 21,
	G_ROWS = 1 << 22,
	G_ROW = 1 << 23,
	G_CELL = 1 << 24,
	G_SELECT = 1 << 25,
	G_OPTION = 1 << 26,
	G_RUBY = 1 << 27,
	G_RUBY_TEXT = 1 << 28,
	G_LINK = 1 << 29,
	G_SCOPE = 1 << 30,
};

#define E_ANY (E_HTML | E_VOID | E_SILENT | E_HIDDEN | E_KNOWN | E_MATH | E_SVG)

struct name {
	struct pk_span text; /* as it is written */
	uint32_t roles;
};

/* The name, whatever its case, or one without text and roles. Any thread. */
const struct name *pk_sanitize_name(struct pk_span text);

static inline bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* May a style say that? Both without blanks around them. */
bool pk_style_is_safe(struct pk_span property, struct pk_span value);

#endif
