/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/http/client.h"

#include "base/counter.h"
#include "fetch/http/server.h"
#include "tests/unit/fetch/http/origin.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define MIB ((size_t)1 << 20)

/* ---- what the origin serves ---- */

#define OK        "HTTP/1.1 200 OK\r\nConnection: close\r\n"
#define GZIP      OK "Content-Encoding: gzip\r\n"
#define GZIP_HEAD 10 /* bytes before the compressed ones */

static const char hello[] = "سلام، این یک خبر است.";
/* the same by gzip(1) */
static const char hello_gzip[] =
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x01\x25\x00\xda\xff\xd8\xb3\xd9"
    "\x84\xd8\xa7\xd9\x85\xd8\x8c\x20\xd8\xa7\xdb\x8c\xd9\x86\x20\xdb\x8c\xda"
    "\xa9\x20\xd8\xae\xd8\xa8\xd8\xb1\x20\xd8\xa7\xd8\xb3\xd8\xaa\x2e\xd8\xa8"
    "\x84\x4a\x25\x00\x00\x00";

static void
serve_hello_gzip(struct origin *origin, int fd)
{
	origin_send(origin, fd, PK_SPAN(GZIP "\r\n"));
	origin_send(origin, fd, (struct pk_span){ hello_gzip, sizeof(hello_gzip) - 1 });
}

/* Deflate (RFC 1951), fixed codes: a zero byte, then "the last one 258 times" again and
 * again, 13 bits each: 16 KiB become 2.6 MB. Without an end, as bombs are. */
static void
serve_bomb_bits(struct origin *origin, int fd)
{
	static const char start[] = "010" /* a block, fixed codes */ "00110000" /* 0 */;
	static const char repeat[] = "11000101" /* 258 bytes */ "00000" /* 1 back */;
	enum { START = sizeof(start) - 1, REPEAT = sizeof(repeat) - 1 };
	/* Two bytes hold the start and 5 bits of the first repeat; from there the codes
	 * fill whole bytes after every 13. */
	char bytes[2 + REPEAT * 64] = { 0 };

	for (size_t bit = 0; bit < sizeof(bytes) * 8; bit++) {
		char c = bit < START ? start[bit] : repeat[(bit - START) % REPEAT];
		bytes[bit / 8] |= (char)((c == '1') << (bit % 8));
	}
	origin_send(origin, fd, (struct pk_span){ bytes, 2 });
	for (int i = 0; i < 1000; i++)
		if (!origin_send(
			origin, fd, (struct pk_span){ bytes + 2, sizeof(bytes) - 2 }))
			return;
}

static void
serve_bomb(struct origin *origin, int fd)
{
	origin_send(origin, fd, PK_SPAN(GZIP "\r\n"));
	origin_send(origin, fd, (struct pk_span){ hello_gzip, GZIP_HEAD });
	serve_bomb_bits(origin, fd);
}

/* The same as zlib's stream. */
static void
serve_bomb_deflate(struct origin *origin, int fd)
{
	origin_send(origin, fd, PK_SPAN(OK "Content-Encoding: deflate\r\n\r\n"));
	origin_send(origin, fd, PK_SPAN("\x78\x01"));
	serve_bomb_bits(origin, fd);
}

/* Zstandard (RFC 8878): blocks that say "this byte 131 072 times" in four bytes. */
static void
serve_bomb_zstd(struct origin *origin, int fd)
{
	origin_send(origin, fd, PK_SPAN(OK "Content-Encoding: zstd\r\n\r\n"));
	/* magic, no options, a window of 128 KiB */
	origin_send(origin, fd, PK_SPAN("\x28\xb5\x2f\xfd\x00\x38"));
	for (int i = 0; i < 1000; i++)
		if (!origin_send(origin, fd, PK_SPAN("\x02\x00\x10\x61")))
			return;
}

/* Brotli (RFC 7932): 64 MiB of one letter, as an encoder makes it. */
static void
serve_bomb_brotli(struct origin *origin, int fd)
{
	static const char bytes[] = "\xcb\xff\xff\x3f\x00\x24\xc2\xe2\xb1\x40\x72\xef"
				    "\xff\xf8\xff\xff\x07\x80\x04"
				    "\x40\x1c\x16\x80\xee\xfd\x1f\xff\xff\xff\x00\x90"
				    "\x00\x88\xc3\x02\xd0\xbd\xff"
				    "\xe3\xff\xff\x1f\x00\x12\x00\x71\x58\x00\xba\xf7"
				    "\x7f\xfc\xff\xff\x03\x40\x02"
				    "\x20\x0e\x0b\x40\xf7\xfe\x8f\xff\xff\x7f\x00\x48"
				    "\x00\xc4\x61\x01\xe8\xde\xff"
				    "\xf1\xff\xff\x0f\x00\x09\x80\x38\x2c\x00\xdd\xfb"
				    "\xbf\xfc\xff\xff\x03\x20\x01"
				    "\x10\x87\x05\xa0\x7b\xff\x07";

	origin_send(origin, fd, PK_SPAN(OK "Content-Encoding: br\r\n\r\n"));
	origin_send(origin, fd, (struct pk_span){ bytes, sizeof(bytes) - 1 });
}

/* Compressed blocks with nothing in them: bytes on the wire, none for the reader. */
static void
serve_hollow(struct origin *origin, int fd)
{
	char bytes[5 * 1000];

	for (size_t i = 0; i < sizeof(bytes); i += 5)
		memcpy(bytes + i, "\x00\x00\x00\xff\xff", 5);
	origin_send(origin, fd, PK_SPAN(GZIP "\r\n"));
	origin_send(origin, fd, (struct pk_span){ hello_gzip, GZIP_HEAD });
	while (origin_send(origin, fd, (struct pk_span){ bytes, sizeof(bytes) }))
		;
}

static void
serve_endless(struct origin *origin, int fd)
{
	static char chunk[] = "400\r\n" /* and 1024 bytes */;
	static char bytes[1024 + 2];

	memset(bytes, 'x', 1024);
	memcpy(bytes + 1024, "\r\n", 2);
	origin_send(origin, fd, PK_SPAN(OK "Transfer-Encoding: chunked\r\n\r\n"));
	while (origin_send(origin, fd, pk_span_of(chunk)) &&
	       origin_send(origin, fd, (struct pk_span){ bytes, sizeof(bytes) }))
		;
}

