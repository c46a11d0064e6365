/* SPDX-License-Identifier: Apache-2.0 */
#include "base/digest.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
sha256_is_sha256(void **state)
{
	char hex[PK_SHA256_SIZE];

	(void)state;
	pk_sha256(PK_SPAN("abc"), hex); /* FIPS 180-4, the first example */
	assert_string_equal(
	    hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	pk_sha256((struct pk_span){ NULL, 0 }, hex);
	assert_string_equal(
	    hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void
ids_are_the_same_for_ever(void **state)
{
	/* What stands in journals: these must never change (computed by Python's
	 * hashlib.blake2b with 16 bytes, of which 8 count). */
	const struct pk_span parts[] = { PK_SPAN("https://example.org/خبر/1"),
		PK_SPAN("STATE"), { NULL, 0 } };
	char id[PK_ID_SIZE];

	(void)state;
	pk_id_of(parts, 3, id);
	assert_string_equal(id, "a985aaae8b66e7c9");
	pk_id_of(NULL, 0, id);
	assert_string_equal(id, "cae66941d9efbd40");
}

static void
borders_between_parts_count(void **state)
{
	const struct pk_span one[] = { PK_SPAN("ab"), PK_SPAN("c") };
	const struct pk_span other[] = { PK_SPAN("a"), PK_SPAN("bc") };
	char a[PK_ID_SIZE], b[PK_ID_SIZE];

	(void)state;
	pk_id_of(one, 2, a);
	pk_id_of(other, 2, b);
	assert_string_not_equal(a, b);
	assert_int_equal(strspn(a, "0123456789abcdef"), PK_ID_SIZE - 1);
	assert_true(pk_random_u64() != pk_random_u64());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha256_is_sha256),
		cmocka_unit_test(ids_are_the_same_for_ever),
		cmocka_unit_test(borders_between_parts_count),
	};

	return cmocka_run_group_tests_name("base/digest", tests, NULL, NULL);
}
