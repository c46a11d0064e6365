/* SPDX-License-Identifier: Apache-2.0 */
/* peyk tail - follows the stream: one readable line an event, or JSON lines. */
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/vocabulary.h"
#include "publish/socket.h"
#include "publish/topic.h"
#include "tool/cmd.h"
#include "tool/follow.h"
#include "tool/render.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <zmq.h>

#define DEFAULT_ENDPOINT "tcp://127.0.0.1:7551"
#define ENDPOINTS_MAX    16

#define RECEIVE_HWM  100000 /* messages kept while the terminal is slow */
#define MESSAGE_MAX  (INT64_C(4) * 1024 * 1024)
#define HEARTBEAT_MS 2000
#define RECONNECT_MS 100 /* constant: who starts is heard from his first words on */
#define WAKE_MS      500

/* One endpoint, with its own numbers: two daemons have nothing in common. */
struct source {
	const char *endpoint;
	void *socket;
	struct pk_follow follow;
	bool odd; /* has said something that this version does not read */
};

struct tail {
	struct source sources[ENDPOINTS_MAX];
	size_t n_sources;
	char type[16];   /* "" for all */
	char country[4]; /* "" for all */
	bool json;
	bool since;
	uint64_t left; /* messages still to be shown */
	void *context;
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
	tail->sources[tail->n_sources++].endpoint = endpoint;
	return 0;
}

static int
take_option(struct tail *tail, int option)
{
	switch (option) {
	case 'C':
		return take_endpoint(tail, optarg);
	case 't':
		return take_type(tail, optarg);
	case 'c':
		return take_country(tail, optarg);
	case 'n':
		return take_count(tail, optarg);
	case 's':
		tail->since = true;
		return 0;
	case 'j':
		tail->json = true;
		return 0;
	default:
		return pk_cmd_usage("tail");
	}
}

static int
read_options(int argc, char **argv, struct tail *tail)
{
	static const struct option options[] = {
		{ "connect", required_argument, NULL, 'C' },
		{ "since", required_argument, NULL, 's' },
		{ "type", required_argument, NULL, 't' },
		{ "country", required_argument, NULL, 'c' },
		{ "json", no_argument, NULL, 'j' },
		{ "count", required_argument, NULL, 'n' },
		{ 0 },
	};
	int option, r = 0;

	/* NOLINTNEXTLINE(concurrency-mt-unsafe): the tool has one thread */
	while (r == 0 && (option = getopt_long(argc, argv, "", options, NULL)) >= 0)
		r = take_option(tail, option);
	if (r == 0 && optind < argc)
		r = pk_cmd_usage("tail");
	if (r == 0 && tail->n_sources == 0)
		r = take_endpoint(tail, DEFAULT_ENDPOINT);
	return r;
}

static bool
wants_everything(const struct tail *tail)
{
	return tail->type[0] == '\0' && tail->country[0] == '\0';
}

/* ---- sockets ---- */

static void
set_int(void *socket, int option, int value)
{
	zmq_setsockopt(socket, option, &value, sizeof(value));
}

/* A country may stand on either side of a topic, or third: that is looked at here. */
static void
subscribe(const struct tail *tail, void *socket)
{
	char prefix[32] = "";

	if (!wants_everything(tail)) {
		struct pk_span heartbeat = PK_TOPIC_HEARTBEAT;
		zmq_setsockopt(socket, ZMQ_SUBSCRIBE, heartbeat.ptr, heartbeat.len);
		snprintf(prefix, sizeof(prefix), "event/%s%s", tail->type,
		    tail->type[0] == '\0' ? "" : "/");
	}
	zmq_setsockopt(socket, ZMQ_SUBSCRIBE, prefix, strlen(prefix));
}

/* ZeroMQ connects again by itself, for as long as it takes. */
static int
open_source(struct tail *tail, struct source *source)
{
	const int64_t max = MESSAGE_MAX;

	source->socket = zmq_socket(tail->context, ZMQ_SUB);
	if (source->socket == NULL)
		return -zmq_errno();
	set_int(source->socket, ZMQ_LINGER, 0);
	set_int(source->socket, ZMQ_RCVHWM, RECEIVE_HWM);
	set_int(source->socket, ZMQ_RECONNECT_IVL, RECONNECT_MS);
	set_int(source->socket, ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS);
	set_int(source->socket, ZMQ_HEARTBEAT_TIMEOUT, 2 * HEARTBEAT_MS);
	zmq_setsockopt(source->socket, ZMQ_MAXMSGSIZE, &max, sizeof(max));
	subscribe(tail, source->socket);
	pk_follow_init(&source->follow, wants_everything(tail), pk_mono_ns());
	return zmq_connect(source->socket, source->endpoint) == 0 ? 0 : -zmq_errno();
}

static int
open_sources(struct tail *tail)
{
	tail->context = zmq_ctx_new();
	if (tail->context == NULL)
		return complain(zmq_strerror(zmq_errno()), "ZeroMQ");
	for (size_t i = 0; i < tail->n_sources; i++) {
		int r = open_source(tail, &tail->sources[i]);
		if (r < 0) {
			complain(zmq_strerror(-r), tail->sources[i].endpoint);
			return 1;
		}
	}
	return 0;
}

