/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/http/fields_priv.h"

#include "fetch/http/link.h"
#include "fetch/http/retry.h"

/* What is read of a field that comes several times. To find each costs curl a walk over
 * all of the header. */
#define JOINED_MAX 1024
#define LINES_MAX  16

/* A field of the last hop, borrowed from curl; the `index`th of its name. */
static struct pk_span
nth_field(CURL *easy, const char *name, size_t index)
{
	struct curl_header *header;

	if (curl_easy_header(easy, name, index, CURLH_HEADER, -1, &header) != CURLHE_OK)
		return (struct pk_span){ 0 };
	return pk_span_of(header->value);
}

static struct pk_span
field(CURL *easy, const char *name)
{
	return nth_field(easy, name, 0);
}

/* A field that is a list may come in several lines (RFC 9110, section 5.3); what does
 * not fit is left out. */
static struct pk_span
joined_field(CURL *easy, const char *name, char buffer[static JOINED_MAX])
{
	struct pk_span value = field(easy, name), more;
	size_t len = 0;

	if (nth_field(easy, name, 1).ptr == NULL)
		return value;
	for (size_t i = 0; i < LINES_MAX; i++) {
		more = nth_field(easy, name, i);
		if (more.ptr == NULL || len + 1 + more.len > JOINED_MAX)
			break;
		buffer[len++] = ',';
		memcpy(buffer + len, more.ptr, more.len);
		len += more.len;
	}
	return (struct pk_span){ buffer, len };
}

static void
fill_links(CURL *easy, struct pk_http_response *response)
{
	struct pk_span value;
	struct pk_link link;

	for (size_t i = 0; i < LINES_MAX; i++) {
		value = nth_field(easy, "Link", i);
		while (pk_link_next(&value, &link)) {
			if (pk_link_is(&link, PK_SPAN("hub")) &&
			    response->n_hubs < PK_HTTP_HUBS_MAX)
				response->hubs[response->n_hubs++] = link.target;
			if (pk_link_is(&link, PK_SPAN("self")) &&
			    response->self.ptr == NULL)
				response->self = link.target;
		}
	}
}

/* "IM: feed" (RFC 3229, and Wyman's instance manipulation for feeds): the only thing
 * that was done to the body, beside its encoding. */
static bool
is_im_feed(CURL *easy, long status)
{
	char buffer[JOINED_MAX];
	struct pk_span rest = joined_field(easy, "IM", buffer);
	bool feed = false;

	while (status == 226 && rest.ptr != NULL) {
		struct pk_span name = pk_span_trim(pk_span_split(&rest, ','));
		if (name.len > 0 && !pk_span_eq_nocase(name, PK_SPAN("feed")))
			return false;
		feed = feed || name.len > 0;
	}
	return feed;
}

static int64_t
freshness(CURL *easy)
{
	char buffer[JOINED_MAX];

	return pk_freshness_s(joined_field(easy, "Cache-Control", buffer),
	    field(easy, "Expires"), field(easy, "Date"), field(easy, "Age"));
}

void
pk_http_read_fields(CURL *easy, struct pk_http_response *response)
{
	response->validators = pk_validators_clean((struct pk_validators){
	    field(easy, "ETag"), field(easy, "Last-Modified") });
	response->content_type = field(easy, "Content-Type");
	response->content_location = field(easy, "Content-Location");
	response->retry_after = field(easy, "Retry-After");
	response->fresh_s = freshness(easy);
	response->im_feed = is_im_feed(easy, response->status);
	fill_links(easy, response);
}
