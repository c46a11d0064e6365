/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/daemon.h"

#include "base/clock.h"
#include "base/counter.h"
#include "base/failpoint.h"
#include "daemon/callback.h"
#include "daemon/control.h"
#include "daemon/feeds_answer.h"
#include "daemon/fetcher.h"
#include "daemon/guard.h"
#include "daemon/keeper.h"
#include "daemon/keys.h"
#include "daemon/notify.h"
#include "daemon/replay.h"
#include "daemon/status_answer.h"
#include "daemon/store.h"
#include "daemon/worker.h"
#include "fetch/poll/state.h"
#include "publish/endpoints.h"
#include "publish/journal.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

#define WORKERS_MAX 256

/* How long a stop waits for a disk that does not take what is left. */
#define STOP_PATIENCE_NS (UINT64_C(10) * (uint64_t)PK_NS_PER_S)

/* How long a start looks through a database that was not closed: a start takes no
 * second. */
#define CHECK_NS ((uint64_t)PK_NS_PER_S / 2)

/* What is left of a crash, a WAL, and tables of an older peyk may take long at a start,
 * and nobody can tell how long. */
#define OPEN_US (UINT64_C(15) * 60 * 1000 * 1000)

/* What comes then does not. */
#define START_US (UINT64_C(30) * 1000 * 1000)

/* A thread that has not come round for so long makes the watchdog bark. */
#define ALIVE_NS (UINT64_C(12) * (uint64_t)PK_NS_PER_S)

struct pk_daemon {
	const char *config_path;
	struct pk_config *config;
	uint64_t generation;
	uint64_t started_ns;
	char db_path[PATH_MAX];
	char instance[64]; /* outlives the configuration it came from */
	char quarantine[PATH_MAX];
	char data_dir[PATH_MAX]; /* with the language packs, until a restart */
	struct pk_flow flow;
	struct pk_wire *wire;     /* of the sockets */
	struct pk_access *access; /* who may read; NULL: everybody */
	struct pk_guard *guard;
	struct pk_fetcher *fetcher;
	struct pk_store *store;
	struct pk_replayer *replayer;
	struct pk_keeper *keeper;
	bool check_on; /* the database was not looked through to its end */
	pthread_t workers[WORKERS_MAX];
	size_t n_workers;
	struct pk_control *control;
	struct pk_callback *callback; /* NULL: no WebSub */
	struct pk_db *reader;         /* for `peyk feeds` */
	int signals;
	int timer;
	int epoll;
	bool stopping;
};

/* ---- configuration ---- */

static void
log_report(const struct pk_config_report *report)
{
	for (size_t i = 0; i < report->messages.len; i++) {
		const struct pk_config_message *message = &report->messages.items[i];
		struct pk_buf line;
		pk_buf_init(&line, 0);
		if (pk_config_message_render(message, &line) == 0)
			pk_log(
			    message->severity == PK_CONFIG_ERROR ? PK_ERROR : PK_WARN,
			    line.ptr);
		pk_buf_done(&line);
	}
}

/* Loads and tells all that is wrong. NULL when it cannot be used. */
static struct pk_config *
load_config(const char *path)
{
	struct pk_config_report report;
	struct pk_config *config = NULL;

	if (pk_config_report_init(&report) < 0)
		return NULL;
	int r = pk_config_load(path, &config, &report);
	log_report(&report);
	if (r == -ENOMEM)
		pk_log(PK_ERROR, "no memory for the configuration", "file", path);
	pk_config_report_done(&report);
	return r < 0 ? NULL : config;
}

static void
warn_of_restart(const struct pk_config_diff *diff)
{
	for (size_t i = 0; i < diff->n_keys; i++) {
		if (diff->keys[i].reload == PK_RELOAD_RESTART)
			pk_log(PK_WARN,
			    "this change needs a restart, ignoring it until then",
			    "key", diff->keys[i].path);
	}
}