static void
serve_endless_header(struct origin *origin, int fd)
{
	origin_send(origin, fd, PK_SPAN(OK));
	while (origin_send(origin, fd, PK_SPAN("X-More: and more and more\r\n")))
		;
}

static void
serve_drip(struct origin *origin, int fd)
{
	origin_send(origin, fd, PK_SPAN(OK "Content-Length: 1000000\r\n\r\n"));
	while (origin_send(origin, fd, PK_SPAN("x")) && origin_linger(origin, fd, 10))
		;
}

static void
serve_nothing(struct origin *origin, int fd)
{
	while (origin_linger(origin, fd, 1000))
		;
}

/* Sends `start`, then `more` until the client has had enough, in big pieces. */
static void
serve_for_ever(struct origin *origin, int fd, struct pk_span start, struct pk_span more)
{
	char bytes[8192];
	size_t len = 0;

	for (; len + more.len <= sizeof(bytes); len += more.len)
		memcpy(bytes + len, more.ptr, more.len);
	origin_send(origin, fd, start);
	while (origin_send(origin, fd, (struct pk_span){ bytes, len }))
		;
}

static void
serve_endless_line(struct origin *origin, int fd)
{
	serve_for_ever(
	    origin, fd, PK_SPAN(OK "Set-Cookie: "), PK_SPAN("a=b; and more; "));
}

static void
serve_endless_status(struct origin *origin, int fd)
{
	serve_for_ever(
	    origin, fd, PK_SPAN("HTTP/1.1 200 "), PK_SPAN("OK, and more and more "));
}

static void
serve_slow_header(struct origin *origin, int fd)
{
	origin_send(origin, fd, PK_SPAN(OK "X-Slow: "));
	while (origin_send(origin, fd, PK_SPAN("x")) && origin_linger(origin, fd, 10))
		;
}

/* Answers that never become one. */
static void
serve_early_hints(struct origin *origin, int fd)
{
	serve_for_ever(origin, fd, PK_SPAN("HTTP/1.1 100 Continue\r\n\r\n"),
	    PK_SPAN("HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n"));
}

static void
serve_reset(struct origin *origin, int fd)
{
	(void)origin;
	origin_reset(fd);
}

/* Lets the client read what was sent before the reset throws it away. */
static void
serve_reset_after(struct origin *origin, int fd, struct pk_span bytes)
{
	origin_send(origin, fd, bytes);
	origin_linger(origin, fd, 50);
	origin_reset(fd);
}

static void
serve_reset_in_header(struct origin *origin, int fd)
{
	serve_reset_after(origin, fd, PK_SPAN(OK "Content-Le"));
}

static void
serve_reset_in_body(struct origin *origin, int fd)
{
	serve_reset_after(
	    origin, fd, PK_SPAN(OK "Content-Length: 1000\r\n\r\n0123456789"));
}

static void
serve_cut_gzip(struct origin *origin, int fd)
{
	origin_send(origin, fd, PK_SPAN(GZIP "Content-Length: 60\r\n\r\n"));
	origin_send(origin, fd, (struct pk_span){ hello_gzip, 40 });
}

static struct origin *origin;
static int canary;
static char to_canary[256]; /* a redirect to an address outside of the hole */

static void
serve_to_canary(struct origin *o, int fd)
{
	origin_send(o, fd, pk_span_of(to_canary));
}

static char to_name[256]; /* a redirect to the same origin by another name */

static void
serve_to_name(struct origin *o, int fd)
{
	origin_send(o, fd, pk_span_of(to_name));
}

#define PAGE(path, text)                                                               \
	{                                                                              \
		path, { text, sizeof(text) - 1 }, NULL                                 \
	}

