/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a hub may say (fetch/http/hub.h): lines of path, mode, topic, challenge, lease
 * and signature, and behind them the body.
 */
#include "fetch/http/hub.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>

static void
check_form(struct pk_span topic, struct pk_span secret)
{
	const struct pk_hub_request request = { .topic = topic,
		.callback = PK_SPAN("https://peyk.example/"),
		.token = PK_SPAN("0123456789abcdef0123456789abcdef"),
		.secret = secret,
		.lease_ms = 1000 };
	struct pk_buf buf;
	size_t fields = 1;

	/* nobody's topic can add a field to the form */
	pk_buf_init(&buf, (size_t)1 << 20);
	if (pk_hub_write_form(&request, &buf) == 0) {
		for (size_t i = 0; i < buf.len; i++) {
			assert(buf.ptr[i] > ' ' && buf.ptr[i] < 0x7f);
			fields += buf.ptr[i] == '&';
		}
		assert(fields == 6);
	}
	pk_buf_done(&buf);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pk_span rest = { (const char *)data, size }, token;
	struct pk_span path = pk_span_split(&rest, '\n');
	struct pk_hub_intent intent = { .mode = pk_span_split(&rest, '\n') };

	intent.topic = pk_span_split(&rest, '\n');
	intent.challenge = pk_span_split(&rest, '\n');
	intent.lease_seconds = pk_span_split(&rest, '\n');
	struct pk_span signature = pk_span_split(&rest, '\n');

	if (pk_hub_read_path(path, &token))
		assert(token.len == PK_HUB_TOKEN_LEN);
	enum pk_hub_answer answer =
	    pk_hub_judge(&intent, PK_SPAN("http://a/"), size % 2 == 0);
	if (answer == PK_HUB_SUBSCRIBED || answer == PK_HUB_UNSUBSCRIBED)
		assert(intent.challenge.len > 0);
	int64_t lease_ms = pk_hub_lease_ms(&intent, 1000);
	assert(lease_ms >= 1000 && lease_ms <= PK_HUB_LEASE_MAX_MS);
	assert(pk_hub_renew_ms(lease_ms, size) >= PK_HUB_RENEW_MIN_MS);
	pk_hub_is_signed(signature, PK_SPAN("s3cret"), rest);
	check_form(intent.topic, signature);
	return 0;
}
