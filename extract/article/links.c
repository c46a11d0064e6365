/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/links.h"

#include "base/domain.h"
#include "base/url.h"
#include "base/utf8.h"
#include "extract/article/line.h"
#include "extract/article/tree.h"

#include <errno.h>

#define NUMBER_MAX   99  /* pages of one article; more is something else */
#define LABEL_MAX    60  /* bytes of a link that says "next page" */
#define SLUG_MIN     24  /* bytes of a name that can be no section's */
#define PAGER_LEVELS 4   /* how far around a link its pager's name may stand */
#define AROUND_MAX   60  /* elements around a link that are looked at */
#define CLASS_MAX    400 /* bytes of a class that are looked at */
#define LOOKS_MAX    500 /* links of a page that are looked at more than once */

/* ---- addresses --------------------------------------------------------------- */

struct address {
	struct pk_span host; /* with port, without www. */
	struct pk_span path; /* without a slash at its end */
	struct pk_span query;
};

static struct pk_span
after(struct pk_span s, size_t at)
{
	return pk_span_slice(s, at, s.len);
}

static struct address
split(struct pk_span url)
{
	size_t at = pk_span_find(url, PK_SPAN("://"), 0);
	struct address a = { .host = after(url, at == SIZE_MAX ? url.len : at + 3) };
	size_t slash = pk_span_find(a.host, PK_SPAN("/"), 0);

	a.path = after(a.host, slash == SIZE_MAX ? a.host.len : slash);
	a.host = pk_span_slice(a.host, 0, slash);
	size_t query = pk_span_find(a.path, PK_SPAN("?"), 0);
	if (query != SIZE_MAX)
		a.query = after(a.path, query + 1);
	a.path = pk_span_slice(a.path, 0, query);
	while (a.path.len > 0 && a.path.ptr[a.path.len - 1] == '/')
		a.path.len--;
	if (pk_span_starts_with_nocase(a.host, PK_SPAN("www.")))
		a.host = after(a.host, 4);
	return a;
}

/* The whole as the number of a page; 0 for what is none. "02" is no page's. */
static unsigned
number_of(struct pk_span s)
{
	unsigned n = 0;

	if (s.len == 0 || s.len > 2 || s.ptr[0] == '0')
		return 0;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return 0;
		n = n * 10 + (unsigned)(s.ptr[i] - '0');
	}
	return n <= NUMBER_MAX ? n : 0;
}

/* The digits at the end of *s, cut off; 0 for none. */
static unsigned
cut_number(struct pk_span *s)
{
	size_t at = s->len;

	while (at > 0 && s->ptr[at - 1] >= '0' && s->ptr[at - 1] <= '9')
		at--;
	unsigned n = number_of(after(*s, at));
	if (n > 0)
		s->len = at;
	return n;
}

static bool
is_one_of(struct pk_span s, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (pk_span_eq_nocase(s, pk_span_of(words[i])))
			return true;
	}
	return false;
}

/* "page=2": the number; 0 for a parameter that counts no pages. */
static unsigned
number_of_parameter(struct pk_span parameter)
{
	static const char *const names[] = { "page", "p", "pg", "pn", "pageno",
		"page_no", "page-no", "pagenum", "page_num", "pagenumber",
		"page_number", "currentpage", "current_page", "paged", "pagina",
		"seite", "sayfa" };
	struct pk_span name = pk_span_split(&parameter, '=');

	return is_one_of(name, names, PK_COUNT(names)) ? number_of(parameter) : 0;
}

/* The next parameter that counts no pages; of the others *number is what they count. */
static struct pk_span
next_parameter(struct pk_span *query, unsigned *number)
{
	while (query->ptr != NULL) {
		struct pk_span parameter = pk_span_split(query, '&');
		unsigned n = number_of_parameter(parameter);
		if (n == 0 && parameter.len > 0)
			return parameter;
		/* two counts are none */
		if (n > 0)
			*number = *number == 0 ? n : NUMBER_MAX + 1;
	}
	return (struct pk_span){ NULL, 0 };
}

