/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/tails.h"

#include "base/utf8.h"
#include "extract/article/line.h"
#include "extract/article/refusals.h"
#include "extract/pack/tsv.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#define ARENA_LIMIT (8u << 20)

/* A line that begins with a phrase and is longer tells news: bytes. */
#define PREFIX_LINE_MAX 300

/* A line that holds a phrase anywhere and is longer tells news: bytes. */
#define ANY_LINE_MAX 200

/* How far before the end of a line a closing phrase may begin: bytes. */
#define END_MAX 80

/* Of who signs behind a closing phrase: bytes. */
#define SIGNATURE_MAX 12

#define BUCKETS 1024

enum where {
	WHERE_LINE = 1,   /* the phrase is the line; digits may follow */
	WHERE_PREFIX = 2, /* a short line begins with it */
	WHERE_END = 4,    /* a line ends with it; digits may follow */
	WHERE_ANY = 8,    /* a short line holds it */
};

struct phrase {
	const struct phrase *next;
	const uint32_t *points; /* folded */
	size_t n_points;
	unsigned where;
	enum pk_tail says;
};

struct pk_tails {
	struct pk_arena *arena;
	struct pk_refusals refusals;
	const struct phrase *buckets[BUCKETS]; /* by the first two folded code points */
};

static const struct word {
	struct pk_span name;
	unsigned value;
} where_words[] = {
	{ PK_SPAN("line"), WHERE_LINE },
	{ PK_SPAN("prefix"), WHERE_PREFIX },
	{ PK_SPAN("end"), WHERE_END },
	{ PK_SPAN("any"), WHERE_ANY },
}, say_words[] = {
	{ PK_SPAN("cut"), PK_TAIL_CUT },
	{ PK_SPAN("drop"), PK_TAIL_DROP },
	{ PK_SPAN("open"), PK_TAIL_OPEN },
};

static unsigned
word_value(const struct word *words, size_t n, struct pk_span name)
{
	for (size_t i = 0; i < n; i++) {
		if (pk_span_eq(words[i].name, name))
			return words[i].value;
	}
	return 0;
}

/* The values of "line|end", or 0 when one of them is unknown. */
static unsigned
read_wheres(struct pk_span cell)
{
	unsigned all = 0;

	while (cell.ptr != NULL) {
		unsigned one = word_value(
		    where_words, PK_COUNT(where_words), pk_span_split(&cell, '|'));
		if (one == 0)
			return 0;
		all |= one;
	}
	return all;
}

static int
set_points(struct pk_arena *arena, struct phrase *phrase, struct pk_span text)
{
	uint32_t *points = pk_arena_calloc(arena, text.len + 1, sizeof(*points));

	if (points == NULL)
		return -ENOMEM;
	for (size_t at = 0; at < text.len;) {
		uint32_t point;
		at += pk_utf8_decode(text, at, &point, NULL);
		point = pk_line_fold(point);
		if (point != 0)
			points[phrase->n_points++] = point;
	}
	phrase->points = points;
	return 0;
}

static size_t
bucket_of(uint32_t first, uint32_t second)
{
	return (first * 31 + second) % BUCKETS;
}

static int
add_row(struct pk_tails *tails, const struct pk_tsv *tsv, const struct pk_tsv_row *row,
    struct pk_diag *reterr_diag)
{
	struct phrase *phrase = pk_arena_new_of(tails->arena, struct phrase);

	if (phrase == NULL)
		return -ENOMEM;
	phrase->where = read_wheres(pk_tsv_cell(tsv, row, PK_SPAN("where")));
	phrase->says = (enum pk_tail)word_value(
	    say_words, PK_COUNT(say_words), pk_tsv_cell(tsv, row, PK_SPAN("says")));
	int r =
	    set_points(tails->arena, phrase, pk_tsv_cell(tsv, row, PK_SPAN("phrase")));
	if (r < 0)
		return r;
	if (phrase->n_points < 2 || phrase->where == 0 || phrase->says == PK_TAIL_NONE)
		return pk_diag_at(reterr_diag, -EBADMSG, tsv->path, row->line,
		    "want: phrase (of two letters at least) TAB line|prefix|end|any "
		    "TAB cut, drop or open");
	const struct phrase **bucket =
	    &tails->buckets[bucket_of(phrase->points[0], phrase->points[1])];
	phrase->next = *bucket;
	*bucket = phrase;
	return 0;
}

