/* SPDX-License-Identifier: Apache-2.0 */
/* peyk tail - follows the stream: one readable line an event, or JSON lines. */
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/date_formats.h"
#include "base/vocabulary.h"
#include "publish/key_file.h"
#include "tool/cmd.h"
#include "tool/render.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <peykclient.h>
#include <signal.h>
#include <zmq.h>

#define DEFAULT_ENDPOINT "tcp://127.0.0.1:7551"
#define ENDPOINTS_MAX    16
#define ENDPOINT_SIZE    256

/* How often clients look at their clocks. */
#define WAKE_MS 200

/* Heartbeats come each second; after so long without a word something is wrong. */
#define SILENCE_MS 5000

/* So often in a row replay may keep silent, before it is taken that there is none. */
#define UNANSWERED_MAX 2

/* One daemon, with its own numbers: two have nothing in common. */
struct source {
	const char *events;
	const char *replay; /* NULL: by pk_replay_endpoint_of() */
	char own_replay[ENDPOINT_SIZE];
	struct peyk_client *client;
	unsigned unanswered; /* times in a row that replay kept silent */
	bool silent;         /* no word for a while */
	bool odd;            /* has said something that this version does not read */
};

struct tail {
	struct source sources[ENDPOINTS_MAX];
	size_t n_sources;
	size_t n_replays;
	struct peyk_client_options options; /* what holds for all sources */
	char prefix[32];
	const char *prefixes[1];
	char server_key[PK_KEY_TEXT + 1];
	char secret_key[PK_KEY_TEXT + 1];
	char type[16];   /* "" for all */
	char country[4]; /* "" for all */
	bool json;
	bool live;     /* replay is not asked */
	uint64_t left; /* messages still to be shown */
	struct pk_style style;
	struct pk_style notice_style;
	bool done;
};

/* Set by Ctrl-C; the poll wakes up by it. */
static volatile sig_atomic_t interrupted;

static void
interrupt(int signal_number)
{
	(void)signal_number;
	interrupted = 1;
}

/* ---- what is wanted ---- */

static int
complain(const char *what, const char *which)
{
	fprintf(stderr, "peyk tail: %s: %s\n", which, what);
	return 2;
}

static void
copy_upper(char *ret_text, size_t size, const char *from)
{
	size_t i = 0;

	for (; from[i] != '\0' && i + 1 < size; i++)
		ret_text[i] = (char)toupper((unsigned char)from[i]);
	ret_text[i] = '\0';
}

static int
take_type(struct tail *tail, const char *name)
{
	copy_upper(tail->type, sizeof(tail->type), name);
	if (strlen(name) == strlen(tail->type) &&
	    pk_event_type_of(pk_span_of(tail->type)) != PK_EVENT_NONE)
		return 0;
	complain("there is no such event type; there are:", name);
	for (int t = PK_EVENT_NONE + 1; t < PK_EVENT_TYPES; t++)
		fprintf(stderr, " %s", pk_event_type_name((enum pk_event_type)t));
	fputc('\n', stderr);
	return 2;
}

static int
take_country(struct tail *tail, const char *code)
{
	copy_upper(tail->country, sizeof(tail->country), code);
	for (size_t i = 0; i < 3; i++) {
		if (!isupper((unsigned char)tail->country[i]) || strlen(code) != 3)
			return complain(
			    "no country code; want three letters, e.g. IRN", code);
	}
	return 0;
}

static int
take_count(struct tail *tail, const char *text)
{
	int64_t count;

	if (pk_span_to_int64(pk_span_of(text), &count) < 0 || count <= 0)
		return complain("no number of messages", text);
	tail->left = (uint64_t)count;
	return 0;
}

static int
take_endpoint(struct tail *tail, const char *endpoint)
{
	if (tail->n_sources == ENDPOINTS_MAX)
		return complain("more than 16 endpoints", endpoint);
	tail->sources[tail->n_sources++].events = endpoint;
	return 0;
}

static int
take_replay(struct tail *tail, const char *endpoint)
{
	if (tail->n_replays == ENDPOINTS_MAX)
		return complain("more than 16 endpoints", endpoint);
	tail->sources[tail->n_replays++].replay = endpoint;
	return 0;
}

