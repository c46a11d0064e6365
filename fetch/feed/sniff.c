/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/feed/sniff.h"

#include "base/cleanup.h"
#include "fetch/feed/json_repair.h"

#define LOOK_AT_MAX 65536

#define RSS10_URI    PK_SPAN("http://purl.org/rss/1.0/")
#define RSS090_URI   PK_SPAN("my.netscape.com/rdf/simple/0.9/")
#define RSS090_URI_2 PK_SPAN("channel.netscape.com/rdf/simple/0.9/")
#define ATOM03_URI   PK_SPAN("http://purl.org/atom/ns#")

static bool
is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == ':';
}

static struct pk_span
skip_to(struct pk_span text, struct pk_span end)
{
	size_t found = pk_span_find(text, end, 0);

	return pk_span_slice(
	    text, found == SIZE_MAX ? text.len : found + end.len, text.len);
}

/* A document type may hold declarations with their own '>' between brackets. */
static struct pk_span
skip_doctype(struct pk_span text)
{
	struct pk_span head =
	    pk_span_slice(text, 0, pk_span_find(text, PK_SPAN(">"), 0));

	if (pk_span_find(head, PK_SPAN("["), 0) != SIZE_MAX)
		text = skip_to(text, PK_SPAN("]"));
	return skip_to(text, PK_SPAN(">"));
}

/* The first element's tag, from '<' to '>'; absent where there is none. */
static struct pk_span
find_first_tag(struct pk_span text, bool *ret_html_doctype)
{
	*ret_html_doctype = false;
	for (;;) {
		size_t open = pk_span_find(text, PK_SPAN("<"), 0);
		if (open == SIZE_MAX || open + 1 >= text.len)
			return (struct pk_span){ NULL, 0 };
		text = pk_span_slice(text, open, text.len);
		if (pk_span_starts_with(text, PK_SPAN("<!--"))) {
			text = skip_to(text, PK_SPAN("-->"));
		} else if (pk_span_starts_with_nocase(text, PK_SPAN("<!DOCTYPE"))) {
			struct pk_span name = pk_span_trim(pk_span_slice(text, 9, 64));
			*ret_html_doctype =
			    pk_span_starts_with_nocase(name, PK_SPAN("html"));
			text = skip_doctype(text);
		} else if (text.ptr[1] == '!' || text.ptr[1] == '?') {
			text = skip_to(text, PK_SPAN(">"));
		} else if (is_name_char(text.ptr[1])) {
			return pk_span_slice(
			    text, 0, pk_span_find(text, PK_SPAN(">"), 0));
		} else {
			text = pk_span_slice(text, 1, text.len);
		}
	}
}

/* Where the needle, which is in lower case, first stands, whatever the case; SIZE_MAX:
 * nowhere. */
static size_t
find_nocase(struct pk_span text, struct pk_span needle, size_t from)
{
	for (size_t at = from; at + needle.len <= text.len; at++) {
		if (pk_ascii_lower(text.ptr[at]) == needle.ptr[0] &&
		    pk_span_starts_with_nocase(
			pk_span_slice(text, at, text.len), needle))
			return at;
	}
	return SIZE_MAX;
}

static bool
holds(struct pk_span text, struct pk_span needle)
{
	return find_nocase(text, needle, 0) != SIZE_MAX;
}

/* The value of an attribute called `name`, in lower case and without its prefix. */
static struct pk_span
attribute(struct pk_span tag, struct pk_span name)
{
	for (size_t at = 0; (at = find_nocase(tag, name, at)) != SIZE_MAX;
	     at += name.len) {
		struct pk_span rest =
		    pk_span_trim(pk_span_slice(tag, at + name.len, tag.len));
		if (at == 0 || is_name_char(tag.ptr[at - 1]) ||
		    !pk_span_starts_with(rest, PK_SPAN("=")))
			continue;
		rest = pk_span_trim(pk_span_slice(rest, 1, rest.len));
		if (rest.len == 0 || (rest.ptr[0] != '"' && rest.ptr[0] != '\''))
			continue;
		char quote = rest.ptr[0];
		rest = pk_span_slice(rest, 1, rest.len);
		return pk_span_trim(pk_span_split(&rest, quote));
	}
	return (struct pk_span){ NULL, 0 };
}

