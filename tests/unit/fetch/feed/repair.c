/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/feed/repair.h"

#include "base/cleanup.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* clang-format off */
static const struct repair_case {
	const char *text;
	const char *want; /* NULL: no document */
	bool cut;
	bool cut_in_an_entry;
} cases[] = {
	{ "<a>x</a>",                         "<a>x</a>", false, false },
	{ "\n\n <?xml version='1.0'?>\n<a/>", "<a/>", false, false },
	{ "Notice: x < y\n<a/>",              "<a/>", false, false },
	{ "<!-- <b> --><a/><!-- c -->",       "<a/>", false, false },
	{ "<a>b<!-- c -->d</a>",              "<a>bd</a>", false, false },
	/* references */
	{ "<a>x &amp; y &#1587; &lt;</a>",    "<a>x &amp; y س &lt;</a>", false, false },
	{ "<a>&nbsp;&laquo;&zwnj;</a>",       "<a>\u00A0«\u200C</a>", false, false },
	{ "<a>R&D, AT&T; &unknown;</a>",      "<a>R&amp;D, AT&amp;T; &amp;unknown;</a>", false, false },
	{ "<a b='?x=1&y=2&copy;'/>",          "<a b='?x=1&amp;y=2©'/>", false, false },
	{ "<a b='&quot;&#34;&#39;'/>",        "<a b='&quot;&#34;&#39;'/>", false, false },
	{ "<a>&#60;b&#x3E;&LT;</a>",          "<a>&lt;b&gt;&lt;</a>", false, false },
	{ "<a>&#0;&#8;&#xD800;&#x10FFFFF;</a>", "<a>\uFFFD\uFFFD\uFFFD</a>", false, false },
	{ "<a>&#xD83D;&#xDE00;</a>",          "<a>😀</a>", false, false },
	{ "<a>x&#13;&#10;&#9;y</a>",          "<a>x&#10;&#10;&#9;y</a>", false, false },
	/* bytes */
	{ "<a>\x01x\x0By\x1F\tz</a>",         "<a>xy\tz</a>", false, false },
	{ "<a \x02 b='\x03'>\uFFFE\uFFFFﷲ</a>",  "<a  b=''>ﷲ</a>", false, false },
	{ "<a>3 < 4 <> <3 <-</a>",            "<a>3 &lt; 4 &lt;> &lt;3 &lt;-</a>", false, false },
	{ "<a>x <ماهانه> y</a>",              "<a>x &lt;ماهانه> y</a>", false, false },
	/* CDATA */
	{ "<a><![CDATA[<b> & &nbsp;\x01]]></a>", "<a><![CDATA[<b> & &nbsp;]]></a>", false, false },
	{ "<a><b><![CDATA[x</b></a>",         "<a><b><![CDATA[x]]></b></a>", false, false },
	{ "<a><b><![CDATA[x]></b><c><![CDATA[y]]></c></a>", "<a><b><![CDATA[x]>]]></b><c><![CDATA[y]]></c></a>", false, false },
	{ "<a><![CDATA[x <![CDATA[ y]]></a>", "<a><![CDATA[x <![CDATA[ y]]></a>", false, false },
	{ "<a><![CDATA[x </a> y]]></a>",      "<a><![CDATA[x </a> y]]></a>", false, false },
	{ "<a>x]]>y]]></a>",                  "<a>x]]&gt;y]]&gt;</a>", false, false },
	{ "<a><![CDATA[<![CDATA[x]]>]]></a>", "<a><![CDATA[<![CDATA[x]]>]]&gt;</a>", false, false },
	{ "<a>x]]<b/>></a>",                  "<a>x]]<b/>></a>", false, false },
	{ "<a><![CDATA[cut",                  "<a><![CDATA[cut]]></a>", true, false },
	/* end tags */
	{ "<a><b>x<br>y</b>z</a>",            "<a><b>x<br>y</br></b>z</a>", false, false },
	{ "<a>x</b>y</a>",                    "<a>xy</a>", false, false },
	{ "<Title>x</title>",                 "<Title>x</Title>", false, false },
	{ "<a><b>x</b <c>y</c></a>",          "<a><b>x</b><c>y</c></a>", false, false },
	{ "<a><item>x<item>y</item></a>",     "<a><item>x</item><item>y</item></a>", false, false },
	{ "<a>x</a>junk<b>",                  "<a>x</a>", false, false },
	{ "<a b='>'>x</a>",                   "<a b='>'>x</a>", false, false },
	/* cuts */
	{ "<a><b>x",                          "<a><b>x</b></a>", true, false },
	{ "<a><item><b>x",                    "<a><item><b>x</b></item></a>", true, true },
	{ "<a><item>x</item>",                "<a><item>x</item></a>", true, false },
	/* document types */
	{ "<!DOCTYPE a SYSTEM 'http://x/y.dtd'><a/>", "<a/>", false, false },
	{ "<!DOCTYPE a [<!ENTITY e 'v'><!ENTITY % p 'q'>]><a>&e;&p;</a>", "<a>v&amp;p;</a>", false, false },
	{ "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><a>&e;</a>", "<a>&amp;e;</a>", false, false },
	{ "<!DOCTYPE a [<!ENTITY e '&f;'><!ENTITY f '<b>'>]><a>&e;&f;</a>", "<a>&amp;e;&amp;f;</a>", false, false },
	{ "<!DOCTYPE a [<!-- don't --><!ENTITY e 'x>]y'><!ELEMENT a (b)>]><a>&e;</a>", "<a>x>]y</a>", false, false },
	{ "<!DOCTYPE a [<!ENTITY e 'a&#1587;&#60;&#0;b'>]><a>&e;</a>", "<a>aس&lt;\uFFFDb</a>", false, false },
	{ "<!DOCTYPE a [<!ENTITY e 'open>]><a>x</a>", "<a>x</a>", false, false },
	/* values without quotes */
	{ "<a b=c>x</a>",                     "<a b=\"c\">x</a>", false, false },
	{ "<a b = c d='e'/>",                 "<a b = \"c\" d='e'/>", false, false },
	{ "<a b=c/>",                         "<a b=\"c\"/>", false, false },
	{ "<a b=\"c\"\" >x</a>",               "<a b=\"c\" >x</a>", false, false },
	{ "<a b=c\" d='e'f='g'/>",             "<a b=\"c\" d='e' f='g'/>", false, false },
	{ "<a b=http://e.example/?x=1&y=2>z</a>", "<a b=\"http://e.example/?x=1&amp;y=2\">z</a>", false, false },
	{ "<a b=>x</a>",                      "<a b=>x</a>", false, false },
	{ "<a b=c",                           "<a b=\"c\"</a>", true, false },
	{ "<a b='' ® نام=\"1\" c='®'/>",        "<a b=''  =\"1\" c='®'/>", false, false },
	/* entries, whatever their prefix, and of sitemaps */
	{ "<r:a><r:item>x<r:item>y</r:a>",    "<r:a><r:item>x</r:item><r:item>y</r:item></r:a>", false, false },
	{ "<urlset><url>x<url>y",             "<urlset><url>x</url><url>y</url></urlset>", true, true },
	{ "<a><url>x<url>y",                  "<a><url>x<url>y</url></url></a>", true, false },
	{ "<a><!DOCTYPE b []>x</a>",          "<a>x</a>", false, false },
	{ "",                                 NULL, false, false },
	{ "words",                            NULL, false, false },
	{ "<!-- <a> --> <!DOCTYPE a",         NULL, false, false },
	{ "</a>",                             NULL, false, false },
	{ "<![CDATA[<a>",                     NULL, false, false },
	{ "<![CDATA[x]]><a/>",                "<a/>", false, false },
};
/* clang-format on */

