/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/http/address.h - which addresses may be connected to?
 *
 * A feed may name any host, and any host may resolve to an address of the network that
 * peykd runs in. So the address itself is asked for, at the moment of connecting, for
 * every hop: private, loopback, link-local and reserved networks are refused (IANA
 * special-purpose registries, RFC 6890), also where they hide in an IPv6 address.
 */
#ifndef PEYK_FETCH_HTTP_ADDRESS_H
#define PEYK_FETCH_HTTP_ADDRESS_H

#include "base/span.h"

#include <sys/socket.h>

/* A network; IPv4 is written as IPv4-mapped IPv6, its prefix length plus 96. */
struct pk_network {
	uint8_t bytes[16];
	unsigned bits;
};

/*
 * Reads "10.0.0.0/8", "fd00::/8" or an address alone (the network of just that one).
 * Bits behind the prefix are ignored. Returns 0 or -EBADMSG.
 */
int pk_network_parse(struct pk_span text, struct pk_network *ret_network);

/* Both arrays are borrowed. */
struct pk_address_rules {
	const struct pk_network *allow; /* holes: allowed whatever they are, any port */
	size_t n_allow;
	const uint16_t *ports; /* allowed ports; none: 80, 443, 8080, 8443 */
	size_t n_ports;
};

enum pk_address_verdict {
	PK_ADDRESS_FINE,
	PK_ADDRESS_PRIVATE, /* not a public unicast address */
	PK_ADDRESS_PORT,    /* public, but the port is not allowed */
};

/* Any family but IPv4 and IPv6 is private. Any thread. */
enum pk_address_verdict pk_address_check(
    const struct pk_address_rules *rules, const struct sockaddr *address);

#endif
