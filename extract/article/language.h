/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/language.h - the language of a text, by its script and its commonest
 * words.
 */
#ifndef PEYK_EXTRACT_ARTICLE_LANGUAGE_H
#define PEYK_EXTRACT_ARTICLE_LANGUAGE_H

#include "base/span.h"

/*
 * ISO 639-1 code of the language that clean UTF-8 text is written in, a static string,
 * or NULL where nothing decides. Looks at the beginning of the text only. Any thread.
 */
const char *pk_language_of(struct pk_span text);

/*
 * May text of that language look so? False when it is written in another script, or
 * when its common words are those of another language by far. Absent or unknown
 * languages fit anything. Any thread.
 */
bool pk_language_fits(struct pk_span code, struct pk_span text);

#endif
