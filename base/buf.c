/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void
pk_buf_init(struct pk_buf *buf, size_t limit)
{
	*buf = (struct pk_buf){ .limit = limit };
}

void
pk_buf_done(struct pk_buf *buf)
{
	free(buf->ptr);
	pk_buf_init(buf, buf->limit);
}

static int
reserve(struct pk_buf *buf, size_t more)
{
	size_t need;

	if (__builtin_add_overflow(buf->len, more, &need) || need == SIZE_MAX)
		return -ENOMEM;
	if (buf->limit != 0 && need > buf->limit)
		return -E2BIG;
	if (need < buf->cap)
		return 0;
	size_t cap = need + need / 2 + 64;
	if (cap < need)
		return -ENOMEM;
	char *grown = realloc(buf->ptr, cap);
	if (grown == NULL)
		return -ENOMEM;
	buf->ptr = grown;
	buf->cap = cap;
	return 0;
}

int
pk_buf_append(struct pk_buf *buf, struct pk_span s)
{
	int r = reserve(buf, s.len);

	if (r < 0)
		return r;
	if (s.len > 0)
		memcpy(buf->ptr + buf->len, s.ptr, s.len);
	buf->len += s.len;
	buf->ptr[buf->len] = '\0';
	return 0;
}

int
pk_buf_append_char(struct pk_buf *buf, char c)
{
	return pk_buf_append(buf, (struct pk_span){ &c, 1 });
}

int
pk_buf_printf(struct pk_buf *buf, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		return -EINVAL;
	int r = reserve(buf, (size_t)len);
	if (r < 0)
		return r;
	va_start(args, format);
	vsnprintf(buf->ptr + buf->len, (size_t)len + 1, format, args);
	va_end(args);
	buf->len += (size_t)len;
	return 0;
}
