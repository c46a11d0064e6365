/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/http/client.h"

#include "base/counter.h"
#include "base/url.h"
#include "fetch/http/fields_priv.h"
#include "fetch/http/outcome_priv.h"
#include "fetch/http/server.h"

#include <errno.h>
#include <sys/socket.h>

#define BYTES_DEFAULT    ((size_t)16 << 20)
#define HEADER_BYTES_MAX ((size_t)128 << 10)
#define RATIO_FREE_BYTES ((uint64_t)64 << 10)

/* curl counts a read's bytes only after it has inflated them, so the ratio is taken
 * with one read more than was counted. */
#define READ_BYTES INT64_C(16384)

/* A server that sends fewer bytes a second stalls. */
#define STALL_BYTES 64L

/* Request fields are short; a validator is the longest of them. */
#define FIELD_MAX (PK_VALIDATOR_MAX + 64)

/* One request on its way. Kept with its easy handle for the next one when it is done.
 */
struct transfer {
	struct pk_http *client;
	CURL *easy;
	void *tag;
	struct curl_slist *fields;
	struct curl_slist *shared; /* the same without those of the request alone */
	struct pk_buf body;
	bool conditional;
	bool post;
	size_t header_bytes;
	unsigned encodings;
	bool in_header;   /* its status line was seen, its end was not */
	unsigned answers; /* status lines so far, one a hop; 1xx are none */
	long hop_status;  /* the newest of them */
	bool detour;      /* a redirect was followed that is not for good */
	const char
	    *blocked; /* why an address of this hop was refused; NULL: none was */
	bool knocked; /* another address of this hop was not refused */
	enum pk_http_outcome failure; /* found by a callback below; OK: none */
	const char *failure_text;
	char error[CURL_ERROR_SIZE];
	struct transfer *next; /* in flight, or spare */
	struct transfer *prev;
};

struct pk_http {
	struct pk_http_options options; /* without holes: defaults filled in */
	char *user_agent;
	char *ca_file;
	struct pk_network *allow;
	uint16_t *ports;
	struct pk_address_rules rules;
	pk_http_done_fn done;
	void *context;
	CURLM *multi;
	struct transfer *in_flight;
	struct transfer *spare;
	size_t n_in_flight;
};

static int
errno_from_multi(CURLMcode code)
{
	if (code == CURLM_OK)
		return 0;
	return code == CURLM_OUT_OF_MEMORY ? -ENOMEM : -EIO;
}

/* ---- what curl asks while a transfer runs ---- */

/* Keeps the first failure and stops the transfer. */
static void
fail(struct transfer *transfer, enum pk_http_outcome failure, const char *text)
{
	if (transfer->failure == PK_HTTP_OK) {
		transfer->failure = failure;
		transfer->failure_text = text;
	}
}

/* The last look before a connection: every hop and every address of a name comes here,
 * so a name that resolves anew cannot slip through. It is a failure only when no other
 * address of the name is fine. */
static curl_socket_t
on_open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct transfer *transfer = context;

	(void)purpose;
	switch (pk_address_check(&transfer->client->rules, &address->addr)) {
	case PK_ADDRESS_FINE:
		transfer->knocked = true;
		return socket(address->family, address->socktype | SOCK_CLOEXEC,
		    address->protocol);
	case PK_ADDRESS_PRIVATE:
		transfer->blocked = "the address is not a public one";
		break;
	case PK_ADDRESS_PORT:
		transfer->blocked = "the port is not allowed";
		break;
	}
	pk_count(PK_COUNT_BLOCKED_ADDRESS);
	return CURL_SOCKET_BAD;
}

static uint64_t
wire_bytes(CURL *easy)
{
	curl_off_t bytes = 0;

	curl_easy_getinfo(easy, CURLINFO_SIZE_DOWNLOAD_T, &bytes);
	return bytes > 0 ? (uint64_t)bytes : 0;
}

/* How many codings a field names; "chunked" is a framing and "identity" nothing. */
static unsigned
count_codings(struct pk_span value)
{
	unsigned n = 0;

	while (value.ptr != NULL) {
		struct pk_span coding = pk_span_trim(pk_span_split(&value, ','));
		if (coding.len > 0 && !pk_span_eq_nocase(coding, PK_SPAN("chunked")) &&
		    !pk_span_eq_nocase(coding, PK_SPAN("identity")))
			n++;
	}
	return n;
}

