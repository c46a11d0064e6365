/* SPDX-License-Identifier: Apache-2.0 */
#include "base/gunzip.h"

#include "base/cleanup.h"

#include <errno.h>
#include <limits.h>
#include <zlib.h>

/* gzip alone, with the largest window. */
#define GZIP_WINDOW (15 + 16)

bool
pk_is_gzip(struct pk_span bytes)
{
	return pk_span_starts_with(bytes, PK_SPAN("\x1F\x8B"));
}

static void
buf_done(struct pk_buf *buf)
{
	pk_buf_done(buf);
}

static size_t
limit_of(struct pk_span bytes, size_t limit)
{
	size_t by_ratio = bytes.len > SIZE_MAX / PK_GUNZIP_RATIO_MAX
			      ? SIZE_MAX
			      : bytes.len * PK_GUNZIP_RATIO_MAX;

	if (by_ratio < PK_GUNZIP_FREE)
		by_ratio = PK_GUNZIP_FREE;
	return limit < by_ratio ? limit : by_ratio;
}

/* A member has ended: is there another? */
static bool
begin_next(z_stream *stream)
{
	struct pk_span rest = { (const char *)stream->next_in, stream->avail_in };

	return pk_is_gzip(rest) && inflateReset(stream) == Z_OK;
}

/* Unpacks until the end, which is whole when *ret_cut is false. */
static int
unpack(z_stream *stream, struct pk_buf *out, bool *ret_cut)
{
	char chunk[16384];

	*ret_cut = true;
	for (;;) {
		stream->next_out = (unsigned char *)chunk;
		stream->avail_out = sizeof(chunk);
		int rc = inflate(stream, Z_NO_FLUSH);
		struct pk_span made = { chunk, sizeof(chunk) - stream->avail_out };
		int r = rc == Z_MEM_ERROR ? -ENOMEM : pk_buf_append(out, made);
		if (r < 0)
			return r;
		if (rc == Z_STREAM_END) {
			if (begin_next(stream))
				continue;
			*ret_cut = false;
			return 0;
		}
		if (rc != Z_OK || (made.len == 0 && stream->avail_in == 0))
			return 0;
	}
}

int
pk_gunzip(
    struct pk_span bytes, size_t limit, struct pk_buf *ret_unpacked, bool *ret_cut)
{
	pk_cleanup(buf_done) struct pk_buf out = { 0 };
	z_stream stream = {
		/* zlib's interface lacks a const; the bytes are not written to */
		.next_in = (unsigned char *)(uintptr_t)bytes.ptr,
		.avail_in = (unsigned)bytes.len,
	};
	bool cut;

	if (bytes.len > UINT_MAX)
		return -E2BIG;
	if (inflateInit2(&stream, GZIP_WINDOW) != Z_OK)
		return -ENOMEM;
	pk_buf_init(&out, limit_of(bytes, limit));
	int r = unpack(&stream, &out, &cut);
	inflateEnd(&stream);
	if (r == 0 && out.len == 0 && cut)
		r = -EBADMSG;
	if (r < 0)
		return r;
	*ret_unpacked = out;
	out = (struct pk_buf){ 0 };
	*ret_cut = cut;
	return 0;
}
