/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/http/address.h"

#include "base/cleanup.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/un.h>

#include <cmocka.h>

static const char *const public_addresses[] = {
	"1.1.1.1",
	"9.255.255.255",
	"11.0.0.0",
	"100.63.255.255",
	"100.128.0.0",
	"126.255.255.255",
	"128.0.0.0",
	"169.253.255.255",
	"172.15.255.255",
	"172.32.0.0",
	"192.0.1.0",
	"192.167.255.255",
	"198.17.255.255",
	"198.20.0.0",
	"223.255.255.255",
	"2000::1",
	"2001:200::1",
	"2001:db7::1",
	"2606:4700::1111",
	"2a00::1",
	"3ffe:ffff::1",
	"::ffff:1.1.1.1",
	"64:ff9b::1.1.1.1",
	"2002:101:101::1",
};

static const char *const private_addresses[] = {
	/* in plain sight */
	"0.0.0.0",
	"0.1.2.3",
	"10.0.0.1",
	"10.255.255.255",
	"100.64.0.0",
	"100.127.255.255",
	"127.0.0.1",
	"127.255.255.255",
	"169.254.169.254",
	"172.16.0.0",
	"172.31.255.255",
	"192.0.0.1",
	"192.0.2.1",
	"192.88.99.1",
	"192.168.0.1",
	"198.18.0.1",
	"198.19.255.255",
	"198.51.100.1",
	"203.0.113.1",
	"224.0.0.1",
	"239.255.255.255",
	"240.0.0.1",
	"255.255.255.255",
	/* IPv6 of its own */
	"::",
	"::1",
	"fe80::1",
	"fc00::1",
	"fdff::1",
	"ff02::1",
	"fec0::1",
	"100::1",
	"2001::1",
	"2001:10::1",
	"2001:1ff::1",
	"2001:db8::1",
	"3fff::1",
	"3fff:fff::1",
	"4000::1",
	"1fff::1",
	"5f00::1",
	/* IPv4 within */
	"::ffff:127.0.0.1",
	"::ffff:10.0.0.1",
	"::ffff:0.0.0.0",
	"::127.0.0.1",
	"::10.0.0.1",
	"64:ff9b::10.0.0.1",
	"64:ff9b::169.254.169.254",
	"64:ff9b:1::1.1.1.1",
	"2002:7f00:1::",
	"2002:a00:1::1",
	"2002:c0a8:1::1",
};

static enum pk_address_verdict
check(const struct pk_address_rules *rules, const char *address, uint16_t port)
{
	struct sockaddr_storage storage = { 0 };
	struct sockaddr_in *v4 = (struct sockaddr_in *)&storage;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&storage;

	if (inet_pton(AF_INET, address, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
	} else {
		assert_int_equal(inet_pton(AF_INET6, address, &v6->sin6_addr), 1);
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(port);
	}
	return pk_address_check(rules, (const struct sockaddr *)&storage);
}

static void
the_public_internet_is_open(void **state)
{
	const struct pk_address_rules rules = { 0 };

	(void)state;
	for (size_t i = 0; i < PK_COUNT(public_addresses); i++)
		if (check(&rules, public_addresses[i], 443) != PK_ADDRESS_FINE)
			fail_msg("%s is public", public_addresses[i]);
}

static void
private_networks_are_closed(void **state)
{
	const struct pk_address_rules rules = { 0 };

	(void)state;
	for (size_t i = 0; i < PK_COUNT(private_addresses); i++)
		if (check(&rules, private_addresses[i], 443) != PK_ADDRESS_PRIVATE)
			fail_msg("%s is not public", private_addresses[i]);
}

static void
a_hole_is_as_wide_as_it_says(void **state)
{
	struct pk_network allow[2];
	const struct pk_address_rules rules = { .allow = allow, .n_allow = 2 };

	(void)state;
	assert_int_equal(pk_network_parse(PK_SPAN("127.0.0.8/29"), &allow[0]), 0);
	assert_int_equal(pk_network_parse(PK_SPAN("fd00:1::/32"), &allow[1]), 0);
	assert_int_equal(check(&rules, "127.0.0.7", 80), PK_ADDRESS_PRIVATE);
	assert_int_equal(check(&rules, "127.0.0.8", 80), PK_ADDRESS_FINE);
	assert_int_equal(check(&rules, "127.0.0.15", 80), PK_ADDRESS_FINE);
	assert_int_equal(check(&rules, "127.0.0.16", 80), PK_ADDRESS_PRIVATE);
	assert_int_equal(check(&rules, "::ffff:127.0.0.9", 80), PK_ADDRESS_FINE);
	assert_int_equal(check(&rules, "fd00:1:ffff::1", 80), PK_ADDRESS_FINE);
	assert_int_equal(check(&rules, "fd00:2::1", 80), PK_ADDRESS_PRIVATE);
}

static void
ports_count_but_not_in_a_hole(void **state)
{
	static const uint16_t ports[] = { 8000 };
	struct pk_network allow;
	const struct pk_address_rules usual = { .allow = &allow, .n_allow = 1 };
	const struct pk_address_rules own = { .ports = ports, .n_ports = 1 };

	(void)state;
	assert_int_equal(pk_network_parse(PK_SPAN("127.0.0.1"), &allow), 0);
	assert_int_equal(check(&usual, "1.1.1.1", 8443), PK_ADDRESS_FINE);
	assert_int_equal(check(&usual, "1.1.1.1", 25), PK_ADDRESS_PORT);
	assert_int_equal(check(&usual, "127.0.0.1", 25), PK_ADDRESS_FINE);
	assert_int_equal(check(&usual, "127.0.0.2", 80), PK_ADDRESS_PRIVATE);
	assert_int_equal(check(&own, "1.1.1.1", 8000), PK_ADDRESS_FINE);
	assert_int_equal(check(&own, "1.1.1.1", 443), PK_ADDRESS_PORT);
}

static void
other_families_are_closed(void **state)
{
	const struct pk_address_rules rules = { 0 };
	const struct sockaddr_un local = { .sun_family = AF_UNIX };

	(void)state;
	assert_int_equal(pk_address_check(&rules, (const struct sockaddr *)&local),
	    PK_ADDRESS_PRIVATE);
}

static void
networks_are_read_or_refused(void **state)
{
	static const char *const bad[] = { "", "/8", "10.0.0.0/33", "10.0.0.0/-1",
		"10.0.0.0/", "10.0.0.0/8/8", "10.0.0/8", "::/129", "localhost",
		"10.0.0.1 " };
	struct pk_network network;

	(void)state;
	for (size_t i = 0; i < PK_COUNT(bad); i++)
		if (pk_network_parse(pk_span_of(bad[i]), &network) != -EBADMSG)
			fail_msg("\"%s\" is no network", bad[i]);
	assert_int_equal(
	    pk_network_parse((struct pk_span){ "10.0.0.1\0x", 10 }, &network),
	    -EBADMSG);
	assert_int_equal(pk_network_parse(PK_SPAN("0.0.0.0/0"), &network), 0);
	assert_int_equal(network.bits, 96);
	assert_int_equal(pk_network_parse(PK_SPAN("::1"), &network), 0);
	assert_int_equal(network.bits, 128);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_public_internet_is_open),
		cmocka_unit_test(private_networks_are_closed),
		cmocka_unit_test(a_hole_is_as_wide_as_it_says),
		cmocka_unit_test(ports_count_but_not_in_a_hole),
		cmocka_unit_test(other_families_are_closed),
		cmocka_unit_test(networks_are_read_or_refused),
	};

	return cmocka_run_group_tests_name("fetch/http/address", tests, NULL, NULL);
}
