/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/http/fields_priv.h - what the header of an answer says.
 */
#ifndef PEYK_FETCH_HTTP_FIELDS_PRIV_H
#define PEYK_FETCH_HTTP_FIELDS_PRIV_H

#include "fetch/http/client.h"

#include <curl/curl.h>

/*
 * Fills in what the fields of the last hop say: validators, type, places, links,
 * freshness, and whether the body is a part (of response->status 226). Texts are
 * borrowed from the handle.
 */
void pk_http_read_fields(CURL *easy, struct pk_http_response *response);

#endif
