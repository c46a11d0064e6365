/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every row of cues.tsv and predicates.tsv that has a verb, in all the forms that a
 * reporter writes: they are made here from the stems of verbs.tsv, put into the row's
 * frame of forms_test.tsv, and told to the extractor as a text.
 */
#include "base/buf.h"
#include "extract/extract.h"
#include "extract/pack/tsv.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define DATA PEYK_SOURCE_DIR "/extract"
#define ZWNJ "\xe2\x80\x8c"

/* What a form says of the act. */
enum told { TOLD, DENIED, WISHED, AHEAD };

/* How the sentence is made. */
enum frame { PLAIN, WE, PLAN, TURNED };

/*
 * P and R are the past and the present stem, N and B what denies and the ب of the
 * subjunctive, each with its glide before a vowel.
 */
static const struct pattern {
	const char *name;
	const char *pattern;
	enum told told;
	enum frame frame;
} patterns[] = {
	{ "past", "P", TOLD, PLAIN },
	{ "past plural", "Pند", TOLD, PLAIN },
	{ "imperfect", "می" ZWNJ "P", TOLD, PLAIN },
	{ "imperfect plural", "می" ZWNJ "Pند", TOLD, PLAIN },
	{ "perfect", "Pه است", TOLD, PLAIN },
	{ "perfect plural", "Pه" ZWNJ "اند", TOLD, PLAIN },
	{ "participle", "Pه", TOLD, PLAIN },
	{ "pluperfect", "Pه بود", TOLD, PLAIN },
	{ "pluperfect plural", "Pه بودند", TOLD, PLAIN },
	{ "present", "می" ZWNJ "Rد", TOLD, PLAIN },
	{ "present plural", "می" ZWNJ "Rند", TOLD, PLAIN },
	{ "future", "خواهد P", AHEAD, PLAIN },
	{ "future plural", "خواهند P", AHEAD, PLAIN },
	{ "negative past", "NP", DENIED, PLAIN },
	{ "negative past plural", "NPند", DENIED, PLAIN },
	{ "negative imperfect", "نمی" ZWNJ "P", DENIED, PLAIN },
	{ "negative perfect", "NPه است", DENIED, PLAIN },
	{ "negative perfect plural", "NPه" ZWNJ "اند", DENIED, PLAIN },
	{ "negative pluperfect", "NPه بود", DENIED, PLAIN },
	{ "negative present", "نمی" ZWNJ "Rد", DENIED, PLAIN },
	{ "negative future", "نخواهد P", DENIED, PLAIN },
	{ "we past", "Pیم", TOLD, WE },
	{ "we perfect", "Pه" ZWNJ "ایم", TOLD, WE },
	{ "we present", "می" ZWNJ "Rیم", TOLD, WE },
	{ "we future", "خواهیم P", AHEAD, WE },
	{ "we negative present", "نمی" ZWNJ "Rیم", DENIED, WE },
	{ "we negative perfect", "NPه" ZWNJ "ایم", DENIED, WE },
	{ "we negative future", "نخواهیم P", DENIED, WE },
	{ "subjunctive", "BRد", WISHED, PLAN },
	{ "subjunctive plural", "BRند", WISHED, PLAN },
};

/* To be is no verb like others. */
static const struct pattern to_be[] = {
	{ "past", "بود", TOLD, PLAIN },
	{ "past plural", "بودند", TOLD, PLAIN },
	{ "perfect", "بوده است", TOLD, PLAIN },
	{ "present", "است", TOLD, PLAIN },
	{ "present plural", "هستند", TOLD, PLAIN },
	{ "present in full", "می" ZWNJ "باشد", TOLD, PLAIN },
	{ "future", "خواهد بود", AHEAD, PLAIN },
	{ "negative past", "نبود", DENIED, PLAIN },
	{ "negative present", "نیست", DENIED, PLAIN },
	{ "negative present plural", "نیستند", DENIED, PLAIN },
	{ "negative present in full", "نمی" ZWNJ "باشد", DENIED, PLAIN },
	{ "negative perfect", "نبوده است", DENIED, PLAIN },
	{ "we present", "هستیم", TOLD, WE },
	{ "we negative present", "نیستیم", DENIED, WE },
	{ "subjunctive", "باشد", WISHED, PLAN },
};

