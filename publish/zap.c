/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/zap.h"

#include "base/counter.h"

#include <errno.h>
#include <inttypes.h>
#include <zmq.h>

#define ENDPOINT "inproc://zeromq.zap.01"

/* The longest frame that is looked at: RFC 27 bounds request ids and domains by 255. */
#define FRAME_MAX 255

/* The frames of a request, in their order. */
enum { VERSION, REQUEST, DOMAIN, ADDRESS, ROUTING_ID, MECHANISM, CREDENTIALS, FRAMES };

struct request {
	char frames[FRAMES][FRAME_MAX + 1];
	size_t lens[FRAMES];
	size_t n; /* frames that came */
	bool too_long;
};

int
pk_zap_open(void *context, struct pk_access *access, struct pk_zap *ret_zap)
{
	void *rep = zmq_socket(context, ZMQ_REP);
	int linger = 0;

	if (rep == NULL)
		return -zmq_errno();
	zmq_setsockopt(rep, ZMQ_LINGER, &linger, sizeof(linger));
	if (zmq_bind(rep, ENDPOINT) != 0) {
		int r = -zmq_errno();
		zmq_close(rep);
		return r;
	}
	*ret_zap = (struct pk_zap){ .rep = rep, .access = access };
	return 0;
}

void
pk_zap_close(struct pk_zap *zap)
{
	if (zap->rep != NULL)
		zmq_close(zap->rep);
	zap->rep = NULL;
}

/* Takes a whole message, whatever it is. */
static bool
receive(void *rep, struct request *request)
{
	int more = 1;
	size_t size = sizeof(more);

	*request = (struct request){ .n = 0 };
	while (more) {
		char frame[FRAME_MAX + 1];
		int len = zmq_recv(rep, frame, FRAME_MAX, ZMQ_DONTWAIT);
		if (len < 0)
			return false;
		request->too_long |= len > FRAME_MAX;
		if (request->n < FRAMES && len <= FRAME_MAX) {
			memcpy(request->frames[request->n], frame, (size_t)len);
			request->lens[request->n] = (size_t)len;
		}
		request->n++;
		if (zmq_getsockopt(rep, ZMQ_RCVMORE, &more, &size) != 0)
			return false;
	}
	return true;
}

static bool
frame_is(const struct request *request, size_t i, const char *text)
{
	struct pk_span frame = { request->frames[i], request->lens[i] };

	return pk_span_eq(frame, pk_span_of(text));
}

static bool
is_well_formed(const struct request *request)
{
	return request->n == FRAMES && !request->too_long &&
	       frame_is(request, VERSION, "1.0") &&
	       frame_is(request, DOMAIN, PK_ZAP_DOMAIN) &&
	       frame_is(request, MECHANISM, "CURVE") &&
	       request->lens[CREDENTIALS] == PK_KEY_BYTES;
}

/* A property of the peer: length and name, length (32 bits) and value. */
static size_t
write_property(unsigned char *at, const char *name, const char *value)
{
	size_t n = strlen(name), v = strlen(value);

	at[0] = (unsigned char)n;
	memcpy(at + 1, name, n);
	at[n + 1] = at[n + 2] = at[n + 3] = 0;
	at[n + 4] = (unsigned char)v;
	memcpy(at + n + 5, value, v);
	return n + 5 + v;
}

static void
reply(struct pk_zap *zap, const struct request *request, const char *status,
    const char *text, const char *user)
{
	unsigned char properties[128];
	size_t len = 0;
	int flags = ZMQ_SNDMORE | ZMQ_DONTWAIT;

	if (status[0] == '2') {
		char number[24];
		snprintf(number, sizeof(number), "%" PRIu64, ++zap->connections);
		len = write_property(properties, PK_ZAP_CONNECTION, number);
	}
	/* when one fails, the peer is not let in: his handshake comes to its end */
	if (zmq_send(zap->rep, "1.0", 3, flags) >= 0 &&
	    zmq_send(zap->rep, request->frames[REQUEST], request->lens[REQUEST],
		flags) >= 0 &&
	    zmq_send(zap->rep, status, strlen(status), flags) >= 0 &&
	    zmq_send(zap->rep, text, strlen(text), flags) >= 0 &&
	    zmq_send(zap->rep, user, strlen(user), flags) >= 0)
		zmq_send(zap->rep, properties, len, ZMQ_DONTWAIT);
}

/* What is shown of an address; libzmq gives an IP address, or nothing for ipc. */
static void
copy_address(const struct request *request, char *ret_address, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < request->lens[ADDRESS] && n + 1 < size; i++) {
		char c = request->frames[ADDRESS][i];
		if (c > ' ' && c <= '~')
			ret_address[n++] = c;
	}
	ret_address[n] = '\0';
}

int
pk_zap_serve(struct pk_zap *zap, struct pk_refusal *ret_refusal)
{
	struct request request;
	char name[PK_CLIENT_NAME_MAX + 1] = "";
	unsigned char key[PK_KEY_BYTES] = { 0 };
	int r = -EBADMSG;

	if (!receive(zap->rep, &request))
		return 0;
	if (is_well_formed(&request)) {
		memcpy(key, request.frames[CREDENTIALS], sizeof(key));
		r = pk_access_admit(zap->access, key, name);
	}
	if (r == 0) {
		reply(zap, &request, "200", "", name);
		return 0;
	}
	/* 300 makes a peer try again */
	if (r == -EAGAIN)
		reply(zap, &request, "300", "not yet", "");
	else
		reply(zap, &request, "400", "this key is not known here", "");
	if (r == -EAGAIN)
		return 0;
	pk_count(PK_COUNT_KEYS_REFUSED);
	*ret_refusal = (struct pk_refusal){ .why = r };
	if (r != -EBADMSG)
		pk_key_encode(key, ret_refusal->key);
	memcpy(ret_refusal->name, name, sizeof(name));
	copy_address(&request, ret_refusal->address, sizeof(ret_refusal->address));
	return 1;
}