static const struct origin_page pages[] = {
	PAGE("/plain", OK "Content-Length: 5\r\n"
			  "Content-Type: text/xml; charset=windows-1256\r\n"
			  "ETag: W/\"a, b\"\r\n"
			  "Last-Modified: Sat, 01 Jan 2022 00:00:00 GMT\r\n"
			  "Cache-Control: max-age=90\r\n\r\nhello"),
	PAGE("/304", "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n"
		     "ETag: \"new\"\r\n\r\n"),
	PAGE("/hop",
	    "HTTP/1.1 302 Found\r\nConnection: close\r\nETag: \"of the hop\"\r\n"
	    "Location: /plain\r\nContent-Length: 4\r\n\r\ngone"),
	PAGE("/loop", "HTTP/1.1 301 Moved\r\nConnection: close\r\nLocation: /loop\r\n"
		      "Content-Length: 0\r\n\r\n"),
	PAGE("/to-file", "HTTP/1.1 302 Found\r\nConnection: close\r\n"
			 "Location: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n"),
	PAGE("/long", OK "Content-Length: 100000000\r\n\r\nxxxx"),
	PAGE("/cut", OK "Content-Length: 1000\r\n\r\n0123456789"),
	PAGE("/cut-chunk",
	    OK "Transfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n64\r\n01"),
	PAGE("/twice", OK "Content-Encoding: gzip, gzip\r\n\r\n"),
	PAGE("/busy", "HTTP/1.1 503 Busy\r\nConnection: close\r\nRetry-After: 120\r\n"
		      "Content-Length: 0\r\n\r\n"),
	PAGE("/noise", "this is no HTTP at all\r\n\r\n"),
	PAGE("/moved", "HTTP/1.1 301 Moved\r\nConnection: close\r\n"
		       "Location: /plain\r\nContent-Length: 0\r\n\r\n"),
	PAGE("/moved-twice", "HTTP/1.1 308 Moved\r\nConnection: close\r\n"
			     "Location: /moved\r\nContent-Length: 0\r\n\r\n"),
	PAGE("/moved-to-hop", "HTTP/1.1 301 Moved\r\nConnection: close\r\n"
			      "Location: /hop\r\nContent-Length: 0\r\n\r\n"),
	PAGE("/hop-to-moved", "HTTP/1.1 307 Found\r\nConnection: close\r\n"
			      "Location: /moved\r\nContent-Length: 0\r\n\r\n"),
	PAGE("/moved-to-part", "HTTP/1.1 301 Moved\r\nConnection: close\r\n"
			       "Location: /plain#part\r\nContent-Length: 0\r\n\r\n"),
	PAGE("/moved-to-missing", "HTTP/1.1 301 Moved\r\nConnection: close\r\n"
				  "Location: /missing\r\nContent-Length: 0\r\n\r\n"),
	PAGE("/moved-nowhere", "HTTP/1.1 301 Moved\r\nConnection: close\r\n"
			       "Content-Length: 0\r\n\r\n"),
	PAGE("/moved-to-silence", "HTTP/1.1 302 Moved\r\nConnection: close\r\n"
				  "Location: /reset\r\nContent-Length: 0\r\n\r\n"),
	PAGE("/kept", "HTTP/1.1 307 Kept\r\nConnection: close\r\n"
		      "Location: /plain\r\nContent-Length: 0\r\n\r\n"),
	PAGE("/links",
	    "HTTP/1.1 103 Early Hints\r\nLink: <a.css>; rel=preload\r\n\r\n" OK
	    "Content-Location: /feeds/all\r\n"
	    "Link: <https://hub.example/>; rel=\"hub\", </feed>; rel=\"self\"\r\n"
	    "Link: <https://hub2.example/>; rel=hub\r\n"
	    "Cache-Control: public\r\nCache-Control: max-age=70\r\n"
	    "Age: 10\r\nContent-Length: 0\r\n\r\n"),
	PAGE("/226", "HTTP/1.1 226 IM Used\r\nConnection: close\r\nIM: feed\r\n"
		     "ETag: \"2\"\r\nContent-Length: 3\r\n\r\nnew"),
	PAGE("/226-diff", "HTTP/1.1 226 IM Used\r\nConnection: close\r\n"
			  "IM: vcdiff\r\nContent-Length: 3\r\n\r\nnew"),
	PAGE("/226-diff-too", "HTTP/1.1 226 IM Used\r\nConnection: close\r\n"
			      "IM: feed\r\nIM: vcdiff\r\n"
			      "Content-Length: 3\r\n\r\nnew"),
	PAGE("/226-silent", "HTTP/1.1 226 IM Used\r\nConnection: close\r\n"
			    "Content-Length: 3\r\n\r\nnew"),
	PAGE("/206", "HTTP/1.1 206 Part\r\nConnection: close\r\n"
		     "Content-Length: 3\r\n\r\nnew"),
	PAGE("/short-length", OK "Content-Length: 5\r\n\r\nhello, all of you"),
	PAGE("/bad-chunk", OK "Transfer-Encoding: chunked\r\n\r\n"
			      "a\r\n0123456789\r\nzzz\r\n01"),
	PAGE("/bad-gzip", GZIP "\r\nthis was never compressed"),
	PAGE("/odd-encoding", OK "Content-Encoding: rot13\r\n\r\nuryyb"),
	PAGE("/nul", OK "X-Nul: a\0b\r\nContent-Length: 5\r\n\r\nhello"),
	PAGE("/hidden-status", OK "Content-Encoding: gzip\r\nHTTP/1.1 200: OK\r\n"
				  "Content-Encoding: gzip\r\n\r\n"),
	PAGE("/silence", ""),
	PAGE("/old", "<rss>as HTTP/0.9 did</rss>\n"),
	{ "/endless-line", { 0 }, serve_endless_line },
	{ "/endless-status", { 0 }, serve_endless_status },
	{ "/slow-header", { 0 }, serve_slow_header },
	{ "/early-hints", { 0 }, serve_early_hints },
	{ "/reset", { 0 }, serve_reset },
	{ "/reset-in-header", { 0 }, serve_reset_in_header },
	{ "/reset-in-body", { 0 }, serve_reset_in_body },
	{ "/cut-gzip", { 0 }, serve_cut_gzip },
	{ "/hello-gzip", { 0 }, serve_hello_gzip },
	{ "/bomb", { 0 }, serve_bomb },
	{ "/bomb-deflate", { 0 }, serve_bomb_deflate },
	{ "/bomb-zstd", { 0 }, serve_bomb_zstd },
	{ "/bomb-br", { 0 }, serve_bomb_brotli },
	{ "/hollow", { 0 }, serve_hollow },
	{ "/endless", { 0 }, serve_endless },
	{ "/endless-header", { 0 }, serve_endless_header },
	{ "/drip", { 0 }, serve_drip },
	{ "/nothing", { 0 }, serve_nothing },
	{ "/to-canary", { 0 }, serve_to_canary },
	{ "/to-name", { 0 }, serve_to_name },
};

/* ---- one request and what became of it ---- */

/* A response with its borrowed spans made lasting. */
struct got {
	int times; /* that the callback came */
	enum pk_http_outcome outcome;
	int status;
	char text[256], url[256], etag[64], last_modified[64], content_type[64],
	    retry_after[64], moved[256], content_location[64], hubs[128], self[64];
	unsigned hops;
	bool im_feed;
	int64_t fresh_s;
	struct pk_buf body;
	uint64_t wire_bytes, inflated_bytes;
};

static void
keep(struct pk_span from, char *to, size_t size)
{
	snprintf(to, size, "%.*s", PK_SPAN_ARG(from));
}

