/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/story/told_priv.h - the events that one merge looks at and changes.
 *
 * Each is loaded once and changed in memory; who is merged into whom changes in the
 * database at once where other events are asked by it. What was changed is composed and
 * published once, at the end.
 */
#ifndef PEYK_PUBLISH_STORY_TOLD_PRIV_H
#define PEYK_PUBLISH_STORY_TOLD_PRIV_H

#include "publish/story/match.h"
#include "publish/story/story.h"

struct pk_told {
	struct pk_told *next;
	char id[PK_ID_SIZE];
	char article[PK_ID_SIZE];
	char story[PK_ID_SIZE];
	char digest[PK_ID_SIZE];
	char into[PK_ID_SIZE];     /* which event it is merged into, or "" */
	char moved_to[PK_ID_SIZE]; /* of one that is gone: who tells it now, or "" */
	unsigned rev;              /* the newest that was published; 0: never */
	uint64_t seq;
	bool living;              /* told, and merged into none */
	bool changed;             /* to be published */
	double confidence;        /* of this telling alone */
	double confidence_before; /* the same, when it was published last */
	double weight;

	/* What its article says of it now; NULL: it is another article's. */
	const struct pk_record *record;

	/* As pk_told_open() leaves it; NULL before. */
	json_t *message; /* this telling alone, whatever was added for others */
	json_t *others;  /* the mentions in other articles */
	struct pk_span topic;
	struct pk_gist gist;
};

struct pk_work {
	struct pk_db *db;
	struct pk_arena *arena; /* owns all but the JSON */
	const struct pk_records *records;
	int64_t window_ms;
	int64_t now_ms;
	char story[PK_ID_SIZE];
	struct pk_told *told; /* in the order in which they were met */
	struct pk_told **last;
	size_t opened; /* bytes of messages that were opened */
};

/*
 * No owners are looked for behind so many bytes of opened messages, thousands of usual
 * ones: an article of huge events that others tell as well takes no more memory.
 */
#define PK_WORK_OPENED_MAX ((size_t)8 * 1024 * 1024)

/* Closes all. */
void pk_work_done(struct pk_work *work);

/* The event of a record of the article at hand; what is known of it is loaded. */
int pk_told_of_record(
    struct pk_work *work, const struct pk_record *record, struct pk_told **ret_told);

/* An event by its id. Returns 0, -ENOENT (never published), -ENOMEM or a database
 * error.
 */
int pk_told_get(struct pk_work *work, struct pk_span id, struct pk_told **ret_told);

/* Its data for reading and changing. Returns 0, -ENOENT (its message was pruned),
 * -ENOMEM or a database error. */
int pk_told_open(struct pk_work *work, struct pk_told *told);

/* Frees what opening made; pk_told_open() makes it again. */
void pk_told_close(struct pk_told *told);

/* Of an open one: what it is compared by. Borrows. */
struct pk_telling pk_told_telling(const struct pk_told *told);

/* The first event that is merged into this one, open; NULL: none. */
int pk_told_first_teller(
    struct pk_work *work, const struct pk_told *told, struct pk_told **ret_told);

/* Does one of the mentions of an open one lie in the article? */
bool pk_told_is_told_by(const struct pk_told *told, const char *article);

/* Both open: the mentions of `from` are those of `told` too, in place of others in its
 * article. Returns 1, 0 (it had them) or -ENOMEM. */
int pk_told_take_mentions(struct pk_told *told, const struct pk_told *from);
void pk_told_drop_mentions(struct pk_told *told, const char *article);

/*
 * Who else tells `gone` owns it from now on: what was merged into it is merged into
 * `heir`, one of them. Both are open.
 */
int pk_told_promote(struct pk_work *work, struct pk_told *heir, struct pk_told *gone);

/* It is told no more, and nobody needs to hear of it. */
int pk_told_forget(struct pk_work *work, const struct pk_told *told);

/*
 * The event of another article that one of this article tells, both opened; NULL: there
 * is none. *ret_near: it is of the same story.
 */
int pk_told_find_owner(struct pk_work *work, struct pk_told *told,
    struct pk_told **ret_owner, bool *ret_near);

/* Notes what later tellings are compared with. */
int pk_told_note(struct pk_work *work, const struct pk_told *told);

/*
 * The message that tells what became of an open one. Returns 0, -E2BIG (over
 * PK_EVENT_BODY_MAX), -ENOMEM or a database error.
 */
int pk_told_compose(
    struct pk_work *work, struct pk_told *told, struct pk_record *ret_record);

#endif
