/* SPDX-License-Identifier: Apache-2.0 */
/* What a page tells of its article beside the text: small pages, one field each. */
#include "extract/article/language.h"
#include "tests/unit/extract/article/tails_fixture.h"

#define ARENA_LIMIT ((size_t)64 << 20)

#define BODY                                                                           \
	"<p>The harbour of Elmsund is closed to ferries from Monday, the council "     \
	"said, because the piers that were built a century ago have to be replaced. "  \
	"Fishing boats may still leave in the morning, and return at night.</p>"       \
	"<p>Work will take until autumn and cost four million crowns, half of which "  \
	"is paid by the county. A bridge for those on foot stays open all the time, "  \
	"and buses will run twice as often as they do now.</p>"

enum field {
	TITLE,
	BYLINE,
	PUBLISHED,
	MODIFIED,
	LANGUAGE,
	SITE,
	SECTION,
	KICKER,
	LEAD,
	CANONICAL,
	IMAGE,
};

static struct pk_span
field_of(const struct pk_article *a, enum field field)
{
	const struct pk_span fields[] = { a->title, a->byline, a->published,
		a->modified, a->language, a->site, a->section, a->kicker, a->lead,
		a->canonical_url, a->image };

	return fields[field];
}

#define LD(json) "<script type='application/ld+json'>" json "</script>"

