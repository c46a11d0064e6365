/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/cloud_event.h - the envelope of every message: CloudEvents 1.0, structured
 * JSON mode.
 */
#ifndef PEYK_PUBLISH_CLOUD_EVENT_H
#define PEYK_PUBLISH_CLOUD_EVENT_H

#include "base/buf.h"

#include <jansson.h>

#define PK_CLOUD_EVENT_EVENT     "org.peyk.event.v1"
#define PK_CLOUD_EVENT_ARTICLE   "org.peyk.article.v1"
#define PK_CLOUD_EVENT_FEED      "org.peyk.feed.v1"
#define PK_CLOUD_EVENT_HEARTBEAT "org.peyk.heartbeat.v1"

/*
 * Appends one message, without a line break, to the buffer.
 *
 *   type      one of PK_CLOUD_EVENT_*
 *   id, rev   the stable id and its revision, joined as "<id>.<rev>": a consumer may
 *             drop what has an id it knows, so a revision needs a new one
 *   instance  name of the sender; source becomes "/peyk/<instance>"
 *   subject   may be absent
 *   time_ms   when the bytes were fetched, milliseconds since 1970; negative: left out
 *   data      taken, also on failure; NULL counts as no memory
 *
 * Returns 0, -E2BIG (over the buffer's limit; nothing appended) or -ENOMEM.
 */
int pk_cloud_event_dump(const char *type, struct pk_span id, unsigned rev,
    struct pk_span instance, struct pk_span subject, int64_t time_ms, json_t *data,
    struct pk_buf *ret_message);

/*
 * Appends a message that was published before, as a later revision: id, time and data
 * of `message` are replaced. Borrows `message`, takes `data`. Returns as above.
 */
int pk_cloud_event_revise(json_t *message, struct pk_span id, unsigned rev,
    int64_t time_ms, json_t *data, struct pk_buf *ret_message);

#endif
