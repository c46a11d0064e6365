/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in until pages are read: finds no article in any. */
#include "extract/article/find.h"

int
pk_article_of_page(struct pk_doc *doc, const struct pk_tails *tails,
    struct pk_article *ret_article, const char **ret_reason)
{
	(void)doc;
	(void)tails;
	(void)ret_article;
	*ret_reason = "pages are not read yet";
	return 0;
}
