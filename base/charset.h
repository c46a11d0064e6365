/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/charset.h - bytes of unknown or wrongly labelled encoding to clean UTF-8.
 *
 * One ladder for feeds and pages: byte order mark; UTF-8 with a byte above 0x7F beats
 * any label, also when a little of it is broken, or more of it where the label says
 * UTF-8; the HTTP charset; the label in the document; a guess for Arabic (windows-1256)
 * and Cyrillic script (windows-1251); windows-1252. A label under which much of the
 * bytes would be malformed is passed over. Labels mean what browsers take them for
 * (WHATWG Encoding): iso-8859-1 is windows-1252, gb2312 is gb18030. Converted by iconv
 * and by tables of what it lacks; what is malformed becomes U+FFFD, and so does NUL.
 */
#ifndef PEYK_BASE_CHARSET_H
#define PEYK_BASE_CHARSET_H

#include "base/arena.h"

/*
 * Where a label inside the document is looked for: an XML declaration, or a <meta>
 * within the first 4096 bytes.
 */
enum pk_charset_label {
	PK_CHARSET_LABEL_NONE,
	PK_CHARSET_LABEL_XML,
	PK_CHARSET_LABEL_META,
};

/*
 * Converts to UTF-8 without byte order mark.
 *
 *   bytes         untrusted
 *   content_type  the HTTP Content-Type field, or absent
 *   label         which label inside the document counts
 *   ret_text      borrows `bytes` when they were clean UTF-8, else lives in the arena
 *   ret_charset   (may be NULL) the encoding that was decided on, in lower case, e.g.
 *                 "windows-1256"; static or in the arena. NULL is written when it is
 *                 unknown: the label is of an encoding that nobody here can read, and
 *                 what the text was made of is a guess
 *
 * Returns 0 or -ENOMEM. An unknown label is passed over, never an error. Any thread.
 */
int pk_charset_to_utf8(struct pk_arena *arena, struct pk_span bytes,
    struct pk_span content_type, enum pk_charset_label label, struct pk_span *ret_text,
    const char **ret_charset);

/* What the bytes 0x80-0x9F are in windows-1252, as browsers have it: the five that are
 * not assigned are control characters. */
extern const uint16_t pk_windows_1252[32];

/*
 * Undoes what happens when UTF-8 is taken for windows-1252 and written as UTF-8 again,
 * "Ø³" for "س": done only when the whole text reads as UTF-8 that way.
 *
 * Returns the text as it was meant, in the arena, or the text itself where it is no
 * such case (and where memory is at its end).
 */
struct pk_span pk_charset_undo_double(struct pk_arena *arena, struct pk_span text);

/* The charset parameter of a Content-Type field, borrowed; absent where there is none.
 */
struct pk_span pk_content_type_charset(struct pk_span content_type);

#endif
