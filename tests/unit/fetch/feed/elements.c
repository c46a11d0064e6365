/* SPDX-License-Identifier: Apache-2.0 */
/* Every element that says something, in every format that it stands in. */
#include "base/cleanup.h"
#include "tests/unit/fetch/feed/parse.h"

#include <string.h>

#define NAMESPACES                                                                     \
	"xmlns:dc='http://purl.org/dc/elements/1.1/' "                                 \
	"xmlns:dcterms='http://purl.org/dc/terms/' "                                   \
	"xmlns:content='http://purl.org/rss/1.0/modules/content/' "                    \
	"xmlns:itunes='http://www.itunes.com/DTDs/Podcast-1.0.dtd' "                   \
	"xmlns:media='http://search.yahoo.com/mrss/' "                                 \
	"xmlns:xhtml='http://www.w3.org/1999/xhtml' "                                  \
	"xmlns:atom='http://www.w3.org/2005/Atom' "                                    \
	"xmlns:old='http://purl.org/atom/ns#' "                                        \
	"xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "                     \
	"xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0' "               \
	"xmlns:foaf='http://xmlns.com/foaf/0.1/' "                                     \
	"xmlns:yandex='http://news.yandex.ru' xmlns:turbo='http://turbo.yandex.ru' "   \
	"xmlns:news='http://www.google.com/schemas/sitemap-news/0.9' "                 \
	"xmlns:image='http://www.google.com/schemas/sitemap-image/1.1'"

enum home {
	ITEM,
	CHANNEL,
	RDF,
	ENTRY,
	ENTRY03,
	FEED,
	FEED03,
	CDF,
	CDF_ITEM,
	URL,
};

/* What stands around the elements. */
static const struct around {
	const char *before, *behind;
	bool is_entry;
} around[] = {
	[ITEM] = { "<rss version='2.0' " NAMESPACES "><channel><item>",
	    "</item></channel></rss>", true },
	[CHANNEL] = { "<rss version='2.0' " NAMESPACES "><channel>", "</channel></rss>",
	    false },
	[RDF] = { "<rdf:RDF xmlns='http://purl.org/rss/1.0/' " NAMESPACES
		  "><channel rdf:about='urn:c'/><item rdf:about='urn:x'>",
	    "</item></rdf:RDF>", true },
	[ENTRY] = { "<feed xmlns='http://www.w3.org/2005/Atom' " NAMESPACES "><entry>",
	    "</entry></feed>", true },
	[ENTRY03] = { "<feed version='0.3' xmlns='http://purl.org/atom/ns#' " NAMESPACES
		      "><entry>",
	    "</entry></feed>", true },
	[FEED] = { "<feed xmlns='http://www.w3.org/2005/Atom' " NAMESPACES ">",
	    "</feed>", false },
	[FEED03] = { "<feed version='0.3' xmlns='http://purl.org/atom/ns#' " NAMESPACES
		     ">",
	    "</feed>", false },
	[CDF] = { "<CHANNEL HREF='http://e.example/'>", "</CHANNEL>", false },
	[CDF_ITEM] = { "<CHANNEL HREF='http://e.example/'><ITEM "
		       "LASTMOD='2004-01-01T19:48:21Z'>",
	    "</ITEM></CHANNEL>", true },
	[URL] = { "<urlset "
		  "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' " NAMESPACES
		  "><url><loc>http://e.example/</loc>",
	    "</url></urlset>", true },
};

