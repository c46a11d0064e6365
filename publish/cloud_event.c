/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/cloud_event.h"

#include "publish/json_text.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

/* Rounds what binary fractions smear: 0.9 is not 0.90000000000000002. */
#define DUMP_FLAGS (JSON_COMPACT | JSON_REAL_PRECISION(6))

/* "2022-02-02T05:12:09.250Z" (RFC 3339); NULL where there is no time or no memory. */
static json_t *
time_json(int64_t time_ms)
{
	time_t seconds = (time_t)(time_ms / 1000);
	struct tm tm;

	if (time_ms < 0 || gmtime_r(&seconds, &tm) == NULL)
		return NULL;
	return json_sprintf("%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
	    (int)(time_ms % 1000));
}

/* `s*` leaves an absent subject out, `o*` an absent time. Takes `data`. */
static json_t *
envelope(const char *type, struct pk_span id, unsigned rev, struct pk_span instance,
    struct pk_span subject, int64_t time_ms, json_t *data)
{
	json_t *full_id = json_sprintf("%.*s.%u", PK_SPAN_ARG(id), rev);
	json_t *source = json_sprintf("/peyk/%.*s", PK_SPAN_ARG(instance));
	json_t *about =
	    subject.len == 0 ? NULL : json_stringn(subject.ptr, subject.len);
	json_t *when = time_json(time_ms);

	json_t *message =
	    json_pack("{s:s, s:o, s:o, s:s, s:o*, s:o*, s:s, s:o}", "specversion",
		"1.0", "id", full_id, "source", source, "type", type, "subject", about,
		"time", when, "datacontenttype", "application/json", "data", data);
	/* absent for want of memory is not absent */
	if ((time_ms >= 0 && when == NULL) || (subject.len > 0 && about == NULL)) {
		json_decref(message);
		return NULL;
	}
	return message;
}

static int
append(json_t *message, struct pk_buf *ret_message)
{
	char *text = pk_json_text(message, DUMP_FLAGS);

	if (text == NULL)
		return -ENOMEM;
	int r = pk_buf_append(ret_message, pk_span_of(text));
	free(text);
	return r;
}

int
pk_cloud_event_dump(const char *type, struct pk_span id, unsigned rev,
    struct pk_span instance, struct pk_span subject, int64_t time_ms, json_t *data,
    struct pk_buf *ret_message)
{
	json_t *message = envelope(type, id, rev, instance, subject, time_ms, data);

	if (message == NULL)
		return -ENOMEM;
	int r = append(message, ret_message);
	json_decref(message);
	return r;
}

int
pk_cloud_event_revise(json_t *message, struct pk_span id, unsigned rev, int64_t time_ms,
    json_t *data, struct pk_buf *ret_message)
{
	json_t *when = time_json(time_ms);
	json_t *full_id = json_sprintf("%.*s.%u", PK_SPAN_ARG(id), rev);
	int failed = json_object_set_new(message, "id", full_id);

	if (time_ms >= 0)
		failed |= json_object_set_new(message, "time", when);
	failed |= json_object_set_new(message, "data", data);
	return failed != 0 ? -ENOMEM : append(message, ret_message);
}
