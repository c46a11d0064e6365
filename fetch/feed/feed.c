/* SPDX-License-Identifier: Apache-2.0 */
/* The door of the room: bytes are unpacked and decoded, their format is found, and the
 * reader of its family is asked. */
#include "fetch/feed/feed.h"

#include "base/charset.h"
#include "base/gunzip.h"
#include "base/url.h"
#include "fetch/feed/entry_id.h"
#include "fetch/feed/formats_priv.h"
#include "fetch/feed/sniff.h"

#include <errno.h>

#define SUMMARY_MAX 4096 /* of what has no name but content */

const char *
pk_feed_format_name(enum pk_feed_format format)
{
	static const char *const names[] = { "none",
#define NAME(NAME_, name) name,
		PK_FEED_FORMATS(NAME)
#undef NAME
	};

	return names[format];
}

const char *
pk_feed_confidence_name(enum pk_feed_confidence confidence)
{
	static const char *const names[] = {
#define NAME(CONFIDENCE, name) [PK_FEED_TIME_##CONFIDENCE] = name,
		PK_FEED_CONFIDENCES(NAME)
#undef NAME
	};

	return names[confidence];
}

/* Who reads which formats. */
static const struct family {
	enum pk_feed_format first, last;
	pk_read *read;
} families[] = {
	{ PK_FEED_RSS090, PK_FEED_CDF, pk_read_xml },
	{ PK_FEED_JSON10, PK_FEED_JSON11, pk_read_json },
	{ PK_FEED_SITEMAP, PK_FEED_SITEMAP, pk_read_xml },
	{ PK_FEED_HTML, PK_FEED_HTML, pk_read_html },
};

static pk_read *
reader_of(enum pk_feed_format format)
{
	for (size_t i = 0; i < PK_COUNT(families); i++) {
		if (format >= families[i].first && format <= families[i].last)
			return families[i].read;
	}
	return NULL;
}

static void
buf_done(struct pk_buf *buf)
{
	pk_buf_done(buf);
}

/* Puts what was packed in the place of its packing. */
static int
unpack(struct pk_arena *arena, struct pk_span *bytes, bool *ret_cut)
{
	pk_cleanup(buf_done) struct pk_buf unpacked = { 0 };

	*ret_cut = false;
	if (!pk_is_gzip(*bytes))
		return 0;
	int r = pk_gunzip(*bytes, PK_FEED_BYTES_MAX, &unpacked, ret_cut);
	if (r < 0)
		return r;
	*bytes = pk_arena_copy(arena, pk_buf_span(&unpacked));
	return bytes->ptr == NULL ? -ENOMEM : 0;
}

/* RFC 3986, 5.1: the Content-Location stands between the document's own bases and the
 * address it was asked for at. */
static struct pk_span
base_of(struct pk_arena *arena, const struct pk_feed_context *context)
{
	struct pk_span base;

	return context->location.len > 0 && pk_url_resolve(arena, context->url,
						context->location, &base) == 0
		   ? base
		   : context->url;
}

static int
decode(struct pk_arena *arena, struct pk_span bytes, struct pk_span content_type,
    struct pk_feed *feed, struct pk_span *ret_text)
{
	int r = pk_charset_to_utf8(
	    arena, bytes, content_type, PK_CHARSET_LABEL_XML, ret_text, &feed->charset);

	if (r < 0)
		return r;
	feed->format = pk_feed_sniff(*ret_text);
	if (feed->format != PK_FEED_HTML) {
		size_t start = pk_feed_start(*ret_text);
		*ret_text = pk_span_slice(*ret_text, start, ret_text->len);
		return 0;
	}
	/* a page has its label elsewhere */
	return pk_charset_to_utf8(arena, bytes, content_type, PK_CHARSET_LABEL_META,
	    ret_text, &feed->charset);
}

/* Where a feed gives an entry one text alone, it is the summary as well, if it is no
 * longer than one. That comes behind the hash, which knows what was said. */
static void
summarize(struct pk_feed_entry *entries, size_t n_entries)
{
	for (size_t i = 0; i < n_entries; i++) {
		struct pk_feed_entry *entry = &entries[i];
		if (entry->summary.len == 0 && entry->content.len <= SUMMARY_MAX)
			entry->summary = entry->content;
	}
}

int
pk_feed_parse(struct pk_arena *arena, struct pk_span bytes,
    const struct pk_feed_context *context, struct pk_feed *ret_feed)
{
	struct pk_feed_context told = *context;
	struct pk_feed feed = { .format = PK_FEED_NONE };
	struct pk_span text;
	bool cut;

	if (bytes.len > PK_FEED_BYTES_MAX)
		return -E2BIG;
	int r = unpack(arena, &bytes, &cut);
	if (r == 0 && pk_feed_is_binary(bytes))
		r = -EBADMSG;
	if (r == 0)
		r = decode(arena, bytes, context->content_type, &feed, &text);
	if (r < 0)
		return r;
	pk_read *read = reader_of(feed.format);
	if (read == NULL)
		return -EBADMSG;
	told.url = base_of(arena, context);
	r = read(arena, text, &told, &feed);
	if (r == 0)
		r = pk_entry_ids(arena, feed.entries, feed.n_entries);
	if (r < 0)
		return r;
	summarize(feed.entries, feed.n_entries);
	feed.partial |= cut;
	*ret_feed = feed;
	return 0;
}
