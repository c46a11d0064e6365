/* SPDX-License-Identifier: Apache-2.0 */
/* Rules at work on pages: what they find, what they may not spoil. */
#include "extract/article/site_rules.h"

#include "tests/unit/extract/article/tails_fixture.h"
#include <errno.h>

#define ARENA_LIMIT ((size_t)64 << 20)

#define LONG_1                                                                         \
	"The ministers of Norway and Finland signed a treaty on the bridge on "        \
	"Monday, after talks that had taken eleven years and four governments."
#define LONG_2                                                                         \
	"Work begins in the autumn, they said, and both countries pay half of the "    \
	"cost."
#define LONG_3                                                                         \
	"Fishermen of both shores fear for the herring, and have asked for another "   \
	"survey."
#define LONG_4                                                                         \
	"A reader wrote, at length and with feeling, that bridges are older than "     \
	"ministers, and last longer."

/* ---- what is found --------------------------------------------------------------- */

#define HOST "[r]\nhost: example.org\n"

/* `want` is the field, or what "text" is with '/' between paragraphs. */
/* clang-format off */
static const struct found_case {
	const char *name, *rules, *html, *field, *want;
} found_cases[] = {
	{ "a body that only its class tells", HOST "body: .x1\n",
	  "<p>" LONG_1 "</p><div class=sidebar><div class=x1><p>" LONG_2 "</p></div></div>",
	  "text", LONG_2 },
	{ "names inside of it are believed", HOST "body: .x1\n",
	  "<div class=x1><p>" LONG_1 "</p><p>" LONG_2 "</p><div class=related><p>" LONG_3 "</p></div></div>",
	  "text", LONG_1 "/" LONG_2 },
	{ "a body in pieces", HOST "body: .x1, .x2\n",
	  "<div><div class=x1>" LONG_1 "</div><div>" LONG_3 "</div><div class=x2>" LONG_2 "</div></div>",
	  "text", LONG_1 "/" LONG_2 },
	{ "pieces in pieces are there once", HOST "body: .x1, .x2\n",
	  "<div class=x1><div class=x2><p>" LONG_1 "</p></div><p>" LONG_2 "</p></div>",
	  "text", LONG_1 "/" LONG_2 },
	{ "the next line when the first finds nothing", HOST "body: .x0\nbody: .x1\n",
	  "<p>" LONG_3 "</p><p>" LONG_4 "</p><div class=x1>" LONG_1 "</div>", "text", LONG_1 },
	{ "news of one line", HOST "body: .x1\n",
	  "<h1>A bridge</h1><div class=x1>Norway and Finland signed</div>", "text", "Norway and Finland signed" },
	{ "a body that is not there", HOST "body: .x0\n", "<p>" LONG_1 "</p><p>" LONG_2 "</p>",
	  "text", LONG_1 "/" LONG_2 },
	{ "a body that is next to nothing", HOST "body: .x1\n",
	  "<div><p>" LONG_1 "</p><p>" LONG_2 "</p><p>" LONG_3 "</p></div><div class=x1>Norway signed, it says.</div>",
	  "text", LONG_1 "/" LONG_2 "/" LONG_3 },
	{ "several articles are no body", HOST "title: h2\nbody: .x1\n",
	  "<div class=main><h2>A</h2><div class=x1><p>" LONG_1 "</p></div></div>"
	  "<div><h2>B</h2><div class=x1><p>" LONG_3 "</p><p>" LONG_2 "</p><p>" LONG_4 "</p></div></div>",
	  "method", "density" },
	{ "what is stripped", HOST "strip: .x1, p > b\n",
	  "<div><p>" LONG_1 "</p><p class=x1>" LONG_3 "</p><p>" LONG_2 "</p><p><b>" LONG_4 "</b></p></div>",
	  "text", LONG_1 "/" LONG_2 },
	{ "a part of a line is not", HOST "strip: b\n", "<p>" LONG_1 " <b>Yes.</b></p><p>" LONG_2 "</p>",
	  "text", LONG_1 " Yes./" LONG_2 },
	{ "nor what holds the title", HOST "strip: body\ntitle: h2\n",
	  "<h2>A bridge</h2><p>" LONG_1 "</p><p>" LONG_2 "</p>", "text", LONG_1 "/" LONG_2 },
	{ "nor what holds the body", HOST "strip: .x2\nbody: .x1\n",
	  "<div class=x2><div class=x1><p>" LONG_1 "</p></div></div>", "text", LONG_1 },
	{ "the title", HOST "title: .x1\n",
	  "<h1>Site</h1><div class=x1>A bridge</div><p>" LONG_1 "</p>", "title", "A bridge" },
	{ "is not in the text", HOST "title: .x1\n",
	  "<h1>Site</h1><div><div class=x1>A bridge, at last, between the two of them, it is said</div><p>" LONG_1
	  "</p><p>" LONG_2 "</p></div>", "text", LONG_1 "/" LONG_2 },
	{ "of <meta>", HOST "title: meta[name=t]\n",
	  "<meta name=t content='A bridge &amp; more'><h1>Site</h1><p>" LONG_1 "</p>", "title", "A bridge & more" },
	{ "the kicker", HOST "kicker: .x1\n",
	  "<div class=x1>Infrastructure</div><h1>A bridge</h1><p>" LONG_1 "</p>", "kicker", "Infrastructure" },
	{ "the title is no kicker", HOST "title: h1\nkicker: h1, .x1\n",
	  "<h1>A bridge</h1><div class=x1>Roads</div><p>" LONG_1 "</p>", "kicker", "Roads" },
	{ "the lead", HOST "lead: .x1\nbody: .x2\n",
	  "<h1>A bridge</h1><div class=x1>They signed.</div><div class=x2><p>" LONG_1 "</p></div>",
	  "lead", "They signed." },
	{ "is in the text", HOST "lead: .x1\nbody: .x2\n",
	  "<h1>A bridge</h1><div class=x1>They signed.</div><div class=x2><p>" LONG_1 "</p></div>",
	  "text", "They signed./" LONG_1 },
	{ "once", HOST "lead: .x1\nbody: .x2\n",
	  "<h1>A bridge</h1><div class=x2><div class=x1><p>" LONG_2 "</p><p>" LONG_3 "</p></div><p>" LONG_1 "</p></div>",
	  "text", LONG_2 " " LONG_3 "/" LONG_1 },
	{ "the byline, of two", HOST "byline: .x1\n",
	  "<p>" LONG_1 "</p><i class=x1>By Jane Roe</i> <i class=x1>John Doe</i><i class=x1>Jane Roe</i>",
	  "byline", "Jane Roe, John Doe" },
	{ "the date that is visible", HOST "date: .x0, .x1\n",
	  "<div class=x0>today</div><div class=x1>3 May 2024, 10:15</div><p>" LONG_1 "</p>",
	  "published", "2024-05-03T10:15:00Z" },
	{ "the date that is stated", HOST "date: .x1\n",
	  "<time class=x1 datetime='2024-05-03T10:15:00+02:00'>yesterday</time><p>" LONG_1 "</p>",
	  "published", "2024-05-03T10:15:00+02:00" },
	{ "against the head", HOST "date: .x1\n",
	  "<meta property=article:published_time content=2023-01-01><div class=x1>3 May 2024</div><p>" LONG_1 "</p>",
	  "published", "2024-05-03" },
	{ "the head, where the rule finds none", HOST "date: .x1\n",
	  "<meta property=article:published_time content=2023-01-01><div class=x1>3 or so</div><p>" LONG_1 "</p>",
	  "published", "2023-01-01" },
	{ "when it was modified", HOST "modified: .x1\n",
	  "<div class=x1>Changed on 4 May 2024</div><p>" LONG_1 "</p>", "modified", "2024-05-04" },
	{ "the section is the last crumb", HOST "title: h1\nsection: .x1 a\n",
	  "<div class=x1><a>Home</a> <a>Roads</a> <a>A bridge</a></div><h1>A bridge</h1><p>" LONG_1 "</p>",
	  "section", "Roads" },
	{ "tags of links", HOST "tags: .x1\n",
	  "<p>" LONG_1 "</p><div class=x1>Tags: <a>bridge</a>, <a>herring</a></div>", "tags", "bridge|herring" },
	{ "tags without links", HOST "tags: .x1 i\n",
	  "<meta name=keywords content='x, y'><p>" LONG_1 "</p><div class=x1><i>bridge</i><i>herring</i></div>",
	  "tags", "bridge|herring" },
	{ "fields in the text are no text", HOST "body: .x1\ndate: .x2\ntags: .x3\n",
	  "<div class=x1><p>" LONG_1 "</p><p class=x2>Told on 3 May 2024, in the evening, after the news.</p><p>" LONG_2
	  "</p><p class=x3>bridge of the two countries</p></div>", "text", LONG_1 "/" LONG_2 },
	{ "it says who found it", HOST "title: .x1\n", "<div class=x1>A bridge</div><p>" LONG_1 "</p>",
	  "title source", "site rule r" },
	{ "and what found the body", HOST "body: .x1\n", "<div class=x1><p>" LONG_1 "</p></div>",
	  "method", "site rule" },
};

