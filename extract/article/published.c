/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/published.h"

#include "base/url.h"
#include "base/utf8.h"
#include "extract/article/dates.h"
#include "extract/article/dating.h"
#include "extract/article/line.h"

#include <errno.h>

#define DAY_MS INT64_C(86400000)

/* 1994: an older date in a text is something's birthday. */
#define WEB_S INT64_C(757382400)

/* Code points of a line with a date; of a text that begins with one. */
#define LINE_MAX  200
#define START_MAX 48
#define LEAF_MAX  16 /* of a part of one */

/* Blocks between a title and its date, at most: at once, and when nothing is nearer. */
#define NEAR 6
#define FAR  48

/* Bytes between a name and its value in a program, and of the value. */
#define SIGNS_MAX 12
#define VALUE_MAX 40

/* Lines of text that are looked at: around the title, below the body. */
#define AROUND 12

/* Blocks at the beginning of the body, for a lead or a picture may stand first. */
#define FIRST_FEW 5

/* ---- one date ----------------------------------------------------------------- */

/* Pages of Iran give Tehran's time without saying so. */
static int
default_offset(const struct pk_metadata *m)
{
	struct pk_span host = pk_url_host(m->doc->url);

	return pk_span_starts_with(m->page->lang, PK_SPAN("fa")) ||
		       pk_span_ends_with(host, PK_SPAN(".ir")) ||
		       pk_span_eq(m->article->language, PK_SPAN("fa"))
		   ? PK_OFFSET_IRAN
		   : PK_OFFSET_UNKNOWN;
}

static bool
is_past(const struct pk_metadata *m, const struct pk_moment *moment)
{
	return moment->time_s > 0 &&
	       (m->doc->fetched_ms <= 0 ||
		   moment->time_s * 1000 <= m->doc->fetched_ms + DAY_MS);
}

/* Reads a date that `text` is or (with `search`) contains. */
static bool
read_moment(const struct pk_metadata *m, struct pk_span text, bool search,
    struct pk_moment *ret_moment)
{
	int offset = default_offset(m);

	if (!pk_line_has_digit(text))
		return false;
	int r = search ? -EBADMSG : pk_date_parse(text, offset, ret_moment);
	if (r < 0)
		r = pk_date_search(text, offset, ret_moment);
	return r == 0 && is_past(m, ret_moment) &&
	       (!search || ret_moment->time_s >= WEB_S);
}

/* Sets a field to a moment. Returns 1, or -ENOMEM. */
static int
set_moment(struct pk_metadata *m, struct pk_span *field, const char *name,
    const struct pk_moment *moment, const char *where)
{
	char written[PK_DATE_TEXT_MAX];

	pk_date_format(moment, written);
	struct pk_span copy = pk_arena_copy(m->page->arena, pk_span_of(written));
	if (copy.ptr == NULL)
		return -ENOMEM;
	int r = pk_metadata_set(m, field, name, copy, where);
	return r < 0 ? r : 1;
}

int
pk_metadata_set_date(struct pk_metadata *m, struct pk_span *field, const char *name,
    struct pk_span text, bool search, const char *where)
{
	struct pk_moment moment;

	if (field->len > 0 || !read_moment(m, text, search, &moment))
		return 0;
	return set_moment(m, field, name, &moment, where);
}

/* ---- the head ----------------------------------------------------------------- */

/* The most certain first. */
static const char *const published_names[] = { "article:published_time",
	"article:published", "og:published_time", "og:article:published_time",
	"datepublished", "dc.date.issued", "dcterms.issued", "parsely-pub-date",
	"sailthru.date", "pubdate", "publish-date", "publish_date", "publication_date",
	"publicationdate", "publishdate", "pub_date", "article.published",
	"displaydate", "originalpublicationdate", "article_date_original",
	"cxenseparse:recs:publishtime", "cxenseparse:publishtime",
	"article:create_time", "rnews:datepublished", "citation_publication_date",
	"og:pubdate", "vr:published_time", "shareaholic:article_published_time" };

/* These may tell of the file, or of the day on which it was called up. */
static const char *const vague_names[] = { "dcterms.created", "dc.date.created",
	"datecreated", "dcterms.date", "dc.date", "dc:date", "dc:created", "date",
	"created", "releasedate", "citation_online_date" };

