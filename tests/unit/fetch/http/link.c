/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/http/link.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* clang-format off */
static const struct link_case {
	const char *name; const char *value; const char *hubs; const char *self;
} cases[] = {
	{ "one",                 "<https://h.example/>; rel=hub",                "https://h.example/ ", "" },
	{ "two",                 "<https://h.example/>; rel=\"hub\", <https://a.example/feed>; rel=\"self\"",
	                                                                         "https://h.example/ ", "https://a.example/feed " },
	{ "no blanks",           "<a>;rel=hub,<b>;rel=hub",                      "a b ", "" },
	{ "blanks",              " < a > ; rel = \"hub\" , <b> ;rel= hub ",      "a b ", "" },
	{ "several relations",   "<a>; rel=\"alternate self hub\"",              "a ", "a " },
	{ "case",                "<a>; REL=Hub",                                 "a ", "" },
	{ "the first rel holds", "<a>; rel=next; rel=hub",                       "", "" },
	{ "other parameters",    "<a>; title=\"x; rel=self, <b>\"; type=text/xml; rel=hub", "a ", "" },
	{ "a quote within",      "<a>; title=\"\\\"; rel=self\"; rel=hub",       "a ", "" },
	{ "of something else",   "<a>; rel=hub; anchor=\"#b\"",                  "", "" },
	{ "a comma within",      "<a?b=1,2;3>; rel=hub",                         "a?b=1,2;3 ", "" },
	{ "empty members",       ", ,<a>; rel=hub,,",                            "a ", "" },
	{ "stray semicolons",    "<a>;; rel=hub;",                               "a ", "" },
	{ "a flag",              "<a>; crossorigin; rel=hub",                    "a ", "" },
	{ "no rel",              "<a>",                                          "", "" },
	{ "an empty rel",        "<a>; rel=, <b>; rel=\"\", <c>; rel",           "", "" },
	{ "noise first",         "hub, \"<x>; rel=hub\", <a>; rel=hub",          "a ", "" },
	{ "no end",              "<a; rel=hub",                                  "", "" },
	{ "no end of a quote",   "<a>; rel=\"hub",                               "a ", "" },
	{ "ends in a backslash", "<a>; title=\"x\\",                             "", "" },
	{ "text behind",         "<a> x; rel=hub",                               "a ", "" },
	{ "nothing",             "",                                             "", "" },
};
/* clang-format on */

static void
check_case(void **state)
{
	const struct link_case *c = *state;
	struct pk_span rest = pk_span_of(c->value);
	char hubs[256] = "", self[256] = "";
	struct pk_link link;

	while (pk_link_next(&rest, &link)) {
		if (pk_link_is(&link, PK_SPAN("hub")))
			snprintf(hubs + strlen(hubs), sizeof(hubs) - strlen(hubs),
			    "%.*s ", PK_SPAN_ARG(link.target));
		if (pk_link_is(&link, PK_SPAN("self")))
			snprintf(self + strlen(self), sizeof(self) - strlen(self),
			    "%.*s ", PK_SPAN_ARG(link.target));
	}
	assert_string_equal(hubs, c->hubs);
	assert_string_equal(self, c->self);
}

int
main(void)
{
	struct CMUnitTest tests[PK_COUNT(cases)];

	for (size_t i = 0; i < PK_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){ cases[i].name, check_case, NULL, NULL,
			(void *)(uintptr_t)&cases[i] };
	return cmocka_run_group_tests_name("fetch/http/link", tests, NULL, NULL);
}
