/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/feed/entry_id.h - which entry is this, and does it still say the same?
 *
 * Who an entry is, within its feed, down a ladder: its guid, else its link, else its
 * title and time. Links, and guids that are addresses, are compared by what stays of
 * them when a site moves to https or drops its "www.": without scheme, "www.", slash at
 * the end, default port, parameters of tracking and of the visit; links without
 * fragment. A guid that several entries of one document share names none of them: they
 * are told apart by their links too, and equal ones by their order.
 */
#ifndef PEYK_FETCH_FEED_ENTRY_ID_H
#define PEYK_FETCH_FEED_ENTRY_ID_H

#include "fetch/feed/feed.h"

/*
 * Fills `key` and `content_hash` of all entries. The hash is over title, link
 * (as compared), author, time of change and the plain text of summary and content:
 * markup, tracking parameters and counters of readers (counter.h), which change with
 * every request on some sites, do not count, nor does the time of publication, which
 * some set to now.
 *
 * Returns 0 or -ENOMEM. Any thread.
 */
int pk_entry_ids(
    struct pk_arena *arena, struct pk_feed_entry *entries, size_t n_entries);

#endif
