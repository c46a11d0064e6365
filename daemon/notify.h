/* SPDX-License-Identifier: Apache-2.0 */
/*
 * daemon/notify.h - what the daemon tells systemd (sd_notify(3)). Outside of systemd
 * all of this does nothing. Main thread.
 */
#ifndef PEYK_DAEMON_NOTIFY_H
#define PEYK_DAEMON_NOTIFY_H

#include <stdint.h>

void pk_notify_ready(void);
void pk_notify_reloading(uint64_t mono_ns);
void pk_notify_stopping(void);
void pk_notify_watchdog(void);

/* The start, or the stop, may take so long from now on. */
void pk_notify_patience(uint64_t us);

/* One line for `systemctl status`. */
void pk_notify_status(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
