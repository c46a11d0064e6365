/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/access.h - the allow list in force, for whoever lets in, sends and answers.
 *
 * Any thread may call everything here. Where the stream is not encrypted there is none
 * (NULL), and everybody may read everything.
 */
#ifndef PEYK_PUBLISH_ACCESS_H
#define PEYK_PUBLISH_ACCESS_H

#include "publish/allow_list.h"

struct pk_access;

/* Takes the list. NULL on no memory: then the list is still the caller's. */
struct pk_access *pk_access_new(struct pk_allow_list *list);
struct pk_access *pk_access_free(struct pk_access *access);
PK_DEFINE_CLEANUP(struct pk_access *, pk_access_free);

/* From now on this one holds. Takes it. Who was thrown out may come again. */
void pk_access_use(struct pk_access *access, struct pk_allow_list *list);

/* Gives a reference to the list that holds now. */
struct pk_allow_list *pk_access_list(struct pk_access *access);

/*
 * A number that rises when pk_access_use() took something from somebody: a socket that
 * was opened at another number ends all its connections and opens anew.
 */
uint64_t pk_access_revocations(struct pk_access *access);

/* Has some key topics? */
bool pk_access_is_limited(struct pk_access *access);

/* The live stream can keep topics apart now, so that keys with topics may be let in. */
void pk_access_limits_hold(struct pk_access *access, bool hold);

/* Throws a client out until the next list: what its key says is no longer heard. */
void pk_access_ban(struct pk_access *access, struct pk_span client);

/*
 * May this key come in? Returns 0 with its name; -ENOENT (unknown key), -EPERM (it was
 * thrown out; its name is given, too) or -EAGAIN (it has topics, and the live stream
 * cannot keep them apart yet).
 */
int pk_access_admit(struct pk_access *access,
    const unsigned char key[static PK_KEY_BYTES],
    char ret_name[static PK_CLIENT_NAME_MAX + 1]);

/*
 * May this client, by the name that zmq_msg_gets(message, "User-Id") gives, read all
 * that begins with `prefix`? With access NULL: yes.
 */
bool pk_access_may_read(
    struct pk_access *access, struct pk_span client, struct pk_span prefix);

#endif
