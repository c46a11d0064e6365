/* SPDX-License-Identifier: Apache-2.0 */
/* Files of rules: what is read, and what is said of what cannot be. */
#include "extract/article/site_rules.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* clang-format off */
static const struct wrong_case {
	const char *name, *text, *message;
} wrong_cases[] = {
	{ "no rule yet", "# x\n\nbody: .a\n", "r:3:1: want the [name] of a rule before its keys" },
	{ "no bracket", "[a\n", "r:1:3: want ] after the name" },
	{ "no name", "[]\n", "r:1:2: want a name of letters, digits, '-', '_' and '.', at most 48" },
	{ "a name with a blank", "  [a b]\n", "r:1:4: want a name of letters, digits, '-', '_' and '.', at most 48" },
	{ "twice the same name", "[a]\nhost: a.org\nbody: p\n[a]\n", "r:4:2: there is a rule of that name already" },
	{ "no pair", "[a]\nbody .a\n", "r:2:1: want [name], key: value or a comment that begins with #" },
	{ "a slip of the key", "[a]\nhost: a.org\n  bodi: .a\n", "r:3:3: there is no key 'bodi'; is 'body' meant?" },
	{ "no such key", "[a]\nخبر: .a\n",
	  "r:2:1: there is no key 'خبر' (want host, generator, marker, title, kicker, lead, byline, date, "
	  "modified, section, tags, body or strip)" },
	{ "nothing makes it hold", "\n[a]\nbody: .a\n", "r:2:0: the rule 'a' has no host, generator or marker" },
	{ "nor one that is not the last", "[a]\nbody: .a\n[b]\nhost: b.org\nbody: p\n",
	  "r:1:0: the rule 'a' has no host, generator or marker" },
	{ "it finds nothing", "[a]\nhost: a.org\n", "r:1:0: the rule 'a' finds nothing: it has no selectors" },
	{ "no host", "[a]\nhost:\n", "r:2:6: want a value" },
	{ "no second host", "[a]\nhost: a.org,\n", "r:2:13: want a value" },
	{ "an address is no host", "[a]\nhost: a.org, https://b.org/\n",
	  "r:2:19: want a host like example.org (its subdomains are meant, too), without http://, port and path" },
	{ "nor is a pattern", "[a]\nhost: *.a.org\n",
	  "r:2:7: want a host like example.org (its subdomains are meant, too), without http://, port and path" },
	{ "nor is one with a port", "[a]\nhost: 127.0.0.1, 2001:db8::7, a.org:80\n",
	  "r:2:36: want a host like example.org (its subdomains are meant, too), without http://, port and path" },
	{ "nor a word", "[a]\nhost: www.example\n", "r:2:11: want a host like example.org" },
	{ "no selector", "[a]\nhost: a.org\nbody:  \n", "r:3:6: want a selector" },
	{ "a wrong selector", "[a]\nhost: a.org\nkicker: .روتیتر, p:first-child\n",
	  "r:3:19: there are no pseudo-classes; want a tag, .class, #id, [attribute], blank, > or comma" },
	{ "a marker without a name", "[a]\nmarker: .a p\n",
	  "r:2:9: a marker ends in a class, an id or an itemprop: it is looked for on every page" },
	{ "not UTF-8", "[a]\nhost: a.org\nbody: .\xFF\n", "r:3:0: this line is not UTF-8" },
};
/* clang-format on */

static struct pk_site_rules *
parse(const char *text)
{
	struct pk_site_rules *rules = NULL;
	struct pk_diag diag = { .line = 0 };

	if (pk_site_rules_parse(pk_span_of(text), "r", &rules, &diag) < 0)
		fail_msg("%u:%u: %s", diag.line, diag.column, diag.what);
	return rules;
}

static void
check_wrong(void **state)
{
	const struct wrong_case *c = *state;
	struct pk_site_rules *rules = NULL;
	struct pk_diag diag = { .line = 0 };
	char message[600];

	assert_int_equal(
	    pk_site_rules_parse(pk_span_of(c->text), "r", &rules, &diag), -EBADMSG);
	assert_null(rules);
	snprintf(message, sizeof(message), "%s:%u:%u: %s", diag.where, diag.line,
	    diag.column, diag.what);
	assert_string_equal(message, c->message);
}

