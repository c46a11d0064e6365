/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/links.h - where a page's article goes on, and where else it stands:
 * the next page of it, its AMP page.
 *
 * What a page calls "next" is as often the next article. So the address decides: it
 * must be the page's own but for the number of a page, and that number must be the one
 * that is due.
 */
#ifndef PEYK_EXTRACT_ARTICLE_LINKS_H
#define PEYK_EXTRACT_ARTICLE_LINKS_H

#include "extract/article/metadata.h"

/* Sets the article's amp_url to the page for small devices that the head names, where
 * the same owner has it. Returns 0 or -ENOMEM. */
int pk_links_amp(struct pk_metadata *metadata);

/*
 * Sets the article's next_url to the page on which it goes on. A further page is
 * counted from what the document says of those before (doc->before). Looks at elements
 * of the page's tree. Returns 0 or -ENOMEM.
 */
int pk_links_next(struct pk_metadata *metadata);

/*
 * Which page of the article at `base` has the address `url`? Both are canonical
 * (base/url.h). Returns 1 for the first, 2 and up for further ones, 0 for what is no
 * page of it. *ret_weak (may be NULL) says that other articles have such addresses, too
 * ("visit-2.html"), so that somebody else must say that it is a page. Pure.
 */
unsigned pk_link_page(struct pk_span base, struct pk_span url, bool *ret_weak);

#endif
