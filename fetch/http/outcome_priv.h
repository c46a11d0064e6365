/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/http/outcome_priv.h - what curl's codes mean.
 */
#ifndef PEYK_FETCH_HTTP_OUTCOME_PRIV_H
#define PEYK_FETCH_HTTP_OUTCOME_PRIV_H

#include "fetch/http/client.h"

#include <curl/curl.h>

/* Of a transfer that curl ended with an error. `text` is curl's own message, "" where
 * it has none; a `status` of 0 means that nothing of an answer came, and then nothing
 * was cut off. */
enum pk_http_outcome pk_http_outcome_of_curl(
    CURLcode code, const char *text, int status);

#endif
