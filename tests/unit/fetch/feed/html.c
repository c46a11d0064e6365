/* SPDX-License-Identifier: Apache-2.0 */
/* Pages as feeds: which links are entries, what belongs to them, what is no list. */
#include "tests/unit/fetch/feed/parse.h"

#include <errno.h>
#include <stdio.h>

#define ARENA pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 26)
#define PAGE(body)                                                                     \
	"<!DOCTYPE html><html lang=fa_IR><head><title> روزنامه\nشهر "        \
	"</title></head><body>" body "</body></html>"

/* Five headlines in elements that begin and end like this. */
#define FIVE(begin, end)                                                               \
	begin "<a href='/n/1'>وزیر راه از ساخت پل تازه خبر داد</a>" end begin          \
	      "<a href='/n/2'>نشست سه جانبه در پایتخت برگزار شد</a>" end begin         \
	      "<a href='/n/3'>مدرسه تازه‌ای در شمال شهر "        \
	      "گشوده "                                                            \
	      "شد</a>" end begin                                                       \
	      "<a href='/n/4'>باران امروز خیابان‌ها را "         \
	      "بست</a>" end begin "<a href='/n/5'>کتابخانه بزرگ دوباره باز شد</a>" end

static int
try_links(
    struct pk_arena *arena, const char *text, const char *links, struct pk_feed *ret)
{
	struct pk_feed_context context = test_context;

	*ret = (struct pk_feed){ .format = PK_FEED_NONE };
	context.links = pk_span_of(links);
	return pk_feed_parse(arena, pk_span_of(text), &context, ret);
}

/* The ends of the links' paths, "1 2 3", or "none". */
static void
assert_found(const char *text, const char *links, const char *want)
{
	ARENA;
	struct pk_feed feed;
	char found[256] = "";
	size_t n = 0;

	int r = try_links(arena, text, links, &feed);
	if (r == -EBADMSG)
		snprintf(found, sizeof(found), "none");
	for (size_t i = 0; i < feed.n_entries; i++) {
		struct pk_span link = feed.entries[i].link;
		const char *slash = memrchr(link.ptr, '/', link.len);
		n += (size_t)snprintf(found + n, sizeof(found) - n, "%s%.*s",
		    n == 0 ? "" : " ", (int)(link.ptr + link.len - slash - 1),
		    slash + 1);
	}
	if (strcmp(found, want) != 0)
		fail_msg("found «%s», want «%s» in %s", found, want, text);
}

static void
what_a_page_says_of_itself(void **state)
{
	ARENA;
	struct pk_feed feed = parse(arena, PAGE(FIVE("<h3>", "</h3>")));

	(void)state;
	assert_int_equal(feed.format, PK_FEED_HTML);
	assert_text(feed.title, "روزنامه شهر");
	assert_text(feed.language, "fa-IR");
	assert_text(feed.link, "https://site.example/feeds/all.xml");
	assert_int_equal(feed.n_entries, 5);
}

/* clang-format off */
static const char entries_html[] =
    PAGE("<div class=list><div class=item>"
	 "<a href='/n/1#c'><img data-src='/a.jpg' src='data:image/gif;base64,xx'></a>"
	 "<h3><a href='/n/1'>وزیر راه از ساخت پل تازه خبر داد</a></h3>"
	 "<time datetime='2026-01-27T11:00:00Z'>امروز</time><a rel=author href='/a/s'>سارا</a>"
	 "<p>کوتاه</p><p>خلاصه‌ای که به اندازه کافی بلند است</p></div>"
	 "<div class='item even'><h3><a href='/n/2'>نشست سه جانبه در پایتخت برگزار شد</a></h3>"
	 "<span>۷ بهمن ۱۴۰۴ - ۱۱:۳۲</span><a href='/n/2'>ادامه مطلب</a></div></div>");
/* clang-format on */