/* What `query` counts beyond `base`, 1 where it counts nothing; 0 where it differs in
 * anything else. */
static unsigned
page_of_query(struct pk_span base, struct pk_span query)
{
	unsigned ignored = 0, number = 0;
	struct pk_span a, b;

	do {
		a = next_parameter(&base, &ignored);
		b = next_parameter(&query, &number);
		if (!pk_span_eq(a, b))
			return 0;
	} while (a.ptr != NULL);
	return number == 0 ? 1 : number <= NUMBER_MAX ? number : 0;
}

/* ".html" and its like; absent where there is none. */
static struct pk_span
extension(struct pk_span path)
{
	static const char *const known[] = { ".html", ".htm", ".shtml", ".xhtml",
		".php", ".asp", ".aspx", ".jsp", ".cfm" };
	const char *dot = path.len == 0 ? NULL : memrchr(path.ptr, '.', path.len);

	if (dot == NULL)
		return (struct pk_span){ NULL, 0 };
	struct pk_span end = after(path, (size_t)(dot - path.ptr));
	return is_one_of(end, known, PK_COUNT(known)) ? end
						      : (struct pk_span){ NULL, 0 };
}

/* What stands between an address and the number of its page: 0 no such thing, 1 a
 * page's alone, 2 also between other articles' names and numbers. */
static int
kind_of_border(struct pk_span border)
{
	static const char *const pages[] = { "/page/", "/page-", "/page_", "/page",
		"/p/", "/p", "/pg/", "/", "/seite/", "/seite-", "/pagina/", "/sayfa/",
		"/part/", "-page-", "-page", "_page_", "_page", "-seite-", "-pagina-",
		"/pages/", "/index", "," };
	static const char *const others[] = { "-", "_", ".", "-p", "_p" };

	return is_one_of(border, pages, PK_COUNT(pages))     ? 1
	       : is_one_of(border, others, PK_COUNT(others)) ? 2
							     : 0;
}

/* The page that `path` is of `base`; 0 none, 1 the first. */
static unsigned
page_of_path(struct pk_span base, struct pk_span path, bool *weak)
{
	struct pk_span rest = path, end = extension(base);

	if (pk_span_eq(base, path))
		return 1;
	/* "name.html" goes on at "name-2.html", or at "name.html/2" */
	if (end.len > 0 && pk_span_ends_with(path, end)) {
		base.len -= end.len;
		rest.len -= end.len;
	}
	unsigned n = cut_number(&rest);
	if (n == 0 || base.len == 0 || !pk_span_starts_with(rest, base))
		return 0;
	int kind = kind_of_border(after(rest, base.len));
	*weak = kind == 2;
	return kind == 0 ? 0 : n;
}

unsigned
pk_link_page(struct pk_span base, struct pk_span url, bool *ret_weak)
{
	struct address a = split(base), b = split(url);
	bool weak = false;

	if (a.host.len == 0 || !pk_span_eq_nocase(a.host, b.host))
		return 0;
	unsigned query = page_of_query(a.query, b.query);
	unsigned path = query == 0 ? 0 : page_of_path(a.path, b.path, &weak);
	if (ret_weak != NULL)
		*ret_weak = weak;
	/* both at once is no page of anything */
	return path > 1 && query > 1 ? 0 : path > query ? path : query * (path > 0);
}

/* The last name in a path, without what follows its dot. */
static struct pk_span
last_name(struct pk_span path)
{
	const char *slash = path.len == 0 ? NULL : memrchr(path.ptr, '/', path.len);
	struct pk_span name =
	    slash == NULL ? path : after(path, (size_t)(slash + 1 - path.ptr));

	return pk_span_slice(name, 0, name.len - extension(name).len);
}

