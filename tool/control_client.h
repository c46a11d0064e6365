/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tool/control_client.h - asks the running daemon at its unix socket: one JSON line
 * there, one back (daemon/control.h tells what it answers).
 */
#ifndef PEYK_TOOL_CONTROL_CLIENT_H
#define PEYK_TOOL_CONTROL_CLIENT_H

#include "base/diag.h"

#include <jansson.h>

#define PK_CONTROL_DEFAULT "/run/peyk/control.sock"

/*
 * Sends a request and waits, up to 30 s, for its answer.
 *
 *   request       taken, also on failure; NULL counts as no memory
 *   ret_answer    an object whose "ok" is true; the caller's
 *   reterr_diag   what a person should read, with the socket's path as `where`
 *
 * Returns 0; -ENOENT, -ECONNREFUSED (no daemon), -EACCES, another -errno; -EREMOTEIO
 * where the daemon refused; -EBADMSG for an answer that is none.
 */
int pk_control_ask(const char *path, json_t *request, json_t **ret_answer,
    struct pk_diag *reterr_diag);

/* The same; on failure says why on stderr and returns NULL. */
json_t *pk_control_ask_or_say(const char *path, json_t *request);

#endif
