/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/text/verb.h"

#include "extract/text/fold.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct fixture {
	struct pk_arena *arena;
	struct pk_verbs *verbs;
};

static int
set_up(void **state)
{
	static struct fixture f;
	struct pk_tsv table;
	struct pk_diag diag;

	f.arena = pk_arena_new(1 << 24);
	if (f.arena == NULL ||
	    pk_tsv_read(f.arena, f.arena, PEYK_SOURCE_DIR "/extract/lang/fa/verbs.tsv",
		&table, &diag) < 0 ||
	    pk_verbs_new(f.arena, &table, &f.verbs, &diag) < 0)
		return -1;
	*state = &f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	pk_arena_free(f->arena);
	return 0;
}

/* clang-format off */
static const struct verb_case {
	const char *form; const char *verb; enum pk_tense tense;
	int person; bool plural; bool negative; bool passive;
} cases[] = {
	{ "گفت",              "goft",   PK_TENSE_PAST,        3, false, false, false },
	{ "گفتند",            "goft",   PK_TENSE_PAST,        3, true,  false, false },
	{ "می گوید",          "goft",   PK_TENSE_PRESENT,     3, false, false, false },
	{ "می‌گویند",          "goft",   PK_TENSE_PRESENT,     3, true,  false, false },
	{ "نمیگفت",           "goft",   PK_TENSE_IMPERFECT,   3, false, true,  false },
	{ "کرده است",         "kard",   PK_TENSE_PERFECT,     3, false, false, false },
	{ "کرده‌ایم",          "kard",   PK_TENSE_PERFECT,     1, true,  false, false },
	{ "نکرده بودند",      "kard",   PK_TENSE_PLUPERFECT,  3, true,  true,  false },
	{ "کنیم",             "kard",   PK_TENSE_SUBJUNCTIVE, 1, true,  false, false },
	{ "بگیرد",            "gereft", PK_TENSE_SUBJUNCTIVE, 3, false, false, false },
	{ "خواهد داشت",       "dasht",  PK_TENSE_FUTURE,      3, false, false, false },
	{ "نخواهیم پذیرفت",   "paziroft", PK_TENSE_FUTURE,    1, true,  true,  false },
	{ "فراخوانده است",    "farakhand", PK_TENSE_PERFECT,  3, false, false, false },
	{ "فرا می‌خواند",      "farakhand", PK_TENSE_PRESENT,  3, false, false, false },
	{ "فرستاده شد",       "ferestad", PK_TENSE_PAST,      3, false, false, true },
	{ "گفته می شود",      "goft",   PK_TENSE_PRESENT,     3, false, false, true },
	{ "داده شده است",     "dad",    PK_TENSE_PERFECT,     3, false, false, true },
	{ "رد کرد",           NULL,     PK_TENSE_PAST,        0, false, false, false },
	{ "است",              "bud",    PK_TENSE_PRESENT,     3, false, false, false },
	{ "نیست",             "bud",    PK_TENSE_PRESENT,     3, false, true,  false },
	{ "روند",             NULL,     PK_TENSE_PRESENT,     0, false, false, false },
	{ "کردن",             "kard",   PK_TENSE_INFINITIVE,  0, false, false, false },
	{ "نیامد",            "amad",   PK_TENSE_PAST,        3, false, true,  false },
	{ "بیاید",            "amad",   PK_TENSE_SUBJUNCTIVE, 3, false, false, false },
	{ "نیایند",           "amad",   PK_TENSE_SUBJUNCTIVE, 3, true,  true,  false },
	{ "نیفزود",           "afzud",  PK_TENSE_PAST,        3, false, true,  false },
	{ "نیفزوده است",      "afzud",  PK_TENSE_PERFECT,     3, false, true,  false },
	{ "بیفزاید",          "afzud",  PK_TENSE_SUBJUNCTIVE, 3, false, false, false },
	{ "نیفزاید",          "afzud",  PK_TENSE_SUBJUNCTIVE, 3, false, true,  false },
	{ "نمی‌افزایند",       "afzud",  PK_TENSE_PRESENT,     3, true,  true,  false },
	{ "بیندازند",         "andakht", PK_TENSE_SUBJUNCTIVE, 3, true, false, false },
	{ "بیابد",            "yaft",   PK_TENSE_SUBJUNCTIVE, 3, false, false, false },
	{ "نیابد",            "yaft",   PK_TENSE_SUBJUNCTIVE, 3, false, true,  false },
	{ "نرود",             "raft",   PK_TENSE_SUBJUNCTIVE, 3, false, true,  false },
	{ "می‌گوییم",          "goft",   PK_TENSE_PRESENT,     1, true,  false, false },
	{ "می گوئیم",         "goft",   PK_TENSE_PRESENT,     1, true,  false, false },
	{ "گفته‌ایم",          "goft",   PK_TENSE_PERFECT,     1, true,  false, false },
	{ "گفته ایم",         "goft",   PK_TENSE_PERFECT,     1, true,  false, false },
	{ "نخواهیم گفت",      "goft",   PK_TENSE_FUTURE,      1, true,  true,  false },
	{ "فرموده‌اند",        "farmud", PK_TENSE_PERFECT,     3, true,  false, false },
	{ "فرا نخواهد خواند", "farakhand", PK_TENSE_FUTURE,   3, false, true,  false },
	{ "فرا بخواند",       "farakhand", PK_TENSE_SUBJUNCTIVE, 3, false, false, false },
	{ "برنمی‌گردد",        "bargasht", PK_TENSE_PRESENT,   3, false, true,  false },
	{ "گفته نخواهد شد",   "goft",   PK_TENSE_FUTURE,      3, false, true,  true },
	{ "پذیرفته نشده است", "paziroft", PK_TENSE_PERFECT,   3, false, true,  true },
	{ "می‌رسید",           "resid",  PK_TENSE_IMPERFECT,   3, false, false, false },
	{ "می‌رسیدند",         "resid",  PK_TENSE_IMPERFECT,   3, true,  false, false },
	{ "می‌گویید",          "goft",   PK_TENSE_PRESENT,     2, true,  false, false },
	{ "خواهی کرد",        NULL,     PK_TENSE_FUTURE,      0, false, false, false },
	{ "پذیرفته گردید",    "paziroft", PK_TENSE_PAST,      3, false, false, true },
	{ "كرده اند",         "kard",   PK_TENSE_PERFECT,     3, true,  false, false },
	{ "مي كند",           "kard",   PK_TENSE_PRESENT,     3, false, false, false },
	{ "می‌کرده است",       "kard",   PK_TENSE_PERFECT,     3, false, false, false },
	{ "بیست",             NULL,     PK_TENSE_PAST,        0, false, false, false },
	{ "بیند",             NULL,     PK_TENSE_PAST,        0, false, false, false },
	{ "برگزار خواهد شد",  "bargozar_shod", PK_TENSE_FUTURE, 3, false, false, false },
};
/* clang-format on */

static void
forms_are_read_however_they_are_spaced(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < PK_COUNT(cases); i++) {
		const struct verb_case *c = &cases[i];
		struct pk_span key = pk_fold_key(f->arena, pk_span_of(c->form));
		struct pk_verb_form form = { .person = -1 };
		bool found = pk_verb_analyse(f->verbs, key, &form);

		if (found != (c->verb != NULL))
			fail_msg("%s: found %d", c->form, found);
		if (!found)
			continue;
		if (!pk_span_eq(form.verb, pk_span_of(c->verb)) ||
		    form.tense != c->tense || form.person != c->person ||
		    form.plural != c->plural || form.negative != c->negative ||
		    form.passive != c->passive)
			fail_msg("%s: read as %.*s, tense %d, person %d", c->form,
			    PK_SPAN_ARG(form.verb), (int)form.tense, form.person);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms_are_read_however_they_are_spaced),
	};

	return cmocka_run_group_tests_name(
	    "extract/text/verb", tests, set_up, tear_down);
}
