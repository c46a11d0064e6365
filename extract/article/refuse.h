/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/refuse.h - pages that are no articles: lists, walls, errors, videos.
 */
#ifndef PEYK_EXTRACT_ARTICLE_REFUSE_H
#define PEYK_EXTRACT_ARTICLE_REFUSE_H

#include "extract/article/container.h"
#include "extract/article/metadata.h"
#include "extract/article/refusals.h"

/*
 * Why a page is no article, as a static reason; NULL when it is one.
 *
 *   container  NULL where nothing on the page is good
 *   points     how long the text is that was found: code points
 *
 * An article about captchas is an article: phrases only count where there is little
 * text, and the page does not call itself an article.
 */
const char *pk_refuse(const struct pk_metadata *metadata,
    const struct pk_container *container, size_t points,
    const struct pk_refusals *refusals);

#endif
