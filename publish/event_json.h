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

/*
 * The two countries an event stands under in subject and topic: of the first actor and
 * the first recipient; where nobody is acted upon (CONSULT, AGREE, a document signed
 * together) of the first two actors. "-" where there is none. Borrowed from the event.
 */
void pk_event_parties(const struct pk_event *event, struct pk_span *ret_first,
    struct pk_span *ret_second);

/* Appends the CloudEvents subject: "CONSULT/phone/RUS/USA", "STATE/-/RUS/-". Returns 0,
 * -E2BIG or -ENOMEM. */
int pk_event_subject(const struct pk_event *event, struct pk_buf *ret_subject);

#endif
