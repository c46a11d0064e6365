/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/labels.h - under what a site files an article: tags and section, as
 * the page shows them.
 */
#ifndef PEYK_EXTRACT_ARTICLE_LABELS_H
#define PEYK_EXTRACT_ARTICLE_LABELS_H

#include "extract/article/metadata.h"

/*
 * Sets tags and section where the page's head did not know them: from links in elements
 * for tags, and from the last link of the breadcrumbs. Returns 0 or -ENOMEM.
 */
int pk_labels_read(struct pk_metadata *metadata);

#endif
