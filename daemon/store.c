/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/store.h"

#include "base/clock.h"
#include "base/counter.h"
#include "base/digest.h"
#include "base/failpoint.h"
#include "base/log.h"
#include "base/steady.h"
#include "daemon/apply_poll.h"
#include "daemon/prune.h"
#include "daemon/subscription.h"
#include "daemon/tell.h"
#include "fetch/poll/entries.h"
#include "fetch/poll/state.h"
#include "publish/endpoints.h"
#include "publish/journal.h"
#include "publish/story/story.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <sys/statvfs.h>
#include <time.h>

/* A commit that failed is tried again after this. */
#define RETRY_NS ((uint64_t)PK_NS_PER_S / 2)

/* Intake leaves so much of the disk alone, or this share of a small one: retention and
 * moving the WAL take room before they give some. */
#define SPARE_BYTES (UINT64_C(32) * 1024 * 1024)
#define SPARE_SHARE 16

/* What one try to write a group may take beside its documents, and what one article in
 * it may to be merged with others. */
#define SCRATCH_LIMIT ((size_t)256 * 1024 * 1024)
#define MERGE_LIMIT   ((size_t)64 * 1024 * 1024)

#define PAGE_BYTES UINT64_C(8192)

/* How soon subscriptions are read where there are keys with topics. */
#define SUBSCRIPTIONS_NS (UINT64_C(50) * (uint64_t)PK_NS_PER_MS)

/* How often a page is asked for before its entry is given up, and the longest rest
 * between. */
#define PAGE_ATTEMPTS    6
#define PAGE_REST_MAX_MS INT64_C(3600000)

/* One outcome in a group: what it became while the transaction was written. */
struct part {
	struct pk_outcome *outcome;
	struct pk_records records; /* to be sent after the commit */
	struct pk_arena *merged;   /* what they are made of beside the document */
	uint64_t *seqs;
	struct pk_completion completion;
	struct pk_applied_poll poll;
	const char *failed; /* why a page failed; NULL: it did not */
	bool given_up;
};

struct pk_store {
	struct pk_flow *flow;
	struct pk_fetcher *fetcher;
	struct pk_db *db;
	struct pk_socket *socket;
	struct pk_config *config;
	struct part *parts; /* the group at hand */
	size_t n_parts;
	size_t parts_max;
	struct pk_arena *scratch; /* of one try; a full disk may take thousands */
	struct pk_steady written; /* the time of messages */
	struct pk_steady kept;    /* what is old by it is deleted */
	uint64_t next_heartbeat_ns;
	size_t last_group; /* how many outcomes the last group had */
	struct pk_prune prune;
	bool marked; /* that we are at work stands in the database */
	pthread_t thread;
	_Atomic uint64_t
	    give_up_ns; /* when stopping: no more tries after this; 0: try on */

	pthread_mutex_t lock; /* of the two below */
	struct pk_config *new_config;
	struct pk_store_view view;
};

/* What `steady` says now: see base/steady.h. */
static int64_t
steady_ms(struct pk_steady *steady)
{
	return pk_steady_ms(
	    steady, pk_wall_ms(), pk_elapsed_ms(), PK_STEADY_PATIENCE_MS);
}

/* Messages bear the time of the wall that the daemon was started under. But nothing is
 * old because it was started a day ahead: for that the newest message's time counts. */
static int
begin_steady(struct pk_store *s)
{
	int64_t newest_ms = 0;
	int r = pk_journal_newest_ms(s->db, &newest_ms);

	pk_steady_init(&s->written, pk_wall_ms(), pk_elapsed_ms());
	pk_steady_init(
	    &s->kept, newest_ms == 0 ? pk_wall_ms() : newest_ms, pk_elapsed_ms());
	return r;
}

/* ---- what an outcome means for the tables ---- */

static bool
is_wanted(const struct pk_config *config, struct pk_span feed_id)
{
	const struct pk_config_feed *feed = pk_config_feed(config, feed_id);

	return feed != NULL && feed->enabled;
}

