/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/feed/xml.h"

#include "base/cleanup.h"

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
	xmlInitParser();
	xmlSetExternalEntityLoader(refuse);
}

void
pk_xml_init(void)
{
	pthread_once(&once, init);
}

static void
context_done(xmlParserCtxt **context)
{
	if (*context != NULL)
		xmlFreeParserCtxt(*context);
}

int
pk_xml_parse(struct pk_span text, xmlDoc **ret_doc, bool *ret_broken)
{
	pk_cleanup(context_done) xmlParserCtxt *context = NULL;
	pk_cleanup(pk_xml_docp) xmlDoc *doc = NULL;

	pk_xml_init();
	if (text.len == 0 || text.len > INT_MAX)
		return -EBADMSG;
	context = xmlNewParserCtxt();
	if (context == NULL)
		return -ENOMEM;
	doc = xmlCtxtReadMemory(
	    context, text.ptr, (int)text.len, NULL, "UTF-8", PARSE_FLAGS);
	if (context->lastError.code == XML_ERR_NO_MEMORY)
		return -ENOMEM;
	if (doc == NULL || xmlDocGetRootElement(doc) == NULL)
		return -EBADMSG;
	/* recovery goes on behind most errors; behind the others SAX is switched off */
	*ret_broken = context->disableSAX != 0;
	*ret_doc = pk_steal(&doc);
	return 0;
}