static void
what_belongs_to_an_entry(void **state)
{
	ARENA;
	struct pk_feed feed;
	int r = try_links(arena, entries_html, ".item h3 a", &feed);

	(void)state;
	assert_int_equal(r, 0);
	assert_int_equal(feed.n_entries, 2);
	const struct pk_feed_entry *entry = &feed.entries[0];
	assert_text(entry->title, "وزیر راه از ساخت پل تازه خبر داد");
	assert_text(entry->link, "https://site.example/n/1");
	assert_time(entry->published, "2026-01-27T11:00:00Z");
	assert_text(entry->published.source, "time");
	assert_int_equal(entry->published.confidence, PK_FEED_TIME_EXACT);
	assert_text(entry->author, "سارا");
	assert_text(entry->summary,
	    "خلاصه‌ای که به اندازه کافی بلند است");
	assert_int_equal(entry->n_enclosures, 1);
	assert_text(entry->enclosures[0].url, "https://site.example/a.jpg");
	entry = &feed.entries[1];
	assert_time(entry->published, "2026-01-27T08:02:00Z");
	assert_text(entry->published.source, "text");
	assert_int_equal(entry->published.confidence, PK_FEED_TIME_ASSUMED);
	assert_text(entry->summary, NULL);
}

/* clang-format off */
static const struct time_case {
	const char *markup, *published;
} times[] = {
	{ "<time datetime='2026-01-27T11:00:00Z'>x</time>", "2026-01-27T11:00:00Z" },
	{ "<time>۷ بهمن ۱۴۰۴</time>", "2026-01-26T20:30:00Z" },
	{ "<abbr class=published title='2026-01-27T11:00:00Z'>x</abbr>", "2026-01-27T11:00:00Z" },
	{ "<meta itemprop=datePublished content='2026-01-27T11:00:00Z'>", "2026-01-27T11:00:00Z" },
	{ "<i>27 January 2026 | سیاست</i>", "2026-01-27T00:00:00Z" },
	{ "<time class=updated datetime='2026-01-27'>x</time>", NULL },
	{ "<i>021-88 77 66 55</i>", NULL },
	{ "<i>12 دیدگاه</i>", NULL },
	{ "<i>1769511600</i>", NULL },
	{ "<i>27 January 2046</i>", NULL },
};
/* clang-format on */

static void
when_it_was_published(void **state)
{
	char page[1024];

	(void)state;
	for (size_t i = 0; i < PK_COUNT(times); i++) {
		ARENA;
		struct pk_feed feed;
		snprintf(page, sizeof(page),
		    PAGE("<div><a href='/n/1'>یکم</a>%s</div><a href='/n/2'>دوم</a>"),
		    times[i].markup);
		assert_int_equal(try_links(arena, page, "a", &feed), 0);
		assert_int_equal(feed.n_entries, 2);
		assert_time(feed.entries[0].published, times[i].published);
	}
}

/* Headings and what stands below them, side by side. */
static void
blocks_that_are_not_there(void **state)
{
	ARENA;
	struct pk_feed feed;
	int r = try_links(arena,
	    PAGE("<h2><a href='/n/1'>یکم از همه خبرهای این صفحه</a></h2><p>آنچه در زیر "
		 "سرخط "
		 "یکم نوشته شده</p><h2><a href='/n/2'>دوم از همه خبرهای این "
		 "صفحه</a></h2>"
		 "<p>آنچه در زیر سرخط دوم نوشته شده</p>"),
	    "h2 a", &feed);

	(void)state;
	assert_int_equal(r, 0);
	assert_int_equal(feed.n_entries, 2);
	assert_text(feed.entries[0].summary, "آنچه در زیر سرخط یکم نوشته شده");
	assert_text(feed.entries[1].summary, "آنچه در زیر سرخط دوم نوشته شده");
}

/* clang-format off */
static const struct title_case {
	const char *link, *title;
} titles[] = {
	{ "<a href='/n/1'>کوتاه</a>", "کوتاه" },
	{ "<h2>سرخط بلندی که پیوند ندارد</h2><a href='/n/1'>ادامه</a>", "سرخط بلندی که پیوند ندارد" },
	{ "<a href='/n/1'><h3>سرخط</h3><p>و آنچه در زیر آن آمده</p></a>", "سرخط" },
	{ "<a href='/n/1'><span class=card-title>سرخط</span><i>دیروز</i></a>", "سرخط" },
	{ "<a href='/n/1' title='آنچه پنهان است'><img src=x></a>", "آنچه پنهان است" },
	{ "<a href='/n/1'><img src=x alt='آنچه پنهان است'></a>", "آنچه پنهان است" },
	{ "<a href='/n/1' title='سرخط بلندی که تا پایان خود رفت'>سرخط بلندی که…</a>", "سرخط بلندی که تا پایان خود رفت" },
	{ "<a href='/n/1' title='چیز دیگری'>سرخط بلندی که...</a>", "سرخط بلندی که..." },
	{ "<a href='/n/1'>a &amp; b<script>x</script> <b>c</b></a>", "a & b c" },
};
/* clang-format on */

