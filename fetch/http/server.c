/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/http/server.h"

#include "base/cleanup.h"
#include "base/url.h"

#include <curl/curl.h>
#include <stdlib.h>

PK_DEFINE_CLEANUP(CURLU *, curl_url_cleanup);

static void
free_part(char **part)
{
	curl_free(*part);
}

static bool
set(CURLU *url, struct pk_span text)
{
	char buffer[PK_URL_MAX + 1];

	if (text.len > PK_URL_MAX ||
	    (text.len > 0 && memchr(text.ptr, '\0', text.len) != NULL))
		return false;
	memcpy(buffer, text.ptr, text.len);
	buffer[text.len] = '\0';
	return curl_url_set(url, CURLUPART_URL, buffer, CURLU_URLENCODE) == CURLUE_OK;
}

static bool
is_same(CURLU *a, CURLU *b, CURLUPart part)
{
	pk_cleanup(free_part) char *x = NULL, *y = NULL;

	return curl_url_get(a, part, &x, CURLU_DEFAULT_PORT) == CURLUE_OK &&
	       curl_url_get(b, part, &y, CURLU_DEFAULT_PORT) == CURLUE_OK &&
	       pk_span_eq_nocase(pk_span_of(x), pk_span_of(y));
}

static bool
has(CURLU *url, CURLUPart part, const char *wanted)
{
	pk_cleanup(free_part) char *x = NULL;

	return curl_url_get(url, part, &x, CURLU_DEFAULT_PORT) == CURLUE_OK &&
	       pk_span_eq(pk_span_of(x), pk_span_of(wanted));
}

static bool
is_secured(CURLU *from, CURLU *to)
{
	return has(from, CURLUPART_SCHEME, "http") && has(from, CURLUPART_PORT, "80") &&
	       has(to, CURLUPART_SCHEME, "https") && has(to, CURLUPART_PORT, "443");
}

bool
pk_http_is_same_server(struct pk_span from, struct pk_span to)
{
	pk_cleanup(curl_url_cleanupp) CURLU *a = curl_url();
	pk_cleanup(curl_url_cleanupp) CURLU *b = curl_url();

	if (a == NULL || b == NULL || !set(a, from) || !set(b, from) || !set(b, to) ||
	    !is_same(a, b, CURLUPART_HOST))
		return false;
	return (is_same(a, b, CURLUPART_SCHEME) && is_same(a, b, CURLUPART_PORT)) ||
	       is_secured(a, b);
}