static const char *const modified_names[] = { "article:modified_time",
	"og:updated_time", "datemodified", "dcterms.modified", "dc.date.modified",
	"last-modified", "lastmod", "article:modified", "dateupdate", "revised" };

static int
set_meta(struct pk_metadata *m, struct pk_span *field, const char *name,
    const char *const *names, size_t n)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++) {
		size_t at = 0;
		r = pk_metadata_set_date(m, field, name,
		    pk_metadata_meta(m, names[i], &at), false, names[i]);
	}
	return r < 0 ? r : 0;
}

/*
 * JSON-LD is often in UTC where <meta> says the same in the time of the place; that
 * tells the day on which readers saw it.
 */
static int
set_local(struct pk_metadata *m)
{
	struct pk_moment moment, other;

	if (!read_moment(m, m->article->published, false, &moment) ||
	    !moment.has_time || moment.offset_min != 0)
		return 0;
	for (size_t i = 0; i < PK_COUNT(published_names) + PK_COUNT(vague_names); i++) {
		const char *name = i < PK_COUNT(published_names)
				       ? published_names[i]
				       : vague_names[i - PK_COUNT(published_names)];
		size_t at = 0;
		struct pk_span text = pk_metadata_meta(m, name, &at);
		if (text.len == 0 || pk_date_parse(text, 0, &other) < 0 ||
		    !other.has_time || other.offset_min == 0 ||
		    other.time_s != moment.time_s)
			continue;
		m->article->published = (struct pk_span){ NULL, 0 };
		int r =
		    set_moment(m, &m->article->published, "published", &other, name);
		return r < 0 ? r : 0;
	}
	return 0;
}

int
pk_published_read_head(struct pk_metadata *m)
{
	struct pk_article *a = m->article;

	int r = pk_metadata_set_date(
	    m, &a->published, "published", m->jsonld.published, false, "json-ld");
	if (r >= 0)
		r = set_meta(m, &a->published, "published", published_names,
		    PK_COUNT(published_names));
	if (r >= 0)
		r = set_local(m);
	if (r >= 0)
		r = pk_metadata_set_date(
		    m, &a->modified, "modified", m->jsonld.modified, false, "json-ld");
	if (r >= 0)
		r = set_meta(m, &a->modified, "modified", modified_names,
		    PK_COUNT(modified_names));
	return r < 0 ? r : 0;
}

/* ---- the page ----------------------------------------------------------------- */

/* A line with a date: sets published, or modified where the line tells of a change. */
static int
take_line(struct pk_dating *s, struct pk_span line, const char *where)
{
	struct pk_article *a = s->m->article;

	if (!pk_line_has_digit(line) || pk_dating_is_copyright(line) ||
	    pk_dating_is_clock(line))
		return 0;
	if (!pk_dating_is_update(line))
		return pk_metadata_set_date(
		    s->m, &a->published, "published", line, true, where);
	int r = pk_metadata_set_date(s->m, &a->modified, "modified", line, true, where);
	return r < 0 ? r : 0;
}

/* datetime="", content="" or title="" of an element for a date, or what it shows. */
static int
take_element(struct pk_dating *s, uint32_t n)
{
	static const char *const names[] = { "datetime", "content", "title",
		"data-datetime", "data-date", "data-timestamp" };
	const struct pk_node *node = &s->m->page->nodes.items[n];
	struct pk_article *a = s->m->article;
	struct pk_span text = pk_page_text_of(s->m->page, n);
	struct pk_span class = pk_page_attribute(s->m->page, n, "class");
	bool update = pk_dating_is_update(text) ||
		      ((pk_span_find(class, PK_SPAN("updated"), 0) != SIZE_MAX ||
			   pk_span_find(class, PK_SPAN("modified"), 0) != SIZE_MAX) &&
			  pk_span_find(class, PK_SPAN("published"), 0) == SIZE_MAX);
	int r = 0;

	if (pk_dating_is_clock(text))
		return 0;
	for (size_t i = 0; i < PK_COUNT(names) && r == 0; i++) {
		struct pk_moment moment;
		struct pk_span value = pk_page_attribute(s->m->page, n, names[i]);
		if (value.len < 8 || value.len > 60 ||
		    pk_date_parse(value, default_offset(s->m), &moment) < 0 ||
		    !is_past(s->m, &moment))
			continue;
		r = set_moment(s->m, update ? &a->modified : &a->published,
		    update ? "modified" : "published", &moment,
		    node->tag == PK_TAG_TIME ? "time" : "class");
	}
	if (r == 0 && update && !pk_dating_is_copyright(text))
		r = pk_metadata_set_date(
		    s->m, &a->modified, "modified", text, true, "class");
	if (r < 0 || update)
		return r < 0 ? r : 0;
	return r != 0 ? r : take_line(s, text, "class");
}

