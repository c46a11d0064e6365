/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/jsonld_mend.h - JSON out of a script of a page, where people have
 * written it by hand and templates have broken it.
 */
#ifndef PEYK_EXTRACT_ARTICLE_JSONLD_MEND_H
#define PEYK_EXTRACT_ARTICLE_JSONLD_MEND_H

#include "base/arena.h"

#include <jansson.h>

/*
 * Parses a script. First as it stands, but for raw control characters and what wraps it
 * (<!-- -->, CDATA, a semicolon); then without comments and without commas where
 * nothing follows; then with references as &quot; decoded. Text behind the first value
 * is passed over. Gives the value, NULL where there is none. Returns 0 or -ENOMEM.
 */
int pk_jsonld_parse(struct pk_arena *arena, struct pk_span script, json_t **ret_value);

#endif
