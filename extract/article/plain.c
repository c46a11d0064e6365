/* SPDX-License-Identifier: Apache-2.0 */
/* The article in a plain text: its heading, its body, the end of its body. */
#include "base/url.h"
#include "base/utf8.h"
#include "extract/article/body.h"
#include "extract/article/line.h"
#include "extract/article/source.h"
#include "extract/article/tails.h"

#include <errno.h>

/* Lengths in code points. */
#define TITLE_MAX       200 /* a title that is said again */
#define TITLE_APART_MAX 160 /* one that a blank line follows */
#define TITLE_CLOSE_MAX 120 /* one that its article follows at once */
#define KICKER_MAX      80
#define KICKER_BARE_MAX 40 /* one that no sign marks */
#define HEADING_MAX     100
#define PARAGRAPH_MIN   60 /* what follows a title is at least so long */
#define POINTER_MAX     20 /* «بیشتر بخوانید:», with what to read in the next lines */

/* How far below a title its repeat may stand: lines. */
#define REPEAT_WITHIN 6

struct line {
	struct pk_span text; /* trimmed, not empty */
	size_t points;
	bool apart; /* an empty line follows, or the end */
	enum pk_tail tail;
};

struct lines {
	struct line *items;
	size_t len;
	size_t cap;
};

/* Numbers below the text are the site's: codes of desks and of articles. */
static void
drop_numbers(struct lines *lines)
{
	size_t end = 0;

	while (end < lines->len && lines->items[end].tail != PK_TAIL_CUT)
		end++;
	for (; end > 1; end--) {
		struct line *line = &lines->items[end - 1];

		if (line->tail != PK_TAIL_DROP && pk_line_has_letter(line->text))
			return;
		line->tail = PK_TAIL_DROP;
	}
}

static int
read_lines(struct pk_arena *arena, const struct pk_tails *tails, struct pk_span text,
    struct lines *ret_lines)
{
	struct lines lines = { 0 };

	while (text.ptr != NULL) {
		struct pk_span s = pk_line_trim(pk_span_split(&text, '\n'));
		if (s.len == 0) {
			if (lines.len > 0)
				lines.items[lines.len - 1].apart = true;
			continue;
		}
		struct line *line = pk_array_push(arena, &lines);
		if (line == NULL)
			return -ENOMEM;
		line->tail = pk_tails_match(tails, s, &line->text);
		line->points = pk_utf8_count(line->text);
	}
	drop_numbers(&lines);
	if (lines.len > 0)
		lines.items[lines.len - 1].apart = true;
	*ret_lines = lines;
	return 0;
}

static bool
is_repeated(const struct lines *lines, size_t at)
{
	for (size_t i = at + 1; i < lines->len && i <= at + REPEAT_WITHIN; i++) {
		if (pk_line_same(lines->items[i].text, lines->items[at].text))
			return true;
	}
	return false;
}

/* Does the line stand over what follows it, as a headline does? */
static bool
is_headline(const struct lines *lines, size_t at)
{
	const struct line *line = &lines->items[at];

	if (line->tail != PK_TAIL_NONE || at + 1 >= lines->len)
		return false;
	if (line->points <= TITLE_MAX && is_repeated(lines, at))
		return true;
	if (pk_line_last(line->text) == '.')
		return false;
	if (line->apart)
		return line->points <= TITLE_APART_MAX;
	const struct line *next = &lines->items[at + 1];
	return line->points <= TITLE_CLOSE_MAX && next->points >= PARAGRAPH_MIN &&
	       (next->points > line->points || pk_line_ends_sentence(next->text));
}

/*
 * A short line with a title below: it ends open («وزیر خارجه نروژ:»), or both together
 * stand apart from the rest.
 */
static bool
is_kicker(const struct lines *lines, size_t at)
{
	const struct line *line = &lines->items[at];
	uint32_t last = pk_line_last(line->text);

	if (line->points > KICKER_MAX || line->tail != PK_TAIL_NONE ||
	    at + 1 >= lines->len || !is_headline(lines, at + 1))
		return false;
	if (last == ':' || last == ';' || last == 0x61B)
		return true;
	return line->points <= KICKER_BARE_MAX && !line->apart &&
	       !pk_line_ends_sentence(line->text) && lines->items[at + 1].apart &&
	       at + 2 < lines->len;
}

/* Two lines that each stand apart over a text: the upper one is the kicker. */
static bool
is_apart_kicker(const struct lines *lines)
{
	const struct line *line = lines->items;

	return lines->len > 2 && is_headline(lines, 0) && is_headline(lines, 1) &&
	       !is_repeated(lines, 0) && line[0].apart && line[1].apart &&
	       line[0].points <= KICKER_MAX && !pk_line_ends_sentence(line[1].text) &&
	       line[2].points > line[1].points && pk_line_ends_sentence(line[2].text);
}

