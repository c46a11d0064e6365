/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/http/address.h"

#include "base/cleanup.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>

#define V4(a, b, c, d, n)                                                              \
	{                                                                              \
		{ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, a, b, c, d }, 96 + (n)     \
	}

/* clang-format off */
static const struct pk_network denied_v4[] = {
	V4(0, 0, 0, 0, 8),       /* this network */
	V4(10, 0, 0, 0, 8),      /* private */
	V4(100, 64, 0, 0, 10),   /* carrier-grade NAT */
	V4(127, 0, 0, 0, 8),     /* loopback */
	V4(169, 254, 0, 0, 16),  /* link-local; cloud metadata */
	V4(172, 16, 0, 0, 12),   /* private */
	V4(192, 0, 0, 0, 24),    /* protocol assignments */
	V4(192, 0, 2, 0, 24),    /* documentation */
	V4(192, 88, 99, 0, 24),  /* 6to4 relays */
	V4(192, 168, 0, 0, 16),  /* private */
	V4(198, 18, 0, 0, 15),   /* benchmarks */
	V4(198, 51, 100, 0, 24), /* documentation */
	V4(203, 0, 113, 0, 24),  /* documentation */
	V4(224, 0, 0, 0, 4),     /* multicast */
	V4(240, 0, 0, 0, 4),     /* reserved, broadcast */
};

/* Global unicast is 2000::/3; these are not, although they lie in it. */
static const struct pk_network denied_v6[] = {
	{ { 0x20, 0x01, 0x00 }, 23 },             /* Teredo, ORCHID, benchmarks ... */
	{ { 0x20, 0x01, 0x0D, 0xB8 }, 32 },       /* documentation */
	{ { 0x3F, 0xFF, 0x00 }, 20 },             /* documentation */
};

static const struct pk_network global_v6 = { { 0x20 }, 3 };
static const struct pk_network mapped_v4 = V4(0, 0, 0, 0, 0);

/* IPv6 that carries an IPv4 address: who is reached is decided by that one. */
static const struct carrier {
	struct pk_network network;
	size_t at;
} carriers[] = {
	{ V4(0, 0, 0, 0, 0), 12 },                      /* ::ffff:a.b.c.d */
	{ { { 0x00, 0x64, 0xFF, 0x9B }, 96 }, 12 },     /* NAT64, RFC 6052 */
	{ { { 0x20, 0x02 }, 16 }, 2 },                  /* 6to4, RFC 3056 */
};
/* clang-format on */

static const uint16_t usual_ports[] = { 80, 443, 8080, 8443 };

static bool
network_has(const struct pk_network *network, const uint8_t bytes[static 16])
{
	unsigned whole = network->bits / 8, rest = network->bits % 8;

	if (memcmp(network->bytes, bytes, whole) != 0)
		return false;
	return rest == 0 || (network->bytes[whole] ^ bytes[whole]) >> (8 - rest) == 0;
}

static bool
any_has(const struct pk_network *networks, size_t n, const uint8_t bytes[static 16])
{
	for (size_t i = 0; i < n; i++)
		if (network_has(&networks[i], bytes))
			return true;
	return false;
}

static void
map_v4(const void *v4, uint8_t ret_bytes[static 16])
{
	memcpy(ret_bytes, mapped_v4.bytes, 12);
	memcpy(ret_bytes + 12, v4, 4);
}

int
pk_network_parse(struct pk_span text, struct pk_network *ret_network)
{
	char address[INET6_ADDRSTRLEN + 1];
	struct pk_network network;
	struct pk_span rest = text;
	struct pk_span host = pk_span_split(&rest, '/');
	struct in_addr v4;
	int64_t bits, most = 128;

	if (host.len == 0 || host.len >= sizeof(address))
		return -EBADMSG;
	memcpy(address, host.ptr, host.len);
	address[host.len] = '\0';
	if (strlen(address) != host.len)
		return -EBADMSG;

	if (inet_pton(AF_INET, address, &v4) == 1) {
		map_v4(&v4, network.bytes);
		most = 32;
	} else if (inet_pton(AF_INET6, address, network.bytes) != 1) {
		return -EBADMSG;
	}
	bits = most;
	if (rest.ptr != NULL &&
	    (pk_span_to_int64(rest, &bits) < 0 || bits < 0 || bits > most))
		return -EBADMSG;
	network.bits = (unsigned)(bits + 128 - most);
	*ret_network = network;
	return 0;
}

static bool
is_public(const uint8_t bytes[static 16])
{
	for (size_t i = 0; i < PK_COUNT(carriers); i++) {
		if (network_has(&carriers[i].network, bytes)) {
			uint8_t inner[16];
			map_v4(bytes + carriers[i].at, inner);
			return !any_has(denied_v4, PK_COUNT(denied_v4), inner);
		}
	}
	return network_has(&global_v6, bytes) &&
	       !any_has(denied_v6, PK_COUNT(denied_v6), bytes);
}

static bool
port_allowed(const struct pk_address_rules *rules, uint16_t port)
{
	const uint16_t *ports = rules->n_ports > 0 ? rules->ports : usual_ports;
	size_t n = rules->n_ports > 0 ? rules->n_ports : PK_COUNT(usual_ports);

	for (size_t i = 0; i < n; i++)
		if (ports[i] == port)
			return true;
	return false;
}

enum pk_address_verdict
pk_address_check(const struct pk_address_rules *rules, const struct sockaddr *address)
{
	uint8_t bytes[16];
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	uint16_t port;

	/* Copied, because a sockaddr that a library hands over may be aligned for its
	 * own type only. */
	if (address->sa_family == AF_INET) {
		memcpy(&v4, address, sizeof(v4));
		map_v4(&v4.sin_addr, bytes);
		port = ntohs(v4.sin_port);
	} else if (address->sa_family == AF_INET6) {
		memcpy(&v6, address, sizeof(v6));
		memcpy(bytes, &v6.sin6_addr, sizeof(bytes));
		port = ntohs(v6.sin6_port);
	} else {
		return PK_ADDRESS_PRIVATE;
	}
	if (any_has(rules->allow, rules->n_allow, bytes))
		return PK_ADDRESS_FINE;
	if (!is_public(bytes))
		return PK_ADDRESS_PRIVATE;
	return port_allowed(rules, port) ? PK_ADDRESS_FINE : PK_ADDRESS_PORT;
}