static int
apply_poll(struct pk_store *s, struct part *part, int64_t now_ms)
{
	int r = part->outcome->feed.pushed
		    ? pk_apply_push(s->db, s->scratch, s->config, part->outcome, now_ms,
			  &part->poll)
		    : pk_apply_poll(s->db, s->scratch, s->config, s->flow->instance,
			  part->outcome, now_ms, &part->records, &part->poll);

	PK_FAILPOINT(entries_written);
	part->completion.next_ms = part->poll.next_ms;
	part->completion.wait_ms = part->poll.next_ms - now_ms;
	part->completion.failing = part->poll.failures > 0;
	part->completion.moved = part->poll.moved;
	part->completion.new_pages = part->poll.new_pages;
	part->completion.told = part->poll.told;
	return r;
}

static int
fail_page(struct pk_store *s, struct part *part, const char *error, int64_t now_ms)
{
	const struct pk_outcome *outcome = part->outcome;
	int64_t first_ms = s->config->poll.backoff.first_ms;
	const struct pk_poll_attempts attempts = { .limit = PAGE_ATTEMPTS,
		.first_ms = first_ms,
		.max_ms = first_ms > PAGE_REST_MAX_MS ? first_ms : PAGE_REST_MAX_MS };

	int r = pk_poll_entry_failed(s->db, outcome->doc->entry, outcome->revision,
	    now_ms, &attempts, pk_random_u64(), pk_span_of(error));
	part->given_up = r > 0;
	part->failed = error;
	return r < 0 ? r : pk_apply_hold(s->db, outcome, now_ms);
}

/* It has not failed, it waits with its host; it looks again after the longest rest. */
static int
rest_page(struct pk_store *s, struct part *part, int64_t now_ms)
{
	const struct pk_outcome *outcome = part->outcome;
	int64_t wait_ms = outcome->retry_after_ms;

	return pk_poll_entry_rest(s->db, outcome->doc->entry, outcome->revision,
	    now_ms + (wait_ms < PAGE_REST_MAX_MS ? wait_ms : PAGE_REST_MAX_MS));
}

/* What is left of what a group may take, up to what one article may. */
static size_t
merge_limit(const struct pk_store *s)
{
	size_t used = 0;

	for (size_t i = 0; i < s->n_parts; i++) {
		if (s->parts[i].merged != NULL)
			used += pk_arena_used(s->parts[i].merged);
	}
	size_t left = used < SCRATCH_LIMIT ? SCRATCH_LIMIT - used : 0;
	return left < MERGE_LIMIT ? left : MERGE_LIMIT;
}

static int
merge_page(struct pk_store *s, struct part *part, int64_t now_ms)
{
	const struct pk_outcome *outcome = part->outcome;
	int r = pk_poll_entry_end(s->db, outcome->doc->entry, outcome->revision,
	    outcome->error == NULL ? PK_POLL_DONE : PK_POLL_NONE);

	if (r < 0)
		return r;
	part->merged = pk_arena_new(merge_limit(s));
	return part->merged == NULL
		   ? -ENOMEM
		   : pk_story_merge(s->db, part->merged, &outcome->records,
			 s->config->extract.story.window_ms, now_ms, &part->records);
}

/* An article that takes too much to be merged must not hold up the others for ever: its
 * page is asked for again, and given up some day. */
static int
apply_page(struct pk_store *s, struct part *part, int64_t now_ms)
{
	int r = pk_db_savepoint(s->db);

	if (r < 0)
		return r;
	r = merge_page(s, part, now_ms);
	if (r == 0)
		return pk_db_release(s->db);
	pk_db_undo(s->db);
	part->records = (struct pk_records){ 0 };
	return r == -ENOMEM
		   ? fail_page(s, part, "takes too much memory to be merged", now_ms)
		   : r;
}

static int
apply_kind(struct pk_store *s, struct part *part, int64_t now_ms)
{
	switch (part->outcome->kind) {
	case PK_OUTCOME_POLLED:
	case PK_OUTCOME_UNCHANGED:
	case PK_OUTCOME_POLL_FAILED:
		return apply_poll(s, part, now_ms);
	case PK_OUTCOME_PAGE:
		return apply_page(s, part, now_ms);
	case PK_OUTCOME_PAGE_FAILED:
		return fail_page(s, part, part->outcome->error, now_ms);
	case PK_OUTCOME_PAGE_HELD:
		return rest_page(s, part, now_ms);
	case PK_OUTCOME_OPEN:
		break;
	}
	assert(part->outcome->kind != PK_OUTCOME_OPEN);
	return -EINVAL;
}

