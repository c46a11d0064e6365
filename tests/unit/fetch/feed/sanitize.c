/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/feed/sanitize.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "tests/unit/fetch/feed/parse.h"

#define BASE  PK_SPAN("http://site.example/a/feed.xml")
#define ARENA pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(8 << 20)
#define MAX   ((size_t)1 << 20)

/* clang-format off */
static const struct html_case {
	const char *html, *safe; /* NULL: nothing is left */
} cases[] = {
	/* plain text stays plain text */
	{ "سلام بر همه",                         "سلام بر همه" },
	{ " Tom & Jerry, 3 < 5 > 2 ",            "Tom & Jerry, 3 < 5 > 2" },
	{ "<نام> <3 a<1",                        "<نام> <3 a<1" },
	{ "AT&amp;T &eacute;&nbsp;x",            "AT&T é\u00A0x" },
	{ "&lt;b&gt; &amp;amp;",                 "&lt;b&gt; &amp;amp;" },
	{ "&#65;&#x42;&#1;&#0;",                 "AB\uFFFD" },
	{ "",                                    NULL },
	{ "<script>x</script>",                  NULL },

	/* elements */
	{ "<p>a <b>b</b></p>",                   "<p>a <b>b</b></p>" },
	{ "<P CLASS=x>a</P>",                    "<p class=\"x\">a</p>" },
	{ "a<br>b<hr/>",                         "a<br />b<hr />" },
	{ "<blink>a</blink><o:p>b</o:p>",        "ab" },
	{ "<html><head><title>t</title></head><body onload=x><p>b</body></html>", "t<p>b</p>" },
	{ "<xhtml:p>x</xhtml:p>",                "<p>x</p>" },
	{ "a<script>if (1 < 2) x('<b>')</script>b", "ab" },
	{ "a<SCRIPT src=x></SCRIPT >b",          "ab" },
	{ "a<script src='x'/>b",                 "ab" },
	{ "a<script>never ends<p>b",             "a" },
	{ "a<style>p{}</style><applet>c</applet>b", "ab" },
	{ "a<object><p>c</object><noscript>d</noscript><template>e</template>b", "ab" },
	{ "a<object data=x> b",                  "a b" },
	{ "a<embed src=x><link rel=x><meta x><base href='http://e.example/'>b", "ab" },
	{ "a<iframe src=x> b</iframe><frameset><frame src=x></frameset>", "a b" },
	{ "<scr<script>ipt>alert(1)</scr</script>ipt>", "&lt;script&gt;" },
	{ "<<script>alert(1);//<</script>x",     "&lt;x" },
	{ "</script>a<script>b<script>c</script>d", "abd" },
	{ "<textarea><script>1</script></textarea>", "<textarea></textarea>" },

	/* what is no element */
	{ "a<!-- <b> -->b<!doctype x>c<?php ?>d", "abcd" },
	{ "a<!--->b<!-->c<!-- > -->d",           "abcd" },
	{ "a<!-- -- >b",                         "ab" },
	{ "a<b>b</b><!-- never ends <p>",        "a<b>b</b>" },
	{ "<b>x</b> <!DOCTYPE ~",                "<b>x</b> &lt;!DOCTYPE ~" },
	{ "<![CDATA[<b>x</b>]]> y]]>",           "<b>x</b> y]]&gt;" },
	{ "a </> b</ c>d",                       "a  bd" },
	{ "if a <b and c <i>d</i>",              "if a &lt;b and c <i>d</i>" },
	{ "cut <a href='http://site.exa",        "cut" },
	{ "cut <b",                              "cut" },
	{ "x <y",                                "x &lt;y" },

	/* elements are balanced */
	{ "<b><i>a",                             "<b><i>a</i></b>" },
	{ "<b><i>a</b>b</i>",                    "<b><i>a</i></b>b" },
	{ "a</p></div></b>",                     "a" },
	{ "<p>a<p>b<ul><li>c<li>d</ul>",         "<p>a</p><p>b</p><ul><li>c</li><li>d</li></ul>" },
	{ "<table><tr><td>a<td>b<tr><th>c</table>d",
	  "<table><tr><td>a</td><td>b</td></tr><tr><th>c</th></tr></table>d" },
	{ "<div><table><tr><td></div>a</table>", "<div><table><tr><td>a</td></tr></table></div>" },
	{ "<dl><dt>a<dd>b<dt>c</dl>",            "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>" },
	{ "<a href='http://a.example'>x<a href='http://b.example'>y",
	  "<a href=\"http://a.example\">x</a><a href=\"http://b.example\">y</a>" },
	{ "<p/>a<br></br>b",                     "<p></p>a<br /><br />b" },

	/* attributes */
	{ "<p onclick=x title='a'onmouseover=\"y\"id=b>c</p>", "<p title=\"a\" id=\"b\">c</p>" },
	{ "<p title='\"<b>&amp;&quot;' title=second>c</p>", "<p title=\"&quot;&lt;b&gt;&amp;&quot;\">c</p>" },
	{ "<img/src=http://e.example/i alt/onerror=x>", "<img src=\"http://e.example/i\" alt=\"\" />" },
	{ "<option value='java script: x' selected>", "<option selected=\"\"></option>" },
	{ "<p title=a\x01\nb&#10;c>x</p>",       "<p title=\"a\">x</p>" },
	{ "<p title='a\x01\nb&#10;c'>x</p>",     "<p title=\"a b c\">x</p>" },
	{ "<p title=\"no end>x</p>",             "<p title=\"no\" end=\"\">x</p>" },
	{ "<p formaction=x srcdoc=y data-x=z>x</p>", "<p>x</p>" },

	/* nothing asks for a password */
	{ "a<form action='http://e.example/'>b <input type=password name=p><b>c</b></form>d",
	  "ab <b>c</b>d" },
	{ "a<form action='http://e.exam",        "a" },

	/* pictures that only count who reads */
	{ "a<img src='/i' width=1 height='1px'>b<img src='/i' HEIGHT=0 width=0 />c", "abc" },
	{ "a<img style='color: red; display : none' src='/i'>", "a" },
	{ "a<img style='width:1px;height:1px' src='/i'>", "a" },
	{ "a<img src='data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP'>", "a" },
	{ "<img width=100 height=1 src='/i'>",   "<img width=\"100\" height=\"1\" src=\"http://site.example/i\" />" },
	{ "<img width=10 height=10>",            "<img width=\"10\" height=\"10\" />" },
	{ "<td width=1 height=1>x</td>",         "<td width=\"1\" height=\"1\">x</td>" },

	/* addresses */
	{ "<a href=http://e.example/>x</a>",     "<a href=\"http://e.example/\">x</a>" },
	{ "<a href='b?x=1&y=2'>x</a>",           "<a href=\"http://site.example/a/b?x=1&amp;y=2\">x</a>" },
	{ "<a href='//e.example/x'>x</a><a href='?q'>y</a>",
	  "<a href=\"http://e.example/x\">x</a><a href=\"http://site.example/a/feed.xml?q\">y</a>" },
	{ "<a href='mailto:a@e.example'>x</a>",  "<a href=\"mailto:a@e.example\">x</a>" },
	{ "<img usemap='#m' src=' /i.png '>",    "<img usemap=\"#m\" src=\"http://site.example/i.png\" />" },
	{ "<div xml:base='http://e.example/x/'><a href=y>l</a></div><a href=y>l</a>",
	  "<div><a href=\"http://e.example/x/y\">l</a></div><a href=\"http://site.example/a/y\">l</a>" },
	{ "<a href=javascript:x>x</a>",          "<a>x</a>" },
	{ "<a href=' JaVa\nScRipt&#58;x'>x</a>", "<a>x</a>" },
	{ "<a href='java&Tab;script&colon;x'>x</a>", "<a>x</a>" },
	{ "<a href='&#1;&#106avascript:x'>x</a>", "<a>x</a>" },
	{ "<a href='\u00A0javascript:x'>x</a>",  "<a>x</a>" },
	{ "<a href=vbscript:x>x</a><a href=data:text/html,x>y</a><a href=file:///x>z</a>",
	  "<a>x</a><a>y</a><a>z</a>" },
	{ "<img src='data:image/png;base64,AA=='><img src='data:image/svg+xml,x'>",
	  "<img src=\"data:image/png;base64,AA==\" /><img />" },

	/* styles */
	{ "<p style='color: red; position: absolute; FONT-size:9pt'>x</p>",
	  "<p style=\"color: red; FONT-size: 9pt;\">x</p>" },
	{ "<p style='background: url(http://e.example/i.png); width: expression(x)'>x</p>", "<p>x</p>" },
	{ "<p style='-moz-binding: url(x); behavior: x; mso-x: y'>x</p>", "<p>x</p>" },
	{ "<p style='border: 1px solid rgb(0, 10, 0); margin: 0 auto'>x</p>",
	  "<p style=\"border: 1px solid rgb(0, 10, 0); margin: 0 auto;\">x</p>" },
	{ "<p style='margin: 99999em; padding: any; margin-left: -9px'>x</p>", "<p>x</p>" },
	{ "<p style='co\\lor: red'>x</p><p style='color: red/**/'>y</p>", "<p>x</p><p>y</p>" },
	{ "<p style=\"font-family: 'ب نازنین', Tahoma\">x</p>",
	  "<p style=\"font-family: 'ب نازنین', Tahoma;\">x</p>" },
	{ "<p style='color: red\" onclick=\"x'>y</p>", "<p>y</p>" },

	/* SVG and MathML */
	{ "<svg viewbox='0 0 1 1' onload=x><CIRCLE r=1 fill='url(http://e.example/)'/><title>t</title></svg>",
	  "<svg viewBox=\"0 0 1 1\" xmlns=\"http://www.w3.org/2000/svg\"><circle r=\"1\"></circle><title>t</title></svg>" },
	{ "<svg><a xlink:href=javascript:x><set attributeName=xlink:href to=javascript:x /></a></svg>",
	  "<svg xmlns=\"http://www.w3.org/2000/svg\"><a><set></set></a></svg>" },
	{ "<svg><use xlink:href='http://e.example/#x'/><use xlink:href='#x'/><style>x</style></svg>",
	  "<svg xmlns=\"http://www.w3.org/2000/svg\"><use></use><use xlink:href=\"#x\" "
	  "xmlns:xlink=\"http://www.w3.org/1999/xlink\"></use></svg>" },
	{ "<math><mi mathvariant=bold onclick=x>x</mi></math><mi>y</mi>",
	  "<math xmlns=\"http://www.w3.org/1998/Math/MathML\"><mi mathvariant=\"bold\">x</mi></math>y" },
	{ "<circle r=1>x</circle><path d=M0/>",  "x" },
};