/* clang-format off */
static const struct element_case {
	enum home home;
	const char *inside, *field, *want; /* NULL: the field is absent */
} cases[] = {
	/* RSS: an item */
	{ ITEM, "<title>x</title>", "title", "x" },
	{ ITEM, "<dc:title>x</dc:title>", "title", "x" },
	{ ITEM, "<media:title>x</media:title>", "title", "x" },
	{ ITEM, "<atom:title>x</atom:title>", "title", "x" },
	{ ITEM, "<description>x</description>", "summary", "x" },
	{ ITEM, "<dc:description>x</dc:description>", "summary", "x" },
	{ ITEM, "<itunes:summary>x</itunes:summary>", "summary", "x" },
	{ ITEM, "<summary>x</summary>", "summary", "x" },
	{ ITEM, "<abstract>x</abstract>", "summary", "x" },
	{ ITEM, "<atom:summary>x</atom:summary>", "summary", "x" },
	{ ITEM, "<content:encoded>x</content:encoded>", "content", "x" },
	{ ITEM, "<fullitem>x</fullitem>", "content", "x" },
	{ ITEM, "<body>x</body>", "content", "x" },
	{ ITEM, "<xhtml:body>x</xhtml:body>", "content", "x" },
	{ ITEM, "<xhtml:div>x</xhtml:div>", "content", "x" },
	{ ITEM, "<atom:content>x</atom:content>", "content", "x" },
	{ ITEM, "<content>x</content>", "content", "x" },
	{ ITEM, "<encoded>x</encoded>", "content", "x" },
	{ ITEM, "<yandex:full-text>x</yandex:full-text>", "content", "x" },
	{ ITEM, "<turbo:content>x</turbo:content>", "content", "x" },
	{ ITEM, "<author>x</author>", "author", "x" },
	{ ITEM, "<dc:author>x</dc:author>", "author", "x" },
	{ ITEM, "<dc:creator>x</dc:creator>", "author", "x" },
	{ ITEM, "<dc:contributor>x</dc:contributor>", "author", "x" },
	{ ITEM, "<itunes:author>x</itunes:author>", "author", "x" },
	{ ITEM, "<atom:author>x</atom:author>", "author", "x" },
	{ ITEM, "<title>t</title><managingEditor>x</managingEditor>", "author", NULL },
	{ ITEM, "<title>t</title><webMaster>x</webMaster>", "author", NULL },
	{ ITEM, "<title>t</title><dc:publisher>x</dc:publisher>", "author", NULL },
	{ ITEM, "<title>t</title><copyright>x</copyright>", "author", NULL },
	{ ITEM, "<author>x (x@e.example)</author>", "author", "x" },
	{ ITEM, "<author>x@e.example (x)</author>", "author", "x" },
	{ ITEM, "<author>x &lt;x@e.example></author>", "author", "x" },
	{ ITEM, "<author>\"x\" &lt;x@e.example></author>", "author", "x" },
	{ ITEM, "<author>x@e.example ()</author>", "author", "x@e.example" },
	{ ITEM, "<author><name>x</name><email>y</email></author>", "author", "x" },
	{ ITEM, "<author><email>y</email><uri>z</uri></author>", "author", "y" },
	{ ITEM, "<dc:creator><foaf:Person><foaf:name>x</foaf:name></foaf:Person></dc:creator>", "author", "x" },
	{ ITEM, "<category>x</category>", "category", "x" },
	{ ITEM, "<dc:subject>x</dc:subject>", "category", "x" },
	{ ITEM, "<media:category>x</media:category>", "category", "x" },
	{ ITEM, "<itunes:keywords>x</itunes:keywords>", "category", "x" },
	{ ITEM, "<media:keywords>x</media:keywords>", "category", "x" },
	{ ITEM, "<keywords>x</keywords>", "category", "x" },
	{ ITEM, "<tags>x</tags>", "category", "x" },
	{ ITEM, "<category domain='y'>x</category>", "category", "x" },
	{ ITEM, "<atom:category term='x' label='y'/>", "category", "x" },
	{ ITEM, "<itunes:category text='x'/>", "category", "x" },
	{ ITEM, "<pubDate>2004-01-01T19:48:21Z</pubDate>", "published", "2004-01-01T19:48:21Z" },
	{ ITEM, "<dc:date>2004-01-01T19:48:21Z</dc:date>", "published", "2004-01-01T19:48:21Z" },
	{ ITEM, "<dcterms:issued>2004-01-01T19:48:21Z</dcterms:issued>", "published", "2004-01-01T19:48:21Z" },
	{ ITEM, "<dcterms:created>2004-01-01T19:48:21Z</dcterms:created>", "published", "2004-01-01T19:48:21Z" },
	{ ITEM, "<atom:published>2004-01-01T19:48:21Z</atom:published>", "published", "2004-01-01T19:48:21Z" },
	{ ITEM, "<old:issued>2004-01-01T19:48:21Z</old:issued>", "published", "2004-01-01T19:48:21Z" },
	{ ITEM, "<old:created>2004-01-01T19:48:21Z</old:created>", "published", "2004-01-01T19:48:21Z" },
	{ ITEM, "<published>2004-01-01T19:48:21Z</published>", "published", "2004-01-01T19:48:21Z" },
	{ ITEM, "<issued>2004-01-01T19:48:21Z</issued>", "published", "2004-01-01T19:48:21Z" },
	{ ITEM, "<created>2004-01-01T19:48:21Z</created>", "published", "2004-01-01T19:48:21Z" },
	{ ITEM, "<date>2004-01-01T19:48:21Z</date>", "published", "2004-01-01T19:48:21Z" },
	{ ITEM, "<dc:date>2004-01-01T19:48:21Z</dc:date>", "updated", "2004-01-01T19:48:21Z" },
	{ ITEM, "<dcterms:modified>2004-01-01T19:48:21Z</dcterms:modified>", "updated", "2004-01-01T19:48:21Z" },
	{ ITEM, "<atom:updated>2004-01-01T19:48:21Z</atom:updated>", "updated", "2004-01-01T19:48:21Z" },
	{ ITEM, "<old:modified>2004-01-01T19:48:21Z</old:modified>", "updated", "2004-01-01T19:48:21Z" },
	{ ITEM, "<updated>2004-01-01T19:48:21Z</updated>", "updated", "2004-01-01T19:48:21Z" },
	{ ITEM, "<modified>2004-01-01T19:48:21Z</modified>", "updated", "2004-01-01T19:48:21Z" },
	{ ITEM, "<lastmod>2004-01-01T19:48:21Z</lastmod>", "updated", "2004-01-01T19:48:21Z" },
	{ ITEM, "<link>http://e.example/1</link>", "link", "http://e.example/1" },
	{ ITEM, "<link href='http://e.example/1'/>", "link", "http://e.example/1" },
	{ ITEM, "<atom:link href='http://e.example/1'/>", "link", "http://e.example/1" },
	{ ITEM, "<guid>http://e.example/1</guid>", "link", "http://e.example/1" },
	{ ITEM, "<url>http://e.example/1</url>", "link", "http://e.example/1" },
	{ ITEM, "<link>http://e.example/1</link><guid>http://e.example/2</guid>", "link", "http://e.example/1" },
	{ ITEM, "<guid>http://e.example/2</guid><link>http://e.example/1</link>", "link", "http://e.example/1" },
	{ ITEM, "<comments>http://e.example/2</comments><link>http://e.example/1</link>", "link", "http://e.example/1" },
	{ ITEM, "<feedburner:origLink>http://e.example/1</feedburner:origLink><link>http://e.example/2</link>", "link", "http://e.example/1" },
	{ ITEM, "<link>//e.example/1</link>", "link", "https://e.example/1" },
	{ ITEM, "<link>www.e.example/1</link>", "link", "https://www.e.example/1" },
	{ ITEM, "<link>\u200Fhttp://e.example/1\u200E</link>", "link", "http://e.example/1" },
	{ ITEM, "<link>\"http://e.example/1\"</link>", "link", "http://e.example/1" },
	{ ITEM, "<link>http://http://e.example/1</link>", "link", "http://e.example/1" },
	{ ITEM, "<link>#</link><guid>http://e.example/1</guid>", "link", "http://e.example/1" },
	{ ITEM, "<link>http://e.example/?a=http://b.example/</link>", "link", "http://e.example/?a=http://b.example/" },
	{ ITEM, "<link>site.example/1</link>", "link", "https://site.example/1" },
	{ ITEM, "<link>http://e.example/?a=1&amp;amp;b=2</link>", "link", "http://e.example/?a=1&b=2" },
	{ ITEM, "<link>&lt;![CDATA[http://e.example/1]]></link>", "link", "http://e.example/1" },
	{ ITEM, "<guid isPermaLink='false'>http://e.example/1</guid>", "link", NULL },
	{ ITEM, "<title>t</title><source url='http://e.example/1'>x</source>", "link", NULL },
	{ ITEM, "<guid>x</guid>", "id", "x" },
	{ ITEM, "<dc:identifier>x</dc:identifier>", "id", "x" },
	{ ITEM, "<id>x</id>", "id", "x" },
	{ ITEM, "<atom:id>x</atom:id>", "id", "x" },
	{ ITEM, "<id>y</id><guid>x</guid>", "id", "x" },
	{ ITEM, "<enclosure url='http://e.example/1'/>", "enclosure", "http://e.example/1" },
	{ ITEM, "<enclosure href='http://e.example/1'/>", "enclosure", "http://e.example/1" },
	{ ITEM, "<enclosure>http://e.example/1</enclosure>", "enclosure", "http://e.example/1" },
	{ ITEM, "<media:content url='http://e.example/1'/>", "enclosure", "http://e.example/1" },
	{ ITEM, "<media:group><media:content url='http://e.example/1'/></media:group>", "enclosure", "http://e.example/1" },
	{ ITEM, "<atom:link rel='enclosure' href='http://e.example/1'/>", "enclosure", "http://e.example/1" },
	{ ITEM, "<title>&lt;b>x&lt;/b></title>", "title", "x" },
	{ ITEM, "<title><b>x</b></title>", "title", "x" },
	{ ITEM, "<title>x &amp;amp; y</title>", "title", "x & y" },
	{ ITEM, "<title>1 &lt; 2</title>", "title", "1 < 2" },
	{ ITEM, "<title>it&apos;s</title>", "title", "it's" },
	{ ITEM, "<title><![CDATA[x &amp; y]]></title>", "title", "x & y" },
	{ ITEM, "<title>&eacute;</title>", "title", "é" },
	{ ITEM, "<title>&#8217;</title>", "title", "’" },
	{ ITEM, "<title>&#146;</title>", "title", "’" },
	{ ITEM, "<title>AT&T</title>", "title", "AT&T" },

	{ ITEM, "<pubDate>&lt;b>1 Jan&amp;nbsp;2004&lt;/b> 19:48:21 GMT</pubDate>", "published", "2004-01-01T19:48:21Z" },

	/* RSS: a channel */
	{ CHANNEL, "<title>x</title>", "title", "x" },
	{ CHANNEL, "<dc:title>x</dc:title>", "title", "x" },
	{ CHANNEL, "<media:title>x</media:title>", "title", "x" },
	{ CHANNEL, "<atom:title>x</atom:title>", "title", "x" },
	{ CHANNEL, "<description>x</description>", "subtitle", "x" },
	{ CHANNEL, "<dc:description>x</dc:description>", "subtitle", "x" },
	{ CHANNEL, "<itunes:subtitle>x</itunes:subtitle>", "subtitle", "x" },
	{ CHANNEL, "<itunes:summary>x</itunes:summary>", "subtitle", "x" },
	{ CHANNEL, "<atom:subtitle>x</atom:subtitle>", "subtitle", "x" },
	{ CHANNEL, "<old:tagline>x</old:tagline>", "subtitle", "x" },
	{ CHANNEL, "<lastBuildDate>2004-01-01T19:48:21Z</lastBuildDate>", "updated", "2004-01-01T19:48:21Z" },
	{ CHANNEL, "<pubDate>2004-01-01T19:48:21Z</pubDate>", "updated", "2004-01-01T19:48:21Z" },
	{ CHANNEL, "<dc:date>2004-01-01T19:48:21Z</dc:date>", "updated", "2004-01-01T19:48:21Z" },
	{ CHANNEL, "<dcterms:modified>2004-01-01T19:48:21Z</dcterms:modified>", "updated", "2004-01-01T19:48:21Z" },
	{ CHANNEL, "<atom:updated>2004-01-01T19:48:21Z</atom:updated>", "updated", "2004-01-01T19:48:21Z" },
	{ CHANNEL, "<language>fa_IR</language>", "language", "fa-IR" },
	{ CHANNEL, "<dc:language>fa_IR</dc:language>", "language", "fa-IR" },
	{ CHANNEL, "<link>http://e.example/1</link>", "link", "http://e.example/1" },
	{ CHANNEL, "<atom:link rel='self' href='http://e.example/2'/><link>http://e.example/1</link>", "link", "http://e.example/1" },
	{ CHANNEL, "<atom:link href='http://e.example/1'/>", "link", "http://e.example/1" },
	{ CHANNEL, "<url>http://e.example/1</url>", "link", "http://e.example/1" },
	{ CHANNEL, "<image><title>y</title><link>http://e.example/2</link><url>http://e.example/3</url><description>y</description></image><title>x</title>", "title", "x" },
	{ CHANNEL, "<image><title>y</title><link>http://e.example/2</link><description>y</description></image>", "title", NULL },
	{ CHANNEL, "<image><title>y</title><link>http://e.example/2</link><url>http://e.example/3</url></image>", "link", NULL },
	{ CHANNEL, "<image><title>y</title><description>y</description></image>", "subtitle", NULL },
	{ CHANNEL, "<textInput><title>y</title><link>http://e.example/2</link><url>http://e.example/3</url><description>y</description></textInput><title>x</title>", "title", "x" },
	{ CHANNEL, "<textInput><title>y</title><link>http://e.example/2</link><description>y</description></textInput>", "title", NULL },
	{ CHANNEL, "<textInput><title>y</title><link>http://e.example/2</link><url>http://e.example/3</url></textInput>", "link", NULL },
	{ CHANNEL, "<textInput><title>y</title><description>y</description></textInput>", "subtitle", NULL },

	/* RSS 1.0 */
	{ RDF, "<title>x</title>", "title", "x" },
	{ RDF, "<description>x</description>", "summary", "x" },
	{ RDF, "<dc:creator>x</dc:creator>", "author", "x" },
	{ RDF, "<dc:subject>x</dc:subject>", "category", "x" },
	{ RDF, "<content:encoded>x</content:encoded>", "content", "x" },
	{ RDF, "<title>x</title>", "id", "urn:x" },
	{ RDF, "<link>http://e.example/1</link>", "link", "http://e.example/1" },
	{ RDF, "<dc:date>2004-01-01T19:48:21Z</dc:date>", "published", "2004-01-01T19:48:21Z" },

	/* Atom: an entry, of 1.0 and of 0.3 */
	{ ENTRY, "<title type='html'>Example &lt;b>test&lt;/b></title>", "title", "Example test" },
	{ ENTRY, "<title type='application/octet-stream'>RXhhbXBsZSA8Yj50ZXN0PC9iPg==</title>", "title", "Example test" },
	{ ENTRY, "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>Example <b>test</b></div></title>", "title", "Example test" },
	{ ENTRY, "<title type='xhtml'><xhtml:div>Example <xhtml:b>test</xhtml:b></xhtml:div></title>", "title", "Example test" },
	{ ENTRY, "<title type='text'>Example &lt;b>test&lt;/b></title>", "title", "Example <b>test</b>" },
	{ ENTRY, "<title>Example &lt;b>test&lt;/b></title>", "title", "Example <b>test</b>" },
	{ ENTRY, "<title type='application/xhtml+xml'><div xmlns='http://www.w3.org/1999/xhtml'>Example <b>test</b></div></title>", "title", "Example test" },
	{ ENTRY, "<title type='text/html'>Example &lt;b>test&lt;/b></title>", "title", "Example test" },
	{ ENTRY, "<summary type='html'>Example &lt;b>test&lt;/b></summary>", "summary", "Example <b>test</b>" },
	{ ENTRY, "<summary type='application/octet-stream'>RXhhbXBsZSA8Yj50ZXN0PC9iPg==</summary>", "summary", "Example <b>test</b>" },
	{ ENTRY, "<summary type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>Example <b>test</b></div></summary>", "summary", "Example <b>test</b>" },
	{ ENTRY, "<summary type='xhtml'><xhtml:div>Example <xhtml:b>test</xhtml:b></xhtml:div></summary>", "summary", "Example <b>test</b>" },
	{ ENTRY, "<summary type='text'>Example &lt;b>test&lt;/b></summary>", "summary", "Example &lt;b&gt;test&lt;/b&gt;" },
	{ ENTRY, "<summary>Example &lt;b>test&lt;/b></summary>", "summary", "Example &lt;b&gt;test&lt;/b&gt;" },
	{ ENTRY, "<summary type='application/xhtml+xml'><div xmlns='http://www.w3.org/1999/xhtml'>Example <b>test</b></div></summary>", "summary", "Example <b>test</b>" },
	{ ENTRY, "<summary type='text/html'>Example &lt;b>test&lt;/b></summary>", "summary", "Example <b>test</b>" },
	{ ENTRY, "<content type='html'>Example &lt;b>test&lt;/b></content>", "content", "Example <b>test</b>" },
	{ ENTRY, "<content type='application/octet-stream'>RXhhbXBsZSA8Yj50ZXN0PC9iPg==</content>", "content", "Example <b>test</b>" },
	{ ENTRY, "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>Example <b>test</b></div></content>", "content", "Example <b>test</b>" },
	{ ENTRY, "<content type='xhtml'><xhtml:div>Example <xhtml:b>test</xhtml:b></xhtml:div></content>", "content", "Example <b>test</b>" },
	{ ENTRY, "<content type='text'>Example &lt;b>test&lt;/b></content>", "content", "Example &lt;b&gt;test&lt;/b&gt;" },
	{ ENTRY, "<content>Example &lt;b>test&lt;/b></content>", "content", "Example &lt;b&gt;test&lt;/b&gt;" },
	{ ENTRY, "<content type='application/xhtml+xml'><div xmlns='http://www.w3.org/1999/xhtml'>Example <b>test</b></div></content>", "content", "Example <b>test</b>" },
	{ ENTRY, "<content type='text/html'>Example &lt;b>test&lt;/b></content>", "content", "Example <b>test</b>" },
	{ ENTRY03, "<title type='text/html' mode='escaped'>Example &lt;b>test&lt;/b></title>", "title", "Example test" },
	{ ENTRY03, "<title type='application/octet-stream' mode='base64'>RXhhbXBsZSA8Yj50ZXN0PC9iPg==</title>", "title", "Example test" },
	{ ENTRY03, "<title type='application/xhtml+xml' mode='xml'><div xmlns='http://www.w3.org/1999/xhtml'>Example <b>test</b></div></title>", "title", "Example test" },
	{ ENTRY03, "<title mode='xml'>Example <b>test</b></title>", "title", "Example test" },
	{ ENTRY03, "<title type='text/plain' mode='escaped'>Example &lt;b>test&lt;/b></title>", "title", "Example <b>test</b>" },
	{ ENTRY03, "<summary type='text/html' mode='escaped'>Example &lt;b>test&lt;/b></summary>", "summary", "Example <b>test</b>" },
	{ ENTRY03, "<summary type='application/octet-stream' mode='base64'>RXhhbXBsZSA8Yj50ZXN0PC9iPg==</summary>", "summary", "Example <b>test</b>" },
	{ ENTRY03, "<summary type='application/xhtml+xml' mode='xml'><div xmlns='http://www.w3.org/1999/xhtml'>Example <b>test</b></div></summary>", "summary", "Example <b>test</b>" },
	{ ENTRY03, "<summary mode='xml'>Example <b>test</b></summary>", "summary", "Example <b>test</b>" },
	{ ENTRY03, "<summary type='text/plain' mode='escaped'>Example &lt;b>test&lt;/b></summary>", "summary", "Example &lt;b&gt;test&lt;/b&gt;" },
	{ ENTRY03, "<content type='text/html' mode='escaped'>Example &lt;b>test&lt;/b></content>", "content", "Example <b>test</b>" },
	{ ENTRY03, "<content type='application/octet-stream' mode='base64'>RXhhbXBsZSA8Yj50ZXN0PC9iPg==</content>", "content", "Example <b>test</b>" },
	{ ENTRY03, "<content type='application/xhtml+xml' mode='xml'><div xmlns='http://www.w3.org/1999/xhtml'>Example <b>test</b></div></content>", "content", "Example <b>test</b>" },
	{ ENTRY03, "<content mode='xml'>Example <b>test</b></content>", "content", "Example <b>test</b>" },
	{ ENTRY03, "<content type='text/plain' mode='escaped'>Example &lt;b>test&lt;/b></content>", "content", "Example &lt;b&gt;test&lt;/b&gt;" },
	{ ENTRY, "<published>2004-01-01T19:48:21Z</published>", "published", "2004-01-01T19:48:21Z" },
	{ ENTRY, "<pubDate>2004-01-01T19:48:21Z</pubDate>", "published", "2004-01-01T19:48:21Z" },
	{ ENTRY03, "<issued>2004-01-01T19:48:21Z</issued>", "published", "2004-01-01T19:48:21Z" },
	{ ENTRY03, "<created>2004-01-01T19:48:21Z</created>", "published", "2004-01-01T19:48:21Z" },
	{ ENTRY, "<updated>2004-01-01T19:48:21Z</updated>", "updated", "2004-01-01T19:48:21Z" },
	{ ENTRY03, "<modified>2004-01-01T19:48:21Z</modified>", "updated", "2004-01-01T19:48:21Z" },
	{ ENTRY, "<link rel='self' href='http://e.example/2'/><link href='http://e.example/1'/>", "link", "http://e.example/1" },
	{ ENTRY, "<title>t</title><link rel='self' href='http://e.example/2'/>", "link", NULL },
	{ ENTRY, "<link rel='via' href='http://e.example/2'/><link href='http://e.example/1'/>", "link", "http://e.example/1" },
	{ ENTRY, "<title>t</title><link rel='via' href='http://e.example/2'/>", "link", NULL },
	{ ENTRY, "<link rel='related' href='http://e.example/2'/><link href='http://e.example/1'/>", "link", "http://e.example/1" },
	{ ENTRY, "<title>t</title><link rel='related' href='http://e.example/2'/>", "link", NULL },
	{ ENTRY, "<link rel='replies' href='http://e.example/2'/><link href='http://e.example/1'/>", "link", "http://e.example/1" },
	{ ENTRY, "<title>t</title><link rel='replies' href='http://e.example/2'/>", "link", NULL },
	{ ENTRY, "<link rel='edit' href='http://e.example/2'/><link href='http://e.example/1'/>", "link", "http://e.example/1" },
	{ ENTRY, "<title>t</title><link rel='edit' href='http://e.example/2'/>", "link", NULL },
	{ ENTRY, "<link rel='next' href='http://e.example/2'/><link href='http://e.example/1'/>", "link", "http://e.example/1" },
	{ ENTRY, "<title>t</title><link rel='next' href='http://e.example/2'/>", "link", NULL },
	{ ENTRY, "<link rel='http://e.example/rel' href='http://e.example/2'/><link href='http://e.example/1'/>", "link", "http://e.example/1" },
	{ ENTRY, "<title>t</title><link rel='http://e.example/rel' href='http://e.example/2'/>", "link", NULL },
	{ ENTRY, "<link rel='alternate' href='http://e.example/1'/>", "link", "http://e.example/1" },
	{ ENTRY, "<link rel='ALTERNATE' type='text/html' href='http://e.example/1'/>", "link", "http://e.example/1" },
	{ ENTRY, "<link type='application/xhtml+xml' href='http://e.example/1'/>", "link", "http://e.example/1" },
	{ ENTRY, "<link rel='http://www.iana.org/assignments/relation/alternate' href='http://e.example/1'/>", "link", "http://e.example/1" },
	{ ENTRY, "<link rel='alternate' type='application/pdf' href='http://e.example/2'/><link rel='alternate' type='text/html' href='http://e.example/1'/>", "link", "http://e.example/1" },
	{ ENTRY, "<content src='http://e.example/1' type='text/html'/>", "link", "http://e.example/1" },
	{ ENTRY, "<link>http://e.example/1</link>", "link", "http://e.example/1" },
	{ ENTRY, "<link rel='enclosure' href='http://e.example/1'/>", "enclosure", "http://e.example/1" },
	{ ENTRY, "<source><title>y</title><id>y</id></source><title>x</title>", "title", "x" },
	{ ENTRY, "<id>t</id><source><title>y</title><link href='http://e.example/2'/></source>", "title", NULL },
	{ ENTRY, "<title>t</title><source><id>y</id></source>", "id", NULL },
	{ ENTRY, "<id>t</id><source><link href='http://e.example/2'/></source>", "link", NULL },
	{ ENTRY, "<author><name>x</name><email>y</email><uri>z</uri></author>", "author", "x" },
	{ ENTRY, "<author><email>x</email></author>", "author", "x" },
	{ ENTRY, "<author><name>x</name></author><author><name>y</name></author>", "author", "x" },
	{ ENTRY, "<title>t</title><contributor><name>y</name></contributor>", "author", NULL },
	{ ENTRY, "<title>t</title><author><uri>http://e.example/</uri></author>", "author", NULL },
	{ ENTRY, "<category term='x' label='y' scheme='z'/>", "category", "x" },
	{ ENTRY, "<category label='x'/>", "category", "x" },
	{ ENTRY, "<id>x</id>", "id", "x" },
	{ ENTRY, "<guid>x</guid>", "id", "x" },
	{ ENTRY, "<description>x</description>", "summary", "x" },

	/* Atom: a feed */
	{ FEED, "<title type='html'>Example &lt;b>test&lt;/b></title>", "title", "Example test" },
	{ FEED, "<title type='application/octet-stream'>RXhhbXBsZSA8Yj50ZXN0PC9iPg==</title>", "title", "Example test" },
	{ FEED, "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>Example <b>test</b></div></title>", "title", "Example test" },
	{ FEED, "<title type='xhtml'><xhtml:div>Example <xhtml:b>test</xhtml:b></xhtml:div></title>", "title", "Example test" },
	{ FEED, "<title type='text'>Example &lt;b>test&lt;/b></title>", "title", "Example <b>test</b>" },
	{ FEED, "<title>Example &lt;b>test&lt;/b></title>", "title", "Example <b>test</b>" },
	{ FEED, "<title type='application/xhtml+xml'><div xmlns='http://www.w3.org/1999/xhtml'>Example <b>test</b></div></title>", "title", "Example test" },
	{ FEED, "<title type='text/html'>Example &lt;b>test&lt;/b></title>", "title", "Example test" },
	{ FEED, "<subtitle type='html'>Example &lt;b>test&lt;/b></subtitle>", "subtitle", "Example <b>test</b>" },
	{ FEED, "<subtitle type='application/octet-stream'>RXhhbXBsZSA8Yj50ZXN0PC9iPg==</subtitle>", "subtitle", "Example <b>test</b>" },
	{ FEED, "<subtitle type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>Example <b>test</b></div></subtitle>", "subtitle", "Example <b>test</b>" },
	{ FEED, "<subtitle type='xhtml'><xhtml:div>Example <xhtml:b>test</xhtml:b></xhtml:div></subtitle>", "subtitle", "Example <b>test</b>" },
	{ FEED, "<subtitle type='text'>Example &lt;b>test&lt;/b></subtitle>", "subtitle", "Example &lt;b&gt;test&lt;/b&gt;" },
	{ FEED, "<subtitle>Example &lt;b>test&lt;/b></subtitle>", "subtitle", "Example &lt;b&gt;test&lt;/b&gt;" },
	{ FEED, "<subtitle type='application/xhtml+xml'><div xmlns='http://www.w3.org/1999/xhtml'>Example <b>test</b></div></subtitle>", "subtitle", "Example <b>test</b>" },
	{ FEED, "<subtitle type='text/html'>Example &lt;b>test&lt;/b></subtitle>", "subtitle", "Example <b>test</b>" },
	{ FEED03, "<title type='text/html' mode='escaped'>Example &lt;b>test&lt;/b></title>", "title", "Example test" },
	{ FEED03, "<title type='application/octet-stream' mode='base64'>RXhhbXBsZSA8Yj50ZXN0PC9iPg==</title>", "title", "Example test" },
	{ FEED03, "<title type='application/xhtml+xml' mode='xml'><div xmlns='http://www.w3.org/1999/xhtml'>Example <b>test</b></div></title>", "title", "Example test" },
	{ FEED03, "<title mode='xml'>Example <b>test</b></title>", "title", "Example test" },
	{ FEED03, "<title type='text/plain' mode='escaped'>Example &lt;b>test&lt;/b></title>", "title", "Example <b>test</b>" },
	{ FEED03, "<tagline type='text/html' mode='escaped'>Example &lt;b>test&lt;/b></tagline>", "subtitle", "Example <b>test</b>" },
	{ FEED03, "<tagline type='application/octet-stream' mode='base64'>RXhhbXBsZSA8Yj50ZXN0PC9iPg==</tagline>", "subtitle", "Example <b>test</b>" },
	{ FEED03, "<tagline type='application/xhtml+xml' mode='xml'><div xmlns='http://www.w3.org/1999/xhtml'>Example <b>test</b></div></tagline>", "subtitle", "Example <b>test</b>" },
	{ FEED03, "<tagline mode='xml'>Example <b>test</b></tagline>", "subtitle", "Example <b>test</b>" },
	{ FEED03, "<tagline type='text/plain' mode='escaped'>Example &lt;b>test&lt;/b></tagline>", "subtitle", "Example &lt;b&gt;test&lt;/b&gt;" },
	{ FEED, "<updated>2004-01-01T19:48:21Z</updated>", "updated", "2004-01-01T19:48:21Z" },
	{ FEED03, "<modified>2004-01-01T19:48:21Z</modified>", "updated", "2004-01-01T19:48:21Z" },
	{ FEED, "<id>x</id>", "id", "x" },
	{ FEED, "<link href='http://e.example/1'/>", "link", "http://e.example/1" },
	{ FEED, "<title xml:lang='fr'>x</title>", "language", NULL },
	{ FEED, "<link rel='self' href='http://e.example/2'/><link href='http://e.example/1'/>", "link", "http://e.example/1" },
	{ FEED, "<link rel='hub' href='http://e.example/2'/><link href='http://e.example/1'/>", "link", "http://e.example/1" },
	{ FEED, "<link rel='next' href='http://e.example/2'/><link href='http://e.example/1'/>", "link", "http://e.example/1" },

	/* CDF */
	{ CDF, "<TITLE>x</TITLE>", "title", "x" },
	{ CDF, "<ABSTRACT>x</ABSTRACT>", "subtitle", "x" },
	{ CDF, "<TITLE VALUE='x'/>", "title", "x" },
	{ CDF, "<ABSTRACT VALUE='x'/>", "subtitle", "x" },
	{ CDF_ITEM, "<TITLE>x</TITLE>", "title", "x" },
	{ CDF_ITEM, "<ABSTRACT>x</ABSTRACT>", "summary", "x" },
	{ CDF_ITEM, "<TITLE VALUE='x'/>", "title", "x" },
	{ CDF_ITEM, "<A HREF='http://e.example/1'/>", "link", "http://e.example/1" },
	{ CDF_ITEM, "<TITLE>x</TITLE>", "updated", "2004-01-01T19:48:21Z" },

	/* sitemaps */
	{ URL, "<news:news><news:title>x</news:title></news:news>", "title", "x" },
	{ URL, "<news:news><news:keywords>x، y</news:keywords></news:news>", "category", "x" },
	{ URL, "<news:news><news:publication_date>2004-01-01T19:48:21Z</news:publication_date></news:news>", "published", "2004-01-01T19:48:21Z" },
	{ URL, "<lastmod>2004-01-01T19:48:21Z</lastmod>", "updated", "2004-01-01T19:48:21Z" },
	{ URL, "<image:image><image:loc>http://e.example/1</image:loc><image:title>y</image:title></image:image>", "enclosure", "http://e.example/1" },
	{ URL, "<image:image><image:title>y</image:title></image:image>", "title", NULL },
};
/* clang-format on */

