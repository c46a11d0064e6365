/* SPDX-License-Identifier: Apache-2.0 */
#include "base/secret.h"

#include <sodium.h>

void
pk_secret_wipe(void *bytes, size_t size)
{
	sodium_memzero(bytes, size);
}
