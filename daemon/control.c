/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/control.h"

#include "base/clock.h"
#include "base/span.h"
#include "publish/accept.h"
#include "publish/json_text.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

/* A client has so long for its request, and as long again to take the answer. */
#define CLIENT_NS ((uint64_t)PK_NS_PER_S)

struct pk_control {
	int fd;
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
	pk_control_answer *answer;
	void *context;
};

static int
fill_address(const char *path, struct sockaddr_un *ret_address)
{
	*ret_address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(ret_address->sun_path))
		return -ENAMETOOLONG;
	memcpy(ret_address->sun_path, path, strlen(path) + 1);
	return 0;
}

/* A socket file without a listener refuses connections: its daemon is dead. So does a
 * file that is no socket, which is somebody's and stays (bind() will complain). */
static int
remove_stale(const struct sockaddr_un *address)
{
	pk_cleanup(pk_closep) int fd =
	    socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct stat st;

	if (fd < 0)
		return -errno;
	if (lstat(address->sun_path, &st) != 0 || !S_ISSOCK(st.st_mode))
		return 0;
	/* EAGAIN: it is alive and has many waiting */
	if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 ||
	    errno == EAGAIN)
		return -EADDRINUSE;
	if (errno == ECONNREFUSED && unlink(address->sun_path) != 0)
		return -errno;
	return 0;
}

int
pk_control_open(const char *path, pk_control_answer *answer, void *context,
    struct pk_control **ret_control)
{
	pk_cleanup(pk_control_closep) struct pk_control *control =
	    calloc(1, sizeof(*control));
	struct sockaddr_un address;

	if (control == NULL)
		return -ENOMEM;
	control->fd = -1;
	control->answer = answer;
	control->context = context;
	int r = fill_address(path, &address);
	if (r == 0)
		r = remove_stale(&address);
	if (r < 0)
		return r;
	control->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (control->fd < 0)
		return -errno;
	mode_t before = umask(0117);
	r = bind(control->fd, (struct sockaddr *)&address, sizeof(address));
	umask(before);
	if (r != 0)
		return -errno;
	/* from here on the file is ours, to be removed when this ends */
	memcpy(control->path, address.sun_path, sizeof(control->path));
	if (listen(control->fd, 16) != 0)
		return -errno;
	*ret_control = pk_steal(&control);
	return 0;
}

struct pk_control *
pk_control_close(struct pk_control *control)
{
	if (control == NULL)
		return NULL;
	if (control->fd >= 0)
		close(control->fd);
	if (control->path[0] != '\0')
		unlink(control->path);
	free(control);
	return NULL;
}

int
pk_control_fd(const struct pk_control *control)
{
	return control->fd;
}

/* Waits until `end_ns` at most: a limit for each call would give who drips one byte at
 * a time hours. */
static bool
wait_for(int fd, short events, uint64_t end_ns)
{
	struct pollfd pollfd = { .fd = fd, .events = events };
	uint64_t now_ns = pk_mono_ns();

	return now_ns < end_ns &&
	       poll(&pollfd, 1, (int)((end_ns - now_ns) / (uint64_t)PK_NS_PER_MS) + 1) >
		   0;
}

/* Reads up to the line's end. Returns its length, or -1 for what is no request. */
static ssize_t
read_request(int fd, char request[static PK_CONTROL_REQUEST_MAX])
{
	uint64_t end_ns = pk_mono_ns() + CLIENT_NS;
	size_t len = 0;

	while (len < PK_CONTROL_REQUEST_MAX && wait_for(fd, POLLIN, end_ns)) {
		ssize_t n = recv(fd, request + len, PK_CONTROL_REQUEST_MAX - len, 0);
		if (n <= 0)
			return -1;
		const char *end = memchr(request + len, '\n', (size_t)n);
		len += (size_t)n;
		if (end != NULL)
			return end - request;
	}
	return -1;
}

static json_t *
answer_request(const struct pk_control *control, const char *bytes, size_t len)
{
	const char *error = "the request is not a JSON object with a command";
	json_t *request = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, NULL);
	const char *command = json_string_value(json_object_get(request, "command"));
	json_t *answer = command == NULL ? NULL
					 : control->answer(control->context, command,
					       request, &error);

	json_decref(request);
	if (answer == NULL)
		return json_pack("{sb ss}", "ok", 0, "error", error);
	json_object_set_new(answer, "ok", json_true());
	return answer;
}

static void
send_answer(int fd, const char *text, size_t len)
{
	uint64_t end_ns = pk_mono_ns() + CLIENT_NS;

	for (size_t sent = 0; sent < len && wait_for(fd, POLLOUT, end_ns);) {
		ssize_t n = send(fd, text + sent, len - sent, MSG_NOSIGNAL);
		if (n <= 0)
			break;
		sent += (size_t)n;
	}
}

void
pk_control_serve(struct pk_control *control)
{
	pk_cleanup(pk_closep) int fd =
	    pk_accept_operator(control->fd, SOCK_CLOEXEC | SOCK_NONBLOCK);
	char request[PK_CONTROL_REQUEST_MAX];

	if (fd < 0)
		return;
	ssize_t len = read_request(fd, request);
	if (len < 0)
		return;
	json_t *answer = answer_request(control, request, (size_t)len);
	char *text = pk_json_text(answer, JSON_COMPACT);
	json_decref(answer);
	if (text != NULL) {
		size_t end = strlen(text);
		text[end] = '\n'; /* in place of the NUL: one send, one line */
		send_answer(fd, text, end + 1);
	}
	free(text);
}