static struct pk_span
span_of_time(struct pk_arena *arena, struct pk_feed_time time)
{
	char text[PK_DATE_TEXT_MAX];
	size_t len = time.known ? pk_date_format_utc(time.time_s, text) : 0;

	return len == 0 ? (struct pk_span){ NULL, 0 }
			: pk_arena_copy(arena, (struct pk_span){ text, len });
}

struct field {
	const char *name;
	struct pk_span value;
};

static struct pk_span
pick(const struct field *fields, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(fields[i].name, name) == 0)
			return fields[i].value;
	}
	fail_msg("no such field: %s", name);
	return (struct pk_span){ NULL, 0 };
}

static struct pk_span
field_of_entry(
    struct pk_arena *arena, const struct pk_feed_entry *entry, const char *name)
{
	const struct pk_span absent = { NULL, 0 };
	const struct field fields[] = {
		{ "id", entry->id },
		{ "title", entry->title },
		{ "link", entry->link },
		{ "author", entry->author },
		{ "summary", entry->summary },
		{ "content", entry->content },
		{ "published", span_of_time(arena, entry->published) },
		{ "updated", span_of_time(arena, entry->updated) },
		{ "category", entry->n_categories > 0 ? entry->categories[0] : absent },
		{ "enclosure",
		    entry->n_enclosures > 0 ? entry->enclosures[0].url : absent },
	};