/* Takes kicker and title off the top. Returns the number of the first line below. */
static size_t
take_heading(const struct lines *lines, struct pk_article *article)
{
	size_t at = 0;

	if (lines->len == 0)
		return 0;
	if (is_kicker(lines, 0) || is_apart_kicker(lines))
		article->kicker = lines->items[at++].text;
	if (at > 0 || is_headline(lines, at))
		article->title = lines->items[at++].text;
	return at;
}

/*
 * A line that opens a report and breaks off goes on in the next one: «به گزارش سرویس
 * بین‌الملل» - «خبرگزاری ...».
 */
static bool
is_broken(const struct line *line)
{
	return line->tail == PK_TAIL_OPEN && !line->apart &&
	       line->points <= HEADING_MAX && !pk_line_ends_sentence(line->text) &&
	       pk_line_marks(line->text) == 0;
}

static bool
is_subheading(const struct lines *lines, size_t at)
{
	const struct line *line = &lines->items[at];

	return line->tail == PK_TAIL_NONE && line->points <= HEADING_MAX &&
	       !pk_line_ends_sentence(line->text) && at + 1 < lines->len &&
	       lines->items[at + 1].points > line->points &&
	       pk_line_last(line->text) != ':' && pk_line_last(line->text) != 0x60C;
}

static bool
repeats_heading(const struct pk_article *article, struct pk_span line)
{
	return pk_line_same(line, article->title) ||
	       pk_line_same(line, article->kicker);
}

/* What the loop over the lines remembers. */
struct reading {
	bool broken;   /* the last line goes on in the next one */
	bool begun;    /* there was a paragraph: a tail may end the article */
	bool pointing; /* below a pointer: titles of other articles follow */
};

static bool
belongs(
    const struct line *line, const struct pk_article *article, struct reading *reading)
{
	bool title = line->points <= HEADING_MAX && pk_line_last(line->text) != '.';

	if (line->tail == PK_TAIL_DROP) {
		reading->pointing = line->points <= POINTER_MAX;
		return false;
	}
	reading->pointing = reading->pointing && title;
	if (line->text.len == 0 || reading->pointing)
		return false;
	/* A tail phrase that closes a paragraph was cut off it already. */
	if (line->tail == PK_TAIL_CUT && line->points < PARAGRAPH_MIN)
		return false;
	return !repeats_heading(article, line->text);
}

static int
add_lines(const struct lines *lines, size_t at, const struct pk_article *article,
    struct pk_body *body)
{
	struct reading reading = { .begun = false };
	int r = 0;

	for (; at < lines->len && r == 0; at++) {
		const struct line *line = &lines->items[at];
		if (belongs(line, article, &reading)) {
			enum pk_paragraph_kind kind = is_subheading(lines, at)
							  ? PK_PARAGRAPH_HEADING
							  : PK_PARAGRAPH_P;
			r = reading.broken ? pk_body_continue(body, line->text)
					   : pk_body_add(body, kind, line->text);
			reading.broken = is_broken(line);
			reading.begun |= line->points >= PARAGRAPH_MIN;
		}
		if (line->tail == PK_TAIL_CUT && reading.begun)
			break;
	}
	return r;
}

/* The first paragraph is a lead when the report proper opens below it. */
static void
find_lead(const struct lines *lines, size_t at, struct pk_article *article)
{
	if (article->title.len > 0 && at + 1 < lines->len &&
	    lines->items[at].tail == PK_TAIL_NONE &&
	    pk_line_ends_sentence(lines->items[at].text) &&
	    lines->items[at + 1].tail == PK_TAIL_OPEN)
		article->lead = lines->items[at].text;
}

int
pk_article_of_text(struct pk_doc *doc, const struct pk_tails *tails,
    struct pk_article *ret_article, const char **ret_reason)
{
	struct pk_article article = { .method = "lines" };
	struct lines lines;
	struct pk_body body = { .len = 0 };
	struct pk_span text = { NULL, 0 };

	int r = pk_source_text(doc, PK_CHARSET_LABEL_NONE, &text, ret_reason);
	if (r < 0 || *ret_reason != NULL)
		return r;
	r = read_lines(doc->arena, tails, text, &lines);
	if (r == 0)
		r = pk_body_init(&body, doc->arena, text.len);
	if (r < 0)
		return r;
	size_t at = take_heading(&lines, &article);
	if (article.title.len > 0)
		r = pk_article_note(doc->arena, &article, "title", "first line");
	if (r == 0)
		r = add_lines(&lines, at, &article, &body);
	if (r < 0)
		return r;
	find_lead(&lines, at, &article);
	if (body.len == 0) {
		*ret_reason = "no text";
		return 0;
	}
	article.confidence = article.title.len > 0 ? 0.9 : 0.7;
	if (doc->url.len > 0 &&
	    pk_url_canonical(doc->arena, doc->url, &article.canonical_url) == -ENOMEM)
		return -ENOMEM;
	r = pk_body_finish(&body, doc, &article);
	if (r == 0)
		*ret_article = article;
	return r;
}