static void
on_done(void *context, void *tag, struct pk_http_response *response)
{
	struct got *got = tag;

	(void)context;
	pk_buf_done(&got->body);
	got->times++;
	got->outcome = response->outcome;
	got->status = response->status;
	keep(pk_span_of(response->text), got->text, sizeof(got->text));
	keep(response->url, got->url, sizeof(got->url));
	keep(response->validators.etag, got->etag, sizeof(got->etag));
	keep(response->validators.last_modified, got->last_modified,
	    sizeof(got->last_modified));
	keep(response->content_type, got->content_type, sizeof(got->content_type));
	keep(response->retry_after, got->retry_after, sizeof(got->retry_after));
	keep(response->moved, got->moved, sizeof(got->moved));
	keep(response->content_location, got->content_location,
	    sizeof(got->content_location));
	for (size_t i = 0, len = 0; i < response->n_hubs; i++)
		len += (size_t)snprintf(got->hubs + len, sizeof(got->hubs) - len,
		    "%.*s ", PK_SPAN_ARG(response->hubs[i]));
	keep(response->self, got->self, sizeof(got->self));
	got->hops = response->hops;
	got->im_feed = response->im_feed;
	got->fresh_s = response->fresh_s;
	got->wire_bytes = response->wire_bytes;
	got->inflated_bytes = response->inflated_bytes;
	got->body = response->body;
	pk_buf_init(&response->body, 0);
}

static struct pk_http *
new_client(struct pk_http_options options)
{
	struct pk_http *client = NULL;

	assert_int_equal(pk_http_new(&options, on_done, NULL, &client), 0);
	return client;
}

static struct pk_network *
loopback(void)
{
	static struct pk_network network;

	assert_int_equal(pk_network_parse(PK_SPAN("127.0.0.1/32"), &network), 0);
	return &network;
}

static struct pk_span
url_of(const char *path)
{
	static char url[512];

	snprintf(url, sizeof(url), "http://127.0.0.1:%u%s", origin_port(origin), path);
	return pk_span_of(url);
}

static void
run_until_idle(struct pk_http *client)
{
	for (int i = 0; pk_http_in_flight(client) > 0; i++) {
		assert_true(i < 100000); /* a response in very small pieces */
		assert_true(pk_http_perform(client, 1000) >= 0);
	}
}

/* Asks once, from within the hole for the origin. The caller frees got.body. */
static struct got
ask(const char *path, struct pk_http_options options, struct pk_http_request request)
{
	struct got got = { 0 };

	options.allow_cidrs = loopback();
	options.n_allow_cidrs = 1;
	request.url = url_of(path);
	pk_cleanup(pk_http_freep) struct pk_http *client = new_client(options);
	assert_int_equal(pk_http_start(client, &request, &got), 0);
	run_until_idle(client);
	assert_int_equal(got.times, 1);
	return got;
}

#define ASK(path)                                                                      \
	ask(path, (struct pk_http_options){ 0 }, (struct pk_http_request){ 0 })

static void
expect(const char *path, enum pk_http_outcome outcome, struct got got)
{
	if (got.outcome != outcome)
		fail_msg(
		    "%s: %s (%s)", path, pk_http_outcome_name(got.outcome), got.text);
}

/* ---- the tests ---- */

static void
an_answer_comes_with_its_fields(void **state)
{
	struct got got = ASK("/plain");

	(void)state;
	expect("/plain", PK_HTTP_OK, got);
	assert_int_equal(got.status, 200);
	assert_string_equal(got.body.ptr, "hello");
	assert_string_equal(got.etag, "W/\"a, b\"");
	assert_string_equal(got.last_modified, "Sat, 01 Jan 2022 00:00:00 GMT");
	assert_string_equal(got.content_type, "text/xml; charset=windows-1256");
	assert_int_equal(got.fresh_s, 90);
	assert_int_equal(got.wire_bytes, 5);
	assert_int_equal(got.inflated_bytes, 5);
	assert_true(origin_was_told(origin, "User-Agent: peyk/"));
	assert_false(origin_was_told(origin, "Cookie"));
	assert_false(origin_was_told(origin, "If-"));
	pk_buf_done(&got.body);
}

static void
compressed_answers_are_asked_for_and_inflated(void **state)
{
	struct got got = ASK("/hello-gzip");

	(void)state;
	expect("/hello-gzip", PK_HTTP_OK, got);
	assert_string_equal(got.body.ptr, hello);
	assert_int_equal(got.wire_bytes, sizeof(hello_gzip) - 1);
	assert_int_equal(got.inflated_bytes, sizeof(hello) - 1);
	assert_true(origin_was_told(origin, "gzip, br, zstd"));
	pk_buf_done(&got.body);
}

static void
both_validators_are_sent_as_they_came(void **state)
{
	struct got got = ask("/304", (struct pk_http_options){ 0 },
	    (struct pk_http_request){ .accept = PK_SPAN("application/rss+xml"),
		.validators = { PK_SPAN("W/\"a-gzip, b\""), PK_SPAN("an odd date") } });

	(void)state;
	expect("/304", PK_HTTP_OK, got);
	assert_int_equal(got.status, 304);
	assert_int_equal(got.body.len, 0);
	assert_string_equal(got.etag, "\"new\"");
	assert_true(origin_was_told(origin, "\r\nIf-None-Match: W/\"a-gzip, b\"\r\n"));
	assert_true(origin_was_told(origin, "\r\nIf-Modified-Since: an odd date\r\n"));
	assert_true(origin_was_told(origin, "\r\nAccept: application/rss+xml\r\n"));
}

static void
not_modified_to_no_condition_is_no_answer(void **state)
{
	(void)state;
	expect("/304", PK_HTTP_PROTOCOL, ASK("/304"));
}

static void
a_redirect_is_followed_and_its_own_fields_forgotten(void **state)
{
	struct got got = ASK("/hop");

	(void)state;
	expect("/hop", PK_HTTP_OK, got);
	assert_string_equal(got.body.ptr, "hello");
	assert_string_equal(got.etag, "W/\"a, b\"");
	assert_string_equal(got.url, url_of("/plain").ptr);
	pk_buf_done(&got.body);
}

/* What was meant for one server is not told to another. */
static void
a_redirect_takes_no_secrets_to_another_server(void **state)
{
	static const struct pk_span secret = PK_SPAN("X-Api-Key: 12345");
	const struct pk_http_request request = {
		.accept = PK_SPAN("text/xml"), .fields = &secret, .n_fields = 1
	};
	const struct pk_http_options options = { 0 };

	(void)state;
	struct got got = ask("/hop", options, request);
	expect("/hop", PK_HTTP_OK, got);
	assert_true(origin_was_told(origin, "X-Api-Key: 12345"));
	pk_buf_done(&got.body);

	got = ask("/to-name", options, request);
	expect("/to-name", PK_HTTP_OK, got);
	assert_true(origin_was_told(origin, "Host: localhost"));
	assert_true(origin_was_told(origin, "Accept: text/xml"));
	assert_false(origin_was_told(origin, "X-Api-Key"));
	pk_buf_done(&got.body);
}

