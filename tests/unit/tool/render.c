/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/render.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define FSI "\xE2\x81\xA8"
#define PDI "\xE2\x81\xA9"

#define EVENT(data)   "{\"type\":\"org.peyk.event.v1\",\"data\":{" data "}}"
#define ARTICLE(data) "{\"type\":\"org.peyk.article.v1\",\"data\":{" data "}}"
#define OF(type)      EVENT("\"type\":\"" type "\",\"quad\":1")

#define CALL                                                                           \
	"\"op\":\"new\",\"type\":\"CONSULT\",\"mode\":\"phone\",\"quad\":1,"           \
	"\"time\":{\"start\":\"2024-05-01\",\"precision\":\"day\"},"                   \
	"\"trigger\":{\"text\":\"گفتگوی تلفنی\"},"                          \
	"\"actors\":[{\"text\":\"وزیر\",\"country\":\"OMN\","                      \
	"\"name\":{\"native\":\"علی نوری\",\"latin\":\"Ali Nuri\"}},"           \
	"{\"text\":\"قطر\",\"country\":\"QAT\",\"name\":{\"native\":\"قطر\"}}]"

/* clang-format off */
static const struct render_case {
	const char *name;
	const char *message;
	unsigned width;
	bool colour;
	const char *line;
} cases[] = {
	{ "two who talk, by Latin name where there is one", EVENT(CALL), 0, false,
	    "2024-05-01        CONSULT phone     "
	    "Ali Nuri OMN + " FSI "قطر" PDI " QAT  " FSI "گفتگوی تلفنی" PDI },
	{ "a statement: who, to whom, what",
	    EVENT("\"type\":\"STATE\",\"quad\":0,"
		"\"time\":{\"start\":\"2024-05-01T09:30:00Z\",\"precision\":\"minute\"},"
		"\"trigger\":{\"text\":\"گفت\"},"
		"\"actors\":[{\"text\":\"سخنگو\",\"role\":{\"en\":\"spokesperson\"}}],"
		"\"recipients\":[{\"text\":\"x\",\"name\":{\"native\":\"Kenya\"},\"country\":\"KEN\"}],"
		"\"statement\":{\"cue\":{\"class\":\"announce\"},"
		"\"content\":{\"text\":\"فردا می‌آییم\"}}"), 0, false,
	    "2024-05-01 13:00  STATE announce    "
	    "spokesperson → Kenya KEN: " FSI "فردا می‌آییم" PDI },
	{ "where, if the text says so", EVENT("\"type\":\"AID\",\"place\":{\"how\":\"stated\","
		"\"text\":\"مسقط\",\"name\":{\"native\":\"مسقط\",\"latin\":\"Muscat\"}}"), 0, false,
	    "-                 AID               ? in Muscat  " },
	{ "where, if it only follows", EVENT("\"type\":\"AID\",\"place\":{\"how\":\"role_default\","
		"\"text\":\"مسقط\"}"), 0, false,
	    "-                 AID               ?  " },
	{ "how real it is", EVENT("\"type\":\"AGREE\",\"quad\":1,"
		"\"modality\":{\"polarity\":\"neg\",\"status\":[\"asserted\",\"planned\"]}"), 0, false,
	    "-                 AGREE (not, planned) ?  " },
	{ "a correction says so", EVENT("\"op\":\"retract\",\"type\":\"AID\""), 0, false,
	    "-                 retract AID       ?  " },
	{ "what another one told before says so",
	    EVENT("\"op\":\"retract\",\"merged_into\":\"a\",\"type\":\"AID\""), 0, false,
	    "-                 merged AID        ?  " },
	{ "a month is a month", EVENT("\"type\":\"AID\","
		"\"time\":{\"start\":\"2024-05-01\",\"precision\":\"month\"}"), 0, false,
	    "2024-05           AID               ?  " },
	{ "an article", "{\"type\":\"org.peyk.article.v1\",\"time\":\"2024-05-01T09:30:00Z\","
		"\"data\":{\"publisher\":{\"id\":\"sepehr\"},\"title\":\"باران\"}}", 0, false,
	    "2024-05-01 13:00  article sepehr    " FSI "باران" PDI },
	{ "a feed", "{\"type\":\"org.peyk.feed.v1\",\"time\":\"2024-05-01T09:30:00Z\","
		"\"data\":{\"feed\":\"mfa\",\"state\":\"failing\",\"reason\":\"HTTP 500\"}}", 0, false,
	    "2024-05-01 13:00  feed mfa          failing: HTTP 500" },
	{ "a type of another version",
	    "{\"type\":\"org.peyk.weather.v1\",\"id\":\"a.1\"}", 0, false,
	    "-                 org.peyk.weather.v1 a.1" },

	{ "escape sequences arrive as signs", ARTICLE("\"title\":\"a\\u001b[31mb\\u009b2Jc\\u0007\""), 0, false,
	    "-                 article           a\xEF\xBF\xBD[31mb\xEF\xBF\xBD""2Jc\xEF\xBF\xBD" },
	{ "a line stays a line", ARTICLE("\"title\":\"a\\r\\n\\tb\\u2028c\""), 0, false,
	    "-                 article           a b c" },
	{ "nobody closes our isolation", ARTICLE("\"title\":\"ا\\u2069ب\\u202ec\""), 0, false,
	    "-                 article           " FSI "ابc" PDI },
	{ "names are hostile too", EVENT("\"type\":\"A\\u001b]0;x\",\"actors\":"
		"[{\"name\":{\"latin\":\"B\\u0000\\nC\"},\"country\":\"D\\u001b\"}]"), 0, false,
	    "-                 A\xEF\xBF\xBD]0;x            B\xEF\xBF\xBD C D\xEF\xBF\xBD  " },
	{ "wrong kinds are passed over",
	    "{\"type\":\"org.peyk.event.v1\",\"data\":{\"type\":7,\"time\":[],\"actors\":{\"a\":1},"
	    "\"recipients\":[3],\"trigger\":\"x\",\"modality\":{\"status\":[1]}}}", 0, false,
	    "-                                   ? → ?  " },

	{ "a narrow terminal", EVENT(CALL), 60, false,
	    "2024-05-01  CONSULT phone     Ali Nuri OMN + " FSI "قطر" PDI " QAT  " },
	{ "cut at the last column", ARTICLE("\"title\":\"0123456789abcdef\""), 40, false,
	    "-           article           012345678…" },
	{ "what fits is whole", ARTICLE("\"title\":\"0123456789\""), 40, false,
	    "-           article           0123456789" },
	{ "marks stay with their letter, joiners take no column",
	    ARTICLE("\"title\":\"م\u064Fحم\u0651دمی‌رودفردا\""), 40, false,
	    "-           article           " FSI "م\u064Fحم\u0651دمی‌رود…" PDI },
	{ "wide letters count twice", ARTICLE("\"title\":\"日本日本日本\""), 40, false,
	    "-           article           日本日本…" },
	{ "nine marks on a letter are enough",
	    ARTICLE("\"title\":\"e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301x\""), 0, false,
	    "-                 article           e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301x" },

	{ "conflict is red, and colours end with the line", EVENT("\"type\":\"ASSAULT\",\"quad\":4"), 0, true,
	    "-                 \033[0;31mASSAULT\033[0m           ?  " },
	{ "articles are dim", ARTICLE("\"title\":\"a\""), 0, true,
	    "\033[0;2m-                 article           a\033[0m" },
};
/* clang-format on */

