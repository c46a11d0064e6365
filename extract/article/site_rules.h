/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/site_rules.h - what people know about the pages of a site or of a
 * program that makes sites: which elements are title, kicker, lead, body.
 *
 * The format is described in extract/sites/README.md. A set of rules never changes;
 * any number of threads reads it.
 */
#ifndef PEYK_EXTRACT_ARTICLE_SITE_RULES_H
#define PEYK_EXTRACT_ARTICLE_SITE_RULES_H

#include "base/diag.h"
#include "extract/article/selector.h"

/* More is -E2BIG: of a file, bytes; of a set, files and rules; of a rule, lines.
 * Markers are looked for on every page, so there are few of them. */
#define PK_SITE_FILE_MAX    (1u << 20)
#define PK_SITE_FILES_MAX   1000
#define PK_SITE_RULES_MAX   20000
#define PK_SITE_LINES_MAX   100
#define PK_SITE_MARKERS_MAX 64
#define PK_SITE_NAME_MAX    48

/* SITE_KEY(NAME, "key"): what a rule finds. */
#define PK_SITE_KEYS_LIST(SITE_KEY)                                                    \
	SITE_KEY(TITLE, "title")                                                       \
	SITE_KEY(KICKER, "kicker")                                                     \
	SITE_KEY(LEAD, "lead")                                                         \
	SITE_KEY(BYLINE, "byline")                                                     \
	SITE_KEY(DATE, "date")                                                         \
	SITE_KEY(MODIFIED, "modified")                                                 \
	SITE_KEY(SECTION, "section")                                                   \
	SITE_KEY(TAGS, "tags")                                                         \
	SITE_KEY(BODY, "body")                                                         \
	SITE_KEY(STRIP, "strip")

enum pk_site_key {
#define SITE_KEY_(NAME, name) PK_SITE_##NAME,
	PK_SITE_KEYS_LIST(SITE_KEY_)
#undef SITE_KEY_
	    PK_SITE_KEYS
};

/* What makes a rule hold, the strongest first. */
enum pk_site_reason { PK_SITE_HOST, PK_SITE_GENERATOR, PK_SITE_MARKER };

/* A line of a rule: tried when those of the same key before it found nothing. */
struct pk_site_line {
	struct pk_selectors selectors;
	struct pk_span text; /* as it was written */
	const struct pk_site_line *next;
};

struct pk_site_rule {
	const char *name;
	const char *where; /* "site rule NAME"; lives as long as the set */
	bool own;          /* the user's, not ours */
	const struct pk_site_line *keys[PK_SITE_KEYS];
};

/* A host, a generator or a marker, and the rule that it makes hold. */
struct pk_site_sign {
	struct pk_span text; /* lower case; absent for a marker */
	struct pk_selectors marker;
	const struct pk_site_rule *rule;
	size_t order; /* of precedence among those of one kind */
};

struct pk_site_signs {
	struct pk_site_sign *items;
	size_t len;
	size_t cap;
};

struct pk_site_rules {
	struct pk_arena *arena;
	struct pk_site_signs
	    hosts; /* sorted; those of a host in the order of precedence */
	struct pk_site_signs generators; /* in the order of precedence */
	struct pk_site_signs markers;    /* the same */
	size_t n_rules;
};

/*
 * Reads all *.rules in `dir`/sites, which may be absent, and in the folder `own` (may
 * be NULL), in the order of their names. Rules of `own` go before ours, and one with
 * the name of one of ours replaces it. Returns 0; -EBADMSG or -E2BIG (*reterr_diag says
 * which line and column a person should fix), the -errno of a file or of `own` that
 * cannot be read (the same), or -ENOMEM.
 */
int pk_site_rules_load(const char *dir, const char *own,
    struct pk_site_rules **ret_rules, struct pk_diag *reterr_diag);

/* The same for one text; `path` is how messages call it. */
int pk_site_rules_parse(struct pk_span text, const char *path,
    struct pk_site_rules **ret_rules, struct pk_diag *reterr_diag);

struct pk_site_rules *pk_site_rules_free(struct pk_site_rules *rules);
PK_DEFINE_CLEANUP(struct pk_site_rules *, pk_site_rules_free);

#endif
