/* SPDX-License-Identifier: Apache-2.0 */
#include "base/domain.h"

#include "base/cleanup.h"

#include <libpsl.h>

#include <stdlib.h>

/* Longer names are no host names (RFC 1035), but three bytes may stand for one. */
#define HOST_MAX 765

static void
psl_done(char **name)
{
	psl_free_string(*name);
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = pk_ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Numbers at the end make an address of the old forms too: 127.1, 0x7f.1. */
static bool
is_address(struct pk_span host)
{
	const char *dot = memrchr(host.ptr, '.', host.len);
	size_t last = dot == NULL ? 0 : (size_t)(dot + 1 - host.ptr);

	return memchr(host.ptr, ':', host.len) != NULL ||
	       (last < host.len && host.ptr[last] >= '0' && host.ptr[last] <= '9');
}

/* As the list has it: a to z, bytes instead of their percent signs. A dot that was
 * encoded stays so, because labels are counted in both. Returns whether it is ASCII. */
static bool
decode(struct pk_span host, char name[static HOST_MAX + 1])
{
	size_t n = 0;
	bool ascii = true;

	for (size_t i = 0; i < host.len; i++) {
		char c = host.ptr[i];
		if (c == '%' && i + 2 < host.len && hex_value(host.ptr[i + 1]) >= 8 &&
		    hex_value(host.ptr[i + 2]) >= 0) {
			c = (char)(hex_value(host.ptr[i + 1]) * 16 +
				   hex_value(host.ptr[i + 2]));
			i += 2;
		}
		ascii = ascii && (unsigned char)c < 0x80;
		name[n++] = pk_ascii_lower(c);
	}
	name[n] = '\0';
	return ascii;
}

static size_t
count_dots(const char *name)
{
	size_t n = 0;

	for (; *name != '\0'; name++)
		n += *name == '.';
	return n;
}

static struct pk_span
last_labels(struct pk_span host, size_t dots)
{
	for (size_t at = host.len; at > 0; at--)
		if (host.ptr[at - 1] == '.' && dots-- == 0)
			return pk_span_slice(host, at, host.len);
	return host;
}

struct pk_span
pk_domain_registrable(struct pk_span host)
{
	pk_cleanup(psl_done) char *lower = NULL;
	char name[HOST_MAX + 1];

	if (pk_span_ends_with(host, PK_SPAN(".")))
		host.len--;
	if (host.len == 0 || host.len > HOST_MAX || is_address(host) ||
	    memchr(host.ptr, '\0', host.len) != NULL)
		return host;
	bool ascii = decode(host, name);
	if (!ascii && psl_str_to_utf8lower(name, "utf-8", NULL, &lower) != PSL_SUCCESS)
		return host;
	const char *own =
	    psl_registrable_domain(psl_builtin(), lower != NULL ? lower : name);
	return own == NULL ? host : last_labels(host, count_dots(own));
}