/* Turned round: forms of شدن, behind a participle or a noun. */
static const struct pattern turned[] = {
	{ "passive past", "شد", TOLD, TURNED },
	{ "passive past with another verb", "گردید", TOLD, TURNED },
	{ "passive plural", "شدند", TOLD, TURNED },
	{ "passive perfect", "شده است", TOLD, TURNED },
	{ "passive pluperfect", "شده بود", TOLD, TURNED },
	{ "passive present", "می" ZWNJ "شود", TOLD, TURNED },
	{ "passive future", "خواهد شد", AHEAD, TURNED },
	{ "passive negative past", "نشد", DENIED, TURNED },
	{ "passive negative perfect", "نشده است", DENIED, TURNED },
	{ "passive negative present", "نمی" ZWNJ "شود", DENIED, TURNED },
};

/* Who may be the subject that a frame begins with. */
static const char *const subjects[] = { "نروژ", "غنا", "توگو", "کنیا", "اوگاندا",
	"تانزانیا", "زامبیا", "مراکش", "تونس", "اردن", "عمان", "قبرس", "نپال", "ژاپن",
	"مالزی", "ویتنام", "مغولستان", "شیلی", "بولیوی", "پاناما", "اکوادور", "ایسلند",
	"فنلاند", "استونی", "لتونی", "بلژیک", "اتریش", "کرواسی", "اسلواکی",
	"مجارستان" };

/* Between the noun and its verb. */
static const char *const gaps[] = { "هم ", "نیز ", "خود را ", "رسماً ", "به شدت ",
	"تازه" ZWNJ "ای ", "تندی ", "بار دیگر " };
/* Behind the noun. */
static const char *const endings[] = { "ها", ZWNJ "ها", ZWNJ "هایی", "ی" };

struct fixture {
	struct pk_arena *arena;
	struct pk_extractor *extractor;
	struct pk_tsv frames;
	struct pk_tsv verbs;
	size_t tried;
	size_t wrong;
};

/* A row of one of the tables, with its frame. */
struct row {
	const struct pk_tsv *table;
	const struct pk_tsv_row *row;
	struct pk_span id;
	struct pk_span nouns; /* "" where the frame has it */
	struct pk_span verbs;
	struct pk_span frame;
	struct pk_span passive;
	struct pk_span not_tried;
	bool cue;
};

/* One sentence to try. */
struct sentence {
	const struct row *row;
	struct pk_span noun;
	const char *between; /* ending or gap */
	const char *verb;
	const char *name;
	enum told told;
	enum frame frame;
	bool once; /* in one writing only */
};

static int
set_up(void **state)
{
	static struct fixture f;
	struct pk_diag diag;

	f.arena = pk_arena_new(1 << 26);
	*state = &f;
	return f.arena == NULL ||
		       pk_tsv_read(f.arena, f.arena, DATA "/lang/fa/forms_test.tsv",
			   &f.frames, &diag) < 0 ||
		       pk_tsv_read(f.arena, f.arena, DATA "/lang/fa/verbs.tsv",
			   &f.verbs, &diag) < 0
		   ? -1
		   : pk_extractor_new(DATA, NULL, &f.extractor, &diag);
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	pk_extractor_unref(f->extractor);
	pk_arena_free(f->arena);
	return 0;
}

static struct pk_span
cell(const struct pk_tsv *table, const struct pk_tsv_row *row, const char *column)
{
	return pk_tsv_cell(table, row, pk_span_of(column));
}

static bool
lists(struct pk_span words, const char *word)
{
	while (words.ptr != NULL && words.len > 0) {
		if (pk_span_eq(pk_span_split(&words, ' '), pk_span_of(word)))
			return true;
	}
	return false;
}

static bool
has_flag(const struct row *row, const char *flag)
{
	return lists(cell(row->table, row->row, "flags"), flag);
}

/* The last of the alternatives: «گوی» of «گو|گوی», which takes every ending. */
static struct pk_span
last_of(struct pk_span cell_)
{
	struct pk_span last = { NULL, 0 };

	while (cell_.ptr != NULL && cell_.len > 0)
		last = pk_span_split(&cell_, '|');
	return last;
}

/* ن or ب before a stem: «نیامد», «نیفزود», «بگوید». */
static void
put_prefixed(struct pk_buf *out, const char *prefix, struct pk_span stem)
{
	static const struct pk_span alef = PK_SPAN("ا"), madd = PK_SPAN("آ"),
				    long_i = PK_SPAN("ای");

	pk_buf_append(out, pk_span_of(prefix));
	if (pk_span_starts_with(stem, madd)) {
		pk_buf_append(out, PK_SPAN("یا"));
		stem = pk_span_slice(stem, madd.len, stem.len);
	} else if (pk_span_starts_with(stem, alef) &&
		   !pk_span_starts_with(stem, long_i)) {
		pk_buf_append(out, PK_SPAN("ی"));
		stem = pk_span_slice(stem, alef.len, stem.len);
	}
	pk_buf_append(out, stem);
}

