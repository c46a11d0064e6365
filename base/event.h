/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/event.h - who did or said what to whom, when, where, and according to whom.
 *
 * The fields are those of org.peyk.event.v1 (docs/event.schema.json), one to one.
 * Everything lives in the arena of the article's document; spans of text are verbatim
 * from the article; an absent span, a 0 of a vocabulary and an empty array mean
 * "unknown" and are left out of the record. Confidences are 0..1.
 */
#ifndef PEYK_BASE_EVENT_H
#define PEYK_BASE_EVENT_H

#include "base/article.h"

struct pk_name {
	struct pk_span native;
	struct pk_span latin;
};

struct pk_role {
	struct pk_span id;     /* knowledge/roles.tsv: "foreign_minister" */
	struct pk_span native; /* as written */
	struct pk_span en;
	struct pk_span valid_at; /* "2022-02-01" */
	enum pk_role_status status;
};

/* How a reference got its referent. */
struct pk_antecedent {
	bool has_range;
	struct pk_range range;
	struct pk_span
	    how; /* "last_speaker", "same_title", "counterpart" ...; absent: none */
	int distance; /* sentences; -1 unknown */
};

struct pk_entity {
	struct pk_span text; /* as written; for an implicit one its name */
	bool has_range;
	struct pk_range range;
	enum pk_mention mention;
	enum pk_kind kind;
	struct pk_span id; /* of knowledge/: actor, organisation, country */
	struct pk_name name;
	struct pk_role role;
	struct pk_name org;
	struct pk_span country; /* alpha-3 */
	struct pk_span sector;  /* PLOVER: "GOV" */
	struct pk_span code;    /* country + sector: "RUSGOV" */
	enum pk_part part;
	struct pk_antecedent antecedent;
	double conf;
};

struct pk_time {
	struct pk_span start; /* ISO 8601, half-open interval */
	struct pk_span end;
	enum pk_precision precision;
	enum pk_calendar calendar;
	struct pk_span text;
	bool has_range;
	struct pk_range range;
	struct pk_span anchor;
	enum pk_anchor anchor_src;
	enum pk_time_how how; /* 0: the event has no time at all */
	double conf;
};

struct pk_place {
	struct pk_span text;
	bool has_range;
	struct pk_range range;
	struct pk_name name;
	struct pk_span country;
	enum pk_place_level level;
	enum pk_place_how how; /* 0: no place */
};

struct pk_source {
	enum pk_source_kind kind;
	struct pk_name name;
	struct pk_span country;
	struct pk_span verb;
	struct pk_span text;
	bool has_range;
	struct pk_range range;
};

struct pk_statement {
	enum pk_form form; /* 0: the event is no statement */
	struct pk_span cue;
	struct pk_range cue_range;
	struct pk_span cue_lemma;
	enum pk_cue_class class;
	struct pk_span content;      /* the first piece's text */
	struct pk_range contents[4]; /* discontinuous content in pieces */
	size_t n_contents;
	struct pk_entity *addressee; /* may be NULL */
	enum pk_medium medium;
	struct pk_span venue;
	struct pk_span continuation_of; /* event id */
};

struct pk_cue {
	struct pk_span text;
	struct pk_range range;
};

struct pk_modality {
	bool negative;
	uint32_t
	    status; /* set of 1u << enum pk_status; never empty in a finished event */
	double certainty;
	struct pk_cue cues[4];
	size_t n_cues;
};

struct pk_count_of {
	double n;
	struct pk_span unit;
	struct pk_span what;
	struct pk_span text;
	struct pk_range range;
};

struct pk_topic {
	struct pk_span text;
	struct pk_range range;
	struct pk_span country;
};

/*
 * What another article's telling of an event is known by, folded and hashed, so that
 * neither keyboards nor ZWNJ matter: the parties' names, and the content words of what
 * was said, or of the sentence that tells it. Not part of the record.
 */
struct pk_gist {
	const uint32_t
	    *who; /* actors, then recipients; of the text for one without a name */
	size_t n_who;
	const uint32_t *words; /* rising, each once; of numbers odd, of words even */
	size_t n_words;
};

#define PK_EVENT_SOURCES_MAX 8 /* as the schema says */
#define PK_EVENT_TOPICS_MAX  4
#define PK_EVENT_COUNTS_MAX  8

struct pk_event {
	char id[PK_ID_SIZE];
	enum pk_op op;
	unsigned rev;
	enum pk_event_type type;
	const char *mode;            /* static (pk_event_mode()), or NULL */
	struct pk_span cameo;        /* absent: the type's */
	const char *const *contexts; /* static names */
	size_t n_contexts;

	struct pk_span trigger;
	struct pk_range trigger_range;
	struct pk_span lemma;
	struct pk_span rule;
	const struct pk_range *mentions; /* the trigger's place first */
	size_t n_mentions;

	struct pk_entity *actors;
	size_t n_actors;
	struct pk_entity *recipients;
	size_t n_recipients;
	struct pk_entity *participants;
	size_t n_participants;
	struct pk_topic *topics;
	size_t n_topics;

	struct pk_time time;
	struct pk_place place;
	struct pk_source sources[PK_EVENT_SOURCES_MAX];
	size_t n_sources;

	const struct pk_event *reported_by; /* the statement it was told in, or NULL */
	int depth; /* 0 told by the outlet, 1 by a speaker ... */
	struct pk_statement statement;
	struct pk_modality modality;
	enum pk_temporal temporal;
	struct pk_count_of *counts;
	size_t n_counts;

	struct {
		double overall;
		double type;
		double actors; /* negative: not judged, left out */
		double recipients;
		double time;
		double place;
	} confidence;
	uint64_t
	    evidence;   /* what `overall` was made of (extract/extract.h); not told */
	uint32_t flags; /* set of 1u << enum pk_flag */
	struct pk_gist gist;
};

/* "high" from 0.93, "medium" from 0.6, "low" below: the reader's coarse filter. */
const char *pk_event_tier(const struct pk_event *event);

/* The same for a confidence. */
const char *pk_tier_of(double confidence);

#endif
