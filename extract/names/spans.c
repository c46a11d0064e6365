/* SPDX-License-Identifier: Apache-2.0 */
/* The names of a text as a reader would mark them. */
#include "extract/names/names_priv.h"

#include "base/map.h"
#include "extract/names/lexicon.h"
#include "extract/names/tagger.h"
#include "extract/text/morph.h"

#include <errno.h>

static int
add_span(struct pk_names *names, enum pk_name_type type, size_t first, size_t end,
    const struct pk_mention_at *mention)
{
	struct pk_name_span *span = pk_array_push(names->arena, &names->spans);

	if (span == NULL)
		return -ENOMEM;
	*span = (struct pk_name_span){ type, first, end, mention };
	return 0;
}

/* Where a language has no model: the grammar's own borders. */

static bool
is_name_word(const struct pk_names *names, size_t at, enum pk_name_word word)
{
	return (pk_name_words_of(names->lexicon, names->text->tokens[at].key) &
		   PK_NAME_BIT(word)) != 0;
}

/* Is the token an honorific, and no word of the office («Crown Prince»)? */
static bool
is_honorific(const struct pk_names *names, const struct pk_mention_at *m, size_t at)
{
	struct pk_span office = m->entity.role.native;

	return is_name_word(names, at, PK_NAME_HONORIFIC) &&
	       (office.ptr == NULL ||
		   names->text->bytes.ptr + names->text->tokens[at].byte >=
		       office.ptr + office.len);
}

/* The title of a person, on whichever side of the name it stands: without an article in
 * front and without the honorific that goes with the name. */
