/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/event_json.h"

#include "publish/cloud_event.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static const struct pk_range mentions[] = { { 4, 9, false }, { 0, 3, true } };

/* A call between two ministers with everything a reader would want to know. */
static void
make_call(struct pk_event *e, struct pk_entity who[static 2])
{
	who[0] = (struct pk_entity){ .text = PK_SPAN("وزیر خارجه عمان"),
		.has_range = true,
		.range = { 0, 15, false },
		.kind = PK_KIND_PERSON,
		.country = PK_SPAN("OMN"),
		.sector = PK_SPAN("GOV"),
		.conf = 0.9 };
	who[1] = (struct pk_entity){ .text = PK_SPAN("قطر"),
		.kind = PK_KIND_STATE,
		.country = PK_SPAN("QAT"),
		.conf = 1 };
	*e = (struct pk_event){ .id = "0123456789abcdef",
		.type = PK_EVENT_CONSULT,
		.mode = "phone",
		.trigger = PK_SPAN("تلفنی"),
		.trigger_range = { 4, 9, false },
		.rule = PK_SPAN("fa.consult.phone.01"),
		.mentions = mentions,
		.n_mentions = PK_COUNT(mentions),
		.actors = who,
		.n_actors = 2,
		.modality = { .status = 1u << PK_STATUS_ASSERTED, .certainty = 0.95 },
		.confidence = { 0.94, 0.95, 0.9, -1, 0.5, -1 } };
}

static void
what_is_known_is_told_and_nothing_else(void **state)
{
	struct pk_entity who[2];
	struct pk_event e;
	struct pk_article a = { .id = "fedcba9876543210", .language = PK_SPAN("fa") };
	json_t *j;

	(void)state;
	make_call(&e, who);
	j = pk_event_json(&e, &a);

	assert_non_null(j);
	assert_string_equal(json_string_value(json_object_get(j, "type")), "CONSULT");
	assert_string_equal(json_string_value(json_object_get(j, "cameo")), "040");
	assert_int_equal(json_integer_value(json_object_get(j, "quad")), 1);
	assert_int_equal(json_array_size(json_object_get(j, "actors")), 2);
	assert_int_equal(json_array_size(json_object_get(j, "recipients")), 0);
	assert_string_equal(
	    json_string_value(json_object_get(
		json_array_get(json_object_get(j, "mentions"), 1), "in")),
	    "title");
	assert_null(json_object_get(j, "time"));
	assert_null(json_object_get(j, "place"));
	assert_null(json_object_get(j, "statement"));
	assert_null(json_object_get(json_object_get(j, "confidence"), "recipients"));
	assert_string_equal(json_string_value(json_object_get(j, "tier")), "high");
	json_decref(j);
}

static void
a_source_in_the_title_has_no_place_in_the_text(void **state)
{
	struct pk_entity who[2];
	struct pk_event e;
	struct pk_article a = { .id = "fedcba9876543210", .language = PK_SPAN("fa") };
	json_t *j, *sources;

	(void)state;
	make_call(&e, who);
	e.n_sources = 2;
	for (size_t i = 0; i < e.n_sources; i++)
		e.sources[i] = (struct pk_source){ .kind = PK_SOURCE_AGENCY,
			.text = PK_SPAN("تاس"),
			.has_range = true,
			.range = { 9, 12, .in_title = i == 1 } };
	j = pk_event_json(&e, &a);
	sources = json_object_get(j, "attribution");

	assert_int_equal(json_array_size(sources), 2);
	assert_non_null(json_object_get(json_array_get(sources, 0), "span"));
	assert_null(json_object_get(json_array_get(sources, 1), "span"));
	json_decref(j);
}

static void
an_envelope_is_a_cloud_event(void **state)
{
	struct pk_buf message;

	(void)state;
	pk_buf_init(&message, 0);
	assert_int_equal(pk_cloud_event_dump(PK_CLOUD_EVENT_FEED, PK_SPAN("abc"), 2,
			     PK_SPAN("main"), PK_SPAN("x/y"), INT64_C(1643778729250),
			     json_pack("{s:f}", "conf", 0.9), &message),
	    0);
	assert_string_equal(message.ptr,
	    "{\"specversion\":\"1.0\",\"id\":\"abc.2\",\"source\":\"/peyk/main\","
	    "\"type\":\"org.peyk.feed.v1\",\"subject\":\"x/y\","
	    "\"time\":\"2022-02-02T05:12:09.250Z\","
	    "\"datacontenttype\":\"application/json\",\"data\":{\"conf\":0.9}}");
	pk_buf_done(&message);
}

static void
a_full_buffer_and_missing_data_are_errors(void **state)
{
	struct pk_buf message;

	(void)state;
	pk_buf_init(&message, 20);
	assert_int_equal(
	    pk_cloud_event_dump(PK_CLOUD_EVENT_FEED, PK_SPAN("abc"), 1, PK_SPAN("main"),
		(struct pk_span){ NULL, 0 }, -1, json_object(), &message),
	    -E2BIG);
	assert_int_equal(message.len, 0);
	assert_int_equal(
	    pk_cloud_event_dump(PK_CLOUD_EVENT_FEED, PK_SPAN("abc"), 1, PK_SPAN("main"),
		(struct pk_span){ NULL, 0 }, -1, NULL, &message),
	    -ENOMEM);
	pk_buf_done(&message);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_known_is_told_and_nothing_else),
		cmocka_unit_test(a_source_in_the_title_has_no_place_in_the_text),
		cmocka_unit_test(an_envelope_is_a_cloud_event),
		cmocka_unit_test(a_full_buffer_and_missing_data_are_errors),
	};

	return cmocka_run_group_tests_name("publish/event_json", tests, NULL, NULL);
}
