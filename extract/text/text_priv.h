/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/text/text_priv.h - the two steps of pk_text_parse().
 */
#ifndef PEYK_EXTRACT_TEXT_TEXT_PRIV_H
#define PEYK_EXTRACT_TEXT_TEXT_PRIV_H

#include "extract/text/rules.h"

/* Fills text->tokens from text->bytes; `sentence` is still 0. Returns 0 or -ENOMEM. */
int pk_tokens_split(
    struct pk_arena *arena, const struct pk_text_rules *rules, struct pk_text *text);

/* Fills text->sentences and the tokens' `sentence`. Returns 0 or -ENOMEM. */
int pk_sentences_split(
    struct pk_arena *arena, const struct pk_text_rules *rules, struct pk_text *text);

#endif
