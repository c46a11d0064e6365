/* SPDX-License-Identifier: Apache-2.0 */
/* publish/bytes_priv.h - numbers on the wire: 8 bytes, big endian. */
#ifndef PEYK_PUBLISH_BYTES_PRIV_H
#define PEYK_PUBLISH_BYTES_PRIV_H

#include <stdint.h>

static inline void
pk_write_u64(unsigned char *bytes, uint64_t value)
{
	for (int i = 7; i >= 0; i--) {
		bytes[i] = (unsigned char)value;
		value >>= 8;
	}
}

static inline uint64_t
pk_read_u64(const char *bytes)
{
	uint64_t value = 0;

	for (int i = 0; i < 8; i++)
		value = value << 8 | (unsigned char)bytes[i];
	return value;
}

#endif