static int
add_title(struct pk_names *names, const struct pk_mention_at *m)
{
	bool before =
	    m->entity.role.native.ptr == NULL
		? m->first < m->head
		: m->entity.role.native.ptr <
		      names->text->bytes.ptr + names->text->tokens[m->head].byte;
	size_t first = before ? m->first : m->head_end;
	size_t end = before ? m->head : m->end;

	while (first < end && (names->text->tokens[first].kind != PK_TOKEN_WORD ||
				  is_name_word(names, first, PK_NAME_ARTICLE)))
		first++;
	while (first < end && (names->text->tokens[end - 1].kind != PK_TOKEN_WORD ||
				  (before && is_honorific(names, m, end - 1))))
		end--;
	return first == end ? 0 : add_span(names, PK_NAME_ROLE, first, end, m);
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

int
pk_spans_of_grammar(struct pk_names *names)
{
	for (size_t i = 0; i < names->items.len; i++) {
		const struct pk_mention_at *m = &names->items.items[i];
		enum pk_name_type type;
		int r = 0;
		if (!type_of(m, &type))
			continue;
		if (type != PK_NAME_PER)
			r = add_span(names, type, m->first, m->end, m);
		else
			r = add_span(names, type, m->head, m->head_end, m);
		if (r == 0 && type == PK_NAME_PER &&
		    m->entity.mention == PK_MENTION_TITLE_NAME)
			r = add_title(names, m);
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

/* Does the mention say something of the span? It has the span's head in it. */
static bool
is_about(const struct pk_mention_at *m, const struct pk_name_span *span)
{
	enum pk_name_type type;
	bool head = m->head < span->end && m->head_end > span->first;

	return type_of(m, &type) &&
	       ((type == span->type && head) ||
		   (span->type == PK_NAME_ROLE && type == PK_NAME_PER && !head &&
		       m->entity.mention == PK_MENTION_TITLE_NAME));
}

void
pk_spans_attach(struct pk_names *names)
{
	const struct pk_mention_at *items = names->items.items;
	size_t n = names->items.len, first = 0;

	for (size_t s = 0; s < names->spans.len; s++) {
		struct pk_name_span *span = &names->spans.items[s];
		while (first < n && items[first].end <= span->first)
			first++;
		for (size_t i = first; i < n && items[i].first < span->end; i++) {
			if (span->mention == NULL && is_about(&items[i], span))
				span->mention = &items[i];
		}
	}
}

/* «آیت الله» */
#define HONORIFIC_TOKENS_MAX 2

/* «رئیس دانشگاه دکتر …»: an honorific belongs neither to the role nor to the name. */
static size_t
without_honorific(const struct pk_names *names, size_t first, size_t end)
{
	size_t behind;

	for (size_t i = end - 1; i > first && end - i <= HONORIFIC_TOKENS_MAX; i--) {
		if (pk_word_at(names, PK_NAME_HONORIFIC, i, end, &behind) &&
		    behind == end)
			return i;
	}
	return end;
}

/* «خروج نیروهای …» is nobody's office, whatever the model says. */
static bool
begins_role(const struct pk_names *names, size_t first, size_t end)
{
	const struct pk_lexicon *lexicon = names->lexicon;
	struct pk_phrase_match match;
	size_t behind;

	return pk_phrases_match(
		   lexicon->occupations, names->text, first, end, &match) ||
	       pk_phrases_match(lexicon->roles, names->text, first, end, &match) ||
	       pk_name_words_at(lexicon, names->text, first, end, &behind) != 0;
}

/* «برن- ایرنا»: a dash with a space beside it stands between two things. */
static size_t
before_dash(const struct pk_names *names, size_t first, size_t end)
{
	const struct pk_token *t = names->text->tokens;

	for (size_t i = first + 1; i + 1 < end; i++) {
		if (pk_is_sign(names, i, "-") &&
		    (t[i - 1].end < t[i].start || t[i].end < t[i + 1].start))
			return i;
	}
	return end;
}

static int
take_tags(struct pk_names *names, const struct pk_sentence *s, const enum pk_tag *tags)
{
	size_t n = s->end - s->first, behind;

	for (size_t i = 0; i < n; i++) {
		size_t first = s->first + i;
		size_t end = s->first + pk_tags_name_end(tags, n, i);
		if (end == s->first)
			continue;
		enum pk_name_type type = type_of_tag(tags[i]);
		if (type == PK_NAME_ROLE && !begins_role(names, first, end))
			continue;
		if (type == PK_NAME_ROLE)
			end = without_honorific(names, first, end);
		if (type == PK_NAME_PER &&
		    pk_word_at(names, PK_NAME_HONORIFIC, first, end, &behind) &&
		    behind < end)
			first = behind;
		if (type == PK_NAME_PER)
			end = before_dash(names, first, end);
		int r = add_span(names, type, first, end, NULL);
		if (r < 0)
			return r;
	}
	return 0;
}

/* A KiB of features a token, and a few tokens more where a glued word is the last. */
#define SENTENCE_BYTES_MAX ((size_t)2 * PK_SENTENCE_TOKENS_MAX * 1024)

static int
tag_sentence(const struct pk_names *names, const struct pk_tagger *tagger,
    const struct pk_sentence *s, enum pk_tag *tags)
{
	/* features are many times the text: they live as long as their sentence */
	pk_cleanup(pk_arena_freep) struct pk_arena *arena =
	    pk_arena_new(SENTENCE_BYTES_MAX);
	const struct pk_mentions found = { names->items.items, names->items.len, NULL,
		0 };
	const struct pk_features *features =
	    arena == NULL ? NULL
			  : pk_features_of(arena, names->pack, names->text, &found,
				s->first, s->end);

	return features == NULL
		   ? -ENOMEM
		   : pk_tagger_decode(arena, tagger, features, s->end - s->first, tags);
}

/* A word that is frequent may be a surname once and itself the next time. */
#define NAME_RANK_MIN 3

static bool
is_everyday(const struct pk_names *names, size_t token)
{
	const struct pk_lexical *word = pk_words_get(
	    pk_pack_parts(names->pack)->words, names->text->tokens[token].key);

	return word != NULL && word->rank < NAME_RANK_MIN;
}

/*
 * Who was named in full is known by the surname from then on: what the model made
 * nothing of is that person again.
 */
static int
repeat_people(const struct pk_names *names, enum pk_tag *tags)
{
	pk_cleanup(pk_map_freep) struct pk_map *surnames = pk_map_new();
	size_t n = names->text->n_tokens;

	if (surnames == NULL)
		return -ENOMEM;
	for (size_t i = 1; i < n; i++) {
		bool last = i + 1 == n || tags[i + 1] != PK_TAG_I_PER;
		if (tags[i] == PK_TAG_I_PER && last && !is_everyday(names, i) &&
		    pk_map_set(surnames, names->text->tokens[i].key, tags) < 0)
			return -ENOMEM;
	}
	for (size_t i = 0; i < n; i++) {
		if (tags[i] == PK_TAG_O &&
		    pk_map_get(surnames, names->text->tokens[i].key) != NULL)
			tags[i] = PK_TAG_B_PER;
	}
	return 0;
}

int
pk_spans_of_tagger(struct pk_names *names, const struct pk_tagger *tagger)
{
	const struct pk_text *text = names->text;
	enum pk_tag *tags =
	    pk_arena_calloc(names->arena, text->n_tokens + 1, sizeof(*tags));
	int r = tags == NULL ? -ENOMEM : 0;

	for (size_t i = 0; r == 0 && i < text->n_sentences; i++)
		r = tag_sentence(names, tagger, &text->sentences[i],
		    tags + text->sentences[i].first);
	if (r == 0)
		r = repeat_people(names, tags);
	for (size_t i = 0; r == 0 && i < text->n_sentences; i++)
		r = take_tags(
		    names, &text->sentences[i], tags + text->sentences[i].first);
	return r;
}

/* How sure one may be of a person whom only the tagger sees. */
#define CONF_TAGGED 0.7

/* Is there a mention over the tokens? `*at` goes along with them. */
static bool
is_taken(const struct pk_names *names, size_t n, size_t first, size_t end, size_t *at)
{
	while (*at < n && names->items.items[*at].end <= first)
		++*at;
	return *at < n && names->items.items[*at].first < end;
}

/*
 * A new actor must be sure: a full name, and no word of it an everyday one or a verb.
 * The surname alone is then found by pk_mentions_link().
 */
static bool
is_surely_name(const struct pk_names *names, const struct pk_name_span *span)
{
	const struct pk_affixes *affixes = pk_pack_parts(names->pack)->affixes;

	if (span->end - span->first < 2)
		return false;
	for (size_t i = span->first; i < span->end; i++) {
		struct pk_span key = names->text->tokens[i].key;
		const struct pk_lexical *word =
		    pk_words_get(pk_pack_parts(names->pack)->words, key);
		bool name = word != NULL ? (word->classes & PK_LEXICAL_NAME) != 0 ||
					       word->rank >= NAME_RANK_MIN
					 : !pk_morph_is_verb(affixes, key);
		if (!name)
			return false;
	}
	return true;
}

int
pk_people_of_spans(struct pk_names *names)
{
	size_t n = names->items.len, at = 0;

	for (size_t s = 0; s < names->spans.len; s++) {
		const struct pk_name_span *span = &names->spans.items[s];
		if (span->type != PK_NAME_PER || !is_surely_name(names, span) ||
		    is_taken(names, n, span->first, span->end, &at))
			continue;
		struct pk_person person = { .run = { span->first, span->end },
			.name = { span->first, span->end },
			.conf = CONF_TAGGED };
		struct pk_mention_at *mention =
		    pk_mention_new(names, PK_NAMED_PERSON, person.run, span->first);
		if (mention == NULL)
			return -ENOMEM;
		pk_entity_of_person(names, &person, NULL, mention);
	}
	return (int)(names->items.len - n);
}
