/* SPDX-License-Identifier: Apache-2.0 */
/* The passes over a page, one after the other. */
#include "extract/article/find.h"

#include "base/utf8.h"
#include "extract/article/body.h"
#include "extract/article/container.h"
#include "extract/article/embedded.h"
#include "extract/article/entity.h"
#include "extract/article/explain.h"
#include "extract/article/heading.h"
#include "extract/article/labels.h"
#include "extract/article/language.h"
#include "extract/article/line.h"
#include "extract/article/links.h"
#include "extract/article/metadata.h"
#include "extract/article/prune.h"
#include "extract/article/refuse.h"
#include "extract/article/site.h"
#include "extract/article/source.h"
#include "extract/article/tails.h"
#include "extract/article/weigh.h"

#include <errno.h>

/* Lengths in code points. */
#define TEXT_MIN    25  /* less is nothing */
#define POOR        250 /* with less, other ways are tried */
#define RESCUE_GAIN 2ul /* another way must find so many times as much */

/* A rule's body has at least this part of what is found without it. */
#define RULED_SHARE 0.1

/* A page that shows so little of JSON-LD's text shows something else. */
#define EMBEDDED_MIN 0.5

struct finder {
	const struct pk_tails *tails;
	struct pk_doc *doc;
	struct pk_page page;
	struct pk_article article;
	struct pk_site site;
	struct pk_metadata metadata;
	struct pk_container container;
	struct pk_embedded embedded;
	struct pk_body body;
	bool rescued; /* it was tried */
};

static void
finder_done(struct finder *f)
{
	pk_page_done(&f->page);
}

/* What is good on the page, also by the rules of its site. */
static double
weigh(struct finder *f, bool strict)
{
	double good = pk_page_weigh(&f->page, strict);

	return f->site.n_holding == 0 ? good : pk_site_weigh(&f->site, &f->page);
}

static void
weigh_anew(struct finder *f)
{
	if (weigh(f, true) == 0)
		weigh(f, false);
}

static int
prune(struct finder *f, struct pk_body *ret_body)
{
	size_t cap = f->article.lead.len + 1;

	for (size_t b = 0; b < f->page.blocks.len; b++)
		cap += f->page.blocks.items[b].text.len + 1;
	int r = pk_body_init(ret_body, f->doc->arena, cap);
	return r < 0
		   ? r
		   : pk_prune(&f->page, &f->container, f->tails, &f->article, ret_body);
}

/* The article's text that the head carries. Of a further page it has what stands on the
 * others, too, and says nothing. */
static int
read_embedded(struct finder *f)
{
	return f->doc->before != NULL
		   ? 0
		   : pk_embedded_read(&f->page, f->metadata.jsonld.body, &f->container,
			 &f->embedded);
}

/* Once more, without believing names of classes. */
static int
rescue_without_names(struct finder *f)
{
	struct pk_container container;
	struct pk_body body;

	f->rescued = true;
	weigh(f, false);
	int r = pk_container_find(&f->page, pk_heading_block(&f->metadata), &container);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	struct pk_container before = f->container;
	f->container = container;
	r = prune(f, &body);
	if (r == 0 && body.points > RESCUE_GAIN * f->body.points) {
		f->body = body;
		f->container.method = "rescue";
	} else {
		f->container = before;
	}
	return r;
}

/*
 * The article as JSON-LD has it, where the page shows much less of it (a wall) or
 * something else.
 */
static int
rescue_from_jsonld(struct finder *f)
{
	const struct pk_embedded *embedded = &f->embedded;
	bool poor =
	    f->body.points < POOR && embedded->points > RESCUE_GAIN * f->body.points;
	bool other = embedded->shown < EMBEDDED_MIN && embedded->told < EMBEDDED_MIN &&
		     embedded->points > f->body.points;
	struct pk_span rest = embedded->text;
	struct pk_body body;

	if (embedded->points <= POOR || (!poor && !other))
		return 0;
	int r = pk_body_init(&body, f->doc->arena, rest.len + 1);
	while (rest.ptr != NULL && r == 0) {
		struct pk_span line = pk_line_trim(pk_span_split(&rest, '\n'));
		if (line.len > 0 && !pk_line_same(line, f->article.title))
			r = pk_body_add(&body, PK_PARAGRAPH_P, line);
	}
	if (r == 0) {
		f->body = body;
		f->container.method = "json-ld";
	}
	return r;
}

