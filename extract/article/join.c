/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/join.h"

#include "base/map.h"
#include "base/url.h"
#include "base/utf8.h"
#include "extract/article/body.h"
#include "extract/article/line.h"
#include "extract/article/links.h"

#include <errno.h>

#define MARKER_MAX    60 /* bytes of "page 2 of 3" */
#define DUPLICATE_MIN 60 /* code points; a longer paragraph is never said twice */
#define OPENING_MAX   12 /* paragraphs at the beginning that may be spelled otherwise */

/* ---- addresses --------------------------------------------------------------- */

/* Notes a canonical address. Returns 1 when it is known, 0 or -ENOMEM. */
static int
note(struct pk_reading *reading, struct pk_arena *arena, struct pk_span url)
{
	for (size_t i = 0; i < reading->asked.len; i++) {
		if (pk_span_eq(reading->asked.items[i], url))
			return 1;
	}
	struct pk_span *asked = pk_array_push(arena, &reading->asked);
	if (asked == NULL)
		return -ENOMEM;
	*asked = url;
	return 0;
}

/* An address that is none is not known either. */
static int
note_raw(struct pk_reading *reading, struct pk_arena *arena, struct pk_span url)
{
	struct pk_span canonical;
	int r = url.len == 0 ? -EBADMSG : pk_url_canonical(arena, url, &canonical);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	return note(reading, arena, canonical);
}

/* Wants a further page; one that was asked for before is none. */
static int
want(struct pk_reading *reading, struct pk_arena *arena, struct pk_span url)
{
	reading->next = (struct pk_span){ NULL, 0 };
	if (url.len == 0)
		return 0;
	int r = note_raw(reading, arena, url);
	if (r == 0)
		reading->next = url;
	return r < 0 ? r : 0;
}

/* ---- one text out of two ------------------------------------------------------- */

/* The paragraphs of an article, one after the other. */
struct cursor {
	const struct pk_article *article;
	size_t at;
	size_t byte;
};

static bool
next_paragraph(
    struct cursor *c, const struct pk_paragraph **ret_paragraph, struct pk_span *ret)
{
	struct pk_span text = c->article->text;

	if (c->at >= c->article->n_paragraphs)
		return false;
	const struct pk_paragraph *p = &c->article->paragraphs[c->at++];
	uint32_t points = p->range.end - p->range.start;
	size_t start = c->byte, end = start;
	for (uint32_t i = 0; i < points && end < text.len; i++) {
		uint32_t point;
		end += pk_utf8_decode(text, end, &point, NULL);
	}
	*ret_paragraph = p;
	*ret = pk_span_slice(text, start, end);
	c->byte = end + 1; /* the line break between */
	return true;
}

/* "Page 2 of 3", "صفحه ۲ از ۳": words for pages, and numbers. */
static bool
is_marker(struct pk_span line)
{
	static const char *const words[] = { "page", "of", "صفحه", "از", "الصفحة", "من",
		"seite", "von", "página", "pagina", "de", "страница", "из", "sayfa" };
	size_t numbers = 0, others = 0;

	if (line.len > MARKER_MAX)
		return false;
	while (line.ptr != NULL) {
		struct pk_span word = pk_line_core(pk_span_split(&line, ' '));
		bool known = word.len == 0;
		for (size_t i = 0; i < PK_COUNT(words) && !known; i++)
			known = pk_line_same(word, pk_span_of(words[i]));
		others += known && word.len > 0;
		if (known)
			continue;
		if (pk_line_has_letter(word))
			return false;
		numbers++;
	}
	return numbers > 0 && others > 0;
}

/* What every page says once more: title, kicker, lead, which page it is. */
static bool
is_said_again(
    const struct pk_article *first, const struct pk_paragraph *p, struct pk_span line)
{
	if (pk_line_same(line, first->title) || pk_line_same(line, first->kicker) ||
	    pk_line_same(line, first->lead) || is_marker(line))
		return true;
	/* "Title - page 2" */
	return p->kind == PK_PARAGRAPH_HEADING && first->title.len > 0 &&
	       pk_span_starts_with(line, first->title) &&
	       is_marker(pk_line_core(pk_span_slice(line, first->title.len, line.len)));
}

