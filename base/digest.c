/* SPDX-License-Identifier: Apache-2.0 */
#include "base/digest.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Finds the processor's best instructions and opens the source of random numbers; what
 * is done without it is right too, but not from two threads at once. */
static void
init(void)
{
	if (sodium_init() < 0)
		abort();
}

void
pk_id_of(const struct pk_span *parts, size_t n_parts, char ret_id[static PK_ID_SIZE])
{
	/* libsodium's generichash wants at least 128 bits; the first 64 are the id. */
	unsigned char hash[crypto_generichash_BYTES_MIN];
	crypto_generichash_state state;

	pthread_once(&once, init);
	crypto_generichash_init(&state, NULL, 0, sizeof(hash));
	for (size_t i = 0; i < n_parts; i++) {
		unsigned char len[8];
		for (size_t b = 0; b < sizeof(len); b++)
			len[b] = (unsigned char)((uint64_t)parts[i].len >> (8 * b));
		crypto_generichash_update(&state, len, sizeof(len));
		if (parts[i].len > 0)
			crypto_generichash_update(
			    &state, (const unsigned char *)parts[i].ptr, parts[i].len);
	}
	crypto_generichash_final(&state, hash, sizeof(hash));
	sodium_bin2hex(ret_id, PK_ID_SIZE, hash, (PK_ID_SIZE - 1) / 2);
}

void
pk_sha256(struct pk_span bytes, char ret_hex[static PK_SHA256_SIZE])
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	pthread_once(&once, init);
	crypto_hash_sha256(hash,
	    bytes.len == 0 ? (const unsigned char *)""
			   : (const unsigned char *)bytes.ptr,
	    bytes.len);
	sodium_bin2hex(ret_hex, PK_SHA256_SIZE, hash, sizeof(hash));
}

uint64_t
pk_random_u64(void)
{
	uint64_t value;

	pthread_once(&once, init);
	randombytes_buf(&value, sizeof(value));
	return value;
}
