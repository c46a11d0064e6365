/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/story/party.h"

static const char *
field(struct pk_party p, const char *key)
{
	const char *value = json_string_value(json_object_get(p.entity, key));

	return value == NULL ? "" : value;
}

static const char *
role_field(struct pk_party p, const char *key)
{
	const char *value =
	    json_string_value(json_object_get(json_object_get(p.entity, "role"), key));

	return value == NULL ? "" : value;
}

static const char *
name(struct pk_party p)
{
	const char *value = json_string_value(
	    json_object_get(json_object_get(p.entity, "name"), "native"));

	return value == NULL ? "" : value;
}

static bool
both(const char *a, const char *b)
{
	return a[0] != '\0' && b[0] != '\0';
}

/* Equal and not absent. */
static bool
same(const char *a, const char *b)
{
	return both(a, b) && strcmp(a, b) == 0;
}

static bool
is_kind(struct pk_party p, const char *kind)
{
	return strcmp(field(p, "kind"), kind) == 0;
}

/* The hashes know words from other keyboards. */
static bool
same_words(struct pk_party a, struct pk_party b, const char *x, const char *y)
{
	return a.who != 0 && b.who != 0 ? a.who == b.who : same(x, y);
}

static bool
same_role(struct pk_party a, struct pk_party b)
{
	return same(role_field(a, "role_id"), role_field(b, "role_id")) &&
	       strcmp(role_field(a, "status"), role_field(b, "status")) == 0;
}

static bool
is_same(struct pk_party a, struct pk_party b)
{
	if (both(field(a, "id"), field(b, "id")))
		return same(field(a, "id"), field(b, "id"));
	bool named = both(name(a), name(b));
	if (named && is_kind(a, "person") && is_kind(b, "person"))
		return same_words(a, b, name(a), name(b));
	if (same(field(a, "country"), field(b, "country")))
		return (same_role(a, b) && !named) ||
		       (is_kind(a, "state") && is_kind(b, "state"));
	return field(a, "country")[0] == '\0' && field(b, "country")[0] == '\0' &&
	       (name(a)[0] == '\0') == (name(b)[0] == '\0') &&
	       same_words(a, b, field(a, "text"), field(b, "text"));
}

static bool
was(struct pk_party p)
{
	return strcmp(role_field(p, "status"), "then") == 0;
}

/* Two people of a country: one of them without a name may be the other. */
static bool
may_be_one(struct pk_party a, struct pk_party b)
{
	const char *x = role_field(a, "role_id"), *y = role_field(b, "role_id");

	return !was(a) && !was(b) && !both(name(a), name(b)) &&
	       (!both(x, y) || strcmp(x, y) == 0);
}

bool
pk_party_compatible(struct pk_party a, struct pk_party b)
{
	if (is_same(a, b))
		return true;
	if (!same(field(a, "country"), field(b, "country")))
		return false;
	return !is_kind(a, "person") || !is_kind(b, "person") || may_be_one(a, b);
}

bool
pk_parties_covered(
    const struct pk_party *a, size_t n_a, const struct pk_party *b, size_t n_b)
{
	for (size_t i = 0; i < n_a; i++) {
		bool found = false;

		for (size_t k = 0; k < n_b && !found; k++)
			found = pk_party_compatible(a[i], b[k]);
		if (!found)
			return false;
	}
	return true;
}
