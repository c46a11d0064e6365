/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hmac.h"

#include <errno.h>
#include <nettle/hmac.h>
#include <nettle/memops.h>

/* One function a method: nettle has a struct of its own for each. */
static void
hmac_sha1(struct pk_span key, struct pk_span bytes, unsigned char *ret_digest)
{
	struct hmac_sha1_ctx context;

	hmac_sha1_set_key(&context, key.len, (const uint8_t *)key.ptr);
	hmac_sha1_update(&context, bytes.len, (const uint8_t *)bytes.ptr);
	hmac_sha1_digest(&context, SHA1_DIGEST_SIZE, ret_digest);
}

static void
hmac_sha256(struct pk_span key, struct pk_span bytes, unsigned char *ret_digest)
{
	struct hmac_sha256_ctx context;

	hmac_sha256_set_key(&context, key.len, (const uint8_t *)key.ptr);
	hmac_sha256_update(&context, bytes.len, (const uint8_t *)bytes.ptr);
	hmac_sha256_digest(&context, SHA256_DIGEST_SIZE, ret_digest);
}

static void
hmac_sha384(struct pk_span key, struct pk_span bytes, unsigned char *ret_digest)
{
	struct hmac_sha384_ctx context;

	hmac_sha384_set_key(&context, key.len, (const uint8_t *)key.ptr);
	hmac_sha384_update(&context, bytes.len, (const uint8_t *)bytes.ptr);
	hmac_sha384_digest(&context, SHA384_DIGEST_SIZE, ret_digest);
}

static void
hmac_sha512(struct pk_span key, struct pk_span bytes, unsigned char *ret_digest)
{
	struct hmac_sha512_ctx context;

	hmac_sha512_set_key(&context, key.len, (const uint8_t *)key.ptr);
	hmac_sha512_update(&context, bytes.len, (const uint8_t *)bytes.ptr);
	hmac_sha512_digest(&context, SHA512_DIGEST_SIZE, ret_digest);
}

static const struct method {
	const char *name;
	size_t size;
	void (*make)(
	    struct pk_span key, struct pk_span bytes, unsigned char *ret_digest);
} methods[] = {
	[PK_HMAC_SHA1] = { "sha1", SHA1_DIGEST_SIZE, hmac_sha1 },
	[PK_HMAC_SHA256] = { "sha256", SHA256_DIGEST_SIZE, hmac_sha256 },
	[PK_HMAC_SHA384] = { "sha384", SHA384_DIGEST_SIZE, hmac_sha384 },
	[PK_HMAC_SHA512] = { "sha512", SHA512_DIGEST_SIZE, hmac_sha512 },
};

_Static_assert(PK_HMAC_MAX >= SHA512_DIGEST_SIZE, "the longest digest has room");

int
pk_hmac_find(struct pk_span name, enum pk_hmac *ret_method)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (!pk_span_eq_nocase(name, pk_span_of(methods[i].name)))
			continue;
		*ret_method = (enum pk_hmac)i;
		return 0;
	}
	return -ENOENT;
}

size_t
pk_hmac_size(enum pk_hmac method)
{
	return methods[method].size;
}

void
pk_hmac(enum pk_hmac method, struct pk_span key, struct pk_span bytes,
    unsigned char ret_digest[static PK_HMAC_MAX])
{
	/* absent ones are empty; memcpy(3) wants an address all the same */
	if (key.ptr == NULL)
		key = PK_SPAN("");
	if (bytes.ptr == NULL)
		bytes = PK_SPAN("");
	methods[method].make(key, bytes, ret_digest);
}

bool
pk_hmac_equal(const unsigned char *a, const unsigned char *b, size_t n)
{
	return memeql_sec(a, b, n) != 0;
}
