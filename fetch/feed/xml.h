/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/feed/xml.h - the only place where libxml2 is set up to read feeds.
 *
 * The text has been through fetch/feed/repair.h: it is UTF-8 without declaration and
 * without document type, so there is nothing to load and nothing to expand. The flags
 * say so once more: no network, no entities, no DTD, libxml2's own limits in force; and
 * whatever asks for an external entity in this process is refused.
 */
#ifndef PEYK_FETCH_FEED_XML_H
#define PEYK_FETCH_FEED_XML_H

#include "base/heap.h"
#include "base/span.h"

#include <libxml/tree.h>

/* Readies libxml2, and refuses external entities; a second call does nothing. Any
 * thread. */
void pk_xml_init(void);

/*
 * Parses a repaired text into a tree, as much of it as can be had.
 *
 *   ret_doc     has a root element; the caller frees it with pk_xml_docp(), and changes
 *               it only within the heap that it lies in, doc->_private (base/heap.h)
 *   ret_broken  the parser stopped before the end
 *
 * Returns 0, -EBADMSG (no tree at all) or -ENOMEM. Any thread.
 */
int pk_xml_parse(struct pk_span text, xmlDoc **ret_doc, bool *ret_broken);

/* Frees it and its heap, or what was made without one. */
static inline void
pk_xml_docp(xmlDoc **doc)
{
	if (*doc != NULL && (*doc)->_private != NULL)
		pk_heap_free((*doc)->_private);
	else if (*doc != NULL)
		xmlFreeDoc(*doc);
}

#endif