static const char *
conjugate(struct fixture *f, const char *pattern, struct pk_span preverb,
    struct pk_span past, struct pk_span present)
{
	struct pk_buf out;
	const char *made;

	pk_buf_init(&out, 0);
	pk_buf_append(&out, preverb);
	if (preverb.len > 0)
		pk_buf_append(&out, PK_SPAN(" "));
	for (const char *c = pattern; *c != '\0'; c++) {
		if (*c == 'N' || *c == 'B')
			put_prefixed(
			    &out, *c == 'N' ? "ن" : "ب", c[1] == 'P' ? past : present);
		else if (*c == 'P' || *c == 'R')
			pk_buf_append(&out, *c == 'P' ? past : present);
		else
			pk_buf_append(&out, (struct pk_span){ c, 1 });
		c += *c == 'N' || *c == 'B';
	}
	made = pk_arena_copy(f->arena, (struct pk_span){ out.ptr, out.len }).ptr;
	pk_buf_done(&out);
	assert_non_null(made);
	return made;
}

/* Puts `with` in the place of the first `what`. */
static struct pk_span
replace(struct fixture *f, struct pk_span text, const char *what, struct pk_span with)
{
	struct pk_span w = pk_span_of(what);
	size_t at = pk_span_find(text, w, 0);

	return at == SIZE_MAX
		   ? text
		   : pk_arena_printf(f->arena, "%.*s%.*s%.*s",
			 PK_SPAN_ARG(pk_span_slice(text, 0, at)), PK_SPAN_ARG(with),
			 PK_SPAN_ARG(pk_span_slice(text, at + w.len, text.len)));
}

static struct pk_span
replace_all(struct fixture *f, struct pk_span text, const char *what, const char *with)
{
	while (pk_span_find(text, pk_span_of(what), 0) != SIZE_MAX)
		text = replace(f, text, what, pk_span_of(with));
	return text;
}

/* The first subject in a text, and where it ends; there is one in every frame. */
static struct pk_span
subject_of(struct pk_span text, size_t *end)
{
	struct pk_span subject = { NULL, 0 };
	size_t first = SIZE_MAX;

	for (size_t i = 0; i < PK_COUNT(subjects); i++) {
		struct pk_span one = pk_span_of(subjects[i]);
		size_t at = pk_span_find(text, one, 0);

		if (at < first) {
			first = at;
			subject = one;
		}
	}
	assert_true(first < SIZE_MAX);
	*end = first + subject.len;
	return subject;
}

/* The text of a sentence, as it is usually written. */
static struct pk_span
write_sentence(struct fixture *f, const struct sentence *s)
{
	const struct row *row = s->row;
	struct pk_span text = s->frame == TURNED ? row->passive : row->frame;
	struct pk_span phrase = pk_arena_printf(f->arena, "%.*s%s%s%s",
	    PK_SPAN_ARG(s->noun), s->between, s->noun.len > 0 ? " " : "", s->verb);
	size_t end;

	if (pk_span_ends_with(pk_span_of(s->between), PK_SPAN(" ")))
		phrase = pk_arena_printf(
		    f->arena, "%.*s %s%s", PK_SPAN_ARG(s->noun), s->between, s->verb);
	text = replace(f, text, "*", phrase);
	if (s->frame == PLAN && lists(row->not_tried, "first"))
		text = pk_arena_printf(f->arena, "قرار است %.*s", PK_SPAN_ARG(text));
	else if (s->frame == PLAN) {
		subject_of(text, &end);
		text = pk_arena_printf(f->arena, "%.*s قرار است%.*s",
		    PK_SPAN_ARG(pk_span_slice(text, 0, end)),
		    PK_SPAN_ARG(pk_span_slice(text, end, text.len)));
	}
	if (s->frame == WE) { /* «ما» for the subject */
		struct pk_span subject = subject_of(text, &end);

		text = pk_arena_printf(f->arena, "وزیر خارجه %.*s گفت: ما%.*s",
		    PK_SPAN_ARG(subject),
		    PK_SPAN_ARG(pk_span_slice(text, end, text.len)));
	}
	return text;
}

