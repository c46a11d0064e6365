/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/events/clause.h"

/* What belongs to a noun stands no further behind it. */
#define NOUN_MAX 24

bool
pk_is_statement(const struct pk_draft *draft)
{
	return draft->event.type == PK_EVENT_STATE;
}

static struct pk_stretch
clause_of_noun(const struct pk_draft *d)
{
	const struct pk_scene *scene = d->scene;
	const struct pk_sentence *s = pk_sentence_at(scene, d->first);
	size_t limit = d->end + NOUN_MAX < s->end ? d->end + NOUN_MAX : s->end;
	size_t end = d->end;

	while (end < limit && scene->notes[end].zone == d->zone &&
	       scene->notes[end].verb < 0 && !pk_is_punct(scene, end) &&
	       !pk_at_word(scene, end, PK_CW_BIT(COMP)))
		end++;
	return (struct pk_stretch){ .first = d->first, .end = end };
}

/* A clause about a noun between the beginning of the draft's own and its trigger. */
static void
set_hole(const struct pk_draft *d, struct pk_stretch *own)
{
	const struct pk_scene *scene = d->scene;
	size_t end = pk_clause_start(scene, d->first, own->first);

	if (end == own->first)
		return;
	own->hole = own->first;
	own->hole_end = end;
	while (own->hole < end &&
	       !pk_at_word(scene, own->hole, PK_CW_BIT(COMP) | PK_CW_BIT(PURPOSE)))
		own->hole++;
	if (own->hole == end) /* no conjunction: another clause all of it */
		own->hole = own->first;
}

struct pk_stretch
pk_clause_of(const struct pk_draft *draft)
{
	const struct pk_scene *scene = draft->scene;
	struct pk_stretch own = {
		.first = draft->clause < draft->first ? draft->clause : draft->first,
		.end = draft->end,
	};

	if (draft->rule->form == PK_RULE_NOUN)
		return clause_of_noun(draft);
	if (draft->verb != PK_NOWHERE && scene->verbs.items[draft->verb].end > own.end)
		own.end = scene->verbs.items[draft->verb].end;
	while (
	    own.first < draft->first && (scene->notes[own.first].zone != draft->zone ||
					    scene->notes[own.first].opener))
		own.first++;
	set_hole(draft, &own);
	return own;
}

size_t
pk_stretch_at(const struct pk_stretch *stretch, size_t token)
{
	return token >= stretch->hole && token < stretch->hole_end ? stretch->hole_end
								   : token;
}

struct pk_stretch
pk_said_of(const struct pk_draft *draft)
{
	struct pk_stretch said = { .first = draft->after, .end = draft->stop };
	size_t end;

	/* before an act stands its clause, before a cue what is said with it */
	if (draft->after == PK_NOWHERE ||
	    draft->after >= draft->scene->text->n_tokens ||
	    (draft->after < draft->first && !pk_is_statement(draft)))
		return (struct pk_stretch){ .first = draft->end, .end = draft->end };
	end = pk_sentence_at(draft->scene, draft->after)->end;
	if (said.end > end)
		said.end = end;
	if (said.end < said.first)
		said.end = said.first;
	return said;
}

bool
pk_find_phrase(const struct pk_phrases *phrases, const struct pk_scene *scene,
    size_t token, size_t limit, struct pk_phrase_match *ret_match)
{
	for (size_t end = limit; end > token; end = ret_match->end - 1) {
		if (!pk_phrases_match(phrases, scene->text, token, end, ret_match))
			return false;
		if (ret_match->end == token + 1 ||
		    !pk_at_word(scene, ret_match->end - 1, PK_CW_BIT(AND)))
			return true;
	}
	return false;
}

const struct pk_detail *
pk_detail_of(const struct pk_scene *scene, size_t token, size_t limit, uint32_t kinds,
    struct pk_span value, size_t *ret_end)
{
	struct pk_phrase_match match;

	for (size_t end = limit; end > token; end = match.end - 1) {
		if (!pk_phrases_match(
			scene->story->rules->details, scene->text, token, end, &match))
			return NULL;
		for (size_t i = 0; i < match.n_values; i++) {
			const struct pk_detail *detail = match.values[i];

			if ((kinds & (1u << detail->kind)) != 0 &&
			    (value.ptr == NULL || pk_span_eq(detail->value, value))) {
				*ret_end = match.end;
				return detail;
			}
		}
	}
	return NULL;
}

const struct pk_detail *
pk_detail_at(const struct pk_scene *scene, size_t token, size_t limit, uint32_t kinds,
    size_t *ret_end)
{
	return pk_detail_of(
	    scene, token, limit, kinds, (struct pk_span){ NULL, 0 }, ret_end);
}

size_t
pk_token_at(const struct pk_scene *scene, struct pk_range range)
{
	size_t low = 0, high = scene->text->n_tokens;

	if (range.in_title != scene->title)
		return PK_NOWHERE;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (scene->text->tokens[middle].start < range.start)
			low = middle + 1;
		else
			high = middle;
	}
	return low < scene->text->n_tokens &&
		       scene->text->tokens[low].start == range.start
		   ? low
		   : PK_NOWHERE;
}

const struct pk_mention_at *
pk_mention_at_range(const struct pk_scene *scene, struct pk_range range)
{
	size_t t = pk_token_at(scene, range);
	int i = t == PK_NOWHERE ? -1 : scene->notes[t].mention;

	return i < 0 ? NULL : &scene->mentions->items[i];
}
