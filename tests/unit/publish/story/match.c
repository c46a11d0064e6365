/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/story/match.h"

#include "base/cleanup.h"
#include "base/span.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* Words are even, numbers odd. */
static const uint32_t words[] = { 2, 4, 6, 8, 10, 12, 14, 16, 18, 20 };
static const uint32_t eight_of_them[] = { 2, 4, 6, 8, 10, 12, 14, 16, 32, 34 };
static const uint32_t half_of_them[] = { 2, 4, 6, 8, 10, 22, 24, 26, 28, 30 };
static const uint32_t none_of_them[] = { 22, 24, 26, 28, 30, 32, 34, 36, 38, 40 };
static const uint32_t with_number[] = { 2, 4, 6, 7, 8, 10, 12, 14, 16, 18 };
static const uint32_t with_another[] = { 2, 4, 6, 8, 9, 10, 12, 14, 16, 18 };

#define GIST(w)                                                                        \
	{                                                                              \
		.words = (w), .n_words = PK_COUNT(w)                                   \
	}

static void
likeness_is_of_the_shorter(void **state)
{
	const struct pk_gist all = GIST(words), half = GIST(half_of_them),
			     other = GIST(none_of_them), unknown = { .n_words = 0 };
	const struct pk_gist part = { .words = words, .n_words = 4 };

	(void)state;
	assert_true(pk_gist_likeness(&all, &all) >= 1);
	assert_true(fabs(pk_gist_likeness(&all, &half) - 0.5) < 0.001);
	assert_true(pk_gist_likeness(&all, &other) <= 0);
	assert_true(pk_gist_likeness(&all, &part) >= 1);
	assert_true(pk_gist_likeness(&part, &all) >= 1);
	assert_true(pk_gist_likeness(&all, &unknown) >= 1);
}

static void
other_numbers_are_another_matter(void **state)
{
	const struct pk_gist none = GIST(words), one = GIST(with_number),
			     another = GIST(with_another);

	(void)state;
	assert_true(pk_gist_likeness(&one, &another) <= 0);
	/* one that says none may have been cut */
	assert_true(pk_gist_likeness(&none, &one) > 0.8);
	assert_true(pk_gist_likeness(&one, &one) >= 1);
}

#define OMN "{\"kind\":\"state\",\"id\":\"OMN\",\"country\":\"OMN\",\"text\":\"عمان\"}"
#define KEN "{\"kind\":\"state\",\"id\":\"KEN\",\"country\":\"KEN\",\"text\":\"کنیا\"}"
#define FM(n)                                                                          \
	"{\"kind\":\"person\",\"country\":\"OMN\",\"text\":\"وزیر\",\"name\":{"    \
	"\"native\":\"" n "\"},\"role\":{\"role_id\":\"foreign_minister\"}}"
#define MINISTER                                                                       \
	"{\"kind\":\"person\",\"country\":\"OMN\",\"text\":\"وزیر خارجه\","   \
	"\"role\":{\"role_id\":\"foreign_minister\"}}"
#define PRESIDENT                                                                      \
	"{\"kind\":\"person\",\"country\":\"OMN\",\"text\":\"رئیس جمهور\","   \
	"\"role\":{\"role_id\":\"head_of_state\"}}"

#define TALKS(actors, recipients, more)                                                \
	"{\"type\":\"CONSULT\",\"actors\":[" actors "],\"recipients\":[" recipients    \
	"],\"modality\":{\"polarity\":\"pos\",\"status\":[\"asserted\"]}" more "}"
#define STRIKE(actor, recipient, more)                                                 \
	"{\"type\":\"ASSAULT\",\"actors\":[" actor "],\"recipients\":[" recipient      \
	"],\"modality\":{\"polarity\":\"pos\",\"status\":[\"asserted\"]}" more "}"
#define SAYING(actor, more)                                                            \
	"{\"type\":\"STATE\",\"statement\":{},\"actors\":[" actor                      \
	"],\"recipients\":[],\"modality\":{\"polarity\":\"pos\",\"status\":"           \
	"[\"asserted\"]}" more "}"
#define DAY(how, start, end, text)                                                     \
	",\"time\":{\"how\":\"" how "\",\"start\":\"" start "\",\"end\":\"" end        \
	"\",\"text\":\"" text "\"}"