static void
check_case(void **state)
{
	const struct render_case *c = *state;
	const struct pk_style style = { c->width, c->colour };
	json_t *message = json_loads(c->message, JSON_ALLOW_NUL, NULL);
	struct pk_buf line;

	pk_buf_init(&line, 0);
	assert_non_null(message);
	assert_int_equal(pk_render_message(message, &style, &line), 0);
	assert_string_equal(line.ptr, c->line);
	pk_buf_done(&line);
	json_decref(message);
}

static void
json_is_one_line_with_nothing_added(void **state)
{
	struct pk_span body = PK_SPAN("{\"a\":\n\"\xC2\x9B سلام \\n\"}");
	struct pk_buf line;

	(void)state;
	pk_buf_init(&line, 0);
	assert_int_equal(pk_render_json(body, false, &line), 0);
	assert_string_equal(line.ptr, "{\"a\": \"\xC2\x9B سلام \\n\"}");
	/* a terminal would take U+009B for the beginning of a command */
	line.len = 0;
	assert_int_equal(pk_render_json(body, true, &line), 0);
	assert_string_equal(line.ptr, "{\"a\": \"\\u009b سلام \\n\"}");
	pk_buf_done(&line);
}

static void
a_country_counts_on_any_side(void **state)
{
	json_t *message =
	    json_loads(EVENT("\"actors\":[{\"country\":\"OMN\"},{\"country\":\"IRN\"}],"
			     "\"recipients\":[{\"text\":\"x\"},{\"country\":\"QAT\"}],"
			     "\"place\":{\"country\":\"CHE\"}"),
		0, NULL);

	(void)state;
	assert_true(pk_render_concerns(message, PK_SPAN("IRN")));
	assert_true(pk_render_concerns(message, PK_SPAN("QAT")));
	assert_false(pk_render_concerns(message, PK_SPAN("CHE")));
	json_decref(message);
}

int
main(void)
{
	struct CMUnitTest tests[PK_COUNT(cases) + 2] = {
		cmocka_unit_test(json_is_one_line_with_nothing_added),
		cmocka_unit_test(a_country_counts_on_any_side),
	};

	setenv("TZ", "XXX-3:30", 1); /* three and a half hours east */
	for (size_t i = 0; i < PK_COUNT(cases); i++) {
		/* cmocka takes no const state; check_case() changes nothing */
		union {
			const struct render_case *in;
			void *out;
		} state = { &cases[i] };
		tests[i + 2] = (struct CMUnitTest){ cases[i].name, check_case, NULL,
			NULL, state.out };
	}
	return cmocka_run_group_tests_name("tool/render", tests, NULL, NULL);
}