static void
what_a_link_is_called(void **state)
{
	char page[1024];

	(void)state;
	for (size_t i = 0; i < PK_COUNT(titles); i++) {
		ARENA;
		struct pk_feed feed;
		snprintf(
		    page, sizeof(page), PAGE("<div class=x>%s</div>"), titles[i].link);
		assert_int_equal(try_links(arena, page, ".x", &feed), 0);
		assert_int_equal(feed.n_entries, 1);
		assert_text(feed.entries[0].title, titles[i].title);
	}
}

#define CARD(n, headline)                                                              \
	"<div class=card><h5>" headline "</h5><p>متن</p><a href='/n/" n                \
	"'>بیشتر</a></div>"

#define LD(json) "<script type='application/ld+json'>" json "</script>"

/* clang-format off */
static const struct find_case {
	const char *page, *links, *found;
} finds[] = {
	/* by a selector: links, or blocks */
	{ PAGE("<div class=news>" FIVE("<li>", "</li>") "</div><a href='/x'>y</a>"), ".news a", "1 2 3 4 5" },
	{ PAGE("<ul class=news>" FIVE("<li>", "</li>") "</ul>"), "ul.news > li", "1 2 3 4 5" },
	{ PAGE("<article><a href='/t'>x</a><h2><a href='/n/1'>y</a></h2></article>"), "article", "1" },
	{ PAGE("<p class=a><a href='javascript:x()'>y</a><a href='#z'>y</a></p>"), ".a a", "none" },
	{ PAGE("<p class=a>x</p>"), ".b", "none" },
	{ PAGE("<p class=a><a href='/1'>x</a></p>"), "p:first", "none" },
	/* by what the page marks */
	{ PAGE(FIVE("<article class=x><h2>", "</h2></article>")), "auto", "1 2 3 4 5" },
	{ PAGE("<article><h2><a href='/n/1'>x</a></h2><a href='/n/9'>دیدگاه بلندی در این باره است</a></article>"
	       "<article><h2><a href='/n/2'>y</a></h2></article><article><h2><a href='/n/3'>z</a></h2></article>"), NULL, "1 2 3" },
	{ PAGE("<div itemscope itemtype='https://schema.org/NewsArticle'><a itemprop=url href='/n/1'>x</a></div>"
	       "<div itemscope itemtype='https://schema.org/NewsArticle'><a itemprop=url href='/n/2'>y</a></div>"), NULL, "1 2" },
	{ PAGE("<div class=h-feed><div class=h-entry><a class=u-url href='/n/1'>x</a></div>"
	       "<div class=h-entry><a href='/t'>tag</a><a class='p-name u-url' href='/n/2'>y</a></div></div>"), NULL, "1 2" },
	{ PAGE("<a rel=bookmark href='/n/1'>x</a><a rel='bookmark' href='/n/2'>y</a><a rel=bookmark href='/n/3'>z</a>"), NULL, "1 2 3" },
	{ PAGE(LD("{\"@type\": \"CollectionPage\", \"mainEntity\": {\"@type\": \"ItemList\", \"itemListElement\": ["
	       "{\"@type\": \"ListItem\", \"position\": 1, \"url\": \"/n/1\", \"name\": \"x\"},"
	       "{\"@type\": \"ListItem\", \"item\": {\"@type\": \"NewsArticle\", \"url\": \"/n/2\", \"headline\": \"y\"}},"
	       "{\"item\": \"/n/3\", \"name\": \"z\"}]}}")), NULL, "1 2 3" },
	{ PAGE(LD("{\"@graph\": [{\"@type\": \"Blog\", \"blogPost\": [{\"@type\": \"BlogPosting\", \"@id\": \"/n/1\", \"headline\": \"x\"},"
	       "{\"@type\": \"BlogPosting\", \"mainEntityOfPage\": {\"@id\": \"/n/2\"}, \"headline\": \"y\"}]}]}")), NULL, "1 2" },
	{ PAGE(LD("{\"@type\": \"ItemList\", \"itemListElement\": [{\"@type\": \"SiteNavigationElement\", \"name\": \"x\", \"url\": \"/a\"},"
	       "{\"@type\": \"ListItem\", \"item\": {\"@type\": \"Product\", \"name\": \"y\", \"url\": \"/b\"}}, \"/c\", 4]}")), NULL, "none" },
	{ PAGE(LD("{\"@type\": \"ItemList\", \"itemListElement\": [{\"url\": \"/a\"}, {\"url\": \"/b\"}, {\"url\": \"/c\"}]}")
	       "<ul>" FIVE("<li>", "</li>") "</ul>"), NULL, "1 2 3 4 5" },
	/* by their looks */
	{ PAGE("<ul>" FIVE("<li>", "</li>") "</ul>"), NULL, "1 2 3 4 5" },
	{ PAGE("<ul>" FIVE("<li class='item post-7'>", "</li>") "</ul>"), "auto", "1 2 3 4 5" },
	{ PAGE("<form id=all><table>" FIVE("<tr class=row><td>", "</td></tr>") "</table></form>"), NULL, "1 2 3 4 5" },
	{ PAGE("<div><form>" FIVE("<li>", "</li>") "</form></div>"), NULL, "none" },
	{ PAGE(CARD("1", "رود دوباره به تالاب رسید") CARD("2", "پل چوبی را آب با خود برد") CARD("3", "موزه کشتی در بندر گشوده شد")
	       CARD("4", "گندم امسال کمتر خریده شد") CARD("5", "باغ گیاهان از فردا بسته است")), NULL, "1 2 3 4 5" },
	{ PAGE("<div><h2><a href='/n/8'>سیل دو روستا را در میان گرفت</a></h2><h2><a href='/n/9'>راه کوهستان تا فردا بسته است</a></h2></div>"
	       "<ul>" FIVE("<li>", "</li>") "</ul>"), NULL, "8 9 1 2 3 4 5" },
	{ PAGE("<nav>" FIVE("<li>", "</li>") "</nav>"), NULL, "none" },
	{ PAGE("<footer>" FIVE("<li>", "</li>") "</footer>"), NULL, "none" },
	{ PAGE("<div class='main-menu'>" FIVE("<li>", "</li>") "</div>"), NULL, "none" },
	{ PAGE("<div id=tagcloud>" FIVE("<li>", "</li>") "</div>"), NULL, "none" },
	{ PAGE("<div class=has-menu>" FIVE("<li>", "</li>") "</div>"), NULL, "1 2 3 4 5" },
	{ PAGE("<a href='/a'>خانه</a><a href='/b'>درباره ما</a><a href='/c'>تماس</a><a href='/d'>نقشه</a><a href='/e'>رسانه</a>"), NULL, "none" },
	{ PAGE(LD("{\"@type\": \"BreadcrumbList\", \"itemListElement\": [{\"item\": \"/a\", \"name\": \"x\"}, {\"item\": \"/b\", \"name\": \"y\"}]}")), NULL, "none" },
	{ PAGE(LD("{\"@type\": \"NewsArticle\", \"url\": \"/n/1\", \"headline\": \"x\"}") "<p>متن</p>"), NULL, "none" },
	{ "<html><head><meta property='og:type' content=article></head><body>" FIVE("<li>", "</li>"), NULL, "none" },
	{ "<html><head><meta property='og:type' content=article></head><body>" FIVE("<li>", "</li>"), "li", "1 2 3 4 5" },
	{ PAGE("<h1>404</h1><a href='/'>بازگشت به صفحه نخست این روزنامه</a>"), NULL, "none" },
	{ PAGE("<form><input></form>لطفا کد را وارد کنید"), NULL, "none" },
	{ PAGE("<ul><li><a href='https://ads.example/1'>ارزان‌ترین بلیت‌های سفر را اینجا بخرید</a></li>"
	       "<li><a href='https://ads.example/2'>ارزان‌ترین خانه‌های شهر را اینجا بخرید</a></li>"
	       "<li><a href='https://ads.example/3'>ارزان‌ترین خودروهای شهر را اینجا بخرید</a></li>"
	       "<li><a href='https://ads.example/4'>ارزان‌ترین کتاب‌های شهر را اینجا بخرید</a></li>"
	       "<li><a href='https://ads.example/5'>ارزان‌ترین کفش‌های شهر را اینجا بخرید</a></li></ul>"), NULL, "none" },
	{ "<!DOCTYPE html><html></html>", NULL, "none" },
	{ "<!DOCTYPE html>", "a", "none" },
};
/* clang-format on */