static void
a_file_is_read(void **state)
{
	pk_cleanup(pk_site_rules_freep) struct pk_site_rules *rules =
	    parse("\xEF\xBB\xBF# a comment\r\n"
		  "[ One ]\r\n"
		  "generator: NasTooh, other one\r\n"
		  "host: www.Example.org, b.example.org\r\n"
		  "marker: .a, #b\r\n"
		  "  body: .a p\r\n"
		  "body: #docs > p , .c\r\n"
		  "[two.2]\n"
		  "host: a.example.org\n"
		  "title : h1");

	(void)state;
	assert_int_equal(rules->n_rules, 2);
	assert_int_equal(rules->hosts.len, 3);
	assert_int_equal(rules->generators.len, 2);
	assert_true(pk_span_eq(rules->generators.items[0].text, PK_SPAN("nastooh")));
	assert_int_equal(rules->markers.len, 1);
	assert_int_equal(rules->markers.items[0].marker.n, 2);
	/* sorted */
	assert_true(pk_span_eq(rules->hosts.items[0].text, PK_SPAN("a.example.org")));
	assert_true(pk_span_eq(rules->hosts.items[2].text, PK_SPAN("example.org")));
	const struct pk_site_rule *one = rules->hosts.items[2].rule;
	assert_string_equal(one->name, "One");
	assert_string_equal(one->where, "site rule One");
	assert_int_equal(one->keys[PK_SITE_BODY]->selectors.n, 1);
	assert_int_equal(one->keys[PK_SITE_BODY]->next->selectors.n, 2);
	assert_null(one->keys[PK_SITE_BODY]->next->next);
	assert_null(one->keys[PK_SITE_TITLE]);
}

static void
nothing_is_no_rule(void **state)
{
	pk_cleanup(pk_site_rules_freep) struct pk_site_rules *rules = parse("\n# x\n");

	(void)state;
	assert_int_equal(rules->n_rules, 0);
}

/* ---- limits -------------------------------------------------------------------- */

/* Head, then a line with a number n times. */
static int
parse_many(const char *head, const char *line, unsigned n, struct pk_diag *diag)
{
	pk_cleanup(pk_freep) char *text = malloc(strlen(head) + (size_t)n * 80 + 1);
	struct pk_site_rules *rules = NULL;
	char *at = text;

	assert_non_null(text);
	at = stpcpy(at, head);
	for (unsigned i = 0; i < n; i++) {
		at += sprintf(at, "[n%u]\nhost: a.org\n", i);
		at = stpcpy(at, line);
	}
	int r = pk_site_rules_parse(pk_span_of(text), "r", &rules, diag);
	pk_site_rules_free(rules);
	return r;
}

static void
there_is_an_end_to_rules(void **state)
{
	struct pk_diag diag;

	(void)state;
	assert_int_equal(parse_many("", "body: p\n", PK_SITE_RULES_MAX, &diag), 0);
	assert_int_equal(
	    parse_many("", "body: p\n", PK_SITE_RULES_MAX + 1, &diag), -E2BIG);
	assert_string_equal(diag.what, "more than 20000 rules");
	assert_int_equal(diag.line, 3 * PK_SITE_RULES_MAX + 1);
}

static void
there_is_an_end_to_markers(void **state)
{
	struct pk_diag diag;
	const char *line = "marker: .m\nbody: p\n";

	(void)state;
	assert_int_equal(parse_many("", line, PK_SITE_MARKERS_MAX, &diag), 0);
	assert_int_equal(parse_many("", line, PK_SITE_MARKERS_MAX + 1, &diag), -E2BIG);
	assert_string_equal(diag.what, "more than 64 lines of markers");
	assert_int_equal(diag.column, 9);
}

static void
there_is_an_end_to_lines(void **state)
{
	char text[(PK_SITE_LINES_MAX + 2) * 10] = "[a]\nhost: a.org\n";
	struct pk_site_rules *rules = NULL;
	struct pk_diag diag;
	char *end = text + strlen(text);

	(void)state;
	for (size_t i = 0; i < PK_SITE_LINES_MAX; i++)
		end = stpcpy(end, "body: p\n");
	rules = pk_site_rules_free(parse(text));
	stpcpy(end, "lead: p\n");
	assert_int_equal(
	    pk_site_rules_parse(pk_span_of(text), "r", &rules, &diag), -E2BIG);
	assert_int_equal(diag.line, PK_SITE_LINES_MAX + 3);
}

/* ---- folders ------------------------------------------------------------------- */

static void
write_file(const char *folder, const char *name, const char *text, size_t len)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	pk_cleanup(pk_fclosep) FILE *file = fopen(path, "we");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
}

static void
remove_file(const char *folder, const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	unlink(path);
}

