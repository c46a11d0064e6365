/* SPDX-License-Identifier: Apache-2.0 */
#include "base/vocabulary.h"

#include "base/cleanup.h"

#define WORD_NAME(NAME, name) name,

#define DEFINE(prefix, PREFIX, list)                                                   \
	static const char *const prefix##_names[] = { "", list(WORD_NAME) };           \
	const char *pk_##prefix##_name(enum pk_##prefix value)                         \
	{                                                                              \
		return prefix##_names[value];                                          \
	}                                                                              \
	enum pk_##prefix pk_##prefix##_of(struct pk_span name)                         \
	{                                                                              \
		for (size_t i = 1; i < PK_COUNT(prefix##_names); i++) {                \
			if (pk_span_eq(name, pk_span_of(prefix##_names[i])))           \
				return (enum pk_##prefix)i;                            \
		}                                                                      \
		return PK_##PREFIX##_NONE;                                             \
	}

PK_VOCABULARIES(DEFINE)

static const struct type_row {
	const char *name;
	int quad;
	double score;
	const char *cameo;
} types[PK_EVENT_TYPES] = {
#define EVENT_TYPE(NAME, quad, score, cameo)                                           \
	[PK_EVENT_##NAME] = { #NAME, quad, score, cameo },
#define EVENT_MODE(TYPE, mode, score)
#include "base/event_types.def"
#undef EVENT_TYPE
#undef EVENT_MODE
};

static const struct mode_row {
	enum pk_event_type type;
	const char *mode;
	double score;
} modes[] = {
#define EVENT_TYPE(NAME, quad, score, cameo)
#define EVENT_MODE(TYPE, mode, score) { PK_EVENT_##TYPE, mode, score },
#include "base/event_types.def"
#undef EVENT_TYPE
#undef EVENT_MODE
};

const char *
pk_event_type_name(enum pk_event_type type)
{
	return type == PK_EVENT_NONE ? "" : types[type].name;
}

enum pk_event_type
pk_event_type_of(struct pk_span name)
{
	for (size_t i = 1; i < PK_EVENT_TYPES; i++) {
		if (pk_span_eq(name, pk_span_of(types[i].name)))
			return (enum pk_event_type)i;
	}
	return PK_EVENT_NONE;
}

int
pk_event_quad(enum pk_event_type type)
{
	return types[type].quad;
}

static const struct mode_row *
find_mode(enum pk_event_type type, struct pk_span mode)
{
	for (size_t i = 0; i < PK_COUNT(modes); i++) {
		if (modes[i].type == type &&
		    pk_span_eq(mode, pk_span_of(modes[i].mode)))
			return &modes[i];
	}
	return NULL;
}

double
pk_event_score(enum pk_event_type type, struct pk_span mode)
{
	const struct mode_row *row = find_mode(type, mode);

	return row == NULL ? types[type].score : row->score;
}

const char *
pk_event_cameo(enum pk_event_type type)
{
	return types[type].cameo;
}

const char *
pk_event_mode(enum pk_event_type type, struct pk_span mode)
{
	const struct mode_row *row = find_mode(type, mode);

	return row == NULL ? NULL : row->mode;
}
