/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/event_json.h - an event as the data of an org.peyk.event.v1 message.
 *
 * Fields come in the order of docs/event.schema.json; what is unknown is absent.
 */
#ifndef PEYK_PUBLISH_EVENT_JSON_H
#define PEYK_PUBLISH_EVENT_JSON_H

#include "base/buf.h"
#include "base/event.h"

#include <jansson.h>

/*
 * The record of an event of an article. Copies all text. NULL on no memory. Any thread.
 */
json_t *pk_event_json(const struct pk_event *event, const struct pk_article *article);

#endif
