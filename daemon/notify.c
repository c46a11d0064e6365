/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/notify.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <systemd/sd-daemon.h>

void
pk_notify_ready(void)
{
	sd_notify(0, "READY=1");
}

void
pk_notify_reloading(uint64_t mono_ns)
{
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64, mono_ns / 1000);
}

void
pk_notify_stopping(void)
{
	sd_notify(0, "STOPPING=1");
}

void
pk_notify_watchdog(void)
{
	sd_notify(0, "WATCHDOG=1");
}

void
pk_notify_patience(uint64_t us)
{
	sd_notifyf(0, "EXTEND_TIMEOUT_USEC=%" PRIu64, us);
}

void
pk_notify_status(const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	sd_notifyf(0, "STATUS=%s", text);
}
