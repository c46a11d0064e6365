/* SPDX-License-Identifier: Apache-2.0 */
/*
 * daemon/hubs.h - asking hubs for subscriptions, and for their end (WebSub).
 *
 * A part of the fetcher, in its thread and with its client, its politeness and its
 * reading connection. The table of subscriptions is the queue: what is due there is
 * asked for, a few at a time, and how that went goes to the store by the mail. A
 * subscription is not asked for twice before the store has noted the first time.
 */
#ifndef PEYK_DAEMON_HUBS_H
#define PEYK_DAEMON_HUBS_H

#include "config/snapshot.h"
#include "daemon/hub_mail.h"
#include "fetch/http/client.h"
#include "fetch/http/polite.h"

/* So many requests at once; the client must have room for them beside the others. */
#define PK_HUBS_MAX 8

struct pk_hubs;

/* Borrows both. NULL on no memory. */
struct pk_hubs *pk_hubs_new(struct pk_db *reader, struct pk_hub_mail *mail);
struct pk_hubs *pk_hubs_free(struct pk_hubs *hubs);

/* Something may be due in the table that was not before. */
void pk_hubs_look(struct pk_hubs *hubs);

/* Starts what is due and has its turn. */
void pk_hubs_start(struct pk_hubs *hubs, const struct pk_config *config,
    struct pk_http *http, struct pk_polite *polite);

/* Takes the answer, when the tag is of one of these requests; else returns false. */
bool pk_hubs_answered(
    struct pk_hubs *hubs, void *tag, const struct pk_http_response *response);

/* Nanoseconds until there is something to be started; UINT64_MAX: nothing waits. */
uint64_t pk_hubs_wait_ns(const struct pk_hubs *hubs);

#endif
