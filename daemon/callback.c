/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/callback.h"

#include "base/clock.h"
#include "base/counter.h"
#include "base/log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdatomic.h>
#include <sys/socket.h>

/* Behind a proxy all of them come from one address. */
#define CONNECTIONS_MAX 64
#define PER_IP_MAX      16

#define SILENCE_S 20 /* between two pieces of a request */
#define TIME_NS   (UINT64_C(60) * (uint64_t)PK_NS_PER_S) /* for all of it */

/* Line, fields and query of a request: topic and challenge may have 4 KiB each, thrice
 * that when they are escaped. */
#define HEAD_MAX ((size_t)48 * 1024)

/* What all bodies under way may take together; one has its room in any case. */
#define BODIES_MAX ((size_t)64 * 1024 * 1024)

#define RECORD_MAX ((size_t)64 * 1024)

struct pk_callback {
	struct pk_callback_options options; /* spans and path are not kept */
	struct pk_db *reader;
	struct MHD_Daemon *server;
	size_t buffered; /* of all bodies; the thread's own */
	char address[96];
	_Atomic size_t body_max;
	_Atomic int64_t lease_ms;
};

/* A POST, while its body comes. */
struct request {
	struct pk_callback *callback;
	char token[PK_HUB_TOKEN_LEN + 1];
	uint64_t began_ns;
	bool is_unsigned; /* the body is passed over */
	int refused;      /* the status that it gets once it is here; 0: none yet */
	struct pk_buf body;
};

/* ---- answers ---- */

static enum MHD_Result
answer(struct MHD_Connection *connection, unsigned status, struct pk_span body)
{
	struct MHD_Response *response = MHD_create_response_from_buffer(
	    body.len, (void *)(uintptr_t)body.ptr, MHD_RESPMEM_MUST_COPY);

	if (response == NULL)
		return MHD_NO;
	/* a challenge is the hub's, and must never be taken for a page of ours */
	MHD_add_response_header(response, "Content-Type", "text/plain; charset=utf-8");
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	MHD_add_response_header(response, "Cache-Control", "no-store");
	if (status == MHD_HTTP_SERVICE_UNAVAILABLE)
		MHD_add_response_header(response, "Retry-After", "30");
	enum MHD_Result r = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return r;
}

static enum MHD_Result
answer_status(struct MHD_Connection *connection, unsigned status)
{
	return answer(connection, status, PK_SPAN(""));
}

static struct pk_span
value_of(struct MHD_Connection *connection, enum MHD_ValueKind kind, const char *name)
{
	struct pk_span value = { NULL, 0 };

	MHD_lookup_connection_value_n(
	    connection, kind, name, strlen(name), &value.ptr, &value.len);
	return value;
}

/* ---- the hub asks back ---- */

static struct pk_span
parameter(struct MHD_Connection *connection, const char *name)
{
	return value_of(connection, MHD_GET_ARGUMENT_KIND, name);
}

/* In plain letters: it goes into a table and a log. */
static void
copy_reason(struct pk_span reason, char *ret_text, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < reason.len && n + 1 < size; i++) {
		char c = reason.ptr[i];
		ret_text[n++] = c >= ' ' && c < 0x7f ? c : '?';
	}
	ret_text[n] = '\0';
}

static void
tell_of_denial(const struct pk_websub *websub, const char *reason)
{
	pk_count(PK_COUNT_WEBSUB_FAILED);
	pk_log(PK_WARN, "a hub denies a subscription, polling on", "feed",
	    websub->feed.ptr, "hub", websub->hub.ptr, "why", reason);
}

static enum MHD_Result
answer_intent(struct pk_callback *callback, struct MHD_Connection *connection,
    const struct pk_websub *websub)
{
	const struct pk_hub_intent intent = {
		.mode = parameter(connection, "hub.mode"),
		.topic = parameter(connection, "hub.topic"),
		.challenge = parameter(connection, "hub.challenge"),
		.lease_seconds = parameter(connection, "hub.lease_seconds"),
		.reason = parameter(connection, "hub.reason"),
	};
	struct pk_websub_note note = {
		.answer = pk_hub_judge(
		    &intent, websub->topic, websub->state == PK_WEBSUB_LEAVING),
		.lease_ms = pk_hub_lease_ms(&intent, atomic_load(&callback->lease_ms)),
	};

	if (note.answer == PK_HUB_REFUSE)
		return answer_status(connection, MHD_HTTP_NOT_FOUND);
	memcpy(note.token, websub->token.ptr, PK_HUB_TOKEN_LEN);
	copy_reason(intent.reason, note.reason, sizeof(note.reason));
	/* first into safe hands, then the word that makes the hub send */
	if (callback->options.note(callback->options.context, &note) < 0)
		return answer_status(connection, MHD_HTTP_SERVICE_UNAVAILABLE);
	if (note.answer == PK_HUB_DENIED) {
		tell_of_denial(websub, note.reason);
		return answer_status(connection, MHD_HTTP_OK);
	}
	if (note.answer == PK_HUB_SUBSCRIBED)
		pk_count(PK_COUNT_WEBSUB_VERIFIED);
	return answer(connection, MHD_HTTP_OK, intent.challenge);
}