static void
texts_are_mended(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(cases); i++) {
		const struct repair_case *c = &cases[i];
		pk_cleanup(
		    pk_repaired_done) struct pk_repaired repaired = { .cut = false };
		int r = pk_xml_repair(pk_span_of(c->text), &repaired);
		if (c->want == NULL) {
			assert_int_equal(r, -EBADMSG);
			continue;
		}
		assert_int_equal(r, 0);
		assert_string_equal(repaired.text.ptr, c->want);
		assert_int_equal(repaired.cut, c->cut);
		assert_int_equal(repaired.cut_in_an_entry, c->cut_in_an_entry);
	}
}

#define LONG                                                                                                                                     \
	"یک دو سه چهار پنج شش هفت هشت نه ده یازده دوازده سیزده چهارده پانزده شانزده " \
	"هفده هجده نوزده بیست"

/* What needs no mending does not pass through the parser. */
static void
long_stretches_are_kept(void **state)
{
	static const struct pk_span text =
	    PK_SPAN("<a><?kept 1?><b>" LONG "&lt;" LONG "</b><![CDATA[<p>" LONG
		    "]]>" LONG "\x01<c>d</c></a>");
	static const struct pk_span kept[] = { PK_SPAN(LONG), PK_SPAN(LONG),
		PK_SPAN("<p>" LONG), PK_SPAN(LONG) };
	struct pk_repaired repaired;

	(void)state;
	assert_int_equal(pk_xml_repair(text, &repaired), 0);
	assert_string_equal(repaired.text.ptr,
	    "<a><b><?kept 0?>&lt;<?kept 1?></b><?kept 2?><?kept 3?><c>d</c></a>");
	assert_int_equal(repaired.n_kept, PK_COUNT(kept));
	for (size_t i = 0; i < PK_COUNT(kept); i++)
		assert_true(pk_span_eq(repaired.kept[i], kept[i]));
	pk_repaired_done(&repaired);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_mended),
		cmocka_unit_test(long_stretches_are_kept),
	};

	return cmocka_run_group_tests_name("fetch/feed/repair", tests, NULL, NULL);
}
