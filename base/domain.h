/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/domain.h - whose is a host? The public suffix list, by libpsl.
 */
#ifndef PEYK_BASE_DOMAIN_H
#define PEYK_BASE_DOMAIN_H

#include "base/span.h"

/*
 * The part of a host that somebody could register: "news.co.uk" of "www.news.co.uk",
 * "a.blogspot.com" of itself, for the list knows where people are given names under
 * another's. An address, a single label, and what is itself a public suffix are their
 * own. Takes a host as pk_url_host() gives it: in any case, its letters as UTF-8,
 * percent-encoded or as punycode; a dot at the end is left out.
 *
 * Borrows from `host`, case as it was. Any thread.
 */
struct pk_span pk_domain_registrable(struct pk_span host);

#endif