/* clang-format off */
static const struct field_case {
	const char *name;
	const char *head;  /* in <head> */
	const char *above; /* before the text, in <article> */
	const char *below; /* behind it */
	enum field field;
	const char *want;  /* NULL: absent */
} cases[] = {
	/* titles */
	{ "the page's spelling, when the head adds the site",
	  "<title>Elmsund shuts its harbour – Coast News</title>"
	  "<meta property=og:title content='Elmsund shuts its harbour – Coast News'>",
	  "<h1>Elmsund shuts its harbour</h1>", "", TITLE, "Elmsund shuts its harbour" },
	{ "the site's name goes without a heading, too",
	  "<title>Elmsund shuts its harbour | Coast News</title>"
	  "<meta property=og:site_name content='Coast News'>", "", "", TITLE,
	  "Elmsund shuts its harbour" },
	{ "a site that is known by its host alone",
	  "<title>Elmsund shuts its harbour | Example</title>", "", "", TITLE,
	  "Elmsund shuts its harbour" },
	{ "the site stands first", "<title>Coast News: Elmsund shuts its harbour</title>"
	  "<meta property=og:site_name content='Coast News'>", "", "", TITLE,
	  "Elmsund shuts its harbour" },
	{ "a dash that is part of the title stays", "<title>Ferry - bridge: what now</title>",
	  "<h1>Ferry - bridge: what now</h1>", "", TITLE, "Ferry - bridge: what now" },
	{ "a kicker in the heading is none of the title", "",
	  "<h1><span class='article__kicker'>Traffic</span><span class=visually-hidden>: </span>"
	  "<span class='article__title'>Elmsund shuts its harbour</span></h1>", "", TITLE,
	  "Elmsund shuts its harbour" },
	{ "a heading that leads home is the site's name",
	  "<title>Elmsund shuts its harbour</title>",
	  "<h1><a href='https://www.example.org/'>Daily Harbour Watch Online</a></h1>"
	  "<h2>Elmsund shuts its harbour</h2>", "", TITLE, "Elmsund shuts its harbour" },
	{ "a heading for ears is not shown", "<title>Elmsund shuts its harbour | Coasts of the North</title>",
	  "<h1 class=visuallyhidden>Elmsund shuts its harbour | Coasts of the North</h1>"
	  "<h2 class=title>Elmsund shuts its harbour</h2>", "", TITLE, "Elmsund shuts its harbour" },
	{ "a placeholder is not believed against the head", "<title>Elmsund shuts its harbour</title>",
	  "<h1>Lorem</h1>", "", TITLE, "Elmsund shuts its harbour" },
	{ "a title is one line, without soft hyphens", "",
	  "<h1>Elm&shy;sund shuts<br>its harbour</h1>", "", TITLE, "Elmsund shuts its harbour" },
	{ "several names in one property", "<meta property='x:title og:title' content='Elmsund shuts its harbour'>",
	  "", "", TITLE, "Elmsund shuts its harbour" },
	{ "Persian with the agency behind it",
	  "<title>اسکله‌ی المسوند بسته شد - خبرگزاری کرانه</title>"
	  "<meta property=og:site_name content='خبرگزاری كرانه'>", "", "", TITLE,
	  "اسکله‌ی المسوند بسته شد" },
	{ "the agency before it, and a quotation", "<title>کرانه ـ شهردار: « اسکله » بسته می‌شود</title>"
	  "<meta property=og:site_name content='کرانه'>", "", "", TITLE, "شهردار: « اسکله » بسته می‌شود" },
	/* bylines */
	{ "JSON-LD names by reference",
	  LD("{\"@graph\":[{\"@type\":\"NewsArticle\",\"headline\":\"x\",\"author\":{\"@id\":\"#p\"}},"
	     "{\"@type\":\"Person\",\"@id\":\"#p\",\"name\":\"Mara Lindqvist\"}]}"), "", "", BYLINE, "Mara Lindqvist" },
	{ "several authors are joined",
	  LD("{\"@type\":[\"Thing\",\"NewsArticle\"],\"author\":[{\"name\":\"Mara Lindqvist\"},{\"name\":\"Jo Abel\"}]}"),
	  "", "", BYLINE, "Mara Lindqvist, Jo Abel" },
	{ "a name on one line", "<meta name=author content='Mara\n  Lindqvist'>", "", "", BYLINE, "Mara Lindqvist" },
	{ "<meta name=author> more than once",
	  "<meta name=parsely-author content='Mara Lindqvist'><meta name=parsely-author content='Jo Abel'>",
	  "", "", BYLINE, "Mara Lindqvist, Jo Abel" },
	{ "an address is no author", "<meta property=article:author content='https://social.example/coast'>",
	  "<h1>Elmsund shuts its harbour</h1><p class=byline>By <a href=/author/jo>Jo Abel</a></p>", "",
	  BYLINE, "Jo Abel" },
	{ "a person goes before the site",
	  "<meta property=og:site_name content='Coast News'><meta name=author content='Coast News'>",
	  "<h1>Elmsund shuts its harbour</h1><div class=author>Von <span>Nils Holm</span></div>", "",
	  BYLINE, "Nils Holm" },
	{ "the site where nobody is named", "<meta property=og:site_name content='Coast News'>"
	  "<meta name=author content='Coast News'>", "", "", BYLINE, "Coast News" },
	{ "the word before the name stands apart", "",
	  "<h1>Elmsund shuts its harbour</h1><div class=post-author><span class=author-by>By</span> "
	  "<a href=/people/7>Jo Abel</a></div>", "", BYLINE, "Jo Abel" },
	{ "a link to a person needs no class", "",
	  "<h1>Elmsund shuts its harbour</h1><p>03.05.2025 | <a href='/autor/nils-holm/'>Nils Holm</a></p>", "",
	  BYLINE, "Nils Holm" },
	{ "a line below the text", "", "<h1>Elmsund shuts its harbour</h1>",
	  "<p>نویسنده: نرگس فرهمند</p>", BYLINE, "نرگس فرهمند" },
	{ "categories are no people", "",
	  "<h1>Elmsund shuts its harbour</h1><div class=byline><a href=/author/jo rel=author>Jo Abel</a> in "
	  "<a href=/category/sea rel='category tag'>Sea</a></div>", "", BYLINE, "Jo Abel" },
	{ "the full name on the page instead of a login",
	  LD("{\"@type\":\"NewsArticle\",\"author\":\"nholm\"}"),
	  "<h1>Elmsund shuts its harbour</h1><p class=byline>Von Nils Holm</p>", "", BYLINE, "Nils Holm" },
	{ "who commented did not write it", "",
	  "<h1>Elmsund shuts its harbour</h1>",
	  "<div class=comments><span class=author>seagull7</span></div>", BYLINE, NULL },
	/* dates */
	{ "JSON-LD keeps its offset",
	  LD("{\"@type\":\"NewsArticle\",\"datePublished\":\"2025-05-03T08:30:00+02:00\"}"), "", "",
	  PUBLISHED, "2025-05-03T08:30:00+02:00" },
	{ "the same moment with the place's offset",
	  LD("{\"@type\":\"NewsArticle\",\"datePublished\":\"2025-05-02T23:30:00Z\"}")
	  "<meta property=article:published_time content='2025-05-03T01:30:00+02:00'>", "", "",
	  PUBLISHED, "2025-05-03T01:30:00+02:00" },
	{ "the clock that the page shows",
	  LD("{\"@type\":\"NewsArticle\",\"datePublished\":\"2025-05-03T02:25:54Z\"}"),
	  "<h1>Elmsund shuts its harbour</h1><p>May 2, 2025 9:25 PM</p>", "", PUBLISHED,
	  "2025-05-02T21:25:54-05:00" },
	{ "a clock above the title is no date", "",
	  "<div>Today: 5 May 2025</div><h1>Elmsund shuts its harbour</h1>", "", PUBLISHED, NULL },
	{ "a clock above the title, a date below it", "",
	  "<div><a href=/>Coast</a> <span class=date>5 May 2025</span><nav><a href=/a>A</a></nav></div>"
	  "<h1>Elmsund shuts its harbour</h1><p>3 May 2025</p>", "", PUBLISHED, "2025-05-03" },
	{ "the time of a day that the head has alone",
	  "<meta name=dc.date content=2025-05-03>",
	  "<h1>Elmsund shuts its harbour</h1><p>3 May 2025, 12:09</p>", "", PUBLISHED,
	  "2025-05-03T12:09:00Z" },
	{ "<time> without an attribute", "",
	  "<h1>Elmsund shuts its harbour</h1><time>3 May 2025</time>", "", PUBLISHED, "2025-05-03" },
	{ "<time> that was changed", "<meta name=date content=2025-05-02>",
	  "<h1>Elmsund shuts its harbour</h1><time datetime=2025-05-03>Updated: 3 May</time>", "",
	  MODIFIED, "2025-05-03" },
	{ "a teaser's date", "", "<h1>Elmsund shuts its harbour</h1>",
	  "<ul><li><a href=/2>Two boats found in the bay</a> <span>1 May 2025</span></li></ul>",
	  PUBLISHED, NULL },
	{ "a kicker that nothing names so", "",
	  "<p>Two years of waiting</p><h1>Elmsund shuts its harbour</h1>", "", KICKER,
	  "Two years of waiting" },
	{ "a date above the title is no kicker", "",
	  "<p>3 May 2025</p><h1>Elmsund shuts its harbour</h1>", "", KICKER, NULL },
	{ "inline elements side by side are parted", "",
	  "<h1>Elmsund shuts its harbour</h1><p><span>By Mara Lindqvist</span><span>3 May 2025</span></p>",
	  "", BYLINE, "Mara Lindqvist" },
	{ "a name below its label", "",
	  "<h1>Elmsund shuts its harbour</h1><p>Author</p><p>Mara Lindqvist</p>", "", BYLINE,
	  "Mara Lindqvist" },
	{ "who took the pictures", "",
	  "<h1>Elmsund shuts its harbour</h1><p>Photographer: Ida Berg</p>", "", BYLINE, "Ida Berg" },
	{ "the title behind the site's name", "<title>Coast News: Elmsund shuts its harbour</title>",
	  "<center><font><b>Elmsund shuts its harbour</b></font></center>", "", TITLE,
	  "Elmsund shuts its harbour" },
	{ "Jalali in <meta>", "<meta property=article:published_time content='۱۴۰۴/۰۲/۱۳ - ۱۲:۰۹'>", "", "",
	  PUBLISHED, "2025-05-03T12:09:00+03:30" },
	{ "Jalali in a class, Arabic letters",
	  "", "<h1>Elmsund shuts its harbour</h1><div class=news_pdate_c>تاريخ انتشار: ۱۳ ارديبهشت ۱۴۰۴</div>", "",
	  PUBLISHED, "2025-05-03" },
	{ "a line without any class", "",
	  "<h1>Elmsund shuts its harbour</h1><p>Суббота, 3 мая 2025 г.</p>", "", PUBLISHED, "2025-05-03" },
	{ "a leaf of a calendar", "",
	  "<h1>Elmsund shuts its harbour</h1><div><div>May</div><div>03</div><div>2025</div></div>", "",
	  PUBLISHED, "2025-05-03" },
	{ "months of the Levant", "", "<h1>Elmsund shuts its harbour</h1><p>3 أيار 2025</p>", "",
	  PUBLISHED, "2025-05-03" },
	{ "months of the Maghreb", "", "<h1>Elmsund shuts its harbour</h1><p>السبت 3 ماي 2025</p>", "",
	  PUBLISHED, "2025-05-03" },
	{ "behind a word and a colon", "", "<h1>Elmsund shuts its harbour</h1><p>Datum:3. Mai 2025</p>", "",
	  PUBLISHED, "2025-05-03" },
	{ "the attribute of an element for dates", "",
	  "<h1>Elmsund shuts its harbour</h1><abbr class=published title='2025-05-03T08:30:00+02:00'>yesterday</abbr>", "",
	  PUBLISHED, "2025-05-03T08:30:00+02:00" },
	{ "a clock of the site is not the article's", "",
	  "<div class=todaydate>9 June 2025</div><h1>Elmsund shuts its harbour</h1><p>3 May 2025</p>", "",
	  PUBLISHED, "2025-05-03" },
	{ "a teaser's date is the teaser's", "",
	  "<h1>Elmsund shuts its harbour</h1><p>3 May 2025</p>",
	  "<a href=/other><h3>Another story of the coast</h3><div class=date>9 June 2025</div></a>",
	  PUBLISHED, "2025-05-03" },
	{ "a birthday is no date of publication", "", "<h1>Elmsund shuts its harbour</h1><p>Born 3 May 1961</p>", "",
	  PUBLISHED, NULL },
	{ "a copyright is no date", "", "<h1>Elmsund shuts its harbour</h1>",
	  "<p>Copyright © 3 May 2025</p>", PUBLISHED, NULL },
	{ "a change is told apart", "", "<h1>Elmsund shuts its harbour</h1><p>Updated 9 June 2025</p><p>3 May 2025</p>", "",
	  MODIFIED, "2025-06-09" },
	{ "... from the publication", "", "<h1>Elmsund shuts its harbour</h1><p>Updated 9 June 2025</p><p>3 May 2025</p>", "",
	  PUBLISHED, "2025-05-03" },
	{ "a change alone is the best there is", "", "", "<p>Aktualisiert am 3. Mai 2025</p>", PUBLISHED, "2025-05-03" },
	{ "what the page's programs know", "", "",
	  "<script>window.page = {\"published_at\":\"2025-05-03T08:30:00+02:00\"}</script>", PUBLISHED,
	  "2025-05-03T08:30:00+02:00" },
	/* JSON-LD that is none */
	{ "in a comment", LD("<!-- {\"@type\":\"NewsArticle\",\"author\":\"Jo Abel\"} -->"), "", "", BYLINE, "Jo Abel" },
	{ "in CDATA", LD("//<![CDATA[\n{\"@type\":\"NewsArticle\",\"author\":\"Jo Abel\"}\n//]]>"), "", "", BYLINE, "Jo Abel" },
	{ "commas where nothing follows", LD("{\"@type\":\"NewsArticle\",\"author\":[\"Jo Abel\",],}"), "", "", BYLINE, "Jo Abel" },
	{ "no value", LD("{\"@type\":\"NewsArticle\",\"wordCount\":,\"author\":\"Jo Abel\"}"), "", "", BYLINE, "Jo Abel" },
	{ "a raw line break in a string", LD("{\"@type\":\"NewsArticle\",\"description\":\"a\n\tb\",\"author\":\"Jo Abel\"}"), "", "", BYLINE, "Jo Abel" },
	{ "a quote that was not escaped", LD("{\"@type\":\"NewsArticle\",\"headline\":\"A \"new\" pier\",\"author\":\"Jo Abel\"}"), "", "", BYLINE, "Jo Abel" },
	{ "a semicolon and more behind it", LD("{\"@type\":\"NewsArticle\",\"author\":\"Jo Abel\"};\nfoo()"), "", "", BYLINE, "Jo Abel" },
	{ "quotes as references", LD("{&quot;@type&quot;:&quot;NewsArticle&quot;,&quot;author&quot;:&quot;Jo Abel&quot;}"), "", "", BYLINE, "Jo Abel" },
	{ "references in a string", LD("{\"@type\":\"NewsArticle\",\"author\":\"Jo O&#039;Abel\"}"), "", "", BYLINE, "Jo O'Abel" },
	{ "comments of a programmer", LD("{ // the article\n\"@type\":\"NewsArticle\", /* who */ \"author\":\"Jo Abel\"}"), "", "", BYLINE, "Jo Abel" },
	{ "an article in a page", LD("{\"@type\":\"WebPage\",\"mainEntity\":{\"@type\":\"LiveBlogPosting\",\"author\":\"Jo Abel\"}}"), "", "", BYLINE, "Jo Abel" },
	{ "the second block completes the first",
	  LD("{\"@type\":\"NewsArticle\",\"headline\":\"Piers\"}") LD("{\"@type\":\"NewsArticle\",\"headline\":\"Piers\",\"author\":\"Jo Abel\"}"),
	  "", "", BYLINE, "Jo Abel" },
	{ "but not another article's",
	  LD("{\"@type\":\"NewsArticle\",\"headline\":\"Piers\"}") LD("{\"@type\":\"NewsArticle\",\"headline\":\"Buses\",\"author\":\"Jo Abel\"}"),
	  "", "", BYLINE, NULL },
	{ "a page's own date where it has no article", LD("{\"@type\":\"WebPage\",\"datePublished\":\"2025-05-03\"}"), "", "", PUBLISHED, "2025-05-03" },
	{ "broken for good is passed over", LD("{\"@type\":NewsArticle\"\"") "<meta name=author content='Jo Abel'>", "", "", BYLINE, "Jo Abel" },
	/* and the rest */
	{ "a section between home and the article",
	  LD("{\"@type\":\"BreadcrumbList\",\"itemListElement\":[{\"position\":1,\"name\":\"Home\"},"
	     "{\"position\":2,\"item\":{\"name\":\"Traffic\"}},{\"position\":3,\"name\":\"Elmsund shuts\"}]}"),
	  "", "", SECTION, "Traffic" },
	{ "a language that was left in the template", "<meta property=og:locale content=fa_IR>", "", "", LANGUAGE, "en" },
	{ "the site's own name", LD("{\"@type\":\"WebSite\",\"name\":\"Coast News\"}"), "", "", SITE, "Coast News" },
	{ "the site behind the title, as its host says",
	  "<title>Elmsund shuts its harbour | Example Times</title>",
	  "<h1>Elmsund shuts its harbour</h1>", "", SITE, "Example Times" },
	{ "what the host says nothing of may be a rubric",
	  "<title>Elmsund shuts its harbour | Traffic</title>",
	  "<h1>Elmsund shuts its harbour</h1>", "", SITE, NULL },
	{ "an address that is not the site's", "<link rel=canonical href='https://other.example/x'>", "", "", CANONICAL,
	  "https://www.example.org/sea/elmsund" },
	{ "relative to <base>", "<base href='/sea/'><link rel=canonical href='harbour'>", "", "", CANONICAL,
	  "https://www.example.org/sea/harbour" },
	{ "the picture in the text where the head has none", "", "<figure><img src=/pier.jpg></figure>", "", IMAGE,
	  "https://www.example.org/pier.jpg" },
};
/* clang-format on */

