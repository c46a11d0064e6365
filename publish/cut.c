/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/cut.h"

#include "base/counter.h"
#include "publish/grant.h"
#include "publish/zap.h"

#include <errno.h>
#include <sys/stat.h>
#include <zmq.h>

/* So many are read at once: who says more without end must not keep the store from its
 * work. */
#define AT_ONCE 1000

/* Beyond what a process may have open. */
#define DESCRIPTORS_MAX (1 << 20)

/* A connection, at the place of its descriptor. */
struct seat {
	uint64_t connection; /* PK_ZAP_CONNECTION of who sits here, or sat last */
	ino_t socket;
	struct pk_wishes wishes;
};

struct pk_cut {
	struct pk_access *access;
	struct seat *seats;
	size_t n_seats;
};

struct pk_cut *
pk_cut_new(struct pk_access *access)
{
	struct pk_cut *cut = calloc(1, sizeof(*cut));

	if (cut != NULL)
		cut->access = access;
	return cut;
}

void
pk_cut_clear(struct pk_cut *cut)
{
	for (size_t i = 0; i < cut->n_seats; i++)
		pk_wishes_clear(&cut->seats[i].wishes);
	free(cut->seats);
	cut->seats = NULL;
	cut->n_seats = 0;
}

struct pk_cut *
pk_cut_free(struct pk_cut *cut)
{
	if (cut == NULL)
		return NULL;
	pk_cut_clear(cut);
	free(cut);
	return NULL;
}

static struct seat *
place_of(struct pk_cut *cut, int fd)
{
	if (fd < 0 || fd >= DESCRIPTORS_MAX)
		return NULL;
	if ((size_t)fd >= cut->n_seats) {
		size_t n = ((size_t)fd + 64) / 64 * 64;
		struct seat *seats = realloc(cut->seats, n * sizeof(*seats));
		if (seats == NULL)
			return NULL;
		memset(seats + cut->n_seats, 0, (n - cut->n_seats) * sizeof(*seats));
		cut->seats = seats;
		cut->n_seats = n;
	}
	return &cut->seats[fd];
}

/* Where the sender of a message sits; NULL when he is gone, or nothing is known of him.
 */
static struct seat *
seat_of(struct pk_cut *cut, zmq_msg_t *message)
{
	const char *number = zmq_msg_gets(message, PK_ZAP_CONNECTION);
	int fd = zmq_msg_get(message, ZMQ_SRCFD);
	uint64_t connection = number == NULL ? 0 : strtoull(number, NULL, 10);
	struct stat st;

	if (connection == 0 || fd < 0 || fstat(fd, &st) != 0 || !S_ISSOCK(st.st_mode))
		return NULL;
	struct seat *seat = place_of(cut, fd);
	if (seat == NULL || connection < seat->connection)
		return NULL; /* another one sits there by now */
	if (connection > seat->connection) {
		pk_wishes_clear(&seat->wishes);
		seat->connection = connection;
		seat->socket = st.st_ino;
	}
	return seat->socket == st.st_ino ? seat : NULL;
}

static void
apply(void *xpub, int option, const struct pk_span *prefixes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		zmq_setsockopt(xpub, option, prefixes[i].ptr, prefixes[i].len);
}

static void
subscribe(struct seat *seat, const struct pk_client *client, void *xpub,
    struct pk_span prefix)
{
	struct pk_span grants[PK_GRANTS_MAX];

	if (client->n_topics == 0) {
		apply(xpub, ZMQ_SUBSCRIBE, &prefix, 1);
		return;
	}
	size_t n = pk_grant(client, prefix, grants);
	pk_count_add(
	    PK_COUNT_SUBSCRIPTIONS_CUT, n != 1 || !pk_span_eq(grants[0], prefix));
	/* what could not be noted could not be taken back */
	if (pk_wishes_add(&seat->wishes, prefix) == 0)
		apply(xpub, ZMQ_SUBSCRIBE, grants, n);
}

static void
unsubscribe(struct seat *seat, const struct pk_client *client, void *xpub,
    struct pk_span prefix)
{
	struct pk_span grants[PK_GRANTS_MAX];

	if (client->n_topics == 0)
		apply(xpub, ZMQ_UNSUBSCRIBE, &prefix, 1);
	else
		apply(xpub, ZMQ_UNSUBSCRIBE, grants,
		    pk_wishes_remove(&seat->wishes, client, prefix, grants));
}

static int
take(struct pk_cut *cut, const struct pk_allow_list *list, void *xpub,
    zmq_msg_t *message, size_t *subscriptions)
{
	const unsigned char *said = zmq_msg_data(message);
	size_t len = zmq_msg_size(message);
	const char *user = zmq_msg_gets(message, "User-Id");

	/* \1 subscribes to the prefix behind it, \0 takes that back (ZMTP 3.1, 23) */
	if (len == 0 || said[0] > 1) {
		pk_count(PK_COUNT_PEERS_THROWN_OUT);
		pk_access_ban(cut->access, pk_span_of(user));
		return -EPROTO;
	}
	if (said[0] == 1)
		++*subscriptions;
	else if (*subscriptions > 0)
		--*subscriptions;
	/* nobody's are those that libzmq has taken back itself: the peer is gone */
	struct seat *seat = user == NULL ? NULL : seat_of(cut, message);
	const struct pk_client *client =
	    user == NULL ? NULL : pk_allow_list_of_name(list, pk_span_of(user));
	if (seat == NULL || client == NULL)
		return 0;
	struct pk_span prefix = { (const char *)said + 1, len - 1 };
	if (said[0] == 1)
		subscribe(seat, client, xpub, prefix);
	else
		unsubscribe(seat, client, xpub, prefix);
	return 0;
}

int
pk_cut_read(struct pk_cut *cut, void *xpub, size_t *subscriptions)
{
	pk_cleanup(pk_allow_list_unrefp) struct pk_allow_list *list = NULL;
	int r = 0;

	for (int i = 0; i < AT_ONCE && r == 0; i++) {
		zmq_msg_t message;
		zmq_msg_init(&message);
		if (zmq_msg_recv(&message, xpub, ZMQ_DONTWAIT) < 0) {
			zmq_msg_close(&message);
			return 0;
		}
		if (list == NULL)
			list = pk_access_list(cut->access);
		r = take(cut, list, xpub, &message, subscriptions);
		zmq_msg_close(&message);
	}
	return r;
}
