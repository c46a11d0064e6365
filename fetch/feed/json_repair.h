/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/feed/json_repair.h - makes JSON that a parser accepts of what was meant as
 * JSON.
 *
 * One walk. Commas that are missing or too many, control characters and line breaks in
 * texts, escapes that mean nothing, comments, halves of surrogates, numbers that are
 * too large (every number becomes a text), words that are none; and the end: what is
 * cut off is closed behind the last member, or the last element of an array directly
 * below it, that is whole.
 */
#ifndef PEYK_FETCH_FEED_JSON_REPAIR_H
#define PEYK_FETCH_FEED_JSON_REPAIR_H

#include "base/buf.h"

/* What is nested deeper is left out; a document with more values is cut off there. */
#define PK_JSON_DEPTH_MAX  64
#define PK_JSON_VALUES_MAX 400000

/* Is it within these limits? */
bool pk_json_is_bounded(struct pk_span text);

/* Behind the blanks and comments that the text begins with. */
size_t pk_json_start(struct pk_span text);

/*
 * Appends the object or array in `text`, clean UTF-8, to `out`. What stands behind it
 * is left out.
 *
 *   ret_cut  the text ended, or could not be understood, before that did
 *
 * Returns 0, -EBADMSG (neither) or -ENOMEM.
 */
int pk_json_repair(struct pk_span text, struct pk_buf *out, bool *ret_cut);

#endif