/* One language; one without the file is fine. */
static int
load_language(struct pk_tails *tails, const char *dir, const char *lang,
    struct pk_diag *reterr_diag)
{
	struct pk_span path =
	    pk_arena_printf(tails->arena, "%s/lang/%s/tails.tsv", dir, lang);
	struct pk_tsv tsv;
	struct stat st;

	if (path.ptr == NULL)
		return -ENOMEM;
	int r =
	    pk_refusals_read(tails->arena, dir, lang, &tails->refusals, reterr_diag);
	if (r < 0 || stat(path.ptr, &st) < 0)
		return r;
	r = pk_tsv_read(tails->arena, tails->arena, path.ptr, &tsv, reterr_diag);
	for (size_t i = 0; r == 0 && i < tsv.n_rows; i++)
		r = add_row(tails, &tsv, &tsv.rows[i], reterr_diag);
	return r;
}

int
pk_tails_load(const char *dir, struct pk_tails **ret_tails, struct pk_diag *reterr_diag)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(ARENA_LIMIT);
	struct pk_tails *tails =
	    arena == NULL ? NULL : pk_arena_new_of(arena, struct pk_tails);
	char path[4096];

	if (tails == NULL)
		return -ENOMEM;
	tails->arena = arena;
	if ((size_t)snprintf(path, sizeof(path), "%s/lang", dir) >= sizeof(path))
		return -ENAMETOOLONG;
	struct dirent **languages;
	int n = scandir(path, &languages, NULL, alphasort), r = 0;
	if (n < 0)
		return pk_diag_at(reterr_diag, -errno, path, 0, "cannot open");
	for (int i = 0; i < n; i++) {
		if (r == 0 && languages[i]->d_name[0] != '.')
			r = load_language(
			    tails, dir, languages[i]->d_name, reterr_diag);
		free(languages[i]);
	}
	free(languages);
	if (r < 0)
		return r;
	*ret_tails = tails;
	pk_steal(&arena);
	return 0;
}

const struct pk_refusals *
pk_tails_refusals(const struct pk_tails *tails)
{
	return &tails->refusals;
}

struct pk_tails *
pk_tails_free(struct pk_tails *tails)
{
	if (tails != NULL)
		pk_arena_free(tails->arena);
	return NULL;
}

/* Does `s` begin with the phrase, as whole words? *ret_rest is what follows it. */
static bool
begins_with(struct pk_span s, const struct phrase *phrase, struct pk_span *ret_rest)
{
	uint32_t point;
	size_t at = 0, i = 0;

	while (i < phrase->n_points && at < s.len) {
		at += pk_utf8_decode(s, at, &point, NULL);
		point = pk_line_fold(point);
		if (point == 0)
			continue;
		if (point != phrase->points[i])
			return false;
		i++;
	}
	if (i < phrase->n_points)
		return false;
	*ret_rest = pk_span_slice(s, at, s.len);
	if (at == s.len || !pk_line_is_word(phrase->points[i - 1]))
		return true;
	pk_utf8_decode(s, at, &point, NULL);
	return !pk_line_is_word(point) || (point < 0x80 && point <= '9');
}

/* The first word character at or after `at`; the length where there is none. */
static size_t
word_at(struct pk_span s, size_t at)
{
	uint32_t point;
	size_t n;

	for (; at < s.len; at += n) {
		n = pk_utf8_decode(s, at, &point, NULL);
		if (pk_line_is_word(point))
			break;
	}
	return at;
}

static size_t
after_word(struct pk_span s, size_t at)
{
	uint32_t point;
	size_t n;

	for (; at < s.len; at += n) {
		n = pk_utf8_decode(s, at, &point, NULL);
		if (!pk_line_is_word(point))
			break;
	}
	return at;
}

/* The phrases that may begin at a word. */
static const struct phrase *
phrases_at(const struct pk_tails *tails, struct pk_span s)
{
	uint32_t points[2] = { 0, 0 };
	size_t n = 0;

	for (size_t at = 0; n < 2 && at < s.len;) {
		uint32_t point;
		at += pk_utf8_decode(s, at, &point, NULL);
		points[n] = pk_line_fold(point);
		n += points[n] != 0;
	}
	return n < 2 ? NULL : tails->buckets[bucket_of(points[0], points[1])];
}