/* Which rule holds: the first one that gives a title. */
static const struct holds_case {
	const char *name, *rules, *url, *head, *title;
} holds_cases[] = {
	{ "a host", "[a]\nhost: example.org\ntitle: .a", "https://example.org/1", "", "a" },
	{ "in upper case", "[a]\nhost: Example.org\ntitle: .a", "https://EXAMPLE.org/1", "", "a" },
	{ "its subdomain", "[a]\nhost: example.org\ntitle: .a", "https://www.news.example.org:8080/1", "", "a" },
	{ "no part of a name", "[a]\nhost: ample.org\ntitle: .a", "https://example.org/1", "", "head" },
	{ "the nearer host", "[a]\nhost: example.org\ntitle: .a\n[b]\nhost: b.example.org\ntitle: .b",
	  "https://b.example.org/1", "", "b" },
	{ "the canonical address, where there is no other", "[a]\nhost: example.org\ntitle: .a", "",
	  "<link rel=canonical href='https://example.org/1'>", "a" },
	{ "but only there", "[a]\nhost: example.org\ntitle: .a", "https://example.com/1",
	  "<link rel=canonical href='https://example.org/1'>", "head" },
	{ "a generator", "[a]\ngenerator: paper\ntitle: .a", "", "<meta name=generator content='NewsPaper 3'>", "a" },
	{ "another one", "[a]\ngenerator: paper\ntitle: .a", "", "<meta name=generator content='Pap'>", "head" },
	{ "a marker", "[a]\nmarker: .c .b, .z\ntitle: .a", "", "", "a" },
	{ "that is not there", "[a]\nmarker: .b .c\ntitle: .a", "", "", "head" },
	{ "a host before a generator", "[a]\ngenerator: x\ntitle: .a\n[b]\nhost: example.org\ntitle: .b",
	  "https://example.org/1", "<meta name=generator content=x>", "b" },
	{ "a generator before a marker", "[a]\nmarker: .b\ntitle: .a\n[b]\ngenerator: x\ntitle: .b",
	  "https://example.org/1", "<meta name=generator content=x>", "b" },
	{ "the weaker one where the stronger finds nothing",
	  "[a]\nmarker: .b\ntitle: .a\n[b]\nhost: example.org\ntitle: .zz", "https://example.org/1", "", "a" },
	{ "the first of equal ones", "[a]\nmarker: .b\ntitle: .b\n[b]\nmarker: .b\ntitle: .a", "", "", "b" },
};
/* clang-format on */