static const struct plain_case {
	const char *text, *html;
} plain_cases[] = {
	{ "a < b & c",        "a < b & c" },
	{ " <نام> ",          "<نام>" },
	{ "a <b> c",          "a &lt;b&gt; c" },
	{ "a &amp; b",        "a &amp;amp; b" },
	{ "<script>x",        "&lt;script&gt;x" },
	{ "",                 NULL },
};
/* clang-format on */

static void
html_is_safe_and_stays_so(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(cases); i++) {
		ARENA;
		struct pk_span once, twice;
		assert_int_equal(pk_sanitize_html(arena, pk_span_of(cases[i].html),
				     BASE, MAX, &once),
		    0);
		assert_text(once, cases[i].safe);
		assert_int_equal(pk_sanitize_html(arena, once, BASE, MAX, &twice), 0);
		assert_text(twice, cases[i].safe);
	}
}

static void
plain_text_is_escaped_where_it_must_be(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(plain_cases); i++) {
		ARENA;
		struct pk_span html;
		assert_int_equal(pk_sanitize_plain(arena,
				     pk_span_of(plain_cases[i].text), MAX, &html),
		    0);
		assert_text(html, plain_cases[i].html);
	}
}

static void
what_is_clean_is_not_copied(void **state)
{
	ARENA;
	struct pk_span html = PK_SPAN("<p>a <a href=\"http://e.example/x\">b</a></p>");
	struct pk_span safe;

	(void)state;
	assert_int_equal(pk_sanitize_html(arena, html, BASE, MAX, &safe), 0);
	assert_ptr_equal(safe.ptr, html.ptr);
	assert_int_equal(safe.len, html.len);
}

