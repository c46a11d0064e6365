/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/request.h"

#include "base/url.h"
#include "fetch/http/server.h"

/* What a document may take beside its body: the text in UTF-8, entries or events, JSON.
 */
#define DOCUMENT_LIMIT ((size_t)256 * 1024 * 1024)

/* An article waits so many attempts for a further page that may come yet. */
#define FURTHER_ATTEMPTS 3

static bool
copy_into(struct pk_arena *arena, struct pk_span from, struct pk_span *to)
{
	*to = from.ptr == NULL ? from : pk_arena_copy(arena, from);
	return from.ptr == NULL || to->ptr != NULL;
}

/* What the document has to know of its feed, copied: a reload may come meanwhile. */
static bool
describe(struct pk_doc *doc, const struct pk_config_feed *feed)
{
	const struct pk_publisher *publisher = &feed->publisher;

	return copy_into(doc->arena, feed->id, &doc->feed) &&
	       copy_into(doc->arena, feed->lang, &doc->lang) &&
	       copy_into(doc->arena, publisher->id, &doc->publisher.id) &&
	       copy_into(doc->arena, publisher->native, &doc->publisher.native) &&
	       copy_into(doc->arena, publisher->latin, &doc->publisher.latin) &&
	       copy_into(doc->arena,
		   publisher->country.len > 0 ? publisher->country : feed->country,
		   &doc->publisher.country);
}

static bool
describe_page(struct pk_outcome *outcome, const struct pk_config *config,
    const struct pk_poll_pending *page)
{
	struct pk_doc *doc = outcome->doc;

	doc->entry = page->row;
	outcome->revision = page->revision;
	outcome->attempts = page->attempts;
	outcome->reading.pages_max = (unsigned)config->fetch.pages_max;
	return copy_into(doc->arena, page->title, &doc->entry_title) &&
	       copy_into(doc->arena, page->published, &doc->entry_published);
}

struct pk_outcome *
pk_request_outcome(const struct pk_config *config, const struct pk_config_feed *feed,
    const struct pk_poll_pending *page, struct pk_span address)
{
	struct pk_outcome *outcome =
	    pk_outcome_new(page != NULL ? PK_DOC_PAGE : PK_DOC_FEED, DOCUMENT_LIMIT);

	if (outcome == NULL)
		return NULL;
	struct pk_arena *arena = outcome->doc->arena;
	bool copied = describe(outcome->doc, feed) &&
		      copy_into(arena, address, &outcome->asked_url);
	if (page != NULL)
		copied = copied && describe_page(outcome, config, page);
	else
		copied = copied && copy_into(arena, feed->url, &outcome->feed.url) &&
			 copy_into(arena, feed->links, &outcome->feed.links);
	return copied ? outcome : pk_outcome_free(outcome);
}

struct pk_outcome *
pk_request_pushed(const struct pk_config *config, const struct pk_config_feed *feed,
    struct pk_span bytes, struct pk_span content_type, int64_t now_ms)
{
	struct pk_outcome *outcome = pk_request_outcome(config, feed, NULL, feed->url);

	if (outcome == NULL)
		return NULL;
	struct pk_doc *doc = outcome->doc;
	outcome->kind = PK_OUTCOME_OPEN;
	/* a hub may send what is new alone */
	outcome->feed.pushed = outcome->feed.partial = outcome->feed.known = true;
	doc->fetched_ms = now_ms;
	doc->wire_bytes = bytes.len;
	doc->url = outcome->asked_url;
	return copy_into(doc->arena, bytes, &doc->bytes) &&
		       copy_into(doc->arena, content_type, &doc->content_type)
		   ? outcome
		   : pk_outcome_free(outcome);
}

void
pk_request_go_on(struct pk_outcome *outcome)
{
	outcome->asked_url = pk_outcome_next(outcome);
	outcome->feed.n_asked += outcome->doc->kind == PK_DOC_FEED;
	outcome->retry_after_ms = -1;
	outcome->fresh_ms = -1;
}

void
pk_request_go_back(struct pk_outcome *outcome)
{
	outcome->feed.n_asked -= outcome->doc->kind == PK_DOC_FEED;
}

/* Was something of it read already? */
static bool
is_further(const struct pk_outcome *outcome)
{
	return outcome->reading.next.len > 0 || outcome->feed.n_asked > 0;
}

/* They may be secrets: where the feed has moved to, its pages and its parts elsewhere
 * do not get them. */
static size_t
make_fields(struct pk_arena *arena, const struct pk_config_feed *feed,
    struct pk_span address, struct pk_span ret_fields[static PK_REQUEST_FIELDS_MAX])
{
	size_t n = 0;

