/* SPDX-License-Identifier: Apache-2.0 */
#include "config/snapshot.h"

#include "config/config.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct pk_config *
load(const char *text)
{
	struct pk_config *config = NULL;
	struct pk_config_report report;
	struct pk_buf buf;

	pk_buf_init(&buf, 0);
	assert_int_equal(pk_config_report_init(&report), 0);
	int r = pk_config_load_text("f", pk_span_of(text), &config, &report);
	pk_config_report_render(&report, &buf);
	if (r != 0)
		fail_msg("%d\n%s", r, buf.ptr);
	pk_config_report_done(&report);
	pk_buf_done(&buf);
	return config;
}

static void
what_is_not_said_has_its_default(void **state)
{
	pk_cleanup(pk_config_unrefp) struct pk_config *c = load("version: 1\n");

	(void)state;
	assert_string_equal(c->instance.ptr, "main");
	assert_string_equal(c->daemon.state_dir.ptr, "/var/lib/peyk");
	assert_null(c->daemon.data_dir.ptr);
	assert_int_equal(c->daemon.workers, 2);
	assert_int_equal(c->daemon.log_level, PK_INFO);
	assert_int_equal(c->fetch.limits.page_bytes, 8 * 1024 * 1024);
	assert_int_equal(c->fetch.pages_max, 10);
	assert_int_equal(c->fetch.private_networks, PK_CONFIG_DENY);
	assert_int_equal(c->fetch.allow_cidrs.n, 0);
	assert_int_equal(c->fetch.allow_ports.n, 4);
	assert_int_equal(c->fetch.allow_ports.items[3], 8443);
	assert_null(c->extract.knowledge.ptr);
	assert_null(c->extract.sites.ptr);
	assert_int_equal(c->poll.jitter_percent, 10);
	assert_int_equal(c->journal.sync, PK_CONFIG_SYNC_FULL);
	assert_int_equal(c->publish.events.bind.n, 1);
	assert_string_equal(
	    c->publish.events.bind.items[0].ptr, "tcp://127.0.0.1:7551");
	assert_null(c->websub.callback.ptr);
	assert_string_equal(c->websub.listen.ptr, "127.0.0.1:7554");
	assert_int_equal(c->websub.lease_ms, INT64_C(7) * 86400000);
	assert_int_equal(c->feeds.n, 0);
}

static void
what_is_said_is_there(void **state)
{
	pk_cleanup(pk_config_unrefp) struct pk_config *c = load(
	    "version: 1\n"
	    "fetch: {timeouts: {total: 90s}, tls: {ca_file: /etc/peyk/ca.pem}, "
	    "allow_cidrs: [127.0.0.1/32, \"::1/128\"], private_networks: allow}\n"
	    "extract: {knowledge: /etc/peyk/knowledge, sites: /etc/peyk/sites.d}\n"
	    "journal: {sync: normal}\n"
	    "websub: {callback: \"https://peyk.example/in\", listen: \"[::1]:80\", "
	    "lease: 1d}\n"
	    "publish: {allow_public_plain: true, events: {bind: [\"tcp://*:1\"]}}\n");

	(void)state;
	assert_int_equal(c->fetch.timeouts.total_ms, 90000);
	assert_string_equal(c->fetch.tls.ca_file.ptr, "/etc/peyk/ca.pem");
	assert_int_equal(c->fetch.allow_cidrs.n, 2);
	assert_string_equal(c->fetch.allow_cidrs.items[1].ptr, "::1/128");
	assert_int_equal(c->fetch.private_networks, PK_CONFIG_ALLOW);
	assert_string_equal(c->extract.knowledge.ptr, "/etc/peyk/knowledge");
	assert_string_equal(c->extract.sites.ptr, "/etc/peyk/sites.d");
	assert_int_equal(c->journal.sync, PK_CONFIG_SYNC_NORMAL);
	assert_string_equal(c->websub.callback.ptr, "https://peyk.example/in");
	assert_string_equal(c->websub.listen.ptr, "[::1]:80");
	assert_int_equal(c->websub.lease_ms, 86400000);
	assert_true(c->publish.allow_public_plain);
}

static void
a_feed_inherits_from_its_group_and_from_poll(void **state)
{
	pk_cleanup(pk_config_unrefp) struct pk_config *c = load(
	    "version: 1\n"
	    "groups:\n"
	    "  - feeds:\n" /* before the defaults: the order does not matter */
	    "      - {id: b, url: \"http://example.org/b\"}\n"
	    "      - {id: a, url: \"http://example.org/a\", interval: 1h, lang: ar,\n"
	    "         publisher: nur, country: SYR, enabled: true,\n"
	    "         websub: true}\n"
	    "    id: g\n"
	    "    defaults: {interval: 5m, lang: fa, country: IRN, enabled: false,\n"
	    "      links: auto, websub: false,\n"
	    "      publisher: {id: sepehr, name: سپهر, country: AFG}}\n"
	    "feeds:\n"
	    "  - {id: c, url: \"http://example.org/c\", publisher: \"آفتاب\"}\n"
	    "  - {id: d, url: \"http://example.org/d\", country: IRN}\n"
	    "poll: {interval: 30m}\n");
	const struct pk_config_feed *a = pk_config_feed(c, PK_SPAN("a"));
	const struct pk_config_feed *b = pk_config_feed(c, PK_SPAN("b"));
	const struct pk_config_feed *cc = pk_config_feed(c, PK_SPAN("c"));
	const struct pk_config_feed *d = pk_config_feed(c, PK_SPAN("d"));

	(void)state;
	assert_int_equal(c->feeds.n, 4);
	assert_ptr_equal(a, &c->feeds.items[0]);
	assert_null(pk_config_feed(c, PK_SPAN("e")));
	assert_null(pk_config_feed(c, PK_SPAN("")));

	assert_int_equal(b->interval_ms, 300000);
	assert_string_equal(b->lang.ptr, "fa");
	assert_string_equal(b->group.ptr, "g");
	assert_string_equal(b->publisher.id.ptr, "sepehr");
	assert_string_equal(b->publisher.native.ptr, "سپهر");
	assert_string_equal(b->publisher.country.ptr, "AFG");
	assert_false(b->enabled);
	assert_string_equal(b->links.ptr, "auto");
	assert_null(cc->links.ptr);
	assert_false(b->websub);
	assert_true(cc->websub);

	assert_int_equal(a->interval_ms, 3600000);
	assert_string_equal(a->lang.ptr, "ar");
	assert_true(a->enabled);
	assert_true(a->websub);
	/* Another publisher has nothing of the group's. */
	assert_string_equal(a->publisher.id.ptr, "nur");
	assert_null(a->publisher.native.ptr);
	assert_string_equal(a->publisher.country.ptr, "SYR");

	assert_int_equal(cc->interval_ms, 0); /* the daemon finds it out */
	assert_null(cc->group.ptr);
	assert_string_equal(cc->publisher.id.ptr, "c");
	assert_string_equal(cc->publisher.native.ptr, "آفتاب");

	/* Nothing was said about the publisher: others may know it by its host. */
	assert_null(d->publisher.id.ptr);
	assert_string_equal(d->publisher.country.ptr, "IRN");
}

