/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/story/party.h - are those who take part in two events the same ones?
 */
#ifndef PEYK_PUBLISH_STORY_PARTY_H
#define PEYK_PUBLISH_STORY_PARTY_H

#include "base/span.h"

#include <jansson.h>

/* An entity of a published event and its name, folded and hashed (0: not known). */
struct pk_party {
	const json_t *entity;
	uint32_t who;
};

/*
 * May they be the same one, as within an article (extract/events/reference.h)? By id,
 * by name, else by country and role; a state and its minister may be, two ministers
 * not.
 */
bool pk_party_compatible(struct pk_party a, struct pk_party b);

/* Has each of `a` a compatible one in `b`? */
bool pk_parties_covered(
    const struct pk_party *a, size_t n_a, const struct pk_party *b, size_t n_b);

#endif