/* Is it in a link with a title, too? Then the date is that of where the link leads. */
static bool
is_of_teaser(const struct pk_page *page, uint32_t n)
{
	const struct pk_node *nodes = page->nodes.items;

	if ((nodes[n].inherited & PK_HINT_LINK) == 0)
		return false;
	while (n != PK_NO_NODE && nodes[n].tag != PK_TAG_A)
		n = nodes[n].parent;
	return n != PK_NO_NODE && nodes[n].end_block - nodes[n].first_block > 1;
}

/* <time datetime> within reach, the nearest one; itemprop says which one is meant. */
static int
take_time(struct pk_dating *s, uint32_t reach)
{
	const struct pk_page *page = s->m->page;
	const struct pk_pair *nearest = NULL;
	uint32_t least = reach + 1;

	for (size_t i = 0; i < page->times.len; i++) {
		const struct pk_pair *time = &page->times.items[i];
		const struct pk_node *node = &page->nodes.items[time->node];
		bool meant =
		    pk_span_find(time->key, PK_SPAN("datepublished"), 0) != SIZE_MAX;
		uint32_t away = pk_metadata_distance(time->block, s->from);
		if ((!pk_metadata_is_seen(node) &&
			!(meant && (node->inherited & PK_HINT_COMMENT) == 0)) ||
		    (node->inherited & PK_HINT_CLOCK) != 0 ||
		    is_of_teaser(page, time->node) ||
		    time->block > s->places->body_end + AROUND || away > reach ||
		    (!meant && pk_dating_is_foreign(s, time->block)) ||
		    pk_dating_is_clock(pk_utf8_prefix(
			page->nodes.items[node->block].text, LINE_MAX)) ||
		    pk_span_find(time->key, PK_SPAN("modified"), 0) != SIZE_MAX ||
		    pk_span_find(time->key, PK_SPAN("updated"), 0) != SIZE_MAX ||
		    pk_dating_is_update(page->nodes.items[node->block].text))
			continue;
		away = meant ? 0 : away;
		if (away < least) {
			nearest = time;
			least = away;
		}
	}
	return nearest == NULL ? 0
			       : pk_metadata_set_date(s->m, &s->m->article->published,
				     "published", nearest->value, false, "time");
}

static bool
is_meant(const struct pk_page *page, uint32_t n)
{
	return pk_span_eq_nocase(
	    pk_page_attribute(page, n, "itemprop"), PK_SPAN("datePublished"));
}

static bool
is_for_date(const struct pk_node *node)
{
	return (node->flags & PK_HINT_DATE) != 0 || node->tag == PK_TAG_TIME;
}

static int
take_class(struct pk_dating *s, uint32_t reach)
{
	const struct pk_page *page = s->m->page;
	int r = 0;

	for (size_t i = 0; i < s->m->marked.len && r == 0; i++) {
		uint32_t n = s->m->marked.items[i];
		const struct pk_node *node = &page->nodes.items[n];
		if (!is_for_date(node) || (node->inherited & PK_HINT_CLOCK) != 0 ||
		    !pk_metadata_is_seen(node) ||
		    (pk_dating_is_foreign(s, node->first_block) &&
			!is_meant(page, n)) ||
		    pk_metadata_distance(node->first_block, s->from) > reach ||
		    node->end_block - node->first_block > 3 || is_of_teaser(page, n))
			continue;
		r = take_element(s, n);
	}
	return r;
}