static enum pk_feed_format
rss_format(struct pk_span tag, struct pk_span text)
{
	static const struct version {
		const char *prefix;
		enum pk_feed_format format;
	} versions[] = {
		{ "0.90", PK_FEED_RSS090 },
		{ "0.91", PK_FEED_RSS091 },
		{ "0.92", PK_FEED_RSS092 },
		{ "0.93", PK_FEED_RSS093 },
		{ "0.94", PK_FEED_RSS094 },
	};
	struct pk_span version = attribute(tag, PK_SPAN("version"));

	(void)text;
	for (size_t i = 0; i < PK_COUNT(versions); i++) {
		if (pk_span_starts_with(version, pk_span_of(versions[i].prefix)))
			return versions[i].format;
	}
	return PK_FEED_RSS20;
}

static enum pk_feed_format
rdf_format(struct pk_span tag, struct pk_span text)
{
	if (pk_span_find(tag, RSS090_URI, 0) != SIZE_MAX ||
	    pk_span_find(tag, RSS090_URI_2, 0) != SIZE_MAX)
		return PK_FEED_RSS090;
	/* other RDF documents say nothing of RSS at all */
	if (pk_span_find(tag, RSS10_URI, 0) == SIZE_MAX &&
	    pk_span_find(text, RSS10_URI, 0) == SIZE_MAX &&
	    pk_span_find(text, PK_SPAN("<item"), 0) == SIZE_MAX &&
	    pk_span_find(text, PK_SPAN("<channel"), 0) == SIZE_MAX)
		return PK_FEED_NONE;
	return PK_FEED_RSS10;
}

static enum pk_feed_format
atom_format(struct pk_span tag, struct pk_span text)
{
	(void)text;
	if (pk_span_find(tag, ATOM03_URI, 0) != SIZE_MAX ||
	    pk_span_starts_with(attribute(tag, PK_SPAN("version")), PK_SPAN("0.3")))
		return PK_FEED_ATOM03;
	return PK_FEED_ATOM10;
}

/* CDF says in attributes where a channel or an item leads, and has abstracts; a bare
 * channel of RSS lost its <rss>. */
static enum pk_feed_format
channel_format(struct pk_span tag, struct pk_span text)
{
	if (attribute(tag, PK_SPAN("href")).ptr != NULL ||
	    attribute(tag, PK_SPAN("lastmod")).ptr != NULL ||
	    holds(text, PK_SPAN("<abstract>")) || holds(text, PK_SPAN("<item href=")) ||
	    holds(text, PK_SPAN("<item lastmod=")))
		return PK_FEED_CDF;
	return rss_format(tag, text);
}

/* An RSS feed that has moved may leave nothing but its new address. */
static enum pk_feed_format
redirect_format(struct pk_span tag, struct pk_span text)
{
	(void)tag;
	return holds(text, PK_SPAN("<newlocation>")) ? PK_FEED_RSS20 : PK_FEED_NONE;
}

static enum pk_feed_format
sitemap_format(struct pk_span tag, struct pk_span text)
{
	(void)tag;
	(void)text;
	return PK_FEED_SITEMAP;
}

static enum pk_feed_format
html_format(struct pk_span tag, struct pk_span text)
{
	(void)tag;
	(void)text;
	return PK_FEED_HTML;
}

static const struct root {
	const char *name;
	enum pk_feed_format (*format)(struct pk_span tag, struct pk_span text);
} roots[] = {
	{ "rss", rss_format },
	{ "rdf", rdf_format },
	{ "feed", atom_format },
	{ "entry", atom_format },
	{ "channel", channel_format },
	{ "redirect", redirect_format },
	{ "urlset", sitemap_format },
	{ "sitemapindex", sitemap_format },
	{ "html", html_format },
	{ "head", html_format },
	{ "body", html_format },
};

