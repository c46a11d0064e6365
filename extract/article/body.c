/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/body.h"

#include "base/utf8.h"
#include "extract/article/language.h"

#include <errno.h>

int
pk_body_init(struct pk_body *body, struct pk_arena *arena, size_t cap)
{
	*body = (struct pk_body){ .arena = arena, .cap = cap };
	body->text = pk_arena_alloc(arena, cap + 1);
	return body->text == NULL ? -ENOMEM : 0;
}

static int
append(struct pk_body *body, struct pk_span s)
{
	if (s.len > body->cap - body->len)
		return -E2BIG;
	memcpy(body->text + body->len, s.ptr, s.len);
	body->len += s.len;
	body->points += (uint32_t)pk_utf8_count(s);
	return 0;
}

int
pk_body_add(struct pk_body *body, enum pk_paragraph_kind kind, struct pk_span text)
{
	int r = body->len == 0 ? 0 : append(body, PK_SPAN("\n"));
	uint32_t start = body->points;

	if (r == 0)
		r = append(body, text);
	if (r < 0)
		return r;
	struct pk_paragraph *p = pk_array_push(body->arena, &body->paragraphs);
	if (p == NULL)
		return -ENOMEM;
	p->kind = kind;
	p->range = (struct pk_range){ .start = start, .end = body->points };
	return 0;
}

int
pk_body_continue(struct pk_body *body, struct pk_span text)
{
	if (body->paragraphs.len == 0)
		return pk_body_add(body, PK_PARAGRAPH_P, text);
	int r = append(body, PK_SPAN("\n"));
	if (r == 0)
		r = append(body, text);
	if (r < 0)
		return r;
	body->paragraphs.items[body->paragraphs.len - 1].range.end = body->points;
	return 0;
}

void
pk_body_drop_last(struct pk_body *body)
{
	size_t n = body->paragraphs.len;

	if (n == 0)
		return;
	uint32_t end = n == 1 ? 0 : body->paragraphs.items[n - 2].range.end;
	while (body->points > end) {
		body->len--;
		body->points -= ((unsigned char)body->text[body->len] & 0xC0) != 0x80;
	}
	body->paragraphs.len--;
}

int
pk_article_note(struct pk_arena *arena, struct pk_article *article, const char *field,
    const char *where)
{
	/* Few fields: a copy for each keeps the article free of capacities. */
	struct pk_found *found =
	    pk_arena_calloc(arena, article->n_found + 1, sizeof(*found));

	if (found == NULL)
		return -ENOMEM;
	size_t at = 0;
	for (size_t i = 0; i < article->n_found; i++) {
		if (strcmp(article->found[i].field, field) != 0)
			found[at++] = article->found[i];
	}
	found[at] = (struct pk_found){ field, where };
	article->found = found;
	article->n_found = at + 1;
	return 0;
}

static int
take_hints(struct pk_arena *arena, const struct pk_doc *doc, struct pk_article *article)
{
	int r = 0;

	article->feed = doc->feed;
	article->url = doc->url;
	article->publisher = doc->publisher;
	if (article->title.len == 0 && doc->entry_title.len > 0) {
		article->title = doc->entry_title;
		r = pk_article_note(arena, article, "title", "feed");
	}
	if (r == 0 && article->published.len == 0 && doc->entry_published.len > 0) {
		article->published = doc->entry_published;
		r = pk_article_note(arena, article, "published", "feed");
	}
	if (r < 0 || article->language.len > 0)
		return r;
	const char *language = pk_language_of(article->text);
	if (language != NULL) {
		article->language = pk_span_of(language);
		return pk_article_note(arena, article, "language", "text");
	}
	article->language = doc->lang;
	return doc->lang.len == 0 ? 0
				  : pk_article_note(arena, article, "language", "feed");
}

int
pk_body_finish(
    const struct pk_body *body, const struct pk_doc *doc, struct pk_article *article)
{
	article->text = (struct pk_span){ body->text, body->len };
	article->paragraphs = body->paragraphs.items;
	article->n_paragraphs = body->paragraphs.len;
	int r = take_hints(body->arena, doc, article);
	if (r < 0)
		return r;
	pk_sha256(article->text, article->sha256);
	struct pk_span identity = article->canonical_url.len > 0
				      ? article->canonical_url
				  : article->url.len > 0 ? article->url
							 : article->text;
	pk_id_of(&identity, 1, article->id);
	return 0;
}