/* Short lines in [first, end) of the blocks. */
static int
take_lines(struct pk_dating *s, uint32_t first, uint32_t end, const char *where)
{
	const struct pk_page *page = s->m->page;
	int r = 0;

	for (uint32_t b = first; b < end && b < page->blocks.len && r == 0; b++) {
		const struct pk_block *block = &page->blocks.items[b];
		const struct pk_node *node = &page->nodes.items[block->node];
		if (block->points > LINE_MAX || !pk_metadata_is_seen(node) ||
		    (node->inherited & PK_HINT_CLOCK) != 0 ||
		    pk_dating_is_foreign(s, b))
			continue;
		r = take_line(s, pk_page_line_of(page, b), where);
	}
	return r;
}

/*
 * Day, month and year in elements of their own, as on a leaf of a calendar: up to three
 * of them that follow each other.
 */
static int
take_leaf(struct pk_dating *s, uint32_t first, uint32_t end)
{
	const struct pk_page *page = s->m->page;
	int r = 0;

	for (uint32_t b = first; b + 1 < end && b + 1 < page->blocks.len && r == 0;
	     b++) {
		struct pk_span leaf = page->blocks.items[b].text;
		for (uint32_t i = 0; i < 3 && b + i < page->blocks.len; i++) {
			const struct pk_block *block = &page->blocks.items[b + i];
			if (block->points > LEAF_MAX ||
			    !pk_metadata_is_seen(&page->nodes.items[block->node]) ||
			    (page->nodes.items[block->node].inherited &
				PK_HINT_CLOCK) != 0)
				break;
			if (i > 0)
				leaf = pk_arena_printf(page->arena, "%.*s %.*s",
				    PK_SPAN_ARG(leaf), PK_SPAN_ARG(block->text));
			if (leaf.ptr == NULL)
				return -ENOMEM;
			if (i == 2 || (i == 1 && b + 2 == end))
				r = take_line(s, leaf, "text");
		}
	}
	return r;
}

/* A line in the body that has a clock time, too, is no fact of the news. */
static int
take_timed(struct pk_dating *s)
{
	const struct pk_page *page = s->m->page;
	uint32_t end = s->places->body_end;
	struct pk_moment moment;
	int r = 0;

	for (uint32_t b = s->places->body_block;
	     b < end && b < page->blocks.len && r == 0; b++) {
		const struct pk_block *block = &page->blocks.items[b];
		if (block->points <= LINE_MAX / 3 && pk_line_has_digit(block->text) &&
		    !pk_line_ends_sentence(block->text) &&
		    pk_date_search(block->text, 0, &moment) == 0 && moment.has_time)
			r = take_line(s, block->text, "text");
	}
	return r;
}

/* "12.03.2026 – The council ..." */
static int
take_start(struct pk_dating *s, uint32_t b)
{
	const struct pk_page *page = s->m->page;

	if (b >= page->blocks.len)
		return 0;
	struct pk_span text = page->blocks.items[b].text;
	size_t end = 0;
	for (size_t points = 0; end < text.len && points < START_MAX; points++) {
		uint32_t point;
		end += pk_utf8_decode(text, end, &point, NULL);
	}
	/* Only what stands at the very beginning, in brackets or not. */
	struct pk_span start = pk_span_slice(text, 0, end);
	uint32_t first = 0;
	struct pk_span core = pk_line_core(start);
	if (core.len > 0)
		pk_utf8_decode(core, 0, &first, NULL);
	first = pk_line_fold(first);
	if (first < '0' || first > '9')
		return 0;
	return take_line(s, core, "text");
}

static int
take_url(struct pk_dating *s)
{
	struct pk_metadata *m = s->m;
	struct pk_moment moment;
	struct pk_span url =
	    m->doc->url.len > 0 ? m->doc->url : m->article->canonical_url;

	if (m->article->published.len > 0 || pk_date_of_url(url, 0, &moment) < 0 ||
	    !is_past(m, &moment))
		return 0;
	return set_moment(m, &m->article->published, "published", &moment, "url");
}

/* What stands around the end of the body. */
static int
take_end(struct pk_dating *s)
{
	const struct pk_heading_places *p = s->places;
	uint32_t last = p->body_end > 10 ? p->body_end - 10 : 0;
	struct pk_dating end = *s;

	end.from = p->body_end;
	int r = take_time(&end, AROUND);
	if (r == 0)
		r = take_class(&end, AROUND);
	if (r == 0)
		r = take_lines(&end, last > p->body_block ? last : p->body_block,
		    p->body_end + AROUND, "text");
	return r;
}