/* Makes the extractor that the configuration asks for, and from then on it is used. */
static int
load_knowledge(struct pk_daemon *d, const struct pk_config *config)
{
	struct pk_extractor *extractor;
	struct pk_diag diag = { .line = 0 };
	const struct pk_own_folders own = { .knowledge = config->extract.knowledge.ptr,
		.sites = config->extract.sites.ptr };
	int r = pk_extractor_new(d->data_dir, &own, &extractor, &diag);

	if (r == 0)
		pk_flow_use(&d->flow, extractor);
	else
		pk_log(PK_ERROR, "cannot load the language packs, tables and rules",
		    "file", diag.where[0] == '\0' ? d->data_dir : diag.where, "line",
		    pk_log_number(diag.line), "column", pk_log_number(diag.column),
		    "what", diag.what[0] == '\0' ? strerrordesc_np(-r) : diag.what);
	return r;
}

static const char *
or_none(struct pk_span folder)
{
	return folder.ptr == NULL ? "none" : folder.ptr;
}

/* Nobody can tell from outside whether a table was changed: with tables or rules of the
 * user's, before or now, all is made anew. */
static int
reload_knowledge(struct pk_daemon *d, const struct pk_config *config)
{
	if (config->extract.knowledge.ptr == NULL &&
	    config->extract.sites.ptr == NULL &&
	    d->config->extract.knowledge.ptr == NULL &&
	    d->config->extract.sites.ptr == NULL)
		return 0;
	int r = load_knowledge(d, config);
	if (r == 0)
		pk_log(PK_INFO, "knowledge and rules read again", "knowledge",
		    or_none(config->extract.knowledge), "sites",
		    or_none(config->extract.sites));
	return r;
}

/* ---- hubs ---- */

static int
take_push(void *context, struct pk_span feed, struct pk_span bytes,
    struct pk_span content_type)
{
	struct pk_daemon *d = context;

	return pk_fetcher_push(d->fetcher, feed, bytes, content_type);
}

static int
take_note(void *context, const struct pk_websub_note *note)
{
	struct pk_daemon *d = context;
	const struct pk_hub_letter letter = { .note = *note };
	uint64_t number;

	return pk_hub_mail_put(d->flow.hub_mail, &letter, &number);
}

/* Listens for hubs as the configuration says, from now on. */
static int
listen_for_hubs(struct pk_daemon *d, const struct pk_config *config)
{
	const struct pk_callback_options options = {
		.listen = config->websub.listen,
		.db_path = d->db_path,
		.body_max = (size_t)config->fetch.limits.feed_bytes,
		.lease_ms = config->websub.lease_ms,
		.push = take_push,
		.note = take_note,
		.context = d,
	};

	if (config->websub.callback.len == 0)
		return 0;
	int r = pk_callback_open(&options, &d->callback);
	if (r == 0)
		pk_log(PK_INFO, "listening for hubs", "address",
		    pk_callback_address(d->callback), "callback",
		    config->websub.callback.ptr);
	return r;
}

/* A reload: the socket is bound anew only where it has to be. */
static void
listen_elsewhere(struct pk_daemon *d, const struct pk_config *config)
{
	if (d->callback != NULL && config->websub.callback.len > 0 &&
	    pk_span_eq(d->config->websub.listen, config->websub.listen)) {
		pk_callback_configure(d->callback,
		    (size_t)config->fetch.limits.feed_bytes, config->websub.lease_ms);
		return;
	}
	d->callback = pk_callback_close(d->callback);
	int r = listen_for_hubs(d, config);
	if (r < 0)
		pk_log(PK_ERROR, "cannot listen for hubs, going on without it",
		    "address", config->websub.listen.ptr, "why", strerrordesc_np(-r));
}

static bool
refuse_reload(struct pk_daemon *d, struct pk_config *config)
{
	pk_config_unref(config);
	pk_count(PK_COUNT_RELOADS_FAILED);
	pk_log(PK_ERROR, "reload failed, keeping the old configuration", "generation",
	    pk_log_number(d->generation));
	pk_notify_ready();
	return false;
}

/* Reads what is not in the configuration itself; the last of it is put to use, so that
 * what is wrong with one changes nothing. */
static int
reload_rest(struct pk_daemon *d, const struct pk_config *config)
{
	pk_cleanup(pk_allow_list_unrefp) struct pk_allow_list *clients = NULL;
	int r = d->access == NULL ? pk_keys_check_plain(config)
				  : pk_keys_read_clients(config, &clients);

	if (r == 0)
		r = reload_knowledge(d, config);
	if (r == 0 && clients != NULL)
		pk_keys_use(d->access, pk_steal(&clients));
	return r;
}