#define TOWN(name)                                                                     \
	",\"place\":{\"how\":\"stated\",\"level\":\"city\",\"name\":{\"native\":"      \
	"\"" name "\"}}"
#define TUESDAY DAY("weekday_last", "2024-04-30", "2024-05-01", "سه شنبه")
#define MONDAY  DAY("weekday_last", "2024-04-29", "2024-04-30", "دوشنبه")
#define TODAY   DAY("publication_default", "2024-04-30", "2024-05-01", "")
#define LATER   DAY("publication_default", "2024-05-03", "2024-05-04", "")

struct match_case {
	const char *name;
	const char *a;
	const char *b;
	struct pk_gist words; /* of b; those of a are `words` */
	bool near;
	bool far;
};

/* clang-format off */
static const struct match_case cases[] = {
	{ "the same",
	  TALKS(OMN "," KEN, "", TUESDAY), TALKS(KEN "," OMN, "", TUESDAY), GIST(words), true, true },
	{ "talks in other words, in copies",
	  TALKS(OMN "," KEN, "", TUESDAY), TALKS(KEN "," OMN, "", TUESDAY), GIST(half_of_them), true, true },
	{ "talks in quite other words",
	  TALKS(OMN "," KEN, "", TUESDAY), TALKS(KEN "," OMN, "", TUESDAY), GIST(none_of_them), false, false },
	{ "a minister for his state",
	  TALKS(OMN "," KEN, "", TUESDAY), TALKS(MINISTER "," KEN, "", TUESDAY), GIST(words), true, true },
	{ "a minister with and without a name",
	  TALKS(FM("سالم") "," KEN, "", TUESDAY), TALKS(MINISTER "," KEN, "", TUESDAY), GIST(words), true, true },
	{ "two names",
	  TALKS(FM("سالم") "," KEN, "", TUESDAY), TALKS(FM("بدر") "," KEN, "", TUESDAY), GIST(words), false, false },
	{ "two offices",
	  TALKS(MINISTER "," KEN, "", TUESDAY), TALKS(PRESIDENT "," KEN, "", TUESDAY), GIST(words), false, false },
	{ "one party more",
	  TALKS(OMN "," KEN, "", TUESDAY), TALKS(OMN, "", TUESDAY), GIST(words), false, false },
	{ "a visit told as a meeting",
	  TALKS(OMN, KEN, ",\"mode\":\"visit\"" TUESDAY), TALKS(KEN "," OMN, "", TUESDAY), GIST(words), true, true },
	{ "a return visit",
	  TALKS(OMN, KEN, ",\"mode\":\"visit\"" TUESDAY), TALKS(KEN, OMN, ",\"mode\":\"visit\"" TUESDAY), GIST(words), false, false },
	{ "a visit and a call",
	  TALKS(OMN, KEN, ",\"mode\":\"visit\"" TUESDAY), TALKS(OMN, KEN, ",\"mode\":\"phone\"" TUESDAY), GIST(words), false, false },
	{ "another day",
	  TALKS(OMN "," KEN, "", TUESDAY), TALKS(OMN "," KEN, "", MONDAY), GIST(words), false, false },
	{ "yesterday, said a day later",
	  TALKS(OMN "," KEN, "", DAY("relative_day", "2024-04-29", "2024-04-30", "دیروز")),
	  TALKS(OMN "," KEN, "", DAY("relative_day", "2024-04-30", "2024-05-01", "دیروز")), GIST(words), true, false },
	{ "yesterday, said a week later",
	  TALKS(OMN "," KEN, "", DAY("relative_day", "2024-04-22", "2024-04-23", "دیروز")),
	  TALKS(OMN "," KEN, "", DAY("relative_day", "2024-04-30", "2024-05-01", "دیروز")), GIST(words), false, false },
	{ "no day said",
	  TALKS(OMN "," KEN, "", TUESDAY), TALKS(OMN "," KEN, "", TODAY), GIST(words), true, false },
	{ "no day said, days later",
	  TALKS(OMN "," KEN, "", TODAY), TALKS(OMN "," KEN, "", LATER), GIST(words), false, false },
	{ "no time at all",
	  TALKS(OMN "," KEN, "", ""), TALKS(OMN "," KEN, "", TUESDAY), GIST(words), true, false },
	{ "a strike in much the same words",
	  STRIKE(OMN, KEN, TUESDAY), STRIKE(OMN, KEN, TUESDAY), GIST(eight_of_them), true, true },
	{ "a strike in half of the words",
	  STRIKE(OMN, KEN, TUESDAY), STRIKE(OMN, KEN, TUESDAY), GIST(half_of_them), false, true },
	{ "a strike in another town, from another report",
	  STRIKE(OMN, KEN, TUESDAY TOWN("مومباسا")), STRIKE(OMN, KEN, TUESDAY TOWN("لامو")), GIST(words), true, false },
	{ "a strike back",
	  STRIKE(OMN, KEN, TUESDAY), STRIKE(KEN, OMN, TUESDAY), GIST(words), false, false },
	{ "a strike on whom it does not say",
	  STRIKE(OMN, KEN, TUESDAY), STRIKE(OMN, "", TUESDAY), GIST(words), true, true },
	{ "a statement in much the same words",
	  SAYING(OMN, TODAY), SAYING(OMN, TODAY), GIST(eight_of_them), true, false },
	{ "a statement in half of the words",
	  SAYING(OMN, TODAY), SAYING(OMN, TODAY), GIST(half_of_them), false, false },
	{ "a statement of somebody else",
	  SAYING(OMN, TODAY), SAYING(KEN, TODAY), GIST(words), false, false },
	{ "an act and a statement of it",
	  STRIKE(OMN, KEN, TUESDAY), STRIKE(OMN, KEN, ",\"statement\":{}" TUESDAY), GIST(words), false, false },
};
/* clang-format on */

