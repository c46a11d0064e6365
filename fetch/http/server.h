/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/http/server.h - what was meant for one server is not told to another.
 *
 * As curl reads addresses, so that it cannot be another one that it asks.
 */
#ifndef PEYK_FETCH_HTTP_SERVER_H
#define PEYK_FETCH_HTTP_SERVER_H

#include "base/span.h"

/*
 * May the server of `to` (an address, or a reference that is relative to `from`) know
 * what is for the server of `from`? So it may when host, port and scheme are the same,
 * and when it is the same host by https now, each at its usual port. On doubt, and on
 * no memory, it may not.
 */
bool pk_http_is_same_server(struct pk_span from, struct pk_span to);

#endif