static size_t
count_digits(struct pk_span name)
{
	size_t n = 0;

	for (size_t i = 0; i < name.len; i++)
		n += name.ptr[i] >= '0' && name.ptr[i] <= '9';
	return n;
}

/* "471" and longer, but for a year of one of the calendars. */
static bool
is_id(struct pk_span name)
{
	static const char *const centuries[] = { "13", "14", "19", "20" };
	bool year = name.len == 4 && is_one_of(pk_span_slice(name, 0, 2), centuries,
					 PK_COUNT(centuries));

	return name.len >= 3 && count_digits(name) == name.len && !year;
}

/* A name that is no section's. */
static bool
is_name_of_article(struct pk_span name)
{
	size_t hyphens = 0, digits = count_digits(name);

	for (size_t i = 0; i < name.len; i++)
		hyphens += name.ptr[i] == '-' || name.ptr[i] == '_';
	if (digits == name.len)
		return is_id(name);
	return digits > 0 || hyphens > 1 || name.len >= SLUG_MIN;
}

/* Has an article such a path: a number of its own, or a day and a name? */
static bool
is_path_of_article(struct pk_span path)
{
	struct pk_span name = last_name(path), rest = path;
	bool number = false;

	while (rest.ptr != NULL) {
		struct pk_span part = pk_span_split(&rest, '/');
		bool digits = part.len > 0 && count_digits(part) == part.len;
		if (is_id(part))
			return true;
		number = number || (digits && part.len == 4);
	}
	return is_name_of_article(name) ||
	       (number && name.len > 0 && count_digits(name) < name.len);
}

/* Sections, tags and searches have pages, too. */
static bool
may_have_pages(struct pk_span base)
{
	static const char *const lists[] = { "category", "categories", "cat", "tag",
		"tags", "topic", "topics", "author", "authors", "search", "label",
		"labels" };
	struct address a = split(base);
	struct pk_span path = a.path, query = a.query, parameter;
	unsigned ignored = 0;

	while (path.ptr != NULL) {
		if (is_one_of(pk_span_split(&path, '/'), lists, PK_COUNT(lists)))
			return false;
	}
	if (is_path_of_article(a.path))
		return true;
	/* "?newsid=4711" */
	while ((parameter = next_parameter(&query, &ignored)).len > 0) {
		struct pk_span name = pk_span_split(&parameter, '=');
		if (!is_one_of(name, lists, PK_COUNT(lists)) && name.len <= 12 &&
		    pk_span_ends_with(name, PK_SPAN("id")) && is_id(parameter))
			return true;
	}
	return false;
}

/* ---- the page itself ----------------------------------------------------------- */

/* Where pages are counted from. */
struct count {
	struct pk_span bases[3];
	unsigned pages[3]; /* which page of it this one is */
	size_t n;
	unsigned looks; /* at links, so far */
};

static void
count_from(struct count *count, struct pk_span base, unsigned page)
{
	if (base.len > 0 && page > 0 && may_have_pages(base) &&
	    count->n < PK_COUNT(count->bases)) {
		count->bases[count->n] = base;
		count->pages[count->n++] = page;
	}
}

/* An own address that names its page: ".../page/2", "?page=2". The rest is the first
 * page's. */
static unsigned
cut_page(struct pk_arena *arena, struct pk_span *url)
{
	size_t query = pk_span_find(*url, PK_SPAN("?"), 0);
	struct pk_span path = pk_span_slice(*url, 0, query), rest = { NULL, 0 };
	unsigned number = 0;
	struct pk_span base = path;

	if (query != SIZE_MAX)
		rest = after(*url, query + 1);
	while (base.len > 0 && base.ptr[base.len - 1] == '/')
		base.len--;
	unsigned n = cut_number(&base);
	if (n > 0 && pk_span_ends_with(base, PK_SPAN("/page/"))) {
		base = pk_span_slice(base, 0, base.len - strlen("/page/"));
		*url = pk_arena_printf(arena, "%.*s%.*s", PK_SPAN_ARG(base),
		    PK_SPAN_ARG(after(*url, path.len)));
		return n;
	}
	base = path;
	char before = '?';
	while (rest.ptr != NULL) {
		struct pk_span parameter = next_parameter(&rest, &number);
		if (parameter.len > 0)
			base = pk_arena_printf(arena, "%.*s%c%.*s", PK_SPAN_ARG(base),
			    before, PK_SPAN_ARG(parameter));
		before = '&';
	}
	if (number == 0 || number > NUMBER_MAX)
		return 1;
	*url = base;
	return number;
}

