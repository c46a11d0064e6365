/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/events/rules.h"

#include <errno.h>
#include <stdlib.h>

static const char *const class_names[PK_CW_CLASSES] = {
#define WORD(NAME, name) [PK_CW_##NAME] = name,
#include "extract/events/words.def"
#undef WORD
};

static const char *const flag_names[PK_RULE_FLAGS] = {
#define FLAG(NAME, name) [PK_RULE_##NAME] = name,
#include "extract/events/flags.def"
#undef FLAG
};

static const char *const evidence_names[PK_EVIDENCE_KINDS] = {
#define EVIDENCE(NAME, name) [PK_EVIDENCE_##NAME] = name,
#include "extract/events/evidence.def"
#undef EVIDENCE
};

static const char *const detail_names[PK_DETAIL_KINDS] = {
#define DETAIL(NAME, name) [PK_DETAIL_##NAME] = name,
#include "extract/events/details.def"
#undef DETAIL
};

/* What a noun may end in and still be the noun of a rule. */
static const char *const noun_endings[] = { "", "ها", "های", "هایی" };

/* What the noun of a verb may end in: «گفت‌وگوهایی داشت»,
 * «دیداری داشت».
 */
static const char *const verbal_endings[] = { "ها", "های", "هایی", "ی", "ای", "یی" };

/* What else a noun of a class may end in: «روابطش»,
 * «همکاری‌هایمان».
 */
static const char *const word_endings[] = { "", "ها", "های", "هایی", "ش", "شان", "مان",
	"هایش", "هایشان", "هایمان" };

/* A nominal part whose endings are added when all rows are read. */
struct nominal {
	struct pk_phrases *phrases;
	struct pk_span nv;
	const struct pk_rule *rule;
};

/* What a reader of one table works with. */
struct loader {
	struct pk_arena *arena;
	struct pk_rules *rules;
	const struct pk_tsv *table;
	struct pk_diag *diag;
	PK_ARRAY(struct nominal) nominals;
};

typedef int read_row(struct loader *l, const struct pk_tsv_row *row);

static struct pk_span
cell(const struct loader *l, const struct pk_tsv_row *row, const char *column)
{
	return pk_tsv_cell(l->table, row, pk_span_of(column));
}

static int
complain(const struct loader *l, const struct pk_tsv_row *row, const char *what,
    struct pk_span word)
{
	return pk_diag_at(l->diag, -EBADMSG, l->table->path, row->line, "%s: %.*s",
	    what, PK_SPAN_ARG(word));
}

/* Adds every alternative of a cell, with every ending, as a phrase. */
static int
add_phrases(const struct loader *l, struct pk_phrases *phrases, struct pk_span cell_,
    const char *const *endings, size_t n_endings, const void *value)
{
	while (cell_.ptr != NULL && cell_.len > 0) {
		struct pk_span one = pk_span_split(&cell_, '|');

		for (size_t i = 0; i < n_endings && one.len > 0; i++) {
			struct pk_span phrase = pk_arena_printf(
			    l->arena, "%.*s%s", PK_SPAN_ARG(one), endings[i]);
			int r = phrase.ptr == NULL
				    ? -ENOMEM
				    : pk_phrases_add(phrases, phrase, value);

			if (r < 0)
				return r;
		}
	}
	return 0;
}

static int
add_exact(const struct loader *l, struct pk_phrases *phrases, struct pk_span cell_,
    const void *value)
{
	return add_phrases(l, phrases, cell_, noun_endings, 1, value);
}

/* The nominal part of a verb as it is written, with its endings to come. */
static int
add_nominal(struct loader *l, struct pk_phrases *phrases, struct pk_span nv,
    const struct pk_rule *rule)
{
	struct nominal *item = pk_array_push(l->arena, &l->nominals);

	if (item == NULL)
		return -ENOMEM;
	*item = (struct nominal){ phrases, nv, rule };
	return add_exact(l, phrases, nv, rule);
}