static void
which_links_are_entries(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(finds); i++)
		assert_found(finds[i].page, finds[i].links, finds[i].found);
}

static void
what_data_say_comes_first(void **state)
{
	ARENA;
	struct pk_feed feed = parse(arena,
	    PAGE(LD(
		"[{\"@type\": \"NewsArticle\", \"url\": \"https://site.example/n/1\","
		"\"headline\": \"یکم &amp; دوم\", \"datePublished\": "
		"\"2026-01-27T11:00:00+03:30\", \"image\": {\"url\": \"/a.png\"}, "
		"\"author\": [{\"name\": \"سارا\"}]}, {\"@type\": \"ListItem\", "
		"\"itemListElement\": [{\"url\": \"/n/2\"}]},]") "<div><h2><a "
								 "href='/n/2'>آنچه "
								 "پیوند "
								 "می‌گوید</a></"
								 "h2><time "
								 "datetime='2026-01-28'"
								 "></div>"));

	(void)state;
	assert_int_equal(feed.n_entries, 2);
	assert_text(feed.entries[0].title, "یکم & دوم");
	assert_time(feed.entries[0].published, "2026-01-27T07:30:00Z");
	assert_text(feed.entries[0].author, "سارا");
	assert_text(feed.entries[0].enclosures[0].type, "image/png");
	assert_text(feed.entries[1].title, "آنچه پیوند می‌گوید");
	assert_int_equal(feed.entries[1].published.confidence, PK_FEED_TIME_DAY);
}