/*
 * One outcome, all or nothing, within the group's transaction. What is stale (the entry
 * or the article went on meanwhile) leaves no trace and is done again; it does not hold
 * up the rest.
 */
static int
apply(struct pk_store *s, struct part *part, int64_t now_ms)
{
	const struct pk_doc *doc = part->outcome->doc;

	/* nothing is left of an earlier try */
	part->records = (struct pk_records){ 0 };
	part->poll = (struct pk_applied_poll){ .next_ms = now_ms };
	part->given_up = false;
	part->failed = NULL;
	part->completion =
	    (struct pk_completion){ .entry = doc->entry, .next_ms = now_ms };
	snprintf(part->completion.feed, sizeof(part->completion.feed), "%.*s",
	    PK_SPAN_ARG(doc->feed));
	int r = pk_db_savepoint(s->db);
	if (r < 0)
		return r;
	r = apply_kind(s, part, now_ms);
	if (r == 0 && part->records.len > 0) {
		part->seqs =
		    pk_arena_calloc(s->scratch, part->records.len, sizeof(*part->seqs));
		r = part->seqs == NULL ? -ENOMEM
				       : pk_journal_apply(s->db, &part->records,
					     steady_ms(&s->written), part->seqs);
	}
	if (r == 0)
		return pk_db_release(s->db);
	pk_db_undo(s->db);
	part->records = (struct pk_records){ 0 };
	return r == -ESTALE ? 0 : r;
}

/* ---- a group ---- */

static uint64_t
unused_bytes(struct pk_store *s)
{
	struct pk_stmt *stmt = pk_db_prepare(s->db, "PRAGMA freelist_count");
	uint64_t pages = pk_stmt_step(stmt) > 0 && pk_stmt_int(stmt, 0) > 0
			     ? (uint64_t)pk_stmt_int(stmt, 0)
			     : 0;

	pk_stmt_reset(stmt);
	return pages * PAGE_BYTES;
}

/* Room is on the disk, and in the pages of the database that retention has emptied. */
static bool
has_room(struct pk_store *s)
{
	struct statvfs disk;

	if (statvfs(s->flow->db_path, &disk) != 0)
		return true;
	uint64_t spare = (uint64_t)disk.f_blocks * disk.f_frsize / SPARE_SHARE;
	uint64_t left = (uint64_t)disk.f_bavail * disk.f_frsize;
	if (spare > SPARE_BYTES)
		spare = SPARE_BYTES;
	return left >= spare || (left > 0 && left + unused_bytes(s) >= spare);
}

static int
write_group(struct pk_store *s)
{
	int64_t now_ms = pk_wall_ms();

	pk_arena_free(s->scratch);
	s->scratch = pk_arena_new(SCRATCH_LIMIT);
	for (size_t i = 0; i < s->n_parts; i++)
		s->parts[i].merged = pk_arena_free(s->parts[i].merged);
	PK_FAILPOINT(before_begin);
	if (s->scratch == NULL || !has_room(s)) {
		pk_count(PK_COUNT_JOURNAL_ERRORS);
		return s->scratch == NULL ? -ENOMEM : -ENOSPC;
	}
	int r = pk_db_begin(s->db);
	if (r == 0 && !s->marked)
		r = pk_journal_mark_running(s->db, now_ms);
	for (size_t i = 0; i < s->n_parts && r == 0; i++)
		r = apply(s, &s->parts[i], now_ms);
	PK_FAILPOINT(before_commit);
	PK_FAILPOINT_BEGUN(in_commit);
	if (r == 0)
		r = pk_db_commit(s->db);
	if (r < 0) {
		pk_db_rollback(s->db);
		pk_count(PK_COUNT_JOURNAL_ERRORS);
		return r;
	}
	PK_FAILPOINT(committed);
	s->marked = true;
	pk_count(PK_COUNT_JOURNAL_COMMITS);
	return 0;
}

