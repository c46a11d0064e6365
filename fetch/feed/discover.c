/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/feed/discover.h"

#include "base/charset.h"
#include "base/cleanup.h"
#include "base/domain.h"
#include "base/url.h"
#include "base/utf8.h"
#include "fetch/feed/formats_priv.h"
#include "fetch/feed/html_tree.h"
#include "fetch/feed/xml.h"

#include <errno.h>

#define LINKS_MAX  20000
#define TITLE_MAX  ((size_t)300)
#define TEXT_WORDS 4 /* of a link that is called a feed */

struct discovery {
	struct pk_reader reader;
	struct pk_feed_context context;
	PK_ARRAY(struct scored) found;
};

struct scored {
	struct pk_feed_candidate candidate;
	unsigned cost; /* the lower the better */
};

const char *
pk_feed_finding_name(enum pk_feed_finding finding)
{
	static const char *const names[] = {
#define NAME(FINDING, name) [PK_FEED_FOUND_##FINDING] = name,
		PK_FEED_FINDINGS(NAME)
#undef NAME
	};

	return names[finding];
}

/* ---- words ------------------------------------------------------------------------
 */

static bool
is_word_char(char c)
{
	return (c >= '0' && c <= '9') ||
	       (pk_ascii_lower(c) >= 'a' && pk_ascii_lower(c) <= 'z') ||
	       (unsigned char)c >= 0x80;
}

/* Is one of the words, of letters and digits, in the text? Case does not count. */
static bool
has_any(struct pk_span text, const char *const *words)
{
	for (size_t start = 0, i = 0; i <= text.len; i++) {
		if (i < text.len && is_word_char(text.ptr[i]))
			continue;
		struct pk_span word = pk_span_slice(text, start, i);
		for (size_t k = 0; word.len > 0 && words[k] != NULL; k++) {
			if (pk_span_eq_nocase(word, pk_span_of(words[k])))
				return true;
		}
		start = i + 1;
	}
	return false;
}

static bool
holds(struct pk_span text, const char *part)
{
	struct pk_span want = pk_span_of(part);

	for (size_t i = 0; i + want.len <= text.len; i++) {
		if (pk_span_eq_nocase(pk_span_slice(text, i, i + want.len), want))
			return true;
	}
	return false;
}

static const char *const feed_words[] = { "rss", "rss2", "atom", "feed", "feeds", "rdf",
	"jsonfeed", NULL };

/* What readers of Persian and Arabic call a feed; ZWNJ is left out before. */
static const char *const feed_names[] = { "خبرخوان", "آراساس", "آر اس اس", "خوراک",
	"فید", "خلاصات" };

static bool
is_called_feed(struct pk_span text)
{
	char bare[128];
	size_t letters, words, len = 0;

	pk_html_measure(text, &letters, &words);
	if (text.len == 0 || words > TEXT_WORDS)
		return false;
	for (size_t i = 0; i < text.len && len < sizeof(bare); i++) {
		if (text.len - i >= 3 && memcmp(text.ptr + i, "\u200C", 3) == 0)
			i += 2;
		else
			bare[len++] = text.ptr[i];
	}
	text = (struct pk_span){ bare, len };
	for (size_t i = 0; i < PK_COUNT(feed_names); i++) {
		if (pk_span_find(text, pk_span_of(feed_names[i]), 0) != SIZE_MAX)
			return true;
	}
	return has_any(text, feed_words);
}

static bool
leads_to_feed(struct pk_span url)
{
	size_t scheme = pk_span_find(url, PK_SPAN("://"), 0);

	return has_any(
	    pk_span_slice(url, scheme == SIZE_MAX ? 0 : scheme, url.len), feed_words);
}

