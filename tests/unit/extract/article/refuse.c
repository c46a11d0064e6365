/* SPDX-License-Identifier: Apache-2.0 */
/* What stands where an article was looked for; and articles that sound like that. */

#include "base/cleanup.h"
#include "tests/unit/extract/article/tails_fixture.h"

#define ARENA_LIMIT ((size_t)64 << 20)

/* What such pages say at some length, so that it is not the length that they fail by.
 */
#define TALK                                                                           \
	"<p>We looked for it for a while, and looked again, and asked those who know " \
	"the house.<p>If you were led here by one of our own pages, do tell the "      \
	"editors so that they can mend it."
#define TEASER(n)                                                                      \
	"<h2><a href=/" n ">The bridge of " n                                          \
	" was opened on Monday</a></h2><p>A few words of it, and no more."

static const char robot[] = "a wall: the page asks whether a robot reads it",
		  consent[] = "a wall: the page asks for consent to cookies",
		  login[] = "a wall: the page asks to log in",
		  blocked[] = "a wall: access was denied",
		  missing[] = "an error page: not found",
		  failed[] = "an error page: the server failed",
		  maintenance[] = "an error page: under maintenance",
		  parked[] = "a parked domain", search[] = "a list of search results",
		  list[] = "a list of articles",
		  script[] = "no text: the page needs scripts",
		  redirect[] = "no text: a redirect page",
		  video[] = "no text: a video page",
		  gallery[] = "no text: a gallery of pictures";

