/* SPDX-License-Identifier: Apache-2.0 */
/* What is dumped loads to the same configuration. */
#include "config/config.h"
#include "config/key.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* clang-format off */
static const struct dump_case { const char *name; const char *text; } cases[] = {
	{ "defaults", "version: 1\n" },
	{ "every kind of value",
	  "version: 1\n"
	  "instance: tehran-2\n"
	  "daemon: {state_dir: \"/srv/a b\", data_dir: /srv/data, log_level: debug}\n"
	  "fetch:\n"
	  "  user_agent: 'say \"peyk\" \\ here'\n"
	  "  per_host: {min_delay: 0s}\n"
	  "  allow_cidrs: [127.0.0.1/32, \"fd00::/8\"]\n"
	  "  allow_ports: [80]\n"
	  "  private_networks: allow\n"
	  "poll: {interval: 90s, min_interval: 1500ms, max_interval: 2d, jitter: 0%}\n"
	  "journal: {sync: normal, group_commit: {delay: 0s}}\n"
	  "websub: {callback: \"https://peyk.example/in\", listen: \"[::1]:0\", lease: 1d}\n"
	  "publish: {allow_public_plain: true,\n"
	  "  events: {bind: [\"tcp://*:7551\", \"ipc:///run/peyk/events.sock\"]}}\n" },
	{ "feeds",
	  "version: 1\n"
	  "groups:\n"
	  "  - id: empty\n"
	  "  - id: fa\n"
	  "    defaults: {lang: fa, country: IRN, interval: 5m}\n"
	  "    feeds:\n"
	  "      - {id: z, url: \"http://example.org/پیک?a=b\", title: \"پیک: «یک»\"}\n"
	  "      - {id: y, url: \"http://example.org/y\", publisher: \"آفتاب\"}\n"
	  "      - {id: x, url: \"http://example.org/x\", enabled: false, websub: false, links: 'h2 a',\n"
	  "         publisher: {id: nur, name: نور, latin: \"Nur: #1\", country: SYR},\n"
	  "         headers: {Accept-Language: fa, X-Quote: 'a \"b\" c'}}\n"
	  "feeds:\n"
	  "  - {id: w, url: \"http://example.org/w\"}\n" },
};
/* clang-format on */

static struct pk_config *
load(struct pk_span text)
{
	struct pk_config *config = NULL;
	struct pk_config_report report;
	struct pk_buf buf;

	pk_buf_init(&buf, 0);
	assert_int_equal(pk_config_report_init(&report), 0);
	int r = pk_config_load_text("f", text, &config, &report);
	pk_config_report_render(&report, &buf);
	if (r != 0)
		fail_msg("%d\n%s\n%.*s", r, buf.ptr, PK_SPAN_ARG(text));
	pk_config_report_done(&report);
	pk_buf_done(&buf);
	return config;
}

static void
check_round_trip(void **state)
{
	const struct dump_case *c = *state;
	pk_cleanup(pk_config_unrefp) struct pk_config *first =
	    load(pk_span_of(c->text));
	struct pk_config_diff diff;
	struct pk_buf text, again;

	pk_buf_init(&text, 0);
	pk_buf_init(&again, 0);
	assert_int_equal(pk_config_dump(first, &text), 0);
	pk_cleanup(pk_config_unrefp) struct pk_config *second =
	    load(pk_buf_span(&text));
	assert_int_equal(pk_config_diff(first, second, &diff), 0);
	assert_int_equal(
	    diff.n_added + diff.n_removed + diff.n_changed + diff.n_keys, 0);
	assert_int_equal(first->groups.n, second->groups.n);
	assert_int_equal(pk_config_dump(second, &again), 0);
	assert_string_equal(text.ptr, again.ptr);
	pk_config_diff_done(&diff);
	pk_buf_done(&text);
	pk_buf_done(&again);
}

/* A section that options.def opens twice would be a duplicate key in the dump. */
static void
the_dump_shows_every_key(void **state)
{
	pk_cleanup(pk_config_unrefp) struct pk_config *c =
	    load(PK_SPAN("version: 1\n"));
	struct pk_buf text;

	(void)state;
	pk_buf_init(&text, 0);
	assert_int_equal(pk_config_dump(c, &text), 0);
	for (size_t i = 0; i < pk_config_keys.n; i++) {
		const struct pk_key *key = &pk_config_keys.items[i];
		const char *last = strrchr(key->path, '.');
		char line[64];
		if (pk_value_info(key->type)->storage == PK_STORED_TREE)
			continue;
		snprintf(
		    line, sizeof(line), "%s:", last == NULL ? key->path : last + 1);
		if (strstr(text.ptr, line) == NULL)
			fail_msg("%s", key->path);
	}
	pk_buf_done(&text);
}

int
main(void)
{
	struct CMUnitTest tests[PK_COUNT(cases) + 1];

	for (size_t i = 0; i < PK_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){
			.name = cases[i].name,
			.test_func = check_round_trip,
			.initial_state = (void *)(uintptr_t)&cases[i],
		};
	tests[PK_COUNT(cases)] =
	    (struct CMUnitTest)cmocka_unit_test(the_dump_shows_every_key);
	return cmocka_run_group_tests_name("config/dump", tests, NULL, NULL);
}
