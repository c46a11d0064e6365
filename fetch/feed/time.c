/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/feed/time.h"

#include "base/date_formats.h"
#include "base/utf8.h"

#define RAW_MAX 256

static enum pk_feed_confidence
confidence_of(const struct pk_feed_context *context, const struct pk_moment *moment)
{
	if (moment->time_s < PK_FEED_PAST_MIN ||
	    (context->now_s > 0 &&
		moment->time_s > context->now_s + PK_FEED_FUTURE_MAX))
		return PK_FEED_TIME_DOUBTED;
	if (!moment->has_time)
		return PK_FEED_TIME_DAY;
	return moment->has_zone ? PK_FEED_TIME_EXACT : PK_FEED_TIME_ASSUMED;
}

struct pk_feed_time
pk_feed_time_read(
    const struct pk_feed_context *context, struct pk_span raw, struct pk_span source)
{
	struct pk_feed_time time = { .known = false };
	struct pk_moment moment;

	if (raw.len == 0)
		return time;
	time.raw = pk_utf8_prefix(raw, RAW_MAX);
	time.source = source;
	if (pk_date_parse(raw, context->default_offset_min, &moment) < 0)
		return time;
	time.known = true;
	time.time_s = moment.time_s;
	time.confidence = confidence_of(context, &moment);
	return time;
}