/*
 * Every nominal part with every ending. With one it is a noun like others: «هشداری
 * که» opens no content. What a row writes itself stays before what is made here.
 */
static int
inflect(const struct loader *l)
{
	int r = 0;

	for (size_t i = 0; i < l->nominals.len && r == 0; i++) {
		const struct nominal *n = &l->nominals.items[i];
		struct pk_rule *inflected = pk_arena_new_of(l->arena, struct pk_rule);

		if (inflected == NULL)
			return -ENOMEM;
		*inflected = *n->rule;
		inflected->inflected = true;
		r = add_phrases(l, n->phrases, n->nv, verbal_endings,
		    PK_COUNT(verbal_endings), inflected);
	}
	return r;
}

static int
class_of(struct pk_span name)
{
	for (int i = 0; i < PK_CW_CLASSES; i++) {
		if (pk_span_eq(name, pk_span_of(class_names[i])))
			return i;
	}
	return -1;
}

static int
read_words(struct loader *l, const struct pk_tsv_row *row)
{
	const uint64_t inflected = PK_CW_BIT(RELATION) | PK_CW_BIT(COOP) |
				   PK_CW_BIT(GOODS) | PK_CW_BIT(PACT) |
				   PK_CW_BIT(DENIAL_OBJECT);
	struct pk_span name = cell(l, row, "class");
	int class = class_of(name);
	uint64_t *bit = pk_arena_new_of(l->arena, uint64_t);

	if (class < 0)
		return complain(l, row, "no such class of words", name);
	if (bit == NULL)
		return -ENOMEM;
	*bit = UINT64_C(1) << class;
	return add_phrases(l, l->rules->words, cell(l, row, "fa"), word_endings,
	    (inflected & *bit) != 0 ? PK_COUNT(word_endings) : 1, bit);
}

static int
read_preposition(struct loader *l, const struct pk_tsv_row *row)
{
	int *number = pk_arena_new_of(l->arena, int);
	struct pk_span *role = pk_array_push(l->arena, &l->rules->roles);

	if (number == NULL || role == NULL)
		return -ENOMEM;
	*role = cell(l, row, "role");
	*number = (int)l->rules->roles.len - 1;
	return add_exact(l, l->rules->prepositions, cell(l, row, "fa"), number);
}

static int
read_modality(struct loader *l, const struct pk_tsv_row *row)
{
	struct pk_modality_rule *rule =
	    pk_arena_new_of(l->arena, struct pk_modality_rule);
	struct pk_span status = cell(l, row, "status");

	if (rule == NULL)
		return -ENOMEM;
	rule->id = cell(l, row, "id");
	rule->status = pk_status_of(status);
	if (rule->status == PK_STATUS_NONE)
		return complain(l, row, "no such status", status);
	return add_exact(l, l->rules->modality, cell(l, row, "fa"), rule);
}

static int
read_mode(struct loader *l, const struct pk_tsv_row *row)
{
	struct pk_mode_rule *rule = pk_arena_new_of(l->arena, struct pk_mode_rule);
	struct pk_span mode = cell(l, row, "mode");

	if (rule == NULL)
		return -ENOMEM;
	rule->type = pk_event_type_of(cell(l, row, "type"));
	rule->mode = pk_event_mode(rule->type, mode);
	rule->order = row->line;
	if (rule->mode == NULL)
		return complain(l, row, "the type has no such mode", mode);
	rule->mode = pk_arena_copy(l->arena, mode).ptr;
	return rule->mode == NULL
		   ? -ENOMEM
		   : add_exact(l, l->rules->modes, cell(l, row, "fa"), rule);
}

static int
read_detail(struct loader *l, const struct pk_tsv_row *row)
{
	struct pk_detail *detail = pk_arena_new_of(l->arena, struct pk_detail);
	int kind = pk_tsv_choice(l->table, row, PK_SPAN("kind"), detail_names,
	    PK_COUNT(detail_names), l->diag);

	if (detail == NULL)
		return -ENOMEM;
	if (kind < 0)
		return kind;
	detail->id = cell(l, row, "id");
	detail->kind = (enum pk_detail_kind)kind;
	detail->value = cell(l, row, "value");
	return add_exact(l, l->rules->details, cell(l, row, "fa"), detail);
}

