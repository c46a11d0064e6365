/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/feed/xml.h"

#include "base/heap.h"

#include <errno.h>
#include <libxml/parser.h>
#include <limits.h>
#include <pthread.h>

#define PARSE_FLAGS                                                                    \
	(XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_IGNORE_ENC |                  \
	    XML_PARSE_NOCDATA | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |              \
	    XML_PARSE_COMPACT)

static pthread_once_t once = PTHREAD_ONCE_INIT;

static xmlParserInput *
refuse(const char *url, const char *id, xmlParserCtxt *context)
{
	(void)url;
	(void)id;
	(void)context;
	return NULL;
}

static void
init(void)
{
	pk_heap_install();
	xmlInitParser();
	xmlSetExternalEntityLoader(refuse);
}

void
pk_xml_init(void)
{
	pthread_once(&once, init);
}

/* A parser, and the heap that it and its tree lie in, while this thread is in it. */
struct session {
	xmlParserCtxt *context;
	struct pk_heap *heap;
};

/* Leaves nothing behind in libxml2 that lies in the heap. */
static void
leave(struct session *session)
{
	if (session->context != NULL)
		xmlFreeParserCtxt(session->context);
	xmlResetLastError();
	pk_heap_leave();
	pk_heap_free(session->heap);
}

int
pk_xml_parse(struct pk_span text, xmlDoc **ret_doc, bool *ret_broken)
{
	pk_xml_init();
	if (text.len == 0 || text.len > INT_MAX)
		return -EBADMSG;
	xmlResetLastError();
	struct pk_heap *heap = pk_heap_new();
	if (heap == NULL)
		return -ENOMEM;
	pk_heap_enter(heap);
	pk_cleanup(leave) struct session session = { xmlNewParserCtxt(), heap };
	xmlParserCtxt *context = session.context;
	if (context == NULL)
		return -ENOMEM;
	xmlDoc *doc = xmlCtxtReadMemory(
	    context, text.ptr, (int)text.len, NULL, "UTF-8", PARSE_FLAGS);
	if (context->lastError.code == XML_ERR_NO_MEMORY)
		return -ENOMEM;
	if (doc == NULL || xmlDocGetRootElement(doc) == NULL)
		return -EBADMSG;
	/* recovery goes on behind most errors; behind the others SAX is switched off */
	*ret_broken = context->disableSAX != 0;
	doc->_private = pk_steal(&session.heap);
	*ret_doc = doc;
	return 0;
}
