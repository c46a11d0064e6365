/* SPDX-License-Identifier: Apache-2.0 */
/*
 * daemon/keys.h - publish.curve as the daemon takes it up: its own key, and whose keys
 * may read. Tells what is wrong with them; main thread only.
 */
#ifndef PEYK_DAEMON_KEYS_H
#define PEYK_DAEMON_KEYS_H

#include "config/snapshot.h"
#include "publish/wire.h"

/*
 * Makes the context of the sockets, encrypted where the configuration says so: then
 * *ret_access is who may read, which must outlive the context, else it is left alone.
 * Keeps the process's memory out of core dumps from then on. Returns 0, or -errno after
 * a line in the log.
 */
int pk_keys_open(const struct pk_config *config, struct pk_wire **ret_wire,
    struct pk_access **ret_access);

/* Reads the folder of clients. Returns 0, or -errno after a line in the log. */
int pk_keys_read_clients(
    const struct pk_config *config, struct pk_allow_list **ret_list);

/*
 * For a reload while nothing is encrypted: may the sockets move to the endpoints of
 * `config`? It may hold public ones because it says that encryption is on, which a
 * restart alone brings about. Returns 0, or -EPERM after a line in the log.
 */
int pk_keys_check_plain(const struct pk_config *config);

/* From now on `list` holds. Takes it. */
void pk_keys_use(struct pk_access *access, struct pk_allow_list *list);

#endif
