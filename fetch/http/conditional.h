/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/http/conditional.h - what lets a server answer "304 Not Modified".
 *
 * Validators (RFC 9110, section 8.8) are opaque: they are kept and sent back byte for
 * byte, as a pair, and never read as a date or unquoted.
 */
#ifndef PEYK_FETCH_HTTP_CONDITIONAL_H
#define PEYK_FETCH_HTTP_CONDITIONAL_H

#include "base/span.h"

/* Longer ones are forgotten. */
#define PK_VALIDATOR_MAX 1024

struct pk_validators {
	struct pk_span etag;
	struct pk_span last_modified;
};

/* The pair without what cannot be sent back: empty, too long, with control bytes. */
struct pk_validators pk_validators_clean(struct pk_validators validators);

static inline bool
pk_validators_any(struct pk_validators validators)
{
	return validators.etag.len > 0 || validators.last_modified.len > 0;
}

#endif
