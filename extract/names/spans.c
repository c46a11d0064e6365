/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/names/spans.h"

#include "base/map.h"
#include "extract/names/tagger.h"
#include "extract/pack/parts.h"
#include "extract/text/words.h"

#include <errno.h>

struct finder {
	struct pk_arena *arena;
	const struct pk_pack *pack;
	const struct pk_text *text;
	const struct pk_mentions *mentions;
	size_t mention; /* the first that may still overlap */
	PK_ARRAY(struct pk_name_span) spans;
};

static int
add_span(struct finder *f, enum pk_name_type type, size_t first, size_t end,
    bool inside, const struct pk_mention_at *mention)
{
	struct pk_name_span *span = pk_array_push(f->arena, &f->spans);

	if (span == NULL)
		return -ENOMEM;
	*span = (struct pk_name_span){ type, first, end, inside, mention };
	return 0;
}

/* Where a language has no model: the grammar's own borders. */

/* The title of a person, on whichever side of the name it stands. */
static int
add_title(struct finder *f, const struct pk_mention_at *m)
{
	bool before = m->entity.role.native.ptr != NULL &&
		      m->entity.role.native.ptr <
			  f->text->bytes.ptr + f->text->tokens[m->head].byte;
	size_t first = before ? m->first : m->head_end;
	size_t end = before ? m->head : m->end;

	while (first < end && f->text->tokens[first].kind != PK_TOKEN_WORD)
		first++;
	while (first < end && f->text->tokens[end - 1].kind != PK_TOKEN_WORD)
		end--;
	return first == end ? 0 : add_span(f, PK_NAME_ROLE, first, end, false, m);
}

static bool
type_of(const struct pk_mention_at *m, enum pk_name_type *ret_type)
{
	switch (m->named) {
	case PK_NAMED_PERSON:
		*ret_type = PK_NAME_PER;
		return true;
	case PK_NAMED_ROLE:
		*ret_type = PK_NAME_ROLE;
		return true;
	case PK_NAMED_STATE:
		*ret_type = PK_NAME_LOC;
		return m->entity.mention == PK_MENTION_COUNTRY ||
		       m->entity.mention == PK_MENTION_METONYM ||
		       m->entity.kind == PK_KIND_REGION;
	case PK_NAMED_PLACE:
		*ret_type = PK_NAME_LOC;
		return true;
	case PK_NAMED_ORG:
	case PK_NAMED_AGENCY:
		*ret_type = PK_NAME_ORG;
		return true;
	case PK_NAMED_GROUP:
		*ret_type = PK_NAME_ROLE;
		return m->entity.role.id.len > 0;
	case PK_NAMED_PRONOUN:
		break;
	}
	return false;
}

static int
take_mentions(struct finder *f)
{
	for (size_t i = 0; i < f->mentions->len; i++) {
		const struct pk_mention_at *m = &f->mentions->items[i];
		enum pk_name_type type;
		int r = 0;
		if (!type_of(m, &type))
			continue;
		if (type != PK_NAME_PER)
			r = add_span(f, type, m->first, m->end, false, m);
		else
			r = add_span(f, type, m->head, m->head_end, false, m);
		if (r == 0 && type == PK_NAME_PER &&
		    m->entity.mention == PK_MENTION_TITLE_NAME)
			r = add_title(f, m);
		if (r < 0)
			return r;
	}
	return 0;
}

/* With a model: its borders, and the grammar's knowledge. */

static enum pk_name_type
type_of_tag(enum pk_tag tag)
{
	return tag == PK_TAG_B_PER                             ? PK_NAME_PER
	       : tag == PK_TAG_B_ORG || tag == PK_TAG_B_ORG_IN ? PK_NAME_ORG
	       : tag == PK_TAG_B_ROLE                          ? PK_NAME_ROLE
							       : PK_NAME_LOC;
}

/* The mention that a span says something of: it has the span's head in it. */
static const struct pk_mention_at *
mention_of(struct finder *f, enum pk_name_type type, size_t first, size_t end)
{
	const struct pk_mentions *mentions = f->mentions;

	while (f->mention < mentions->len && mentions->items[f->mention].end <= first)
		f->mention++;
	for (size_t i = f->mention; i < mentions->len; i++) {
		const struct pk_mention_at *m = &mentions->items[i];
		enum pk_name_type known;
		if (m->first >= end)
			break;
		if (!type_of(m, &known))
			continue;
		bool head = m->head < end && m->head_end > first;
		if ((known == type && head) ||
		    (type == PK_NAME_ROLE && known == PK_NAME_PER && !head &&
			m->entity.mention == PK_MENTION_TITLE_NAME))
			return m;
	}
	return NULL;
}

