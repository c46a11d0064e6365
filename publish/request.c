/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/request.h"

#include "publish/bytes_priv.h"
#include "publish/cursor.h"

/* What is read, frame by frame. */
struct reader {
	const struct pk_span *frames;
	size_t n;
	size_t at;
	const char *wrong; /* the first thing that was */
};

static struct pk_span
next(struct reader *reader)
{
	if (reader->at == reader->n) {
		if (reader->wrong == NULL)
			reader->wrong = "a frame is missing";
		return PK_SPAN("");
	}
	return reader->frames[reader->at++];
}

static uint64_t
next_number(struct reader *reader)
{
	struct pk_span frame = next(reader);

	if (reader->wrong == NULL && frame.len != 8)
		reader->wrong = "a number is not 8 bytes long";
	return reader->wrong == NULL ? pk_read_u64(frame.ptr) : 0;
}

static struct pk_span
next_name(struct reader *reader)
{
	struct pk_span frame = next(reader);

	if (reader->wrong == NULL && !pk_cursor_name_is_fine(frame))
		reader->wrong = "the name is not 1 to 64 of a-z, A-Z, 0-9, ., _ and -";
	return frame;
}

static void
read_since(struct reader *reader, struct pk_request *request)
{
	request->epoch = next_number(reader);
	request->sequence = next_number(reader);
	request->limit = next_number(reader);
	request->bytes = next_number(reader);
	while (reader->at < reader->n && reader->wrong == NULL) {
		if (request->n_prefixes == PK_REQUEST_PREFIXES_MAX)
			reader->wrong = "there are more than 64 prefixes";
		else
			request->prefixes[request->n_prefixes++] = next(reader);
	}
}

static void
read_time(struct reader *reader, struct pk_request *request)
{
	request->time_ms = next_number(reader);
}

static void
read_ack(struct reader *reader, struct pk_request *request)
{
	request->name = next_name(reader);
	request->epoch = next_number(reader);
	request->sequence = next_number(reader);
}

static void
read_name(struct reader *reader, struct pk_request *request)
{
	request->name = next_name(reader);
}

const char *
pk_request_read(
    const struct pk_span *frames, size_t n_frames, struct pk_request *ret_request)
{
	static const struct {
		struct pk_span verb;
		void (*read)(struct reader *reader, struct pk_request *request);
	} kinds[] = {
		[PK_REQUEST_SINCE] = { PK_SPAN("SINCE"), read_since },
		[PK_REQUEST_TIME] = { PK_SPAN("TIME"), read_time },
		[PK_REQUEST_ACK] = { PK_SPAN("ACK"), read_ack },
		[PK_REQUEST_CURSOR] = { PK_SPAN("CURSOR"), read_name },
		[PK_REQUEST_FORGET] = { PK_SPAN("FORGET"), read_name },
	};
	struct reader reader = { .frames = frames, .n = n_frames };
	struct pk_span magic = next(&reader), verb = next(&reader);

	*ret_request = (struct pk_request){ 0 };
	if (reader.wrong == NULL && !pk_span_eq(magic, PK_SPAN("PYK1")))
		return "a request begins with PYK1";
	for (size_t i = 0; i < PK_COUNT(kinds) && reader.wrong == NULL; i++) {
		if (!pk_span_eq(verb, kinds[i].verb))
			continue;
		ret_request->kind = (enum pk_request_kind)i;
		kinds[i].read(&reader, ret_request);
		if (reader.wrong == NULL && reader.at < n_frames)
			reader.wrong = "there are more frames than it takes";
		return reader.wrong;
	}
	return reader.wrong != NULL ? reader.wrong : "there is no such request";
}
