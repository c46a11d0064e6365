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
#include "fetch/poll/failure.h"
#include "fetch/poll/state.h"
#include "publish/record.h"

enum pk_outcome_kind {
	PK_OUTCOME_OPEN,      /* bytes that wait for a worker */
	PK_OUTCOME_POLLED,    /* a feed, read: its entries */
	PK_OUTCOME_UNCHANGED, /* 304, or the same bytes */
	PK_OUTCOME_POLL_FAILED,
	PK_OUTCOME_PAGE,        /* a page, worked through: its records, or none */
	PK_OUTCOME_PAGE_FAILED, /* to be asked for again, some day */
	PK_OUTCOME_PAGE_HELD,   /* not asked for: its host wants to be left alone */
};

/* A feed: what is known of it, and what was read. */
struct pk_feed_reading {
	/* Before the answer. */
	struct pk_span url;   /* of the configuration; asked_url is where it moved */
	struct pk_span links; /* a page as a feed: its selector, "auto"; or absent */
	struct pk_span known_hash; /* of the last body; an equal one has nothing new */
	bool known;                /* entries of it were recorded before */
	bool told;                 /* a hub has caused the poll: it was first to know */
	bool pushed;               /* a hub has sent it: nothing was asked for */

	/* Of the answer. */
	struct pk_span content_location;
	struct pk_span hub, self; /* of its fields Link, absolute */
	bool delta;               /* it has only what is new (226) */
	struct pk_span moved;     /* where it has moved for good, if it says so */
	struct pk_span found; /* the feed that a page points to, which is none itself */

	/* POLLED */
	struct pk_poll_entries {
		struct pk_poll_entry *items;
		size_t len, cap;
	} entries;
	struct pk_poll_parts {
		struct pk_poll_part *items;
		size_t len, cap;
	} wanted, parts; /* of an index: those to read, those that were tried */
	struct pk_feed_urls {
		struct pk_span *items;
		size_t len, cap;
	} listed;       /* all that it has, where it was read to its end */
	size_t n_asked; /* of the wanted ones; the last may be under way */
	struct pk_poll_about about;
	bool partial; /* entries may be missing: keep the old validators */
	bool in_part; /* of an index: the same bytes may have more to read next time, so
			 that no validators vouch for it */
	char body_hash[PK_ID_SIZE];
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

	/* What takes more than one answer, while they come. */
	size_t bytes_read;  /* of all of them */
	const char *missed; /* why the rest cannot be had: one clause; NULL: it can */
	struct pk_reading reading; /* an article's pages */
	struct pk_feed_reading feed;

	/* POLL_FAILED, PAGE_FAILED */
	enum pk_failure failure;
	const char *error;      /* in the arena, or static: one clause */
	int64_t retry_after_ms; /* what the server asked us to wait, or what is left of
				   it (PAGE_HELD); -1: nothing */
	int64_t fresh_ms;       /* how long the answer keeps; -1: not said */
	int64_t took_ms;        /* from the request to the answer's end */

	/* PAGE */
	struct pk_records records;
};

/* The address of what its feed or article still wants, to be asked for next; absent
 * where it wants nothing. */
struct pk_span pk_outcome_next(const struct pk_outcome *outcome);

/* A new outcome with a new document, whose arena holds up to `arena_limit`. NULL on no
 * memory. */
struct pk_outcome *pk_outcome_new(enum pk_doc_kind kind, size_t arena_limit);
struct pk_outcome *pk_outcome_free(struct pk_outcome *outcome);

#endif
