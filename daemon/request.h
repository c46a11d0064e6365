/* SPDX-License-Identifier: Apache-2.0 */
/*
 * daemon/request.h - between configuration, HTTP and outcome: what is asked for, and
 * what an answer means.
 *
 * No state, no clock: the fetcher's thread calls these.
 */
#ifndef PEYK_DAEMON_REQUEST_H
#define PEYK_DAEMON_REQUEST_H

#include "config/snapshot.h"
#include "daemon/outcome.h"
#include "fetch/http/client.h"
#include "fetch/poll/entries.h"

#define PK_REQUEST_FIELDS_MAX 16

/*
 * The outcome-to-be of a feed, or of a page of it (`page` not NULL), with copies of all
 * that it has to know: a reload may come meanwhile. `address` is what is asked for.
 * NULL on no memory.
 */
struct pk_outcome *pk_request_outcome(const struct pk_config *config,
    const struct pk_config_feed *feed, const struct pk_poll_pending *page,
    struct pk_span address);

/*
 * The outcome of a feed whose bytes a hub has sent, at `now_ms`: open, for a worker.
 * Copies. NULL on no memory.
 */
struct pk_outcome *pk_request_pushed(const struct pk_config *config,
    const struct pk_config_feed *feed, struct pk_span bytes,
    struct pk_span content_type, int64_t now_ms);

/* Makes an outcome ask for what its article or index wants next (pk_outcome_next()). */
void pk_request_go_on(struct pk_outcome *outcome);

/* Takes that back: it could not be asked for yet. */
void pk_request_go_back(struct pk_outcome *outcome);

/*
 * The unconditional request for it. The request borrows from the outcome's arena and
 * from ret_fields. All pages of an article together may have the bytes of one: where
 * nothing is left, max_bytes is 0.
 */
void pk_request_describe(const struct pk_outcome *outcome,
    const struct pk_config *config, const struct pk_config_feed *feed,
    struct pk_span ret_fields[static PK_REQUEST_FIELDS_MAX],
    struct pk_http_request *ret_request);

/*
 * Fills in the answer, received at `now_ms` (since 1970), and decides which way it
 * goes: PK_OUTCOME_OPEN to a worker, anything else right to the store. A further page
 * that cannot be had for good is `missed`, and open: its article is worth something
 * without it. One that may come yet fails the whole page, a few times.
 */
void pk_request_answered(struct pk_outcome *outcome,
    const struct pk_http_response *response, int64_t now_ms);

/*
 * The HTTP client that the section `fetch` of the configuration describes, for at most
 * `documents_max` requests at once. NULL on no memory. Gives.
 */
struct pk_http *pk_request_client(const struct pk_config *config, size_t documents_max,
    pk_http_done_fn done, void *context);

#endif
