/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a client may ask of replay (publish/request.h): frames, each a byte that says
 * how long it is and as many bytes.
 */
#include "publish/cursor.h"
#include "publish/request.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <stdlib.h>

#define FRAMES_MAX 256

/* Each in memory of exactly its size, so that a read past its end is noticed. */
static size_t
split(const uint8_t *data, size_t size, struct pk_span frames[static FRAMES_MAX])
{
	size_t n = 0;

	for (size_t at = 0; at < size && n < FRAMES_MAX; n++) {
		size_t len = data[at++];
		if (len > size - at)
			len = size - at;
		char *copy = malloc(len == 0 ? 1 : len);
		assert(copy != NULL);
		memcpy(copy, data + at, len);
		frames[n] = (struct pk_span){ copy, len };
		at += len;
	}
	return n;
}

/* Whoever gets a request may rely on this. */
static void
check(const struct pk_request *request, size_t n_frames)
{
	assert(n_frames <= PK_REQUEST_FRAMES_MAX);
	assert(request->n_prefixes <= PK_REQUEST_PREFIXES_MAX);
	switch (request->kind) {
	case PK_REQUEST_SINCE:
		assert(n_frames == 6 + request->n_prefixes);
		break;
	case PK_REQUEST_TIME:
		assert(n_frames == 3);
		break;
	case PK_REQUEST_ACK:
	case PK_REQUEST_CURSOR:
	case PK_REQUEST_FORGET:
		assert(n_frames == (request->kind == PK_REQUEST_ACK ? 5 : 3));
		assert(pk_cursor_name_is_fine(request->name));
		break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pk_span frames[FRAMES_MAX] = { { NULL, 0 } };
	struct pk_request request;
	size_t n = split(data, size, frames);
	const char *wrong = pk_request_read(frames, n, &request);

	if (wrong == NULL)
		check(&request, n);
	else
		assert(wrong[0] != '\0');
	for (size_t i = 0; i < n; i++)
		free((char *)(uintptr_t)frames[i].ptr);
	return 0;
}
