/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/body.h - the text of an article while it is put together: paragraphs
 * separated by one line break, ranges in code points.
 */
#ifndef PEYK_EXTRACT_ARTICLE_BODY_H
#define PEYK_EXTRACT_ARTICLE_BODY_H

#include "base/article.h"

struct pk_body {
	struct pk_arena *arena;
	char *text;
	size_t len;
	size_t cap;
	uint32_t points; /* code points in `text` */
	PK_ARRAY(struct pk_paragraph) paragraphs;
};

/* An empty body that takes at most `cap` bytes, line breaks included. 0 or -ENOMEM. */
int pk_body_init(struct pk_body *body, struct pk_arena *arena, size_t cap);

/* Appends a paragraph of clean UTF-8 (copied). Returns 0, -E2BIG or -ENOMEM. */
int pk_body_add(struct pk_body *body, enum pk_paragraph_kind kind, struct pk_span text);

/* Appends a line to the last paragraph: a line that was broken off. Errors as above. */
int pk_body_continue(struct pk_body *body, struct pk_span text);

/* Takes the last paragraph back. */
void pk_body_drop_last(struct pk_body *body);

/*
 * Puts text, paragraphs, sha256 and id into the article, and what the document knows:
 * feed, URL, publisher. A language that is still absent is taken from the document or
 * from the text, a date from the feed. Returns 0 or -ENOMEM.
 */
int pk_body_finish(
    const struct pk_body *body, const struct pk_doc *doc, struct pk_article *article);

/*
 * Says where a field was found, instead of what was said of it before. `field` and
 * `where` are static. Returns 0 or -ENOMEM. The list is article->found, which grows in
 * the arena.
 */
int pk_article_note(struct pk_arena *arena, struct pk_article *article,
    const char *field, const char *where);

#endif
