/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/topic.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct pk_entity
of(const char *country)
{
	return (struct pk_entity){ .country = pk_span_of(country) };
}

static void
check_topic(const struct pk_event *event, const char *want)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(4096);
	struct pk_span topic = pk_topic_of_event(arena, event);

	assert_string_equal(topic.ptr, want);
}

static void
event_topics_name_two_countries(void **state)
{
	struct pk_entity actors[] = { of("OMN"), of("IRN"), of("QAT") };
	struct pk_entity recipients[] = { of("KEN") };
	struct pk_event event = {
		.type = PK_EVENT_CONSULT, .actors = actors, .n_actors = 3
	};

	(void)state;
	/* talks: the first two parties */
	check_topic(&event, "event/CONSULT/OMN/IRN/");
	/* a visit: guest and host */
	event.n_actors = 1;
	event.recipients = recipients;
	event.n_recipients = 1;
	check_topic(&event, "event/CONSULT/OMN/KEN/");
	/* two who accuse are not each other's recipients */
	event.type = PK_EVENT_ACCUSE;
	event.n_actors = 2;
	event.n_recipients = 0;
	check_topic(&event, "event/ACCUSE/OMN/-/");
	/* a region has no country */
	actors[0] = of(NULL);
	event.type = PK_EVENT_STATE;
	event.n_actors = 1;
	check_topic(&event, "event/STATE/-/-/");
}

static void
other_topics_end_every_level(void **state)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(4096);
	struct pk_article article = { .language = PK_SPAN("fa") };

	(void)state;
	assert_string_equal(pk_topic_of_article(arena, &article).ptr, "article/fa/-/");
	article.publisher.id = PK_SPAN("irna");
	assert_string_equal(
	    pk_topic_of_article(arena, &article).ptr, "article/fa/irna/");
	assert_string_equal(
	    pk_topic_of_feed(arena, PK_SPAN("mfa"), PK_SPAN("up")).ptr, "feed/mfa/up/");
}

static void
a_strangers_text_makes_no_levels(void **state)
{
	static const char *const bad[] = { "fa/x", "fa\n", "fa ", "فا" };
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(4096);

	(void)state;
	for (size_t i = 0; i < PK_COUNT(bad); i++) {
		struct pk_article article = { .language = pk_span_of(bad[i]) };
		article.publisher.id = pk_span_of(bad[i]);
		assert_string_equal(
		    pk_topic_of_article(arena, &article).ptr, "article/-/-/");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(event_topics_name_two_countries),
		cmocka_unit_test(other_topics_end_every_level),
		cmocka_unit_test(a_strangers_text_makes_no_levels),
	};

	return cmocka_run_group_tests_name("publish/topic", tests, NULL, NULL);
}