/* ---- the hub sends ---- */

static void
drop_body(struct request *request)
{
	request->callback->buffered -= request->body.len;
	pk_buf_done(&request->body);
}

static enum MHD_Result
begin_push(struct pk_callback *callback, struct MHD_Connection *connection,
    const struct pk_websub *websub, void **state)
{
	size_t body_max = atomic_load(&callback->body_max);
	struct pk_span length =
	    value_of(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
	int64_t n = 0;

	if (websub->state == PK_WEBSUB_LEAVING)
		return answer_status(connection, MHD_HTTP_GONE);
	if (length.ptr != NULL &&
	    (pk_span_to_int64(length, &n) < 0 || n < 0 || (uint64_t)n > body_max)) {
		pk_count(PK_COUNT_WEBSUB_PUSHES_REFUSED);
		return answer_status(connection, MHD_HTTP_CONTENT_TOO_LARGE);
	}
	struct request *request = calloc(1, sizeof(*request));
	if (request == NULL)
		return answer_status(connection, MHD_HTTP_SERVICE_UNAVAILABLE);
	request->callback = callback;
	request->began_ns = pk_mono_ns();
	request->is_unsigned =
	    value_of(connection, MHD_HEADER_KIND, "X-Hub-Signature").ptr == NULL;
	memcpy(request->token, websub->token.ptr, PK_HUB_TOKEN_LEN);
	pk_buf_init(&request->body, body_max);
	*state = request;
	return MHD_YES;
}

/* Takes a piece of the body. What is not wanted any more is passed over, for a while.
 */
static enum MHD_Result
take_piece(struct request *request, struct pk_span piece)
{
	struct pk_callback *callback = request->callback;
	size_t others = callback->buffered - request->body.len;

	if (pk_mono_ns() - request->began_ns > TIME_NS)
		return MHD_NO;
	if (request->is_unsigned || request->refused != 0)
		return MHD_YES;
	int r = others > 0 && callback->buffered + piece.len > BODIES_MAX
		    ? -ENOMEM
		    : pk_buf_append(&request->body, piece);
	if (r == 0) {
		callback->buffered += piece.len;
		return MHD_YES;
	}
	drop_body(request);
	request->refused =
	    r == -E2BIG ? MHD_HTTP_CONTENT_TOO_LARGE : MHD_HTTP_SERVICE_UNAVAILABLE;
	return MHD_YES;
}

/* Wrong signatures are answered like right ones: nobody learns anything by trying. */
static enum MHD_Result
end_push(struct pk_callback *callback, struct MHD_Connection *connection,
    struct request *request, const struct pk_websub *websub)
{
	struct pk_span body = pk_buf_span(&request->body);

	if (request->refused == MHD_HTTP_SERVICE_UNAVAILABLE)
		return answer_status(connection, MHD_HTTP_SERVICE_UNAVAILABLE);
	if (request->refused != 0) {
		pk_count(PK_COUNT_WEBSUB_PUSHES_REFUSED);
		return answer_status(connection, (unsigned)request->refused);
	}
	if (!pk_hub_is_signed(value_of(connection, MHD_HEADER_KIND, "X-Hub-Signature"),
		websub->secret, body)) {
		pk_count(PK_COUNT_WEBSUB_PUSHES_REFUSED);
		pk_log(PK_INFO, "a push without a right signature, ignoring it", "feed",
		    websub->feed.ptr, "hub", websub->hub.ptr);
		return answer_status(connection, MHD_HTTP_ACCEPTED);
	}
	int r = callback->options.push(callback->options.context, websub->feed, body,
	    value_of(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_TYPE));
	if (r < 0)
		return answer_status(connection, MHD_HTTP_SERVICE_UNAVAILABLE);
	pk_count(PK_COUNT_WEBSUB_PUSHES);
	return answer_status(connection, MHD_HTTP_ACCEPTED);
}

/* ---- the server ---- */

/* Whose callback the path is. Returns 0, -ENOENT or another error. */
static int
find(struct pk_callback *callback, struct pk_arena *arena, const char *path,
    struct pk_websub *ret_websub)
{
	struct pk_span token;

	if (arena == NULL)
		return -ENOMEM;
	if (!pk_hub_read_path(pk_span_of(path), &token))
		return -ENOENT;
	return pk_websub_find(callback->reader, arena, token, ret_websub);
}

static unsigned
status_of_error(int r, bool post, const char *path)
{
	struct pk_span token;

	if (r != -ENOENT)
		return MHD_HTTP_SERVICE_UNAVAILABLE;
	/* a hub whose subscription has ended may stop by this */
	return post && pk_hub_read_path(pk_span_of(path), &token) ? MHD_HTTP_GONE
								  : MHD_HTTP_NOT_FOUND;
}

/* Called once when the head is there, for each piece of a body, and at its end. */
static enum MHD_Result
serve(void *context, struct MHD_Connection *connection, const char *path,
    const char *method, const char *version, const char *piece, size_t *piece_len,
    void **state)
{
	struct pk_callback *callback = context;
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = NULL;
	struct request *request = *state;
	struct pk_websub websub;
	bool post = strcmp(method, MHD_HTTP_METHOD_POST) == 0;

	(void)version;
	if (request != NULL && *piece_len > 0) {
		size_t n = *piece_len;
		*piece_len = 0;
		return take_piece(request, (struct pk_span){ piece, n });
	}
	if (!post && strcmp(method, MHD_HTTP_METHOD_GET) != 0)
		return answer_status(connection, MHD_HTTP_NOT_FOUND);
	arena = pk_arena_new(RECORD_MAX);
	int r = find(callback, arena, path, &websub);
	if (r < 0)
		return answer_status(connection, status_of_error(r, post, path));
	if (!post)
		return answer_intent(callback, connection, &websub);
	return request == NULL ? begin_push(callback, connection, &websub, state)
			       : end_push(callback, connection, request, &websub);
}

static void
completed(void *context, struct MHD_Connection *connection, void **state,
    enum MHD_RequestTerminationCode how)
{
	struct request *request = *state;

	(void)context;
	(void)connection;
	(void)how;
	if (request == NULL)
		return;
	drop_body(request);
	free(request);
	*state = NULL;
}

/* Listens at "ADDRESS:PORT". Gives the socket, or -errno. */
static int
listen_at(struct pk_span where, bool *ret_local)
{
	const struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
		.ai_socktype = SOCK_STREAM };
	struct addrinfo *info;
	char host[96];
	const int on = 1;

	if (where.len >= sizeof(host))
		return -EINVAL;
	memcpy(host, where.ptr, where.len);
	host[where.len] = '\0';
	char *colon = strrchr(host, ':'), *name = host;
	if (colon == NULL)
		return -EINVAL;
	*colon = '\0';
	if (host[0] == '[' && colon[-1] == ']') {
		colon[-1] = '\0';
		name++;
	}
	if (getaddrinfo(name, colon + 1, &hints, &info) != 0)
		return -EINVAL;
	*ret_local = strncmp(name, "127.", 4) == 0 || strcmp(name, "::1") == 0;
	int fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int r = fd < 0 ? -errno : 0;
	if (r == 0 && (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
			  bind(fd, info->ai_addr, info->ai_addrlen) != 0 ||
			  listen(fd, CONNECTIONS_MAX) != 0)) {
		r = -errno;
		close(fd);
	}
	freeaddrinfo(info);
	return r < 0 ? r : fd;
}

