/* SPDX-License-Identifier: Apache-2.0 */
/* libpeykclient: opening and closing, and what is remembered: the cursor, and with
 * prefixes the numbers above it that were handed on. */
#include "peykclient_priv.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool
peyk_has_seen(const struct peyk_client *client, uint64_t number)
{
	for (size_t i = client->n_seen; i > 0; i--) { /* the newest are the last */
		if (client->seen[i - 1] == number)
			return true;
	}
	return false;
}

int
peyk_note_seen(struct peyk_client *client, uint64_t number)
{
	if (client->n_seen == client->seen_room) {
		size_t room = client->seen_room == 0 ? 256 : client->seen_room * 2;
		uint64_t *seen = realloc(client->seen, room * sizeof(*seen));
		if (seen == NULL)
			return -1;
		client->seen = seen;
		client->seen_room = room;
	}
	client->seen[client->n_seen++] = number;
	return 0;
}

void
peyk_forget_seen(struct peyk_client *client)
{
	size_t kept = 0;

	for (size_t i = 0; i < client->n_seen; i++) {
		if (client->seen[i] > client->cursor)
			client->seen[kept++] = client->seen[i];
	}
	client->n_seen = kept;
}

/* The file: epoch, cursor, and the numbers seen. One that is not there is no error. */
static int
load(struct peyk_client *client)
{
	FILE *file = fopen(client->options.cursor_file, "re");
	uint64_t number;
	int r = 0;

	if (file == NULL)
		return errno == ENOENT ? 0 : -1;
	client->known =
	    fscanf(file, "%" SCNu64 " %" SCNu64, &client->epoch, &client->cursor) == 2;
	while (r == 0 && fscanf(file, "%" SCNu64, &number) == 1)
		r = peyk_note_seen(client, number);
	if (r == 0 && (!client->known || !feof(file))) {
		errno = EBADMSG;
		r = -1;
	}
	fclose(file);
	return r;
}

/* Returns 0 when it is on disk, or -1 with errno. */
static int
write_cursor(const struct peyk_client *client, const char *path)
{
	FILE *file = fopen(path, "we");

	if (file == NULL)
		return -1;
	fprintf(file, "%" PRIu64 " %" PRIu64, client->epoch, client->cursor);
	for (size_t i = 0; i < client->n_seen; i++)
		fprintf(file, " %" PRIu64, client->seen[i]);
	fputc('\n', file);
	/* ferror() knows of all that came before */
	bool whole = fflush(file) == 0 && !ferror(file) && fsync(fileno(file)) == 0;
	return fclose(file) == 0 && whole ? 0 : -1;
}

int
peyk_client_save(const struct peyk_client *client)
{
	char fresh[4096];

	if (client->options.cursor_file == NULL || !client->known)
		return 0;
	int n = snprintf(fresh, sizeof(fresh), "%s.new", client->options.cursor_file);
	if (n < 0 || (size_t)n >= sizeof(fresh)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (write_cursor(client, fresh) < 0)
		return -1;
	return rename(fresh, client->options.cursor_file);
}

static int
start(struct peyk_client *client)
{
	const struct peyk_client_options *options = &client->options;

	client->context = zmq_ctx_new();
	client->events = client->context == NULL
			     ? NULL
			     : peyk_connect(client, ZMQ_SUB, options->events);
	if (client->events == NULL ||
	    (options->replay != NULL && peyk_connect_replay(client) < 0))
		return -1;
	for (size_t i = 0; i < options->n_prefixes; i++)
		zmq_setsockopt(client->events, ZMQ_SUBSCRIBE, options->prefixes[i],
		    strlen(options->prefixes[i]));
	if (options->n_prefixes == 0)
		zmq_setsockopt(client->events, ZMQ_SUBSCRIBE, "", 0);
	zmq_setsockopt(
	    client->events, ZMQ_SUBSCRIBE, "heartbeat/", strlen("heartbeat/"));
	if (client->replay == NULL)
		return 0; /* who cannot ask for what came since has no use for a start
			   */
	client->known = options->start_from <= PEYK_START_AFTER;
	if (options->start_from == PEYK_START_AFTER) {
		client->cursor = options->start;
		client->epoch = options->start_epoch;
	}
	if (options->cursor_file != NULL && load(client) < 0)
		return -1;
	if (client->known || options->start_from == PEYK_START_TIME)
		peyk_ask(client);
	return 0;
}

struct peyk_client *
peyk_client_open(const struct peyk_client_options *options)
{
	struct peyk_client *client = calloc(1, sizeof(*client));

	if (client == NULL)
		return NULL;
	client->options = *options;
	client->heard_ms = peyk_now_ms();
	for (int i = 0; i < FRAMES; i++)
		zmq_msg_init(&client->frames[i]);
	if (start(client) == 0)
		return client;
	int error = errno;
	peyk_client_close(client);
	errno = error;
	return NULL;
}

void
peyk_client_close(struct peyk_client *client)
{
	if (client == NULL)
		return;
	for (int i = 0; i < FRAMES; i++)
		zmq_msg_close(&client->frames[i]);
	if (client->replay != NULL)
		zmq_close(client->replay);
	if (client->events != NULL)
		zmq_close(client->events);
	if (client->context != NULL)
		zmq_ctx_term(client->context);
	free(client->seen);
	free(client);
}
