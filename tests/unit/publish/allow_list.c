/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/allow_list.h"

#include "publish/access.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>

#include <cmocka.h>

/* The test key of RFC 32's neighbours: any 40 characters of Z85 whose groups fit. */
#define KEY   "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
#define OTHER "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"

/* ---- one file ---- */

static const struct file_case {
	const char *path;
	const char *text;
	int want;
	unsigned line, column;
	const char *what; /* part of the message */
} cases[] = {
	/* clang-format off */
	{ "d/desk.pub", KEY, 0, 0, 0, NULL },
	{ "d/desk.pub", "\n# a desk\n\t " KEY " \r\n\n# no more\n", 0, 0, 0, NULL },
	{ "d/A.b_c-9.pub", KEY "\ntopic event/CONSULT/\r\n topic\tarticle/fa/ \n", 0, 0, 0, NULL },
	{ "d/desk.pub", KEY "\ntopic ev\ntopic feed/mfa/up/\ntopic heartbeat/\n", 0, 0, 0, NULL },
	{ "d/desk.pub", "", -EBADMSG, 0, 0, "no key" },
	{ "d/desk.pub", "# only words\n\n", -EBADMSG, 0, 0, "no key" },
	{ "d/desk.pub", "\n" "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf", -EBADMSG, 2, 1, "no public key" },
	{ "d/desk.pub", KEY "7", -EBADMSG, 1, 1, "no public key" },
	{ "d/desk.pub", "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]y\"7", -EBADMSG, 1, 1, "no public key" },
	{ "d/desk.pub", "#####" "###################################", -EBADMSG, 0, 0, "no key" },
	{ "d/desk.pub", "%nSc%###################################", -EBADMSG, 1, 1, "no public key" },
	{ "d/desk.pub", "topic event/\n" KEY, -EBADMSG, 1, 1, "no public key" },
	{ "d/desk.pub", KEY "\n" OTHER, -EBADMSG, 2, 1, "topic PREFIX" },
	{ "d/desk.pub", KEY "\ntopics event/", -EBADMSG, 2, 1, "topic PREFIX" },
	{ "d/desk.pub", KEY "\n\ntopic", -EBADMSG, 3, 0, "which topic" },
	{ "d/desk.pub", KEY "\ntopic event/ A", -EBADMSG, 2, 13, "ASCII" },
	{ "d/desk.pub", KEY "\ntopic event/\xd9\x81", -EBADMSG, 2, 13, "ASCII" },
	{ "d/desk.pub", KEY "\ntopic evnt/", -EBADMSG, 2, 7, "no topic begins" },
	{ "d/desk.pub", KEY "\ntopic event/x # why", -EBADMSG, 2, 14, "ASCII" },
	{ "d/.pub", KEY, -EBADMSG, 0, 0, "name" },
	{ "d/a desk.pub", KEY, -EBADMSG, 0, 0, "name" },
	{ "d/\xd9\x81.pub", KEY, -EBADMSG, 0, 0, "name" },
	{ "d/1234567890123456789012345678901234567890123456789012345678901234.pub", KEY, 0, 0, 0, NULL },
	{ "d/12345678901234567890123456789012345678901234567890123456789012345.pub", KEY, -EBADMSG, 0, 0, "name" },
	/* clang-format on */
};

static void
files_are_read_or_told_what_is_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(cases); i++) {
		const struct file_case *c = &cases[i];
		struct pk_allow_list *list = NULL;
		struct pk_diag diag = { .line = 77, .column = 77 };
		int r = pk_allow_list_parse(c->path, pk_span_of(c->text), &list, &diag);
		if (r != c->want)
			print_error("case %zu: %d, %s\n", i, r, diag.what);
		assert_int_equal(r, c->want);
		if (r == 0) {
			assert_int_equal(pk_allow_list_count(list), 1);
			pk_allow_list_unref(list);
			continue;
		}
		assert_null(list);
		if (strstr(diag.what, c->what) == NULL || diag.line != c->line ||
		    diag.column != c->column)
			print_error("case %zu: %u:%u: %s\n", i, diag.line, diag.column,
			    diag.what);
		assert_string_equal(diag.where, c->path);
		assert_non_null(strstr(diag.what, c->what));
		assert_int_equal(diag.line, c->line);
		assert_int_equal(diag.column, c->column);
	}
}

