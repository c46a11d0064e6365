/* SPDX-License-Identifier: Apache-2.0 */
/*
 * daemon/outcome.h - what became of a request: the message that goes from the fetcher
 * through a worker to the store.
 *
 * It is made with its document, before anything can fail, and takes it along; the
 * document's arena holds everything that the outcome points to. Whoever holds it fills
 * in what it knows.
 */
#ifndef PEYK_DAEMON_OUTCOME_H
#define PEYK_DAEMON_OUTCOME_H

#include "base/doc.h"
#include "extract/extract.h"
#include "fetch/entry.h"
#include "publish/record.h"

enum pk_outcome_kind {
	PK_OUTCOME_OPEN,      /* bytes that wait for a worker */
	PK_OUTCOME_POLLED,    /* a feed, read: its entries */
	PK_OUTCOME_UNCHANGED, /* 304 */
	PK_OUTCOME_POLL_FAILED,
	PK_OUTCOME_PAGE,        /* a page, worked through: its records, or none */
	PK_OUTCOME_PAGE_FAILED, /* to be asked for again, some day */
};

struct pk_outcome {
	enum pk_outcome_kind kind;
	struct pk_doc *doc; /* owns all of this, the outcome too */

	/* What read the page; its records may borrow from it. NULL before that. */
	struct pk_extractor *extractor;

	/* What was asked for. */
	struct pk_span asked_url;
	unsigned revision; /* of the page's entry */
	unsigned attempts; /* at it that failed before this one */

	/* An article's pages, while they come. */
	struct pk_reading reading; /* `next` is what is asked for, once it is there */
	size_t bytes_read;         /* of all of them */
	const char *missed; /* why the rest cannot be had: one clause; NULL: it can */

	/* POLLED */
	const struct pk_poll_entry *entries;
	size_t n_entries;
	bool partial; /* entries may be missing: keep the old validators */
	char body_hash[PK_ID_SIZE];
	struct pk_span known_hash; /* of the last body; an equal one has nothing new */

	/* POLL_FAILED, PAGE_FAILED */
	const char *error;      /* in the arena, or static: one clause */
	bool gone;              /* 410: no use to ask again soon */
	int64_t retry_after_ms; /* what the server asked us to wait; -1: nothing */
	int64_t fresh_ms;       /* how long the answer keeps; -1: not said */

	/* PAGE */
	struct pk_records records;
};

/* A new outcome with a new document, whose arena holds up to `arena_limit`. NULL on no
 * memory. */
struct pk_outcome *pk_outcome_new(enum pk_doc_kind kind, size_t arena_limit);
struct pk_outcome *pk_outcome_free(struct pk_outcome *outcome);

#endif
