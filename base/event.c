/* SPDX-License-Identifier: Apache-2.0 */
#include "base/event.h"

const char *
pk_event_tier(const struct pk_event *event)
{
	if (event->confidence.overall >= 0.9)
		return "high";
	return event->confidence.overall >= 0.6 ? "medium" : "low";
}
