/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/curve.h - key pairs of CURVE (ZeroMQ RFC 26), and the files that hold them.
 *
 * A file of a key is text: its first line that says something is the key, in Z85
 * (ZeroMQ RFC 32); empty lines and those that begin with '#' and are no key say
 * nothing. A secret key is wiped from memory when it is no longer needed, and is never
 * part of a message.
 */
#ifndef PEYK_PUBLISH_CURVE_H
#define PEYK_PUBLISH_CURVE_H

#include "base/cleanup.h"
#include "base/diag.h"
#include "base/span.h"

#include <stdbool.h>

#define PK_KEY_TEXT  40 /* characters of a key in Z85 */
#define PK_KEY_BYTES 32

#define PK_KEY_FILE_MAX 16384

/* Both in Z85, with a NUL. */
struct pk_key_pair {
	char public_key[PK_KEY_TEXT + 1];
	char secret_key[PK_KEY_TEXT + 1];
};

/* A new pair. Returns 0 or -errno of zmq_curve_keypair(3). */
int pk_key_pair_make(struct pk_key_pair *ret_pair);

/*
 * Reads a secret key and finds its public one. A file that others than its owner can
 * read is refused; of a systemd credential the group's bits are passed over, for where
 * access is given by an ACL they are its mask. Returns 0; -EACCES (others can read it),
 * -EBADMSG (no key), -E2BIG, -ENOMEM or -errno of open(2), told in *reterr_diag.
 */
int pk_key_pair_read(const char *path, bool is_credential, struct pk_key_pair *ret_pair,
    struct pk_diag *reterr_diag);

/* Overwrites both keys. */
void pk_key_pair_wipe(struct pk_key_pair *pair);

/* Reads 40 characters of Z85. Returns 0 or -EBADMSG. */
int pk_key_decode(struct pk_span text, unsigned char ret_key[static PK_KEY_BYTES]);

/* The other way, with a NUL. */
void pk_key_encode(const unsigned char key[static PK_KEY_BYTES],
    char ret_text[static PK_KEY_TEXT + 1]);

/*
 * Cuts the next line that says something off *rest: blanks at its ends and lines
 * without a word are passed over. *line is its number, counted on from what it was; 0
 * at first. Returns {NULL, 0} at the end.
 */
struct pk_span pk_key_file_line(struct pk_span *rest, unsigned *line);

/*
 * Reads a whole file of at most PK_KEY_FILE_MAX bytes into `buf`, which has room for
 * them. Returns its length; -E2BIG, -EINVAL (no regular file), or -errno, told in
 * *reterr_diag. `ret_mode` (may be NULL) gets the permissions.
 */
int pk_key_file_read(const char *path, char buf[static PK_KEY_FILE_MAX],
    unsigned *ret_mode, struct pk_diag *reterr_diag);

#endif
