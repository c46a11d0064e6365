/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/feed/formats_priv.h - readers of the formats that are no XML. They fill the
 * same drafts, by the same functions; what becomes of drafts is one for all.
 */
#ifndef PEYK_FETCH_FEED_FORMATS_PRIV_H
#define PEYK_FETCH_FEED_FORMATS_PRIV_H

#include "fetch/feed/reader_priv.h"

/*
 * JSON Feed, version 1.0 or 1.1, or what is meant as one. Sets the format to what it
 * really is. Where the feed's address is unknown, relative ones are meant from the one
 * that it says is its own. json.c
 */
pk_read pk_read_json;

/*
 * An HTML page: the links that context->links selects, or those that look like a list
 * of news. -EBADMSG also where there is no such list, and where `links` is no selector.
 * html.c
 */
pk_read pk_read_html;

/* What is read of such a feed. Not to be moved: the reader points to the channel. */
struct pk_drafts {
	struct pk_reader reader;
	struct pk_draft channel;
	PK_ARRAY(struct pk_draft) entries;
	size_t n_refused;
};

void pk_drafts_init(struct pk_drafts *drafts, struct pk_arena *arena,
    const struct pk_feed_context *context, struct pk_feed *feed);

/* A new entry at the end; NULL where there are enough, or no memory. */
struct pk_draft *pk_drafts_add(struct pk_drafts *drafts);

/* Fills the feed. Returns 0 or -ENOMEM, also for what failed before. */
int pk_drafts_finish(struct pk_drafts *drafts, struct pk_feed *feed);

/* A copy of the text in the arena, trimmed and without control characters; absent where
 * that leaves nothing. */
struct pk_span pk_draft_copy(struct pk_reader *reader, struct pk_span text);

/* The media type that the end of a picture's address tells, "image/jpeg"; or absent. */
struct pk_span pk_media_type_of(struct pk_span url);

#endif
