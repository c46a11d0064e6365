/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/feed/sniff.h - which format is this? Judged by the text alone: servers call
 * feeds text/html and error pages application/rss+xml.
 */
#ifndef PEYK_FETCH_FEED_SNIFF_H
#define PEYK_FETCH_FEED_SNIFF_H

#include "fetch/feed/feed.h"

/*
 * The format of a text in UTF-8, by its first element with its attributes, or its first
 * character; PK_FEED_NONE where it is none. PK_FEED_HTML says that it is a page, and of
 * JSON only its reader knows for certain. Looks at no more than the first 64 KiB. Any
 * thread.
 */
enum pk_feed_format pk_feed_sniff(struct pk_span text);

/* Do the bytes begin as no text does, but pictures, documents, archives? Any thread. */
bool pk_feed_is_binary(struct pk_span bytes);

/*
 * Where the feed begins in such a text: behind the warnings, with their own markup,
 * that a program printed before it; else 0. Any thread.
 */
size_t pk_feed_start(struct pk_span text);

#endif
