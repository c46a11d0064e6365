/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/vocabulary.h - the words that records may use, as enums with names.
 *
 * enum pk_mention { PK_MENTION_NONE, PK_MENTION_NAME ... }, pk_mention_name(v) ->
 * "name", pk_mention_of("name") -> v, and so on for every list of vocabulary.def. A
 * value of 0 is "unknown" and is left out of the records.
 */
#ifndef PEYK_BASE_VOCABULARY_H
#define PEYK_BASE_VOCABULARY_H

#include "base/span.h"
#include "base/vocabulary.def"

#define PK_VOCABULARY_DECLARE_(prefix, PREFIX, list)                                   \
	enum pk_##prefix{ PK_##PREFIX##_NONE, list(PK_VOCABULARY_##PREFIX##_) };       \
	const char *pk_##prefix##_name(enum pk_##prefix value);                        \
	enum pk_##prefix pk_##prefix##_of(struct pk_span name);

#define PK_VOCABULARY_PARAGRAPH_(NAME, name) PK_PARAGRAPH_##NAME,
#define PK_VOCABULARY_MENTION_(NAME, name)   PK_MENTION_##NAME,
#define PK_VOCABULARY_KIND_(NAME, name)      PK_KIND_##NAME,
#define PK_VOCABULARY_ROLE_(NAME, name)      PK_ROLE_##NAME,
#define PK_VOCABULARY_PART_(NAME, name)      PK_PART_##NAME,
#define PK_VOCABULARY_PRECISION_(NAME, name) PK_PRECISION_##NAME,
#define PK_VOCABULARY_CALENDAR_(NAME, name)  PK_CALENDAR_##NAME,
#define PK_VOCABULARY_ANCHOR_(NAME, name)    PK_ANCHOR_##NAME,
#define PK_VOCABULARY_TIME_(NAME, name)      PK_TIME_##NAME,
#define PK_VOCABULARY_LEVEL_(NAME, name)     PK_LEVEL_##NAME,
#define PK_VOCABULARY_PLACE_(NAME, name)     PK_PLACE_##NAME,
#define PK_VOCABULARY_SOURCE_(NAME, name)    PK_SOURCE_##NAME,
#define PK_VOCABULARY_FORM_(NAME, name)      PK_FORM_##NAME,
#define PK_VOCABULARY_CUE_(NAME, name)       PK_CUE_##NAME,
#define PK_VOCABULARY_MEDIUM_(NAME, name)    PK_MEDIUM_##NAME,
#define PK_VOCABULARY_STATUS_(NAME, name)    PK_STATUS_##NAME,
#define PK_VOCABULARY_TEMPORAL_(NAME, name)  PK_TEMPORAL_##NAME,
#define PK_VOCABULARY_FLAG_(NAME, name)      PK_FLAG_##NAME,
#define PK_VOCABULARY_CONTEXT_(NAME, name)   PK_CONTEXT_##NAME,
#define PK_VOCABULARY_OP_(NAME, name)        PK_OP_##NAME,

PK_VOCABULARIES(PK_VOCABULARY_DECLARE_)

enum pk_event_type {
	PK_EVENT_NONE,
#define EVENT_TYPE(NAME, quad, score, cameo) PK_EVENT_##NAME,
#define EVENT_MODE(TYPE, mode, score)
#include "base/event_types.def"
#undef EVENT_TYPE
#undef EVENT_MODE
	PK_EVENT_TYPES
};

/* "CONSULT"; and back, PK_EVENT_NONE for no type. */
const char *pk_event_type_name(enum pk_event_type type);
enum pk_event_type pk_event_type_of(struct pk_span name);

/* 0 (STATE), 1 verbal cooperation ... 4 material conflict. */
int pk_event_quad(enum pk_event_type type);

/* PLOVER's scale, -10..+10; `mode` may be absent. */
double pk_event_score(enum pk_event_type type, struct pk_span mode);

/* The CAMEO code of the type, where a rule gives no finer one. */
const char *pk_event_cameo(enum pk_event_type type);

/* The mode's static name if the type has such a mode, else NULL. */
const char *pk_event_mode(enum pk_event_type type, struct pk_span mode);

#endif