static struct pk_site_rules *
rules_of(const char *text)
{
	struct pk_site_rules *rules = NULL;
	struct pk_diag diag = { .line = 0 };

	if (pk_site_rules_parse(pk_span_of(text), "r", &rules, &diag) < 0)
		fail_msg("%u:%u: %s", diag.line, diag.column, diag.what);
	return rules;
}

static struct pk_span
tags_of(const struct pk_article *a, struct pk_arena *arena)
{
	struct pk_span all = { NULL, 0 };

	for (size_t i = 0; i < a->n_tags; i++)
		all = pk_arena_printf(arena, "%.*s%s%.*s", PK_SPAN_ARG(all),
		    i == 0 ? "" : "|", PK_SPAN_ARG(a->tags[i]));
	return all;
}

static struct pk_span
field_of(const struct pk_article *a, struct pk_arena *arena, const char *name)
{
	const struct {
		const char *name;
		struct pk_span value;
	} fields[] = { { "title", a->title }, { "kicker", a->kicker },
		{ "lead", a->lead }, { "byline", a->byline },
		{ "published", a->published }, { "modified", a->modified },
		{ "section", a->section }, { "tags", tags_of(a, arena) },
		{ "text", a->text }, { "method", pk_span_of(a->method) } };

	for (size_t i = 0; i < PK_COUNT(fields); i++) {
		if (strcmp(fields[i].name, name) == 0)
			return fields[i].value;
	}
	for (size_t i = 0; i < a->n_found; i++) {
		size_t len = strlen(a->found[i].field);
		if (strncmp(a->found[i].field, name, len) == 0 &&
		    strcmp(name + len, " source") == 0)
			return pk_span_of(a->found[i].where);
	}
	return (struct pk_span){ NULL, 0 };
}