static void
there_are_limits(void **state)
{
	static char text[PK_KEY_FILE_MAX + 2];
	struct pk_allow_list *list = NULL;
	struct pk_diag diag;
	int n = snprintf(text, sizeof(text), "%s\n", KEY);

	(void)state;
	for (int i = 0; i < PK_CLIENT_TOPICS_MAX; i++)
		n += snprintf(
		    text + n, sizeof(text) - (size_t)n, "topic event/%d/\n", i);
	assert_int_equal(
	    pk_allow_list_parse("a.pub", pk_span_of(text), &list, &diag), 0);
	assert_int_equal(
	    pk_allow_list_of_name(list, PK_SPAN("a"))->n_topics, PK_CLIENT_TOPICS_MAX);
	pk_allow_list_unref(list);
	snprintf(text + n, sizeof(text) - (size_t)n, "topic event/A/\n");
	assert_int_equal(
	    pk_allow_list_parse("a.pub", pk_span_of(text), &list, &diag), -EBADMSG);
	assert_non_null(strstr(diag.what, "64"));

	memset(text, '#', sizeof(text) - 1);
	assert_int_equal(
	    pk_allow_list_parse("a.pub", pk_span_of(text), &list, &diag), -E2BIG);
	n = snprintf(text, sizeof(text), "%s\ntopic event/", KEY);
	memset(text + n, 'a', PK_TOPIC_PREFIX_MAX);
	text[n + PK_TOPIC_PREFIX_MAX] = '\0';
	assert_int_equal(
	    pk_allow_list_parse("a.pub", pk_span_of(text), &list, &diag), -EBADMSG);
	assert_int_equal(diag.line, 2);
}

/* ---- a folder ---- */

static char folder[] = "/tmp/peyk-clients-XXXXXX";

static int
make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/peyk-clients-XXXXXX");
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static int
remove_folder(void **state)
{
	struct dirent *entry;
	char path[512];
	DIR *dir = opendir(folder);

	(void)state;
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		unlink(path);
	}
	if (dir != NULL)
		closedir(dir);
	return rmdir(folder);
}

static void
put(const char *name, const char *text)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static struct pk_allow_list *
load(void)
{
	struct pk_allow_list *list = NULL;
	struct pk_diag diag = { .line = 0 };
	int r = pk_allow_list_load(folder, &list, &diag);

	if (r < 0)
		print_error("%s:%u: %s\n", diag.where, diag.line, diag.what);
	assert_int_equal(r, 0);
	return list;
}

static void
a_folder_is_a_list(void **state)
{
	(void)state;
	struct pk_allow_list *list = load();
	assert_int_equal(pk_allow_list_count(list), 0);
	pk_allow_list_unref(list);

	put("desk.pub", KEY "\ntopic event/CONSULT/\n");
	put("all.pub", OTHER);
	put(".desk.pub", "of an editor");
	put("desk.pub~", "of another");
	put("README", "words");
	list = load();
	assert_int_equal(pk_allow_list_count(list), 2);
	assert_true(pk_allow_list_is_limited(list));
	unsigned char key[PK_KEY_BYTES];
	assert_int_equal(pk_key_decode(PK_SPAN(KEY), key), 0);
	const struct pk_client *desk = pk_allow_list_of_key(list, key);
	assert_non_null(desk);
	assert_string_equal(desk->name.ptr, "desk");
	assert_ptr_equal(pk_allow_list_of_name(list, PK_SPAN("desk")), desk);
	key[31] ^= 1;
	assert_null(pk_allow_list_of_key(list, key));
	assert_null(pk_allow_list_of_name(list, PK_SPAN("")));
	pk_allow_list_unref(list);
}