/* "HTTP/1.1 301 Moved": the status, 0 where there is none. */
static long
status_of(struct pk_span line)
{
	int64_t status;

	pk_span_split(&line, ' ');
	if (line.ptr == NULL ||
	    pk_span_to_int64(pk_span_slice(line, 0, 3), &status) < 0)
		return 0;
	return (long)status;
}

static bool
is_for_good(long status)
{
	return status == 301 || status == 308;
}

/* The answer of a hop begins; the one before it, if any, was a redirect. */
static void
begin_answer(struct transfer *transfer, long status)
{
	transfer->blocked = NULL; /* another address was fine */
	transfer->knocked = false;
	transfer->encodings = 0;
	if (status / 100 == 1)
		return;
	if (transfer->answers > 0 && !is_for_good(transfer->hop_status))
		transfer->detour = true;
	transfer->hop_status = status;
	transfer->answers++;
	/* curl would go on with a GET, which says something else */
	if (transfer->post && status / 100 == 3 && status != 307 && status != 308)
		curl_easy_setopt(transfer->easy, CURLOPT_FOLLOWLOCATION, 0L);
}

/* A redirect that leaves the server takes none of its secrets along. */
static void
guard_fields(struct transfer *transfer, struct pk_span location)
{
	const char *url = NULL;

	curl_easy_getinfo(transfer->easy, CURLINFO_EFFECTIVE_URL, &url);
	if (!pk_http_is_same_server(pk_span_of(url), pk_span_trim(location)))
		curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->shared);
}

static size_t
/* NOLINTNEXTLINE(readability-non-const-parameter): as curl declares it */
on_header(char *bytes, size_t size, size_t n, void *context)
{
	struct transfer *transfer = context;
	struct pk_span rest = { bytes, size * n };

	transfer->header_bytes += rest.len;
	if (transfer->header_bytes > HEADER_BYTES_MAX) {
		fail(transfer, PK_HTTP_TOO_BIG, "the header is too long");
		return 0;
	}
	if (!transfer->in_header && pk_span_starts_with(rest, PK_SPAN("HTTP/"))) {
		transfer->in_header = true;
		begin_answer(transfer, status_of(rest));
		return size * n;
	}
	if (pk_span_trim(rest).len == 0)
		transfer->in_header = false;
	struct pk_span name = pk_span_split(&rest, ':');
	if (pk_span_eq_nocase(name, PK_SPAN("Content-Encoding")) ||
	    pk_span_eq_nocase(name, PK_SPAN("Transfer-Encoding")))
		transfer->encodings += count_codings(rest);
	if (pk_span_eq_nocase(name, PK_SPAN("Location")))
		guard_fields(transfer, rest);
	if (transfer->encodings > 1) {
		fail(transfer, PK_HTTP_PROTOCOL, "encoded more than once");
		return 0;
	}
	return size * n;
}

static size_t
/* NOLINTNEXTLINE(readability-non-const-parameter): as curl declares it */
on_body(char *bytes, size_t size, size_t n, void *context)
{
	struct transfer *transfer = context;
	uint64_t len = transfer->body.len + size * n;
	uint64_t wire = wire_bytes(transfer->easy) + READ_BYTES;

	if (len > RATIO_FREE_BYTES &&
	    len / transfer->client->options.max_ratio > wire) {
		fail(transfer, PK_HTTP_TOO_BIG, "the body is compressed too well");
		return 0;
	}
	struct pk_span rest = { bytes, size * n };
	struct pk_span part =
	    pk_span_slice(rest, 0, transfer->body.limit - transfer->body.len);
	if (pk_buf_append(&transfer->body, part) < 0) {
		fail(transfer, PK_HTTP_MEMORY, "no memory for the body");
		return 0;
	}
	if (part.len < rest.len)
		fail(transfer, PK_HTTP_TOO_BIG, "the body is too big");
	return part.len;
}

/* Also sees wire bytes that inflate to nothing. */
static int
on_progress(void *context, curl_off_t dl_total, curl_off_t dl_now, curl_off_t ul_total,
    curl_off_t ul_now)
{
	struct transfer *transfer = context;

	(void)dl_total, (void)ul_total, (void)ul_now;
	if ((uint64_t)dl_now <= transfer->client->options.max_wire_bytes)
		return 0;
	fail(transfer, PK_HTTP_TOO_BIG, "the body is too big on the wire");
	return 1;
}

/* ---- the end of a transfer ---- */

/* A part is no answer to who asked for all, and what was made of the body must be
 * something that can be undone. */