/* Lines with a date: below the title, over it, in and below the body. */
static int
take_text(struct pk_dating *s)
{
	const struct pk_heading_places *p = s->places;
	uint32_t over = s->from > AROUND ? s->from - AROUND : 0;

	int r = s->from <= p->body_block
		    ? take_lines(s, s->from, p->body_block + FIRST_FEW, "text")
		    : 0;
	for (uint32_t b = 0; b < FIRST_FEW && r == 0; b++)
		r = take_start(s, p->body_block + b);
	if (r == 0 && s->from <= p->body_block)
		r = take_leaf(s, s->from, p->body_block + 1);
	if (r == 0)
		r = take_lines(s, over, s->from, "text");
	if (r == 0)
		r = take_end(s);
	return r == 0 ? take_timed(s) : r;
}

/* The value of "publishedAt": "2026-05-03T..." whose key has "ublish" at `at`. */
static struct pk_span
value_behind(struct pk_span bytes, size_t at)
{
	const size_t least = strlen("2026-05-03");
	size_t start, end;

	while (at < bytes.len &&
	       (bytes.ptr[at] == '_' || (pk_ascii_lower(bytes.ptr[at]) >= 'a' &&
					    pk_ascii_lower(bytes.ptr[at]) <= 'z')))
		at++;
	for (start = at; start < bytes.len && start - at < SIGNS_MAX; start++) {
		if (strchr("\\\"': =", bytes.ptr[start]) == NULL ||
		    bytes.ptr[start] == 0)
			break;
	}
	if (start == at || start == bytes.len || bytes.ptr[start] < '1' ||
	    bytes.ptr[start] > '2')
		return (struct pk_span){ NULL, 0 };
	for (end = start; end < bytes.len && end - start < VALUE_MAX; end++) {
		if (strchr("\\\"',}", bytes.ptr[end]) != NULL)
			break;
	}
	return end - start < least ? (struct pk_span){ NULL, 0 }
				   : pk_span_slice(bytes, start, end);
}

/* What a page's programs know of it: only where nothing of it is shown. */
static int
take_scripts(struct pk_dating *s)
{
	struct pk_span bytes = s->m->doc->bytes;
	struct pk_moment moment;
	size_t at = 0;

	while ((at = pk_span_find(bytes, PK_SPAN("ublish"), at)) != SIZE_MAX) {
		struct pk_span value = value_behind(bytes, at);
		at++;
		if (value.len > 0 && pk_utf8_valid(value) &&
		    pk_date_parse(value, default_offset(s->m), &moment) == 0 &&
		    is_past(s->m, &moment))
			return set_moment(s->m, &s->m->article->published, "published",
			    &moment, "script");
	}
	return 0;
}

/* Does it have the time of the day that was found, of the same day? */
static bool
completes(const struct pk_article *a, const struct pk_moment *moment)
{
	char written[PK_DATE_TEXT_MAX];

	if (!moment->has_time)
		return false;
	pk_date_format(moment, written);
	return pk_span_starts_with(pk_span_of(written), a->published);
}

static int
complete(struct pk_dating *s, struct pk_span text, bool *ret_done)
{
	static const char where[] = "time";
	struct pk_moment moment;
	struct pk_article *a = s->m->article;

	if (!pk_line_has_digit(text) || pk_dating_is_update(text) ||
	    (pk_date_parse(text, default_offset(s->m), &moment) < 0 &&
		pk_date_search(text, default_offset(s->m), &moment) < 0) ||
	    !is_past(s->m, &moment) || !completes(a, &moment))
		return 0;
	*ret_done = true;
	a->published = (struct pk_span){ NULL, 0 };
	int r = set_moment(s->m, &a->published, "published", &moment, where);
	return r < 0 ? r : 0;
}