/* "CONSULT|ASSAULT/aerial": the types, with their modes, of which a context is. */
static int
read_types(
    const struct loader *l, const struct pk_tsv_row *row, struct pk_context_rule *rule)
{
	struct pk_span rest = cell(l, row, "types");

	while (rest.ptr != NULL && rest.len > 0) {
		struct pk_span mode = pk_span_split(&rest, '|');
		struct pk_span name = pk_span_split(&mode, '/');
		enum pk_event_type type = pk_event_type_of(name);

		if (type == PK_EVENT_NONE || rule->n_types == PK_CONTEXT_TYPES_MAX)
			return complain(l, row, "no such type, or too many", name);
		rule->types[rule->n_types].type = type;
		if (mode.len > 0) {
			if (pk_event_mode(type, mode) == NULL)
				return complain(
				    l, row, "the type has no such mode", mode);
			rule->types[rule->n_types].mode =
			    pk_arena_copy(l->arena, mode).ptr;
			if (rule->types[rule->n_types].mode == NULL)
				return -ENOMEM;
		}
		rule->n_types++;
	}
	return 0;
}

static int
read_context(struct loader *l, const struct pk_tsv_row *row)
{
	struct pk_context_rule *rule =
	    pk_arena_new_of(l->arena, struct pk_context_rule);
	struct pk_span context = cell(l, row, "context");
	struct pk_span words = cell(l, row, "fa");
	int r;

	if (rule == NULL)
		return -ENOMEM;
	rule->id = cell(l, row, "id");
	rule->context = pk_context_of(context);
	rule->all = cell(l, row, "all");
	rule->any = cell(l, row, "any");
	if (rule->context == PK_CONTEXT_NONE && context.len > 0)
		return complain(l, row, "no such context", context);
	r = read_types(l, row, rule);
	if (r < 0)
		return r;
	if (words.len > 0)
		return add_phrases(l, l->rules->contexts, words, noun_endings,
		    PK_COUNT(noun_endings), rule);
	const struct pk_context_rule **item =
	    pk_array_push(l->arena, &l->rules->bare_contexts);
	if (item == NULL)
		return -ENOMEM;
	*item = rule;
	return 0;
}

static int
read_opener(struct loader *l, const struct pk_tsv_row *row)
{
	static const struct {
		const char *name;
		enum pk_opener kind;
	} kinds[] = { { "report", PK_OPENER_REPORT }, { "via", PK_OPENER_VIA },
		{ "verb", PK_OPENER_VERB } };
	struct pk_span name = cell(l, row, "kind");
	enum pk_opener *kind = pk_arena_new_of(l->arena, enum pk_opener);

	if (kind == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < PK_COUNT(kinds); i++) {
		if (pk_span_eq(name, pk_span_of(kinds[i].name)))
			*kind = kinds[i].kind;
	}
	if (*kind == 0)
		return complain(l, row, "no such kind of opener", name);
	return add_exact(l, l->rules->openers, cell(l, row, "fa"), kind);
}

static int
read_flags(const struct loader *l, const struct pk_tsv_row *row, uint64_t *ret_flags)
{
	struct pk_span rest = cell(l, row, "flags");

	while (rest.ptr != NULL && rest.len > 0) {
		struct pk_span name = pk_span_split(&rest, ' ');
		size_t i = 0;

		while (
		    i < PK_RULE_FLAGS && !pk_span_eq(name, pk_span_of(flag_names[i])))
			i++;
		if (i == PK_RULE_FLAGS)
			return complain(l, row, "no such flag", name);
		*ret_flags |= UINT64_C(1) << i;
	}
	return 0;
}

int
pk_rules_role(const struct pk_rules *rules, struct pk_span role)
{
	for (size_t i = 0; i < rules->roles.len; i++) {
		if (pk_span_eq(rules->roles.items[i], role))
			return (int)i;
	}
	return -1;
}