static enum pk_http_outcome
outcome_of_status(const struct transfer *transfer, long status, bool im_feed)
{
	if (status == 206)
		return PK_HTTP_TRUNCATED;
	if (status == 226 && !im_feed)
		return PK_HTTP_PROTOCOL;
	if (status / 100 == 2)
		return PK_HTTP_OK;
	if (status == 304)
		return transfer->conditional ? PK_HTTP_OK : PK_HTTP_PROTOCOL;
	return status / 100 == 5 ? PK_HTTP_SERVER_STATUS : PK_HTTP_CLIENT_STATUS;
}

static bool
is_web_url(struct pk_span url)
{
	return pk_span_starts_with_nocase(url, PK_SPAN("http://")) ||
	       pk_span_starts_with_nocase(url, PK_SPAN("https://"));
}

static bool
is_blocked(const struct transfer *transfer, CURLcode code)
{
	return code == CURLE_COULDNT_CONNECT && transfer->blocked != NULL &&
	       !transfer->knocked;
}

/* curl has one code for a scheme that is refused and for an answer without a status
 * line; the URL tells them apart. */
static enum pk_http_outcome
outcome_of(const struct transfer *transfer, CURLcode code,
    const struct pk_http_response *response)
{
	if (code == CURLE_OK)
		return outcome_of_status(transfer, response->status, response->im_feed);
	if (transfer->failure != PK_HTTP_OK)
		return transfer->failure;
	if (is_blocked(transfer, code))
		return PK_HTTP_BLOCKED;
	if (code == CURLE_UNSUPPORTED_PROTOCOL)
		return is_web_url(response->url) ? PK_HTTP_PROTOCOL : PK_HTTP_BLOCKED;
	return pk_http_outcome_of_curl(code, transfer->error, response->status);
}

/* What is wrong with an answer whose number does not say it. */
static const char *
remark(const struct transfer *transfer, long status, enum pk_http_outcome outcome)
{
	if (status == 304 && !transfer->conditional)
		return " to no condition";
	if (status == 206)
		return ": a part, though all was asked for";
	if (status == 226 && outcome == PK_HTTP_PROTOCOL)
		return ": a manipulation that was not asked for";
	return "";
}

/* In transfer->error, where curl has left its own message if it has one. */
static const char *
describe(
    struct transfer *transfer, CURLcode code, const struct pk_http_response *response)
{
	const long status = response->status;

	if (code == CURLE_OK) {
		snprintf(transfer->error, sizeof(transfer->error), "HTTP %ld%s", status,
		    remark(transfer, status, response->outcome));
		return transfer->error;
	}
	if (transfer->failure != PK_HTTP_OK)
		return transfer->failure_text;
	if (is_blocked(transfer, code))
		return transfer->blocked;
	return transfer->error[0] != '\0' ? transfer->error : curl_easy_strerror(code);
}

static struct pk_span
moved_to(const struct transfer *transfer, const struct pk_http_response *response)
{
	struct pk_span url = response->url;

	if (response->outcome != PK_HTTP_OK || response->hops == 0 || transfer->detour)
		return (struct pk_span){ 0 };
	return pk_span_split(&url, '#');
}

static void
fill_response(
    struct transfer *transfer, CURLcode code, struct pk_http_response *response)
{
	CURL *easy = transfer->easy;
	const char *url = NULL;
	curl_off_t took_us = 0;
	long hops = 0;

	curl_easy_getinfo(easy, CURLINFO_EFFECTIVE_URL, &url);
	curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &took_us);
	curl_easy_getinfo(easy, CURLINFO_REDIRECT_COUNT, &hops);
	*response = (struct pk_http_response){
		/* a redirect whose target said nothing is not the target's status */
		.status = transfer->answers > (unsigned long)hops
			      ? (int)transfer->hop_status
			      : 0,
		.url = pk_span_of(url),
		.hops = (unsigned)hops,
		.body = transfer->body,
		.wire_bytes = wire_bytes(easy),
		.inflated_bytes = transfer->body.len,
		.took_ns = (uint64_t)took_us * 1000,
	};
	pk_http_read_fields(easy, response);
	response->outcome = outcome_of(transfer, code, response);
	response->text = describe(transfer, code, response);
	response->moved = moved_to(transfer, response);
	pk_buf_init(&transfer->body, 0);
}