/* The values and the text of an element for a date. */
static int
complete_by_element(struct pk_dating *s, uint32_t n, bool *ret_done)
{
	static const char *const names[] = { "datetime", "content", "title" };
	const struct pk_node *node = &s->m->page->nodes.items[n];
	int r = 0;

	if (node->end_block - node->first_block > 3 || node->text.len > 4 * LINE_MAX)
		return 0;
	struct pk_span text = pk_page_text_of(s->m->page, n);
	if (pk_dating_is_update(text))
		return 0;
	for (size_t i = 0; i < PK_COUNT(names) && r == 0 && !*ret_done; i++) {
		struct pk_span value = pk_page_attribute(s->m->page, n, names[i]);
		if (value.len >= 8 && value.len <= 60)
			r = complete(s, value, ret_done);
	}
	return r == 0 && !*ret_done ? complete(s, text, ret_done) : r;
}

/* Is a block near the title or around the end of the body, and of this article? */
static bool
is_near(const struct pk_dating *s, uint32_t b)
{
	const struct pk_heading_places *p = s->places;
	uint32_t first = s->from > NEAR ? s->from - NEAR : 0;

	return b >= first &&
	       (b < p->body_block + FIRST_FEW ||
		   (b + FIRST_FEW >= p->body_end && b <= p->body_end + AROUND)) &&
	       b < s->m->page->blocks.len;
}

/* The head has a day alone; the page has the same day with the time. */
static int
take_time_of_day(struct pk_dating *s)
{
	const struct pk_page *page = s->m->page;
	bool done = s->m->article->published.len != strlen("2026-05-03");
	int r = 0;

	for (size_t i = 0; i < s->m->marked.len && r == 0 && !done; i++) {
		uint32_t n = s->m->marked.items[i];
		const struct pk_node *node = &page->nodes.items[n];
		if (is_for_date(node) && pk_metadata_is_seen(node) &&
		    (node->inherited & PK_HINT_CLOCK) == 0 &&
		    is_near(s, node->first_block) &&
		    (!pk_dating_is_foreign(s, node->first_block) || is_meant(page, n)))
			r = complete_by_element(s, n, &done);
	}
	for (uint32_t b = s->from > NEAR ? s->from - NEAR : 0;
	     b < s->places->body_block + FIRST_FEW && b < page->blocks.len && r == 0 &&
	     !done;
	     b++) {
		const struct pk_node *node =
		    &page->nodes.items[page->blocks.items[b].node];
		if (page->blocks.items[b].points <= LINE_MAX &&
		    pk_metadata_is_seen(node) &&
		    (node->inherited & PK_HINT_CLOCK) == 0 && is_near(s, b) &&
		    !pk_dating_is_foreign(s, b))
			r = complete(s, pk_page_line_of(page, b), &done);
	}
	return r;
}

/* "Updated: ...", in an element for dates beside the title or the end of the body. */
static int
take_near_updates(struct pk_dating *s)
{
	const struct pk_page *page = s->m->page;
	int r = 0;

	for (size_t i = 0;
	     i < s->m->marked.len && r >= 0 && s->m->article->modified.len == 0; i++) {
		uint32_t n = s->m->marked.items[i];
		const struct pk_node *node = &page->nodes.items[n];
		if (is_for_date(node) && pk_metadata_is_seen(node) &&
		    (node->inherited & PK_HINT_CLOCK) == 0 &&
		    node->end_block - node->first_block <= 1 &&
		    node->text.len <= 4 * LINE_MAX && is_near(s, node->first_block) &&
		    !pk_dating_is_foreign(s, node->first_block) &&
		    pk_dating_is_update(pk_page_text_of(page, n)))
			r = take_element(s, n);
	}
	return r < 0 ? r : 0;
}

/*
 * The offset of the clock that the page shows: it has 21:25 for the head's 02:25 UTC,
 * or a day for what was the evening before in UTC, which is a midnight further east. 0
 * where the two have nothing to do with each other, or need none.
 */
static int64_t
shown_offset(const struct pk_moment *said, const struct pk_moment *shown)
{
	int64_t minute = said->time_s - said->time_s % 60;
	int64_t offset = shown->time_s - minute;

	if (offset % 1800 != 0 || shown->has_zone)
		return 0;
	/* Twelve hours are a page that forgot to say "pm". */
	if (shown->has_time)
		return offset > -12 * 3600 && offset <= 14 * 3600 && offset != 12 * 3600
			   ? offset
			   : 0;
	return offset > 0 && offset <= 4 * 3600 && said->time_s == minute ? offset : 0;
}

