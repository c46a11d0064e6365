/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/names.h - what the names in an HTML page mean: elements (tags.def)
 * and the words in class, id, itemprop and role (flags.def).
 *
 * The tables are built once, on first use; any thread.
 */
#ifndef PEYK_EXTRACT_ARTICLE_NAMES_H
#define PEYK_EXTRACT_ARTICLE_NAMES_H

#include "base/span.h"

enum pk_tag {
	PK_TAG_OTHER,
#define TAG(NAME, name, properties) PK_TAG_##NAME,
#define ALIAS(NAME, name, properties)
#include "extract/article/tags.def"
#undef ALIAS
#undef TAG
	PK_TAGS
};

static inline bool
pk_tag_is_heading(enum pk_tag tag)
{
	return tag >= PK_TAG_H1 && tag <= PK_TAG_H6;
}

enum pk_tag_property {
	PK_TAG_BLOCK = 1,
	PK_TAG_SILENT = 2,
	PK_TAG_FURNITURE = 4,
	PK_TAG_GUARDED = 8,
	PK_TAG_NOTICE = 16,
};

enum pk_hint {
	PK_HINT_NEG = 1 << 0,
	PK_HINT_COMMENT = 1 << 1,
	PK_HINT_SOFT = 1 << 2,
	PK_HINT_POS = 1 << 3,
	PK_HINT_WEAK = 1 << 4,
	PK_HINT_KICKER = 1 << 5,
	PK_HINT_LEAD = 1 << 6,
	PK_HINT_BYLINE = 1 << 7,
	PK_HINT_DATE = 1 << 8,
	PK_HINT_TAGS = 1 << 9,
	PK_HINT_CRUMB = 1 << 10,
	PK_HINT_TITLE = 1 << 11,
	PK_HINT_CLOCK = 1 << 12,
	PK_HINT_CAPTION = 1 << 13,
	PK_HINT_PAYWALL = 1 << 14,
	PK_HINT_NOTICE = 1 << 21,  /* cookies, scripts that are off */
	PK_HINT_GALLERY = 1 << 23, /* pictures, each with its text */
	PK_HINT_WHOLE =
	    1 << 22, /* inside names.c: the class is nothing but this name */
	/* Not from names: */
	PK_HINT_HIDDEN = 1 << 15,    /* not displayed */
	PK_HINT_FURNITURE = 1 << 16, /* nav, footer, role=banner ... */
	PK_HINT_GUARDED = 1 << 17,   /* form, figure, header ... */
	PK_HINT_BODY = 1 << 18,      /* itemprop=articleBody */
	PK_HINT_LINK = 1 << 19,      /* in a link */
	PK_HINT_SILENT = 1 << 20,    /* no text of the page */
};

/* The element by its lower-case name; *ret_properties are bits of pk_tag_property. */
enum pk_tag pk_tag_of(const char *name, unsigned *ret_properties);

/* The flags of all names in an attribute's value. */
unsigned pk_hints_of(struct pk_span value);

/*
 * Three of 64 bits for each whole name in an attribute's value, letter for letter:
 * where not all bits of a name are set, it is not among the names.
 */
uint64_t pk_name_bits(struct pk_span value);

#endif