static void
count_response(const struct pk_http_response *response)
{
	pk_count_add(PK_COUNT_BYTES_WIRE, response->wire_bytes);
	pk_count_add(PK_COUNT_BYTES_INFLATED, response->inflated_bytes);
	if (response->outcome == PK_HTTP_TOO_BIG)
		pk_count(PK_COUNT_TOO_BIG);
}

/* Out of the list of those in flight. */
static void
unlink_transfer(struct transfer *transfer)
{
	struct pk_http *client = transfer->client;

	if (transfer->prev != NULL)
		transfer->prev->next = transfer->next;
	else
		client->in_flight = transfer->next;
	if (transfer->next != NULL)
		transfer->next->prev = transfer->prev;
	client->n_in_flight--;
}

static void
link_transfer(struct transfer *transfer)
{
	struct pk_http *client = transfer->client;

	transfer->prev = NULL;
	transfer->next = client->in_flight;
	if (client->in_flight != NULL)
		client->in_flight->prev = transfer;
	client->in_flight = transfer;
	client->n_in_flight++;
}

static struct transfer *
free_transfer(struct transfer *transfer)
{
	if (transfer == NULL)
		return NULL;
	curl_slist_free_all(transfer->fields);
	curl_slist_free_all(transfer->shared);
	curl_easy_cleanup(transfer->easy);
	pk_buf_done(&transfer->body);
	free(transfer);
	return NULL;
}
PK_DEFINE_CLEANUP(struct transfer *, free_transfer);

/* Puts it aside, empty. */
static void
keep_spare(struct transfer *transfer)
{
	struct pk_http *client = transfer->client;
	CURL *easy = transfer->easy;

	curl_slist_free_all(transfer->fields);
	curl_slist_free_all(transfer->shared);
	pk_buf_done(&transfer->body);
	curl_easy_reset(easy);
	*transfer =
	    (struct transfer){ .client = client, .easy = easy, .next = client->spare };
	client->spare = transfer;
}

/* curl calls it a lack of memory when a line of the header is longer than it likes. */
static bool
is_long_line(const struct transfer *transfer, CURLcode code)
{
	curl_off_t asked_us = 0;

	curl_easy_getinfo(transfer->easy, CURLINFO_PRETRANSFER_TIME_T, &asked_us);
	return code == CURLE_OUT_OF_MEMORY && asked_us > 0 && transfer->body.len == 0;
}

static void
finish(struct transfer *transfer, CURLcode code, bool cancelled)
{
	struct pk_http *client = transfer->client;
	struct pk_http_response response;

	curl_multi_remove_handle(client->multi, transfer->easy);
	if (cancelled) {
		transfer->failure = PK_HTTP_CANCELLED;
		transfer->failure_text = "cancelled";
	}
	if (is_long_line(transfer, code))
		fail(transfer, PK_HTTP_TOO_BIG, "a line of the header is too long");
	fill_response(transfer, code, &response);
	count_response(&response);
	unlink_transfer(transfer);
	client->done(client->context, transfer->tag, &response);
	pk_buf_done(&response.body);
	keep_spare(transfer);
}

/* ---- the start of a transfer ---- */

static int
append_field(struct curl_slist **fields, const char *line)
{
	struct curl_slist *grown = curl_slist_append(*fields, line);

	if (grown == NULL)
		return -ENOMEM;
	*fields = grown;
	return 0;
}

/* To the server that is asked, and with `shared` to those that it redirects to. */
static int
add_field_for(
    struct transfer *transfer, bool shared, const char *name, struct pk_span value)
{
	char line[FIELD_MAX];

	if (memchr(value.ptr, '\n', value.len) != NULL ||
	    memchr(value.ptr, '\r', value.len) != NULL ||
	    memchr(value.ptr, '\0', value.len) != NULL)
		return -EINVAL;
	int n = snprintf(line, sizeof(line), "%s%s%.*s", name, *name ? ": " : "",
	    PK_SPAN_ARG(value));
	if (n < 0 || (size_t)n >= sizeof(line))
		return -EINVAL;
	int r = append_field(&transfer->fields, line);
	return r == 0 && shared ? append_field(&transfer->shared, line) : r;
}

static int
add_field(struct transfer *transfer, const char *name, struct pk_span value)
{
	return add_field_for(transfer, true, name, value);
}