/* Is there an event of the row's type (a statement of its class), and with this sign?
 */
static bool
is_of_row(const struct row *row, const struct pk_event *e)
{
	struct pk_span class = cell(row->table, row->row, "class");

	if (row->cue)
		return e->type == PK_EVENT_STATE &&
		       e->statement.class == pk_cue_class_of(class) && e->n_actors == 1;
	return e->type == pk_event_type_of(cell(row->table, row->row, "type")) &&
	       (e->type != PK_EVENT_STATE || pk_span_eq(e->rule, row->id));
}

/*
 * What must come of it: an event, a denied event, or none. Speech that is denied,
 * wished or to come has not been heard.
 */
enum want { WANT_NONE, WANT_EVENT, WANT_DENIED };

static enum want
want_of(const struct sentence *s)
{
	static const char *const undeniable[] = { "positive", "ready", "declared",
		"condition", "letter" };
	bool lexical = has_flag(s->row, "negative"); /* «نپذیرفت» is the act */

	if (s->row->cue)
		return s->told == TOLD ? WANT_EVENT : WANT_NONE;
	if (lexical)
		return s->told == DENIED ? WANT_EVENT : WANT_NONE;
	if (s->told != DENIED)
		return WANT_EVENT;
	for (size_t i = 0; i < PK_COUNT(undeniable); i++) {
		if (has_flag(s->row, undeniable[i]))
			return WANT_NONE;
	}
	return WANT_DENIED;
}

static enum want
extract(const struct fixture *f, const struct row *row, struct pk_span text)
{
	pk_cleanup(pk_doc_freep) struct pk_doc *doc =
	    pk_doc_new(PK_DOC_TEXT, (size_t)1 << 26);
	enum want got = WANT_NONE;
	struct pk_extraction x;

	assert_non_null(doc);
	doc->bytes = text;
	doc->lang = PK_SPAN("fa");
	doc->entry_published = PK_SPAN("2024-05-01");
	doc->publisher = (struct pk_publisher){ .native = PK_SPAN("پیک"),
		.country = PK_SPAN("IRN") };
	assert_int_equal(pk_extract(f->extractor, doc, &x), 0);
	for (size_t i = 0; i < x.n_events; i++) {
		if (is_of_row(row, &x.events[i]))
			got = x.events[i].modality.negative ? WANT_DENIED : WANT_EVENT;
	}
	return got;
}

static void
try_text(struct fixture *f, const struct sentence *s, struct pk_span text)
{
	static const char *const says[] = { "nothing", "an event", "a denied event" };
	enum want want = want_of(s), got = extract(f, s->row, text);

	f->tried++;
	if (got == want)
		return;
	f->wrong++;
	print_error("%.*s, %s: want %s, got %s: %.*s\n", PK_SPAN_ARG(s->row->id),
	    s->name, says[want], says[got], PK_SPAN_ARG(text));
}

/* With half spaces, with spaces, glued, and in Arabic letters. */
static void
try_sentence(struct fixture *f, const struct sentence *s)
{
	struct pk_span text = write_sentence(f, s);

	try_text(f, s, text);
	if (s->once)
		return;
	if (pk_span_find(text, PK_SPAN(ZWNJ), 0) != SIZE_MAX) {
		try_text(f, s, replace_all(f, text, ZWNJ, " "));
		try_text(f, s, replace_all(f, text, ZWNJ, ""));
	}
	if (s->told == TOLD)
		try_text(
		    f, s, replace_all(f, replace_all(f, text, "ی", "ي"), "ک", "ك"));
}

/* Of what was, by the past stem; the future has it, too. */
static bool
is_past(const struct pattern *p)
{
	return strchr(p->pattern, 'P') != NULL && strstr(p->pattern, "خواه") == NULL;
}

static bool
is_excepted(const struct row *row, const struct pattern *p)
{
	if (row->cue && (p->frame == WE || p->frame == PLAN))
		return true; /* what «ما» say is their own speech */
	if ((p->frame == WE && lists(row->not_tried, "first")) ||
	    (p->told == TOLD && lists(row->not_tried, "told")) ||
	    (is_past(p) && lists(row->not_tried, "past")) ||
	    (p->frame == PLAN && lists(row->not_tried, "planned")) ||
	    (p->told == DENIED && lists(row->not_tried, "negative")))
		return true;
	return strcmp(p->name, "participle") == 0 &&
	       lists(row->not_tried, "participle");
}