static void
relative_addresses_stay_where_there_is_no_base(void **state)
{
	const struct pk_span absent = { NULL, 0 };
	ARENA;
	struct pk_span safe;

	(void)state;
	assert_int_equal(
	    pk_sanitize_html(arena, PK_SPAN("<a href=b>x</a>"), absent, MAX, &safe), 0);
	assert_text(safe, "<a href=\"b\">x</a>");
}

static void
a_text_that_is_too_long_is_cut_and_whole(void **state)
{
	(void)state;
	for (size_t max = 0; max < 60; max++) {
		ARENA;
		struct pk_span safe;
		assert_int_equal(
		    pk_sanitize_html(arena,
			PK_SPAN("<p>سلام <b title='x'>بر</b> همه&amp;<i>ا"), BASE, max,
			&safe),
		    0);
		assert_true(pk_utf8_valid(safe));
		assert_true(safe.len == 0 || max < 3 ||
			    pk_span_ends_with(safe, PK_SPAN("</p>")));
	}
}

/* A text of one scrap, many times over. */
static void
repeat(struct pk_buf *text, const char *scrap, size_t len)
{
	pk_buf_init(text, 0);
	while (text->len < len)
		pk_buf_append(text, pk_span_of(scrap));
}

static void
hostile_texts_take_no_more_time_and_room(void **state)
{
	static const char *const scraps[] = { "<", "<b", "<b ", "<a href=x>", "<!--",
		"<script>", "<script/>", "</script><script>", "<object>", "<noscript>",
		"<z a=\"", "<z a=\"<z b='", "<p title=", "<!", "<?", "</x", "<svg>",
		"<table><tr><td>", "<div xml:base='x/'>", "&", "<![CDATA[", "]]>",
		"<b a=1 b=2 c=3>", "<p style='a:b;", "\"", "<q/" };

	(void)state;
	for (size_t i = 0; i < PK_COUNT(scraps); i++) {
		pk_cleanup(pk_arena_freep) struct pk_arena *arena =
		    pk_arena_new(64 << 20);
		struct pk_buf text;
		struct pk_span safe;
		repeat(&text, scraps[i], (size_t)512 << 10);
		assert_int_equal(pk_sanitize_html(arena, pk_buf_span(&text),
				     PK_SPAN("http://site.example/a/b"), MAX, &safe),
		    0);
		assert_true(safe.len <= MAX + PK_SANITIZE_DEPTH_MAX * 16);
		assert_true(pk_utf8_valid(safe));
		pk_buf_done(&text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(html_is_safe_and_stays_so),
		cmocka_unit_test(plain_text_is_escaped_where_it_must_be),
		cmocka_unit_test(what_is_clean_is_not_copied),
		cmocka_unit_test(relative_addresses_stay_where_there_is_no_base),
		cmocka_unit_test(a_text_that_is_too_long_is_cut_and_whole),
		cmocka_unit_test(hostile_texts_take_no_more_time_and_room),
	};

	return cmocka_run_group_tests_name("fetch/feed/sanitize", tests, NULL, NULL);
}