	if (feed->headers.n == 0 || !pk_http_is_same_server(feed->url, address))
		return 0;

	for (size_t i = 0; i < feed->headers.n && n < PK_REQUEST_FIELDS_MAX; i++) {
		const struct pk_config_header *header = &feed->headers.items[i];
		ret_fields[n] = pk_arena_printf(arena, "%.*s: %.*s",
		    PK_SPAN_ARG(header->name), PK_SPAN_ARG(header->value));
		n += ret_fields[n].ptr != NULL;
	}
	return n;
}

void
pk_request_describe(const struct pk_outcome *outcome, const struct pk_config *config,
    const struct pk_config_feed *feed,
    struct pk_span ret_fields[static PK_REQUEST_FIELDS_MAX],
    struct pk_http_request *ret_request)
{
	bool page = outcome->doc->kind == PK_DOC_PAGE;
	size_t limit = (size_t)(page ? config->fetch.limits.page_bytes
				     : config->fetch.limits.feed_bytes);

	*ret_request = (struct pk_http_request){
		.url = outcome->asked_url,
		.accept =
		    page ? PK_SPAN("text/html,application/xhtml+xml;q=0.9,*/*;q=0.5")
			 : PK_SPAN("application/atom+xml,application/rss+xml,"
				   "application/feed+json,application/xml;q=0.9,"
				   "*/*;q=0.5"),
		.fields = ret_fields,
		.n_fields = make_fields(
		    outcome->doc->arena, feed, outcome->asked_url, ret_fields),
		.max_bytes =
		    outcome->bytes_read < limit ? limit - outcome->bytes_read : 0,
	};
}

/* An address that may be relative; what is none is left out. */
static void
resolve_into(struct pk_arena *arena, struct pk_span base, struct pk_span address,
    struct pk_span *to)
{
	if (address.len == 0 || pk_url_resolve(arena, base, address, to) < 0)
		*to = (struct pk_span){ NULL, 0 };
}

/* What a server says of a feed as a whole, its index alone says. */
static bool
fill_feed(struct pk_outcome *outcome, const struct pk_http_response *response)
{
	struct pk_doc *doc = outcome->doc;
	struct pk_feed_reading *feed = &outcome->feed;
	struct pk_arena *arena = doc->arena;

	outcome->took_ms = (int64_t)(response->took_ns / UINT64_C(1000000));
	feed->delta = response->im_feed;
	resolve_into(arena, response->url, response->self, &feed->self);
	if (response->n_hubs > 0)
		resolve_into(arena, response->url, response->hubs[0], &feed->hub);
	return copy_into(arena, response->moved, &feed->moved) &&
	       copy_into(arena, response->content_location, &feed->content_location) &&
	       copy_into(arena, response->validators.etag, &doc->etag) &&
	       copy_into(
		   arena, response->validators.last_modified, &doc->last_modified);
}

static bool
fill_document(
    struct pk_outcome *outcome, const struct pk_http_response *response, int64_t now_ms)
{
	struct pk_doc *doc = outcome->doc;
	struct pk_arena *arena = doc->arena;

	doc->fetched_ms = now_ms;
	doc->wire_bytes = response->wire_bytes;
	outcome->bytes_read += response->body.len;
	if (doc->kind == PK_DOC_FEED && !is_further(outcome) &&
	    !fill_feed(outcome, response))
		return false;
	return copy_into(arena, response->url, &doc->url) &&
	       copy_into(arena, response->content_type, &doc->content_type) &&
	       copy_into(arena, pk_buf_span(&response->body), &doc->bytes);
}

/* Which way an answer goes: to a worker, or right to the store. */
static enum pk_outcome_kind
judge(struct pk_outcome *outcome, const struct pk_http_response *response)
{
	bool page = outcome->doc->kind == PK_DOC_PAGE;

	outcome->failure = pk_failure_of_answer(
	    response->outcome, response->status, response->body.len);
	if (response->outcome == PK_HTTP_OK && response->status == 304 && !page)
		return PK_OUTCOME_UNCHANGED;
	if (outcome->failure == PK_FAILURE_NONE && response->body.len > 0)
		return PK_OUTCOME_OPEN;
	/* of a feed that breaks off, the whole entries are taken */
	if (response->outcome == PK_HTTP_TRUNCATED && !page && response->body.len > 0) {
		outcome->failure = PK_FAILURE_NONE;
		outcome->feed.partial = true;
		return PK_OUTCOME_OPEN;
	}
	struct pk_span error = response->outcome == PK_HTTP_OK
				   ? PK_SPAN("the answer is empty")
				   : pk_span_of(response->text);
	outcome->error = pk_arena_copy(outcome->doc->arena, error).ptr;
	if (outcome->error == NULL)
		outcome->error = "no memory";
	return page ? PK_OUTCOME_PAGE_FAILED : PK_OUTCOME_POLL_FAILED;
}

