/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/curve.h"

#include "publish/grant.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <zmq.h>

#include <cmocka.h>

/* RFC 26's neighbours use this pair for tests (zmq_curve(7)). */
#define SERVER_SECRET "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6"
#define SERVER_PUBLIC "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"

static char path[] = "/tmp/peyk-key-XXXXXX";

static int
make_file(void **state)
{
	(void)state;
	snprintf(path, sizeof(path), "/tmp/peyk-key-XXXXXX");
	int fd = mkstemp(path);
	if (fd >= 0)
		close(fd);
	return fd < 0 ? -1 : 0;
}

static int
remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

static void
put(const char *text, mode_t mode)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static const struct secret_case {
	const char *text;
	mode_t mode;
	bool is_credential;
	int want;
	unsigned line;
	const char *what;
} cases[] = {
	/* clang-format off */
	{ SERVER_SECRET, 0600, false, 0, 0, NULL },
	{ "# of the daemon\n\n " SERVER_SECRET " \r\n# end\n", 0400, false, 0, 0, NULL },
	{ SERVER_SECRET, 0440, true, 0, 0, NULL }, /* an ACL's mask looks like this */
	{ SERVER_SECRET, 0440, false, -EACCES, 0, "others" },
	{ SERVER_SECRET, 0604, false, -EACCES, 0, "others" },
	{ SERVER_SECRET, 0604, true, -EACCES, 0, "others" },
	{ SERVER_SECRET, 0620, false, -EACCES, 0, "others" },
	{ "", 0600, false, -EBADMSG, 0, "no key" },
	{ "\n" SERVER_SECRET "0", 0600, false, -EBADMSG, 2, "this is no key" },
	{ SERVER_SECRET "\n" SERVER_PUBLIC, 0600, false, -EBADMSG, 2, "behind" },
	/* clang-format on */
};

static void
secret_files_are_read_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(cases); i++) {
		const struct secret_case *c = &cases[i];
		struct pk_key_pair pair = { .public_key = "" };
		struct pk_diag diag = { .line = 0 };
		put(c->text, c->mode);
		int r = pk_key_pair_read(path, c->is_credential, &pair, &diag);
		if (r != c->want)
			print_error("case %zu: %s\n", i, diag.what);
		assert_int_equal(r, c->want);
		if (r == 0) {
			assert_string_equal(pair.public_key, SERVER_PUBLIC);
			assert_string_equal(pair.secret_key, SERVER_SECRET);
			pk_key_pair_wipe(&pair);
			assert_int_equal(pair.secret_key[0], '\0');
			assert_int_equal(pair.secret_key[39], '\0');
			continue;
		}
		assert_non_null(strstr(diag.what, c->what));
		assert_int_equal(diag.line, c->line);
		/* not a word of it */
		assert_null(strstr(diag.what, "JTKV"));
		assert_string_equal(pair.secret_key, "");
	}
	struct pk_diag diag;
	struct pk_key_pair pair;
	assert_int_equal(pk_key_pair_read("/nowhere", false, &pair, &diag), -ENOENT);
	assert_int_equal(pk_key_pair_read("/dev/null", false, &pair, &diag), -EINVAL);
}

static void
places_become_paths(void **state)
{
	char place[64];
	bool is_credential = true;

	(void)state;
	assert_int_equal(
	    pk_key_path("/etc/x", NULL, sizeof(place), place, &is_credential), 0);
	assert_string_equal(place, "/etc/x");
	assert_false(is_credential);
	assert_int_equal(pk_key_path("credential:curve.secret", "/run/c", sizeof(place),
			     place, &is_credential),
	    0);
	assert_string_equal(place, "/run/c/curve.secret");
	assert_true(is_credential);
	assert_int_equal(pk_key_path("credential:curve.secret", NULL, sizeof(place),
			     place, &is_credential),
	    -ENXIO);
	static const char *const wrong[] = { "credential:", "credential:a/b",
		"credential:..", "credential:../../etc/x" };
	for (size_t i = 0; i < PK_COUNT(wrong); i++)
		assert_int_equal(pk_key_path(wrong[i], "/run/c", sizeof(place), place,
				     &is_credential),
		    -EINVAL);
	assert_int_equal(
	    pk_key_path("/etc/x", NULL, 6, place, &is_credential), -ENAMETOOLONG);
}

