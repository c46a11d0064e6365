/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/html_entity.h - character references as HTML has them: &nbsp; &#1587; &#x633;
 */
#ifndef PEYK_BASE_HTML_ENTITY_H
#define PEYK_BASE_HTML_ENTITY_H

#include "base/span.h"

/* Longest name, without & and ; */
#define PK_HTML_ENTITY_NAME_MAX 31

/*
 * Looks a name up ("nbsp"); case counts. Returns how many code points it stands for, 1
 * or 2, or 0 when there is no such name.
 */
size_t pk_html_entity(struct pk_span name, uint32_t ret_points[static 2]);

/*
 * Reads the reference that `text` begins with: text.ptr[0] is '&'. A semicolon that is
 * missing after a number is forgiven, numbers 0x80-0x9F mean windows-1252 and surrogate
 * pairs are put together, as browsers and careless programs have it; what is no
 * character becomes U+FFFD.
 *
 *   ret_points  the code points it stands for, 1 or 2
 *   ret_count   how many
 *
 * Returns the bytes that the reference takes, or 0 when there is none.
 */
size_t pk_html_reference(
    struct pk_span text, uint32_t ret_points[static 2], size_t *ret_count);

#endif
