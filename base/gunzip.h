/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/gunzip.h - files that were packed before they were sent, as sitemap.xml.gz is.
 *
 * What a server packs on the way (Content-Encoding) is undone by whoever fetches; this
 * is for what is packed still when it arrives. The only user of zlib.
 */
#ifndef PEYK_BASE_GUNZIP_H
#define PEYK_BASE_GUNZIP_H

#include "base/buf.h"

/* What comes out may be so many times larger than what went in, and no less than
 * PK_GUNZIP_FREE: text does not shrink further, only bombs do. */
#define PK_GUNZIP_RATIO_MAX 200
#define PK_GUNZIP_FREE      ((size_t)1024 * 1024)

/* Do the bytes begin as gzip does (RFC 1952)? */
bool pk_is_gzip(struct pk_span bytes);

/*
 * Unpacks gzip, with all its members. Bytes behind the last one are passed over.
 *
 *   bytes         untrusted
 *   limit         of what comes out
 *   ret_unpacked  the caller frees it with pk_buf_done()
 *   ret_cut       the packing is damaged or ends too early; what came out before that
 *                 is there
 *
 * Returns 0, -EBADMSG (nothing came out), -E2BIG (over the limit or the ratio) or
 * -ENOMEM. Any thread.
 */
int pk_gunzip(
    struct pk_span bytes, size_t limit, struct pk_buf *ret_unpacked, bool *ret_cut);

#endif
