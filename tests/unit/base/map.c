/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define KEYS 5000

static char keys[KEYS][8];
static int values[KEYS];

static struct pk_span
key(int i)
{
	snprintf(keys[i], sizeof(keys[i]), "%d", i);
	return pk_span_of(keys[i]);
}

static void
what_is_set_is_found(void **state)
{
	pk_cleanup(pk_map_freep) struct pk_map *map = pk_map_new();

	(void)state;
	assert_null(pk_map_get(map, PK_SPAN("x")));
	assert_null(pk_map_remove(map, PK_SPAN("x")));
	for (int i = 0; i < KEYS; i++)
		assert_int_equal(pk_map_set(map, key(i), &values[i]), 0);
	assert_int_equal(pk_map_count(map), KEYS);
	for (int i = 0; i < KEYS; i++)
		assert_ptr_equal(pk_map_get(map, key(i)), &values[i]);
	assert_null(pk_map_get(map, PK_SPAN("5000")));
	assert_int_equal(pk_map_set(map, key(7), &values[8]), 0);
	assert_ptr_equal(pk_map_get(map, key(7)), &values[8]);
	assert_int_equal(pk_map_count(map), KEYS);
}

static void
what_is_removed_is_gone_and_can_come_back(void **state)
{
	pk_cleanup(pk_map_freep) struct pk_map *map = pk_map_new();

	(void)state;
	for (int round = 0; round < 20; round++) {
		for (int i = 0; i < 300; i++)
			assert_int_equal(pk_map_set(map, key(i), &values[i]), 0);
		for (int i = 0; i < 300; i += 2) {
			assert_ptr_equal(pk_map_remove(map, key(i)), &values[i]);
			assert_null(pk_map_remove(map, key(i)));
		}
		assert_int_equal(pk_map_count(map), 150);
		for (int i = 0; i < 300; i++)
			assert_ptr_equal(pk_map_get(map, key(i)),
			    i % 2 == 0 ? NULL : (void *)&values[i]);
	}
}

static void
the_empty_key_is_a_key(void **state)
{
	pk_cleanup(pk_map_freep) struct pk_map *map = pk_map_new();

	(void)state;
	assert_int_equal(pk_map_set(map, (struct pk_span){ NULL, 0 }, &values[0]), 0);
	assert_ptr_equal(pk_map_get(map, PK_SPAN("")), &values[0]);
	assert_ptr_equal(pk_map_remove(map, PK_SPAN("")), &values[0]);
	assert_null(pk_map_get(map, PK_SPAN("")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_set_is_found),
		cmocka_unit_test(what_is_removed_is_gone_and_can_come_back),
		cmocka_unit_test(the_empty_key_is_a_key),
	};

	return cmocka_run_group_tests_name("base/map", tests, NULL, NULL);
}
