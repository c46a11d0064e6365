/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/names/tagger.h"

#include <errno.h>

/* Whose inside a tag is: PK_TAG_O for what begins or is nothing. */
static bool
is_in_role(enum pk_tag tag)
{
	return tag >= PK_TAG_B_ROLE && tag <= PK_TAG_I_ORG_IN;
}

/* May `next` follow `tag`? */
static bool
may_follow(enum pk_tag tag, enum pk_tag next)
{
	switch (next) {
	case PK_TAG_I_PER:
		return tag == PK_TAG_B_PER || tag == PK_TAG_I_PER;
	case PK_TAG_I_ORG:
		return tag == PK_TAG_B_ORG || tag == PK_TAG_I_ORG;
	case PK_TAG_I_LOC:
		return tag == PK_TAG_B_LOC || tag == PK_TAG_I_LOC;
	case PK_TAG_I_LOC_IN:
		return tag == PK_TAG_B_LOC_IN || tag == PK_TAG_I_LOC_IN;
	case PK_TAG_I_ORG_IN:
		return tag == PK_TAG_B_ORG_IN || tag == PK_TAG_I_ORG_IN;
	case PK_TAG_I_ROLE:
	case PK_TAG_B_LOC_IN:
	case PK_TAG_B_ORG_IN:
		return is_in_role(tag);
	case PK_TAG_O:
	case PK_TAG_B_PER:
	case PK_TAG_B_ORG:
	case PK_TAG_B_LOC:
	case PK_TAG_B_ROLE:
	case PK_TAGS:
		break;
	}
	return true;
}

void
pk_tags_forbid(int32_t transitions[static PK_TAGS][PK_TAG_LANES])
{
	for (size_t tag = 0; tag < PK_TAGS; tag++) {
		for (size_t next = 0; next < PK_TAGS; next++) {
			if (!may_follow((enum pk_tag)tag, (enum pk_tag)next))
				transitions[tag][next] = PK_TAG_NEVER;
		}
	}
}

size_t
pk_tags_name_end(const enum pk_tag *tags, size_t n, size_t at)
{
	enum pk_tag tag = tags[at];
	size_t end = at + 1;

	if (tag % 2 == 0) /* a begin is an odd number */
		return 0;
	while (end < n && (tags[end] == tag + 1 ||
			      (tag == PK_TAG_B_ROLE && tags[end] >= PK_TAG_I_ROLE)))
		end++;
	return end;
}

int
pk_tagger_load(
    struct pk_arena *arena, const char *path, const struct pk_tagger **ret_tagger)
{
	pk_cleanup(pk_fclosep) FILE *f = fopen(path, "re");
	struct pk_tagger *tagger;
	char head[sizeof(PK_TAGGER_MAGIC) - 1];

	if (f == NULL)
		return -ENOENT;
	tagger = pk_arena_new_of(arena, struct pk_tagger);
	if (tagger == NULL)
		return -ENOMEM;
	if (fread(head, sizeof(head), 1, f) != 1 ||
	    memcmp(head, PK_TAGGER_MAGIC, sizeof(head)) != 0 ||
	    fread(tagger, sizeof(*tagger), 1, f) != 1)
		return -EBADMSG;
	*ret_tagger = tagger;
	return 0;
}

#define NEVER PK_TAG_NEVER

int
pk_tags_best(struct pk_arena *arena, const int32_t (*scores)[PK_TAG_LANES],
    const int32_t transitions[static PK_TAGS][PK_TAG_LANES], size_t n,
    enum pk_tag *ret_tags)
{
	uint8_t(*from)[PK_TAGS] = pk_arena_calloc(arena, n, sizeof(*from));
	int32_t best[PK_TAGS], next[PK_TAGS];
	size_t last = PK_TAG_O;

	if (from == NULL)
		return -ENOMEM;
	for (size_t tag = 0; tag < PK_TAGS; tag++)
		best[tag] = tag == PK_TAG_O ? 0 : NEVER;
	for (size_t i = 0; i < n; i++) {
		for (size_t to = 0; to < PK_TAGS; to++) {
			next[to] = NEVER;
			for (size_t tag = 0; tag < PK_TAGS; tag++) {
				int32_t sum = transitions[tag][to] == NEVER
						  ? NEVER
						  : best[tag] + transitions[tag][to];
				if (sum <= next[to])
					continue;
				next[to] = sum;
				from[i][to] = (uint8_t)tag;
			}
			if (next[to] > NEVER)
				next[to] += scores[i][to];
		}
		memcpy(best, next, sizeof(best));
	}
	for (size_t tag = 1; tag < PK_TAGS; tag++)
		last = best[tag] > best[last] ? tag : last;
	for (size_t i = n; i > 0; i--) {
		ret_tags[i - 1] = (enum pk_tag)last;
		last = from[i - 1][last];
	}
	return 0;
}

/* The scores of all tags for one token. */
static void
score(const struct pk_tagger *tagger, const struct pk_features *features,
    int32_t ret_scores[static PK_TAG_LANES])
{
	int16_t sums[PK_TAG_LANES] = { 0 }; /* 64 features of an int8 each fit */

	for (size_t i = 0; i < features->n; i++) {
		const int8_t *row = tagger->weights[features->rows[i]];
		for (size_t tag = 0; tag < PK_TAG_LANES; tag++)
			sums[tag] = (int16_t)(sums[tag] + row[tag]);
	}
	for (size_t tag = 0; tag < PK_TAG_LANES; tag++)
		ret_scores[tag] = sums[tag];
}

int
pk_tagger_decode(struct pk_arena *arena, const struct pk_tagger *tagger,
    const struct pk_features *features, size_t n, enum pk_tag *ret_tags)
{
	int32_t(*scores)[PK_TAG_LANES] = pk_arena_calloc(arena, n, sizeof(*scores));

	if (scores == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		score(tagger, &features[i], scores[i]);
	return pk_tags_best(arena, (const int32_t(*)[PK_TAG_LANES])scores,
	    tagger->transitions, n, ret_tags);
}
