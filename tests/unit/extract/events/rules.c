/* SPDX-License-Identifier: Apache-2.0 */
/* Every sentence of rules_test.tsv: its rule holds for `yes` and not for `no`. */
#include "extract/extract.h"
#include "extract/pack/tsv.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define DATA PEYK_SOURCE_DIR "/extract"

struct fixture {
	struct pk_arena *arena;
	struct pk_extractor *extractor;
	struct pk_tsv table;
};

static int
set_up(void **state)
{
	static struct fixture f;
	struct pk_diag diag;

	f.arena = pk_arena_new(1 << 24);
	*state = &f;
	return f.arena == NULL ||
		       pk_tsv_read(f.arena, f.arena, DATA "/lang/fa/rules_test.tsv",
			   &f.table, &diag) < 0
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

static bool
holds(const struct fixture *f, struct pk_span rule, struct pk_span sentence)
{
	pk_cleanup(pk_doc_freep) struct pk_doc *doc =
	    pk_doc_new(PK_DOC_TEXT, (size_t)1 << 26);
	struct pk_extraction x;
	bool found = false;

	assert_non_null(doc);
	doc->bytes = sentence;
	doc->lang = PK_SPAN("fa");
	doc->entry_published = PK_SPAN("2024-05-01");
	doc->publisher = (struct pk_publisher){ .native = PK_SPAN("پیک"),
		.country = PK_SPAN("IRN") };
	assert_int_equal(pk_extract(f->extractor, doc, &x), 0);
	for (size_t i = 0; i < x.n_events; i++)
		found |= pk_span_eq(x.events[i].rule, rule);
	return found;
}

static void
rules_hold_where_they_should(void **state)
{
	const struct fixture *f = *state;
	size_t wrong = 0;

	for (size_t i = 0; i < f->table.n_rows; i++) {
		const struct pk_tsv_row *row = &f->table.rows[i];
		struct pk_span rule = pk_tsv_cell(&f->table, row, PK_SPAN("rule"));
		struct pk_span yes = pk_tsv_cell(&f->table, row, PK_SPAN("yes"));
		struct pk_span no = pk_tsv_cell(&f->table, row, PK_SPAN("no"));

		if (!holds(f, rule, yes)) {
			print_error("%.*s does not hold: %.*s\n", PK_SPAN_ARG(rule),
			    PK_SPAN_ARG(yes));
			wrong++;
		}
		if (holds(f, rule, no)) {
			print_error(
			    "%.*s holds: %.*s\n", PK_SPAN_ARG(rule), PK_SPAN_ARG(no));
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_hold_where_they_should),
	};

	return cmocka_run_group_tests_name(
	    "extract/events/rules", tests, set_up, tear_down);
}
