/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/http/client.h - many requests at once to servers that nobody trusts.
 *
 * One curl multi handle, run by one thread; every limit that a hostile server could
 * test is set here and nowhere else: addresses and ports, schemes, redirects, time,
 * bytes on the wire, bytes inflated, the ratio of the two, header bytes. No cookies, no
 * netrc, no proxy of the environment, TLS 1.2 or newer.
 */
#ifndef PEYK_FETCH_HTTP_CLIENT_H
#define PEYK_FETCH_HTTP_CLIENT_H

#include "base/buf.h"
#include "base/cleanup.h"
#include "fetch/http/address.h"
#include "fetch/http/conditional.h"

enum pk_http_outcome {
#define OUTCOME(NAME, name, help) PK_HTTP_##NAME,
#include "fetch/http/outcome.def"
#undef OUTCOME
	PK_HTTP_OUTCOMES
};

/* "too_big", and what it means. */
const char *pk_http_outcome_name(enum pk_http_outcome outcome);
const char *pk_http_outcome_help(enum pk_http_outcome outcome);

/* What is 0 or NULL takes its default. Arrays are copied. */
struct pk_http_options {
	const char *user_agent;      /* peyk/<version> */
	const char *ca_file;         /* PEM, trusted besides the system's; none */
	unsigned max_in_flight;      /* 256 requests */
	unsigned max_per_host;       /* 2 connections */
	unsigned connect_timeout_ms; /* 10 000, name resolution and TLS included */
	unsigned total_timeout_ms;   /* 30 000, redirects and waiting for a connection
					included */
	unsigned stall_timeout_s;    /* 20 with less than 64 bytes a second */
	unsigned max_redirects;      /* 5 */
	unsigned max_ratio;          /* 200 times the wire's bytes, past 64 KiB */
	size_t max_wire_bytes;       /* 16 MiB */
	const struct pk_network *allow_cidrs; /* holes in the rules of address.h */
	size_t n_allow_cidrs;
	const uint16_t *ports; /* 80, 443, 8080, 8443 */
	size_t n_ports;
};

enum pk_http_method {
	PK_HTTP_GET,
	PK_HTTP_POST /* redirected by 307 and 308 alone; another 3xx is its answer */
};

struct pk_http_request {
	enum pk_http_method method;
	struct pk_span url;
	struct pk_span accept;           /* the field Accept; absent: anything */
	struct pk_validators validators; /* sent as they are; absent: unconditional */
	bool delta; /* a part will do that has what is new (226, "A-IM: feed"); said
		       only where there is an etag that it can be new to */
	struct pk_span body;          /* of a POST */
	struct pk_span content_type;  /* of that body; absent: a form's */
	const struct pk_span *fields; /* others, each "Name: value"; for the server of
					 `url` alone (server.h) */
	size_t n_fields;
	size_t max_bytes; /* inflated; 0: 16 MiB */
};

/* Further hubs are not looked at. */
#define PK_HTTP_HUBS_MAX 4

/* Spans are borrowed until the callback returns; absent where nothing was said. */
struct pk_http_response {
	enum pk_http_outcome outcome;
	int status;         /* of the last hop; 0 where none was received */
	const char *text;   /* for people, never NULL: "HTTP 503", curl's message ... */
	struct pk_span url; /* after redirects */
	unsigned hops;      /* redirects that were followed */
	/* The same, without its fragment, where there were redirects, each of them
	 * for good (301, 308), and the outcome is OK. */
	struct pk_span moved;
	struct pk_validators validators; /* also those that come with a 304 */
	struct pk_span content_type;
	struct pk_span content_location; /* as written, which may be relative */
	/* Targets of the fields Link (RFC 8288), as written. */
	struct pk_span hubs[PK_HTTP_HUBS_MAX];
	size_t n_hubs;
	struct pk_span self;
	bool im_feed; /* 226: the body has only what is new to the etag sent */
	struct pk_span retry_after; /* see pk_retry_after_parse() */
	int64_t fresh_s;            /* see pk_freshness_s(); -1 where nothing is said */
	/* What came of the body, also where the outcome is TRUNCATED, TOO_BIG, TIMEOUT
	 * or a status; the callee takes it by copying the struct and clearing this one.
	 */
	struct pk_buf body;
	uint64_t wire_bytes;
	uint64_t inflated_bytes;
	uint64_t took_ns;
};

struct pk_http;

/* Called by pk_http_perform() and pk_http_free(); may call pk_http_start(). */
typedef void (*pk_http_done_fn)(
    void *context, void *tag, struct pk_http_response *response);

/* Returns 0, or -ENOMEM. */
int pk_http_new(const struct pk_http_options *options, pk_http_done_fn done,
    void *context, struct pk_http **ret_client);

/* Requests in flight come back CANCELLED first. NULL is fine. Returns NULL. */
struct pk_http *pk_http_free(struct pk_http *client);
PK_DEFINE_CLEANUP(struct pk_http *, pk_http_free);

/*
 * Starts a request; all of it is copied. Its `tag` comes back exactly once, through the
 * callback. Returns 0, -EAGAIN (max_in_flight reached), -EINVAL (a field with a line
 * break or NUL in it; an URL longer than PK_URL_MAX) or -ENOMEM; then the callback
 * will not be called for it. What else is wrong with an URL is an outcome.
 */
int pk_http_start(
    struct pk_http *client, const struct pk_http_request *request, void *tag);

/*
 * Does what can be done now; when nothing has come to its end by that, waits at most
 * `timeout_ms` for the network or pk_http_wake() and does what came. Returns the number
 * of callbacks, or -EIO / -ENOMEM.
 */
int pk_http_perform(struct pk_http *client, int timeout_ms);

/* Ends a wait, or the next one. Any thread. */
void pk_http_wake(struct pk_http *client);

/* Requests started and not yet called back. */
size_t pk_http_in_flight(const struct pk_http *client);

#endif
