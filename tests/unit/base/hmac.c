/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hmac.h"

#include "base/cleanup.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define TIMES_20(x)  x x x x x x x x x x x x x x x x x x x x
#define TIMES_131(x) TIMES_20(x x x x x x) x x x x x x x x x x x

/* RFC 4231, cases 1, 2 and 6, and the same with SHA-1 (RFC 2202 has the first two); an
 * empty text under an empty key is what Python's hmac says. */
/* clang-format off */
static const struct hmac_case {
	struct pk_span key;
	struct pk_span bytes;
	const char *digests[4]; /* sha1, sha256, sha384, sha512 */
} cases[] = {
	{ PK_SPAN(TIMES_20("\x0b")), PK_SPAN("Hi There"), {
		"b617318655057264e28bc0b6fb378c8ef146be00",
		"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
		"afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59c"
		"faea9ea9076ede7f4af152e8b2fa9cb6",
		"87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
		"daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854" } },
	{ PK_SPAN("Jefe"), PK_SPAN("what do ya want for nothing?"), {
		"effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
		"af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
		"8e2240ca5e69e2c78b3239ecfab21649",
		"164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
		"9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737" } },
	{ PK_SPAN(TIMES_131("\xaa")),
	  PK_SPAN("Test Using Larger Than Block-Size Key - Hash Key First"), {
		"90d0dace1c1bdc957339307803160335bde6df2b",
		"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
		"4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c6"
		"0c2ef6ab4030fe8296248df163f44952",
		"80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
		"6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598" } },
	{ { NULL, 0 }, { NULL, 0 }, {
		"fbdb1d1b18aa6c08324b7d64b71fb76370690e1d",
		"b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad",
		"6c1f2ee938fad2e24bd91298474382ca218c75db3d83e114b3d4367776d14d35"
		"51289e75e8209cd4b792302840234adc",
		"b936cee86c9f87aa5d3c6f2e84cb5a4239a5fe50480a6ec66b70ab5b1f4ac673"
		"0c6c515421b327ec1d69402e53dfb49ad7381eb067b338fd7b0cb22247225d47" } },
};
/* clang-format on */

static void
digests_are_those_of_the_standards(void **state)
{
	static const char *const names[] = { "sha1", "sha256", "sha384", "SHA512" };

	(void)state;
	for (size_t i = 0; i < PK_COUNT(cases) * PK_COUNT(names); i++) {
		const struct hmac_case *c = &cases[i / PK_COUNT(names)];
		unsigned char digest[PK_HMAC_MAX];
		char hex[2 * PK_HMAC_MAX + 1] = "";
		enum pk_hmac method;

		assert_int_equal(
		    pk_hmac_find(pk_span_of(names[i % PK_COUNT(names)]), &method), 0);
		pk_hmac(method, c->key, c->bytes, digest);
		for (size_t n = 0; n < pk_hmac_size(method); n++)
			snprintf(hex + 2 * n, 3, "%02x", digest[n]);
		assert_string_equal(hex, c->digests[i % PK_COUNT(names)]);
	}
}

static void
no_other_methods_are_known(void **state)
{
	enum pk_hmac method = PK_HMAC_SHA384;

	(void)state;
	assert_int_equal(pk_hmac_find(PK_SPAN("md5"), &method), -ENOENT);
	assert_int_equal(pk_hmac_find(PK_SPAN("sha25"), &method), -ENOENT);
	assert_int_equal(pk_hmac_find(PK_SPAN(""), &method), -ENOENT);
	assert_int_equal(method, PK_HMAC_SHA384);
}

static void
equal_is_equal(void **state)
{
	const unsigned char a[] = { 1, 2, 3 }, b[] = { 1, 2, 4 };

	(void)state;
	assert_true(pk_hmac_equal(a, a, 3));
	assert_true(pk_hmac_equal(a, b, 2));
	assert_false(pk_hmac_equal(a, b, 3));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digests_are_those_of_the_standards),
		cmocka_unit_test(no_other_methods_are_known),
		cmocka_unit_test(equal_is_equal),
	};

	return cmocka_run_group_tests_name("base/hmac", tests, NULL, NULL);
}
