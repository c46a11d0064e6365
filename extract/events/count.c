/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/events/count.h"

#include "extract/events/clause.h"
#include "extract/text/quantity.h"

#include <errno.h>

/* From a number to the noun that it counts, over «دور» or «فروند» and the like. */
#define NOUN_GAP_MAX 4

/* A token of a date or of a duration: scene.c notes only the former. */
static size_t
date_end(const struct pk_scene *scene, size_t token)
{
	size_t low = 0, high = scene->dates->len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (scene->dates->items[middle].end <= token)
			low = middle + 1;
		else
			high = middle;
	}
	return low < scene->dates->len && scene->dates->items[low].first <= token
		   ? scene->dates->items[low].end
		   : token;
}

static bool
has_detail(const struct pk_scene *scene, size_t token, size_t limit, uint32_t kinds)
{
	size_t unused;

	return token < limit &&
	       pk_detail_at(scene, token, limit, kinds, &unused) != NULL;
}

/* «ماده ۵»: does the word before the number make it a name? */
static bool
is_label(const struct pk_scene *scene, size_t token)
{
	const struct pk_text *text = scene->text;

	return token > 0 &&
	       (has_detail(scene, token - 1, token, PK_DETAIL_BIT(LABEL)) ||
		   (text->tokens[token - 1].kind == PK_TOKEN_NUMBER) ||
		   text->tokens[token - 1].end == text->tokens[token].start);
}

/* «۴۱ / ۵ درصد», «۲۱ هزار میلیارد ریال»: the rest of a number is none. */
static bool
is_rest(const struct pk_scene *scene, size_t token)
{
	return token > 0 && (pk_at_punct(scene, token - 1, "/") ||
				pk_at_punct(scene, token - 1, "."));
}

/* «۳ تا ۵»: neither is what is meant. */
static bool
is_range(const struct pk_scene *scene, size_t first, size_t end, size_t limit)
{
	const struct pk_number_words *words = pk_pack_numbers(scene->story->pack);
	struct pk_number n;

	if (has_detail(scene, end, limit, PK_DETAIL_BIT(RANGE)) &&
	    pk_number_at(words, scene->text, end + 1, limit, &n) && !n.ordinal)
		return true;
	return first >= 2 &&
	       has_detail(scene, first - 1, first, PK_DETAIL_BIT(RANGE)) &&
	       pk_number_at(words, scene->text, first - 2, first - 1, &n);
}

static int
add(struct pk_draft *d, const struct pk_count_of *count, size_t first, size_t end)
{
	struct pk_event *e = &d->event;
	struct pk_range range = pk_scene_range(d->scene, first, end);

	for (size_t i = 0; i < e->n_counts; i++) {
		if (e->counts[i].range.start == range.start)
			return 0; /* its clause and what was asked may be one */
	}
	if (e->n_counts == PK_EVENT_COUNTS_MAX)
		return 0;
	if (e->counts == NULL)
		e->counts = pk_arena_calloc(
		    d->scene->story->arena, PK_EVENT_COUNTS_MAX, sizeof(*e->counts));
	if (e->counts == NULL)
		return -ENOMEM;
	e->counts[e->n_counts] = *count;
	e->counts[e->n_counts].text = pk_text_of(d->scene->text, first, end);
	e->counts[e->n_counts].range = range;
	e->n_counts++;
	return 0;
}

/* «۲۰۰ میلیون دلار»، «۱۵ درصد»: returns its end, or `token` for none. */
static int
read_quantity(struct pk_draft *d, size_t token, size_t limit, size_t *ret_end)
{
	struct pk_quantity q;
	struct pk_count_of count = { 0 };

	*ret_end = token;
	if (!pk_quantity_at(d->scene->story->pack, d->scene->text, token, limit, &q))
		return 0;
	*ret_end = q.end;
	if (q.number.vague || is_range(d->scene, token, q.number.end, limit))
		return 0;
	count.n = q.number.value;
	count.unit = q.kind == PK_QUANTITY_PERCENT ? PK_SPAN("%") : q.code;
	return count.unit.len == 0 ? 0 : add(d, &count, token, q.end);
}

/* The noun that the number before `token` counts. */
static const struct pk_detail *
counted_at(const struct pk_scene *scene, size_t token, size_t limit, size_t *ret_end)
{
	const uint32_t kinds =
	    PK_DETAIL_BIT(COUNTED) | PK_DETAIL_BIT(CLASSIFIER) | PK_DETAIL_BIT(NONE);
	size_t stop = token + NOUN_GAP_MAX < limit ? token + NOUN_GAP_MAX : limit;
	const struct pk_detail *detail =
	    pk_detail_at(scene, token, stop, kinds, ret_end);

	if (detail == NULL || detail->kind == PK_DETAIL_NONE)
		return NULL;
	/* «ده تن از کارکنان»: people, not tons; but «از» is none of it */
	if (*ret_end > token + 1 && scene->notes[*ret_end - 1].preposition >= 0)
		--*ret_end;
	return detail;
}