/* Parse, check, compare, swap; a bad file changes nothing (P8). */
static bool
reload(struct pk_daemon *d)
{
	struct pk_config_diff diff;

	pk_notify_reloading(pk_mono_ns());
	struct pk_config *config = load_config(d->config_path);
	if (config == NULL || pk_config_diff(d->config, config, &diff) < 0)
		return refuse_reload(d, config);
	if (reload_rest(d, config) < 0) {
		pk_config_diff_done(&diff);
		return refuse_reload(d, config);
	}
	warn_of_restart(&diff);
	d->generation++;
	pk_count(PK_COUNT_RELOADS);
	pk_log(PK_NOTICE, "configuration reloaded", "generation",
	    pk_log_number(d->generation), "feeds", pk_log_number(config->feeds.n),
	    "added", pk_log_number(diff.n_added), "removed",
	    pk_log_number(diff.n_removed), "changed", pk_log_number(diff.n_changed));
	pk_config_diff_done(&diff);

	pk_log_set_level(config->daemon.log_level);
	atomic_store(&d->flow.quarantine_bytes, config->fetch.quarantine_bytes);
	/* the store first: see its loop */
	pk_store_configure(d->store, config);
	pk_fetcher_configure(d->fetcher, config);
	pk_replayer_configure(d->replayer, config);
	listen_elsewhere(d, config);
	pk_config_unref(d->config);
	d->config = config;
	pk_notify_ready();
	return true;
}

/* ---- what peyk(1) may ask ---- */

/* Who is connected now, and, with encryption, how many keys may be. */
static json_t *
peers_of(struct pk_daemon *d)
{
	json_t *peers = json_pack("{sI sI}", "events",
	    (json_int_t)pk_wire_connected(d->wire, PK_DOOR_EVENTS), "replay",
	    (json_int_t)pk_wire_connected(d->wire, PK_DOOR_REPLAY));

	if (d->access == NULL)
		return peers;
	struct pk_allow_list *list = pk_access_list(d->access);
	json_object_set_new(
	    peers, "keys", json_integer((json_int_t)pk_allow_list_count(list)));
	pk_allow_list_unref(list);
	return peers;
}

static json_t *
answer_status(struct pk_daemon *d)
{
	const struct pk_status_sources sources = { .config = d->config,
		.flow = &d->flow,
		.store = d->store,
		.keeper = d->keeper,
		.reader = d->reader,
		.generation = d->generation,
		.uptime_s =
		    (int64_t)((pk_mono_ns() - d->started_ns) / (uint64_t)PK_NS_PER_S) };

	json_t *answer = pk_status_answer(&sources);
	json_object_set_new(answer, "peers", peers_of(d));
	return answer;
}

static json_t *
answer_feeds(struct pk_daemon *d, json_t *request, const char **reterr_error)
{
	const char *feed = json_string_value(json_object_get(request, "feed"));
	bool problems = json_is_true(json_object_get(request, "problems"));

	if (feed != NULL && pk_config_feed(d->config, pk_span_of(feed)) == NULL) {
		*reterr_error = "there is no such feed";
		return NULL;
	}
	json_t *answer =
	    pk_feeds_answer(d->reader, d->config, problems, pk_span_of(feed));
	if (answer == NULL)
		*reterr_error = "the database cannot be read just now";
	return answer;
}

static json_t *
answer_poll(struct pk_daemon *d, json_t *request, const char **reterr_error)
{
	const char *feed = json_string_value(json_object_get(request, "feed"));

	const struct pk_config_feed *known =
	    feed == NULL ? NULL : pk_config_feed(d->config, pk_span_of(feed));

	if (known == NULL || !known->enabled) {
		*reterr_error = known == NULL ? "there is no such feed"
					      : "the feed is switched off";
		return NULL;
	}
	if (pk_fetcher_poll(d->fetcher, pk_span_of(feed)) < 0) {
		*reterr_error = "too many feeds wait to be polled already";
		return NULL;
	}
	return json_object();
}