/* "90s", "30m", "1h", "2d". */
static bool
read_duration(struct pk_span text, int64_t *ret_ms)
{
	static const struct {
		char unit;
		int64_t ms;
	} units[] = { { 's', 1000 }, { 'm', 60000 }, { 'h', 3600000 },
		{ 'd', 86400000 } };
	int64_t n;

	for (size_t i = 0; i < PK_COUNT(units) && text.len > 1; i++) {
		if (text.ptr[text.len - 1] != units[i].unit ||
		    pk_span_to_int64(pk_span_slice(text, 0, text.len - 1), &n) < 0 ||
		    n < 0 || n > INT64_MAX / units[i].ms)
			continue;
		*ret_ms = n * units[i].ms;
		return true;
	}
	return false;
}

/* A number to begin with, how long ago, or a moment. */
static int
take_since(struct tail *tail, const char *since)
{
	struct pk_span text = pk_span_of(since);
	struct pk_moment moment;
	int64_t value, now_ms = pk_wall_ms();

	if (pk_span_to_int64(text, &value) == 0 && value >= 0) {
		tail->options.start_from = PEYK_START_AFTER;
		tail->options.start = value == 0 ? 0 : (uint64_t)value - 1;
		return 0;
	}
	if (read_duration(text, &value))
		value = now_ms - value;
	else if (pk_date_parse(text, 0, &moment) == 0)
		value = moment.time_s * 1000;
	else
		return complain(
		    "neither a number, nor a time (want e.g. 1200, 90m, 1h, "
		    "2026-11-20T08:00Z)",
		    since);
	tail->options.start_from = PEYK_START_TIME;
	tail->options.start = value < 0 ? 0 : (uint64_t)value;
	return 0;
}

/* The key itself, or a file of peyk keygen. */
static int
take_server_key(struct tail *tail, const char *key)
{
	unsigned char bytes[PK_KEY_BYTES];
	char text[PK_KEY_FILE_MAX];
	struct pk_diag diag = { .line = 0 };
	struct pk_span found = pk_span_of(key);
	unsigned line = 0;

	if (pk_key_decode(found, bytes) < 0) {
		int len = pk_key_file_read(key, text, NULL, &diag);
		if (len < 0)
			return complain(diag.what, key);
		struct pk_span rest = { text, (size_t)len };
		found = pk_key_file_line(&rest, &line);
		if (found.ptr == NULL || pk_key_decode(found, bytes) < 0)
			return complain("there is no key in it", key);
	}
	snprintf(
	    tail->server_key, sizeof(tail->server_key), "%.*s", PK_SPAN_ARG(found));
	return 0;
}

static int
take_key(struct tail *tail, const char *path)
{
	struct pk_diag diag = { .line = 0 };

	return pk_key_file_secret(path, false, tail->secret_key, &diag) < 0
		   ? complain(diag.what, path)
		   : 0;
}

static int
take_option(struct tail *tail, int option)
{
	switch (option) {
	case 'C':
		return take_endpoint(tail, optarg);
	case 'R':
		return take_replay(tail, optarg);
	case 't':
		return take_type(tail, optarg);
	case 'c':
		return take_country(tail, optarg);
	case 'n':
		return take_count(tail, optarg);
	case 's':
		return take_since(tail, optarg);
	case 'S':
		return take_server_key(tail, optarg);
	case 'K':
		return take_key(tail, optarg);
	case 'l':
		tail->live = true;
		return 0;
	case 'j':
		tail->json = true;
		return 0;
	default:
		return pk_cmd_usage("tail");
	}
}

static int
check_options(struct tail *tail)
{
	if ((tail->server_key[0] == '\0') != (tail->secret_key[0] == '\0'))
		return complain("goes with the other", "--server-key, --key");
	if (tail->live && tail->options.start_from != PEYK_START_NOW)
		return complain("what was is had from replay alone", "--since, --live");
	if (tail->n_sources == 0)
		return take_endpoint(tail, DEFAULT_ENDPOINT);
	return 0;
}