static size_t
end_of(const enum pk_tag *tags, size_t n, size_t at)
{
	size_t end = at + 1;

	while (
	    end < n && (tags[end] == tags[at] + 1 ||
			   (tags[at] == PK_TAG_B_ROLE && tags[end] >= PK_TAG_I_ROLE)))
		end++;
	return end;
}

static int
take_tags(struct finder *f, const struct pk_sentence *s, const enum pk_tag *tags)
{
	size_t n = s->end - s->first, role_end = 0;

	for (size_t i = 0; i < n; i++) {
		enum pk_tag tag = tags[i];
		/* a begin is an odd number */
		if (tag % 2 == 0)
			continue;
		size_t end = end_of(tags, n, i);
		enum pk_name_type type = type_of_tag(tag);
		if (tag == PK_TAG_B_ROLE)
			role_end = end;
		int r = add_span(f, type, s->first + i, s->first + end,
		    i < role_end && tag != PK_TAG_B_ROLE,
		    mention_of(f, type, s->first + i, s->first + end));
		if (r < 0)
			return r;
	}
	return 0;
}

/* A sentence has at most 8 MiB of text, a KiB of features a token. */
#define SENTENCE_BYTES_MAX ((size_t)4 << 30)

static int
tag_sentence(struct finder *f, const struct pk_tagger *tagger,
    const struct pk_sentence *s, enum pk_tag *tags)
{
	/* features are many times the text: they live as long as their sentence */
	pk_cleanup(pk_arena_freep) struct pk_arena *arena =
	    pk_arena_new(SENTENCE_BYTES_MAX);
	const struct pk_features *features =
	    arena == NULL ? NULL
			  : pk_features_of(
				arena, f->pack, f->text, f->mentions, s->first, s->end);

	return features == NULL
		   ? -ENOMEM
		   : pk_tagger_decode(arena, tagger, features, s->end - s->first, tags);
}

/* A word that is frequent may be a surname once and itself the next time. */
#define NAME_RANK_MIN 3

static bool
is_everyday(const struct finder *f, size_t token)
{
	const struct pk_lexical *word =
	    pk_words_get(pk_pack_parts(f->pack)->words, f->text->tokens[token].key);

	return word != NULL && word->rank < NAME_RANK_MIN;
}

/*
 * Who was named in full is known by the surname from then on: what the model made
 * nothing of is that person again.
 */
static int
repeat_people(const struct finder *f, enum pk_tag *tags)
{
	pk_cleanup(pk_map_freep) struct pk_map *surnames = pk_map_new();
	size_t n = f->text->n_tokens;

	if (surnames == NULL)
		return -ENOMEM;
	for (size_t i = 1; i < n; i++) {
		bool last = i + 1 == n || tags[i + 1] != PK_TAG_I_PER;
		if (tags[i] == PK_TAG_I_PER && last && !is_everyday(f, i) &&
		    pk_map_set(surnames, f->text->tokens[i].key, tags) < 0)
			return -ENOMEM;
	}
	for (size_t i = 0; i < n; i++) {
		if (tags[i] == PK_TAG_O &&
		    pk_map_get(surnames, f->text->tokens[i].key) != NULL)
			tags[i] = PK_TAG_B_PER;
	}
	return 0;
}

static int
take_names(struct finder *f, const struct pk_tagger *tagger)
{
	const struct pk_text *text = f->text;
	enum pk_tag *tags =
	    pk_arena_calloc(f->arena, text->n_tokens + 1, sizeof(*tags));
	int r = tags == NULL ? -ENOMEM : 0;

	for (size_t i = 0; r == 0 && i < text->n_sentences; i++)
		r = tag_sentence(
		    f, tagger, &text->sentences[i], tags + text->sentences[i].first);
	if (r == 0)
		r = repeat_people(f, tags);
	for (size_t i = 0; r == 0 && i < text->n_sentences; i++)
		r = take_tags(f, &text->sentences[i], tags + text->sentences[i].first);
	return r;
}

int
pk_name_spans_find(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_text *text, const struct pk_mentions *mentions,
    struct pk_name_spans *ret_spans)
{
	const struct pk_tagger *tagger = pk_pack_parts(pack)->tagger;
	struct finder f = { arena, pack, text, mentions, 0, { 0 } };

	int r = tagger == NULL ? take_mentions(&f) : take_names(&f, tagger);
	if (r == 0)
		*ret_spans = (struct pk_name_spans){ f.spans.items, f.spans.len };
	return r;
}