static enum pk_feed_format
json_format(struct pk_span text)
{
	if (pk_span_find(text, PK_SPAN("jsonfeed.org/version/1.1"), 0) != SIZE_MAX)
		return PK_FEED_JSON11;
	if (pk_span_find(text, PK_SPAN("jsonfeed.org/version/1"), 0) != SIZE_MAX)
		return PK_FEED_JSON10;
	/* the version may be written otherwise, or stand behind megabytes of items */
	return text.len == LOOK_AT_MAX ||
		       pk_span_find(text, PK_SPAN("jsonfeed.org"), 0) != SIZE_MAX ||
		       pk_span_find(text, PK_SPAN("\"items\""), 0) != SIZE_MAX
		   ? PK_FEED_JSON11
		   : PK_FEED_NONE;
}

static enum pk_feed_format
sniff_here(struct pk_span text)
{
	bool html_doctype;

	text = pk_span_trim(text);
	if (pk_span_starts_with(text, PK_SPAN("/")))
		text = pk_span_slice(text, pk_json_start(text), text.len);
	text = pk_span_slice(text, 0, LOOK_AT_MAX);
	if (pk_span_starts_with(text, PK_SPAN("{")))
		return json_format(text);
	struct pk_span tag = find_first_tag(text, &html_doctype);
	struct pk_span name = pk_span_slice(tag, 1, tag.len);
	size_t len = 0;
	while (len < name.len && is_name_char(name.ptr[len]))
		len++;
	name.len = len;
	const char *colon = len == 0 ? NULL : memchr(name.ptr, ':', len);
	if (colon != NULL)
		name = pk_span_slice(name, (size_t)(colon + 1 - name.ptr), len);
	for (size_t i = 0; i < PK_COUNT(roots); i++) {
		if (pk_span_eq_nocase(name, pk_span_of(roots[i].name)))
			return roots[i].format(tag, text);
	}
	return html_doctype ? PK_FEED_HTML : PK_FEED_NONE;
}

bool
pk_feed_is_binary(struct pk_span bytes)
{
	/* pictures, documents, archives, recordings */
	static const struct pk_span beginnings[] = {
		PK_SPAN("\x89PNG"),
		PK_SPAN("GIF8"),
		PK_SPAN("\xFF\xD8\xFF"),
		PK_SPAN("RIFF"),
		PK_SPAN("%PDF-"),
		PK_SPAN("PK\x03\x04"),
		PK_SPAN("Rar!"),
		PK_SPAN("7z\xBC\xAF"),
		PK_SPAN("BZh"),
		PK_SPAN("\x1F\x9D"),
		PK_SPAN("\xFD"
			"7zXZ"),
		PK_SPAN("\x28\xB5\x2F\xFD"),
		PK_SPAN("\x7F"
			"ELF"),
		PK_SPAN("ID3"),
		PK_SPAN("OggS"),
		PK_SPAN("\0asm"),
		PK_SPAN("SQLite format 3"),
		PK_SPAN("\xD0\xCF\x11\xE0"),
	};

	for (size_t i = 0; i < PK_COUNT(beginnings); i++) {
		if (pk_span_starts_with(bytes, beginnings[i]))
			return true;
	}
	return false;
}

/* Is the place within a comment, which ends behind it? */
static bool
is_in_comment(struct pk_span text, size_t place)
{
	size_t at = 0;

	while ((at = pk_span_find(text, PK_SPAN("<!--"), at)) < place) {
		size_t end = pk_span_find(text, PK_SPAN("-->"), at);
		if (end == SIZE_MAX || end > place)
			return end != SIZE_MAX;
		at = end;
	}
	return false;
}

size_t
pk_feed_start(struct pk_span text)
{
	static const char *const starts[] = { "<?xml", "<rss", "<feed", "<rdf:RDF" };
	struct pk_span area = pk_span_slice(text, 0, LOOK_AT_MAX);

	if (sniff_here(text) != PK_FEED_NONE)
		return 0;
	for (size_t i = 0; i < PK_COUNT(starts); i++) {
		size_t at = pk_span_find(area, pk_span_of(starts[i]), 1);
		if (at == SIZE_MAX || is_in_comment(area, at))
			continue;
		enum pk_feed_format format =
		    sniff_here(pk_span_slice(text, at, text.len));
		if (format != PK_FEED_NONE && format != PK_FEED_HTML)
			return at;
	}
	return 0;
}

enum pk_feed_format
pk_feed_sniff(struct pk_span text)
{
	return sniff_here(pk_span_slice(text, pk_feed_start(text), text.len));
}
