/* SPDX-License-Identifier: Apache-2.0 */
/*
 * daemon/subscription.h - the store's part of WebSub: what configuration, polls and
 * hubs mean for the table of subscriptions.
 *
 * The store's thread and its connection.
 */
#ifndef PEYK_DAEMON_SUBSCRIPTION_H
#define PEYK_DAEMON_SUBSCRIPTION_H

#include "config/snapshot.h"
#include "daemon/hub_mail.h"
#include "daemon/outcome.h"

/* Is there to be a subscription for this feed? Any thread. */
bool pk_subscription_is_wanted(const struct pk_config *config, struct pk_span feed);

/*
 * A good poll: takes up the hub that the feed names, or notes that it names none. In
 * the transaction of the poll. Returns 0, 1 (a hub is to be asked now) or an error of
 * the database.
 *
 *   about  what the feed says of itself; of one that has not changed, what it said last
 */
int pk_subscription_offer(struct pk_db *db, const struct pk_config *config,
    const struct pk_outcome *outcome, const struct pk_poll_about *about,
    int64_t now_ms);

/*
 * When a feed that was polled at `polled_ms` is to be polled next, as a safety net,
 * while its hub is trusted; 0 where it is not, or something is suspect.
 */
int64_t pk_subscription_net_ms(struct pk_db *db, struct pk_arena *arena,
    const struct pk_config *config, struct pk_span feed, int64_t polled_ms,
    int64_t now_ms);

/*
 * Brings the table in line with a configuration, at start and on reload: feeds that are
 * no longer wanted, or not by a hub, leave it; a new callback is told to all; without
 * one the table is emptied. A transaction of its own. Returns 0 or an error.
 */
int pk_subscription_sweep(
    struct pk_db *db, const struct pk_config *config, int64_t now_ms);

/* Writes what has come by mail, in a transaction of its own. Returns how many letters
 * were read, or an error; then they stay. */
int pk_subscription_read_mail(
    struct pk_db *db, struct pk_hub_mail *mail, int64_t now_ms);

#endif
