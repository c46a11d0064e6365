/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/events/cue.h - the words that report speech, and how their content begins.
 */
#ifndef PEYK_EXTRACT_EVENTS_CUE_H
#define PEYK_EXTRACT_EVENTS_CUE_H

#include "extract/events/scene.h"

enum pk_intro {
	PK_INTRO_NONE, /* no clause follows */
	PK_INTRO_BARE, /* «اعلام کرد سطح روابط ...» */
	PK_INTRO_COMP, /* که */
	PK_INTRO_COLON,
};

struct pk_cue_at {
	const struct pk_rule *rule;
	size_t first; /* tokens [first, end) of the cue */
	size_t end;
	const struct pk_verb_at *verb; /* NULL: left out, or a frame */
	bool frame;                    /* «با تأکید بر اینکه» */
	bool passive;                  /* «از سوی X اعلام شد» */
	enum pk_intro intro;
	size_t content; /* first token of the clause; `end` where there is none */
};

/* A cue in the third person that begins at the token and ends before `limit`. */
bool pk_cue_match(const struct pk_scene *scene, size_t token, size_t limit,
    struct pk_cue_at *ret_cue);

/* «به گفته»: a cue before the name of the speaker. */
bool pk_cue_match_pre(const struct pk_scene *scene, size_t token, size_t limit,
    struct pk_cue_at *ret_cue);

#endif
