/* SPDX-License-Identifier: Apache-2.0 */
/*
 * peyk-rules: every rule of a language holds where it should and nowhere else. Only the
 * build runs it, with the pack that it has just made.
 *
 * rules_test.tsv has sentences for rules: `yes`, of which the rule must make something,
 * and `no`, of which it must not. What it makes is what a reader sees:
 *
 *	cues, predicates   an event whose rule it is; of an anaphor («این دیدار») an
 *event that is told there, too modality           an event of its status, or no act,
 *where there is one without its words; both sentences have them openers            an
 *agency or an outlet as a source, two for the kind "via"; both sentences have its words
 *
 * A rule without a sentence of either kind is a mistake, too.
 */
#include "base/utf8.h"
#include "extract/extract.h"
#include "extract/pack/tsv.h"
#include "extract/text/fold.h"

#include <errno.h>
#include <stdio.h>

static const char *const table_names[] = { "cues", "predicates", "modality", "openers",
	"modes" };
enum table { CUES, PREDICATES, MODALITY, OPENERS, MODES, TABLES };

struct prover {
	struct pk_arena *arena;
	struct pk_extractor *extractor;
	struct pk_span language;
	struct pk_tsv tables[PK_COUNT(table_names)];
	struct pk_tsv sentences;
	size_t wrong;
};

struct rule {
	enum table table;
	const struct pk_tsv_row *row;
	struct pk_span id;
};

static struct pk_span
cell(const struct pk_tsv *table, const struct pk_tsv_row *row, const char *column)
{
	return pk_tsv_cell(table, row, pk_span_of(column));
}

static struct pk_span
rule_cell(const struct prover *p, const struct rule *rule, const char *column)
{
	return cell(&p->tables[rule->table], rule->row, column);
}

static bool
find_rule(const struct prover *p, struct pk_span id, struct rule *ret_rule)
{
	for (enum table t = CUES; t < TABLES; t++) {
		for (size_t i = 0; i < p->tables[t].n_rows; i++) {
			const struct pk_tsv_row *row = &p->tables[t].rows[i];

			if (!pk_span_eq(cell(&p->tables[t], row, "id"), id))
				continue;
			*ret_rule = (struct rule){ t, row, id };
			return true;
		}
	}
	return false;
}

static struct pk_span
words_of(const struct prover *p, const struct rule *rule)
{
	return rule_cell(p, rule, rule->table >= MODALITY ? "fa" : "nv");
}

/* Does the text have words of the rule? As they are written, or but for blanks. */
static bool
has_words(const struct prover *p, const struct rule *rule, struct pk_span text)
{
	struct pk_span words = words_of(p, rule);
	struct pk_span key = pk_fold_key(p->arena, text);

	while (words.ptr != NULL && words.len > 0) {
		struct pk_span one = pk_span_split(&words, '|');
		struct pk_span folded = pk_fold_key(p->arena, one);

		if (pk_span_find(text, one, 0) != SIZE_MAX ||
		    (folded.len > 0 && pk_span_find(key, folded, 0) != SIZE_MAX))
			return true;
	}
	return false;
}

/* Makes the events of a text. Gives the document that they live in, or NULL. */
static struct pk_doc *
extract(const struct prover *p, struct pk_span text, struct pk_extraction *ret)
{
	pk_cleanup(pk_doc_freep) struct pk_doc *doc =
	    pk_doc_new(PK_DOC_TEXT, (size_t)1 << 26);

	if (doc == NULL)
		return NULL;
	doc->bytes = text;
	doc->lang = p->language;
	doc->entry_published = PK_SPAN("2024-05-01");
	doc->publisher = (struct pk_publisher){ .native = PK_SPAN("پیک"),
		.country = PK_SPAN("IRN") };
	return pk_extract(p->extractor, doc, ret) == 0 ? pk_steal(&doc) : NULL;
}

static bool
shows_mood(
    const struct prover *p, const struct rule *rule, const struct pk_modality *mood)
{
	enum pk_status status = pk_status_of(rule_cell(p, rule, "status"));

	if ((mood->status & 1u << status) == 0)
		return false;
	for (size_t i = 0; i < mood->n_cues; i++) {
		if (has_words(p, rule, mood->cues[i].text))
			return true;
	}
	return mood->n_cues == 0;
}

static bool
has_act(const struct pk_extraction *x)
{
	for (size_t i = 0; i < x->n_events; i++) {
		if (x->events[i].type != PK_EVENT_STATE)
			return true;
	}
	return false;
}