static void
addresses_are_relative_to_the_base(void **state)
{
	ARENA;
	struct pk_feed feed;
	int r = try_links(arena,
	    "<html><head><base href='/other/'></head><p><a href=n/1>x</a></p>", "p a",
	    &feed);

	(void)state;
	assert_int_equal(r, 0);
	assert_text(feed.entries[0].link, "https://site.example/other/n/1");
	assert_text(feed.link, "https://site.example/feeds/all.xml");
}

static void
hostile_pages_are_bounded(void **state)
{
	static const char *const pieces[] = { "<a href=/x><div>", "<p class=summary>",
		"a ", "<a href=/1>x</a>", "&x1;", "<script>",
		"<div itemscope itemtype=Article>", "<b/c=d " };

	(void)state;
	for (size_t i = 0; i < PK_COUNT(pieces); i++) {
		ARENA;
		struct pk_feed feed;
		size_t len = strlen(pieces[i]), n = (1 << 21) / len;
		char *page = malloc(n * len + 64);
		assert_non_null(page);
		size_t at = (size_t)sprintf(page, "<html><%s ", i == 2 ? "p" : "body>");
		for (size_t k = 0; k < n; k++, at += len)
			memcpy(page + at, pieces[i], len);
		page[at] = '\0';
		try_links(arena, page, i % 2 == 0 ? "auto" : "body div, p a, a", &feed);
		try_links(arena, page, i % 2 == 1 ? "auto" : "body div, p a, a", &feed);
		free(page);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_page_says_of_itself),
		cmocka_unit_test(what_belongs_to_an_entry),
		cmocka_unit_test(when_it_was_published),
		cmocka_unit_test(blocks_that_are_not_there),
		cmocka_unit_test(what_a_link_is_called),
		cmocka_unit_test(which_links_are_entries),
		cmocka_unit_test(what_data_say_comes_first),
		cmocka_unit_test(addresses_are_relative_to_the_base),
		cmocka_unit_test(hostile_pages_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