static json_t *
answer_reload(struct pk_daemon *d, const char **reterr_error)
{
	if (!reload(d)) {
		*reterr_error =
		    "the configuration, your own tables or rules, or keys of "
		    "clients have errors, nothing was changed; the log, or "
		    "peyk check, tells which";
		return NULL;
	}
	return json_pack("{sI}", "generation", (json_int_t)d->generation);
}

/* Begins one, or tells how the last one goes. */
static json_t *
answer_backup(struct pk_daemon *d, json_t *request, const char **reterr_error)
{
	static const char *const states[] = { [PK_KEEPER_IDLE] = "none",
		[PK_KEEPER_BUSY] = "busy",
		[PK_KEEPER_DONE] = "done",
		[PK_KEEPER_FAILED] = "failed" };
	const char *file = json_string_value(json_object_get(request, "file"));
	struct pk_keeper_view view;

	if (file == NULL) {
		pk_keeper_view(d->keeper, &view);
		return json_pack("{ss ss ss}", "state", states[view.backup], "file",
		    view.backup_path, "error", view.error);
	}
	int r = file[0] != '/' ? -EINVAL : pk_keeper_backup(d->keeper, file);
	if (r == 0)
		return json_object();
	*reterr_error = r == -EBUSY    ? "a backup is under way already"
			: r == -EINVAL ? "the file is not an absolute path"
				       : "the file's name is too long";
	return NULL;
}

static json_t *
answer(void *context, const char *command, json_t *request, const char **reterr_error)
{
	struct pk_daemon *d = context;

	if (strcmp(command, "status") == 0)
		return answer_status(d);
	if (strcmp(command, "feeds") == 0)
		return answer_feeds(d, request, reterr_error);
	if (strcmp(command, "poll") == 0)
		return answer_poll(d, request, reterr_error);
	if (strcmp(command, "reload") == 0)
		return answer_reload(d, reterr_error);
	if (strcmp(command, "backup") == 0)
		return answer_backup(d, request, reterr_error);
	*reterr_error = "there is no such command";
	return NULL;
}

/* ---- start ---- */

static int
fail(int r, const char *what, const char *which)
{
	pk_log(PK_ERROR, what, "which", which, "why", strerrordesc_np(-r));
	return r;
}

static int
find_data(struct pk_daemon *d)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(PATH_MAX * 4);
	const char *dir = d->config->daemon.data_dir.ptr;

	if (arena == NULL)
		return fail(-ENOMEM, "cannot look for the language packs", "memory");
	int r = dir == NULL ? pk_extract_find_data(arena, &dir) : 0;
	if (r < 0)
		return fail(
		    r, "the language packs are nowhere to be found", "share/peyk");
	snprintf(d->data_dir, sizeof(d->data_dir), "%s", dir);
	return 0;
}

/* Somebody has to look at it; starting anew each second would not help. */
static int
refuse_damaged(const struct pk_daemon *d, const struct pk_db *db)
{
	pk_log(PK_ERROR,
	    "the database is damaged, not starting: restore a backup in its place, or "
	    "move it away to begin anew",
	    "file", d->db_path, "what", db == NULL ? "no database" : pk_db_error(db));
	return -EBADMSG;
}

static int
is_before(void *deadline_ns)
{
	return pk_mono_ns() < *(const uint64_t *)deadline_ns;
}

/* After a crash the file is looked through: here for a moment, which is enough for
 * most, the rest by the keeper. */
static int
check_database(struct pk_daemon *d, struct pk_db *db)
{
	uint64_t deadline_ns = pk_mono_ns() + CHECK_NS;
	bool unclean = false;
	int r = pk_journal_was_unclean(db, &unclean);

	if (r < 0 || !unclean)
		return r;
	r = pk_db_check(db, is_before, &deadline_ns);
	d->check_on = r == -EINTR;
	atomic_store(&d->flow.unchecked, r != 0);
	if (r == 0 || r == -EINTR)
		pk_log(PK_NOTICE, "peykd was not stopped in an orderly way", "database",
		    r == 0 ? "is whole" : "is looked through meanwhile");
	return r == -EINTR ? 0 : r;
}

