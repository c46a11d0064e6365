/* SPDX-License-Identifier: Apache-2.0 */
#include "base/url.h"

#include "base/buf.h"

#include <errno.h>
#include <uriparser/Uri.h>

/* Query parameters that only say by which way a reader came; "*" ends a prefix. */
static const char *const tracking[] = {
	"utm_*",
	"fbclid",
	"gclid",
	"dclid",
	"gbraid",
	"wbraid",
	"msclkid",
	"yclid",
	"twclid",
	"ttclid",
	"igshid",
	"_ga",
	"_gl",
	"_hsenc",
	"_hsmi",
	"__hs*",
	"mc_cid",
	"mc_eid",
	"mkt_tok",
	"oly_anon_id",
	"oly_enc_id",
	"vero_id",
	"wickedid",
	"ns_mchannel",
	"ns_source",
	"ns_campaign",
	"ns_linkname",
	"s_kwcid",
	"xtor",
};

static void
uri_done(UriUriA *uri)
{
	uriFreeUriMembersA(uri);
}

static void
buf_done(struct pk_buf *buf)
{
	pk_buf_done(buf);
}

static int
errno_from_uri(int rc)
{
	switch (rc) {
	case URI_SUCCESS:
		return 0;
	case URI_ERROR_MALLOC:
		return -ENOMEM;
	default:
		return -EBADMSG;
	}
}

static struct pk_span
span_of_range(UriTextRangeA range)
{
	if (range.first == NULL)
		return (struct pk_span){ NULL, 0 };
	return (struct pk_span){ range.first, (size_t)(range.afterLast - range.first) };
}

static bool
is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
	       (c >= 'A' && c <= 'F');
}

/* May the character stand in a URL as it is (RFC 3986, 2.2 and 2.3)? */
static bool
is_url_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr("-._~:/?#[]@!$&'()*+,;=", c) != NULL);
}

/* Where the authority's text lies: behind "//" that opens the text or follows a
 * scheme. */
static struct pk_span
find_authority(struct pk_span url)
{
	size_t start = 0, end;

	if (!pk_span_starts_with(url, PK_SPAN("//"))) {
		start = pk_span_find(url, PK_SPAN("://"), 0);
		if (start == SIZE_MAX)
			return (struct pk_span){ NULL, 0 };
		for (size_t i = 0; i < start; i++) {
			if (strchr("/?#[]@", url.ptr[i]) != NULL)
				return (struct pk_span){ NULL, 0 };
		}
		start++;
	}
	start += 2;
	for (end = start; end < url.len && strchr("/?#", url.ptr[end]) == NULL; end++)
		continue;
	return pk_span_slice(url, start, end);
}

/*
 * Makes it pass as a URL, as browsers do: line breaks and tabs inside are dropped, a
 * backslash in the path is a slash, and what may not stand there is percent-encoded.
 */
static int
append_escaped(struct pk_buf *out, struct pk_span text)
{
	struct pk_span authority = find_authority(text);
	bool in_query = false, in_fragment = false;
	int r = 0;

	for (size_t i = 0; i < text.len && r == 0; i++) {
		const char *at = text.ptr + i;
		bool in_authority = authority.ptr != NULL && at >= authority.ptr &&
				    at < authority.ptr + authority.len;
		char c = *at;
		if (c == '\t' || c == '\r' || c == '\n')
			continue;
		if (c == '\\' && !in_query && !in_fragment)
			c = '/';
		bool escape = !is_url_char(c) || (c == '#' && in_fragment) ||
			      ((c == '[' || c == ']') && !in_authority);
		if (c == '%' && i + 2 < text.len && is_hex(at[1]) && is_hex(at[2]))
			escape = false;
		in_query = in_query || c == '?';
		in_fragment = in_fragment || c == '#';
		r = escape ? pk_buf_printf(out, "%%%02X", (unsigned char)c)
			   : pk_buf_append_char(out, c);
	}
	return r;
}

/* Parses `text` into a URI whose ranges point into `escaped`, which must outlive it. */
static int
parse(struct pk_span text, struct pk_buf *escaped, UriUriA *ret_uri)
{
	const char *error_at;

	pk_buf_init(escaped, PK_URL_MAX);
	int r = append_escaped(escaped, pk_span_trim(text));
	if (r < 0)
		return r;
	if (escaped->len == 0)
		escaped->ptr = strdup(""); /* an empty reference is one: the base */
	if (escaped->ptr == NULL)
		return -ENOMEM;
	return errno_from_uri(uriParseSingleUriExA(
	    ret_uri, escaped->ptr, escaped->ptr + escaped->len, &error_at));
}

static int
check_scheme(const UriUriA *uri)
{
	struct pk_span scheme = span_of_range(uri->scheme);

	if (scheme.ptr == NULL)
		return -EBADMSG;
	if (!pk_span_eq_nocase(scheme, PK_SPAN("http")) &&
	    !pk_span_eq_nocase(scheme, PK_SPAN("https")))
		return -EPROTONOSUPPORT;
	return uri->hostText.first == NULL ||
		       uri->hostText.first == uri->hostText.afterLast
		   ? -EBADMSG
		   : 0;
}

