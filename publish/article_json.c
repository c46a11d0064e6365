/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/article_json.h"

#include "publish/fields_priv.h"

static json_t *
publisher_json(const struct pk_publisher *publisher)
{
	const struct pk_name name = { publisher->native, publisher->latin };
	struct record r = record_new();

	put_text(&r, "id", publisher->id);
	put_name(&r, "name", name);
	put_text(&r, "country", publisher->country);
	return record_end(&r);
}

static json_t *
tags_json(const struct pk_article *article, struct record *r)
{
	json_t *tags = json_array();

	for (size_t i = 0; i < article->n_tags; i++)
		append(
		    r, tags, json_stringn(article->tags[i].ptr, article->tags[i].len));
	return tags;
}

static json_t *
images_json(const struct pk_article *article, struct record *r)
{
	json_t *images = json_array();

	for (size_t i = 0; i < article->n_images; i++) {
		const struct pk_picture *picture = &article->images[i];
		struct record one = record_new();
		put_text(&one, "url", picture->url);
		put_text(&one, "caption", picture->caption);
		put_text(&one, "alt", picture->alt);
		append(r, images, record_end(&one));
	}
	return images;
}

static json_t *
paragraphs_json(const struct pk_article *article, struct record *r)
{
	json_t *paragraphs = json_array();

	for (size_t i = 0; i < article->n_paragraphs; i++) {
		const struct pk_paragraph *paragraph = &article->paragraphs[i];
		struct record p = record_new();
		put_word(&p, "kind", pk_paragraph_kind_name(paragraph->kind));
		put_range(&p, paragraph->range);
		append(r, paragraphs, record_end(&p));
	}
	return paragraphs;
}

static json_t *
sources_json(const struct pk_article *article)
{
	struct record r = record_new();

	for (size_t i = 0; i < article->n_found; i++)
		put_word(&r, article->found[i].field, article->found[i].where);
	return record_end(&r);
}

json_t *
pk_article_json(const struct pk_article *article)
{
	const struct pk_publisher *publisher = &article->publisher;
	struct record r = record_new();

	put_word(&r, "schema", "peyk.article/1");
	put_word(&r, "id", article->id);
	put_text(&r, "feed", article->feed);
	put_text(&r, "url", article->url);
	put_text(&r, "canonical_url", article->canonical_url);
	put_text(&r, "amp_url", article->amp_url);
	put_text(&r, "next_url", article->next_url);
	if (publisher->id.len + publisher->native.len + publisher->country.len > 0)
		put(&r, "publisher", publisher_json(publisher));
	put_text(&r, "title", article->title);
	put_text(&r, "kicker", article->kicker);
	put_text(&r, "lead", article->lead);
	put_text(&r, "byline", article->byline);
	put_text(&r, "published", article->published);
	put_text(&r, "modified", article->modified);
	put_text(&r, "language", article->language);
	put_text(&r, "site", article->site);
	put_text(&r, "section", article->section);
	if (article->n_tags > 0)
		put(&r, "tags", tags_json(article, &r));
	put_text(&r, "image", article->image);
	if (article->n_images > 0)
		put(&r, "images", images_json(article, &r));
	put(&r, "text",
	    article->text.len == 0
		? json_string("")
		: json_stringn(article->text.ptr, article->text.len));
	put(&r, "paragraphs", paragraphs_json(article, &r));
	if (article->pages > 1)
		put(&r, "pages", json_integer((json_int_t)article->pages));
	if (article->truncated)
		put(&r, "truncated", json_true());
	if (article->paywalled)
		put(&r, "paywalled", json_true());
	if (article->method != NULL) {
		put_number(&r, "confidence", article->confidence);
		put_word(&r, "method", article->method);
	}
	if (article->n_found > 0)
		put(&r, "sources", sources_json(article));
	put_word(&r, "sha256", article->sha256);
	put_text(&r, "story", article->story);
	return record_end(&r);
}