/* The text without the words of the rule. */
static struct pk_span
without_words(const struct prover *p, const struct rule *rule, struct pk_span text)
{
	struct pk_span words = words_of(p, rule);

	while (words.ptr != NULL && words.len > 0) {
		struct pk_span one = pk_span_split(&words, '|');
		size_t at = pk_span_find(text, one, 0);

		if (at != SIZE_MAX)
			text = pk_arena_printf(p->arena, "%.*s%.*s",
			    PK_SPAN_ARG(pk_span_slice(text, 0, at)),
			    PK_SPAN_ARG(pk_span_slice(text, at + one.len, text.len)));
	}
	return text;
}

/* Is there no act for the rule's words alone: «شاید», «اگر», «باید»? */
static bool
silences(const struct prover *p, const struct rule *rule, struct pk_span text,
    const struct pk_extraction *with)
{
	struct pk_extraction x;
	pk_cleanup(pk_doc_freep) struct pk_doc *doc = NULL;

	if (rule->table != MODALITY || has_act(with))
		return false;
	doc = extract(p, without_words(p, rule, text), &x);
	return doc != NULL && has_act(&x);
}

/* What stands at a place, counted in code points. */
static struct pk_span
text_at(const struct pk_article *article, struct pk_range range)
{
	struct pk_span text = range.in_title ? article->title : article->text;
	size_t at = 0, first = 0;
	uint32_t unused;

	for (uint32_t point = 0; point < range.end; point++) {
		if (point == range.start)
			first = at;
		at += pk_utf8_decode(text, at, &unused, NULL);
	}
	return pk_span_slice(text, first, at);
}

/* Is the event told in the rule's words, too? */
static bool
recalls(const struct prover *p, const struct rule *rule,
    const struct pk_article *article, const struct pk_event *event)
{
	for (size_t i = 1; i < event->n_mentions; i++) {
		if (has_words(p, rule, text_at(article, event->mentions[i])))
			return true;
	}
	return false;
}

static bool
shows_sources(
    const struct prover *p, const struct rule *rule, const struct pk_event *event)
{
	size_t want = pk_span_eq(rule_cell(p, rule, "kind"), PK_SPAN("via")) ? 2 : 1;
	size_t n = 0;

	for (size_t i = 0; i < event->n_sources; i++)
		n += event->sources[i].kind == PK_SOURCE_AGENCY ||
		     event->sources[i].kind == PK_SOURCE_OUTLET;
	return n >= want;
}

static bool
shows_mode(
    const struct prover *p, const struct rule *rule, const struct pk_event *event)
{
	return event->type == pk_event_type_of(rule_cell(p, rule, "type")) &&
	       event->mode != NULL &&
	       pk_span_eq(pk_span_of(event->mode), rule_cell(p, rule, "mode"));
}

static bool
made(const struct prover *p, const struct rule *rule, const struct pk_extraction *x,
    const struct pk_event *event)
{
	if (rule->table == MODALITY)
		return shows_mood(p, rule, &event->modality);
	if (rule->table == OPENERS)
		return shows_sources(p, rule, event);
	if (rule->table == MODES)
		return shows_mode(p, rule, event);
	if (pk_span_eq(rule_cell(p, rule, "flags"), PK_SPAN("anaphor")))
		return recalls(p, rule, &x->article, event);
	return pk_span_eq(event->rule, rule->id);
}

/* What came out of a sentence, in a line. */
static void
say_events(const struct pk_extraction *x)
{
	fputs("  came out:", stderr);
	for (size_t i = 0; i < x->n_events; i++) {
		const struct pk_event *e = &x->events[i];

		fprintf(stderr, " %.*s%s%s", PK_SPAN_ARG(e->rule),
		    e->mode == NULL ? "" : "/", e->mode == NULL ? "" : e->mode);
		for (unsigned bits = e->modality.status; bits != 0; bits &= bits - 1)
			fprintf(stderr, " %s",
			    pk_status_name((enum pk_status)__builtin_ctz(bits)));
		for (size_t k = 0; k < e->n_sources; k++)
			fprintf(
			    stderr, " «%.*s»", PK_SPAN_ARG(e->sources[k].name.native));
		fputs(i + 1 < x->n_events ? ";" : "", stderr);
	}
	fputs(x->n_events == 0 ? " nothing\n" : "\n", stderr);
}

static void
complain(struct prover *p, const struct pk_tsv *table, const struct pk_tsv_row *row,
    struct pk_span id, const char *what, struct pk_span sentence)
{
	fprintf(stderr, "%s:%u: %.*s %s%s%.*s\n", table->path, row->line,
	    PK_SPAN_ARG(id), what, sentence.len > 0 ? ": " : "", PK_SPAN_ARG(sentence));
	p->wrong++;
}