static void
send_part(struct pk_store *s, const struct part *part)
{
	for (size_t i = 0; i < part->records.len; i++) {
		const struct pk_record *record = &part->records.items[i];
		int r = pk_socket_send(s->socket, record->topic, s->view.epoch,
		    part->seqs[i], record->body);
		PK_FAILPOINT(between_messages);
		pk_count(r < 0 ? PK_COUNT_SEND_FAILED : PK_COUNT_SENT);
		if (record->kind == PK_RECORD_ARTICLE)
			pk_count(PK_COUNT_ARTICLES);
		else if (record->kind == PK_RECORD_EVENT)
			pk_count(PK_COUNT_EVENTS);
		pk_count_add(PK_COUNT_EVENTS_MERGED, record->merged_into[0] != '\0');
	}
}

/* After the commit: out on the stream, word to the fetcher, and the memory back. */
static void
finish_group(struct pk_store *s, bool committed)
{
	for (size_t i = 0; i < s->n_parts; i++) {
		struct part *part = &s->parts[i];
		if (committed) {
			send_part(s, part);
			PK_FAILPOINT(sent);
			if (part->outcome->doc->kind == PK_DOC_FEED)
				pk_tell_of_poll(
				    part->completion.feed, part->outcome, &part->poll);
			else
				pk_tell_of_page(part->completion.feed, part->outcome,
				    &part->records, part->failed, part->given_up);
			pk_fetcher_complete(s->fetcher, &part->completion);
			if (part->poll.ask_hubs)
				pk_fetcher_look_at_hubs(s->fetcher);
		}
		part->outcome = pk_outcome_free(part->outcome);
		part->merged = pk_arena_free(part->merged);
	}
	s->n_parts = 0;
}

static bool
gives_up(const struct pk_store *s)
{
	uint64_t give_up_ns = atomic_load(&s->give_up_ns);

	return give_up_ns != 0 && pk_mono_ns() >= give_up_ns;
}

static void heartbeat(struct pk_store *s);

/* While intake waits, what is old goes all the same, and what a reload says need not
 * stay: that may be the way out. The rest of the new configuration is taken over when
 * it can be written down. */
static void
make_room(struct pk_store *s)
{
	pthread_mutex_lock(&s->lock);
	struct pk_config *config =
	    pk_config_ref(s->new_config == NULL ? s->config : s->new_config);
	pthread_mutex_unlock(&s->lock);
	pk_prune_round(&s->prune, s->db, config, steady_ms(&s->kept), true);
	pk_config_unref(config);
}

/* Writes until it is written (P7). Returns false when a stop has lost its patience. */
static bool
commit_group(struct pk_store *s)
{
	int r, said = 0;

	while ((r = write_group(s)) < 0) {
		if (said == 0)
			atomic_store(&s->flow->degraded_since_ms, pk_wall_ms());
		atomic_store(&s->flow->degraded, r);
		if (said != r)
			pk_log(PK_ERROR, "cannot write the journal, intake waits",
			    "why",
			    r == -ENOSPC ? "the disk is full" : pk_db_error(s->db),
			    "error", strerrordesc_np(-r));
		said = r;
		if (gives_up(s))
			return false;
		struct timespec pause = { .tv_nsec = (long)RETRY_NS };
		nanosleep(&pause, NULL);
		heartbeat(s);
		pk_cursor_mail_write(s->flow->cursor_mail, NULL, 0);
		make_room(s);
	}
	if (said != 0)
		pk_log(PK_NOTICE, "the journal can be written again");
	atomic_store(&s->flow->degraded, 0);
	return true;
}

/*
 * Waits for a first outcome, then takes what comes within the group's delay. One that
 * comes alone is not kept waiting for others: only where the last group had company is
 * there a rush that a commit can be shared by.
 */
static void
gather(struct pk_store *s, uint64_t patience_ns)
{
	int64_t delay_ms =
	    s->last_group > 1 ? s->config->journal.group_commit.delay_ms : 0;
	uint64_t delay_ns = (uint64_t)delay_ms * (uint64_t)PK_NS_PER_MS;
	struct pk_outcome *outcome =
	    pk_queue_pop_within(s->flow->outcomes, patience_ns);
	uint64_t end_ns = pk_mono_ns() + delay_ns;

	while (outcome != NULL) {
		s->parts[s->n_parts++] = (struct part){ .outcome = outcome };
		uint64_t now_ns = pk_mono_ns();
		if (s->n_parts == s->parts_max)
			break;
		outcome = pk_queue_pop_within(
		    s->flow->outcomes, now_ns < end_ns ? end_ns - now_ns : 0);
	}
	if (s->n_parts > 0)
		s->last_group = s->n_parts;
}