/* A sentence that happens to begin like a tail is none: «اخبار روز گذشته ...». */
static bool
may_head(struct pk_span line, const struct phrase *phrase)
{
	return phrase->says == PK_TAIL_OPEN ||
	       (line.len <= PREFIX_LINE_MAX &&
		   (phrase->says == PK_TAIL_DROP || !pk_line_ends_sentence(line)));
}

/* Nothing but digits and signs, or who signs: «پایان پیام/ک». */
static bool
is_nothing(struct pk_span rest)
{
	bool signature = rest.len <= SIGNATURE_MAX &&
			 pk_span_starts_with(pk_span_trim(rest), PK_SPAN("/"));

	return signature || !pk_line_has_letter(rest);
}

/* `open` counts only at the beginning; the longest matching phrase has the say. */
static enum pk_tail
match_start(const struct pk_tails *tails, struct pk_span s)
{
	enum pk_tail found = PK_TAIL_NONE;
	struct pk_span rest;
	size_t longest = 0;

	for (const struct phrase *p = phrases_at(tails, s); p != NULL; p = p->next) {
		if (p->n_points <= longest || !begins_with(s, p, &rest))
			continue;
		bool prefix = (p->where & WHERE_PREFIX) != 0 && may_head(s, p);
		bool whole = (p->where & WHERE_LINE) != 0 && is_nothing(rest);
		if (prefix || whole) {
			found = p->says;
			longest = p->n_points;
		}
	}
	return found;
}

static enum pk_tail
match_end(const struct pk_tails *tails, struct pk_span s)
{
	struct pk_span rest;

	for (const struct phrase *p = phrases_at(tails, s); p != NULL; p = p->next) {
		if ((p->where & WHERE_END) != 0 && begins_with(s, p, &rest) &&
		    is_nothing(rest))
			return p->says;
	}
	return PK_TAIL_NONE;
}

static bool
is_number(struct pk_span s, size_t at)
{
	for (size_t end = after_word(s, at); at < end;) {
		uint32_t point;
		at += pk_utf8_decode(s, at, &point, NULL);
		point = pk_line_fold(point);
		if (point < '0' || point > '9')
			return false;
	}
	return true;
}

/* "5 min read": what stands behind a number is all of the line. */
static enum pk_tail
match_counted(const struct pk_tails *tails, struct pk_span line, size_t at)
{
	struct pk_span rest;

	at = word_at(line, at);
	if (at == line.len)
		return PK_TAIL_NONE;
	struct pk_span s = pk_span_slice(line, at, line.len);
	for (const struct phrase *p = phrases_at(tails, s); p != NULL; p = p->next) {
		if ((p->where & WHERE_LINE) != 0 && begins_with(s, p, &rest) &&
		    !pk_line_has_letter(rest))
			return p->says;
	}
	return PK_TAIL_NONE;
}

static enum pk_tail
match_any(const struct pk_tails *tails, struct pk_span line)
{
	struct pk_span rest;

	for (size_t at = word_at(line, 0); at < line.len;
	     at = word_at(line, after_word(line, at))) {
		struct pk_span s = pk_span_slice(line, at, line.len);
		for (const struct phrase *p = phrases_at(tails, s); p != NULL;
		     p = p->next) {
			if ((p->where & WHERE_ANY) != 0 && begins_with(s, p, &rest))
				return p->says;
		}
	}
	return PK_TAIL_NONE;
}

enum pk_tail
pk_tails_match(
    const struct pk_tails *tails, struct pk_span line, struct pk_span *ret_line)
{
	size_t at = word_at(line, 0);

	*ret_line = line;
	if (at == line.len)
		return PK_TAIL_NONE;
	enum pk_tail says = match_start(tails, pk_span_slice(line, at, line.len));
	if (says == PK_TAIL_NONE && is_number(line, at))
		says = match_counted(tails, line, after_word(line, at));
	if (says != PK_TAIL_NONE)
		return says;
	if (line.len <= ANY_LINE_MAX) {
		says = match_any(tails, line);
		if (says != PK_TAIL_NONE)
			return says;
	}
	at = line.len > END_MAX ? after_word(line, line.len - END_MAX) : 0;
	for (at = word_at(line, after_word(line, at)); at < line.len;
	     at = word_at(line, after_word(line, at))) {
		says = match_end(tails, pk_span_slice(line, at, line.len));
		if (says != PK_TAIL_NONE) {
			*ret_line = pk_line_trim(pk_span_slice(line, 0, at));
			return says == PK_TAIL_CUT ? says : PK_TAIL_NONE;
		}
	}
	return PK_TAIL_NONE;
}
