/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/feed/repair.h - from what is sent as XML to what an XML parser can take.
 *
 * What goes wrong in feeds goes wrong before the first element is understood: entities
 * of HTML that XML does not have, bare ampersands, control bytes, blanks before the
 * declaration, end tags that are missing. This pass mends that in one walk over the
 * text, and takes away what a feed does not need and an attacker does: the document
 * type with its entities. No parser behind it ever sees a DTD. Depth, elements,
 * attributes and namespaces are limited here too, because the parser's own cost grows
 * with their products.
 */
#ifndef PEYK_FETCH_FEED_REPAIR_H
#define PEYK_FETCH_FEED_REPAIR_H

#include "base/buf.h"

#define PK_XML_DEPTH_MAX      200
#define PK_XML_ELEMENTS_MAX   400000
#define PK_XML_ATTRIBUTES_MAX 64  /* of one element; with more it loses all */
#define PK_XML_NAMESPACES_MAX 128 /* declared at one place of the document */

struct pk_repaired {
	struct pk_buf text; /* begins with the first element; every element is closed */
	struct pk_span *kept; /* of the text that was given, see below */
	size_t n_kept;
	bool cut;             /* the text ended, or met a limit, inside an element */
	bool cut_in_an_entry; /* ... and the last entry is not whole */
	bool has_base;        /* there is an xml:base somewhere */
};

/*
 * Mends the text, which is clean UTF-8 (base/charset.h).
 *
 * Long stretches of character data that need no mending are kept from the parser, which
 * is slow on letters outside of ASCII: where they stood there is <?kept N?>, the number
 * of one of `kept`, which borrows the text. Instructions that the text has itself never
 * get here.
 *
 * Returns 0, -EBADMSG (there is no element), -E2BIG (mended, it would be far larger) or
 * -ENOMEM. What it gives is freed by pk_repaired_done(). Any thread.
 */
int pk_xml_repair(struct pk_span text, struct pk_repaired *ret_repaired);
void pk_repaired_done(struct pk_repaired *repaired);

#endif
