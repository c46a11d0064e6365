/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/http/conditional.h"

static struct pk_span
clean(struct pk_span value)
{
	if (value.len == 0 || value.len > PK_VALIDATOR_MAX)
		return (struct pk_span){ 0 };
	for (size_t i = 0; i < value.len; i++)
		if ((unsigned char)value.ptr[i] < 0x20 || value.ptr[i] == 0x7F)
			return (struct pk_span){ 0 };
	return value;
}

struct pk_validators
pk_validators_clean(struct pk_validators validators)
{
	return (struct pk_validators){
		.etag = clean(validators.etag),
		.last_modified = clean(validators.last_modified),
	};
}