/* Does the article begin with that, in another spelling perhaps? */
static bool
begins_with(const struct pk_article *article, struct pk_span line)
{
	struct cursor c = { .article = article };
	const struct pk_paragraph *p;
	struct pk_span text;

	while (c.at < OPENING_MAX && next_paragraph(&c, &p, &text)) {
		if (pk_line_same(text, line))
			return true;
	}
	return false;
}

static int
copy_paragraphs(
    const struct pk_article *article, struct pk_map *seen, struct pk_body *body)
{
	struct cursor c = { .article = article };
	const struct pk_paragraph *p;
	struct pk_span line;
	int r = 0;

	while (r == 0 && next_paragraph(&c, &p, &line)) {
		r = pk_body_add(body, p->kind, line);
		if (r == 0)
			r = pk_map_set(seen, line, seen);
	}
	return r < 0 ? r : 0;
}

/* Appends what the further page has that was not said. */
static int
add_paragraphs(const struct pk_article *first, const struct pk_article *further,
    struct pk_map *seen, struct pk_body *body)
{
	struct cursor c = { .article = further };
	const struct pk_paragraph *p;
	struct pk_span line;
	bool opening = true;
	int r = 0;

	while (r == 0 && next_paragraph(&c, &p, &line)) {
		bool is_long = p->range.end - p->range.start >= DUPLICATE_MIN;
		bool again =
		    is_said_again(first, p, line) ||
		    ((opening || is_long) && pk_map_get(seen, line) != NULL) ||
		    (opening && c.at <= OPENING_MAX && begins_with(first, line));
		opening = opening && again;
		if (!again)
			r = pk_body_add(body, p->kind, line);
	}
	return r;
}

/* Where a field was found that the joined article no longer has. */
static void
forget(struct pk_article *article, struct pk_arena *arena, const char *field)
{
	struct pk_found *found =
	    pk_arena_calloc(arena, article->n_found + 1, sizeof(*found));
	size_t n = 0;

	if (found == NULL)
		return;
	for (size_t i = 0; i < article->n_found; i++) {
		if (strcmp(article->found[i].field, field) != 0)
			found[n++] = article->found[i];
	}
	article->found = found;
	article->n_found = n;
}

/* Returns 0, -EEXIST (the further page says nothing new) or -ENOMEM. */
static int
append(struct pk_article *article, const struct pk_article *further,
    struct pk_arena *arena)
{
	pk_cleanup(pk_map_freep) struct pk_map *seen = pk_map_new();
	struct pk_body body;
	int r = seen == NULL ? -ENOMEM
			     : pk_body_init(&body, arena,
				   article->text.len + further->text.len + 1);

	if (r == 0)
		r = copy_paragraphs(article, seen, &body);
	if (r == 0)
		r = add_paragraphs(article, further, seen, &body);
	if (r == 0 && body.paragraphs.len == article->n_paragraphs)
		r = -EEXIST;
	if (r < 0)
		return r;
	article->text = (struct pk_span){ body.text, body.len };
	article->paragraphs = body.paragraphs.items;
	article->n_paragraphs = body.paragraphs.len;
	article->pages++;
	article->truncated = article->truncated || further->truncated;
	article->paywalled = article->paywalled || further->paywalled;
	article->next_url = further->next_url;
	if (article->next_url.len == 0)
		forget(article, arena, "next_url");
	pk_sha256(article->text, article->sha256);
	return 0;
}

/* ---- the door ---------------------------------------------------------------- */

/* The page at hand is the article's last one once more. */
static int
end_here(struct pk_reading *reading, struct pk_arena *arena)
{
	reading->article.next_url = (struct pk_span){ NULL, 0 };
	forget(&reading->article, arena, "next_url");
	return 0;
}

/* What is wanted after a page that has an article. */
static int
go_on(struct pk_reading *reading, struct pk_arena *arena)
{
	struct pk_article *article = &reading->article;
	int r = want(reading, arena, article->next_url);

	if (r < 0)
		return r;
	/* a circle has no end, and goes nowhere */
	if (reading->next.len == 0 && article->next_url.len > 0)
		return end_here(reading, arena);
	if (reading->next.len > 0 && article->pages >= reading->pages_max) {
		if (reading->pages_max > 1)
			pk_reading_miss(reading);
		reading->next = (struct pk_span){ NULL, 0 };
	}
	return 0;
}