/* Takes the offset over where the head has UTC, so that the day is the readers' one. */
static int
take_shown_offset(struct pk_dating *s)
{
	const struct pk_page *page = s->m->page;
	struct pk_article *a = s->m->article;
	struct pk_moment said, shown;

	if (!pk_span_ends_with(a->published, PK_SPAN("Z")) ||
	    pk_date_parse(a->published, 0, &said) < 0)
		return 0;
	uint32_t b = s->from > 4 ? s->from - 4 : 0;
	for (; b < s->places->body_block + FIRST_FEW && b < page->blocks.len; b++) {
		struct pk_span line = page->blocks.items[b].text;
		if (page->blocks.items[b].points > LINE_MAX ||
		    !pk_line_has_digit(line) || pk_dating_is_update(line) ||
		    pk_date_search(line, 0, &shown) < 0)
			continue;
		int64_t offset = shown_offset(&said, &shown);
		if (offset == 0)
			continue;
		said.offset_min = (int)(offset / 60);
		char written[PK_DATE_TEXT_MAX];
		pk_date_format(&said, written);
		struct pk_span copy = pk_arena_copy(page->arena, pk_span_of(written));
		if (copy.ptr == NULL)
			return -ENOMEM;
		a->published = copy;
		return 0;
	}
	return 0;
}

/* "This page was last edited on ...", wherever it stands. */
static int
take_updates(struct pk_dating *s)
{
	const struct pk_page *page = s->m->page;
	int r = 0;

	for (size_t b = page->blocks.len; b-- > 0 && r == 0;) {
		const struct pk_block *block = &page->blocks.items[b];
		bool comment =
		    (page->nodes.items[block->node].inherited & PK_HINT_COMMENT) != 0;
		if (s->m->article->modified.len > 0)
			break;
		if (block->points <= LINE_MAX && !comment &&
		    pk_line_has_digit(block->text) && pk_dating_is_update(block->text))
			r = take_line(s, block->text, "text");
	}
	return r;
}

/* Elements for dates at once below or above the title. */
static int
take_near(struct pk_dating *s)
{
	int r = take_time(s, NEAR);

	return r == 0 ? take_class(s, NEAR) : r;
}

static int
take_vague(struct pk_dating *s)
{
	return set_meta(s->m, &s->m->article->published, "published", vague_names,
	    PK_COUNT(vague_names));
}

static int
take_far(struct pk_dating *s)
{
	int r = 0;

	for (uint32_t reach = 2 * NEAR; r == 0 && reach <= FAR; reach *= 2) {
		r = take_time(s, reach);
		if (r == 0)
			r = take_class(s, reach);
	}
	return r;
}

/* "Title | 3 May 2026", and descriptions that end so. */
static int
take_head_lines(struct pk_dating *s)
{
	int r = take_line(s, s->m->page->title, "title");

	if (r == 0)
		r = take_line(s, s->m->title, "title");
	return r == 0 ? take_line(s, pk_utf8_prefix(s->m->description, LINE_MAX),
			    "description")
		      : r;
}

/* A page that tells only of its last change came out no later than that. */
static int
take_change(struct pk_dating *s)
{
	int r = take_updates(s);

	return r < 0 ? r
		     : pk_metadata_set(s->m, &s->m->article->published, "published",
			   s->m->article->modified, "modified");
}

int
pk_published_read_page(struct pk_metadata *m, const struct pk_heading_places *places)
{
	static int (*const steps[])(struct pk_dating *) = { take_near, take_vague,
		take_far, take_url, take_text, take_head_lines, take_scripts,
		take_change };
	struct pk_dating s = { m, places, pk_metadata_start(places),
		pk_dating_box(m, places) };
	int r = 0;

	for (size_t i = 0;
	     i < PK_COUNT(steps) && r >= 0 && m->article->published.len == 0; i++)
		r = steps[i](&s);
	if (r >= 0)
		r = take_time_of_day(&s);
	if (r >= 0)
		r = take_near_updates(&s);
	return r < 0 ? r : take_shown_offset(&s);
}