/* Will asking again bring it? */
static bool
may_come_yet(const struct pk_http_response *response)
{
	switch (response->outcome) {
	case PK_HTTP_OK: /* and empty */
	case PK_HTTP_BLOCKED:
	case PK_HTTP_TOO_BIG:
	case PK_HTTP_REDIRECTS:
		return false;
	case PK_HTTP_CLIENT_STATUS:
		return response->status == 408 || response->status == 425 ||
		       response->status == 429;
	case PK_HTTP_DNS:
	case PK_HTTP_CONNECT:
	case PK_HTTP_TLS:
	case PK_HTTP_TIMEOUT:
	case PK_HTTP_TRUNCATED:
	case PK_HTTP_PROTOCOL:
	case PK_HTTP_SERVER_STATUS:
	case PK_HTTP_MEMORY:
	case PK_HTTP_CANCELLED:
	case PK_HTTP_OUTCOMES:
		break;
	}
	return true;
}

/*
 * What was to be added to something that was read cannot be had. A child of an index is
 * left for the next poll; a further page of an article that may come yet is not given
 * up at once.
 */
static bool
is_missed(const struct pk_outcome *outcome, const struct pk_http_response *response)
{
	if (!is_further(outcome))
		return false;
	if (outcome->kind == PK_OUTCOME_POLL_FAILED ||
	    outcome->kind == PK_OUTCOME_UNCHANGED)
		return true;
	return outcome->kind == PK_OUTCOME_PAGE_FAILED &&
	       (!may_come_yet(response) || outcome->attempts + 1 >= FURTHER_ATTEMPTS);
}

void
pk_request_answered(
    struct pk_outcome *outcome, const struct pk_http_response *response, int64_t now_ms)
{
	outcome->kind = judge(outcome, response);
	if (is_missed(outcome, response)) {
		outcome->kind = PK_OUTCOME_OPEN;
		outcome->missed = outcome->error;
		outcome->error = NULL;
	}
	if (fill_document(outcome, response, now_ms))
		return;
	outcome->kind = outcome->doc->kind == PK_DOC_PAGE ? PK_OUTCOME_PAGE_FAILED
							  : PK_OUTCOME_POLL_FAILED;
	outcome->failure = PK_FAILURE_MEMORY;
	outcome->error = "no memory for the answer";
}

struct pk_http *
pk_request_client(const struct pk_config *config, size_t documents_max,
    pk_http_done_fn done, void *context)
{
	__typeof__(&config->fetch.limits) limits = &config->fetch.limits;
	struct pk_network networks[66];
	uint16_t ports[64];
	size_t n_networks = 0;
	struct pk_http *http = NULL;

	for (size_t i = 0; i < config->fetch.allow_cidrs.n; i++)
		n_networks += pk_network_parse(config->fetch.allow_cidrs.items[i],
				  &networks[n_networks]) == 0;
	if (config->fetch.private_networks == PK_CONFIG_ALLOW) {
		pk_network_parse(PK_SPAN("0.0.0.0/0"), &networks[n_networks++]);
		pk_network_parse(PK_SPAN("::/0"), &networks[n_networks++]);
	}
	for (size_t i = 0; i < config->fetch.allow_ports.n; i++)
		ports[i] = (uint16_t)config->fetch.allow_ports.items[i];
	const struct pk_http_options options = {
		.user_agent = config->fetch.user_agent.ptr,
		.ca_file = config->fetch.tls.ca_file.ptr,
		.max_in_flight = (unsigned)documents_max,
		.max_per_host = (unsigned)config->fetch.per_host.connections,
		.connect_timeout_ms = (unsigned)config->fetch.timeouts.connect_ms,
		.total_timeout_ms = (unsigned)config->fetch.timeouts.total_ms,
		.stall_timeout_s = (unsigned)(config->fetch.timeouts.stall_ms / 1000),
		.max_redirects = (unsigned)config->fetch.limits.redirects,
		.max_ratio = (unsigned)config->fetch.limits.inflate_ratio,
		.max_wire_bytes = (size_t)(limits->feed_bytes > limits->page_bytes
					       ? limits->feed_bytes
					       : limits->page_bytes),
		.allow_cidrs = networks,
		.n_allow_cidrs = n_networks,
		.ports = ports,
		.n_ports = config->fetch.allow_ports.n,
	};
	return pk_http_new(&options, done, context, &http) < 0 ? NULL : http;
}