static void
note_address(struct pk_callback *callback, int fd)
{
	struct sockaddr_storage address = { 0 };
	socklen_t len = sizeof(address);
	char host[64] = "?", port[8] = "?";

	if (getsockname(fd, (struct sockaddr *)&address, &len) == 0)
		getnameinfo((struct sockaddr *)&address, len, host, sizeof(host), port,
		    sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV);
	snprintf(callback->address, sizeof(callback->address),
	    address.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

int
pk_callback_open(
    const struct pk_callback_options *options, struct pk_callback **ret_callback)
{
	pk_cleanup(pk_callback_closep) struct pk_callback *callback =
	    calloc(1, sizeof(*callback));
	bool local = false;

	if (callback == NULL)
		return -ENOMEM;
	callback->options = *options;
	pk_callback_configure(callback, options->body_max, options->lease_ms);
	int r = pk_db_open(options->db_path, PK_DB_READ, &callback->reader);
	if (r < 0)
		return r;
	int fd = listen_at(options->listen, &local);
	if (fd < 0)
		return fd;
	note_address(callback, fd);
	callback->server = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC,
	    0, NULL, NULL, serve, callback, MHD_OPTION_LISTEN_SOCKET, fd,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
	    MHD_OPTION_PER_IP_CONNECTION_LIMIT, local ? 0U : (unsigned)PER_IP_MAX,
	    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)SILENCE_S,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEAD_MAX, MHD_OPTION_NOTIFY_COMPLETED,
	    completed, NULL, MHD_OPTION_END);
	if (callback->server == NULL) {
		close(fd);
		return -ENOMEM;
	}
	*ret_callback = pk_steal(&callback);
	return 0;
}

const char *
pk_callback_address(const struct pk_callback *callback)
{
	return callback->address;
}

void
pk_callback_configure(struct pk_callback *callback, size_t body_max, int64_t lease_ms)
{
	atomic_store(&callback->body_max, body_max);
	atomic_store(&callback->lease_ms, lease_ms);
}

struct pk_callback *
pk_callback_close(struct pk_callback *callback)
{
	if (callback == NULL)
		return NULL;
	if (callback->server != NULL)
		MHD_stop_daemon(callback->server);
	pk_db_close(callback->reader);
	free(callback);
	return NULL;
}
