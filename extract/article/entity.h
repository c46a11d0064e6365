/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/entity.h - character references that were escaped once too often.
 *
 * libxml2 decodes a page's references; in og:description and JSON-LD they are often
 * written "&amp;zwnj;" or stand in a script, where nobody decodes them.
 */
#ifndef PEYK_EXTRACT_ARTICLE_ENTITY_H
#define PEYK_EXTRACT_ARTICLE_ENTITY_H

#include "base/arena.h"

/*
 * A copy in the arena with the references decoded and NULs gone; {NULL, 0} on no
 * memory.
 */
struct pk_span pk_entities_decode(struct pk_arena *arena, struct pk_span text);

/*
 * The text without HTML tags, for values that hold markup; </p> and <br> become line
 * breaks. Memory as above.
 */
struct pk_span pk_markup_strip(struct pk_arena *arena, struct pk_span text);

#endif
