/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config/key.h - options.def as tables, for those who walk over all keys.
 */
#ifndef PEYK_CONFIG_KEY_H
#define PEYK_CONFIG_KEY_H

#include "config/snapshot.h"
#include "config/value.h"

struct pk_key {
	const char *path; /* "fetch.timeouts.total" */
	const char *fallback, *min, *max, *help;
	enum pk_value_type type;
	enum pk_reload reload;
	bool in_defaults; /* feeds only: a group's defaults may hold it */
	size_t offset;    /* of the field in its struct */
};

/* What a group says about itself. */
struct pk_config_group {
	struct pk_span id;
};

struct pk_keys {
	const char *prefix; /* how messages name a key of the table: "feeds[]." */
	const struct pk_key *items;
	size_t n;
};

extern const struct pk_keys pk_config_keys;       /* of struct pk_config */
extern const struct pk_keys pk_config_feed_keys;  /* of struct pk_config_feed */
extern const struct pk_keys pk_config_group_keys; /* of struct pk_config_group */

/* The key of exactly this path, or NULL. */
const struct pk_key *pk_key_find(const struct pk_keys *keys, struct pk_span path);

static inline void *
pk_key_field(const struct pk_key *key, void *object)
{
	return (char *)object + key->offset;
}

static inline const void *
pk_key_field_const(const struct pk_key *key, const void *object)
{
	return (const char *)object + key->offset;
}

#endif
