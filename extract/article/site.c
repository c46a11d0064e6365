/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/site_priv.h"

#include "base/url.h"

#include <errno.h>

#define HOST_MAX 253

/* Of what one line finds, so many elements are looked at. */
#define FOUND_MAX (2 * PK_SITE_PIECES_MAX)

/* ---- which rules hold -------------------------------------------------------------
 */

static void
hold(struct pk_site *site, const struct pk_site_rule *rule, enum pk_site_reason reason)
{
	for (size_t i = 0; i < site->n_holding; i++) {
		if (site->holding[i].rule == rule)
			return;
	}
	if (site->n_holding == PK_SITE_HOLD_MAX)
		return;
	site->holding[site->n_holding].rule = rule;
	site->holding[site->n_holding++].reason = reason;
}

/* The first sign of that host or a later one. */
static size_t
first_host(const struct pk_site_signs *hosts, struct pk_span host)
{
	size_t low = 0, high = hosts->len;

	while (low < high) {
		size_t middle = (low + high) / 2;
		struct pk_span at = hosts->items[middle].text;
		size_t n = at.len < host.len ? at.len : host.len;
		int r = memcmp(at.ptr, host.ptr, n);
		if (r < 0 || (r == 0 && at.len < host.len))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The host itself, then the domains around it. */
static void
hold_host(struct pk_site *site, const struct pk_site_signs *hosts, struct pk_span host,
    bool own)
{
	while (host.len > 0) {
		size_t i = first_host(hosts, host);
		for (; i < hosts->len && pk_span_eq(hosts->items[i].text, host); i++) {
			if (hosts->items[i].rule->own == own)
				hold(site, hosts->items[i].rule, PK_SITE_HOST);
		}
		size_t dot = pk_span_find(host, PK_SPAN("."), 0);
		host = dot == SIZE_MAX ? PK_SPAN("")
				       : pk_span_slice(host, dot + 1, host.len);
	}
}

/* Of the document's address, or of the one that the page says it has. */
static struct pk_span
host_of(const struct pk_page *page, const struct pk_doc *doc, char lower[HOST_MAX])
{
	struct pk_span url = doc->url;

	if (url.len == 0)
		url = pk_pairs_get(&page->links, "canonical");
	if (url.len == 0)
		url = pk_pairs_get(&page->metas, "og:url");
	struct pk_span host = url.len == 0 ? url : pk_url_host(url);
	if (host.len > HOST_MAX)
		return PK_SPAN("");
	for (size_t i = 0; i < host.len; i++)
		lower[i] = pk_ascii_lower(host.ptr[i]);
	return (struct pk_span){ lower, host.len };
}

static bool
holds_nocase(struct pk_span text, struct pk_span lower)
{
	for (size_t i = 0; i + lower.len <= text.len; i++) {
		if (pk_span_eq_nocase(pk_span_slice(text, i, i + lower.len), lower))
			return true;
	}
	return false;
}

static void
hold_generator(
    struct pk_site *site, const struct pk_page *page, const struct pk_site_sign *sign)
{
	for (size_t i = 0; i < page->metas.len; i++) {
		const struct pk_pair *meta = &page->metas.items[i];
		if (pk_span_eq(meta->key, PK_SPAN("generator")) &&
		    holds_nocase(meta->value, sign->text))
			hold(site, sign->rule, PK_SITE_GENERATOR);
	}
}

static void
find_rules(struct pk_site *site, const struct pk_site_rules *rules,
    const struct pk_page *page, const struct pk_doc *doc)
{
	char lower[HOST_MAX];
	struct pk_span host = host_of(page, doc, lower);

	hold_host(site, &rules->hosts, host, true);
	hold_host(site, &rules->hosts, host, false);
	for (size_t i = 0; i < rules->generators.len; i++)
		hold_generator(site, page, &rules->generators.items[i]);
	for (size_t i = 0; i < rules->markers.len; i++) {
		size_t cursor = 0;
		if (pk_selectors_next(&rules->markers.items[i].marker, page, &cursor) !=
		    PK_NO_NODE)
			hold(site, rules->markers.items[i].rule, PK_SITE_MARKER);
	}
}

/* ---- what they find ------------------------------------------------------------ */

int
pk_site_add(const struct pk_page *page, struct pk_site_nodes *nodes, uint32_t node)
{
	uint32_t *item = pk_array_push(page->arena, nodes);

	if (item == NULL)
		return -ENOMEM;
	*item = node;
	return 0;
}

bool
pk_site_is_within(const struct pk_page *page, uint32_t inner, uint32_t outer)
{
	return outer <= inner && inner < page->nodes.items[outer].end;
}

/* Elements of a line of selectors, some of them hidden, in the page's order. */
static int
find_all(const struct pk_page *page, const struct pk_selectors *selectors, size_t max,
    struct pk_site_nodes *nodes)
{
	size_t cursor = 0;
	uint32_t node;

	nodes->len = 0;
	while (nodes->len < max &&
	       (node = pk_selectors_next(selectors, page, &cursor)) != PK_NO_NODE) {
		if (pk_site_add(page, nodes, node) < 0)
			return -ENOMEM;
	}
	return 0;
}

int
pk_site_read_key(struct pk_site_reader *r, enum pk_site_key key, pk_site_take_fn take,
    const void *context)
{
	struct pk_site *site = r->site;
	struct pk_site_nodes nodes = { .len = 0 };

	for (size_t i = 0; i < site->n_holding; i++) {
		const struct pk_site_rule *rule = site->holding[i].rule;
		r->where = rule->where;
		for (const struct pk_site_line *l = rule->keys[key]; l != NULL;
		     l = l->next) {
			int e = find_all(r->page, &l->selectors, FOUND_MAX, &nodes);
			if (e == 0 && nodes.len > 0)
				e = take(r, &nodes, context);
			if (e != 0)
				return e < 0 ? e : 0;
		}
	}
	return 0;
}

int
pk_site_read(const struct pk_site_rules *rules, const struct pk_page *page,
    const struct pk_doc *doc, struct pk_article *article, struct pk_site *ret_site)
{
	struct pk_site_reader r = { .page = page,
		.site = ret_site,
		.m = { .page = page, .doc = doc, .article = article } };
	int e;

	*ret_site = (struct pk_site){ .title = PK_NO_NODE };
	if (rules == NULL || page->nodes.len == 0)
		return 0;
	find_rules(ret_site, rules, page, doc);
	if (ret_site->n_holding == 0)
		return 0;
	e = pk_site_read_fields(&r);
	return e < 0 ? e : pk_site_read_body(&r);
}