/* "s=a!": slot, role, required. */
static int
read_arg(const struct loader *l, struct pk_span word, struct pk_rule_arg *ret_arg)
{
	struct pk_span rest = word;
	struct pk_span slot = pk_span_split(&rest, '=');
	int preposition = pk_rules_role(l->rules, slot);

	if (rest.len < 1 || rest.len > 2)
		return -EBADMSG;
	if (pk_span_eq(slot, PK_SPAN("s")))
		ret_arg->slot = PK_SLOT_SUBJECT;
	else if (pk_span_eq(slot, PK_SPAN("g")))
		ret_arg->slot = PK_SLOT_GENITIVE;
	else if (pk_span_eq(slot, PK_SPAN("o")))
		ret_arg->slot = PK_SLOT_OBJECT;
	else if (preposition >= 0)
		ret_arg->slot = PK_SLOT_PREPOSITION + preposition;
	else
		return -EBADMSG;
	ret_arg->role = rest.ptr[0];
	ret_arg->required = rest.len == 2;
	return 0;
}

static int
read_args(const struct loader *l, const struct pk_tsv_row *row, struct pk_rule *rule)
{
	struct pk_span rest = cell(l, row, "args");

	while (rest.ptr != NULL && rest.len > 0) {
		struct pk_span word = pk_span_split(&rest, ' ');

		if (rule->n_args == PK_RULE_ARGS_MAX ||
		    read_arg(l, word, &rule->args[rule->n_args]) < 0)
			return complain(l, row, "want slot=role", word);
		rule->n_args++;
	}
	return 0;
}

/* A cell of needs or bars: class names become a set, other words phrases. */
static int
read_conditions(const struct loader *l, struct pk_span cell_, uint64_t *ret_classes,
    const struct pk_phrases **ret_words)
{
	struct pk_phrases *words = NULL;

	while (cell_.ptr != NULL && cell_.len > 0) {
		struct pk_span one = pk_span_split(&cell_, '|');
		int class = class_of(one);

		if (class >= 0) {
			*ret_classes |= UINT64_C(1) << class;
			continue;
		}
		if (words == NULL)
			words = pk_phrases_new(l->arena);
		if (words == NULL || add_phrases(l, words, one, word_endings,
					 PK_COUNT(word_endings), words) < 0)
			return -ENOMEM;
	}
	*ret_words = words;
	return 0;
}

/* The lemma: the first nominal part and the first verb, "گفتگو_kard". */
static struct pk_span
lemma_of(const struct loader *l, struct pk_span nv, struct pk_span verbs)
{
	struct pk_span noun = pk_span_split(&nv, '|');
	struct pk_span verb = pk_span_split(&verbs, ' ');

	if (noun.len == 0)
		return verb;
	return verb.len == 0 ? noun
			     : pk_arena_printf(l->arena, "%.*s_%.*s", PK_SPAN_ARG(noun),
				   PK_SPAN_ARG(verb));
}

static int
read_rule(const struct loader *l, const struct pk_tsv_row *row, struct pk_rule *rule)
{
	int r;

	rule->id = cell(l, row, "id");
	rule->verbs = cell(l, row, "lv");
	rule->cameo = cell(l, row, "cameo");
	rule->lemma = lemma_of(l, cell(l, row, "nv"), rule->verbs);
	if (rule->id.len == 0)
		return complain(l, row, "want an id", rule->id);
	r = read_flags(l, row, &rule->flags);
	if (r == 0)
		r = read_args(l, row, rule);
	if (r == 0)
		r = read_conditions(
		    l, cell(l, row, "needs"), &rule->needs, &rule->need_words);
	if (r == 0)
		r = read_conditions(
		    l, cell(l, row, "bars"), &rule->bars, &rule->bar_words);
	return r;
}

