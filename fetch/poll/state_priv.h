/* SPDX-License-Identifier: Apache-2.0 */
/* fetch/poll/state_priv.h - what the files that own the tables share. */
#ifndef PEYK_FETCH_POLL_STATE_PRIV_H
#define PEYK_FETCH_POLL_STATE_PRIV_H

#include "fetch/poll/state.h"

/* A row of the table `feed`. */
struct pk_feed_row {
	int64_t row;
	bool read; /* entries of it were recorded before */
};

/* Moves what a row lent into the arena; false on no memory. Absent stays absent. */
bool pk_poll_keep(struct pk_arena *arena, struct pk_span *const *texts, size_t n);

/* entries.c: the entries of a poll. Returns 0 or an error. */
int pk_poll_record_entries(struct pk_db *db, const struct pk_feed_row *feed,
    const struct pk_poll_result *result, struct pk_poll_counts *counts);

struct pk_poll_urls {
	struct pk_span *items;
	size_t len;
	size_t cap;
};

/* parts.c: what a poll has read of an index's children. Returns 0 or an error. */
int pk_poll_record_parts(
    struct pk_db *db, int64_t row, const struct pk_poll_result *result);

/*
 * rekey.c: gives known entries the keys under which the feed shows them now, where
 * nearly all that it shows would else be new. Returns how many, or an error.
 */
int pk_poll_rekey(struct pk_db *db, const struct pk_feed_row *feed,
    const struct pk_poll_result *result);

#endif
