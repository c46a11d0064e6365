/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/byline.h - who wrote it.
 *
 * JSON-LD says so, or <meta>, or the page near its title or below its text. A site that
 * names itself as the author is believed only where nobody else is named.
 */
#ifndef PEYK_EXTRACT_ARTICLE_BYLINE_H
#define PEYK_EXTRACT_ARTICLE_BYLINE_H

#include "extract/article/metadata.h"

/*
 * A name of people out of a line: without "By", "Posted on 3 May by", dates, addresses.
 * Absent where nobody is named. Borrows. Pure; any thread.
 */
struct pk_span pk_byline_clean(struct pk_span line);

/* Does the line say itself that it names an author: "Von", "Text:", «نویسنده:»? */
bool pk_byline_is_line(struct pk_span line);

/* Is the line one word that only says that a name follows: "Author", «نویسنده:»? */
bool pk_byline_is_label(struct pk_span line);

/*
 * Who took the pictures, in a line that begins with "Photographer:" or «عکاس:»; absent
 * in others. Borrows.
 */
struct pk_span pk_byline_of_photographer(struct pk_span line);

/* Sets the article's byline. Returns 0 or -ENOMEM. */
int pk_byline_read(
    struct pk_metadata *metadata, const struct pk_heading_places *places);

#endif
