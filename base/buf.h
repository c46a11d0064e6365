/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/buf.h - bytes that grow up to a limit.
 *
 * For what arrives in pieces (a body from the network) and for text that is built up.
 */
#ifndef PEYK_BASE_BUF_H
#define PEYK_BASE_BUF_H

#include "base/span.h"

struct pk_buf {
	char *ptr; /* NUL-terminated as soon as there is anything */
	size_t len;
	size_t cap;
	size_t limit; /* of len; 0 means without limit */
};

/* An empty buffer that will hold at most `limit` bytes; 0 means without limit. */
void pk_buf_init(struct pk_buf *buf, size_t limit);

/* Frees the bytes; the buffer is empty and usable again. */
void pk_buf_done(struct pk_buf *buf);

/* Appends. Returns 0, -E2BIG (nothing appended) or -ENOMEM. */
int pk_buf_append(struct pk_buf *buf, struct pk_span s);
int pk_buf_append_char(struct pk_buf *buf, char c);
int pk_buf_printf(struct pk_buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What is in it, borrowed until the next change. */
static inline struct pk_span
pk_buf_span(const struct pk_buf *buf)
{
	return (struct pk_span){ buf->ptr, buf->len };
}

#endif