static enum pk_feed_format
format_of(struct pk_span type, struct pk_span url)
{
	static const struct {
		const char *word;
		enum pk_feed_format format;
	} formats[] = {
		{ "json", PK_FEED_JSON11 },
		{ "atom", PK_FEED_ATOM10 },
		{ "rdf", PK_FEED_RSS10 },
		{ "rss", PK_FEED_RSS20 },
		{ "sitemap", PK_FEED_SITEMAP },
	};

	for (size_t i = 0; i < PK_COUNT(formats); i++) {
		if (holds(type, formats[i].word))
			return formats[i].format;
	}
	for (size_t i = 0; i < PK_COUNT(formats); i++) {
		const char *const words[] = { formats[i].word, NULL };
		if (has_any(url, words))
			return formats[i].format;
	}
	return PK_FEED_NONE;
}

/* ---- candidates ---------------------------------------------------------------------
 */

static unsigned
cost_of(const struct discovery *d, const struct pk_feed_candidate *candidate)
{
	static const char *const comments[] = { "comment", "comments", "replies",
		"دیدگاه", "دیدگاه‌ها", "نظرات", NULL };
	static const char *const parts[] = { "category", "categories", "tag", "tags",
		"author", "search", NULL };
	struct pk_span own = pk_domain_registrable(pk_url_host(d->context.url));
	struct pk_span host = pk_domain_registrable(pk_url_host(candidate->url));
	unsigned cost = (unsigned)candidate->finding * 100;

	if (has_any(candidate->url, comments) || has_any(candidate->title, comments))
		cost += 40;
	if (own.len > 0 && !pk_span_eq_nocase(own, host))
		cost += 20;
	if (has_any(candidate->url, parts))
		cost += 10;
	return cost;
}

static void
add(struct discovery *d, struct pk_span href, struct pk_span title,
    enum pk_feed_format format, enum pk_feed_finding finding)
{
	struct pk_span url = pk_node_url(&d->reader, NULL, href);
	size_t i = d->found.len;

	url = pk_span_slice(url, 0, pk_span_find(url, PK_SPAN("#"), 0));
	if (url.len == 0)
		return;
	struct scored new = { .candidate = { .url = url,
				  .title = pk_utf8_prefix(title, TITLE_MAX),
				  .format = format,
				  .finding = finding } };
	new.cost = cost_of(d, &new.candidate);
	for (size_t k = 0; k < d->found.len; k++) {
		if (pk_span_eq(d->found.items[k].candidate.url, url))
			return;
	}
	if (d->found.len == PK_FEED_CANDIDATES_MAX &&
	    d->found.items[i - 1].cost <= new.cost)
		return;
	if (d->found.len < PK_FEED_CANDIDATES_MAX &&
	    pk_array_push(d->reader.arena, &d->found) == NULL) {
		d->reader.out_of_memory = true;
		return;
	}
	/* among equals the first stays the first */
	for (i = d->found.len - 1; i > 0 && d->found.items[i - 1].cost > new.cost; i--)
		d->found.items[i] = d->found.items[i - 1];
	d->found.items[i] = new;
}

/* <link rel="alternate" type="application/rss+xml">. Other documents of XML and JSON
 * are alternates too, of the page itself: those have to look like feeds. */
static void
take_head(struct discovery *d, const xmlNode *node)
{
	struct pk_span href = pk_node_attribute(node, "href");
	struct pk_span type = pk_node_attribute(node, "type");
	struct pk_span title =
	    pk_draft_copy(&d->reader, pk_node_attribute(node, "title"));
	bool alternate = pk_html_has_word(node, "rel", "alternate") &&
			 !pk_html_has_word(node, "rel", "stylesheet");
	bool feed = pk_html_has_word(node, "rel", "feed");
	bool plain = holds(type, "json") || holds(type, "xml");

	if (href.len == 0 || !(alternate || feed) || holds(type, "oembed"))
		return;
	if (feed || holds(type, "rss") || holds(type, "atom") || holds(type, "rdf") ||
	    holds(type, "feed+json") ||
	    (plain && (leads_to_feed(href) || is_called_feed(title))))
		add(d, href, title, format_of(type, href), PK_FEED_FOUND_HEAD);
}