static int
write_uri(struct pk_arena *arena, const UriUriA *uri, struct pk_span *ret_url)
{
	int len, r = check_scheme(uri);

	if (r < 0)
		return r;
	r = errno_from_uri(uriToStringCharsRequiredA(uri, &len));
	if (r < 0)
		return r;
	if (len > PK_URL_MAX)
		return -E2BIG;
	char *text = pk_arena_alloc(arena, (size_t)len + 1);
	if (text == NULL)
		return -ENOMEM;
	r = errno_from_uri(uriToStringA(text, uri, len + 1, NULL));
	if (r == 0)
		*ret_url = (struct pk_span){ text, (size_t)len };
	return r;
}

int
pk_url_resolve(struct pk_arena *arena, struct pk_span base, struct pk_span reference,
    struct pk_span *ret_url)
{
	pk_cleanup(buf_done) struct pk_buf base_text = { 0 }, text = { 0 };
	pk_cleanup(uri_done) UriUriA base_uri = { 0 }, uri = { 0 }, absolute = { 0 };

	int r = parse(reference, &text, &uri);
	if (r < 0)
		return r;
	if (uri.scheme.first != NULL)
		return write_uri(arena, &uri, ret_url);
	r = parse(base, &base_text, &base_uri);
	if (r == 0)
		r = check_scheme(&base_uri);
	if (r == 0)
		r = errno_from_uri(
		    uriAddBaseUriExA(&absolute, &uri, &base_uri, URI_RESOLVE_STRICTLY));
	return r < 0 ? r : write_uri(arena, &absolute, ret_url);
}

static bool
is_tracking(struct pk_span parameter)
{
	struct pk_span name = pk_span_split(&parameter, '=');

	for (size_t i = 0; i < PK_COUNT(tracking); i++) {
		struct pk_span known = pk_span_of(tracking[i]);
		if (pk_span_ends_with(known, PK_SPAN("*"))
			? pk_span_starts_with_nocase(
			      name, pk_span_slice(known, 0, known.len - 1))
			: pk_span_eq_nocase(name, known))
			return true;
	}
	return false;
}

static void
append_query(struct pk_buf *out, struct pk_span query)
{
	char before = '?';

	while (query.ptr != NULL) {
		struct pk_span parameter = pk_span_split(&query, '&');
		if (parameter.len == 0 || is_tracking(parameter))
			continue;
		pk_buf_append_char(out, before);
		pk_buf_append(out, parameter);
		before = '&';
	}
}

static bool
is_default_port(struct pk_span scheme, struct pk_span port)
{
	return port.len == 0 ||
	       (pk_span_eq(scheme, PK_SPAN("http")) &&
		   pk_span_eq(port, PK_SPAN("80"))) ||
	       (pk_span_eq(scheme, PK_SPAN("https")) &&
		   pk_span_eq(port, PK_SPAN("443")));
}

/* Writes the parts of a normalised URI. A normalised text is not longer than the text
 * was, so the buffer's limit is not met. */
static void
append_canonical(struct pk_buf *out, const UriUriA *uri)
{
	struct pk_span scheme = span_of_range(uri->scheme);
	struct pk_span user = span_of_range(uri->userInfo);
	struct pk_span port = span_of_range(uri->portText);
	bool bracket =
	    uri->hostData.ip6 != NULL || uri->hostData.ipFuture.first != NULL;

	pk_buf_append(out, scheme);
	pk_buf_append(out, PK_SPAN("://"));
	if (user.len > 0) {
		pk_buf_append(out, user);
		pk_buf_append_char(out, '@');
	}
	if (bracket)
		pk_buf_append_char(out, '[');
	pk_buf_append(out, span_of_range(uri->hostText));
	if (bracket)
		pk_buf_append_char(out, ']');
	if (!is_default_port(scheme, port)) {
		pk_buf_append_char(out, ':');
		pk_buf_append(out, port);
	}
	if (uri->pathHead == NULL)
		pk_buf_append_char(out, '/');
	for (const UriPathSegmentA *s = uri->pathHead; s != NULL; s = s->next) {
		pk_buf_append_char(out, '/');
		pk_buf_append(out, span_of_range(s->text));
	}
	append_query(out, span_of_range(uri->query));
}

int
pk_url_canonical(struct pk_arena *arena, struct pk_span url, struct pk_span *ret_url)
{
	pk_cleanup(buf_done) struct pk_buf text = { 0 }, out = { 0 };
	pk_cleanup(uri_done) UriUriA uri = { 0 };

	int r = parse(url, &text, &uri);
	if (r == 0)
		r = check_scheme(&uri);
	if (r == 0)
		r = errno_from_uri(uriNormalizeSyntaxA(&uri));
	if (r < 0)
		return r;
	append_canonical(&out, &uri);
	struct pk_span copy = pk_arena_copy(arena, pk_buf_span(&out));
	if (copy.ptr == NULL)
		return -ENOMEM;
	*ret_url = copy;
	return 0;
}

struct pk_span
pk_url_host(struct pk_span url)
{
	struct pk_span host = find_authority(url);

	if (host.ptr == NULL || pk_span_starts_with(url, PK_SPAN("//")))
		return (struct pk_span){ NULL, 0 };
	const char *at = memrchr(host.ptr, '@', host.len);
	if (at != NULL)
		host = pk_span_slice(host, (size_t)(at + 1 - host.ptr), host.len);
	if (pk_span_starts_with(host, PK_SPAN("[")))
		return pk_span_slice(host, 1, pk_span_find(host, PK_SPAN("]"), 0));
	return pk_span_split(&host, ':');
}