static struct pk_article
article_of(struct pk_doc *doc, const char *head, const char *above, const char *below)
{
	struct pk_article article;
	const char *reason = NULL;

	doc->url = PK_SPAN("https://www.example.org/sea/elmsund");
	doc->bytes = pk_arena_printf(doc->arena,
	    "<html><head>%s</head><body><article>%s<div>" BODY
	    "</div>%s</article></body></html>",
	    head, above, below);
	assert_int_equal(pk_article_of_page(doc, tails, NULL, &article, &reason), 0);
	assert_null(reason);
	return article;
}

static void
same(struct pk_span got, const char *want)
{
	char copy[512];

	assert_true(got.len < sizeof(copy));
	if (got.len > 0)
		memcpy(copy, got.ptr, got.len);
	copy[got.len] = '\0';
	assert_string_equal(copy, want);
}

static void
check_case(void **state)
{
	const struct field_case *c = *state;
	pk_cleanup(pk_doc_freep) struct pk_doc *doc =
	    pk_doc_new(PK_DOC_PAGE, ARENA_LIMIT);

	assert_non_null(doc);
	struct pk_article article = article_of(doc, c->head, c->above, c->below);
	same(field_of(&article, c->field), c->want == NULL ? "" : c->want);
}

static void
pictures_have_captions(void **state)
{
	pk_cleanup(pk_doc_freep) struct pk_doc *doc =
	    pk_doc_new(PK_DOC_PAGE, ARENA_LIMIT);

	(void)state;
	struct pk_article a = article_of(doc, "",
	    "<figure><img src='pier.jpg' alt='A pier in fog'><figcaption>The pier "
	    "before "
	    "the work. Photo: Ida Berg</figcaption></figure>"
	    "<div class=wp-caption><img data-src=/boat.jpg "
	    "src='data:image/gif;base64,xx' "
	    "alt='A boat'><p class=wp-caption-text>A boat</p></div>"
	    "<img src=/icons/pin.png width=16><img src=pier.jpg>",
	    "");
	assert_int_equal(a.n_images, 2);
	same(a.images[0].url, "https://www.example.org/sea/pier.jpg");
	same(a.images[0].caption, "The pier before the work. Photo: Ida Berg");
	same(a.images[0].alt, "A pier in fog");
	same(a.images[1].url, "https://www.example.org/boat.jpg");
	same(a.images[1].caption, "A boat");
	assert_int_equal(a.images[1].alt.len, 0); /* it says no more */
}