static void
servers_are_told_apart(void **state)
{
	static const struct {
		const char *from, *to;
		bool same;
	} cases[] = {
		{ "http://a.example/feed", "http://A.example/other", true },
		{ "http://a.example/feed", "/other", true },
		{ "http://a.example/feed", "//b.example/", false },
		{ "http://a.example/feed", "https://a.example/feed", true },
		{ "https://a.example/feed", "http://a.example/feed", false },
		{ "http://a.example/", "http://a.example:8080/", false },
		{ "http://a.example:8080/", "https://a.example/", false },
		{ "https://a.example/", "https://a.example:443/", true },
		{ "https://a.example/", "https://www.a.example/", false },
		{ "https://a.example/", "https://a.example.evil.example/", false },
		{ "https://a.example/", "https://a.example@evil.example/", false },
		{ "https://a.example/", "ftp://a.example/", false },
		{ "", "https://a.example/", false },
	};

	(void)state;
	for (size_t i = 0; i < PK_COUNT(cases); i++)
		if (pk_http_is_same_server(pk_span_of(cases[i].from),
			pk_span_of(cases[i].to)) != cases[i].same)
			fail_msg("%s and %s", cases[i].from, cases[i].to);
}

static void
a_redirect_loop_ends_after_five(void **state)
{
	unsigned before = origin_requests(origin);

	(void)state;
	expect("/loop", PK_HTTP_REDIRECTS, ASK("/loop"));
	assert_int_equal(origin_requests(origin) - before, 6);
}

static void
a_redirect_to_a_file_is_refused(void **state)
{
	struct got got = ASK("/to-file");

	(void)state;
	expect("/to-file", PK_HTTP_BLOCKED, got);
	assert_int_equal(got.body.len, 0);
}

static void
a_redirect_out_of_the_hole_is_refused(void **state)
{
	struct got got = ASK("/to-canary");

	(void)state;
	expect("/to-canary", PK_HTTP_BLOCKED, got);
	assert_int_equal(got.body.len, 0);
	assert_true(canary_heard_nothing(canary));
}

/* Nobody knocks at a private address, however it is written. */
static void
private_addresses_are_never_connected_to(void **state)
{
	static const char *const hosts[] = { "127.0.0.1", "localhost", "2130706433",
		"0x7f000001", "017700000001", "127.1", "[::1]", "[::]", "0.0.0.0",
		"[::ffff:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]" };
	unsigned port;
	int quiet = canary_open("0.0.0.0", &port);
	uint64_t blocked = pk_counted(PK_COUNT_BLOCKED_ADDRESS);
	char url[128];

	(void)state;
	for (size_t i = 0; i < PK_COUNT(hosts); i++) {
		struct got got = { 0 };
		pk_cleanup(pk_http_freep) struct pk_http *client =
		    new_client((struct pk_http_options){ 0 });
		snprintf(url, sizeof(url), "http://%s:%u/", hosts[i], port);
		struct pk_http_request request = { .url = pk_span_of(url) };
		assert_int_equal(pk_http_start(client, &request, &got), 0);
		run_until_idle(client);
		expect(url, PK_HTTP_BLOCKED, got);
	}
	assert_true(canary_heard_nothing(quiet));
	assert_true(pk_counted(PK_COUNT_BLOCKED_ADDRESS) - blocked >= PK_COUNT(hosts));
	close(quiet);
}

static void
other_schemes_are_refused(void **state)
{
	static const char *const urls[] = { "file:///etc/passwd", "gopher://127.0.0.1/",
		"ftp://127.0.0.1/", "dict://127.0.0.1/" };

	(void)state;
	for (size_t i = 0; i < PK_COUNT(urls); i++) {
		struct got got = { 0 };
		pk_cleanup(pk_http_freep) struct pk_http *client =
		    new_client((struct pk_http_options){ 0 });
		struct pk_http_request request = { .url = pk_span_of(urls[i]) };
		assert_int_equal(pk_http_start(client, &request, &got), 0);
		run_until_idle(client);
		expect(urls[i], PK_HTTP_BLOCKED, got);
		assert_int_equal(got.body.len, 0);
	}
}

/* ---- what else an answer says ---- */

/* clang-format off */
static const struct {
	const char *path; unsigned hops; const char *moved;
} moves[] = {
	{ "/plain",            0, "" },
	{ "/hop",              1, "" },
	{ "/moved",            1, "/plain" },
	{ "/moved-twice",      2, "/plain" },
	{ "/moved-to-part",    1, "/plain" },
	{ "/moved-to-hop",     2, "" },
	{ "/hop-to-moved",     2, "" },
	{ "/moved-to-missing", 1, "" },
	{ "/moved-nowhere",    0, "" },
};
/* clang-format on */

static void
only_moves_for_good_are_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(moves); i++) {
		struct got got = ASK(moves[i].path);
		const char *moved = moves[i].moved;
		assert_int_equal(got.hops, moves[i].hops);
		assert_string_equal(got.moved, *moved != '\0' ? url_of(moved).ptr : "");
		pk_buf_done(&got.body);
	}
}

static void
a_redirect_is_not_the_status_of_its_target(void **state)
{
	struct got got = ASK("/moved-to-silence");

	(void)state;
	expect("/moved-to-silence", PK_HTTP_CONNECT, got);
	assert_int_equal(got.status, 0);
	expect("/moved-nowhere", PK_HTTP_CLIENT_STATUS, ASK("/moved-nowhere"));
}

static void
links_and_places_are_told(void **state)
{
	struct got got = ASK("/links");

	(void)state;
	expect("/links", PK_HTTP_OK, got);
	assert_string_equal(got.hubs, "https://hub.example/ https://hub2.example/ ");
	assert_string_equal(got.self, "/feed");
	assert_string_equal(got.content_location, "/feeds/all");
	assert_int_equal(got.fresh_s, 60);
	assert_int_equal(got.hops, 0);
}