static void
what_is_wrong_in_a_folder_is_told(void **state)
{
	struct pk_allow_list *list = NULL;
	struct pk_diag diag;
	char path[256];

	(void)state;
	put("b.pub", KEY);
	put("a.pub", "# the same\n" KEY);
	assert_int_equal(pk_allow_list_load(folder, &list, &diag), -EBADMSG);
	assert_non_null(strstr(diag.where, "/b.pub"));
	assert_non_null(strstr(diag.what, "a.pub"));
	put("a.pub", OTHER);
	snprintf(path, sizeof(path), "%s/c.pub", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(pk_allow_list_load(folder, &list, &diag), -EINVAL);
	assert_string_equal(diag.where, path);
	rmdir(path);
	assert_int_equal(mkfifo(path, 0600), 0); /* nobody waits for its writer */
	assert_int_equal(pk_allow_list_load(folder, &list, &diag), -EINVAL);
	unlink(path);
	put("d.pub", KEY "\nnonsense");
	snprintf(path, sizeof(path), "%s/b.pub", folder);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(pk_allow_list_load(folder, &list, &diag), -EBADMSG);
	assert_int_equal(diag.line, 2);
	assert_int_equal(pk_allow_list_load("/nowhere/at/all", &list, &diag), -ENOENT);
	assert_string_equal(diag.where, "/nowhere/at/all");
	assert_null(list);
}

/* ---- questions ---- */

static struct pk_allow_list *
list_of(const char *path, const char *text)
{
	struct pk_allow_list *list = NULL;
	struct pk_diag diag;

	assert_int_equal(pk_allow_list_parse(path, pk_span_of(text), &list, &diag), 0);
	return list;
}

static void
who_may_read_what(void **state)
{
	(void)state;
	struct pk_allow_list *all = list_of("all.pub", KEY);
	struct pk_allow_list *some =
	    list_of("some.pub", KEY "\ntopic event/CONSULT/\ntopic article/fa/\n");

	assert_true(pk_allow_list_may_read(all, PK_SPAN("all"), PK_SPAN("")));
	assert_false(pk_allow_list_may_read(all, PK_SPAN("some"), PK_SPAN("event/")));
	assert_false(pk_allow_list_may_read(all, PK_SPAN(""), PK_SPAN("event/")));
	static const struct {
		const char *prefix;
		bool may;
	} rows[] = { { "event/CONSULT/", true }, { "event/CONSULT/IRN/", true },
		{ "article/fa/x/", true }, { "heartbeat/", true }, { "", false },
		{ "event/", false }, { "event/CONSULT", false },
		{ "article/en/", false }, { "article/f", false }, { "heart", false } };
	for (size_t i = 0; i < PK_COUNT(rows); i++)
		assert_int_equal(pk_allow_list_may_read(
				     some, PK_SPAN("some"), pk_span_of(rows[i].prefix)),
		    rows[i].may);
	pk_allow_list_unref(all);
	pk_allow_list_unref(some);
}

static void
what_counts_as_taken_away(void **state)
{
	static const struct {
		const char *old_path, *old, *path, *now;
		bool revokes;
	} rows[] = {
		/* clang-format off */
		{ "a.pub", KEY, "a.pub", KEY, false },
		{ "a.pub", KEY, "a.pub", "# other words\n" KEY, false },
		{ "a.pub", KEY, "a.pub", OTHER, true },
		{ "a.pub", KEY, "b.pub", KEY, true },
		{ "a.pub", KEY, "a.pub", KEY "\ntopic event/", true },
		{ "a.pub", KEY "\ntopic event/", "a.pub", KEY, false },
		{ "a.pub", KEY "\ntopic event/A/", "a.pub", KEY "\ntopic event/", false },
		{ "a.pub", KEY "\ntopic event/", "a.pub", KEY "\ntopic event/A/", true },
		{ "a.pub", KEY "\ntopic event/", "a.pub", KEY "\ntopic event/\ntopic feed/", false },
		{ "a.pub", KEY "\ntopic event/\ntopic feed/", "a.pub", KEY "\ntopic feed/", true },
		/* clang-format on */
	};

	(void)state;
	for (size_t i = 0; i < PK_COUNT(rows); i++) {
		struct pk_allow_list *old = list_of(rows[i].old_path, rows[i].old);
		struct pk_allow_list *now = list_of(rows[i].path, rows[i].now);
		if (pk_allow_list_revokes(now, old) != rows[i].revokes)
			print_error("row %zu\n", i);
		assert_int_equal(pk_allow_list_revokes(now, old), rows[i].revokes);
		pk_allow_list_unref(old);
		pk_allow_list_unref(now);
	}
}

static void
access_changes_with_the_list(void **state)
{
	unsigned char key[PK_KEY_BYTES], other[PK_KEY_BYTES];
	char name[PK_CLIENT_NAME_MAX + 1];
	struct pk_access *access = pk_access_new(list_of("a.pub", KEY));

	(void)state;
	assert_int_equal(pk_key_decode(PK_SPAN(KEY), key), 0);
	assert_int_equal(pk_key_decode(PK_SPAN(OTHER), other), 0);
	assert_int_equal(pk_access_admit(access, key, name), 0);
	assert_string_equal(name, "a");
	assert_int_equal(pk_access_admit(access, other, name), -ENOENT);
	assert_true(pk_access_may_read(access, PK_SPAN("a"), PK_SPAN("")));
	assert_true(pk_access_may_read(NULL, PK_SPAN(""), PK_SPAN("")));

	/* who was thrown out comes back with the next list */
	pk_access_ban(access, PK_SPAN("a"));
	assert_int_equal(pk_access_admit(access, key, name), -EPERM);
	pk_access_use(access, list_of("a.pub", KEY));
	assert_int_equal(pk_access_admit(access, key, name), 0);
	assert_true(pk_access_revocations(access) == 0);

	/* a key with topics waits until they can be kept apart */
	pk_access_use(access, list_of("a.pub", KEY "\ntopic event/"));
	assert_true(pk_access_revocations(access) == 1);
	assert_true(pk_access_is_limited(access));
	assert_int_equal(pk_access_admit(access, key, name), -EAGAIN);
	pk_access_limits_hold(access, true);
	assert_int_equal(pk_access_admit(access, key, name), 0);
	assert_null(pk_access_free(access));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_read_or_told_what_is_wrong),
		cmocka_unit_test(there_are_limits),
		cmocka_unit_test_setup_teardown(
		    a_folder_is_a_list, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(
		    what_is_wrong_in_a_folder_is_told, make_folder, remove_folder),
		cmocka_unit_test(who_may_read_what),
		cmocka_unit_test(what_counts_as_taken_away),
		cmocka_unit_test(access_changes_with_the_list),
	};

	return cmocka_run_group_tests_name("publish/allow_list", tests, NULL, NULL);
}