static void
walls_are_told(void **state)
{
	static const struct {
		const char *head, *below;
		bool walled;
	} rows[] = {
		{ LD("{\"@type\":\"NewsArticle\",\"isAccessibleForFree\":false}"), "",
		    true },
		{ LD("{\"@type\":\"NewsArticle\",\"isAccessibleForFree\":\"False\"}"),
		    "", true },
		{ LD("{\"@type\":\"NewsArticle\",\"hasPart\":[{\"isAccessibleForFree\":"
		     "\"false\"}]}"),
		    "", true },
		{ LD("{\"@type\":\"NewsArticle\",\"isAccessibleForFree\":true}"), "",
		    false },
		{ "<meta property=article:content_tier content=locked>", "", true },
		{ "<meta property=article:content_tier content=free>", "", false },
		{ "<meta itemprop=isAccessibleForFree content=False>", "", true },
		{ "", "<div class=paywall>Read on with a subscription</div>", true },
		{ "", "<div class=paywall style='display:none'>Read on</div>", false },
		{ "", "", false },
	};

	(void)state;
	for (size_t i = 0; i < PK_COUNT(rows); i++) {
		pk_cleanup(pk_doc_freep) struct pk_doc *doc =
		    pk_doc_new(PK_DOC_PAGE, ARENA_LIMIT);
		struct pk_article a = article_of(doc, rows[i].head, "", rows[i].below);
		assert_int_equal(a.paywalled, rows[i].walled);
	}
}

