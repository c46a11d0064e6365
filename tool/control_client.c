/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/control_client.h"

#include "base/buf.h"
#include "base/cleanup.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#define ANSWER_MAX ((size_t)64 * 1024 * 1024)
#define PATIENCE_S 30

static int
connect_to(const char *path, struct pk_diag *reterr_diag)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const struct timeval limit = { .tv_sec = PATIENCE_S };

	if (strlen(path) >= sizeof(address.sun_path))
		return pk_diag_at(
		    reterr_diag, -ENAMETOOLONG, path, 0, "too long for a socket");
	memcpy(address.sun_path, path, strlen(path) + 1);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return pk_diag_at(
		    reterr_diag, -errno, path, 0, "%s", strerrordesc_np(errno));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	int error = errno;
	bool nobody = error == ENOENT || error == ECONNREFUSED;
	close(fd);
	return pk_diag_at(reterr_diag, -error, path, 0, "%s%s", strerrordesc_np(error),
	    nobody ? "; peykd is not running here" : "");
}

static int
send_line(int fd, struct pk_span line)
{
	while (line.len > 0) {
		ssize_t n = send(fd, line.ptr, line.len, MSG_NOSIGNAL);
		if (n < 0)
			return -errno;
		line = pk_span_slice(line, (size_t)n, line.len);
	}
	return 0;
}

/* Reads to the end of the line, or of the connection. */
static int
read_line(int fd, struct pk_buf *line)
{
	char bytes[4096];
	ssize_t n;

	while ((n = recv(fd, bytes, sizeof(bytes), 0)) > 0) {
		int r = pk_buf_append(line, (struct pk_span){ bytes, (size_t)n });
		if (r < 0 || memchr(bytes, '\n', (size_t)n) != NULL)
			return r;
	}
	return n < 0 ? -errno : 0;
}

/* Takes the request out of the JSON world: its line, with a line break. */
static int
dump_request(json_t *request, struct pk_buf *line)
{
	pk_cleanup(pk_freep) char *text = json_dumps(request, JSON_COMPACT);

	json_decref(request);
	if (text == NULL)
		return -ENOMEM;
	int r = pk_buf_append(line, pk_span_of(text));
	return r < 0 ? r : pk_buf_append_char(line, '\n');
}

static int
read_answer(struct pk_span line, const char *path, json_t **ret_answer,
    struct pk_diag *reterr_diag)
{
	json_t *answer = json_loadb(line.ptr, line.len, JSON_DISABLE_EOF_CHECK, NULL);
	const char *error = json_string_value(json_object_get(answer, "error"));
	int r = 0;

	if (!json_is_object(answer))
		r = pk_diag_at(
		    reterr_diag, -EBADMSG, path, 0, "this does not answer like peykd");
	else if (!json_is_true(json_object_get(answer, "ok")))
		r = pk_diag_at(reterr_diag, -EREMOTEIO, path, 0, "%s",
		    error == NULL ? "peykd refused" : error);
	if (r < 0)
		json_decref(answer);
	else
		*ret_answer = answer;
	return r;
}

int
pk_control_ask(
    const char *path, json_t *request, json_t **ret_answer, struct pk_diag *reterr_diag)
{
	struct pk_buf line;
	pk_cleanup(pk_closep) int fd = -1;

	pk_buf_init(&line, ANSWER_MAX);
	int r = dump_request(request, &line);
	if (r < 0) {
		pk_buf_done(&line);
		return pk_diag_at(reterr_diag, r, path, 0, "%s", strerrordesc_np(-r));
	}
	fd = connect_to(path, reterr_diag);
	if (fd < 0) {
		pk_buf_done(&line);
		return fd;
	}
	r = send_line(fd, pk_buf_span(&line));
	line.len = 0;
	if (r == 0)
		r = read_line(fd, &line);
	if (r == 0)
		r = read_answer(pk_buf_span(&line), path, ret_answer, reterr_diag);
	else
		pk_diag_at(reterr_diag, r, path, 0, "%s",
		    r == -EAGAIN ? "peykd does not answer" : strerrordesc_np(-r));
	pk_buf_done(&line);
	return r;
}

json_t *
pk_control_ask_or_say(const char *path, json_t *request)
{
	struct pk_diag diag = { 0 };
	json_t *answer = NULL;

	if (pk_control_ask(path, request, &answer, &diag) < 0)
		fprintf(stderr, "peyk: %s: %s\n", diag.where, diag.what);
	return answer;
}
