/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/secret.h - what has to be done with keys once they are no longer needed.
 */
#ifndef PEYK_BASE_SECRET_H
#define PEYK_BASE_SECRET_H

#include <stddef.h>

/* Overwrites memory with zeros, also where a compiler would see no use in it. */
void pk_secret_wipe(void *bytes, size_t size);

#endif
