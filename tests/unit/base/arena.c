/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>

#include <cmocka.h>

static void
pieces_are_zeroed_aligned_and_apart(void **state)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 22);
	char *before = NULL;

	(void)state;
	for (size_t size = 0; size < 40000; size = size * 2 + 1) {
		char *piece = pk_arena_alloc(arena, size);
		assert_non_null(piece);
		assert_int_equal((uintptr_t)piece % alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(piece[i], 0);
		memset(piece, 'x', size);
		if (before != NULL)
			assert_int_equal(*before, 'x');
		before = size > 0 ? piece : before;
	}
}

static void
the_limit_holds(void **state)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1024);

	(void)state;
	assert_non_null(pk_arena_alloc(arena, 1000));
	assert_null(pk_arena_alloc(arena, 100));
	assert_null(pk_arena_alloc(arena, SIZE_MAX));
	assert_null(pk_arena_alloc(arena, SIZE_MAX - 8));
	assert_null(pk_arena_calloc(arena, SIZE_MAX / 2, 3));
	assert_null(pk_arena_copy(arena, (struct pk_span){ "", SIZE_MAX }).ptr);
	assert_null(pk_arena_printf(arena, "%2000d", 1).ptr);
	assert_in_range(pk_arena_used(arena), 1000, 1024);
	assert_non_null(pk_arena_alloc(arena, 8)); /* what fits is still given */
}

static void
texts_are_copied_and_formatted(void **state)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 20);
	char text[] = "سلام";
	struct pk_span copy = pk_arena_copy(arena, pk_span_of(text));

	(void)state;
	text[0] = 'x';
	assert_string_equal(copy.ptr, "سلام");
	struct pk_span number = pk_arena_printf(arena, "%d %s", 7, "پیک");
	assert_string_equal(number.ptr, "7 پیک");
	assert_int_equal(number.len, 8);
}

static void
arrays_grow_and_give_zeroed_items(void **state)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 20);
	PK_ARRAY(int) numbers = { 0 };

	(void)state;
	for (int i = 0; i < 1000; i++) {
		int *number = pk_array_push(arena, &numbers);
		assert_int_equal(*number, 0);
		*number = i;
	}
	for (int i = 0; i < 1000; i++)
		assert_int_equal(numbers.items[i], i);
	numbers.len -= 2; /* taken off the end */
	assert_int_equal(*pk_array_push(arena, &numbers), 0);
	assert_int_equal(numbers.len, 999);
}

static void
an_array_at_the_limit_stays_whole(void **state)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(256);
	PK_ARRAY(int) numbers = { 0 };
	int *number;

	(void)state;
	for (int i = 0; (number = pk_array_push(arena, &numbers)) != NULL; i++)
		*number = i;
	assert_true(numbers.len >= 8);
	for (size_t i = 0; i < numbers.len; i++)
		assert_int_equal(numbers.items[i], i);
}

/* What was made in the caller's memory can be written away as it lies there. */
static void
an_arena_lies_in_given_memory(void **state)
{
	static _Alignas(max_align_t) char memory[4096];
	pk_cleanup(pk_arena_freep) struct pk_arena *arena =
	    pk_arena_new_in(memory, sizeof(memory));

	(void)state;
	assert_non_null(arena);
	size_t pieces = 0;
	for (char *piece; (piece = pk_arena_alloc(arena, 16)) != NULL; pieces++)
		assert_true(piece > memory && piece + 16 <= memory + sizeof(memory));
	assert_true(pieces > 50);
	assert_null(pk_arena_new_in(memory, 16));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
		cmocka_unit_test(the_limit_holds),
		cmocka_unit_test(texts_are_copied_and_formatted),
		cmocka_unit_test(arrays_grow_and_give_zeroed_items),
		cmocka_unit_test(an_array_at_the_limit_stays_whole),
		cmocka_unit_test(an_arena_lies_in_given_memory),
	};

	return cmocka_run_group_tests_name("base/arena", tests, NULL, NULL);
}