static void
close_sources(struct tail *tail)
{
	for (size_t i = 0; i < tail->n_sources; i++) {
		if (tail->sources[i].socket != NULL)
			zmq_close(tail->sources[i].socket);
	}
	if (tail->context != NULL)
		zmq_ctx_term(tail->context);
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
	    source->endpoint, text, paint[2 + tail->notice_style.colour]);
}

static unsigned
seconds(uint64_t ns)
{
	return (unsigned)((ns + (uint64_t)PK_NS_PER_S / 2) / (uint64_t)PK_NS_PER_S);
}

static void
tell(const struct tail *tail, const struct source *source,
    const struct pk_follow_news *news)
{
	if (news->back_after_ns > 0)
		notice(tail, source, "the daemon is back after %u s",
		    seconds(news->back_after_ns));
	if (news->reset)
		notice(tail, source, "the log was reset, its numbers begin anew");
	if (news->missing_last > 0)
		notice(tail, source,
		    "%" PRIu64 " messages missing: %" PRIu64 " to %" PRIu64,
		    news->missing_last - news->missing_first + 1, news->missing_first,
		    news->missing_last);
}

static void
watch_silence(struct tail *tail)
{
	uint64_t now_ns = pk_mono_ns();

	for (size_t i = 0; i < tail->n_sources; i++) {
		struct source *source = &tail->sources[i];
		if (pk_follow_fell_silent(&source->follow, now_ns))
			notice(tail, source, "no heartbeat for %u s: is peykd running?",
			    seconds(PK_FOLLOW_SILENCE_NS));
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

static struct pk_span
bytes_of(zmq_msg_t *frame)
{
	return (struct pk_span){ zmq_msg_data(frame), zmq_msg_size(frame) };
}

static void
take_message(struct tail *tail, struct source *source, struct pk_span topic,
    struct pk_span header, struct pk_span body)
{
	uint64_t epoch, sequence;
	json_t *message = json_loadb(body.ptr, body.len, 0, NULL);

	if (pk_header_read(header, &epoch, &sequence) < 0 || !json_is_object(message)) {
		if (!source->odd)
			notice(tail, source,
			    "sends what this peyk does not read, "
			    "skipping it: is it another version?");
		source->odd = true;
		json_decref(message);
		return;
	}
	bool heartbeat = pk_span_starts_with(topic, PK_TOPIC_HEARTBEAT);
	json_int_t head = json_integer_value(
	    json_object_get(json_object_get(message, "data"), "head"));
	struct pk_follow_news news = pk_follow_hear(&source->follow, epoch,
	    heartbeat ? 0 : sequence, head < 0 ? 0 : (uint64_t)head, pk_mono_ns());
	tell(tail, source, &news);
	if (!heartbeat)
		show(tail, message, body);
	json_decref(message);
}

/* Takes one message of three frames, if one is there. */
static bool
receive(struct tail *tail, struct source *source)
{
	zmq_msg_t frames[3], rest;
	int n = 0;
	bool more = true;

	while (more) {
		zmq_msg_t *frame = n < 3 ? &frames[n] : &rest;
		zmq_msg_init(frame);
		if (zmq_msg_recv(frame, source->socket, ZMQ_DONTWAIT) < 0) {
			zmq_msg_close(frame);
			break;
		}
		more = zmq_msg_more(frame) != 0;
		if (n >= 3)
			zmq_msg_close(frame);
		n++;
	}
	if (n == 3)
		take_message(tail, source, bytes_of(&frames[0]), bytes_of(&frames[1]),
		    bytes_of(&frames[2]));
	for (int i = 0; i < n && i < 3; i++)
		zmq_msg_close(&frames[i]);
	return n > 0;
}

/* Waits for the sources, and for the end of whoever reads our output. */
static void
wait_for_more(struct tail *tail)
{
	zmq_pollitem_t items[ENDPOINTS_MAX + 1];
	const int n = (int)tail->n_sources;

	for (int i = 0; i < n; i++)
		items[i] = (zmq_pollitem_t){ .socket = tail->sources[i].socket,
			.events = ZMQ_POLLIN };
	items[n] = (zmq_pollitem_t){ .fd = STDOUT_FILENO, .events = ZMQ_POLLERR };
	if (zmq_poll(items, n + 1, WAKE_MS) > 0 && items[n].revents != 0)
		tail->done = true;
}

static void
run(struct tail *tail)
{
	while (!tail->done && !interrupted) {
		bool any = false;
		for (size_t i = 0; i < tail->n_sources && !tail->done; i++)
			any = receive(tail, &tail->sources[i]) || any;
		watch_silence(tail);
		if (!any && !tail->done)
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
	if (tail.since) {
		fputs("peyk tail: --since: replay is not available yet from this "
		      "daemon\n",
		    stderr);
		return 1;
	}
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	status = open_sources(&tail);
	if (status == 0)
		run(&tail);
	close_sources(&tail);
	return status;
}
