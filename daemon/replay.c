/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/replay.h"

#include "base/clock.h"
#include "base/log.h"
#include "config/config.h"
#include "daemon/cursor_mail.h"
#include "publish/endpoints.h"
#include "publish/replay.h"

#include <errno.h>
#include <pthread.h>

/* The watchdog wants to hear from us so often. */
#define PATIENCE_MS 1000

struct pk_replayer {
	struct pk_flow *flow;
	struct pk_db *db;
	struct pk_replay *replay;
	pthread_t thread;
	_Atomic bool stopping;

	pthread_mutex_t lock; /* of the one below */
	struct pk_config *new_config;
};

/* ---- the thread ---- */

static struct pk_replay_options
options_of(const struct pk_config *config, const char *binds[static PK_ENDPOINTS_MAX])
{
	struct pk_replay_options options = { .binds = binds,
		.batch = (size_t)config->publish.replay.batch,
		.batch_bytes = (size_t)config->publish.replay.batch_bytes,
		.waiting = (size_t)config->publish.replay.waiting,
		.unread = (size_t)config->publish.replay.unread_bytes };

	for (size_t i = 0; i < config->publish.replay.bind.n; i++)
		binds[options.n_binds++] = config->publish.replay.bind.items[i].ptr;
	return options;
}

static void
take_config(struct pk_replayer *r)
{
	const char *binds[PK_ENDPOINTS_MAX];

	pthread_mutex_lock(&r->lock);
	struct pk_config *config = pk_steal(&r->new_config);
	pthread_mutex_unlock(&r->lock);
	if (config == NULL)
		return;
	const struct pk_replay_options options = options_of(config, binds);
	int failed = pk_replay_configure(r->replay, &options);
	if (failed < 0)
		pk_log(PK_ERROR,
		    "cannot bind a new endpoint of replay, going on without it", "why",
		    strerrordesc_np(-failed));
	pk_config_unref(config);
}

static void
tell_of_cursors(struct pk_replayer *r)
{
	struct pk_cursor_letter letter;

	while (pk_cursor_mail_collect(r->flow->cursor_mail, &letter))
		pk_replay_written(
		    r->replay, r->db, letter.ticket, letter.r, letter.sequence);
}

static void *
answer(void *context)
{
	struct pk_replayer *r = context;

	while (!atomic_load(&r->stopping)) {
		atomic_store(&r->flow->replay_alive_ns, pk_mono_ns());
		pk_replay_wait(
		    r->replay, pk_cursor_mail_fd(r->flow->cursor_mail), PATIENCE_MS);
		tell_of_cursors(r);
		take_config(r);
		pk_replay_serve(r->replay, r->db);
	}
	return NULL;
}

static int
change_cursor(void *context, uint64_t ticket, const struct pk_cursor_change *change)
{
	struct pk_replayer *r = context;
	int failed = pk_cursor_mail_put(r->flow->cursor_mail, ticket, change);

	if (failed == 0)
		pk_queue_nudge(r->flow->outcomes);
	return failed;
}

/* ---- the door ---- */

static struct pk_replayer *
free_replayer(struct pk_replayer *r)
{
	if (r == NULL)
		return NULL;
	pk_replay_close(r->replay);
	pk_db_close(r->db);
	pk_config_unref(r->new_config);
	pthread_mutex_destroy(&r->lock);
	free(r);
	return NULL;
}

PK_DEFINE_CLEANUP(struct pk_replayer *, free_replayer);

int
pk_replayer_start(struct pk_flow *flow, struct pk_wire *wire, struct pk_config *config,
    struct pk_replayer **ret_replayer)
{
	pk_cleanup(free_replayerp) struct pk_replayer *r = calloc(1, sizeof(*r));
	const char *binds[PK_ENDPOINTS_MAX];
	const struct pk_replay_options options = options_of(config, binds);

	if (r == NULL)
		return -ENOMEM;
	pthread_mutex_init(&r->lock, NULL);
	r->flow = flow;
	int failed = pk_db_open(flow->db_path, PK_DB_READ, &r->db);
	if (failed == 0)
		failed = pk_replay_open(wire, &options, change_cursor, r, &r->replay);
	if (failed == 0)
		failed = -pthread_create(&r->thread, NULL, answer, r);
	if (failed < 0)
		return failed;
	for (size_t i = 0; pk_replay_endpoint(r->replay, i) != NULL; i++)
		pk_log(PK_INFO, "answering what was missed", "endpoint",
		    pk_replay_endpoint(r->replay, i));
	*ret_replayer = pk_steal(&r);
	return 0;
}

void
pk_replayer_configure(struct pk_replayer *r, struct pk_config *config)
{
	pthread_mutex_lock(&r->lock);
	pk_config_unref(r->new_config);
	r->new_config = pk_config_ref(config);
	pthread_mutex_unlock(&r->lock);
	pk_cursor_mail_wake(r->flow->cursor_mail);
}

struct pk_replayer *
pk_replayer_stop(struct pk_replayer *r)
{
	if (r == NULL)
		return NULL;
	atomic_store(&r->stopping, true);
	pk_cursor_mail_wake(r->flow->cursor_mail);
	pthread_join(r->thread, NULL);
	return free_replayer(r);
}