static int
read_first(struct pk_reading *reading, struct pk_doc *doc, const struct pk_tails *tails,
    const struct pk_site_rules *sites)
{
	int r =
	    pk_article_of_page(doc, tails, sites, &reading->article, &reading->reason);

	if (r == 0)
		r = note_raw(reading, doc->arena, doc->url);
	if (r >= 0 && reading->reason == NULL)
		return go_on(reading, doc->arena);
	if (r >= 0 && reading->pages_max > 1)
		return want(reading, doc->arena, reading->article.amp_url);
	return r < 0 ? r : 0;
}

/* What the AMP page says, under the address of the page that said nothing. */
static int
read_amp(struct pk_reading *reading, struct pk_doc *doc, const struct pk_tails *tails,
    const struct pk_site_rules *sites)
{
	struct pk_article amp;
	const char *reason;
	int r = pk_article_of_page(doc, tails, sites, &amp, &reason);

	if (r < 0 || reason != NULL)
		return r;
	amp.url = reading->article.url;
	amp.canonical_url = reading->article.canonical_url;
	amp.amp_url = reading->article.amp_url;
	struct pk_span identity =
	    amp.canonical_url.len > 0 ? amp.canonical_url : amp.url;
	pk_id_of(&identity, 1, amp.id);
	r = pk_article_note(doc->arena, &amp, "text", "amp_url");
	if (r < 0)
		return r;
	reading->article = amp;
	reading->reason = NULL;
	return go_on(reading, doc->arena);
}

/*
 * Is the page the one that was wanted? 1: yes; 0: another one, by a redirect; -EEXIST:
 * one that was read before; or -ENOMEM.
 */
static int
check_address(struct pk_reading *reading, struct pk_doc *doc, struct pk_span wanted)
{
	const struct pk_article *article = &reading->article;
	struct pk_span own = { NULL, 0 }, due = { NULL, 0 }, first = { NULL, 0 };
	int r;

	if (doc->url.len == 0 || wanted.len == 0)
		return 1;
	r = pk_url_canonical(doc->arena, doc->url, &own);
	if (r == 0)
		r = pk_url_canonical(doc->arena, wanted, &due);
	if (r < 0 || pk_span_eq(own, due))
		return r == -ENOMEM ? r : 1;
	r = note(reading, doc->arena, own);
	if (r != 0)
		return r < 0 ? r : -EEXIST;
	r = pk_url_canonical(doc->arena, article->url, &first);
	if (r == -ENOMEM)
		return r;
	unsigned page = article->pages + 1;
	return pk_link_page(first, own, NULL) == page ||
	       pk_link_page(article->canonical_url, own, NULL) == page;
}

static int
read_further(struct pk_reading *reading, struct pk_doc *doc,
    const struct pk_tails *tails, const struct pk_site_rules *sites,
    struct pk_span wanted)
{
	struct pk_article *article = &reading->article, further;
	const char *reason = NULL;
	int r = check_address(reading, doc, wanted);

	if (r == -EEXIST)
		return end_here(reading, doc->arena);
	bool other = r == 0;
	doc->before = article;
	if (r > 0)
		r = pk_article_of_page(doc, tails, sites, &further, &reason);
	doc->before = NULL;
	if (r < 0)
		return r;
	if (other || reason != NULL) {
		article->truncated = true;
		return 0;
	}
	r = append(article, &further, doc->arena);
	if (r == -EEXIST)
		return end_here(reading, doc->arena);
	return r < 0 ? r : go_on(reading, doc->arena);
}

int
pk_reading_add(struct pk_reading *reading, struct pk_doc *doc,
    const struct pk_tails *tails, const struct pk_site_rules *sites)
{
	struct pk_span wanted = reading->next;

	reading->next = (struct pk_span){ NULL, 0 };
	if (reading->article.pages > 0)
		return read_further(reading, doc, tails, sites, wanted);
	return reading->reason == NULL ? read_first(reading, doc, tails, sites)
				       : read_amp(reading, doc, tails, sites);
}

void
pk_reading_miss(struct pk_reading *reading)
{
	reading->next = (struct pk_span){ NULL, 0 };
	if (reading->reason == NULL)
		reading->article.truncated = true;
}