static void
only_what_is_new_can_be_asked_for(void **state)
{
	const struct pk_http_request delta = { .delta = true,
		.validators = { .etag = PK_SPAN("\"1\"") } };
	const struct pk_http_request no_etag = { .delta = true,
		.validators = { .last_modified = PK_SPAN("yesterday") } };
	struct got got = ask("/226", (struct pk_http_options){ 0 }, delta);

	(void)state;
	expect("/226", PK_HTTP_OK, got);
	assert_true(got.im_feed);
	assert_string_equal(got.etag, "\"2\"");
	assert_true(origin_was_told(origin, "\r\nA-IM: feed\r\n"));
	pk_buf_done(&got.body);
	got = ask("/plain", (struct pk_http_options){ 0 }, no_etag);
	expect("/plain", PK_HTTP_OK, got);
	assert_false(got.im_feed);
	assert_false(origin_was_told(origin, "A-IM"));
	pk_buf_done(&got.body);
}

static void
other_parts_are_no_answer(void **state)
{
	static const struct {
		const char *path;
		enum pk_http_outcome outcome;
	} parts[] = { { "/226-diff", PK_HTTP_PROTOCOL },
		{ "/226-diff-too", PK_HTTP_PROTOCOL },
		{ "/226-silent", PK_HTTP_PROTOCOL }, { "/206", PK_HTTP_TRUNCATED } };

	(void)state;
	for (size_t i = 0; i < PK_COUNT(parts); i++) {
		struct got got = ASK(parts[i].path);
		expect(parts[i].path, parts[i].outcome, got);
		assert_false(got.im_feed);
		pk_buf_done(&got.body);
	}
}

/* ---- POST ---- */

static struct got
post(const char *path)
{
	const struct pk_http_request request = { .method = PK_HTTP_POST,
		.body = PK_SPAN("hub.mode=subscribe"),
		.content_type = PK_SPAN("application/x-www-form-urlencoded") };

	return ask(path, (struct pk_http_options){ 0 }, request);
}

static void
a_body_is_posted(void **state)
{
	struct got got = post("/plain");

	(void)state;
	expect("/plain", PK_HTTP_OK, got);
	assert_true(origin_was_told(origin, "POST /plain "));
	assert_true(origin_was_told(
	    origin, "\r\nContent-Type: application/x-www-form-urlencoded\r\n"));
	assert_true(origin_was_told(origin, "\r\nContent-Length: 18\r\n"));
	assert_true(origin_was_told(origin, "\r\n\r\nhub.mode=subscribe"));
	assert_false(origin_was_told(origin, "Expect"));
	pk_buf_done(&got.body);
	/* nothing of it is left for the next request */
	got = ASK("/plain");
	assert_true(origin_was_told(origin, "GET /plain "));
	assert_false(origin_was_told(origin, "Content-"));
	pk_buf_done(&got.body);
}

static void
a_post_is_redirected_as_a_post_or_not_at_all(void **state)
{
	struct got got = post("/kept");

	(void)state;
	expect("/kept", PK_HTTP_OK, got);
	assert_true(origin_was_told(origin, "POST /plain "));
	assert_true(origin_was_told(origin, "\r\n\r\nhub.mode=subscribe"));
	pk_buf_done(&got.body);
	static const char *const others[] = { "/hop", "/moved" };
	for (size_t i = 0; i < PK_COUNT(others); i++) {
		unsigned before = origin_requests(origin);
		got = post(others[i]);
		expect(others[i], PK_HTTP_CLIENT_STATUS, got);
		assert_int_equal(got.status / 100, 3);
		assert_int_equal(origin_requests(origin) - before, 1);
		pk_buf_done(&got.body);
	}
}

/* ---- the zoo ---- */

/* clang-format off */
static const struct zoo_case {
	const char *path; enum pk_http_outcome outcome; const char *text; /* within */
} zoo[] = {
	{ "/slow-header",     PK_HTTP_TIMEOUT,   "timed out" },
	{ "/nothing",         PK_HTTP_TIMEOUT,   "timed out" },
	{ "/endless-line",    PK_HTTP_TOO_BIG,   "header" },
	{ "/endless-status",  PK_HTTP_TOO_BIG,   "header" },
	{ "/early-hints",     PK_HTTP_TOO_BIG,   "header" },
	{ "/reset",           PK_HTTP_CONNECT,   "reset" },
	{ "/reset-in-header", PK_HTTP_TRUNCATED, "reset" },
	{ "/reset-in-body",   PK_HTTP_TRUNCATED, "reset" },
	{ "/silence",         PK_HTTP_CONNECT,   "Empty reply" },
	{ "/bomb",            PK_HTTP_TOO_BIG,   "compressed" },
	{ "/bomb-deflate",    PK_HTTP_TOO_BIG,   "compressed" },
	{ "/bomb-zstd",       PK_HTTP_TOO_BIG,   "compressed" },
	{ "/bomb-br",         PK_HTTP_TOO_BIG,   "compressed" },
	{ "/endless",         PK_HTTP_TOO_BIG,   "the body is too big" },
	{ "/cut-gzip",        PK_HTTP_TRUNCATED, "" },
	{ "/short-length",    PK_HTTP_OK,        "HTTP 200" },
	{ "/bad-chunk",       PK_HTTP_PROTOCOL,  "chunk" },
	{ "/bad-gzip",        PK_HTTP_PROTOCOL,  "encoding" },
	{ "/odd-encoding",    PK_HTTP_PROTOCOL,  "encoding" },
	{ "/nul",             PK_HTTP_PROTOCOL,  "" },
	{ "/hidden-status",   PK_HTTP_PROTOCOL,  "" },
	{ "/old",             PK_HTTP_PROTOCOL,  "HTTP/0.9" },
};
/* clang-format on */