/* On a full disk there is no room for that, but replay can serve: the store sets the
 * mark with what it writes first. */
static int
mark_running(struct pk_daemon *d, struct pk_db *db)
{
	int r = pk_journal_mark_running(db, pk_wall_ms());

	if (r != -ENOSPC)
		return r;
	pk_log(PK_WARN, "the disk is full, starting all the same", "file", d->db_path);
	return 0;
}

static int
open_database(struct pk_daemon *d, struct pk_db **ret_db)
{
	pk_cleanup(pk_db_closep) struct pk_db *db = NULL;

	snprintf(d->db_path, sizeof(d->db_path), "%s/peyk.db",
	    d->config->daemon.state_dir.ptr);
	pk_notify_patience(OPEN_US);
	int r = pk_db_open(d->db_path, PK_DB_WRITE, &db);
	if (r == -EBADMSG)
		return refuse_damaged(d, db);
	if (r < 0)
		return fail(r, "cannot open the database", d->db_path);
	if (d->config->journal.sync == PK_CONFIG_SYNC_NORMAL)
		pk_db_exec(db, "PRAGMA synchronous=NORMAL");
	r = pk_poll_migrate(db);
	if (r == 0)
		r = pk_journal_init(db);
	if (r == 0)
		r = check_database(d, db);
	if (r == 0)
		r = mark_running(d, db);
	if (r == -EBADMSG)
		return refuse_damaged(d, db);
	if (r < 0)
		return fail(r,
		    r == -ESTALE ? "the database was made by a newer peyk"
				 : "cannot set up the database",
		    d->db_path);
	pk_notify_patience(START_US);
	*ret_db = pk_steal(&db);
	return 0;
}

static int
open_stream(struct pk_daemon *d, struct pk_socket **ret_socket)
{
	const struct pk_config *config = d->config;
	const char *binds[PK_ENDPOINTS_MAX];
	struct pk_socket_options options = { .binds = binds,
		.send_hwm = (int)config->publish.events.sndhwm };

	for (size_t i = 0; i < config->publish.events.bind.n; i++)
		binds[options.n_binds++] = config->publish.events.bind.items[i].ptr;
	int r = pk_keys_open(config, &d->wire, &d->access);
	if (r < 0)
		return fail(r, "cannot set up the stream", "publish");
	r = pk_socket_open(d->wire, &options, ret_socket);
	if (r < 0)
		return fail(r, "cannot bind the event stream", binds[0]);
	r = pk_guard_start(d->wire, &d->guard);
	if (r < 0) {
		*ret_socket = pk_socket_close(*ret_socket);
		return fail(r, "cannot start a thread", "guard");
	}
	for (size_t i = 0; pk_socket_endpoint(*ret_socket, i) != NULL; i++)
		pk_log(PK_INFO, "publishing events", "endpoint",
		    pk_socket_endpoint(*ret_socket, i));
	return 0;
}

static int
start_threads(struct pk_daemon *d)
{
	struct pk_db *db = NULL;
	struct pk_socket *socket = NULL;
	int r = open_database(d, &db);

	PK_FAILPOINT(opened);
	if (r == 0)
		r = open_stream(d, &socket);
	if (r < 0) {
		/* nothing was written that a next start would have to look at */
		if (db != NULL && !atomic_load(&d->flow.unchecked))
			pk_journal_mark_clean(db);
		pk_db_close(db);
		return r;
	}
	d->flow.db_path = d->db_path;
	snprintf(d->instance, sizeof(d->instance), "%s", d->config->instance.ptr);
	d->flow.instance = d->instance;
	snprintf(d->quarantine, sizeof(d->quarantine), "%s/quarantine",
	    d->config->daemon.state_dir.ptr);
	d->flow.quarantine = d->quarantine;
	atomic_store(&d->flow.quarantine_bytes, d->config->fetch.quarantine_bytes);
	r = pk_db_open(d->db_path, PK_DB_READ, &d->reader);
	if (r == 0)
		r = pk_flow_init(&d->flow, (size_t)d->config->fetch.concurrency);
	if (r == 0)
		r = pk_fetcher_new(&d->flow, d->config, &d->fetcher);
	if (r < 0) {
		pk_socket_close(socket);
		pk_db_close(db);
		return fail(r, "cannot set up the fetcher", "fetch");
	}
	r = pk_store_start(&d->flow, d->config, db, socket, d->fetcher, &d->store);
	if (r == 0) {
		r = pk_workers_start(&d->flow, d->fetcher,
		    (size_t)d->config->daemon.workers, d->workers);
		d->n_workers = r == 0 ? (size_t)d->config->daemon.workers : 0;
	}
	if (r == 0)
		r = pk_fetcher_run(d->fetcher);
	if (r < 0)
		return fail(r, "cannot start the threads", "daemon");
	r = pk_keeper_start(d->db_path, d->check_on, &d->keeper);
	if (r < 0)
		return fail(r, "cannot start the keeper of the database", d->db_path);
	r = pk_replayer_start(&d->flow, d->wire, d->config, &d->replayer);
	if (r < 0)
		return fail(r, "cannot answer replay",
		    d->config->publish.replay.bind.n == 0
			? d->db_path
			: d->config->publish.replay.bind.items[0].ptr);
	r = listen_for_hubs(d, d->config);
	return r < 0 ? fail(r, "cannot listen for hubs", d->config->websub.listen.ptr)
		     : 0;
}