/* Returns 0, or -EBADMSG where no article is made of the sentence. */
static int
try_sentence(struct prover *p, const struct rule *rule, const struct pk_tsv_row *row,
    struct pk_span sentence, bool want)
{
	struct pk_extraction x;
	pk_cleanup(pk_doc_freep) struct pk_doc *doc = extract(p, sentence, &x);
	bool found;

	if (doc == NULL || x.reason != NULL)
		return -EBADMSG;
	if (rule->table >= MODALITY && !has_words(p, rule, sentence))
		complain(p, &p->sentences, row, rule->id,
		    "has none of its words in this sentence", sentence);
	found = silences(p, rule, sentence, &x);
	for (size_t i = 0; i < x.n_events; i++)
		found |= made(p, rule, &x, &x.events[i]);
	if (found != want) {
		complain(p, &p->sentences, row, rule->id,
		    want ? "should hold and does not" : "should not hold and does",
		    sentence);
		say_events(&x);
	}
	return 0;
}

static int
try_row(struct prover *p, const struct pk_tsv_row *row)
{
	struct pk_span id = cell(&p->sentences, row, "rule");
	struct pk_span yes = cell(&p->sentences, row, "yes");
	struct pk_span no = cell(&p->sentences, row, "no");
	struct rule rule;
	int r = 0;

	if (!find_rule(p, id, &rule)) {
		complain(p, &p->sentences, row, id, "is no rule of any table", no);
		return 0;
	}
	if (yes.len > 0)
		r = try_sentence(p, &rule, row, yes, true);
	if (r == 0 && no.len > 0)
		r = try_sentence(p, &rule, row, no, false);
	return r;
}

/* Has the rule a sentence in the column? */
static bool
has_sentence(const struct prover *p, struct pk_span id, const char *column)
{
	for (size_t i = 0; i < p->sentences.n_rows; i++) {
		const struct pk_tsv_row *row = &p->sentences.rows[i];

		if (pk_span_eq(cell(&p->sentences, row, "rule"), id) &&
		    cell(&p->sentences, row, column).len > 0)
			return true;
	}
	return false;
}

static void
find_untried(struct prover *p)
{
	static const struct pk_span none = PK_SPAN("");

	for (enum table t = CUES; t < TABLES; t++) {
		for (size_t i = 0; i < p->tables[t].n_rows; i++) {
			const struct pk_tsv_row *row = &p->tables[t].rows[i];
			struct pk_span id = cell(&p->tables[t], row, "id");

			if (!has_sentence(p, id, "yes"))
				complain(p, &p->tables[t], row, id,
				    "has no sentence in rules_test.tsv for which it "
				    "holds",
				    none);
			if (!has_sentence(p, id, "no"))
				complain(p, &p->tables[t], row, id,
				    "has no sentence in rules_test.tsv for which it "
				    "does not hold",
				    none);
		}
	}
}

static int
read_table(struct prover *p, const char *dir, const char *name, struct pk_tsv *ret,
    struct pk_diag *reterr_diag)
{
	struct pk_span path = pk_arena_printf(
	    p->arena, "%s/lang/%.*s/%s.tsv", dir, PK_SPAN_ARG(p->language), name);

	return path.ptr == NULL
		   ? -ENOMEM
		   : pk_tsv_read(p->arena, p->arena, path.ptr, ret, reterr_diag);
}

static int
prove(struct prover *p, const char *packs, const char *dir, struct pk_diag *reterr_diag)
{
	int r = pk_extractor_new(packs, NULL, &p->extractor, reterr_diag);

	for (size_t t = 0; r == 0 && t < PK_COUNT(table_names); t++)
		r = read_table(p, dir, table_names[t], &p->tables[t], reterr_diag);
	if (r == 0)
		r = read_table(p, dir, "rules_test", &p->sentences, reterr_diag);
	for (size_t i = 0; r == 0 && i < p->sentences.n_rows; i++)
		r = try_row(p, &p->sentences.rows[i]);
	if (r == 0)
		find_untried(p);
	return r;
}

int
main(int argc, char **argv)
{
	struct pk_diag diag = { .where = "peyk-rules", .what = "failed" };
	struct prover p = { .arena = pk_arena_new((size_t)1 << 28) };

	if (argc != 4) {
		fputs("usage: peyk-rules PACKS TABLES LANGUAGE\n", stderr);
		return 2;
	}
	p.language = pk_span_of(argv[3]);
	int r = p.arena == NULL ? -ENOMEM : prove(&p, argv[1], argv[2], &diag);
	if (r < 0)
		fprintf(stderr, "peyk-rules: %s:%u: %s\n", diag.where, diag.line,
		    diag.what);
	pk_extractor_unref(p.extractor);
	pk_arena_free(p.arena);
	return r < 0 || p.wrong > 0;
}
