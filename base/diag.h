/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/diag.h - what is wrong in a file that a person wrote, and where.
 */
#ifndef PEYK_BASE_DIAG_H
#define PEYK_BASE_DIAG_H

#include <stddef.h>

struct pk_diag {
	char where[256]; /* the file */
	unsigned line;   /* 1-based; 0 where no line is meant */
	unsigned column; /* 1-based, in code points; 0 where the line is meant */
	char what[256];  /* a clause without a full stop */
};

/*
 * Fills *reterr_diag (may be NULL) and returns `error`, so that a failing function ends
 * with `return pk_diag_at(diag, -EBADMSG, path, line, "want %s", ...)`.
 */
int pk_diag_at(struct pk_diag *reterr_diag, int error, const char *where, unsigned line,
    const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Adds the column to a diag (may be NULL) that was just filled. Returns `error`. */
int pk_diag_column(struct pk_diag *reterr_diag, int error, unsigned column);

#endif