static void
take_link(struct discovery *d, const xmlNode *node)
{
	struct pk_span href = pk_node_attribute(node, "href");
	struct pk_span type = pk_node_attribute(node, "type");
	struct pk_span text = { NULL, 0 };

	if (href.len == 0 || href.ptr[0] == '#')
		return;
	text = pk_html_text(d->reader.arena, node, &d->reader.out_of_memory);
	if (text.len == 0)
		text = pk_draft_copy(&d->reader, pk_node_attribute(node, "title"));
	if (leads_to_feed(href) || is_called_feed(text) || holds(type, "rss+xml") ||
	    holds(type, "atom+xml"))
		add(d, href, text, format_of(type, href), PK_FEED_FOUND_LINK);
}

/* What the head says comes first, wherever it stands. */
static void
read_page(struct discovery *d, const xmlNode *root)
{
	size_t n = 0;

	for (const xmlNode *at = root; at != NULL && n < LINKS_MAX;
	     at = pk_html_next(at, root, false)) {
		if (pk_html_is(at, "link")) {
			take_head(d, at);
			n++;
		}
	}
	for (const xmlNode *at = root; at != NULL && n < LINKS_MAX;
	     at = pk_html_next(at, root, false)) {
		if (pk_html_is(at, "a")) {
			take_link(d, at);
			n++;
		}
	}
}

/* The base has to be known before the first address. */
static void
settle_base(struct discovery *d, const xmlNode *root)
{
	for (const xmlNode *at = root; at != NULL; at = pk_html_next(at, root, false)) {
		struct pk_span base;
		if (!pk_html_is(at, "base") || pk_node_attribute(at, "href").len == 0)
			continue;
		if (pk_url_resolve(d->reader.arena, d->context.url,
			pk_node_attribute(at, "href"), &base) == 0)
			d->reader.url = base;
		return;
	}
}

/* Where sites have their feeds, the most frequent place first. */
static void
guess(struct discovery *d)
{
	static const char *const paths[] = { "/feed", "/rss", "/rss.xml", "/feed.xml",
		"/atom.xml", "/feed.json", "/index.xml", "/feeds", "/fa/rss",
		"/rss/latest", "/news-sitemap.xml", "/sitemap_news.xml",
		"/sitemap-news.xml", "/sitemap.xml" };

	if (d->found.len > 0 &&
	    d->found.items[0].candidate.finding == PK_FEED_FOUND_HEAD)
		return;
	d->reader.url = d->context.url;
	if (d->reader.url.len == 0)
		return;
	for (size_t i = 0; i < PK_COUNT(paths); i++) {
		struct pk_span path = pk_span_of(paths[i]);
		add(d, path, (struct pk_span){ NULL, 0 },
		    format_of((struct pk_span){ NULL, 0 }, path), PK_FEED_FOUND_GUESS);
	}
}

static int
give(const struct discovery *d, struct pk_feed_candidates *ret_candidates)
{
	struct pk_feed_candidate *items =
	    pk_arena_calloc(d->reader.arena, d->found.len + 1, sizeof(*items));

	if (items == NULL || d->reader.out_of_memory)
		return -ENOMEM;
	for (size_t i = 0; i < d->found.len; i++)
		items[i] = d->found.items[i].candidate;
	*ret_candidates = (struct pk_feed_candidates){ items, d->found.len };
	return 0;
}

int
pk_feed_discover(struct pk_arena *arena, struct pk_span bytes,
    const struct pk_feed_context *context, struct pk_feed_candidates *ret_candidates)
{
	pk_cleanup(pk_xml_docp) xmlDoc *doc = NULL;
	struct discovery d = { .context = *context };
	struct pk_span text;

	if (bytes.len > PK_FEED_BYTES_MAX)
		return -E2BIG;
	d.reader = (struct pk_reader){ .arena = arena,
		.context = &d.context,
		.url = context->url,
		.format = PK_FEED_HTML };
	int r = pk_charset_to_utf8(
	    arena, bytes, context->content_type, PK_CHARSET_LABEL_META, &text, NULL);
	if (r == 0)
		r = pk_html_tree_parse(text, &doc);
	if (r == -ENOMEM)
		return r;
	if (r == 0) {
		settle_base(&d, xmlDocGetRootElement(doc));
		read_page(&d, xmlDocGetRootElement(doc));
	}
	guess(&d);
	return give(&d, ret_candidates);
}
