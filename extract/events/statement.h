/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/events/statement.h - who said what: SPEAKER ... CUE (:|که|nothing) CONTENT.
 *
 * Works sentence by sentence, because what a later sentence refers to is what the
 * earlier ones told. A content runs on through its paragraph until somebody else, or
 * the same one anew, is said to speak.
 */
#ifndef PEYK_EXTRACT_EVENTS_STATEMENT_H
#define PEYK_EXTRACT_EVENTS_STATEMENT_H

#include "extract/events/scene.h"

/* The content that is still open at the end of a sentence. */
struct pk_running {
	int draft; /* index, or -1 */
	int echo;  /* the statement before, for a paragraph of «ما», or -1 */
	size_t paragraph;
	bool colon;       /* it holds for the paragraph, not for one sentence */
	size_t quote_end; /* token of the closing mark, PK_NOWHERE outside quotes */
	struct pk_draft *postposed; /* waits for its «این را ... گفت», or NULL */
};

/*
 * Finds the statements of sentence number `sentence` and marks their content's tokens.
 * Returns 0 or -ENOMEM.
 */
int pk_statements_of(
    struct pk_scene *scene, size_t sentence, struct pk_running *running);

/* «لاوروف: ...» or «لاوروف در اجلاس ...: ...» of a title. Returns 0 or -ENOMEM. */
int pk_statement_of_title(struct pk_scene *scene);

/* When all sentences are through: cuts contents to their text. */
void pk_statements_finish(struct pk_story *story);

#endif