static int
find_count(struct pk_metadata *m, struct count *count)
{
	const struct pk_article *first = m->doc->before;
	struct pk_arena *arena = m->page->arena;
	struct pk_span own, canonical = m->article->canonical_url;

	if (first != NULL) {
		int r = pk_url_canonical(arena, first->url, &own);
		if (r == 0)
			count_from(count, own, first->pages + 1);
		count_from(count, first->canonical_url, first->pages + 1);
		return r == -ENOMEM ? r : 0;
	}
	int r = pk_url_canonical(arena, m->doc->url, &own);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	count_from(count, canonical, pk_link_page(canonical, own, NULL));
	unsigned page = cut_page(arena, &own);
	if (own.ptr == NULL)
		return -ENOMEM;
	count_from(count, own, page);
	if (page == 1 && pk_span_eq(pk_url_host(own), pk_url_host(canonical)))
		count_from(count, canonical, 1);
	return 0;
}

/* ---- links ------------------------------------------------------------------- */

/* An address in the page; absent where it is none. */
static int
resolve(struct pk_metadata *m, struct pk_span reference, struct pk_span *ret_url)
{
	struct pk_arena *arena = m->page->arena;
	struct pk_span base = m->doc->url, url;
	int r = 0;

	*ret_url = (struct pk_span){ NULL, 0 };
	if (m->page->base.len > 0)
		r = pk_url_resolve(arena, m->doc->url, m->page->base, &base);
	if (r == 0)
		r = pk_url_resolve(arena, base, reference, &url);
	if (r == 0)
		*ret_url = url;
	return r == -ENOMEM ? r : 0;
}

/* Does it lead to the page that is due? Then *ret_url is its address. */
static int
follow(struct pk_metadata *m, const struct count *count, struct pk_span reference,
    bool sure, struct pk_span *ret_url)
{
	struct pk_span url, canonical;
	bool weak = false;

	int r = resolve(m, reference, &url);
	if (r < 0 || url.len == 0)
		return r;
	if (pk_span_find(url, PK_SPAN("#comment"), 0) != SIZE_MAX ||
	    pk_span_find(url, PK_SPAN("#respond"), 0) != SIZE_MAX)
		return 0;
	r = pk_url_canonical(m->page->arena, url, &canonical);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	for (size_t i = 0; i < count->n; i++) {
		if (pk_link_page(count->bases[i], canonical, &weak) !=
			count->pages[i] + 1 ||
		    (weak && !sure))
			continue;
		*ret_url = canonical;
		return 0;
	}
	return 0;
}

/* What the words of a link say. */
enum label {
	LABEL_OTHER,
	LABEL_NEXT, /* "next", of whatever */
	LABEL_PAGE, /* "next page", or the number that is due */
	LABEL_NO,   /* another number */
};