static void
the_users_rules_go_first(void **state)
{
	char folder[] = "/tmp/peyk-rules-XXXXXX";
	struct pk_site_rules *rules = NULL;
	const char b[] = "[nastooh]\nhost: b.org\nbody: .own\n";
	const char a[] = "[mine]\nhost: b.org\nbody: .mine\n";

	(void)state;
	assert_non_null(mkdtemp(folder));
	write_file(folder, "b.rules", b, strlen(b));
	write_file(folder, "a.rules", a, strlen(a));
	write_file(folder, "c.rules~", "x", 1);
	int r = pk_site_rules_load(PEYK_SOURCE_DIR "/extract", folder, &rules, NULL);
	for (const char *name = "a.rules\0b.rules\0c.rules~\0"; *name != '\0';
	     name += strlen(name) + 1)
		remove_file(folder, name);
	rmdir(folder);
	assert_int_equal(r, 0);
	size_t seen = 0;
	for (size_t i = 0; i < rules->hosts.len; i++) {
		const struct pk_site_sign *sign = &rules->hosts.items[i];
		if (pk_span_eq(sign->text, PK_SPAN("b.org")))
			assert_string_equal(
			    sign->rule->name, seen++ == 0 ? "mine" : "nastooh");
	}
	assert_int_equal(seen, 2);
	/* ours of that name is gone */
	for (size_t i = 0; i < rules->generators.len; i++)
		assert_string_not_equal(
		    rules->generators.items[i].rule->name, "nastooh");
	pk_site_rules_free(rules);
}

static void
ours_are_right(void **state)
{
	struct pk_site_rules *rules = NULL;
	struct pk_diag diag = { .line = 0 };

	(void)state;
	if (pk_site_rules_load(PEYK_SOURCE_DIR "/extract", NULL, &rules, &diag) < 0)
		fail_msg("%s:%u:%u: %s", diag.where, diag.line, diag.column, diag.what);
	assert_true(rules->n_rules >= 10);
	for (size_t i = 0; i < rules->generators.len; i++)
		assert_false(rules->generators.items[i].rule->own);
	pk_site_rules_free(rules);
}

static void
a_file_that_is_too_large_is_none(void **state)
{
	char folder[] = "/tmp/peyk-rules-XXXXXX";
	pk_cleanup(pk_freep) char *text = calloc(1, PK_SITE_FILE_MAX + 1);
	struct pk_site_rules *rules = NULL;
	struct pk_diag diag;

	(void)state;
	assert_non_null(text);
	assert_non_null(mkdtemp(folder));
	memset(text, '\n', PK_SITE_FILE_MAX + 1);
	write_file(folder, "a.rules", text, PK_SITE_FILE_MAX + 1);
	int r = pk_site_rules_load("/nowhere", folder, &rules, &diag);
	write_file(folder, "a.rules", text, PK_SITE_FILE_MAX);
	int fine = pk_site_rules_load("/nowhere", folder, &rules, NULL);
	remove_file(folder, "a.rules");
	rmdir(folder);
	pk_site_rules_free(rules);
	assert_int_equal(r, -E2BIG);
	assert_string_equal(diag.what, "more than 1 MiB");
	assert_int_equal(fine, 0);
}

static void
a_folder_that_is_not_there_is_told(void **state)
{
	struct pk_site_rules *rules = NULL;
	struct pk_diag diag;

	(void)state;
	assert_int_equal(
	    pk_site_rules_load("/nowhere", "/nowhere/2", &rules, &diag), -ENOENT);
	assert_string_equal(diag.where, "/nowhere/2");
	assert_string_equal(
	    diag.what, "cannot open this folder of rules: No such file or directory");
}

int
main(void)
{
	struct CMUnitTest tests[48] = {
		cmocka_unit_test(a_file_is_read),
		cmocka_unit_test(nothing_is_no_rule),
		cmocka_unit_test(there_is_an_end_to_rules),
		cmocka_unit_test(there_is_an_end_to_markers),
		cmocka_unit_test(there_is_an_end_to_lines),
		cmocka_unit_test(the_users_rules_go_first),
		cmocka_unit_test(ours_are_right),
		cmocka_unit_test(a_file_that_is_too_large_is_none),
		cmocka_unit_test(a_folder_that_is_not_there_is_told),
	};
	size_t n = 9;

	/* The state is only read. */
	for (size_t i = 0; i < PK_COUNT(wrong_cases); i++)
		tests[n++] = (struct CMUnitTest){ .name = wrong_cases[i].name,
			.test_func = check_wrong,
			.initial_state = (void *)(uintptr_t)&wrong_cases[i] };
	return _cmocka_run_group_tests(
	    "extract/article/site_rules", tests, n, NULL, NULL);
}
