/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/key_file.h - files that hold a key of CURVE (ZeroMQ RFC 26), and keys as
 * text.
 *
 * A file of a key is text: its first line that says something is the key, in Z85
 * (ZeroMQ RFC 32); empty lines and those that begin with '#' say nothing. What is
 * secret is wiped from memory when it is no longer needed, and no message has it.
 */
#ifndef PEYK_PUBLISH_KEY_FILE_H
#define PEYK_PUBLISH_KEY_FILE_H

#include "base/cleanup.h"
#include "base/diag.h"
#include "base/span.h"

#include <stdbool.h>

#define PK_KEY_TEXT  40 /* characters of a key in Z85 */
#define PK_KEY_BYTES 32

#define PK_KEY_FILE_MAX 16384

/*
 * The file that a place of a secret stands for: "credential:NAME" is NAME in the folder
 * of systemd's credentials ($CREDENTIALS_DIRECTORY; NULL: there is none), all else a
 * path. Returns 0 with *ret_is_credential, -ENXIO (no such folder), -EINVAL (a name
 * with a slash, or none) or -ENAMETOOLONG.
 */
int pk_key_path(const char *place, const char *credentials, size_t size, char *ret_path,
    bool *ret_is_credential);

/*
 * Reads a secret key. A file that others than its owner can read is refused; of a
 * systemd credential the group's bits are passed over, for where access is given by an
 * ACL they are its mask. Returns 0 with the key and a NUL; -EACCES (others can read
 * it), -EBADMSG (no key), -E2BIG or -errno of open(2), told in *reterr_diag.
 */
int pk_key_file_secret(const char *path, bool is_credential,
    char ret_key[static PK_KEY_TEXT + 1], struct pk_diag *reterr_diag);

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
