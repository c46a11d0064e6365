/* SPDX-License-Identifier: Apache-2.0 */
/* daemon/feeds_answer.h - how each feed fares, for `peyk feeds`. */
#ifndef PEYK_DAEMON_FEEDS_ANSWER_H
#define PEYK_DAEMON_FEEDS_ANSWER_H

#include "base/db.h"
#include "config/snapshot.h"

#include <jansson.h>

/*
 * {"feeds": [{"id", "url", "state", ...}]} in the order of ids, as the last commit left
 * them; docs/man/peyk.1 names the fields. `problems`: only those that want a look;
 * `feed` (absent: all): only this one. Gives. NULL on no memory or when the database
 * cannot be read. The thread of the connection.
 */
json_t *pk_feeds_answer(struct pk_db *reader, const struct pk_config *config,
    bool problems, struct pk_span feed);

#endif