static int
read_cue(struct loader *l, const struct pk_tsv_row *row)
{
	struct pk_rule *rule = pk_arena_new_of(l->arena, struct pk_rule);
	struct pk_span nv = cell(l, row, "nv");
	struct pk_span class = cell(l, row, "class");
	int r = rule == NULL ? -ENOMEM : read_rule(l, row, rule);

	if (r < 0)
		return r;
	rule->form = PK_RULE_CUE;
	rule->type = PK_EVENT_STATE;
	rule->class = pk_cue_class_of(class);
	if (rule->class == PK_CUE_NONE)
		return complain(l, row, "no such class of cues", class);
	if (nv.len > 0)
		return rule->verbs.len > 0 ? add_nominal(l, l->rules->cues, nv, rule)
					   : add_exact(l, l->rules->cues, nv, rule);
	const struct pk_rule **item = pk_array_push(l->arena, &l->rules->verb_cues);
	if (item == NULL)
		return -ENOMEM;
	*item = rule;
	return 0;
}

static int
read_form(const struct loader *l, const struct pk_tsv_row *row, struct pk_rule *rule)
{
	static const char forms[] = { [PK_RULE_VERB] = 'v',
		[PK_RULE_NOUN] = 'n',
		[PK_RULE_WIDE] = 'w',
		[PK_RULE_FRAME] = 'f',
		[PK_RULE_STRESSED] = 'b' };
	struct pk_span form = cell(l, row, "form");

	for (int i = PK_RULE_VERB; i <= PK_RULE_STRESSED; i++) {
		if (form.len == 1 && form.ptr[0] == forms[i]) {
			rule->form = (enum pk_rule_form)i;
			return 0;
		}
	}
	return complain(l, row, "want a form v, n, w, f or b", form);
}

static int
read_kind(const struct loader *l, const struct pk_tsv_row *row, struct pk_rule *rule)
{
	struct pk_span type = cell(l, row, "type");
	struct pk_span mode = cell(l, row, "mode");

	rule->type = pk_event_type_of(type);
	if (rule->type == PK_EVENT_NONE)
		return complain(l, row, "no such type", type);
	if (mode.len == 0)
		return 0;
	if (pk_event_mode(rule->type, mode) == NULL)
		return complain(l, row, "the type has no such mode", mode);
	rule->mode = pk_arena_copy(l->arena, mode).ptr;
	return rule->mode == NULL ? -ENOMEM : 0;
}

static int
read_predicate(struct loader *l, const struct pk_tsv_row *row)
{
	struct pk_rule *rule = pk_arena_new_of(l->arena, struct pk_rule);
	struct pk_span nv = cell(l, row, "nv");
	int r = rule == NULL ? -ENOMEM : read_rule(l, row, rule);

	if (r == 0)
		r = read_form(l, row, rule);
	if (r == 0)
		r = read_kind(l, row, rule);
	if (r < 0)
		return r;
	if (class_of(nv) >= 0) /* a class of words in the place of a noun */
		rule->needs |= UINT64_C(1) << class_of(nv);
	/* what is held may be any, as what is done:
	 * «گفت‌وگویی انجام نشد»
	 */
	else if (nv.len > 0 && (rule->form == PK_RULE_VERB || PK_RULE_HAS(rule, HELD)))
		return add_nominal(l, l->rules->predicates, nv, rule);
	else if (nv.len > 0)
		return rule->form == PK_RULE_NOUN
			   ? add_phrases(l, l->rules->predicates, nv, noun_endings,
				 PK_COUNT(noun_endings), rule)
			   : add_exact(l, l->rules->predicates, nv, rule);
	const struct pk_rule **item =
	    pk_array_push(l->arena, &l->rules->verb_predicates);
	if (item == NULL)
		return -ENOMEM;
	*item = rule;
	return 0;
}