static const struct pk_tsv_row *
find_row(const struct pk_tsv *table, const char *column, struct pk_span key)
{
	for (size_t i = 0; i < table->n_rows; i++) {
		if (pk_span_eq(cell(table, &table->rows[i], column), key))
			return &table->rows[i];
	}
	return NULL;
}

/* All forms of one verb of the row, with one of its nouns. */
static void
try_conjugation(struct fixture *f, const struct row *row, struct pk_span noun,
    struct pk_span id, bool once)
{
	const struct pk_tsv_row *verb = find_row(&f->verbs, "id", id);
	bool is_to_be = pk_span_eq(id, PK_SPAN("bud"));
	size_t n = is_to_be ? PK_COUNT(to_be) : PK_COUNT(patterns);

	assert_non_null(verb);
	for (size_t i = 0; i < n; i++) {
		const struct pattern *p = is_to_be ? &to_be[i] : &patterns[i];
		struct pk_span pasts = cell(&f->verbs, verb, "past");
		struct sentence s = { row, noun, "", NULL, p->name, p->told, p->frame,
			once };

		if (is_excepted(row, p))
			continue;
		s.verb = conjugate(f, p->pattern, cell(&f->verbs, verb, "preverb"),
		    pk_span_split(&pasts, '|'),
		    last_of(cell(&f->verbs, verb, "present")));
		try_sentence(f, &s);
	}
}

/* «قطع شد» of «قطع کرد», «پذیرفته شد», «هدف قرار گرفت». */
static void
try_passive(
    struct fixture *f, const struct row *row, struct pk_span noun, struct pk_span id)
{
	const struct pk_tsv_row *verb = find_row(&f->verbs, "id", id);
	bool light =
	    lists(PK_SPAN("kard nemud sakht"), pk_arena_copy(f->arena, id).ptr);
	struct pk_span past = cell(&f->verbs, verb, "past");
	struct pk_span one = pk_span_split(&past, '|');

	if (lists(PK_SPAN("shod resid yaft gardid"), pk_arena_copy(f->arena, id).ptr))
		return;
	for (size_t i = 0; i < PK_COUNT(turned); i++) {
		const struct pattern *p = &turned[i];
		struct sentence s = { row, noun, "", p->pattern, p->name, p->told,
			p->frame, false };

		if (!light)
			s.verb = pk_arena_printf(f->arena, "%.*s%.*sه %s",
			    PK_SPAN_ARG(cell(&f->verbs, verb, "preverb")),
			    PK_SPAN_ARG(one), p->pattern)
				     .ptr;
		if (!is_excepted(row, p))
			try_sentence(f, &s);
	}
}

/* The past of a verb, or its future where the row is of that alone, with what may stand
 * at its noun and before it. */
static void
try_noun(struct fixture *f, const struct row *row, struct pk_span noun,
    struct pk_span id, bool gap)
{
	const struct pk_tsv_row *verb = find_row(&f->verbs, "id", id);
	struct sentence s = { row, noun, "", NULL, "noun", TOLD, PLAIN, false };
	bool denied = has_flag(row, "negative"), ahead = lists(row->not_tried, "past");
	struct pk_span past = cell(&f->verbs, verb, "past");

	s.told = denied ? DENIED : ahead ? AHEAD : TOLD;
	s.verb = conjugate(f,
	    denied  ? "NP"
	    : ahead ? "خواهد P"
		    : "P",
	    cell(&f->verbs, verb, "preverb"), pk_span_split(&past, '|'),
	    (struct pk_span){ NULL, 0 });
	try_sentence(f, &s);
	s.name = "gap";
	for (size_t i = 0; gap && i < PK_COUNT(gaps); i++) {
		s.between = gaps[i];
		try_sentence(f, &s);
	}
	s.name = "ending";
	for (size_t i = 0; gap && i < PK_COUNT(endings); i++) {
		s.between = endings[i];
		try_sentence(f, &s);
	}
}

static void
try_row(struct fixture *f, const struct row *row)
{
	struct pk_span nouns = row->nouns, verbs = row->verbs;
	struct pk_span noun = pk_span_split(&nouns, '|');
	struct pk_span id = pk_span_split(&verbs, ' ');

	try_conjugation(f, row, noun, id, false);
	if (row->passive.len > 0)
		try_passive(f, row, noun, id);
	if (noun.len > 0)
		try_noun(f, row, noun, id,
		    !lists(row->not_tried, "gap") && !has_flag(row, "medium"));
	while (nouns.ptr != NULL && nouns.len > 0)
		try_noun(f, row, pk_span_split(&nouns, '|'), id, false);
	while (verbs.ptr != NULL && verbs.len > 0)
		try_conjugation(f, row, noun, pk_span_split(&verbs, ' '), true);
}