static void
a_template_may_name_another_language(void **state)
{
	const struct pk_span german = PK_SPAN(
	    "Der Hafen ist für die Schiffe zu, und die Stadt will im Herbst mit den "
	    "Arbeiten am Kai fertig sein. Das ist der Plan für das Jahr, und er ist "
	    "nicht zu ändern, sagt die Stadt. Auf der Brücke ist der Weg für alle "
	    "frei, die zu Fuß von der einen auf die andere Seite wollen. Der Bus "
	    "fährt auf der Strecke mit den neuen Wagen, und das ist ein Gewinn für "
	    "die Leute, die den Zug nicht nehmen. Im Winter ist das Eis auf der See "
	    "eine Last, mit der die Fischer zu leben haben.");

	(void)state;
	assert_string_equal(pk_language_of(german), "de");
	assert_true(pk_language_fits(PK_SPAN("de"), german));
	assert_false(pk_language_fits(PK_SPAN("en"), german));
	assert_false(pk_language_fits(PK_SPAN("fa"), german));
	assert_true(
	    pk_language_fits(PK_SPAN("da"), german)); /* not known well enough */
	/* a line decides nothing */
	assert_true(pk_language_fits(PK_SPAN("en"), PK_SPAN("Der Hafen ist zu")));
	assert_string_equal(
	    pk_language_of(PK_SPAN(
		"شهردار گفت که اسکله را برای کشتی‌ها "
		"می‌بندند")),
	    "fa");
	assert_string_equal(
	    pk_language_of(PK_SPAN("قال رئيس البلدية إن الميناء مغلق أمام السفن")),
	    "ar");
}

int
main(void)
{
	struct CMUnitTest tests[PK_COUNT(cases) + 3] = {
		cmocka_unit_test(a_template_may_name_another_language),
		cmocka_unit_test(pictures_have_captions),
		cmocka_unit_test(walls_are_told),
	};

	for (size_t i = 0; i < PK_COUNT(cases); i++)
		tests[i + 3] = (struct CMUnitTest){
			.name = cases[i].name,
			.test_func = check_case,
			.initial_state = (void *)(uintptr_t)&cases[i],
		};
	return cmocka_run_group_tests_name(
	    "extract/article/fields", tests, load, unload);
}