/* clang-format off */
static const struct refuse_case {
	const char *name, *html, *reason; /* NULL: an article */
} cases[] = {
	{ "robot: a heading", "<title>example.org</title><h1>من ربات نیستم</h1>" TALK, robot },
	{ "robot: the browser is checked", "<title>Just a moment...</title><h2>Checking your browser before you go on</h2>" TALK, robot },
	{ "robot: Russian", "<title>Вы не робот?</title>" TALK, robot },
	{ "consent", "<title>News</title><h1>We value your privacy</h1>" TALK, consent },
	{ "consent: German", "<h2>Wir schätzen Ihre Privatsphäre</h2>" TALK, consent },
	{ "login: a field for a password", "<title>News</title>" TALK "<form><input type=password></form>", login },
	{ "login: Russian", "<h1>Этот материал доступен только подписчикам</h1>" TALK, login },
	{ "blocked", "<title>403 Forbidden</title>" TALK, blocked },
	{ "blocked: Persian", "<title>سایت | دسترسی غیر مجاز</title>" TALK, blocked },
	{ "missing: a heading", "<title>خبرگزاری</title><h2>صفحه مورد نظر یافت نشد!</h2>" TALK, missing },
	{ "missing: a title beside the site's", "<title>صفحه یافت نشد - خبرگزاری</title>" TALK, missing },
	{ "missing: a number", "<title>x</title><h1>۴۰۴</h1>" TALK, missing },
	{ "missing: Arabic", "<title>الصفحة غير موجودة | صحيفة</title>" TALK, missing },
	{ "missing: French", "<h1>Page introuvable</h1>" TALK, missing },
	{ "missing: Turkish", "<h1>Sayfa bulunamadı</h1>" TALK, missing },
	{ "missing: Spanish", "<h1>Página no encontrada</h1>" TALK, missing },
	{ "missing, above the news of today", "<h1>این خبر در دسترس نیست</h1><p>x" TEASER("Oslo") TEASER("Turku"), missing },
	{ "error", "<title>502 Bad Gateway</title><h1>502 Bad Gateway</h1>" TALK, failed },
	{ "error: a database", "<h1>خطا در برقراری ارتباط با پایگاه داده</h1>" TALK, failed },
	{ "maintenance", "<title>به زودی برمی گردیم</title>" TALK, maintenance },
	{ "parked", "<title>example.org - This domain is for sale</title>" TALK, parked },
	{ "parked, and lies", "<title>This domain is for sale</title><meta property=og:type content=article><p>This domain is for sale, and so is its name." TALK, parked },
	{ "search", "<title>x</title><h1>نتایج جستجو برای: پل</h1>" TEASER("Oslo") TEASER("Turku") TEASER("Bergen"), search },
	{ "list", "<title>x</title>" TEASER("Oslo") TEASER("Turku") TEASER("Bergen") TEASER("Vaasa") TEASER("Narvik"), list },
	{ "list: of a tag, with few", "<title>برچسب: پل | سایت</title>" TEASER("Oslo") TEASER("Turku") TEASER("Bergen"), list },
	{ "list: of an author", "<meta property=og:type content=profile><h1>N. N.</h1>" TEASER("Oslo") TEASER("Turku") TEASER("Bergen"), list },
	{ "script", "<title>x</title><noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div>", script },
	{ "redirect", "<meta http-equiv=Refresh content='0; URL=/x'><p>There is nothing here, go where the news are.", redirect },
	{ "video", "<meta property=og:type content=video.other><h1>A bridge</h1><p>The bridge, seen from the air on Monday.", video },
	{ "gallery", "<h1>A bridge</h1><figure><img src=1><figcaption>One</figcaption></figure><figure><img src=2><figcaption>Two</figcaption></figure>"
	  "<figure><img src=3><figcaption>Three</figcaption></figure><figure><img src=4><figcaption>Four</figcaption></figure>", gallery },
	/* articles */
	{ "about captchas", "<title>من ربات نیستم؛ چرا این جمله سخت شد</title><h1>من ربات نیستم؛ چرا این جمله سخت شد</h1>" TALK, NULL },
	{ "about a page that is not found, and says that it is an article",
	  "<meta property=og:type content=article><title>صفحه یافت نشد</title><h1>صفحه یافت نشد</h1>" TALK, NULL },
	{ "about that, at length", "<title>Page not found</title><h1>Page not found</h1>" TALK TALK "<p>a" TALK "<p>b, and more of it" TALK "<p>1."
	  "<p>The one who wrote that sentence first was asked for it by her office in the spring of a year when nobody knew yet what a link was, she says, and she thought about it for the length of a tram ride."
	  "<p>The second version was longer, had a joke about a bridge in it, and was thrown away by the one who answered for the servers, who said that he did not want to be made fun of by his own machine at three in the morning."
	  "<p>So the first one stayed, and went round the world, and was translated by people who had never met her into languages of which she had never heard, mostly in a hurry, and sometimes with the joke about the bridge put back."
	  "<p>Today there is a museum that has it on a wall, between the first message from a telegraph and a shopping list of a queen, and children are told by their teachers not to touch it, which they do anyway, for it is only paint."
	  "<p>She has been to see it once. There was a queue, and when she came to the desk, the young man said that her ticket was not found.", NULL },
	{ "about domains", "<title>This domain is for sale, said the bird - Courier</title>" TALK, NULL },
	{ "about an outage", "<title>سایت ثبت نام موقتا از دسترس خارج شد</title><h1>سایت ثبت نام موقتا از دسترس خارج شد</h1>" TALK, NULL },
	{ "about cookies", "<title>Denmark makes the button smaller</title><div class=cookie-consent role=dialog><h2>We value your privacy</h2><p>We use cookies.</div><h1>Denmark makes the button smaller</h1>" TALK, NULL },
	{ "with a field for a password above", "<title>x</title><meta property=article:published_time content=2024-05-01><form><input type=password></form>" TALK, NULL },
	{ "that loads itself again", "<title>x</title><meta http-equiv=refresh content=300>" TALK, NULL },
	{ "with a video and a text", "<title>x</title><meta property=og:type content=video.other>" TALK, NULL },
	{ "with a list below it", "<title>x</title><div><p>The ministers of Norway and Finland signed a treaty on the bridge, they said on Monday, after talks that had taken eleven years and four governments, and a night in a boat."
	  TALK "</div><h2>Search results</h2>" TEASER("Oslo") TEASER("Turku") TEASER("Bergen"), NULL },
};
/* clang-format on */

static void
check_case(void **state)
{
	const struct refuse_case *c = *state;
	pk_cleanup(pk_doc_freep) struct pk_doc *doc =
	    pk_doc_new(PK_DOC_PAGE, ARENA_LIMIT);
	struct pk_article article;
	const char *reason;

	assert_non_null(doc);
	doc->bytes = pk_span_of(c->html);
	doc->url = PK_SPAN("https://example.org/2024/05/01/bridge");
	assert_int_equal(pk_article_of_page(doc, tails, NULL, &article, &reason), 0);
	if (reason == NULL || c->reason == NULL)
		assert_ptr_equal(reason, c->reason);
	else
		assert_string_equal(reason, c->reason);
}

int
main(void)
{
	struct CMUnitTest tests[PK_COUNT(cases)];

	for (size_t i = 0; i < PK_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
			.test_func = check_case,
			.initial_state = (void *)(uintptr_t)&cases[i] };
	return cmocka_run_group_tests_name(
	    "extract/article/refuse", tests, load, unload);
}