/* A row of cues.tsv and one of predicates.tsv may have the same id. */
static const struct pk_tsv_row *
find_frame(const struct fixture *f, bool cue, struct pk_span id)
{
	for (size_t i = 0; i < f->frames.n_rows; i++) {
		const struct pk_tsv_row *row = &f->frames.rows[i];

		if (pk_span_eq(cell(&f->frames, row, "rule"), id) &&
		    pk_span_eq(cell(&f->frames, row, "table"),
			cue ? PK_SPAN("cues") : PK_SPAN("predicates")))
			return row;
	}
	return NULL;
}

static void
try_table(struct fixture *f, const char *path, bool cues)
{
	struct pk_tsv table;
	struct pk_diag diag;

	assert_int_equal(pk_tsv_read(f->arena, f->arena, path, &table, &diag), 0);
	for (size_t i = 0; i < table.n_rows; i++) {
		struct row row = { .table = &table,
			.row = &table.rows[i],
			.id = cell(&table, &table.rows[i], "id"),
			.nouns = cell(&table, &table.rows[i], "nv"),
			.verbs = cell(&table, &table.rows[i], "lv"),
			.cue = cues };
		const struct pk_tsv_row *frame = find_frame(f, cues, row.id);

		if (row.verbs.len == 0)
			continue;
		if (frame == NULL && !cues)
			fail_msg(
			    "%.*s has no frame in forms_test.tsv", PK_SPAN_ARG(row.id));
		if (frame != NULL) {
			row.frame = cell(&f->frames, frame, "frame");
			row.passive = cell(&f->frames, frame, "passive");
			row.not_tried = cell(&f->frames, frame, "not");
		} else {
			row.frame = PK_SPAN("وزیر خارجه نروژ * که برف می بارد.");
			if (lists(row.verbs, "kard"))
				row.passive =
				    PK_SPAN("از سوی وزیر خارجه نروژ * که برف می بارد.");
		}
		/* a verb far from its noun has the noun in its frame */
		if (lists(row.not_tried, "noun") ||
		    pk_span_eq(cell(&table, row.row, "form"), PK_SPAN("w")))
			row.nouns = (struct pk_span){ "", 0 };
		try_row(f, &row);
	}
}

/* «تأکید که برف می‌بارد»: the verb left out. */
static void
strong_cues_hold_without_their_verb(void **state)
{
	struct fixture *f = *state;
	struct pk_tsv table;
	struct pk_diag diag;

	f->wrong = 0;
	assert_int_equal(
	    pk_tsv_read(f->arena, f->arena, DATA "/lang/fa/cues.tsv", &table, &diag),
	    0);
	for (size_t i = 0; i < table.n_rows; i++) {
		struct row row = { .table = &table,
			.row = &table.rows[i],
			.id = cell(&table, &table.rows[i], "id"),
			.frame = PK_SPAN("وزیر خارجه نروژ * که برف می بارد."),
			.cue = true };
		struct pk_span nouns = cell(&table, row.row, "nv");
		struct sentence s = { &row, { NULL, 0 }, "", "", "no verb", TOLD, PLAIN,
			false };

		while (has_flag(&row, "strong") && nouns.ptr != NULL && nouns.len > 0) {
			s.noun = pk_span_split(&nouns, '|');
			try_sentence(f, &s);
		}
	}
	assert_int_equal(f->wrong, 0);
}

static void
cues_are_heard_in_all_forms(void **state)
{
	struct fixture *f = *state;

	f->wrong = 0;
	try_table(f, DATA "/lang/fa/cues.tsv", true);
	assert_int_equal(f->wrong, 0);
}

static void
acts_are_found_in_all_forms(void **state)
{
	struct fixture *f = *state;

	f->wrong = 0;
	try_table(f, DATA "/lang/fa/predicates.tsv", false);
	print_message("%zu sentences\n", f->tried);
	assert_int_equal(f->wrong, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strong_cues_hold_without_their_verb),
		cmocka_unit_test(cues_are_heard_in_all_forms),
		cmocka_unit_test(acts_are_found_in_all_forms),
	};

	return cmocka_run_group_tests_name(
	    "extract/events/forms", tests, set_up, tear_down);
}
