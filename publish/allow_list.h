/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/allow_list.h - who may read the stream, and what: the folder
 * publish.curve.clients.
 *
 * peyk.yaml(5), CURVE, describes its files. A list is never changed; pk_access holds
 * the one in force for the threads that ask.
 */
#ifndef PEYK_PUBLISH_ALLOW_LIST_H
#define PEYK_PUBLISH_ALLOW_LIST_H

#include "base/cleanup.h"
#include "base/diag.h"
#include "base/span.h"
#include "publish/key_file.h"

#include <stdbool.h>
#include <stdint.h>

#define PK_CLIENTS_MAX       10000
#define PK_CLIENT_TOPICS_MAX 64
#define PK_CLIENT_NAME_MAX   64
#define PK_TOPIC_PREFIX_MAX  255

struct pk_allow_list;

/* One key that may read. */
struct pk_client {
	struct pk_span name; /* [A-Za-z0-9._-]{1,64} and a NUL */
	unsigned char key[PK_KEY_BYTES];
	const struct pk_span *topics; /* prefixes that it may read */
	size_t n_topics;              /* 0: everything */
};

/*
 * Reads all *.pub of the folder. Returns 0; -ENOENT, -EACCES or another -errno of the
 * folder or a file, -EBADMSG (something wrong in a file, or a key stands in two),
 * -E2BIG (over a limit) or -ENOMEM, told in *reterr_diag.
 */
int pk_allow_list_load(
    const char *folder, struct pk_allow_list **ret_list, struct pk_diag *reterr_diag);

/*
 * The same of one file's text, for those who have it already; `path` is for messages
 * and gives the name. Errors: -EBADMSG, -E2BIG, -ENOMEM.
 */
int pk_allow_list_parse(const char *path, struct pk_span text,
    struct pk_allow_list **ret_list, struct pk_diag *reterr_diag);

/* Reference counted; any thread. Both cope with NULL. */
struct pk_allow_list *pk_allow_list_ref(struct pk_allow_list *list);
struct pk_allow_list *pk_allow_list_unref(struct pk_allow_list *list);
PK_DEFINE_CLEANUP(struct pk_allow_list *, pk_allow_list_unref);

size_t pk_allow_list_count(const struct pk_allow_list *list);

/* The client of a key, or of a name; NULL where there is none. Lives with the list. */
const struct pk_client *pk_allow_list_of_key(
    const struct pk_allow_list *list, const unsigned char key[static PK_KEY_BYTES]);
const struct pk_client *pk_allow_list_of_name(
    const struct pk_allow_list *list, struct pk_span name);

/* Has some key topics? */
bool pk_allow_list_is_limited(const struct pk_allow_list *list);

/* Is all that begins with `prefix` within what the client may read? Heartbeats are
 * everybody's. */
bool pk_client_may_read(const struct pk_client *client, struct pk_span prefix);

/* The same by name; a client that is not in the list may read nothing. */
bool pk_allow_list_may_read(
    const struct pk_allow_list *list, struct pk_span client, struct pk_span prefix);

/* Was a key taken away, or may one read less, in `list` than in `old`? A key that is
 * called otherwise counts as taken away: its name is what it is known by. */
bool pk_allow_list_revokes(
    const struct pk_allow_list *list, const struct pk_allow_list *old);

#endif
