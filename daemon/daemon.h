/* SPDX-License-Identifier: Apache-2.0 */
/*
 * daemon/daemon.h - start, run, reload, stop.
 */
#ifndef PEYK_DAEMON_DAEMON_H
#define PEYK_DAEMON_DAEMON_H

#include "config/config.h"

/*
 * Runs the daemon on a configuration file until it is told to stop (SIGTERM, SIGINT).
 * SIGHUP reloads, SIGUSR1 logs the counters. Returns the exit status: 0, or 1 after a
 * message.
 */
int pk_daemon_run(const char *config_path);

#endif
