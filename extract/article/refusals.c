/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/refusals.h"

#include "base/utf8.h"
#include "extract/article/line.h"
#include "extract/pack/tsv.h"

#include <errno.h>
#include <sys/stat.h>

struct pk_refusal_phrase {
	const struct pk_refusal_phrase *next;
	struct pk_span text;
	uint32_t first; /* its first letter, folded */
	unsigned where;
	enum pk_refusal says;
};

static const struct kind {
	const char *name;
	const char *reason;
} kinds[PK_REFUSALS] = {
#define REFUSAL(NAME, name, reason) [PK_REFUSAL_##NAME] = { name, reason },
#include "extract/article/refusals.def"
#undef REFUSAL
};

static const struct place {
	struct pk_span name;
	unsigned value;
} places[] = {
	{ PK_SPAN("title"), PK_REFUSAL_TITLE },
	{ PK_SPAN("heading"), PK_REFUSAL_HEADING },
	{ PK_SPAN("begin"), PK_REFUSAL_BEGIN },
	{ PK_SPAN("text"), PK_REFUSAL_TEXT },
};

/* The values of "title|heading", or 0 when one of them is unknown. */
static unsigned
read_places(struct pk_span cell)
{
	unsigned all = 0;

	while (cell.ptr != NULL) {
		struct pk_span name = pk_span_split(&cell, '|');
		unsigned one = 0;
		for (size_t i = 0; i < PK_COUNT(places); i++)
			one |= pk_span_eq(places[i].name, name) ? places[i].value : 0;
		if (one == 0)
			return 0;
		all |= one;
	}
	return all;
}

static enum pk_refusal
read_kind(struct pk_span cell)
{
	for (unsigned i = 1; i < PK_REFUSALS && cell.len > 0; i++) {
		if (pk_span_eq(pk_span_of(kinds[i].name), cell))
			return (enum pk_refusal)i;
	}
	return PK_REFUSAL_NONE;
}

static uint32_t
next_folded(struct pk_span *s)
{
	uint32_t point = 0;

	while (s->len > 0 && point == 0) {
		size_t n = pk_utf8_decode(*s, 0, &point, NULL);
		*s = pk_span_slice(*s, n, s->len);
		point = pk_line_fold(point);
	}
	return point;
}

int
pk_refusals_read(struct pk_arena *arena, const char *dir, const char *lang,
    struct pk_refusals *refusals, struct pk_diag *reterr_diag)
{
	struct pk_span path =
	    pk_arena_printf(arena, "%s/lang/%s/refusals.tsv", dir, lang);
	struct pk_tsv tsv;
	struct stat st;

	if (path.ptr == NULL)
		return -ENOMEM;
	if (stat(path.ptr, &st) < 0)
		return 0;
	int r = pk_tsv_read(arena, arena, path.ptr, &tsv, reterr_diag);
	for (size_t i = 0; r == 0 && i < tsv.n_rows; i++) {
		const struct pk_tsv_row *row = &tsv.rows[i];
		struct pk_refusal_phrase *phrase =
		    pk_arena_new_of(arena, struct pk_refusal_phrase);
		if (phrase == NULL)
			return -ENOMEM;
		*phrase = (struct pk_refusal_phrase){ .next = refusals->first,
			.text = pk_line_core(pk_tsv_cell(&tsv, row, PK_SPAN("phrase"))),
			.where = read_places(pk_tsv_cell(&tsv, row, PK_SPAN("where"))),
			.says = read_kind(pk_tsv_cell(&tsv, row, PK_SPAN("kind"))) };
		struct pk_span text = phrase->text;
		phrase->first = next_folded(&text);
		if (phrase->text.len == 0 || phrase->where == 0 ||
		    phrase->says == PK_REFUSAL_NONE)
			return pk_diag_at(reterr_diag, -EBADMSG, tsv.path, row->line,
			    "want: phrase TAB title|heading|begin|text TAB kind");
		refusals->first = phrase;
	}
	return r;
}

/* Does the line begin with the phrase, as whole words? *ret_rest is what follows. */
static bool
begins(struct pk_span line, struct pk_span phrase, struct pk_span *ret_rest)
{
	uint32_t want, point;

	while ((want = next_folded(&phrase)) != 0) {
		if (next_folded(&line) != want)
			return false;
	}
	*ret_rest = line;
	if (line.len == 0)
		return true;
	pk_utf8_decode(line, 0, &point, NULL);
	return !pk_line_is_word(point);
}

/* What the phrases for `where` say of a line that begins with one of them. */
static enum pk_refusal
match_at(const struct pk_refusals *refusals, unsigned where, struct pk_span line)
{
	struct pk_span rest = line;
	uint32_t first = next_folded(&rest);

	for (const struct pk_refusal_phrase *p = refusals->first; p != NULL;
	     p = p->next) {
		if (p->first != first || (p->where & where) == 0 ||
		    !begins(line, p->text, &rest))
			continue;
		if ((p->where & where & (PK_REFUSAL_BEGIN | PK_REFUSAL_TEXT)) != 0 ||
		    pk_line_core(rest).len == 0)
			return p->says;
	}
	return PK_REFUSAL_NONE;
}

/* The same for every word of the line. */
static enum pk_refusal
match_within(const struct pk_refusals *refusals, struct pk_span line)
{
	enum pk_refusal found = PK_REFUSAL_NONE;
	bool inside = false; /* a word */

	for (size_t at = 0, n; at < line.len && found == PK_REFUSAL_NONE; at += n) {
		uint32_t point;
		n = pk_utf8_decode(line, at, &point, NULL);
		bool word = pk_line_is_word(point);
		if (word && !inside)
			found = match_at(refusals, PK_REFUSAL_TEXT,
			    pk_span_slice(line, at, line.len));
		inside = word;
	}
	return found;
}

enum pk_refusal
pk_refusals_match(const struct pk_refusals *refusals, enum pk_refusal_where where,
    struct pk_span line)
{
	line = pk_line_core(line);
	if (line.len == 0)
		return PK_REFUSAL_NONE;
	return where == PK_REFUSAL_TEXT
		   ? match_within(refusals, line)
		   : match_at(refusals, (unsigned)where | PK_REFUSAL_BEGIN, line);
}

const char *
pk_refusal_reason(enum pk_refusal refusal)
{
	return kinds[refusal].reason;
}