static json_t *
parse(const char *text)
{
	json_error_t error;
	json_t *data = json_loads(text, 0, &error);

	if (data == NULL)
		printf("%s in %s\n", error.text, text);
	assert_non_null(data);
	return data;
}

static void
check_case(void **state)
{
	const struct match_case *c = *state;
	struct pk_telling a = { .data = parse(c->a), .gist = GIST(words) };
	struct pk_telling b = { .data = parse(c->b), .gist = c->words };

	assert_int_equal(pk_tellings_match(&a, &b, true), c->near);
	assert_int_equal(pk_tellings_match(&b, &a, true), c->near);
	assert_int_equal(pk_tellings_match(&a, &b, false), c->far);
	assert_int_equal(pk_tellings_match(&b, &a, false), c->far);
	json_decref((json_t *)(uintptr_t)a.data);
	json_decref((json_t *)(uintptr_t)b.data);
}

/* Names from other keyboards, of people whom no table knows. */
static void
hashes_know_names(void **state)
{
	const uint32_t who[] = { 5, 6 }, other[] = { 9, 6 };
	struct pk_telling a = { .data = parse(TALKS(FM("علی") "," KEN, "", TUESDAY)),
		.gist = { .who = who, .n_who = 2 } };
	struct pk_telling b = { .data = parse(TALKS(FM("علي") "," KEN, "", TUESDAY)),
		.gist = { .who = who, .n_who = 2 } };

	(void)state;
	assert_true(pk_tellings_match(&a, &b, true));
	b.gist.who = other;
	assert_false(pk_tellings_match(&a, &b, true));
	b.gist.n_who = 0; /* forgotten: as they are written */
	assert_false(pk_tellings_match(&a, &b, true));
	json_decref((json_t *)(uintptr_t)a.data);
	json_decref((json_t *)(uintptr_t)b.data);
}

int
main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(likeness_is_of_the_shorter),
		cmocka_unit_test(other_numbers_are_another_matter),
		cmocka_unit_test(hashes_know_names),
	};
	struct CMUnitTest tests[PK_COUNT(cases) + PK_COUNT(plain)];
	size_t n = 0;

	for (; n < PK_COUNT(cases); n++)
		tests[n] = (struct CMUnitTest){ .name = cases[n].name,
			.test_func = check_case,
			.initial_state = (void *)(uintptr_t)&cases[n] };
	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("publish/story/match", tests, NULL, NULL);
}
