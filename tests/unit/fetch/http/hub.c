/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/http/hub.h"

#include "base/cleanup.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define TOKEN "0123456789abcdef0123456789abcdef"
#define TOPIC "https://news.example/rss?a=1&b=2"
#define WEEK  (INT64_C(7) * 86400000)

static void
a_form_asks(void **state)
{
	struct pk_hub_request request = { .topic = PK_SPAN(TOPIC),
		.callback = PK_SPAN("https://peyk.example/in/"),
		.token = PK_SPAN(TOKEN),
		.secret = PK_SPAN("s3cret"),
		.lease_ms = WEEK };
	struct pk_buf buf;

	(void)state;
	pk_buf_init(&buf, 0);
	assert_int_equal(pk_hub_write_form(&request, &buf), 0);
	assert_string_equal(buf.ptr,
	    "hub.mode=subscribe&hub.verify=async"
	    "&hub.topic=https%3A%2F%2Fnews.example%2Frss%3Fa%3D1%26b%3D2"
	    "&hub.callback=https%3A%2F%2Fpeyk.example%2Fin%2Fwebsub%2F" TOKEN
	    "&hub.secret=s3cret&hub.lease_seconds=604800");

	request.leave = true;
	request.topic = PK_SPAN("https://news.example/خبر");
	buf.len = 0;
	assert_int_equal(pk_hub_write_form(&request, &buf), 0);
	assert_string_equal(buf.ptr,
	    "hub.mode=unsubscribe&hub.verify=async"
	    "&hub.topic=https%3A%2F%2Fnews.example%2F%D8%AE%D8%A8%D8%B1"
	    "&hub.callback=https%3A%2F%2Fpeyk.example%2Fin%2Fwebsub%2F" TOKEN);
	pk_buf_done(&buf);
}

static void
a_form_keeps_to_its_limit(void **state)
{
	const struct pk_hub_request request = { .topic = PK_SPAN(TOPIC) };
	struct pk_buf buf;

	(void)state;
	pk_buf_init(&buf, 60);
	assert_int_equal(pk_hub_write_form(&request, &buf), -E2BIG);
	pk_buf_done(&buf);
}

/* clang-format off */
static const struct path_case {
	const char *path;
	bool is_one;
} paths[] = {
	{ "/websub/" TOKEN,            true },
	{ "/in/front/websub/" TOKEN,   true },
	{ "/websub/ABCDEF0123456789ABCDEF0123456789", true },
	{ "websub/" TOKEN,             false },
	{ "/websub" TOKEN,             false },
	{ "/websub/" TOKEN "/",        false },
	{ "/websub/0" TOKEN,           false },
	{ "/websub/0123456789abcdef0123456789abcdeg", false },
	{ "/websub/",                  false },
	{ TOKEN,                       false },
	{ "/",                         false },
	{ "",                          false },
};
/* clang-format on */

static void
a_path_has_a_token(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(paths); i++) {
		struct pk_span path = pk_span_of(paths[i].path);
		struct pk_span token = { NULL, 0 };
		assert_int_equal(pk_hub_read_path(path, &token), paths[i].is_one);
		assert_int_equal(token.len, paths[i].is_one ? PK_HUB_TOKEN_LEN : 0);
		if (paths[i].is_one)
			assert_ptr_equal(token.ptr + token.len, path.ptr + path.len);
	}
}

/* clang-format off */
static const struct intent_case {
	const char *name;
	const char *mode, *topic, *challenge;
	bool leaving;
	enum pk_hub_answer answer;
} intents[] = {
	{ "as asked",          "subscribe",   TOPIC,    "c1", false, PK_HUB_SUBSCRIBED },
	{ "its end",           "unsubscribe", TOPIC,    "c1", true,  PK_HUB_UNSUBSCRIBED },
	{ "not its end",       "unsubscribe", TOPIC,    "c1", false, PK_HUB_REFUSE },
	{ "no longer",         "subscribe",   TOPIC,    "c1", true,  PK_HUB_REFUSE },
	{ "another topic",     "subscribe",   TOPIC "3", "c1", false, PK_HUB_REFUSE },
	{ "no topic",          "subscribe",   NULL,     "c1", false, PK_HUB_REFUSE },
	{ "no challenge",      "subscribe",   TOPIC,    NULL, false, PK_HUB_REFUSE },
	{ "empty challenge",   "subscribe",   TOPIC,    "",   false, PK_HUB_REFUSE },
	{ "no mode",           NULL,          TOPIC,    "c1", false, PK_HUB_REFUSE },
	{ "an unknown mode",   "publish",     TOPIC,    "c1", false, PK_HUB_REFUSE },
	{ "denied",            "denied",      TOPIC,    NULL, false, PK_HUB_DENIED },
	{ "denied, of others", "denied",      "x",      NULL, false, PK_HUB_REFUSE },
};
/* clang-format on */

static void
an_intent_is_judged(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(intents); i++) {
		const struct intent_case *c = &intents[i];
		const struct pk_hub_intent intent = { .mode = pk_span_of(c->mode),
			.topic = pk_span_of(c->topic),
			.challenge = pk_span_of(c->challenge) };
		if (pk_hub_judge(&intent, PK_SPAN(TOPIC), c->leaving) != c->answer)
			fail_msg("%s: another answer", c->name);
	}
}

