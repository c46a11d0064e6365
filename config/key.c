/* SPDX-License-Identifier: Apache-2.0 */
#include "config/key.h"

static const struct pk_key config_table[] = {
#define OPTION(TYPE, path_, field_, default_, min_, max_, RELOAD, help_)               \
	{ .path = (path_),                                                             \
		.fallback = (default_),                                                \
		.min = (min_),                                                         \
		.max = (max_),                                                         \
		.help = (help_),                                                       \
		.type = PK_VALUE_##TYPE,                                               \
		.reload = PK_RELOAD_##RELOAD,                                          \
		.offset = offsetof(struct pk_config, field_) },
#include "config/options.def"
#undef OPTION
};

static const struct pk_key feed_table[] = {
#define WHERE_FEED false
#define WHERE_ANY  true
#define FEED_OPTION(TYPE, WHERE, path_, field_, min_, max_, help_)                     \
	{ .path = (path_),                                                             \
		.min = (min_),                                                         \
		.max = (max_),                                                         \
		.help = (help_),                                                       \
		.type = PK_VALUE_##TYPE,                                               \
		.in_defaults = WHERE_##WHERE,                                          \
		.offset = offsetof(struct pk_config_feed, field_) },
#include "config/options.def"
#undef FEED_OPTION
};

static const struct pk_key group_table[] = {
#define GROUP_OPTION(TYPE, path_, field_, help_)                                       \
	{ .path = (path_),                                                             \
		.min = "",                                                             \
		.max = "",                                                             \
		.help = (help_),                                                       \
		.type = PK_VALUE_##TYPE,                                               \
		.offset = offsetof(struct pk_config_group, field_) },
#include "config/options.def"
#undef GROUP_OPTION
};

const struct pk_keys pk_config_keys = { "", config_table, PK_COUNT(config_table) };
const struct pk_keys pk_config_feed_keys = { "feeds[].", feed_table,
	PK_COUNT(feed_table) };
const struct pk_keys pk_config_group_keys = { "groups[].", group_table,
	PK_COUNT(group_table) };

const struct pk_key *
pk_key_find(const struct pk_keys *keys, struct pk_span path)
{
	for (size_t i = 0; i < keys->n; i++) {
		if (pk_span_eq(pk_span_of(keys->items[i].path), path))
			return &keys->items[i];
	}
	return NULL;
}
