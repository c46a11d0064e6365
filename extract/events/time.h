/* SPDX-License-Identifier: Apache-2.0 */
/* extract/events/time.h - when: the time expression of an event's clause. */
#ifndef PEYK_EXTRACT_EVENTS_TIME_H
#define PEYK_EXTRACT_EVENTS_TIME_H

#include "extract/events/scene.h"

/*
 * Gives the draft the time of its words, else the day of publication, said so
 * explicitly; nothing where that is unknown too. Returns 0 or -ENOMEM.
 */
int pk_time_give(struct pk_draft *draft);

#endif
