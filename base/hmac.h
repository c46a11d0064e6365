/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/hmac.h - keyed digests (RFC 2104, FIPS 180-4), by nettle.
 */
#ifndef PEYK_BASE_HMAC_H
#define PEYK_BASE_HMAC_H

#include "base/span.h"

#define PK_HMAC_MAX 64 /* bytes of the longest */

enum pk_hmac {
	PK_HMAC_SHA1,
	PK_HMAC_SHA256,
	PK_HMAC_SHA384,
	PK_HMAC_SHA512,
};

/* The method of this name: "sha1", "sha256", "sha384", "sha512", in any case. Returns 0
 * or -ENOENT. */
int pk_hmac_find(struct pk_span name, enum pk_hmac *ret_method);

/* The bytes of a method's digest. */
size_t pk_hmac_size(enum pk_hmac method);

/* The digest of `bytes` under `key`: pk_hmac_size() bytes. Any thread. */
void pk_hmac(enum pk_hmac method, struct pk_span key, struct pk_span bytes,
    unsigned char ret_digest[static PK_HMAC_MAX]);

/* Are they the same `n` bytes? Takes as long for any two, so that nobody learns from
 * the time how far a guess was right. */
bool pk_hmac_equal(const unsigned char *a, const unsigned char *b, size_t n);

#endif