/* «۳۵ نفر»، «سه دیپلمات»، «۱۲ فروند جنگنده». */
static int
read_counted(struct pk_draft *d, size_t token, size_t limit, size_t *ret_end)
{
	const struct pk_scene *scene = d->scene;
	const struct pk_detail *noun, *next;
	struct pk_count_of count = { 0 };
	struct pk_number n;
	size_t end, next_end;

	*ret_end = token;
	if (!pk_number_at(
		pk_pack_numbers(scene->story->pack), scene->text, token, limit, &n))
		return 0;
	*ret_end = n.end;
	if (n.ordinal || n.vague || n.value < 1 ||
	    n.value != (double)(int64_t)n.value || is_label(scene, token) ||
	    is_range(scene, token, n.end, limit))
		return 0;
	noun = counted_at(scene, n.end, limit, &end);
	/* «یک سند» is any document, «یک نفر» is one. */
	if (noun == NULL ||
	    (n.value < 2 && !n.digits && noun->kind != PK_DETAIL_CLASSIFIER))
		return 0;
	/* «دو طرف»: who they are is told elsewhere */
	if (pk_at_word(scene, token, PK_CW_BIT(BOTH)))
		return 0;
	count.n = n.value;
	count.unit = noun->value;
	size_t what = n.end;
	next = end < limit ? counted_at(scene, end, limit, &next_end) : NULL;
	if (noun->kind == PK_DETAIL_CLASSIFIER && next != NULL &&
	    next->kind == PK_DETAIL_COUNTED) {
		what = end; /* «۱۲ فروند جنگنده», «۵ نفر نظامی» */
		count.unit = next->value;
		end = next_end;
	}
	count.what = pk_text_of(scene->text, what, end);
	*ret_end = end;
	return add(d, &count, token, end);
}

static int
read_stretch(struct pk_draft *d, struct pk_stretch in, int zone)
{
	const struct pk_number_words *words = pk_pack_numbers(d->scene->story->pack);
	const struct pk_scene *scene = d->scene;
	size_t number_end = PK_NOWHERE;

	for (size_t t = in.first;
	     t < in.end && d->event.n_counts < PK_EVENT_COUNTS_MAX;) {
		size_t end = date_end(scene, t);
		struct pk_number n;
		int r;

		if (pk_stretch_at(&in, t) != t) {
			t = pk_stretch_at(&in, t);
			continue;
		}
		if (pk_number_at(words, scene->text, t, in.end, &n)) {
			bool rest = t == number_end || is_rest(scene, t);

			number_end = n.end;
			if (rest) {
				t = n.end;
				continue;
			}
		}
		if (end > t || scene->notes[t].zone != zone ||
		    (scene->notes[t].mention >= 0 &&
			scene->mentions->items[scene->notes[t].mention].first != t)) {
			t = end > t ? end : t + 1;
			continue;
		}
		r = read_quantity(d, t, in.end, &end);
		if (r == 0 && end == t)
			r = read_counted(d, t, in.end, &end);
		if (r < 0)
			return r;
		t = end > t ? end : t + 1;
	}
	return 0;
}

/* «پنج سفر»، «سه دور مذاکره»: the number of a noun stands right before it. */
static int
read_before(struct pk_draft *d)
{
	const struct pk_scene *scene = d->scene;
	size_t first = d->first > NOUN_GAP_MAX ? d->first - NOUN_GAP_MAX : 0;

	if (first < d->clause)
		first = d->clause;
	for (size_t t = first; t < d->first; t++) {
		size_t end = t, n = d->event.n_counts;

		if (date_end(scene, t) > t || scene->notes[t].zone != d->zone ||
		    scene->notes[t].mention >= 0)
			continue;
		if (read_counted(d, t, d->end, &end) < 0)
			return -ENOMEM;
		if (d->event.n_counts == n)
			continue;
		if (end <= d->first) /* it counts another noun */
			d->event.n_counts = n;
		t = end - 1;
	}
	return 0;
}

int
pk_counts_give(struct pk_draft *draft)
{
	struct pk_stretch said = pk_said_of(draft);
	int r = 0;

	if (draft->scene->title)
		return 0;
	if (draft->rule->form == PK_RULE_NOUN)
		return read_before(draft);
	if (!pk_is_statement(draft))
		r = read_stretch(draft, pk_clause_of(draft), draft->zone);
	/* what was said or asked, unless it is the clause itself */
	if (r == 0 && said.first < said.end &&
	    (pk_is_statement(draft) || said.first >= draft->end))
		r = read_stretch(draft, said, draft->scene->notes[said.first].zone);
	return r;
}