static int
read_options(int argc, char **argv, struct tail *tail)
{
	static const struct option options[] = {
		{ "connect", required_argument, NULL, 'C' },
		{ "replay", required_argument, NULL, 'R' },
		{ "since", required_argument, NULL, 's' },
		{ "live", no_argument, NULL, 'l' },
		{ "server-key", required_argument, NULL, 'S' },
		{ "key", required_argument, NULL, 'K' },
		{ "type", required_argument, NULL, 't' },
		{ "country", required_argument, NULL, 'c' },
		{ "json", no_argument, NULL, 'j' },
		{ "count", required_argument, NULL, 'n' },
		{ 0 },
	};
	int option, r = 0;

	tail->options.start_from = PEYK_START_NOW;
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): the tool has one thread */
	while (r == 0 && (option = getopt_long(argc, argv, "", options, NULL)) >= 0)
		r = take_option(tail, option);
	if (r == 0 && optind < argc)
		r = pk_cmd_usage("tail");
	return r == 0 ? check_options(tail) : r;
}

/* ---- sources ---- */

/* Where a daemon answers that publishes there: the next port, or a file beside. */
static const char *
replay_of(struct source *source)
{
	struct pk_span events = pk_span_of(source->events);
	size_t cut = events.len;
	int64_t port;

	if (source->replay != NULL)
		return source->replay;
	while (cut > 0 && events.ptr[cut - 1] != ':' && events.ptr[cut - 1] != '/')
		cut--;
	if (pk_span_starts_with(events, PK_SPAN("tcp://")) &&
	    pk_span_to_int64(pk_span_slice(events, cut, events.len), &port) == 0)
		snprintf(source->own_replay, ENDPOINT_SIZE, "%.*s%" PRId64, (int)cut,
		    events.ptr, port + 1);
	else
		snprintf(source->own_replay, ENDPOINT_SIZE, "%.*sreplay.sock", (int)cut,
		    events.ptr);
	return source->own_replay;
}

/* A country may stand on either side of a topic, or third: that is looked at here. */
static int
open_sources(struct tail *tail)
{
	if (tail->type[0] != '\0' || tail->country[0] != '\0') {
		snprintf(tail->prefix, sizeof(tail->prefix), "event/%s%s", tail->type,
		    tail->type[0] == '\0' ? "" : "/");
		tail->prefixes[0] = tail->prefix;
		tail->options.prefixes = tail->prefixes;
		tail->options.n_prefixes = 1;
	}
	if (tail->server_key[0] != '\0') {
		tail->options.server_key = tail->server_key;
		tail->options.secret_key = tail->secret_key;
	}
	for (size_t i = 0; i < tail->n_sources; i++) {
		struct source *source = &tail->sources[i];
		struct peyk_client_options options = tail->options;
		options.events = source->events;
		options.replay = tail->live ? NULL : replay_of(source);
		source->client = peyk_client_open(&options);
		if (source->client == NULL) {
			complain(strerrordesc_np(errno), source->events);
			return 1;
		}
	}
	return 0;
}

static void
close_sources(struct tail *tail)
{
	for (size_t i = 0; i < tail->n_sources; i++)
		peyk_client_close(tail->sources[i].client);
}

/* ---- what a person should know ---- */