static int
read_weight(struct loader *l, const struct pk_tsv_row *row)
{
	struct pk_span name = cell(l, row, "evidence"), weight = cell(l, row, "weight");
	char text[32], *end;
	double *place = pk_span_eq(name, PK_SPAN("bias")) ? &l->rules->bias : NULL;

	for (size_t i = 0; i < PK_EVIDENCE_KINDS && place == NULL; i++) {
		if (pk_span_eq(name, pk_span_of(evidence_names[i])))
			place = &l->rules->weights[i];
	}
	if (place == NULL)
		return complain(l, row, "no such evidence", name);
	(void)snprintf(text, sizeof(text), "%.*s", PK_SPAN_ARG(weight));
	*place = strtod(text, &end);
	return end == text || *end != '\0' ? complain(l, row, "no number", weight) : 0;
}

static int
read_table(struct loader *l, const char *name, read_row *read)
{
	l->table = pk_pack_table(l->rules->pack, name);
	if (l->table == NULL)
		return pk_diag_at(l->diag, -EBADMSG, name, 0, "the table is missing");
	for (size_t i = 0; i < l->table->n_rows; i++) {
		int r = read(l, &l->table->rows[i]);

		if (r < 0)
			return r;
	}
	return 0;
}

static int
make_phrases(struct pk_arena *arena, struct pk_rules *rules)
{
	struct pk_phrases **const all[] = { &rules->words, &rules->prepositions,
		&rules->modality, &rules->modes, &rules->openers, &rules->countries,
		&rules->cues, &rules->predicates, &rules->details, &rules->contexts };

	for (size_t i = 0; i < PK_COUNT(all); i++) {
		*all[i] = pk_phrases_new(arena);
		if (*all[i] == NULL)
			return -ENOMEM;
	}
	return 0;
}

static int
add_country(
    void *data, enum pk_spelling_kind kind, struct pk_span spelling, const void *row)
{
	struct pk_rules *rules = data;

	return kind == PK_SPELLING_NAME || kind == PK_SPELLING_ADJECTIVE
		   ? pk_phrases_add(rules->countries, spelling, row)
		   : 0;
}

int
pk_rules_load(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_rules **ret_rules, struct pk_diag *reterr_diag)
{
	static const struct {
		const char *name;
		read_row *read;
	} tables[] = {
		{ "words", read_words },
		{ "prepositions", read_preposition }, /* before what refers to them */
		{ "modality", read_modality },
		{ "modes", read_mode },
		{ "openers", read_opener },
		{ "cues", read_cue },
		{ "predicates", read_predicate },
		{ "confidence", read_weight },
		{ "details", read_detail },
		{ "contexts", read_context },
	};
	struct pk_rules *rules = pk_arena_new_of(arena, struct pk_rules);
	struct loader l = { .arena = arena, .rules = rules, .diag = reterr_diag };
	const struct pk_tsv *verbs = pk_pack_table(pack, "verbs");
	int r = rules == NULL ? -ENOMEM : make_phrases(arena, rules);

	if (r < 0)
		return r;
	rules->pack = pack;
	if (verbs == NULL)
		return pk_diag_at(
		    reterr_diag, -EBADMSG, "verbs", 0, "the table is missing");
	r = pk_verbs_new(arena, verbs, &rules->verbs, reterr_diag);
	if (r == 0)
		r = pk_known_spellings(pack, "countries", add_country, rules);
	for (size_t i = 0; i < PK_COUNT(tables) && r == 0; i++)
		r = read_table(&l, tables[i].name, tables[i].read);
	if (r == 0)
		r = inflect(&l);
	if (r == 0)
		*ret_rules = rules;
	return r;
}

const char *
pk_evidence_name(enum pk_evidence evidence)
{
	return evidence_names[evidence];
}

bool
pk_rule_takes(const struct pk_rule *rule, struct pk_span verb)
{
	struct pk_span rest = rule->verbs;

	while (rest.ptr != NULL && rest.len > 0) {
		if (pk_span_eq(pk_span_split(&rest, ' '), verb))
			return true;
	}
	return false;
}

bool
pk_rule_takes_form(const struct pk_rule *rule, const struct pk_verb_form *form)
{
	return pk_rule_takes(rule, form->verb) ||
	       (form->twin.len > 0 && pk_rule_takes(rule, form->twin));
}
