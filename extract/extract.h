/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/extract.h - the door of the room: a page or a text in, an article and its
 * events out.
 *
 * The extractor holds the language packs and the knowledge; after it was made it never
 * changes, so any number of workers share one, each for as long as it holds a
 * reference.
 */
#ifndef PEYK_EXTRACT_EXTRACT_H
#define PEYK_EXTRACT_EXTRACT_H

#include "base/diag.h"
#include "base/event.h"
#include "extract/article/explain.h"
#include "extract/article/join.h"

struct pk_extractor;

/* Folders of the user's own; each may be NULL. */
struct pk_own_folders {
	const char *knowledge; /* tables, as in pk_pack_load() */
	const char *sites;     /* rules, as in pk_site_rules_load() */
};

/*
 * Loads all packs from `dir` (with knowledge/, lang/ and sites/ in it), and what is in
 * the folders of `own` (may be NULL). Gives an extractor with one reference. Returns 0,
 * or as pk_pack_load() and pk_site_rules_load(): *reterr_diag says which line a person
 * should fix. Readies libxml2: the first call is made before there are other threads.
 */
int pk_extractor_new(const char *dir, const struct pk_own_folders *own,
    struct pk_extractor **ret_extractor, struct pk_diag *reterr_diag);

/* One more holder of the extractor. Returns it. Any thread. */
struct pk_extractor *pk_extractor_ref(struct pk_extractor *extractor);

/* One holder less; the last one frees it. NULL is fine. Returns NULL. Any thread. */
struct pk_extractor *pk_extractor_unref(struct pk_extractor *extractor);
PK_DEFINE_CLEANUP(struct pk_extractor *, pk_extractor_unref);

/*
 * The directory with the packs: $PEYK_DATA_DIR, ../share/peyk beside the running
 * binary's folder, or the installed one. Returns 0 or -ENOENT.
 */
int pk_extract_find_data(struct pk_arena *arena, const char **ret_dir);

/*
 * Who publishes a document: the agency known by that name (in any of its spellings) or,
 * without a name, by the host of the document's URL. `name` and `country` (both may be
 * absent) stand where nobody is known by the name. Fills doc->publisher. Borrows.
 */
void pk_extract_publisher(const struct pk_extractor *extractor, struct pk_doc *doc,
    struct pk_span name, struct pk_span country);

/* What became of a document. It lives in the document's arena, or in the extractor:
 * keep a reference as long as it is read. */
struct pk_extraction {
	const char
	    *reason; /* static: why the page is no article; NULL when it is one */
	struct pk_article article;
	struct pk_event
	    *events; /* in the order of their triggers; article.id etc. are set */
	size_t n_events;
};

/*
 * Finds the article of a PK_DOC_PAGE or PK_DOC_TEXT document and its events. A page
 * that is no article is a result, not an error. Returns 0, -E2BIG (over a limit of
 * size, depth or count) or -ENOMEM. What doc->publisher lacks is completed from the
 * known agencies. Any thread; the document is the caller's.
 */
int pk_extract(const struct pk_extractor *extractor, struct pk_doc *doc,
    struct pk_extraction *ret_extraction);

/*
 * The same in steps, for an article that may go on on other pages.
 *
 * pk_extract_page() reads what the document holds now as the next page of `reading` (as
 * pk_reading_add() has it). While reading->next is there, the caller puts the bytes,
 * URL and content type of that page into the document and calls again, or says
 * pk_reading_miss(). pk_extract_finish() finds the events of what was read; the
 * extractor is the same throughout. Errors as pk_extract(); one of a further page
 * leaves the reading as it was without that page.
 */
int pk_extract_page(const struct pk_extractor *extractor, struct pk_doc *doc,
    struct pk_reading *reading);
int pk_extract_finish(const struct pk_extractor *extractor, struct pk_doc *doc,
    const struct pk_reading *reading, struct pk_extraction *ret_extraction);

/*
 * The article of a PK_DOC_PAGE alone, without events; *ret_explained (may be NULL) is
 * why, as pk_article_explain() has it. Otherwise as pk_article_of_page().
 */
int pk_extract_article(const struct pk_extractor *extractor, struct pk_doc *doc,
    struct pk_article *ret_article, const char **ret_reason,
    struct pk_explained *ret_explained);

/* What bit `i` of an event's evidence is called ("actor_pronoun"), or NULL behind the
 * last. */
const char *pk_extract_evidence(size_t i);

#endif
