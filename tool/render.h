/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tool/render.h - a message of the stream as a line that a person reads.
 *
 *	2024-05-01  CONSULT phone     Ann Lee OMN + Bob Ray QAT in Muscat  (trigger)
 *	2024-05-01  STATE announce    Ann Lee OMN: (what she said)
 *
 * Actors stand before the arrow, recipients behind it, by their Latin names where they
 * have one. Articles and feed states are dim, so that events stand out.
 */
#ifndef PEYK_TOOL_RENDER_H
#define PEYK_TOOL_RENDER_H

#include "tool/line.h"

#include <jansson.h>

/*
 * Appends the line of a message (a CloudEvent), without a line break. Fields that are
 * missing or of the wrong kind are passed over; a type that this version does not know
 * gives a line with its name. Times of day are shown in the local time zone.
 *
 * Returns 0 or -ENOMEM.
 */
int pk_render_message(
    const json_t *message, const struct pk_style *style, struct pk_buf *ret_line);

/*
 * Appends the body as one JSON line, nothing added, without a line break. Where a line
 * break stands between its tokens it becomes a space; for a terminal the control
 * characters that JSON lets through (U+007F to U+009F) are escaped, which changes no
 * value.
 *
 * Returns 0 or -ENOMEM. `body` must be JSON.
 */
int pk_render_json(struct pk_span body, bool terminal, struct pk_buf *ret_line);

/* Does the event name the country (ISO 3166-1 alpha-3) on any side? */
bool pk_render_concerns(const json_t *message, struct pk_span country);

#endif