static void
each_beast_of_the_zoo_has_its_outcome(void **state)
{
	const struct zoo_case *c = *state;
	struct got got = ask(c->path,
	    (struct pk_http_options){
		.total_timeout_ms = c->outcome == PK_HTTP_TIMEOUT ? 300 : 10000,
		.max_ratio = 50 },
	    (struct pk_http_request){ .max_bytes = 4 * MIB });

	expect(c->path, c->outcome, got);
	if (strstr(got.text, c->text) == NULL)
		fail_msg("%s: %s", c->path, got.text);
	pk_buf_done(&got.body);
}

/* ---- too much ---- */

static void
a_bomb_stops_at_the_size_limit(void **state)
{
	uint64_t counted = pk_counted(PK_COUNT_TOO_BIG);
	struct got got = ask("/bomb", (struct pk_http_options){ .max_ratio = 100000 },
	    (struct pk_http_request){ .max_bytes = 4 * MIB });

	(void)state;
	expect("/bomb", PK_HTTP_TOO_BIG, got);
	assert_in_range(got.inflated_bytes, 1, 4 * MIB);
	assert_in_range(got.wire_bytes, 1, 128 << 10);
	assert_int_equal(pk_counted(PK_COUNT_TOO_BIG) - counted, 1);
	pk_buf_done(&got.body);
}

static void
a_bomb_stops_at_the_ratio(void **state)
{
	struct got got = ask("/bomb", (struct pk_http_options){ .max_ratio = 20 },
	    (struct pk_http_request){ .max_bytes = 64 * MIB });

	(void)state;
	expect("/bomb", PK_HTTP_TOO_BIG, got);
	assert_in_range(got.inflated_bytes, 1, 2 * MIB);
	pk_buf_done(&got.body);
}

static void
wire_bytes_that_inflate_to_nothing_are_counted(void **state)
{
	struct got got =
	    ask("/hollow", (struct pk_http_options){ .max_wire_bytes = 100000 },
		(struct pk_http_request){ 0 });

	(void)state;
	expect("/hollow", PK_HTTP_TOO_BIG, got);
	assert_int_equal(got.inflated_bytes, 0);
}

static void
a_long_body_is_refused_by_its_length(void **state)
{
	struct got got = ASK("/long");

	(void)state;
	expect("/long", PK_HTTP_TOO_BIG, got);
	assert_int_equal(got.body.len, 0);
}

static void
an_endless_body_is_cut_off(void **state)
{
	struct got got = ask("/endless", (struct pk_http_options){ 0 },
	    (struct pk_http_request){ .max_bytes = MIB });

	(void)state;
	expect("/endless", PK_HTTP_TOO_BIG, got);
	assert_in_range(got.body.len, 1, MIB);
	pk_buf_done(&got.body);
}

static void
an_endless_header_is_cut_off(void **state)
{
	(void)state;
	expect("/endless-header", PK_HTTP_TOO_BIG, ASK("/endless-header"));
}

static void
a_double_encoding_is_refused(void **state)
{
	(void)state;
	expect("/twice", PK_HTTP_PROTOCOL, ASK("/twice"));
}

/* ---- too little ---- */

static void
a_drip_ends_with_the_time(void **state)
{
	struct got got =
	    ask("/drip", (struct pk_http_options){ .total_timeout_ms = 200 },
		(struct pk_http_request){ 0 });

	(void)state;
	expect("/drip", PK_HTTP_TIMEOUT, got);
	assert_in_range(got.body.len, 1, 100);
	pk_buf_done(&got.body);
}

static void
a_cut_body_is_handed_over_as_such(void **state)
{
	static const char *const paths[] = { "/cut", "/cut-chunk" };

	(void)state;
	for (size_t i = 0; i < PK_COUNT(paths); i++) {
		struct got got = ASK(paths[i]);
		expect(paths[i], PK_HTTP_TRUNCATED, got);
		assert_true(
		    pk_span_starts_with(pk_buf_span(&got.body), PK_SPAN("0123456789")));
		pk_buf_done(&got.body);
	}
}

static void
a_status_is_an_outcome(void **state)
{
	struct got busy = ASK("/busy"), missing = ASK("/missing");

	(void)state;
	expect("/busy", PK_HTTP_SERVER_STATUS, busy);
	assert_string_equal(busy.retry_after, "120");
	assert_string_equal(busy.text, "HTTP 503");
	expect("/missing", PK_HTTP_CLIENT_STATUS, missing);
	assert_int_equal(missing.status, 404);
	pk_buf_done(&missing.body);
}

static void
nobody_there_and_noise_are_told_apart(void **state)
{
	struct got got = { 0 };
	struct pk_http_options options = { .allow_cidrs = loopback(),
		.n_allow_cidrs = 1 };
	pk_cleanup(pk_http_freep) struct pk_http *client = new_client(options);
	unsigned port;
	char url[64];

	(void)state;
	close(canary_open("127.0.0.1", &port));
	snprintf(url, sizeof(url), "http://127.0.0.1:%u/", port);
	struct pk_http_request request = { .url = pk_span_of(url) };
	assert_int_equal(pk_http_start(client, &request, &got), 0);
	run_until_idle(client);
	expect("nobody", PK_HTTP_CONNECT, got);
	expect("/noise", PK_HTTP_PROTOCOL, ASK("/noise"));
}

/* ---- the client itself ---- */

static void
what_is_in_flight_comes_back_cancelled(void **state)
{
	struct got got[3] = { 0 };
	struct pk_http_options options = {
		.max_in_flight = 2, .allow_cidrs = loopback(), .n_allow_cidrs = 1
	};
	struct pk_http *client = new_client(options);
	struct pk_http_request request = { .url = url_of("/nothing") };

	(void)state;
	assert_int_equal(pk_http_start(client, &request, &got[0]), 0);
	assert_int_equal(pk_http_start(client, &request, &got[1]), 0);
	assert_int_equal(pk_http_start(client, &request, &got[2]), -EAGAIN);
	assert_int_equal(pk_http_in_flight(client), 2);
	pk_http_perform(client, 0);
	client = pk_http_free(client);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(got[i].times, 1);
		assert_int_equal(got[i].outcome, PK_HTTP_CANCELLED);
	}
	assert_int_equal(got[2].times, 0);
}