static int
watch(struct pk_daemon *d, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	return epoll_ctl(d->epoll, EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : -errno;
}

/* A connection each for requests and subscribers: the usual 1024 descriptors, a limit
 * for the sake of select(2), are too few. Nobody here uses that. */
static void
raise_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* Signals are blocked before any thread starts, so that all of them arrive here. */
static int
open_loop(struct pk_daemon *d)
{
	const struct itimerspec each_second = { .it_interval.tv_sec = 1,
		.it_value.tv_sec = 1 };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	d->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	d->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	d->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (d->signals < 0 || d->timer < 0 || d->epoll < 0 ||
	    timerfd_settime(d->timer, 0, &each_second, NULL) != 0)
		return -errno;
	int r = watch(d, d->signals);
	return r < 0 ? r : watch(d, d->timer);
}

static int
open_control(struct pk_daemon *d)
{
	const char *path = d->config->daemon.control.ptr;
	int r = pk_control_open(path, answer, d, &d->control);

	if (r == 0)
		r = watch(d, pk_control_fd(d->control));
	return r < 0 ? fail(r, "cannot open the control socket", path) : 0;
}

/* For tests: see base/failpoint.h. */
static int
arm_failpoint(void)
{
	const char *where;
	int r = pk_failpoint_arm(&where);

	if (r > 0)
		pk_log(PK_WARN, "armed to die as by kill -9", "when", where);
	return r < 0 ? fail(r, "there is no such failpoint", "PEYK_FAILPOINT") : 0;
}

static int
start(struct pk_daemon *d)
{
	d->started_ns = pk_mono_ns();
	if (arm_failpoint() < 0)
		return -EINVAL;
	d->config = load_config(d->config_path);
	if (d->config == NULL) {
		pk_log(PK_ERROR, "the configuration cannot be used, not starting",
		    "file", d->config_path);
		return -EINVAL;
	}
	d->generation = 1;
	pk_log_set_level(d->config->daemon.log_level);
	raise_descriptors();
	int r = open_loop(d);
	if (r < 0)
		return fail(r, "cannot set up the main loop", "epoll");
	r = find_data(d);
	if (r == 0)
		r = load_knowledge(d, d->config);
	if (r == 0)
		r = open_control(d);
	if (r == 0)
		r = start_threads(d);
	return r;
}

/* ---- run ---- */

static void
log_counters(void)
{
	for (enum pk_counter c = 0; c < PK_COUNTERS; c++)
		pk_log(PK_NOTICE, pk_counter_help(c), pk_counter_name(c),
		    pk_log_number(pk_counted(c)));
}

static void
handle_signals(struct pk_daemon *d)
{
	struct signalfd_siginfo info;

	while (read(d->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		switch (info.ssi_signo) {
		case SIGHUP:
			reload(d);
			break;
		case SIGUSR1:
			log_counters();
			break;
		default:
			d->stopping = true;
		}
	}
}

static bool
is_alive(_Atomic uint64_t *last, uint64_t now_ns)
{
	uint64_t then = atomic_load(last);

	return now_ns < then || now_ns - then < ALIVE_NS;
}

/* Each second: the watchdog hears from us only while the threads that matter come
 * round. */
static void
tick(struct pk_daemon *d)
{
	struct pk_store_view view;
	struct pk_keeper_view keeper;
	uint64_t expirations, now_ns = pk_mono_ns();
	int degraded = atomic_load(&d->flow.degraded);

	if (read(d->timer, &expirations, sizeof(expirations)) < 0)
		return;
	if (is_alive(&d->flow.fetcher_alive_ns, now_ns) &&
	    is_alive(&d->flow.store_alive_ns, now_ns) &&
	    is_alive(&d->flow.replay_alive_ns, now_ns))
		pk_notify_watchdog();
	pk_store_view(d->store, &view);
	pk_keeper_view(d->keeper, &keeper);
	if (keeper.damage[0] != '\0')
		pk_notify_status(
		    "the database is damaged: restore a backup: %s", keeper.damage);
	else if (degraded != 0)
		pk_notify_status(
		    "degraded: the journal cannot be written: %s; intake waits",
		    strerrordesc_np(-degraded));
	else
		pk_notify_status("%zu feeds, generation %" PRIu64 ", %" PRIu64
				 " messages, %zu subscriptions",
		    d->config->feeds.n, d->generation, view.head, view.subscriptions);
}

static void
run(struct pk_daemon *d)
{
	struct epoll_event events[8];

	while (!d->stopping) {
		int n = epoll_wait(d->epoll, events, (int)PK_COUNT(events), -1);
		for (int i = 0; i < n; i++) {
			if (events[i].data.fd == d->signals)
				handle_signals(d);
			else if (events[i].data.fd == d->timer)
				tick(d);
			else
				pk_control_serve(d->control);
		}
	}
}

/* ---- stop ---- */

/* What a check has found, before the store ends and takes the mark away. */
static void
note_check(struct pk_daemon *d)
{
	struct pk_keeper_view view;

	if (d->keeper == NULL || !d->check_on)
		return;
	pk_keeper_view(d->keeper, &view);
	atomic_store(&d->flow.unchecked, view.check != PK_KEEPER_DONE);
}

/* In the order of the flow, so that each stage finishes what the one before has given
 * it. */
static void
stop(struct pk_daemon *d)
{
	d->callback = pk_callback_close(d->callback);
	if (d->fetcher != NULL)
		pk_fetcher_stop(d->fetcher);
	if (d->flow.work != NULL)
		pk_queue_close(d->flow.work);
	pk_workers_join(d->workers, d->n_workers);
	note_check(d);
	if (d->flow.outcomes != NULL)
		pk_queue_close(d->flow.outcomes);
	PK_FAILPOINT(stopping);
	d->replayer = pk_replayer_stop(d->replayer);
	d->keeper = pk_keeper_stop(d->keeper);
	d->reader = pk_db_close(d->reader);
	d->store = pk_store_stop(d->store, STOP_PATIENCE_NS);
	d->guard = pk_guard_stop(d->guard);
	d->wire = pk_wire_free(d->wire);
	d->access = pk_access_free(d->access);
	d->fetcher = pk_fetcher_free(d->fetcher);
	pk_flow_done(&d->flow);
	d->control = pk_control_close(d->control);
	d->config = pk_config_unref(d->config);
	pk_closep(&d->signals);
	pk_closep(&d->timer);
	pk_closep(&d->epoll);
}

int
pk_daemon_run(const char *config_path)
{
	struct pk_daemon d = { .config_path = config_path,
		.flow = PK_FLOW_EMPTY,
		.signals = -1,
		.timer = -1,
		.epoll = -1 };
	int r = start(&d);

	if (r == 0) {
		pk_log(PK_NOTICE, "peykd is ready", "version", PEYK_VERSION, "feeds",
		    pk_log_number(d.config->feeds.n));
		pk_notify_ready();
		run(&d);
		pk_notify_stopping();
		pk_log(PK_NOTICE, "stopping");
	}
	stop(&d);
	return r < 0 ? 1 : 0;
}