/* ---- beside the groups ---- */

static void
heartbeat(struct pk_store *s)
{
	uint64_t now_ns = pk_mono_ns(), oldest, head;

	atomic_store(&s->flow->store_alive_ns, now_ns);
	if (now_ns < s->next_heartbeat_ns)
		return;
	s->next_heartbeat_ns =
	    now_ns + (uint64_t)s->config->publish.heartbeat_ms * (uint64_t)PK_NS_PER_MS;
	if (pk_journal_range(s->db, &oldest, &head) < 0)
		return;
	pk_socket_heartbeat(
	    s->socket, s->flow->instance, s->view.epoch, oldest, head, pk_wall_ms());
	int64_t bytes = 0;
	pk_journal_bytes(s->db, &bytes);
	size_t subscriptions = pk_socket_subscriptions(s->socket);
	pthread_mutex_lock(&s->lock);
	s->view.oldest = oldest;
	s->view.head = head;
	s->view.bytes = bytes;
	s->view.subscriptions = subscriptions;
	pthread_mutex_unlock(&s->lock);
}

struct leaving {
	const struct pk_config *config;
	struct pk_arena *arena;
	PK_ARRAY(struct pk_span) ids;
};

static int
note_leaving(void *context, const struct pk_poll_feed *feed)
{
	struct leaving *leaving = context;

	if (pk_span_eq(feed->state, PK_SPAN("off")) ||
	    is_wanted(leaving->config, feed->id))
		return 0;
	struct pk_span *id = pk_array_push(leaving->arena, &leaving->ids);
	if (id == NULL)
		return -ENOMEM;
	*id = pk_arena_copy(leaving->arena, feed->id);
	return id->ptr == NULL ? -ENOMEM : 0;
}

/*
 * Feeds that are no longer wanted have no pages to be asked for: else theirs would
 * stand before those of the others for ever. The tables tell which, so that it does not
 * matter whether a reload, a restart or a full disk came between.
 */
static void
leave_feeds(struct pk_store *s)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(SCRATCH_LIMIT);
	struct leaving leaving = { .config = s->config, .arena = arena };
	int r = arena == NULL ? -ENOMEM : pk_poll_feeds(s->db, note_leaving, &leaving);

	if (r == 0 && leaving.ids.len == 0)
		return;
	if (r == 0)
		r = pk_db_begin(s->db);
	for (size_t i = 0; i < leaving.ids.len && r == 0; i++)
		r = pk_poll_feed_off(s->db, leaving.ids.items[i]);
	if (r == 0)
		r = pk_db_commit(s->db);
	if (r == 0)
		return;
	pk_db_rollback(s->db);
	pk_log(PK_WARN, "cannot note which feeds were taken out, ignoring", "why",
	    strerrordesc_np(-r));
}

/* What does not work now works some other time. */
static void
read_hub_mail(struct pk_store *s)
{
	if (pk_subscription_read_mail(s->db, s->flow->hub_mail, pk_wall_ms()) > 0)
		pk_fetcher_look_at_hubs(s->fetcher);
}

static void
sweep_subscriptions(struct pk_store *s)
{
	int r = pk_subscription_sweep(s->db, s->config, pk_wall_ms());

	if (r < 0)
		pk_log(PK_WARN, "cannot note which subscriptions changed, ignoring",
		    "why", strerrordesc_np(-r));
	else
		pk_fetcher_look_at_hubs(s->fetcher);
}

static void
take_config(struct pk_store *s)
{
	const char *binds[PK_ENDPOINTS_MAX];
	struct pk_socket_options options = { .binds = binds };

	pthread_mutex_lock(&s->lock);
	struct pk_config *config = pk_steal(&s->new_config);
	pthread_mutex_unlock(&s->lock);
	if (config == NULL)
		return;
	struct pk_config *old = s->config;
	s->config = config;
	for (size_t i = 0; i < config->publish.events.bind.n; i++)
		binds[options.n_binds++] = config->publish.events.bind.items[i].ptr;
	int r = pk_socket_rebind(s->socket, &options);
	if (r < 0)
		pk_log(PK_ERROR, "cannot bind a new endpoint, going on without it",
		    "why", strerrordesc_np(-r));
	leave_feeds(s);
	sweep_subscriptions(s);
	pk_config_unref(old);
}

