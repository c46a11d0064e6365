/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as rules: a set that reads a page, or a place where a person should look.
 */
#include "extract/article/find.h"
#include "extract/article/site_rules.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <errno.h>

static void
read_page(const struct pk_site_rules *rules, const struct pk_tails *tails)
{
	static const char html[] =
	    "<meta name=generator content=nastooh><body class='rtl single'>"
	    "<div id=a class='a b'><h1 class=title>a bridge</h1><p class='b c'>"
	    "They signed a treaty on it, and work begins on 3 May 2024, it is said."
	    "</p><p>Fishermen, of both shores, fear for the herring of the sound.</p>"
	    "<a href=/x rel=tag>tag</a></div>";
	pk_cleanup(pk_doc_freep) struct pk_doc *doc = pk_doc_new(PK_DOC_PAGE, 1 << 26);
	struct pk_article article;
	const char *reason;

	assert(doc != NULL);
	doc->bytes = (struct pk_span){ html, sizeof(html) - 1 };
	doc->url = PK_SPAN("https://www.example.org/2024/05/01/a");
	assert(pk_article_of_page(doc, tails, rules, &article, &reason) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pk_tails *tails;
	pk_cleanup(pk_site_rules_freep) struct pk_site_rules *rules = NULL;
	struct pk_diag diag = { .line = 0 };

	if (tails == NULL &&
	    pk_tails_load(PEYK_SOURCE_DIR "/extract", &tails, NULL) < 0)
		abort();
	int r = pk_site_rules_parse(
	    (struct pk_span){ (const char *)data, size }, "rules", &rules, &diag);
	assert(r == 0 || ((r == -EBADMSG || r == -E2BIG) && diag.line > 0));
	if (r == 0)
		read_page(rules, tails);
	return 0;
}