/* On stderr: standard output is for the stream alone. */
static void notice(const struct tail *tail, const struct source *source,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

static void
notice(const struct tail *tail, const struct source *source, const char *format, ...)
{
	const char *const paint[] = { "", "\033[33m", "", "\033[0m" };
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fprintf(stderr, "%speyk tail: %s: %s%s\n", paint[tail->notice_style.colour],
	    source->events, text, paint[2 + tail->notice_style.colour]);
}

static void
watch_silence(struct tail *tail, struct source *source)
{
	int64_t now_ms = (int64_t)(pk_mono_ns() / (uint64_t)PK_NS_PER_MS);
	bool silent = now_ms - peyk_client_heard_ms(source->client) > SILENCE_MS;

	if (silent && !source->silent)
		notice(tail, source, "no heartbeat for %d s: is peykd running?",
		    SILENCE_MS / 1000);
	if (!silent && source->silent)
		notice(tail, source, "the daemon is back");
	source->silent = silent;
}

/* The first silence may be that of a daemon that has just gone, with words of it still
 * on the way; the next is of one that lives. */
static void
note_unanswered(struct tail *tail, struct source *source)
{
	if (++source->unanswered < UNANSWERED_MAX)
		return;
	notice(tail, source,
	    "replay does not answer; going on without it, what is missed is lost");
	peyk_client_go_live(source->client);
}

static void
note_strange(struct tail *tail, struct source *source)
{
	if (!source->odd)
		notice(tail, source,
		    "sends what this peyk does not read, skipping it: is it another "
		    "version?");
	source->odd = true;
}

static void
tell(struct tail *tail, struct source *source, const struct peyk_message *message)
{
	switch (message->kind) {
	case PEYK_MESSAGE:
		break;
	case PEYK_LOST:
		notice(tail, source,
		    "%" PRIu64 " messages missing: %" PRIu64 " to %" PRIu64,
		    message->last - message->first + 1, message->first, message->last);
		break;
	case PEYK_RESET:
		notice(tail, source, "the log was reset, its numbers begin anew");
		break;
	case PEYK_UNANSWERED:
		note_unanswered(tail, source);
		break;
	case PEYK_STRANGE:
		note_strange(tail, source);
		break;
	case PEYK_REFUSED:
		notice(tail, source, "%.*s", (int)message->body_size, message->body);
		break;
	}
}

/* ---- messages ---- */

/* A closed pipe ends us without a word. Returns false when that is so. */
static bool
print_line(struct pk_buf *line)
{
	if (pk_buf_append_char(line, '\n') < 0)
		return false;
	return fwrite(line->ptr, 1, line->len, stdout) == line->len &&
	       fflush(stdout) == 0;
}

static void
show(struct tail *tail, const json_t *message, struct pk_span body)
{
	struct pk_buf line;
	int r;

	if (tail->country[0] != '\0' &&
	    !pk_render_concerns(message, pk_span_of(tail->country)))
		return;
	pk_buf_init(&line, 0);
	if (tail->json)
		r = pk_render_json(body, tail->style.width > 0, &line);
	else
		r = pk_render_message(message, &tail->style, &line);
	if (r < 0 || !print_line(&line))
		tail->done = true;
	pk_buf_done(&line);
	if (tail->left > 0 && --tail->left == 0)
		tail->done = true;
}

static void
take_message(struct tail *tail, struct source *source, const struct peyk_message *from)
{
	struct pk_span body = { from->body, from->body_size };
	json_t *message = json_loadb(body.ptr, body.len, 0, NULL);

	source->unanswered = 0;
	if (json_is_object(message))
		show(tail, message, body);
	else
		note_strange(tail, source);
	json_decref(message);
}

/* Takes what is there. */
static void
drain(struct tail *tail, struct source *source)
{
	struct peyk_message message;

	while (!tail->done && !interrupted &&
	       peyk_client_next(source->client, 0, &message) > 0) {
		if (message.kind == PEYK_MESSAGE)
			take_message(tail, source, &message);
		else
			tell(tail, source, &message);
	}
	watch_silence(tail, source);
}

/* Waits for the sources, and for the end of whoever reads our output. */
static void
wait_for_more(struct tail *tail)
{
	zmq_pollitem_t items[ENDPOINTS_MAX + 1];
	const int n = (int)tail->n_sources;

	for (int i = 0; i < n; i++)
		items[i] = (zmq_pollitem_t){ .socket = peyk_client_socket(
						 tail->sources[i].client),
			.events = ZMQ_POLLIN };
	items[n] = (zmq_pollitem_t){ .fd = STDOUT_FILENO, .events = ZMQ_POLLERR };
	if (zmq_poll(items, n + 1, WAKE_MS) > 0 && items[n].revents != 0)
		tail->done = true;
}

static void
run(struct tail *tail)
{
	while (!tail->done && !interrupted) {
		for (size_t i = 0; i < tail->n_sources && !tail->done; i++)
			drain(tail, &tail->sources[i]);
		if (!tail->done)
			wait_for_more(tail);
	}
}

int
pk_cmd_tail(int argc, char **argv)
{
	struct tail tail = { .style = pk_style_of(STDOUT_FILENO),
		.notice_style = pk_style_of(STDERR_FILENO) };
	struct sigaction action = { .sa_handler = interrupt };
	int status = read_options(argc, argv, &tail);

	if (status != 0)
		return status;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	status = open_sources(&tail);
	if (status == 0)
		run(&tail);
	close_sources(&tail);
	return status;
}