/*
 * The lead when no class names it: the head's description, if the body begins with just
 * that.
 */
static int
find_lead(struct finder *f)
{
	if (f->body.paragraphs.len < 2 || f->article.lead.len > 0)
		return 0;
	const struct pk_paragraph *first = &f->body.paragraphs.items[0];
	struct pk_span text = { f->body.text, f->body.len };
	size_t end = pk_span_find(text, PK_SPAN("\n"), 0);
	struct pk_span lead = pk_span_slice(text, 0, end);
	if (first->kind != PK_PARAGRAPH_P ||
	    !pk_line_same(lead, f->metadata.description))
		return 0;
	return pk_metadata_set(
	    &f->metadata, &f->article.lead, "lead", lead, "og:description");
}

/* A language that the text is not written in was left in a template. */
static int
check_language(struct finder *f)
{
	struct pk_span text = { f->body.text, f->body.len };

	if (pk_language_fits(f->article.language, text))
		return 0;
	const char *seen = pk_language_of(text);
	if (seen == NULL)
		return 0;
	f->article.language = pk_span_of(seen);
	return pk_article_note(f->doc->arena, &f->article, "language", "text");
}

static double
confidence_of(const struct finder *f)
{
	double c = 0.4;

	c += 0.3 * (f->container.share < 1 ? f->container.share : 1);
	c += f->metadata.is_article ? 0.15 : 0;
	c += f->article.title.len > 0 ? 0.05 : 0;
	c += f->body.points >= POOR ? 0.1 : 0;
	return f->page.cut ? c / 2 : c;
}

static int
find_container(struct finder *f)
{
	return pk_container_find(
	    &f->page, pk_heading_block(&f->metadata), &f->container);
}

/*
 * The body that a rule of the site knows instead of the container that was found,
 * unless it is next to nothing beside that: sites change, and rules grow old.
 */
static int
use_rule(struct finder *f)
{
	struct pk_container ruled = { .good = 0 };

	if (f->site.body.len == 0 || f->site.body_why_not != NULL)
		return 0;
	int r = pk_site_hold_body(&f->site, &f->page);
	weigh_anew(f);
	if (r == 0)
		r = pk_site_container(&f->site, &f->page, &ruled);
	if (r < 0)
		return r;
	if (ruled.good >= TEXT_MIN && ruled.good >= RULED_SHARE * f->container.good) {
		f->container = ruled;
		return 0;
	}
	pk_site_drop_body(&f->site, &f->page, "next to no text beside the rest");
	weigh_anew(f);
	return 0;
}

/* Once more without the rule's body, of which nothing was left. */
static int
leave_rule(struct finder *f)
{
	pk_site_drop_body(&f->site, &f->page, "no text was left of it");
	weigh_anew(f);
	int r = find_container(f);
	if (r == 0)
		r = read_embedded(f);
	return r == 0 ? prune(f, &f->body) : r;
}

static int
find_body(struct finder *f)
{
	int r = find_container(f);
	if (r == 0 || r == -ENOENT) {
		int ruled = use_rule(f);
		r = ruled < 0 || f->site.body_holds ? ruled : r;
	}
	if (r == 0 && !f->site.body_holds)
		r = read_embedded(f);
	if (r == 0)
		r = pk_heading_read(&f->metadata, &f->container);
	if (r == 0)
		r = pk_labels_read(&f->metadata);
	if (r == 0)
		r = prune(f, &f->body);
	if (r == 0 && f->site.body_holds && f->body.points < TEXT_MIN)
		r = leave_rule(f);
	if (r == 0 && !f->site.body_holds &&
	    (f->body.points < POOR || f->container.share < 0.25))
		r = rescue_without_names(f);
	/* A rule says what belongs; only a wall shows less than the page carries. */
	if (r == 0 && f->site.body_holds && f->body.points < POOR)
		r = read_embedded(f);
	if (r == 0)
		r = rescue_from_jsonld(f);
	return r;
}