/* The number that a line is, or ends with behind a word for "page"; 0 for none. */
static unsigned
number_of_line(struct pk_span line)
{
	static const char *const pages[] = { "page", "صفحه", "الصفحة", "seite",
		"página", "pagina", "страница", "sayfa" };
	struct pk_span before = line;
	unsigned n = 0;

	for (size_t at = 0; at < line.len;) {
		uint32_t point;
		size_t next = at + pk_utf8_decode(line, at, &point, NULL);
		uint32_t folded = pk_line_fold(point);
		bool digit = folded >= '0' && folded <= '9';
		if (digit && n == 0)
			before = pk_span_slice(line, 0, at);
		if (!digit && (n > 0 || folded == 0) && folded != 0)
			return 0;
		n = digit ? n * 10 + (folded - '0') : n;
		if (n > NUMBER_MAX)
			return 0;
		at = next;
	}
	before = pk_line_core(before);
	bool word = before.len == 0;
	for (size_t i = 0; i < PK_COUNT(pages) && !word; i++)
		word = pk_line_same(before, pk_span_of(pages[i]));
	return word ? n : 0;
}

static enum label
label_of(const struct count *count, struct pk_span text)
{
	static const char *const pages[] = { "next page", "صفحه بعد", "صفحه بعدی",
		"صفحهٔ بعد", "ادامه در صفحه بعد", "برگه بعد", "برگه بعدی",
		"الصفحة التالية", "следующая страница", "nächste seite",
		"page suivante", "página siguiente", "sonraki sayfa",
		"continue to next page" };
	static const char *const nexts[] = { "next", "بعدی", "بعد", "التالي", "далее",
		"weiter", "suivant", "siguiente", "continue", "continue reading",
		"ادامه", "ادامه مطلب" };

	text = pk_line_core(text);
	if (text.len == 0 || text.len > LABEL_MAX)
		return LABEL_OTHER;
	unsigned n = number_of_line(text);
	for (size_t i = 0; i < count->n && n > 0; i++) {
		if (n == count->pages[i] + 1)
			return LABEL_PAGE;
	}
	if (n > 0)
		return LABEL_NO;
	for (size_t i = 0; i < PK_COUNT(pages); i++) {
		if (pk_line_same(text, pk_span_of(pages[i])))
			return LABEL_PAGE;
	}
	for (size_t i = 0; i < PK_COUNT(nexts); i++) {
		if (pk_line_same(text, pk_span_of(nexts[i])))
			return LABEL_NEXT;
	}
	return LABEL_OTHER;
}

static struct pk_span
attribute(const struct pk_node *node, const char *name)
{
	for (const xmlAttr *a = node->xml->properties; a != NULL; a = a->next) {
		if (strcmp((const char *)a->name, name) == 0 && a->children != NULL)
			return pk_span_of((const char *)a->children->content);
	}
	return (struct pk_span){ NULL, 0 };
}

/* Is one of the words in it, in lower case? */
static bool
names_one(struct pk_span value, const char *const *words, size_t n)
{
	value = pk_span_slice(value, 0, CLASS_MAX);
	for (size_t at = 0; at < value.len; at++) {
		for (size_t i = 0; i < n; i++) {
			if (pk_span_starts_with_nocase(
				after(value, at), pk_span_of(words[i])))
				return true;
		}
	}
	return false;
}

/* Readers' comments and lists of other news are leafed through, too. */
static bool
is_elsewhere(const struct pk_page *page, uint32_t node)
{
	static const char *const words[] = { "comment", "related", "sidebar", "widget",
		"respond", "nazar", "discussion" };
	const struct pk_node *nodes = page->nodes.items;

	for (unsigned i = 0; node != PK_NO_NODE && i < AROUND_MAX; i++) {
		const struct pk_node *n = &nodes[node];
		if (n->tag == PK_TAG_BODY)
			return false;
		if (n->tag == PK_TAG_ASIDE ||
		    names_one(attribute(n, "class"), words, PK_COUNT(words)) ||
		    names_one(attribute(n, "id"), words, PK_COUNT(words)))
			return true;
		node = n->parent;
	}
	return false;
}

static bool
is_in_pager(const struct pk_page *page, uint32_t node)
{
	static const char *const words[] = { "pagin", "pager", "pagenav", "page-nav",
		"page-link", "multipage", "multi-page", "pagenumber" };
	const struct pk_node *nodes = page->nodes.items;

	for (unsigned i = 0; node != PK_NO_NODE && i < PAGER_LEVELS; i++) {
		if (names_one(attribute(&nodes[node], "class"), words, PK_COUNT(words)))
			return true;
		node = nodes[node].parent;
	}
	return false;
}