/* Until the next heartbeat; but the watchdog wants to hear from us more often. */
static uint64_t
patience_ns(const struct pk_store *s)
{
	uint64_t now_ns = pk_mono_ns();
	uint64_t left_ns =
	    s->next_heartbeat_ns > now_ns ? s->next_heartbeat_ns - now_ns : 0;

	/* subscriptions of keys with topics hold only when they were read */
	uint64_t most_ns =
	    pk_socket_is_limited(s->socket) ? SUBSCRIPTIONS_NS : (uint64_t)PK_NS_PER_S;
	return left_ns < most_ns ? left_ns : most_ns;
}

static void *
store(void *context)
{
	struct pk_store *s = context;
	bool writing = true;

	leave_feeds(s);
	sweep_subscriptions(s);
	while (writing && !pk_queue_drained(s->flow->outcomes)) {
		heartbeat(s);
		if (pk_socket_is_limited(s->socket))
			pk_socket_subscriptions(s->socket);
		gather(s, patience_ns(s));
		/* behind gather(): what was asked for under a new configuration finds
		 * it here, for the store is told of it before the fetcher */
		take_config(s);
		if (s->n_parts > 0) {
			writing = commit_group(s);
			finish_group(s, writing);
		}
		pk_cursor_mail_write(
		    s->flow->cursor_mail, writing ? s->db : NULL, steady_ms(&s->kept));
		read_hub_mail(s);
		pk_prune_round(&s->prune, s->db, s->config, steady_ms(&s->kept),
		    pk_queue_length(s->flow->outcomes) == 0);
	}
	/* what was not taken by the disk is found by the next start */
	if (writing && !atomic_load(&s->flow->unchecked))
		pk_journal_mark_clean(s->db);
	return NULL;
}

/* ---- the door ---- */

static void
free_store(struct pk_store *s)
{
	pk_socket_close(s->socket);
	/* the last connection: it moves the rest of the WAL, and what is left is one
	 * file */
	pk_db_close(s->db);
	pk_config_unref(s->new_config);
	pk_config_unref(s->config);
	pk_arena_free(s->scratch);
	free(s->parts);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

int
pk_store_start(struct pk_flow *flow, struct pk_config *config, struct pk_db *db,
    struct pk_socket *socket, struct pk_fetcher *fetcher, struct pk_store **ret_store)
{
	struct pk_store *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		pk_socket_close(socket);
		pk_db_close(db);
		return -ENOMEM;
	}
	pthread_mutex_init(&s->lock, NULL);
	s->flow = flow;
	s->fetcher = fetcher;
	s->db = db;
	s->socket = socket;
	s->config = pk_config_ref(config);
	s->parts_max = (size_t)config->journal.group_commit.rows;
	s->parts = calloc(s->parts_max, sizeof(*s->parts));
	atomic_store(&flow->store_alive_ns, pk_mono_ns());
	int r = s->parts == NULL ? -ENOMEM : pk_journal_epoch(db, &s->view.epoch);
	if (r == 0)
		r = pk_journal_range(db, &s->view.oldest, &s->view.head);
	if (r == 0)
		r = begin_steady(s);
	if (r == 0)
		r = -pthread_create(&s->thread, NULL, store, s);
	if (r < 0) {
		free_store(s);
		return r;
	}
	*ret_store = s;
	return 0;
}

void
pk_store_configure(struct pk_store *s, struct pk_config *config)
{
	pthread_mutex_lock(&s->lock);
	pk_config_unref(s->new_config);
	s->new_config = pk_config_ref(config);
	pthread_mutex_unlock(&s->lock);
}

struct pk_store *
pk_store_stop(struct pk_store *s, uint64_t patience_ns)
{
	if (s == NULL)
		return NULL;
	atomic_store(&s->give_up_ns, pk_mono_ns() + patience_ns);
	pthread_join(s->thread, NULL);
	free_store(s);
	return NULL;
}

void
pk_store_view(struct pk_store *s, struct pk_store_view *ret_view)
{
	pthread_mutex_lock(&s->lock);
	*ret_view = s->view;
	pthread_mutex_unlock(&s->lock);
}
