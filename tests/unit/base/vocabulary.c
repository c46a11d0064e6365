/* SPDX-License-Identifier: Apache-2.0 */
#include "base/vocabulary.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Every word of a list is found again by its name, and no two have the same. */
#define CHECK(prefix, PREFIX, list)                                                    \
	static void check_##prefix(void)                                               \
	{                                                                              \
		static const char *const names[] = { list(NAME) };                     \
		for (size_t i = 0; i < PK_COUNT(names); i++) {                         \
			enum pk_##prefix value =                                       \
			    pk_##prefix##_of(pk_span_of(names[i]));                    \
			assert_int_equal(value, i + 1);                                \
			assert_string_equal(pk_##prefix##_name(value), names[i]);      \
		}                                                                      \
		assert_int_equal(                                                      \
		    pk_##prefix##_of(PK_SPAN("no such word")), PK_##PREFIX##_NONE);    \
		assert_int_equal(pk_##prefix##_of(PK_SPAN("")), PK_##PREFIX##_NONE);   \
		assert_string_equal(pk_##prefix##_name(PK_##PREFIX##_NONE), "");       \
	}
#define NAME(NAME_, name) name,
PK_VOCABULARIES(CHECK)

static void
words_there_and_back(void **state)
{
	(void)state;
#define CALL(prefix, PREFIX, list) check_##prefix();
	PK_VOCABULARIES(CALL)
#undef CALL
}

static void
event_types_there_and_back(void **state)
{
	(void)state;
	for (int i = 1; i < PK_EVENT_TYPES; i++) {
		enum pk_event_type type = (enum pk_event_type)i;
		const char *name = pk_event_type_name(type);
		assert_int_equal(pk_event_type_of(pk_span_of(name)), type);
		assert_in_range(pk_event_quad(type), 0, 4);
		assert_int_equal(strlen(pk_event_cameo(type)), 3);
		double score = pk_event_score(type, (struct pk_span){ NULL, 0 });
		assert_true(score >= -10 && score <= 10);
	}
	assert_int_equal(pk_event_type_of(PK_SPAN("NAP")), PK_EVENT_NONE);
	assert_string_equal(pk_event_type_name(PK_EVENT_NONE), "");
}

static void
a_mode_belongs_to_its_type(void **state)
{
	(void)state;
	assert_string_equal(pk_event_mode(PK_EVENT_CONSULT, PK_SPAN("phone")), "phone");
	assert_null(pk_event_mode(PK_EVENT_ASSAULT, PK_SPAN("phone")));
	assert_true(pk_event_score(PK_EVENT_CONSULT, PK_SPAN("visit")) == 4);
	assert_true(pk_event_score(PK_EVENT_ASSAULT, PK_SPAN("visit")) ==
		    pk_event_score(PK_EVENT_ASSAULT, PK_SPAN("")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_there_and_back),
		cmocka_unit_test(event_types_there_and_back),
		cmocka_unit_test(a_mode_belongs_to_its_type),
	};

	return cmocka_run_group_tests_name("base/vocabulary", tests, NULL, NULL);
}
