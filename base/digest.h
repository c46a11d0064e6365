/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/digest.h - ids and checksums, by libsodium.
 */
#ifndef PEYK_BASE_DIGEST_H
#define PEYK_BASE_DIGEST_H

#include "base/span.h"

/* A stable id: 64 bits in lower-case hex, with its NUL. */
#define PK_ID_SIZE     17
#define PK_SHA256_SIZE 65

/*
 * The id of a list of parts: the first half of BLAKE2b-128 (RFC 7693) over each part's
 * length (64 bit, little endian) and bytes, so that moving a border between parts gives
 * another id. The same parts give the same id on every machine and in every release.
 */
void pk_id_of(
    const struct pk_span *parts, size_t n_parts, char ret_id[static PK_ID_SIZE]);

/* SHA-256 (FIPS 180-4) in lower-case hex. */
void pk_sha256(struct pk_span bytes, char ret_hex[static PK_SHA256_SIZE]);

/* A random number that nobody can guess. */
uint64_t pk_random_u64(void);

#endif