	return pick(fields, PK_COUNT(fields), name);
}

static struct pk_span
field_of_feed(struct pk_arena *arena, const struct pk_feed *feed, const char *name)
{
	const struct field fields[] = {
		{ "id", feed->id },
		{ "title", feed->title },
		{ "link", feed->link },
		{ "subtitle", feed->subtitle },
		{ "language", feed->language },
		{ "updated", span_of_time(arena, feed->updated) },
	};

	return pick(fields, PK_COUNT(fields), name);
}

static void
elements_say_what_they_say(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(cases); i++) {
		pk_cleanup(pk_arena_freep) struct pk_arena *arena =
		    pk_arena_new(1 << 20);
		const struct element_case *c = &cases[i];
		const struct around *a = &around[c->home];
		struct pk_span text =
		    pk_arena_printf(arena, "%s%s%s", a->before, c->inside, a->behind);
		struct pk_feed feed = parse(arena, text.ptr);
		if (a->is_entry)
			assert_int_equal(feed.n_entries, 1);
		struct pk_span got =
		    a->is_entry ? field_of_entry(arena, &feed.entries[0], c->field)
				: field_of_feed(arena, &feed, c->field);
		if (c->want == NULL ? got.len > 0
				    : !pk_span_eq(got, pk_span_of(c->want)))
			print_error("%d, %s: %s\n", (int)c->home, c->field, c->inside);
		assert_text(got, c->want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(elements_say_what_they_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
