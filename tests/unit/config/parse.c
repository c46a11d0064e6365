/* SPDX-License-Identifier: Apache-2.0 */
/* What a person is told about a file that is wrong, word by word. */
#include "config/config.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>

#include <cmocka.h>

#define V "version: 1\n"

/* clang-format off */
static const struct bad_case {
	const char *name;
	const char *text;
	const char *messages;	/* each on its line, without the source lines */
} bad[] = {
	{ "empty", "", "f: error: is empty\n" },
	{ "only a comment", "# nothing\n", "f: error: is empty\n" },
	{ "a list", "- a\n", "f:1:1: error: is not a mapping of keys\n" },
	{ "a text", "peyk\n", "f:1:1: error: is not a mapping of keys\n" },
	{ "no version", "instance: a\n",
	  "f:1:1: error: there is no version (want version: 1)\n" },
	{ "another version", "version: 2\n",
	  "f:1:10: error: version: '2' is not known here (want 1)\n" },
	{ "invalid UTF-8", V "instance: \"a\xff\"\n",
	  "f:2:13: error: byte 0xff is not valid UTF-8\n" },
	{ "column after Persian", V "{\"پیک\": \xc3}\n",
	  "f:2:9: error: byte 0xc3 is not valid UTF-8\n" },
	{ "control character", V "instance: a\x01\n",
	  "f:2:12: error: control character 0x01\n" },
	{ "UTF-16", "v\xc2\x80\x1f\n", "f:1:3: error: control character 0x1f\n" },

	{ "tab", V "poll:\n\tinterval: 5m\n",
	  "f:3:1: error: a tab cannot indent: use spaces\n" },
	{ "open bracket", V "fetch: {allow_ports: [80\n",
	  "f:2:1: error: flow sequence without a closing bracket\n" },
	{ "open quote", V "instance: \"a\n",
	  "f:2:12: error: double-quoted scalar without closing quote\n" },
	{ "second document", V "---\nversion: 1\n",
	  "f:2:1: error: a second document: one file holds one\n" },
	{ "directive", "%YAML 1.1\n---\nversion: 1\n",
	  "f:2:1: error: directives are not allowed here\n" },
	{ "anchor and alias", V "instance: &a b\ndaemon: {state_dir: *a}\n",
	  "f:2:14: error: anchors are not allowed here\n"
	  "f:3:21: error: aliases are not allowed here: write the value out\n" },
	{ "tag", V "instance: !!str a\n", "f:2:17: error: tags are not allowed here\n" },
	{ "duplicate key", V "instance: a\ninstance: b\n",
	  "f:3:1: error: key 'instance' is given twice\n"
	  "f:2:1: note: first given here\n" },
	{ "key is a list", V "? [a]\n: b\n", "f:2:3: error: a key must be a text\n" },
	{ "too deep", V "x: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n",
	  "f:2:35: error: nested too deeply\n" },

	{ "unknown key, near", V "poll:\n  intervall: 5m\n",
	  "f:3:3: error: unknown key 'intervall' in poll (did you mean 'interval'?)\n" },
	{ "unknown key, far", V "colour: red\n", "f:2:1: error: unknown key 'colour'\n" },
	{ "letters swapped", V "isntance: a\n",
	  "f:2:1: error: unknown key 'isntance' (did you mean 'instance'?)\n" },
	{ "unknown section", V "fech: {}\n",
	  "f:2:1: error: unknown key 'fech' (did you mean 'fetch'?)\n" },
	{ "key with a dot", V "poll.interval: 5m\n",
	  "f:2:1: error: unknown key 'poll.interval'\n" },
	{ "section is a text", V "fetch: {timeouts: 10s}\n",
	  "f:2:19: error: fetch.timeouts: a text is not a mapping of keys\n" },

	{ "not a duration", V "poll: {interval: fast}\n",
	  "f:2:18: error: poll.interval: 'fast' is not a duration (want e.g. 30s, 5m, 1h)\n" },
	{ "no unit", V "poll: {interval: 300}\n",
	  "f:2:18: error: poll.interval: '300' is not a duration (want e.g. 30s, 5m, 1h)\n" },
	{ "quoted", V "poll: {interval: \"no\"}\n",
	  "f:2:18: error: poll.interval: 'no' is not a duration (want e.g. 30s, 5m, 1h)\n" },
	{ "no value", V "poll:\n  jitter:\n",
	  "f:3:3: error: poll.jitter: has no value (want e.g. 10%)\n" },
	{ "list for a duration", V "poll: {interval: [5m]}\n",
	  "f:2:18: error: poll.interval: a list is not a duration (want e.g. 30s, 5m, 1h)\n" },
	{ "below the range", V "fetch: {timeouts: {total: 1ms}}\n",
	  "f:2:27: error: fetch.timeouts.total: '1ms' is out of range (1s to 1h)\n" },
	{ "above the range", V "fetch: {limits: {page_bytes: 1GiB}}\n",
	  "f:2:30: error: fetch.limits.page_bytes: '1GiB' is out of range (1KiB to 256MiB)\n" },
	{ "word, near", V "journal: {sync: ful}\n",
	  "f:2:17: error: journal.sync: 'ful' is not one of full, normal (did you mean 'full'?)\n" },
	{ "word, far", V "daemon: {log_level: loud}\n",
	  "f:2:21: error: daemon.log_level: 'loud' is not one of error, warning, notice, info, debug\n" },
	{ "yes is no switch", V "publish: {allow_public_plain: yes}\n",
	  "f:2:31: error: publish.allow_public_plain: 'yes' is not a switch (want e.g. true, false)\n" },
	{ "text for a list", V "fetch: {allow_cidrs: 127.0.0.1/32}\n",
	  "f:2:22: error: fetch.allow_cidrs: a text is not a list (want e.g. [127.0.0.1/32])\n" },
	{ "wrong item", V "fetch: {allow_cidrs: [127.0.0.1]}\n",
	  "f:2:23: error: fetch.allow_cidrs: '127.0.0.1' is not a network (want e.g. 127.0.0.1/32, fd00::/8)\n" },
	{ "too few items", V "fetch: {allow_ports: []}\n",
	  "f:2:22: error: fetch.allow_ports: 0 items are out of range (1 to 64)\n" },

	{ "order of intervals", V "poll: {min_interval: 1h}\n",
	  "f:2:22: error: poll.min_interval (1h) is more than poll.interval (10m)\n" },
	{ "order of rests", V "poll: {backoff: {max: 30s}}\n",
	  "f:2:23: error: poll.backoff.first (1m) is more than poll.backoff.max (30s)\n" },
	{ "public endpoint for replay", V "publish: {replay: {bind: [\"tcp://0.0.0.0:7552\"]}}\n",
	  "f:2:27: error: publish.replay.bind: other hosts could read everything at tcp://0.0.0.0:7552 (publish.curve.enabled: true lets in known keys alone, publish.allow_public_plain: true everybody)\n" },
	{ "public endpoint", V "publish: {events: {bind: [\"tcp://*:7551\"]}}\n",
	  "f:2:27: error: publish.events.bind: other hosts could read everything at tcp://*:7551 (publish.curve.enabled: true lets in known keys alone, publish.allow_public_plain: true everybody)\n" },
	{ "callback with a query", V "websub: {callback: \"https://peyk.example/?a=1\"}\n",
	  "f:2:20: error: websub.callback: an address with ? or # in it cannot be gone on with\n" },
	{ "listen without a port", V "websub: {listen: \"127.0.0.1\"}\n",
	  "f:2:18: error: websub.listen: '127.0.0.1' is not an address (want e.g. 127.0.0.1:7554, [::1]:7554)\n" },
	{ "include without files", V "include: [a.yaml]\n",
	  "f:2:11: error: include: not possible here\n" },

	{ "feeds is a mapping", V "feeds: {id: a}\n",
	  "f:2:8: error: feeds: a mapping is not a list\n" },
	{ "feed is a text", V "feeds: [https://example.org/]\n",
	  "f:2:9: error: feeds[]: a text is not a mapping of keys\n" },
	{ "feed without id and url", V "feeds:\n  - {title: a}\n",
	  "f:3:5: error: a feed without id\nf:3:5: error: a feed without url\n" },
	{ "feed without url", V "feeds:\n  - {id: a}\n",
	  "f:3:5: error: feed 'a' has no url\n" },
	{ "feed with a wrong id", V "feeds:\n  - {id: A, url: \"http://example.org/\"}\n",
	  "f:3:10: error: feeds[].id: 'A' is not an id (want e.g. irna-politics: at most 32 of a-z, 0-9 and -)\n" },
	{ "unknown key of a feed", V "feeds:\n  - {id: a, url: \"http://example.org/\", titel: b}\n",
	  "f:3:41: error: unknown key 'titel' in feeds[] (did you mean 'title'?)\n" },
	{ "unknown key of a publisher", V "feeds:\n  - {id: a, url: \"http://example.org/\", publisher: {nam: b}}\n",
	  "f:3:53: error: unknown key 'nam' in feeds[].publisher (did you mean 'name'?)\n" },
	{ "password", V "feeds:\n  - {id: a, url: \"http://me:secret@example.org/\"}\n",
	  "f:3:18: error: feeds[].url: a URL cannot hold a user name here\n" },
	{ "links that are no selector", V "feeds:\n  - {id: a, url: \"http://example.org/\", links: \"h2 + a\"}\n",
	  "f:3:48: error: feeds[].links: 'h2 + a' is not a selector of links (want e.g. main .news a, or auto)\n" },
	{ "header of the client", V "feeds:\n  - {id: a, url: \"http://example.org/\", headers: {host: x}}\n",
	  "f:3:51: error: feeds[].headers: 'host' is not a field that can be set\n" },
	{ "header in two lines", V "feeds:\n  - {id: a, url: \"http://example.org/\", headers: {X: \"a\\nb\"}}\n",
	  "f:3:54: error: feeds[].headers: the value of X is not a line of text\n" },
	{ "interval below the least", V "feeds:\n  - {id: a, url: \"http://example.org/\", interval: 9s}\n",
	  "f:3:51: error: feeds[].interval: 9s is less than poll.min_interval (1m)\n" },
	{ "twice the same id", V "feeds:\n  - {id: a, url: \"http://example.org/1\"}\n  - {id: a, url: \"http://example.org/2\"}\n",
	  "f:4:10: error: feed id 'a' already defined\nf:3:10: note: first defined here\n" },
	{ "id of a feed in a group", V
	  "groups:\n  - id: g\n    feeds: [{id: a, url: \"http://example.org/1\"}]\n"
	  "feeds:\n  - {id: a, url: \"http://example.org/2\"}\n",
	  "f:6:10: error: feed id 'a' already defined\nf:4:18: note: first defined here\n" },
	{ "group without id", V "groups:\n  - {feeds: []}\n", "f:3:5: error: a group without id\n" },
	{ "twice the same group", V "groups:\n  - {id: g}\n  - {id: g}\n",
	  "f:4:10: error: group id 'g' already defined\nf:3:10: note: first defined here\n" },
	{ "id in defaults", V "groups:\n  - {id: g, defaults: {id: a, langg: fa}}\n",
	  "f:3:24: error: groups[].defaults: 'id' is a matter of each feed\n"
	  "f:3:31: error: unknown key 'langg' in groups[].defaults (did you mean 'lang'?)\n" },
	{ "value in defaults", V "groups:\n  - {id: g, defaults: {country: iran}}\n",
	  "f:3:33: error: groups[].defaults.country: 'iran' is not a country (want e.g. IRN, DEU)\n" },
	{ "all in one go", V "poll: {interval: fast}\ncolour: red\njournal: {sync: ful}\n",
	  "f:2:18: error: poll.interval: 'fast' is not a duration (want e.g. 30s, 5m, 1h)\n"
	  "f:3:1: error: unknown key 'colour'\n"
	  "f:4:17: error: journal.sync: 'ful' is not one of full, normal (did you mean 'full'?)\n" },
};
/* clang-format on */