static void
a_long_challenge_is_not_echoed(void **state)
{
	static char long_one[PK_HUB_CHALLENGE_MAX + 1];
	struct pk_hub_intent intent = { .mode = PK_SPAN("subscribe"),
		.topic = PK_SPAN(TOPIC),
		.challenge = { long_one, sizeof(long_one) } };

	(void)state;
	assert_int_equal(pk_hub_judge(&intent, PK_SPAN(TOPIC), false), PK_HUB_REFUSE);
	intent.challenge.len--;
	assert_int_equal(
	    pk_hub_judge(&intent, PK_SPAN(TOPIC), false), PK_HUB_SUBSCRIBED);
}

static int64_t
lease(const char *seconds)
{
	const struct pk_hub_intent intent = { .lease_seconds = pk_span_of(seconds) };

	return pk_hub_lease_ms(&intent, WEEK);
}

static void
a_lease_has_limits(void **state)
{
	(void)state;
	assert_int_equal(lease("3600"), 3600000);
	assert_int_equal(lease(" 60 "), 60000);
	assert_int_equal(lease(NULL), WEEK);
	assert_int_equal(lease("soon"), WEEK);
	assert_int_equal(lease("0"), WEEK);
	assert_int_equal(lease("-5"), WEEK);
	assert_int_equal(lease("999999999999"), PK_HUB_LEASE_MAX_MS);
	assert_int_equal(lease("99999999999999999999999"), PK_HUB_LEASE_MAX_MS);
}

static void
a_lease_is_renewed_before_its_end(void **state)
{
	(void)state;
	for (uint64_t random = 0; random < 5000; random += 7) {
		int64_t wait_ms = pk_hub_renew_ms(WEEK, random);
		assert_in_range(wait_ms, WEEK / 100 * 75, WEEK / 100 * 85);
	}
	assert_true(pk_hub_renew_ms(WEEK, 0) != pk_hub_renew_ms(WEEK, 999));
	assert_int_equal(pk_hub_renew_ms(1000, 5), PK_HUB_RENEW_MIN_MS);
	assert_true(pk_hub_renew_ms(PK_HUB_LEASE_MAX_MS, UINT64_MAX) > 0);
}

/* Of "خبر" with the key "s3cret", by Python's hmac. */
/* clang-format off */
static const struct signature_case {
	const char *signature;
	bool right;
} signatures[] = {
	{ "sha1=77919d9a399347314c851d63b5d569692c491004", true },
	{ "sha256=aabd16cc135087b7ba5100c98a8b892bb51c2cb20622f36c28f81d50a"
	  "cc88ecb", true },
	{ "sha384=d3b8a18f919298f620c7bf590012bc8f47e0f1def14c9d34b4ac29311"
	  "b183f5f709e63658c020b3bae190e7a03dd2c48", true },
	{ "sha512=29381b49dab4e1f62f7f99c4e163de02321e6ff31552c91418045b8f2"
	  "bf137c2365c56da27125f80e5f7932268e5c86683ad03f69d94b9cf76ab6e02a"
	  "ba11ac7", true },
	{ " SHA256=AABD16CC135087B7BA5100C98A8B892BB51C2CB20622F36C28F81D50"
	  "ACC88ECB ", true },
	{ "sha1=aabd16cc135087b7ba5100c98a8b892bb51c2cb20622f36c28f81d50acc"
	  "88ecb", false },
	{ "sha256=aabd16cc135087b7ba5100c98a8b892bb51c2cb20622f36c28f81d50a"
	  "cc88ec", false },
	{ "sha256=aabd16cc135087b7ba5100c98a8b892bb51c2cb20622f36c28f81d50a"
	  "cc88ecb0", false },
	{ "sha256=aabd16cc135087b7ba5100c98a8b892bb51c2cb20622f36c28f81d50a"
	  "cc88ecg", false },
	{ "sha256=aabd16cc135087b7ba5100c98a8b892bb51c2cb20622f36c28f81d50a"
	  "cc88ec0", false },
	{ NULL, false },
	{ "", false },
	{ "sha256", false },
	{ "sha256=", false },
	{ "=00", false },
	{ "md5=d41d8cd98f00b204e9800998ecf8427e", false },
};
/* clang-format on */

static void
a_signature_is_checked(void **state)
{
	struct pk_span secret = PK_SPAN("s3cret"), bytes = PK_SPAN("خبر");

	(void)state;
	for (size_t i = 0; i < PK_COUNT(signatures); i++) {
		const struct signature_case *c = &signatures[i];
		if (pk_hub_is_signed(pk_span_of(c->signature), secret, bytes) !=
		    c->right)
			fail_msg("%s", c->signature);
		/* nobody else's bytes, nobody else's secret */
		assert_false(
		    pk_hub_is_signed(pk_span_of(c->signature), secret, PK_SPAN("x")));
		assert_false(
		    pk_hub_is_signed(pk_span_of(c->signature), PK_SPAN("x"), bytes));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_form_asks),
		cmocka_unit_test(a_form_keeps_to_its_limit),
		cmocka_unit_test(a_path_has_a_token),
		cmocka_unit_test(an_intent_is_judged),
		cmocka_unit_test(a_long_challenge_is_not_echoed),
		cmocka_unit_test(a_lease_has_limits),
		cmocka_unit_test(a_lease_is_renewed_before_its_end),
		cmocka_unit_test(a_signature_is_checked),
	};

	return cmocka_run_group_tests_name("fetch/http/hub", tests, NULL, NULL);
}
