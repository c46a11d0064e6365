/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/charset_label.h - what a label like "ISO_8859-1:1987" means. The back room of
 * base/charset.c.
 */
#ifndef PEYK_BASE_CHARSET_LABEL_H
#define PEYK_BASE_CHARSET_LABEL_H

#include "base/span.h"

#define PK_CHARSET_NAME_MAX 32

/*
 * The encoding that a label means, by the name that its converter knows, in lower case:
 * static or in `room`. NULL where no converter knows it. Labels mean what browsers take
 * them for (WHATWG Encoding), then what iconv, Python and the Macintosh do; case,
 * blanks and signs between letters and digits do not count.
 */
const char *pk_charset_of_label(
    struct pk_span label, char room[static PK_CHARSET_NAME_MAX]);

#endif