static void
a_bad_request_is_not_started(void **state)
{
	static char long_url[5000];
	const struct pk_span injected = PK_SPAN("X-A: b\r\nX-C: d");
	struct got got = { 0 };
	struct pk_http_options options = { 0 };
	pk_cleanup(pk_http_freep) struct pk_http *client = new_client(options);

	(void)state;
	memset(long_url, 'x', sizeof(long_url));
	assert_int_equal(
	    pk_http_start(client,
		&(struct pk_http_request){ .url = PK_SPAN("http://example.org/"),
		    .fields = &injected,
		    .n_fields = 1 },
		&got),
	    -EINVAL);
	assert_int_equal(
	    pk_http_start(client,
		&(struct pk_http_request){ .url = { long_url, sizeof(long_url) } },
		&got),
	    -EINVAL);
	assert_int_equal(pk_http_in_flight(client), 0);
	assert_int_equal(pk_http_perform(client, 0), 0);
	assert_int_equal(got.times, 0);
}

static void
a_wake_ends_the_wait(void **state)
{
	struct pk_http_options options = { 0 };
	pk_cleanup(pk_http_freep) struct pk_http *client = new_client(options);

	(void)state;
	/* with an hour to wait, only the wake can let this test end */
	pk_http_wake(client);
	assert_int_equal(pk_http_perform(client, 3600 * 1000), 0);
}

/* Many requests through few handles, each answer to its own tag. */
static void
tags_find_their_answers(void **state)
{
	static const char *const paths[] = { "/plain", "/missing", "/busy", "/hop" };
	static const int statuses[] = { 200, 404, 503, 200 };
	struct got got[40] = { 0 };
	struct pk_http_options options = { .max_in_flight = 64,
		.max_per_host = 4,
		.allow_cidrs = loopback(),
		.n_allow_cidrs = 1 };
	pk_cleanup(pk_http_freep) struct pk_http *client = new_client(options);

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < PK_COUNT(got); i++) {
			struct pk_http_request request = { .url =
							       url_of(paths[i % 4]) };
			assert_int_equal(pk_http_start(client, &request, &got[i]), 0);
		}
		run_until_idle(client);
	}
	for (size_t i = 0; i < PK_COUNT(got); i++) {
		assert_int_equal(got[i].times, 2);
		assert_int_equal(got[i].status, statuses[i % 4]);
		pk_buf_done(&got[i].body);
	}
}

static int
start_origin(void **state)
{
	unsigned port;

	(void)state;
	canary = canary_open("127.0.0.2", &port);
	snprintf(to_canary, sizeof(to_canary),
	    "HTTP/1.1 302 Found\r\nConnection: close\r\n"
	    "Location: http://127.0.0.2:%u/\r\nContent-Length: 0\r\n\r\n",
	    port);
	origin = origin_start(pages, PK_COUNT(pages));
	snprintf(to_name, sizeof(to_name),
	    "HTTP/1.1 301 Moved\r\nConnection: close\r\n"
	    "Location: http://localhost:%u/plain\r\nContent-Length: 0\r\n\r\n",
	    origin_port(origin));
	return 0;
}

static int
stop_origin(void **state)
{
	(void)state;
	origin_stop(origin);
	close(canary);
	return 0;
}

int
main(void)
{
	struct CMUnitTest tests[PK_COUNT(zoo) + 32] = {
		cmocka_unit_test(an_answer_comes_with_its_fields),
		cmocka_unit_test(compressed_answers_are_asked_for_and_inflated),
		cmocka_unit_test(both_validators_are_sent_as_they_came),
		cmocka_unit_test(not_modified_to_no_condition_is_no_answer),
		cmocka_unit_test(a_redirect_is_followed_and_its_own_fields_forgotten),
		cmocka_unit_test(a_redirect_takes_no_secrets_to_another_server),
		cmocka_unit_test(servers_are_told_apart),
		cmocka_unit_test(a_redirect_loop_ends_after_five),
		cmocka_unit_test(a_redirect_to_a_file_is_refused),
		cmocka_unit_test(a_redirect_out_of_the_hole_is_refused),
		cmocka_unit_test(private_addresses_are_never_connected_to),
		cmocka_unit_test(other_schemes_are_refused),
		cmocka_unit_test(only_moves_for_good_are_told),
		cmocka_unit_test(a_redirect_is_not_the_status_of_its_target),
		cmocka_unit_test(links_and_places_are_told),
		cmocka_unit_test(only_what_is_new_can_be_asked_for),
		cmocka_unit_test(other_parts_are_no_answer),
		cmocka_unit_test(a_body_is_posted),
		cmocka_unit_test(a_post_is_redirected_as_a_post_or_not_at_all),
		cmocka_unit_test(a_bomb_stops_at_the_size_limit),
		cmocka_unit_test(a_bomb_stops_at_the_ratio),
		cmocka_unit_test(wire_bytes_that_inflate_to_nothing_are_counted),
		cmocka_unit_test(a_long_body_is_refused_by_its_length),
		cmocka_unit_test(an_endless_body_is_cut_off),
		cmocka_unit_test(an_endless_header_is_cut_off),
		cmocka_unit_test(a_double_encoding_is_refused),
		cmocka_unit_test(a_drip_ends_with_the_time),
		cmocka_unit_test(a_cut_body_is_handed_over_as_such),
		cmocka_unit_test(a_status_is_an_outcome),
		cmocka_unit_test(nobody_there_and_noise_are_told_apart),
		cmocka_unit_test(what_is_in_flight_comes_back_cancelled),
		cmocka_unit_test(a_bad_request_is_not_started),
		cmocka_unit_test(a_wake_ends_the_wait),
		cmocka_unit_test(tags_find_their_answers),
	};

	for (size_t i = 0; i < PK_COUNT(zoo); i++)
		tests[i + 32] = (struct CMUnitTest){ zoo[i].path,
			each_beast_of_the_zoo_has_its_outcome, NULL, NULL,
			(void *)(uintptr_t)&zoo[i] };
	return cmocka_run_group_tests_name(
	    "fetch/http/client", tests, start_origin, stop_origin);
}
