/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/http/hub.h"

#include "base/hmac.h"

#include <errno.h>
#include <inttypes.h>

#define PATH PK_SPAN("/websub/")

/* ---- what we ask ---- */

/* A-Z a-z 0-9 - . _ ~ need no escape (RFC 3986, section 2.3). */
static bool
is_unreserved(char c)
{
	char lower = pk_ascii_lower(c);

	return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
	       c == '.' || c == '_' || c == '~';
}

static int
append_value(struct pk_buf *buf, struct pk_span value)
{
	int r = 0;

	for (size_t i = 0; i < value.len && r == 0; i++) {
		char c = value.ptr[i];
		r = is_unreserved(c)
			? pk_buf_append_char(buf, c)
			: pk_buf_printf(buf, "%%%02X", (unsigned)(unsigned char)c);
	}
	return r;
}

static int
append_field(struct pk_buf *buf, const char *name, struct pk_span value)
{
	int r = pk_buf_append(buf, pk_span_of(name));

	return r < 0 ? r : append_value(buf, value);
}

static struct pk_span
without_slash(struct pk_span base)
{
	while (base.len > 0 && base.ptr[base.len - 1] == '/')
		base.len--;
	return base;
}

int
pk_hub_write_form(const struct pk_hub_request *request, struct pk_buf *buf)
{
	/* hub.verify is for hubs from before the standard; others pass over it */
	int r = pk_buf_append(
	    buf, request->leave ? PK_SPAN("hub.mode=unsubscribe&hub.verify=async")
				: PK_SPAN("hub.mode=subscribe&hub.verify=async"));

	if (r == 0)
		r = append_field(buf, "&hub.topic=", request->topic);
	if (r == 0)
		r = append_field(
		    buf, "&hub.callback=", without_slash(request->callback));
	if (r == 0)
		r = append_value(buf, PATH);
	if (r == 0)
		r = append_value(buf, request->token);
	if (r < 0 || request->leave)
		return r;
	r = append_field(buf, "&hub.secret=", request->secret);
	return r < 0 ? r
		     : pk_buf_printf(buf, "&hub.lease_seconds=%" PRId64,
			   request->lease_ms / 1000);
}

/* ---- what the hub asks back ---- */

static int
hex_digit(char c)
{
	char lower = pk_ascii_lower(c);

	if (c >= '0' && c <= '9')
		return c - '0';
	return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool
pk_hub_read_path(struct pk_span path, struct pk_span *ret_token)
{
	size_t start = path.len - PK_HUB_TOKEN_LEN;

	if (path.len < PATH.len + PK_HUB_TOKEN_LEN ||
	    !pk_span_ends_with(pk_span_slice(path, 0, start), PATH))
		return false;
	for (size_t i = start; i < path.len; i++)
		if (hex_digit(path.ptr[i]) < 0)
			return false;
	*ret_token = pk_span_slice(path, start, path.len);
	return true;
}

enum pk_hub_answer
pk_hub_judge(const struct pk_hub_intent *intent, struct pk_span topic, bool leaving)
{
	if (!pk_span_eq(intent->topic, topic))
		return PK_HUB_REFUSE;
	if (pk_span_eq(intent->mode, PK_SPAN("denied")))
		return PK_HUB_DENIED;
	if (intent->challenge.len == 0 || intent->challenge.len > PK_HUB_CHALLENGE_MAX)
		return PK_HUB_REFUSE;
	if (pk_span_eq(intent->mode, PK_SPAN("subscribe")) && !leaving)
		return PK_HUB_SUBSCRIBED;
	if (pk_span_eq(intent->mode, PK_SPAN("unsubscribe")) && leaving)
		return PK_HUB_UNSUBSCRIBED;
	return PK_HUB_REFUSE;
}

int64_t
pk_hub_lease_ms(const struct pk_hub_intent *intent, int64_t asked_ms)
{
	int64_t lease_s;
	int r = pk_span_to_int64(pk_span_trim(intent->lease_seconds), &lease_s);

	if (r == -ERANGE || (r == 0 && lease_s > PK_HUB_LEASE_MAX_MS / 1000))
		return PK_HUB_LEASE_MAX_MS;
	return r == 0 && lease_s > 0 ? lease_s * 1000 : asked_ms;
}

int64_t
pk_hub_renew_ms(int64_t lease_ms, uint64_t random)
{
	/* between 75 and 85 hundredths */
	int64_t wait_ms =
	    lease_ms / 100 * 75 + (int64_t)(random % 1000) * lease_ms / 10000;

	return wait_ms < PK_HUB_RENEW_MIN_MS ? PK_HUB_RENEW_MIN_MS : wait_ms;
}

/* ---- what the hub sends ---- */

static bool
read_hex(struct pk_span hex, unsigned char ret_bytes[static PK_HMAC_MAX])
{
	for (size_t i = 0; i < hex.len / 2; i++) {
		int high = hex_digit(hex.ptr[2 * i]);
		int low = hex_digit(hex.ptr[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		ret_bytes[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

bool
pk_hub_is_signed(struct pk_span signature, struct pk_span secret, struct pk_span bytes)
{
	struct pk_span hex = pk_span_trim(signature);
	unsigned char said[PK_HMAC_MAX], digest[PK_HMAC_MAX];
	enum pk_hmac method;

	if (hex.len == 0)
		return false;
	struct pk_span name = pk_span_split(&hex, '=');
	if (pk_hmac_find(name, &method) < 0 || hex.len != 2 * pk_hmac_size(method) ||
	    !read_hex(hex, said))
		return false;
	pk_hmac(method, secret, bytes, digest);
	return pk_hmac_equal(said, digest, pk_hmac_size(method));
}
