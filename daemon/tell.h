/* SPDX-License-Identifier: Apache-2.0 */
/*
 * daemon/tell.h - what has been committed, in the log and in the counters.
 *
 * The store's thread, once per outcome and only after its commit: what is tried again
 * is told once.
 */
#ifndef PEYK_DAEMON_TELL_H
#define PEYK_DAEMON_TELL_H

#include "daemon/apply_poll.h"
#include "daemon/outcome.h"

/* `feed` is its id. */
void pk_tell_of_poll(const char *feed, const struct pk_outcome *outcome,
    const struct pk_applied_poll *poll);

/* `failed` is why the page failed, NULL when it did not; `given_up`: for good. */
void pk_tell_of_page(const char *feed, const struct pk_outcome *outcome,
    const struct pk_records *records, const char *failed, bool given_up);

#endif
