/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/http/conditional.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void
opaque_values_stay_as_they_are(void **state)
{
	const struct pk_validators odd = { PK_SPAN("W/\"a-gzip\" , \xE2\x80\x9C"),
		PK_SPAN("yesterday, about noon") };
	struct pk_validators got = pk_validators_clean(odd);

	(void)state;
	assert_true(pk_span_eq(got.etag, odd.etag));
	assert_true(pk_span_eq(got.last_modified, odd.last_modified));
	assert_true(pk_validators_any(got));
}

static void
what_cannot_be_sent_is_forgotten(void **state)
{
	static char longest[PK_VALIDATOR_MAX + 1];
	struct pk_validators got;

	(void)state;
	memset(longest, 'x', sizeof(longest));
	got = pk_validators_clean((struct pk_validators){
	    PK_SPAN("a\r\nHost: b"), (struct pk_span){ longest, sizeof(longest) } });
	assert_false(pk_validators_any(got));
	got = pk_validators_clean((struct pk_validators){
	    PK_SPAN(""), (struct pk_span){ longest, PK_VALIDATOR_MAX } });
	assert_null(got.etag.ptr);
	assert_int_equal(got.last_modified.len, PK_VALIDATOR_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opaque_values_stay_as_they_are),
		cmocka_unit_test(what_cannot_be_sent_is_forgotten),
	};

	return cmocka_run_group_tests_name("fetch/http/conditional", tests, NULL, NULL);
}