/* The messages but for "there are no feeds", which is beside the point. */
static void
join_messages(const struct pk_config_report *report, struct pk_buf *buf)
{
	for (size_t i = 0; i < report->messages.len; i++) {
		if (report->messages.items[i].severity == PK_CONFIG_WARNING)
			continue;
		assert_int_equal(
		    pk_config_message_render(&report->messages.items[i], buf), 0);
		assert_int_equal(pk_buf_append_char(buf, '\n'), 0);
	}
}

static void
check_bad(void **state)
{
	const struct bad_case *c = *state;
	struct pk_config *config = NULL;
	struct pk_config_report report;
	struct pk_buf buf;

	pk_buf_init(&buf, 0);
	assert_int_equal(pk_config_report_init(&report), 0);
	int r = pk_config_load_text("f", pk_span_of(c->text), &config, &report);
	assert_int_equal(r, -EBADMSG);
	assert_null(config);
	join_messages(&report, &buf);
	assert_string_equal(buf.ptr, c->messages);
	pk_buf_done(&buf);
	pk_config_report_done(&report);
}

static void
the_place_is_shown_under_its_line(void **state)
{
	static const char text[] = V "poll:\n  interval: fast # too \x1b[31m soon\n";
	struct pk_config *config = NULL;
	struct pk_config_report report;
	struct pk_buf buf;

	(void)state;
	pk_buf_init(&buf, 0);
	assert_int_equal(pk_config_report_init(&report), 0);
	assert_int_equal(
	    pk_config_load_text("f", pk_span_of(text), &config, &report), -EBADMSG);
	assert_int_equal(pk_config_report_render(&report, &buf), 0);
	assert_string_equal(buf.ptr, "f:3:24: error: control character 0x1b\n"
				     "  interval: fast # too ?[31m soon\n"
				     "                       ^\n");
	pk_buf_done(&buf);
	pk_config_report_done(&report);
}