/* Does the number that is due stand in it? Few links are looked at any further. */
static bool
may_lead_on(const struct count *count, struct pk_span href)
{
	for (size_t at = 0; at < href.len; at++) {
		size_t end = at;
		while (end < href.len && href.ptr[end] >= '0' && href.ptr[end] <= '9')
			end++;
		unsigned n = number_of(pk_span_slice(href, at, end));
		for (size_t i = 0; i < count->n && n > 0; i++) {
			if (n == count->pages[i] + 1)
				return true;
		}
		at = end;
	}
	return false;
}

/* Is the word one of those in a list with blanks between? */
static bool
has_word(struct pk_span list, struct pk_span word)
{
	while (list.ptr != NULL) {
		if (pk_span_eq_nocase(pk_span_trim(pk_span_split(&list, ' ')), word))
			return true;
	}
	return false;
}

static int
read_link(struct pk_metadata *m, struct count *count, uint32_t node)
{
	const struct pk_node *a = &m->page->nodes.items[node];
	struct pk_span href = pk_span_trim(attribute(a, "href")), url = { NULL, 0 };

	if (href.len == 0 || href.len > PK_URL_MAX || !may_lead_on(count, href))
		return 0;
	count->looks++;
	enum label label = label_of(count, a->text);
	bool rel = has_word(attribute(a, "rel"), PK_SPAN("next"));
	if (label == LABEL_NO ||
	    (!rel && label == LABEL_OTHER && !is_in_pager(m->page, node)))
		return 0;
	int r = follow(m, count, href, label == LABEL_PAGE, &url);
	if (r < 0 || url.len == 0 || is_elsewhere(m->page, node))
		return r;
	return pk_metadata_set(m, &m->article->next_url, "next_url", url,
	    rel                    ? "a next"
	    : label != LABEL_OTHER ? "next page"
				   : "pager");
}

int
pk_links_next(struct pk_metadata *m)
{
	const struct pk_page *page = m->page;
	struct count count = { .n = 0 };
	struct pk_span url = { NULL, 0 };

	int r = find_count(m, &count);
	if (r < 0 || count.n == 0)
		return r;
	for (size_t i = 0; i < page->links.len && r == 0 && url.len == 0; i++) {
		if (has_word(page->links.items[i].key, PK_SPAN("next")) &&
		    count.looks++ < LOOKS_MAX)
			r = follow(m, &count, page->links.items[i].value, false, &url);
	}
	if (r == 0)
		r = pk_metadata_set(
		    m, &m->article->next_url, "next_url", url, "link next");
	for (uint32_t n = 0; n < page->nodes.len && r == 0; n++) {
		if (m->article->next_url.len > 0 || count.looks >= LOOKS_MAX)
			break;
		if (page->nodes.items[n].tag == PK_TAG_A)
			r = read_link(m, &count, n);
	}
	return r;
}

/* ---- AMP ----------------------------------------------------------------------- */

int
pk_links_amp(struct pk_metadata *m)
{
	struct pk_span url, host = pk_domain_registrable(pk_url_host(m->doc->url));

	for (size_t i = 0; i < m->page->links.len; i++) {
		const struct pk_pair *link = &m->page->links.items[i];
		if (!has_word(link->key, PK_SPAN("amphtml")))
			continue;
		int r = resolve(m, link->value, &url);
		if (r < 0)
			return r;
		if (url.len > 0 && !pk_span_eq(url, m->doc->url) &&
		    (host.len == 0 ||
			pk_span_eq_nocase(
			    pk_domain_registrable(pk_url_host(url)), host)))
			return pk_metadata_set(
			    m, &m->article->amp_url, "amp_url", url, "link amphtml");
	}
	return 0;
}
