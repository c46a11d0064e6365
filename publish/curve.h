/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/curve.h - key pairs of CURVE (ZeroMQ RFC 26). Their files: key_file.h.
 */
#ifndef PEYK_PUBLISH_CURVE_H
#define PEYK_PUBLISH_CURVE_H

#include "publish/key_file.h"

/* Both in Z85, with a NUL. */
struct pk_key_pair {
	char public_key[PK_KEY_TEXT + 1];
	char secret_key[PK_KEY_TEXT + 1];
};

/* A new pair. Returns 0 or -errno of zmq_curve_keypair(3). */
int pk_key_pair_make(struct pk_key_pair *ret_pair);

/* Reads a secret key, see pk_key_file_secret(), and finds its public one. */
int pk_key_pair_read(const char *path, bool is_credential, struct pk_key_pair *ret_pair,
    struct pk_diag *reterr_diag);

/* Overwrites both keys. */
void pk_key_pair_wipe(struct pk_key_pair *pair);

#endif