static int
add_fields(struct transfer *transfer, const struct pk_http_request *request)
{
	struct pk_validators validators = pk_validators_clean(request->validators);
	int r = 0;

	if (request->accept.len > 0)
		r = add_field(transfer, "Accept", request->accept);
	if (r == 0 && validators.etag.len > 0)
		r = add_field(transfer, "If-None-Match", validators.etag);
	if (r == 0 && validators.last_modified.len > 0)
		r = add_field(transfer, "If-Modified-Since", validators.last_modified);
	if (r == 0 && request->delta && validators.etag.len > 0)
		r = add_field(transfer, "A-IM", PK_SPAN("feed"));
	if (r == 0 && request->method == PK_HTTP_POST) {
		r = add_field(transfer, "Content-Type",
		    request->content_type.len > 0
			? request->content_type
			: PK_SPAN("application/x-www-form-urlencoded"));
		/* not to wait for a "100 Continue" that may never come */
		if (r == 0)
			r = add_field(transfer, "", PK_SPAN("Expect:"));
	}
	for (size_t i = 0; r == 0 && i < request->n_fields; i++)
		r = add_field_for(transfer, false, "", request->fields[i]);
	transfer->conditional = pk_validators_any(validators);
	return r;
}

static void
set_callbacks(struct transfer *transfer)
{
	CURL *easy = transfer->easy;

	curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(easy, CURLOPT_XFERINFODATA, transfer);
	curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
}

static void
set_limits(CURL *easy, const struct pk_http_options *options)
{
	curl_easy_setopt(
	    easy, CURLOPT_CONNECTTIMEOUT_MS, (long)options->connect_timeout_ms);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)options->total_timeout_ms);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, STALL_BYTES);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)options->stall_timeout_s);
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(easy, CURLOPT_MAXREDIRS, (long)options->max_redirects);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(
	    easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)options->max_wire_bytes);
	curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)READ_BYTES);
	curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	/* not to wait for a resolver's thread when a request ends before its name is
	 * found: all others would stand still meanwhile */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, options->user_agent);
	/* takes the place of the system's file; its directory is looked into all the
	 * same */
	if (options->ca_file != NULL)
		curl_easy_setopt(easy, CURLOPT_CAINFO, options->ca_file);
}

static int
set_body(struct transfer *transfer, const struct pk_http_request *request)
{
	CURL *easy = transfer->easy;

	transfer->post = request->method == PK_HTTP_POST;
	if (!transfer->post)
		return 0;
	curl_easy_setopt(easy, CURLOPT_POST, 1L);
	curl_easy_setopt(
	    easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
	return curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS,
		   request->body.len > 0 ? request->body.ptr : "") == CURLE_OK
		   ? 0
		   : -ENOMEM;
}

static int
set_up(struct transfer *transfer, const struct pk_http_request *request)
{
	char url[PK_URL_MAX + 1];
	CURL *easy = transfer->easy;

	if (request->url.len > PK_URL_MAX ||
	    memchr(request->url.ptr, '\0', request->url.len) != NULL)
		return -EINVAL;
	memcpy(url, request->url.ptr, request->url.len);
	url[request->url.len] = '\0';

	int r = add_fields(transfer, request);
	if (r < 0)
		return r;
	pk_buf_init(&transfer->body,
	    request->max_bytes > 0 ? request->max_bytes : BYTES_DEFAULT);
	set_callbacks(transfer);
	set_limits(easy, &transfer->client->options);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->fields);
	if (curl_easy_setopt(easy, CURLOPT_URL, url) != CURLE_OK)
		return -ENOMEM;
	return set_body(transfer, request);
}

static struct transfer *
new_transfer(struct pk_http *client)
{
	struct transfer *transfer = client->spare;

	if (transfer != NULL) {
		client->spare = transfer->next;
		transfer->next = NULL;
		return transfer;
	}
	transfer = calloc(1, sizeof(*transfer));
	if (transfer == NULL)
		return NULL;
	transfer->client = client;
	transfer->easy = curl_easy_init();
	return transfer->easy == NULL ? free_transfer(transfer) : transfer;
}

int
pk_http_start(struct pk_http *client, const struct pk_http_request *request, void *tag)
{
	if (client->n_in_flight >= client->options.max_in_flight)
		return -EAGAIN;
	pk_cleanup(free_transferp) struct transfer *transfer = new_transfer(client);
	if (transfer == NULL)
		return -ENOMEM;
	transfer->tag = tag;
	int r = set_up(transfer, request);
	if (r == 0)
		r = errno_from_multi(
		    curl_multi_add_handle(client->multi, transfer->easy));
	if (r == 0)
		link_transfer(pk_steal(&transfer));
	return r;
}

