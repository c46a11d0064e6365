/* SPDX-License-Identifier: Apache-2.0 */
/*
 * daemon/control.h - the unix socket at which peyk(1) asks the running daemon.
 *
 * JSON lines: one request, one answer, and the connection is closed.
 *
 *	{"command":"status"}                 -> {"ok":true, ...}
 *	{"command":"feeds"}                  -> {"ok":true, "feeds": [...]}
 *	    with "problems": true or "feed": "mfa": only these
 *	{"command":"poll","feed":"mfa"}      -> {"ok":true}
 *	{"command":"reload"}                 -> {"ok":true,"generation":2}
 *	{"command":"backup","file":"/x"}     -> {"ok":true}: it has begun
 *	{"command":"backup"}                 -> {"ok":true,"state":"busy",
 *	                                         "file":"/x","error":""}
 *	    the state is none, busy, done or failed
 *	anything else                        -> {"ok":false,"error":"..."}
 *
 * Main thread only. A client has a second for its request, so that nobody holds up the
 *loop.
 */
#ifndef PEYK_DAEMON_CONTROL_H
#define PEYK_DAEMON_CONTROL_H

#include "base/cleanup.h"

#include <jansson.h>

#define PK_CONTROL_REQUEST_MAX 4096

struct pk_control;

/*
 * Answers one request. Gives the answer without "ok", or NULL with *reterr_error set to
 * a static or long-lived clause.
 */
typedef json_t *pk_control_answer(
    void *context, const char *command, json_t *request, const char **reterr_error);

/*
 * Listens at `path` (mode 0660), replacing a socket that a dead daemon left there;
 * -EADDRINUSE when a live one answers. Returns 0 or -errno.
 */
int pk_control_open(const char *path, pk_control_answer *answer, void *context,
    struct pk_control **ret_control);
struct pk_control *pk_control_close(struct pk_control *control);
PK_DEFINE_CLEANUP(struct pk_control *, pk_control_close);

/* To be polled for reading; then pk_control_serve() takes one client. */
int pk_control_fd(const struct pk_control *control);
void pk_control_serve(struct pk_control *control);

#endif