static void
keys_are_written_as_libzmq_does(void **state)
{
	(void)state;
	for (int i = 0; i < 200; i++) {
		struct pk_key_pair pair;
		unsigned char mine[PK_KEY_BYTES], its[PK_KEY_BYTES];
		char text[PK_KEY_TEXT + 1];
		assert_int_equal(pk_key_pair_make(&pair), 0);
		assert_non_null(zmq_z85_decode(its, pair.public_key));
		assert_int_equal(pk_key_decode(pk_span_of(pair.public_key), mine), 0);
		assert_memory_equal(mine, its, PK_KEY_BYTES);
		pk_key_encode(mine, text);
		assert_string_equal(text, pair.public_key);
		assert_string_not_equal(pair.public_key, pair.secret_key);
	}
	unsigned char key[PK_KEY_BYTES];
	char all[PK_KEY_TEXT + 1] = "%nSc0%nSc0%nSc0%nSc0%nSc0%nSc0%nSc0%nSc0";
	assert_int_equal(pk_key_decode(pk_span_of(all), key), 0); /* 2^32 - 1 */
	all[4] = '1';
	assert_int_equal(pk_key_decode(pk_span_of(all), key), -EBADMSG);
}

/* ---- what subscriptions come to ---- */

static void
subscriptions_are_cut(void **state)
{
	static const struct pk_span topics[] = { { "event/CONSULT/", 14 },
		{ "event/AGREE/", 12 }, { "article/fa/", 11 } };
	const struct pk_client client = { .topics = topics, .n_topics = 3 };
	static const struct {
		const char *prefix;
		const char *grants; /* with a blank behind each */
	} rows[] = {
		{ "", "event/CONSULT/ event/AGREE/ article/fa/ heartbeat/ " },
		{ "event/", "event/CONSULT/ event/AGREE/ " },
		{ "event/C", "event/CONSULT/ " },
		{ "event/CONSULT/", "event/CONSULT/ " },
		{ "event/CONSULT/IRN/", "event/CONSULT/IRN/ " },
		{ "event/COERCE/", "" },
		{ "feed/", "" },
		{ "h", "heartbeat/ " },
		{ "heartbeat/", "heartbeat/ " },
		{ "heartbeat/x", "heartbeat/x " },
	};

	(void)state;
	for (size_t i = 0; i < PK_COUNT(rows); i++) {
		struct pk_span grants[PK_GRANTS_MAX];
		char got[256] = "";
		size_t n = pk_grant(&client, pk_span_of(rows[i].prefix), grants);
		int len = 0;
		for (size_t k = 0; k < n; k++)
			len += snprintf(got + len, sizeof(got) - (size_t)len, "%.*s ",
			    PK_SPAN_ARG(grants[k]));
		assert_string_equal(got, rows[i].grants);
	}
}

static void
what_is_taken_back_is_what_nobody_else_wants(void **state)
{
	static const struct pk_span topics[] = { { "event/", 6 }, { "feed/", 5 } };
	const struct pk_client client = { .topics = topics, .n_topics = 2 };
	struct pk_wishes wishes = { 0 };
	struct pk_span gone[PK_GRANTS_MAX];
	char text[16];

	(void)state;
	assert_int_equal(pk_wishes_add(&wishes, PK_SPAN("")), 0);
	assert_int_equal(pk_wishes_add(&wishes, PK_SPAN("")), 1);
	assert_int_equal(pk_wishes_add(&wishes, PK_SPAN("ev")), 0);
	assert_int_equal(pk_wishes_add(&wishes, PK_SPAN("event/A/")), 0);
	/* feed/ and heartbeat/ */
	assert_int_equal(pk_wishes_remove(&wishes, &client, PK_SPAN(""), gone), 2);
	assert_true(pk_span_eq(gone[0], PK_SPAN("feed/")));
	assert_true(pk_span_eq(gone[1], PK_SPAN("heartbeat/")));
	assert_int_equal(pk_wishes_remove(&wishes, &client, PK_SPAN(""), gone), 0);
	assert_int_equal(pk_wishes_remove(&wishes, &client, PK_SPAN("ev"), gone), 1);
	assert_true(pk_span_eq(gone[0], PK_SPAN("event/")));
	assert_int_equal(
	    pk_wishes_remove(&wishes, &client, PK_SPAN("event/A/"), gone), 1);
	assert_true(pk_span_eq(gone[0], PK_SPAN("event/A/")));
	assert_int_equal(wishes.n, 0);
	for (int i = 0; i < PK_SUBSCRIPTIONS_MAX; i++) {
		snprintf(text, sizeof(text), "event/%d", i);
		assert_int_equal(pk_wishes_add(&wishes, pk_span_of(text)), 0);
	}
	assert_int_equal(pk_wishes_add(&wishes, PK_SPAN("feed/")), -E2BIG);
	pk_wishes_clear(&wishes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    secret_files_are_read_or_refused, make_file, remove_file),
		cmocka_unit_test(places_become_paths),
		cmocka_unit_test(keys_are_written_as_libzmq_does),
		cmocka_unit_test(subscriptions_are_cut),
		cmocka_unit_test(what_is_taken_back_is_what_nobody_else_wants),
	};

	return cmocka_run_group_tests_name("publish/curve", tests, NULL, NULL);
}