/* Of a page that is no article: where else it might be one. */
static int
find_elsewhere(struct finder *f, struct pk_article *ret_article)
{
	int r = pk_links_amp(&f->metadata);

	if (r < 0)
		return r;
	*ret_article = (struct pk_article){
		.url = f->doc->url,
		.canonical_url = f->article.canonical_url,
		.amp_url = f->article.amp_url,
	};
	return 0;
}

static int
finish(struct finder *f, struct pk_article *ret_article)
{
	int r = check_language(f);

	if (r == 0)
		r = pk_links_amp(&f->metadata);
	if (r == 0)
		r = pk_links_next(&f->metadata);
	if (r == 0)
		r = find_lead(f);
	f->article.method = f->container.method;
	f->article.truncated = f->page.cut;
	f->article.pages = 1;
	f->article.confidence = confidence_of(f);
	if (r == 0)
		r = pk_body_finish(&f->body, f->doc, &f->article);
	if (r == 0)
		*ret_article = f->article;
	return r;
}

static int
find(struct finder *f, const struct pk_site_rules *sites,
    struct pk_article *ret_article, const char **ret_reason)
{
	struct pk_doc *doc = f->doc;
	struct pk_span html;

	int r = pk_source_text(doc, PK_CHARSET_LABEL_META, &html, ret_reason);
	if (r < 0 || *ret_reason != NULL)
		return r;
	r = pk_page_read(doc->arena, html, &f->page);
	if (r == 0)
		r = pk_site_read(sites, &f->page, doc, &f->article, &f->site);
	if (r == 0)
		r = pk_metadata_read(&f->page, doc, &f->article, &f->metadata);
	if (r < 0)
		return r;
	f->metadata.title_node = f->site.title;
	weigh_anew(f);
	r = find_body(f);
	if (r == -ENOENT) {
		*ret_reason =
		    pk_refuse(&f->metadata, NULL, 0, pk_tails_refusals(f->tails));
		return find_elsewhere(f, ret_article);
	}
	if (r < 0)
		return r;
	*ret_reason = pk_refuse(
	    &f->metadata, &f->container, f->body.points, pk_tails_refusals(f->tails));
	return *ret_reason != NULL ? find_elsewhere(f, ret_article)
				   : finish(f, ret_article);
}

int
pk_article_of_page(struct pk_doc *doc, const struct pk_tails *tails,
    const struct pk_site_rules *sites, struct pk_article *ret_article,
    const char **ret_reason)
{
	pk_cleanup(finder_done) struct finder f = { .tails = tails, .doc = doc };

	return find(&f, sites, ret_article, ret_reason);
}

/* A rescue that found less has left its own weights and reasons in the blocks. */
static int
settle(struct finder *f)
{
	struct pk_body body;

	if (!f->rescued || strcmp(f->container.method, "rescue") == 0)
		return 0;
	weigh_anew(f);
	int r = read_embedded(f);
	return r == 0 ? prune(f, &body) : r;
}

int
pk_article_explain(struct pk_doc *doc, const struct pk_tails *tails,
    const struct pk_site_rules *sites, struct pk_article *ret_article,
    const char **ret_reason, struct pk_explained *ret_explained)
{
	pk_cleanup(finder_done) struct finder f = { .tails = tails, .doc = doc };
	struct pk_explained x = { .n_blocks = 0 };
	int r = find(&f, sites, ret_article, ret_reason);

	if (r == 0)
		r = settle(&f);
	if (r == 0 && f.page.tree != NULL)
		r = pk_explain_page(
		    &f.page, &f.site, &f.container, &f.body, &f.article, &x);
	if (r == 0)
		*ret_explained = x;
	return r;
}