/* ---- the client ---- */

#define OR(value, otherwise) ((value) != 0 ? (value) : (otherwise))

static int
copy_options(struct pk_http *client, const struct pk_http_options *options)
{
	client->options = (struct pk_http_options){
		.max_in_flight = OR(options->max_in_flight, 256),
		.max_per_host = OR(options->max_per_host, 2),
		.connect_timeout_ms = OR(options->connect_timeout_ms, 10000),
		.total_timeout_ms = OR(options->total_timeout_ms, 30000),
		.stall_timeout_s = OR(options->stall_timeout_s, 20),
		.max_redirects = OR(options->max_redirects, 5),
		.max_ratio = OR(options->max_ratio, 200),
		.max_wire_bytes = OR(options->max_wire_bytes, BYTES_DEFAULT),
	};
	client->user_agent = strdup(OR(options->user_agent, "peyk/" PEYK_VERSION));
	if (options->ca_file != NULL) {
		client->ca_file = strdup(options->ca_file);
		if (client->ca_file == NULL)
			return -ENOMEM;
		client->options.ca_file = client->ca_file;
	}
	client->allow = calloc(options->n_allow_cidrs + 1, sizeof(*client->allow));
	client->ports = calloc(options->n_ports + 1, sizeof(*client->ports));
	if (client->user_agent == NULL || client->allow == NULL ||
	    client->ports == NULL)
		return -ENOMEM;
	client->options.user_agent = client->user_agent;
	for (size_t i = 0; i < options->n_allow_cidrs; i++)
		client->allow[i] = options->allow_cidrs[i];
	for (size_t i = 0; i < options->n_ports; i++)
		client->ports[i] = options->ports[i];
	client->rules = (struct pk_address_rules){
		.allow = client->allow,
		.n_allow = options->n_allow_cidrs,
		.ports = client->ports,
		.n_ports = options->n_ports,
	};
	return 0;
}

int
pk_http_new(const struct pk_http_options *options, pk_http_done_fn done, void *context,
    struct pk_http **ret_client)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return -ENOMEM;
	pk_cleanup(pk_http_freep) struct pk_http *client = calloc(1, sizeof(*client));
	if (client == NULL) {
		curl_global_cleanup();
		return -ENOMEM;
	}
	client->done = done;
	client->context = context;
	int r = copy_options(client, options);
	if (r < 0)
		return r;
	client->multi = curl_multi_init();
	if (client->multi == NULL)
		return -ENOMEM;
	curl_multi_setopt(client->multi, CURLMOPT_MAX_HOST_CONNECTIONS,
	    (long)client->options.max_per_host);
	*ret_client = pk_steal(&client);
	return 0;
}

struct pk_http *
pk_http_free(struct pk_http *client)
{
	if (client == NULL)
		return NULL;
	/* Nobody may start another now, whatever the callback tries. */
	client->options.max_in_flight = 0;
	while (client->in_flight != NULL)
		finish(client->in_flight, CURLE_ABORTED_BY_CALLBACK, true);
	while (client->spare != NULL) {
		struct transfer *transfer = client->spare;
		client->spare = transfer->next;
		free_transfer(transfer);
	}
	curl_multi_cleanup(client->multi);
	free(client->user_agent);
	free(client->ca_file);
	free(client->allow);
	free(client->ports);
	free(client);
	curl_global_cleanup();
	return NULL;
}

/* Returns the number of callbacks. */
static int
deliver(struct pk_http *client)
{
	const CURLMsg *message;
	int left, n = 0;

	while ((message = curl_multi_info_read(client->multi, &left)) != NULL) {
		struct transfer *transfer;
		CURLcode code = message->data.result;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
		finish(transfer, code, false);
		n++;
	}
	return n;
}

static int
perform_now(struct pk_http *client)
{
	int running;
	int r = errno_from_multi(curl_multi_perform(client->multi, &running));

	return r < 0 ? r : deliver(client);
}

int
pk_http_perform(struct pk_http *client, int timeout_ms)
{
	int r = perform_now(client);

	if (r != 0 || timeout_ms <= 0)
		return r;
	r = errno_from_multi(curl_multi_poll(client->multi, NULL, 0, timeout_ms, NULL));
	return r < 0 ? r : perform_now(client);
}

void
pk_http_wake(struct pk_http *client)
{
	curl_multi_wakeup(client->multi);
}

size_t
pk_http_in_flight(const struct pk_http *client)
{
	return client->n_in_flight;
}
