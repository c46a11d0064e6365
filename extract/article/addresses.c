/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/addresses.h"

#include "base/cleanup.h"
#include "base/url.h"

#include <errno.h>

static struct pk_span
without_www(struct pk_span host)
{
	return pk_span_starts_with_nocase(host, PK_SPAN("www."))
		   ? pk_span_slice(host, 4, host.len)
		   : host;
}

static bool
is_root(struct pk_span url)
{
	size_t at = pk_span_find(url, PK_SPAN("://"), 0);

	at = at == SIZE_MAX ? SIZE_MAX : pk_span_find(url, PK_SPAN("/"), at + 3);
	return at == SIZE_MAX || at + 1 == url.len;
}

int
pk_address_resolve(
    const struct pk_metadata *m, struct pk_span reference, struct pk_span *ret_url)
{
	struct pk_arena *arena = m->page->arena;
	struct pk_span url, base = m->doc->url;
	int r = 0;

	*ret_url = (struct pk_span){ NULL, 0 };
	if (reference.len == 0)
		return 0;
	if (m->page->base.len > 0)
		r = pk_url_resolve(arena, m->doc->url, m->page->base, &base);
	if (r < 0 && r != -ENOMEM)
		base = m->doc->url;
	if (r != -ENOMEM)
		r = pk_url_resolve(arena, base, reference, &url);
	if (r == 0)
		r = pk_url_canonical(arena, url, ret_url);
	return r == -ENOMEM ? r : 0;
}

/* Another host's address is believed by nobody, nor the site's front page. */
static bool
may_be_canonical(struct pk_span url, struct pk_span of)
{
	return url.len > 0 &&
	       (of.len == 0 || (pk_span_eq_nocase(without_www(pk_url_host(url)),
				    without_www(pk_url_host(of))) &&
				   (!is_root(url) || is_root(of))));
}

int
pk_addresses_read(struct pk_metadata *m)
{
	static const char *const images[] = { "og:image:secure_url", "og:image",
		"og:image:url", "twitter:image", "twitter:image:src", "image",
		"thumbnailurl" };
	struct pk_article *a = m->article;
	const char *key = "json-ld";
	struct pk_span url;
	size_t at = 0;

	int r = pk_address_resolve(m, pk_pairs_get(&m->page->links, "canonical"), &url);
	if (r == 0 && may_be_canonical(url, m->doc->url))
		r = pk_metadata_set(
		    m, &a->canonical_url, "canonical_url", url, "link canonical");
	if (r == 0)
		r = pk_address_resolve(m, pk_metadata_meta(m, "og:url", &at), &url);
	if (r == 0 && may_be_canonical(url, m->doc->url))
		r = pk_metadata_set(
		    m, &a->canonical_url, "canonical_url", url, "og:url");
	if (r == 0)
		r = pk_address_resolve(m, m->doc->url, &url);
	if (r == 0)
		r = pk_metadata_set(m, &a->canonical_url, "canonical_url", url, "url");
	struct pk_span image = pk_metadata_first(m, images, PK_COUNT(images), &key);
	if (r == 0)
		r = pk_address_resolve(
		    m, image.len > 0 ? image : m->jsonld.image, &url);
	return r < 0 ? r : pk_metadata_set(m, &a->image, "image", url, key);
}
