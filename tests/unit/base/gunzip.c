/* SPDX-License-Identifier: Apache-2.0 */
#include "base/gunzip.h"

#include "base/cleanup.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <zlib.h>

#include <cmocka.h>

#define LIMIT ((size_t)8 << 20)

static void
buf_done(struct pk_buf *buf)
{
	pk_buf_done(buf);
}

/* Appends a member that holds the text. */
static void
pack(struct pk_buf *out, struct pk_span text)
{
	char chunk[4096];
	z_stream stream = {
		.next_in = (unsigned char *)(uintptr_t)text.ptr,
		.avail_in = (unsigned)text.len,
	};
	int rc = deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);

	assert_int_equal(rc, Z_OK);
	while (rc == Z_OK) {
		stream.next_out = (unsigned char *)chunk;
		stream.avail_out = sizeof(chunk);
		rc = deflate(&stream, Z_FINISH);
		struct pk_span made = { chunk, sizeof(chunk) - stream.avail_out };
		assert_int_equal(pk_buf_append(out, made), 0);
	}
	assert_int_equal(rc, Z_STREAM_END);
	deflateEnd(&stream);
}

static struct pk_span
cut_by(const struct pk_buf *buf, size_t bytes)
{
	return pk_span_slice(pk_buf_span(buf), 0, buf->len - bytes);
}

static void
what_was_packed_comes_out(void **state)
{
	pk_cleanup(buf_done) struct pk_buf packed = { 0 }, text = { 0 };
	bool cut = true;

	(void)state;
	pack(&packed, PK_SPAN("آب "));
	pack(&packed, PK_SPAN("هوا"));
	assert_int_equal(pk_buf_append(&packed, PK_SPAN("padding")), 0);
	assert_true(pk_is_gzip(pk_buf_span(&packed)));
	assert_int_equal(pk_gunzip(pk_buf_span(&packed), LIMIT, &text, &cut), 0);
	assert_string_equal(text.ptr, "آب هوا");
	assert_false(cut);
}

static void
what_is_cut_says_so(void **state)
{
	pk_cleanup(buf_done) struct pk_buf packed = { 0 }, text = { 0 };
	bool cut = false;

	(void)state;
	pack(&packed, PK_SPAN("a text of some length, and nothing in it twice"));
	/* the sum at the end is missing, but the text is whole */
	assert_int_equal(pk_gunzip(cut_by(&packed, 3), LIMIT, &text, &cut), 0);
	assert_true(cut);
	assert_int_equal(text.len, 46);
	pk_buf_done(&text);
	/* some of the text, or none of it */
	assert_int_equal(pk_gunzip(cut_by(&packed, 20), LIMIT, &text, &cut), 0);
	assert_true(cut);
	assert_in_range(text.len, 1, 45);
	struct pk_buf untouched = { .len = 1 };
	assert_int_equal(
	    pk_gunzip(PK_SPAN("\x1F\x8B"), LIMIT, &untouched, &cut), -EBADMSG);
	assert_int_equal(
	    pk_gunzip(PK_SPAN("\x1F\x8Bxxxxxxxxxxxxxxxx"), LIMIT, &untouched, &cut),
	    -EBADMSG);
	assert_int_equal(untouched.len, 1);
}

static void
an_empty_text_is_one(void **state)
{
	pk_cleanup(buf_done) struct pk_buf packed = { 0 }, text = { 0 };
	bool cut = true;

	(void)state;
	pack(&packed, PK_SPAN(""));
	assert_int_equal(pk_gunzip(pk_buf_span(&packed), LIMIT, &text, &cut), 0);
	assert_int_equal(text.len, 0);
	assert_false(cut);
}

static void
a_bomb_is_refused(void **state)
{
	const size_t size = 4 << 20;
	pk_cleanup(pk_freep) char *zeros = calloc(size, 1);
	pk_cleanup(buf_done) struct pk_buf packed = { 0 }, text = { 0 };
	bool cut;

	(void)state;
	assert_non_null(zeros);
	pack(&packed, (struct pk_span){ zeros, size });
	/* a thousandfold */
	assert_int_equal(pk_gunzip(pk_buf_span(&packed), LIMIT, &text, &cut), -E2BIG);
	assert_null(text.ptr);
	pk_buf_done(&packed);
	/* little of it is free, but not over the limit */
	pack(&packed, (struct pk_span){ zeros, PK_GUNZIP_FREE });
	assert_int_equal(pk_gunzip(pk_buf_span(&packed), LIMIT, &text, &cut), 0);
	assert_int_equal(text.len, PK_GUNZIP_FREE);
	pk_buf_done(&text);
	assert_int_equal(pk_gunzip(pk_buf_span(&packed), 1000, &text, &cut), -E2BIG);
}

static void
what_is_not_packed(void **state)
{
	(void)state;
	assert_false(pk_is_gzip(PK_SPAN("")));
	assert_false(pk_is_gzip(PK_SPAN("\x1F")));
	assert_false(pk_is_gzip(PK_SPAN("<rss>")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_packed_comes_out),
		cmocka_unit_test(what_is_cut_says_so),
		cmocka_unit_test(an_empty_text_is_one),
		cmocka_unit_test(a_bomb_is_refused),
		cmocka_unit_test(what_is_not_packed),
	};

	return cmocka_run_group_tests_name("base/gunzip", tests, NULL, NULL);
}