static void
the_last_line_counts(void **state)
{
	struct pk_config *config = NULL;
	struct pk_config_report report;
	struct pk_buf buf;

	(void)state;
	pk_buf_init(&buf, 0);
	assert_int_equal(pk_config_report_init(&report), 0);
	pk_config_load_text("f",
	    PK_SPAN(V "groups: [{id: g, feeds: [{id: a}, {id: b}]}]\n"), &config,
	    &report);
	assert_int_equal(pk_config_report_summary(&report, "f", &buf), 0);
	assert_string_equal(buf.ptr, "f: 2 errors; 2 feeds in 1 group");
	pk_buf_done(&buf);
	pk_config_report_done(&report);
}

/* A file of nothing but errors must not fill the memory or the terminal. */
static void
messages_are_bounded(void **state)
{
	struct pk_config *config = NULL;
	struct pk_config_report report;
	struct pk_buf text, out;

	(void)state;
	pk_buf_init(&text, 0);
	pk_buf_init(&out, 0);
	pk_buf_append(&text, PK_SPAN(V "feeds:\n"));
	for (int i = 0; i < 1000; i++)
		pk_buf_printf(
		    &text, "  - {id: A%d, url: \"http://example.org/\"}\n", i);
	assert_int_equal(pk_config_report_init(&report), 0);
	assert_int_equal(
	    pk_config_load_text("f", pk_buf_span(&text), &config, &report), -EBADMSG);
	assert_int_equal(report.n_errors, 1000);
	assert_int_equal(report.messages.len, PK_CONFIG_MESSAGES_MAX);
	assert_int_equal(pk_config_report_render(&report, &out), 0);
	assert_true(pk_span_ends_with(pk_buf_span(&out), PK_SPAN("(and 800 more)\n")));
	pk_buf_done(&out);
	pk_buf_done(&text);
	pk_config_report_done(&report);
}