static void
the_difference_is_found(void **state)
{
	pk_cleanup(pk_config_unrefp) struct pk_config *old =
	    load("version: 1\n"
		 "feeds:\n"
		 "  - {id: a, url: \"http://example.org/a\"}\n"
		 "  - {id: b, url: \"http://example.org/b\"}\n"
		 "  - {id: c, url: \"http://example.org/c\", headers: {X: a}}\n");
	pk_cleanup(pk_config_unrefp) struct pk_config *new =
	    load("version: 1\n"
		 "daemon: {workers: 4}\n"
		 "fetch: {allow_ports: [80]}\n"
		 "publish: {events: {bind: [\"tcp://127.0.0.1:1\"]}}\n"
		 "feeds:\n"
		 "  - {id: d, url: \"http://example.org/d\"}\n"
		 "  - {id: c, url: \"http://example.org/c\", headers: {X: b}}\n"
		 "  - {id: b, url: \"http://example.org/b\"}\n");
	struct pk_config_diff diff;

	(void)state;
	assert_int_equal(pk_config_diff(old, new, &diff), 0);
	assert_int_equal(diff.n_added, 1);
	assert_string_equal(diff.added[0]->id.ptr, "d");
	assert_int_equal(diff.n_removed, 1);
	assert_string_equal(diff.removed[0]->id.ptr, "a");
	assert_int_equal(diff.n_changed, 1);
	assert_string_equal(diff.changed[0]->headers.items[0].value.ptr, "b");
	assert_int_equal(diff.n_keys, 3);
	assert_string_equal(diff.keys[0].path, "daemon.workers");
	assert_int_equal(diff.keys[0].reload, PK_RELOAD_RESTART);
	assert_string_equal(diff.keys[1].path, "fetch.allow_ports");
	assert_int_equal(diff.keys[1].reload, PK_RELOAD_LIVE);
	assert_string_equal(diff.keys[2].path, "publish.events.bind");
	assert_true(diff.rebind);
	assert_true(diff.restart);
	pk_config_diff_done(&diff);

	assert_int_equal(pk_config_diff(new, new, &diff), 0);
	assert_int_equal(
	    diff.n_added + diff.n_removed + diff.n_changed + diff.n_keys, 0);
	assert_false(diff.rebind || diff.restart);
	pk_config_diff_done(&diff);
}

static void
the_last_holder_frees_it(void **state)
{
	struct pk_config *c = load("version: 1\n");

	(void)state;
	assert_ptr_equal(pk_config_ref(c), c);
	assert_null(pk_config_unref(c));
	assert_string_equal(c->instance.ptr, "main");
	assert_null(pk_config_unref(c));
	assert_null(pk_config_unref(NULL));
}

/* The bound that the documentation gives. */
static void
a_hundred_thousand_feeds_are_too_many_by_one(void **state)
{
	struct pk_config *config = NULL;
	struct pk_config_report report;
	struct pk_buf text;

	(void)state;
	pk_buf_init(&text, 0);
	pk_buf_append(&text, PK_SPAN("version: 1\nfeeds:\n"));
	for (int i = 0; i <= PK_CONFIG_FEEDS_MAX; i++)
		pk_buf_printf(&text, "- {id: f%d, url: http://h/}\n", i);
	assert_true(text.len < PK_CONFIG_FILE_MAX);
	assert_int_equal(pk_config_report_init(&report), 0);
	assert_int_equal(
	    pk_config_load_text("f", pk_buf_span(&text), &config, &report), -EBADMSG);
	assert_int_equal(report.n_errors, 1);
	assert_string_equal(
	    report.messages.items[0].message.ptr, "more than 100000 feeds");
	pk_config_report_done(&report);
	pk_buf_done(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_said_has_its_default),
		cmocka_unit_test(what_is_said_is_there),
		cmocka_unit_test(a_feed_inherits_from_its_group_and_from_poll),
		cmocka_unit_test(the_difference_is_found),
		cmocka_unit_test(the_last_holder_frees_it),
		cmocka_unit_test(a_hundred_thousand_feeds_are_too_many_by_one),
	};

	return cmocka_run_group_tests_name("config/snapshot", tests, NULL, NULL);
}
