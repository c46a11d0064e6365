/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/addresses.h - addresses that a page gives: its own, its picture's.
 */
#ifndef PEYK_EXTRACT_ARTICLE_ADDRESSES_H
#define PEYK_EXTRACT_ARTICLE_ADDRESSES_H

#include "extract/article/metadata.h"

/*
 * An address in the page, absolute and canonical, in the arena; absent where it is
 * none. Returns 0 or -ENOMEM.
 */
int pk_address_resolve(const struct pk_metadata *metadata, struct pk_span reference,
    struct pk_span *ret_url);

/* Sets canonical_url and image of the article. Returns 0 or -ENOMEM. */
int pk_addresses_read(struct pk_metadata *metadata);

#endif