/* ---- files ---- */

static char folder[64];

static int
make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/peyk-config-XXXXXX");
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static int
remove_folder(void **state)
{
	char command[96];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return system(command);
}

static void
write_file(const char *name, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

/* Loads a file of the folder; the messages name files without it. */
static int
load_file(const char *name, struct pk_config **ret_config, struct pk_buf *messages)
{
	struct pk_config_report report;
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	messages->len = 0;
	assert_int_equal(pk_config_report_init(&report), 0);
	int r = pk_config_load(path, ret_config, &report);
	for (size_t i = 0; i < report.messages.len; i++) {
		struct pk_config_message m = report.messages.items[i];
		m.file = pk_span_slice(m.file, strlen(folder) + 1, m.file.len);
		pk_config_message_render(&m, messages);
		pk_buf_append_char(messages, '\n');
	}
	pk_config_report_done(&report);
	return r;
}

static void
files_that_are_no_files(void **state)
{
	struct pk_config *config = NULL;
	struct pk_buf messages;

	(void)state;
	pk_buf_init(&messages, 0);
	assert_int_equal(load_file("absent.yaml", &config, &messages), -EBADMSG);
	assert_string_equal(messages.ptr,
	    "absent.yaml: error: cannot open: No such file or directory\n");
	assert_int_equal(load_file(".", &config, &messages), -EBADMSG);
	assert_string_equal(messages.ptr, ".: error: is a directory\n");
	assert_int_equal(load_file("../../dev/zero", &config, &messages), -EBADMSG);
	assert_string_equal(messages.ptr, "../../dev/zero: error: longer than 4 MiB\n");
	assert_null(config);
	pk_buf_done(&messages);
}

static void
includes_are_read_in_order(void **state)
{
	struct pk_config *config = NULL;
	struct pk_buf messages;
	char path[128];

	(void)state;
	pk_buf_init(&messages, 0);
	snprintf(path, sizeof(path), "%s/feeds.d", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	write_file("peyk.yaml", V "poll: {interval: 20m}\ninclude: [feeds.d/*.yaml]\n"
				  "feeds: [{id: m, url: \"http://example.org/m\"}]\n");
	write_file(
	    "feeds.d/b.yaml", "feeds: [{id: b, url: \"http://example.org/b\"}]\n");
	write_file("feeds.d/a.yaml",
	    "groups:\n- id: g\n  defaults: {lang: fa}\n"
	    "  feeds: [{id: a, url: \"http://example.org/a\"}]\n");
	write_file("feeds.d/empty.yaml", "# later\n");
	write_file("feeds.d/other.txt", "not read");
	if (load_file("peyk.yaml", &config, &messages) != 0)
		fail_msg("%s", messages.ptr);
	assert_int_equal(config->feeds.n, 3);
	assert_string_equal(config->feeds.items[0].lang.ptr, "fa");
	assert_int_equal(config->poll.interval_ms, 20 * 60 * 1000);
	assert_int_equal(config->feeds.items[1].interval_ms, 0);
	config = pk_config_unref(config);

	write_file("feeds.d/c.yaml",
	    "poll: {interval: 5m}\nfeeds: [{id: m, url: \"http://example.org/c\"}]\n");
	assert_int_equal(load_file("peyk.yaml", &config, &messages), -EBADMSG);
	assert_string_equal(messages.ptr,
	    "feeds.d/c.yaml:1:1: error: 'poll' cannot stand in an included file "
	    "(groups, feeds and include can)\n"
	    "feeds.d/c.yaml:2:14: error: feed id 'm' already defined\n"
	    "peyk.yaml:4:14: note: first defined here\n");
	assert_null(config);
	pk_buf_done(&messages);
}

static void
includes_that_do_not_work(void **state)
{
	struct pk_config *config = NULL;
	struct pk_buf messages;

	(void)state;
	pk_buf_init(&messages, 0);
	write_file("gone.yaml", V "include: [gone.d/*.yaml, gone2.yaml]\n");
	assert_int_equal(load_file("gone.yaml", &config, &messages), -EBADMSG);
	assert_string_equal(messages.ptr,
	    "gone.yaml: warning: there are no feeds\n"
	    "gone2.yaml: error: cannot open: No such file or directory\n"
	    "gone.yaml:2:26: note: included here\n");

	write_file("circle.yaml", V "include: [circle2.yaml]\n");
	write_file("circle2.yaml", "include: [circle.yaml]\n");
	assert_int_equal(load_file("circle.yaml", &config, &messages), -EBADMSG);
	assert_string_equal(messages.ptr, "circle.yaml: warning: there are no feeds\n"
					  "circle.yaml: error: has been read already\n"
					  "circle2.yaml:1:11: note: included here\n");

	for (int i = 0; i < 12; i++) {
		char name[32], text[64];
		snprintf(name, sizeof(name), "deep%d.yaml", i);
		snprintf(text, sizeof(text), "%sinclude: [deep%d.yaml]\n",
		    i == 0 ? V : "", i + 1);
		write_file(name, text);
	}
	assert_int_equal(load_file("deep0.yaml", &config, &messages), -EBADMSG);
	assert_string_equal(messages.ptr,
	    "deep0.yaml: warning: there are no feeds\n"
	    "deep8.yaml:1:11: error: include: files include each other too deeply\n");
	assert_null(config);
	pk_buf_done(&messages);
}

static void
the_examples_load(void **state)
{
	struct pk_config *config = NULL;
	struct pk_config_report report;
	struct pk_buf buf;

	(void)state;
	pk_buf_init(&buf, 0);
	assert_int_equal(pk_config_report_init(&report), 0);
	int r = pk_config_load(
	    PEYK_SOURCE_DIR "/config/examples/peyk.yaml", &config, &report);
	pk_config_report_render(&report, &buf);
	if (r != 0 || buf.len > 0)
		fail_msg("%d\n%s", r, buf.ptr);
	assert_true(config->feeds.n >= 3);
	assert_true(config->groups.n >= 1);
	pk_config_unref(config);
	pk_config_report_done(&report);
	pk_buf_done(&buf);
}

int
main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(the_place_is_shown_under_its_line),
		cmocka_unit_test(the_last_line_counts),
		cmocka_unit_test(messages_are_bounded),
		cmocka_unit_test(files_that_are_no_files),
		cmocka_unit_test(includes_are_read_in_order),
		cmocka_unit_test(includes_that_do_not_work),
		cmocka_unit_test(the_examples_load),
	};
	struct CMUnitTest tests[PK_COUNT(bad) + PK_COUNT(others)];

	for (size_t i = 0; i < PK_COUNT(bad); i++)
		tests[i] = (struct CMUnitTest){
			.name = bad[i].name,
			.test_func = check_bad,
			/* cmocka wants it writable; nobody writes. */
			.initial_state = (void *)(uintptr_t)&bad[i],
		};
	memcpy(tests + PK_COUNT(bad), others, sizeof(others));
	return cmocka_run_group_tests_name(
	    "config/parse", tests, make_folder, remove_folder);
}