static void
check_page(const char *rules_text, const char *url, const char *html, const char *field,
    const char *want)
{
	pk_cleanup(pk_site_rules_freep) struct pk_site_rules *rules =
	    rules_of(rules_text);
	pk_cleanup(pk_doc_freep) struct pk_doc *doc =
	    pk_doc_new(PK_DOC_PAGE, ARENA_LIMIT);
	struct pk_article article;
	const char *reason;
	char got[2048];

	assert_non_null(doc);
	doc->bytes = pk_span_of(html);
	doc->url = pk_span_of(url);
	assert_int_equal(pk_article_of_page(doc, tails, rules, &article, &reason), 0);
	if (reason != NULL)
		fail_msg("%s", reason);
	struct pk_span value = field_of(&article, doc->arena, field);
	assert_true(value.len < sizeof(got));
	snprintf(got, sizeof(got), "%.*s", PK_SPAN_ARG(value));
	for (char *c = got; *c != '\0'; c++)
		*c = *c == '\n' ? '/' : *c;
	assert_string_equal(got, want);
}

/* Short pages are articles where they say so. */
#define HEAD "<meta property=og:type content=article>"

static void
check_found(void **state)
{
	const struct found_case *c = *state;
	char html[4096];

	snprintf(html, sizeof(html), HEAD "%s", c->html);
	check_page(c->rules, "https://example.org/1", html, c->field, c->want);
}

static void
check_holds(void **state)
{
	const struct holds_case *c = *state;
	char html[4096];

	snprintf(html, sizeof(html),
	    HEAD
	    "%s<h1>head</h1><div class=c><div class=a>a</div><div class=b>b</div></div>"
	    "<p>" LONG_1 "</p><p>" LONG_2 "</p>",
	    c->head);
	check_page(
	    c->rules, c->url[0] == '\0' ? NULL : c->url, html, "title", c->title);
}

/* A rule at work needs memory at many places. */
static void
a_small_arena_is_no_memory(void **state)
{
	pk_cleanup(pk_site_rules_freep) struct pk_site_rules *rules =
	    rules_of(HOST "body: .x1\ntitle: h1\nlead: .x2\ndate: .x3\ntags: .x4\n"
			  "byline: .x5\nstrip: .x6\n");

	(void)state;
	for (size_t limit = 1024; limit < 65536; limit += 256) {
		pk_cleanup(pk_doc_freep) struct pk_doc *doc =
		    pk_doc_new(PK_DOC_PAGE, limit);
		struct pk_article article;
		const char *reason;
		if (doc == NULL)
			continue;
		doc->url = PK_SPAN("https://example.org/1");
		doc->bytes =
		    PK_SPAN("<h1>A bridge</h1><div class=x2>So.</div><div "
			    "class=x3>3 May 2024</div>"
			    "<div class=share><div class=x1><p>" LONG_1
			    "</p><div class=x6>" LONG_3 "</div></div></div><div "
			    "class=x4><a>tag</a></div><i class=x5>Jo Roe</i>");
		int r = pk_article_of_page(doc, tails, rules, &article, &reason);
		assert_true(r == 0 || r == -ENOMEM);
	}
}

int
main(void)
{
	struct CMUnitTest tests[64] = { cmocka_unit_test(a_small_arena_is_no_memory) };
	size_t n = 1;

	/* The state is only read. */
#define ADD(cases, check)                                                              \
	for (size_t i = 0; i < PK_COUNT(cases); i++)                                   \
	tests[n++] = (struct CMUnitTest){ .name = cases[i].name,                       \
		.test_func = check,                                                    \
		.initial_state = (void *)(uintptr_t)&cases[i] }
	ADD(found_cases, check_found);
	ADD(holds_cases, check_holds);
	return _cmocka_run_group_tests("extract/article/site", tests, n, load, unload);
}
