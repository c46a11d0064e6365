/* SPDX-License-Identifier: Apache-2.0 */
/*
 * peykclient.h - libpeykclient: follow peyk's stream from C, and miss nothing.
 *
 *	cc -o mine mine.c $(pkg-config --cflags --libs peykclient)
 *
 *	const struct peyk_client_options options = {
 *		.events = "tcp://127.0.0.1:7551",
 *		.replay = "tcp://127.0.0.1:7552",
 *		.cursor_file = "/var/lib/mine/cursor",
 *	};
 *	struct peyk_client *client = peyk_client_open(&options);
 *	struct peyk_message message;
 *
 *	while (client != NULL && peyk_client_next(client, -1, &message) >= 0) {
 *		if (message.kind != PEYK_MESSAGE)
 *			continue;
 *		keep(message.number, message.topic, message.body, message.body_size);
 *		peyk_client_save(client);
 *	}
 *
 * It follows the steps of peyk-stream(7), JOINING, in the program's own thread: what is
 * live comes from the SUB socket, what was missed from replay, and each message comes
 * once, over restarts of both sides. Without prefixes messages come in the order of
 * their numbers. With prefixes one that was lost on the way comes late, after those
 * behind it.
 *
 * While it asks replay it does not read the SUB socket: ZeroMQ keeps what arrives, up
 * to PEYK_CLIENT_KEPT messages, and drops what is more. That is a hole like any other,
 * so a program that is too slow lives by replay, and memory is bounded.
 *
 * The program may keep the cursor itself, best in one transaction with what it makes of
 * a message: peyk_client_cursor() behind each, and PEYK_START_AFTER at the next start.
 * Then numbers above the cursor are not known any more: with prefixes some come again
 * after a restart, under the same epoch and number.
 *
 * Where replay is busy, cannot answer or makes no sense it is asked again after a
 *while, which grows to 8 s and is never the same for two clients.
 *
 * A client belongs to one thread. Nothing here writes to the terminal or ends the
 * program.
 */
#ifndef PEYKCLIENT_H
#define PEYKCLIENT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PEYK_CLIENT_KEPT 10000

#if defined(__GNUC__)
#define PEYK_CLIENT_API __attribute__((visibility("default")))
#else
#define PEYK_CLIENT_API
#endif

struct peyk_client;

/* Where to begin when no cursor is known. */
enum peyk_start {
	PEYK_START_OLDEST, /* with what is still in the journal */
	PEYK_START_AFTER,  /* behind the number `start` of `start_epoch` */
	PEYK_START_TIME,   /* with what came at `start` (ms since 1970) or later */
	PEYK_START_NOW,    /* with what comes from now on */
};

/* All are borrowed until peyk_client_close(), and may be NULL where it says so. */
struct peyk_client_options {
	const char *events;          /* ZeroMQ endpoints */
	const char *replay;          /* NULL: what is missed is lost, and told */
	const char *const *prefixes; /* of topics */
	size_t n_prefixes;           /* 0: everything */
	enum peyk_start start_from;
	uint64_t start;
	uint64_t
	    start_epoch; /* 0: not known, what is lost before `start` is not told */
	const char *cursor_file; /* read at the start, if it is there; or NULL */
	const char *server_key;  /* CURVE, in Z85: the daemon's public key; or NULL */
	const char *secret_key;  /* and the program's own secret one */
};

enum peyk_kind {
	PEYK_MESSAGE,
	PEYK_LOST,       /* `first` to `last` is not to be had any more */
	PEYK_RESET,      /* the journal is another one: numbers begin anew */
	PEYK_UNANSWERED, /* the daemon lives, but not replay, which is asked again */
	PEYK_STRANGE,    /* what came is not of this version: passed over, told once */
	PEYK_REFUSED,    /* replay says why, in `body`: this key may not read that */
};

/* Topic and body are the client's until the next call; both are followed by no NUL. */
struct peyk_message {
	enum peyk_kind kind;
	uint64_t epoch;
	uint64_t number;
	uint64_t first, last;
	const char *topic;
	size_t topic_size;
	const char *body; /* a CloudEvent, JSON in UTF-8 */
	size_t body_size;
};

/*
 * Connects; that succeeds also where nobody listens yet. NULL with errno: EINVAL (an
 * endpoint or a key that is none), ENOMEM, or why the cursor file cannot be read:
 * EBADMSG when it is none.
 */
PEYK_CLIENT_API struct peyk_client *peyk_client_open(
    const struct peyk_client_options *options);

/* NULL is fine. */
PEYK_CLIENT_API void peyk_client_close(struct peyk_client *client);

/*
 * Waits up to `timeout_ms` (-1: for ever) for the next message or notice. Returns 1
 * with it, 0 when nothing came, or -1 with errno: EINTR (a signal), ENOMEM, EMFILE; it
 * may be called again then, and nothing was lost.
 */
PEYK_CLIENT_API int peyk_client_next(
    struct peyk_client *client, int timeout_ms, struct peyk_message *ret_message);

/*
 * The socket that peyk_client_next() would wait for just now, for zmq_poll(3) over
 * several clients. Call peyk_client_next() until it returns 0 before waiting, and call
 * it each second also when nothing comes: it has clocks to look at.
 */
PEYK_CLIENT_API void *peyk_client_socket(const struct peyk_client *client);

/* When a word of the daemon was heard last, in milliseconds of CLOCK_MONOTONIC. What
 * waits while replay is asked counts as just heard. */
PEYK_CLIENT_API int64_t peyk_client_heard_ms(const struct peyk_client *client);

/* From now on replay is not asked any more: what is missed is lost, and told. */
PEYK_CLIENT_API void peyk_client_go_live(struct peyk_client *client);

/* The cursor: everything up to `number` was handed on. */
PEYK_CLIENT_API void peyk_client_cursor(
    const struct peyk_client *client, uint64_t *ret_epoch, uint64_t *ret_number);

/*
 * Writes the cursor file, whole, whatever happens: a new file takes its name when it is
 * on disk. Call it when you are done with the message. Returns 0 or -1 with errno.
 */
PEYK_CLIENT_API int peyk_client_save(const struct peyk_client *client);

#ifdef __cplusplus
}
#endif

#endif
