/* SPDX-License-Identifier: Apache-2.0 */
#include "config/snapshot.h"

#include "config/loader_priv.h"

#include <assert.h>
#include <errno.h>
#include <stdatomic.h>

#define CONFIG_MEMORY_MAX ((size_t)512 * 1024 * 1024)

struct snapshot {
	struct pk_config config; /* first: what others hold points here */
	struct pk_arena *arena;
	atomic_uint references;
};

struct pk_config *
pk_config_new(struct pk_arena **ret_arena)
{
	struct snapshot *snapshot = calloc(1, sizeof(*snapshot));

	if (snapshot == NULL)
		return NULL;
	snapshot->arena = pk_arena_new(CONFIG_MEMORY_MAX);
	if (snapshot->arena == NULL) {
		free(snapshot);
		return NULL;
	}
	atomic_init(&snapshot->references, 1);
	*ret_arena = snapshot->arena;
	return &snapshot->config;
}

struct pk_config *
pk_config_ref(struct pk_config *config)
{
	struct snapshot *snapshot = (struct snapshot *)config;
	unsigned before =
	    atomic_fetch_add_explicit(&snapshot->references, 1, memory_order_relaxed);

	assert(before > 0);
	return config;
}

struct pk_config *
pk_config_unref(struct pk_config *config)
{
	struct snapshot *snapshot = (struct snapshot *)config;

	if (config == NULL)
		return NULL;
	unsigned before =
	    atomic_fetch_sub_explicit(&snapshot->references, 1, memory_order_acq_rel);
	assert(before > 0);
	if (before == 1) {
		pk_arena_free(snapshot->arena);
		free(snapshot);
	}
	return NULL;
}

/* The order of ids, as the feeds stand. */
static int
compare_ids(struct pk_span a, struct pk_span b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n == 0 ? 0 : memcmp(a.ptr, b.ptr, n);

	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

const struct pk_config_feed *
pk_config_feed(const struct pk_config *config, struct pk_span id)
{
	size_t low = 0, high = config->feeds.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare_ids(id, config->feeds.items[middle].id);
		if (order == 0)
			return &config->feeds.items[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static bool
feeds_equal(const struct pk_config_feed *a, const struct pk_config_feed *b)
{
	if (!pk_span_eq(a->group, b->group))
		return false;
	for (size_t i = 0; i < pk_config_feed_keys.n; i++) {
		const struct pk_key *key = &pk_config_feed_keys.items[i];
		if (!pk_value_equal(key->type, pk_key_field_const(key, a),
			pk_key_field_const(key, b)))
			return false;
	}
	return true;
}

/* Both lists are in the order of ids: one walk finds all. */
static void
diff_feeds(const struct pk_config_feeds *old, const struct pk_config_feeds *new,
    struct pk_config_diff *diff)
{
	size_t i = 0, j = 0;

	while (i < old->n || j < new->n) {
		int order = i == old->n ? 1
			    : j == new->n
				? -1
				: compare_ids(old->items[i].id, new->items[j].id);
		if (order < 0) {
			diff->removed[diff->n_removed++] = &old->items[i++];
		} else if (order > 0) {
			diff->added[diff->n_added++] = &new->items[j++];
		} else {
			if (!feeds_equal(&old->items[i], &new->items[j]))
				diff->changed[diff->n_changed++] = &new->items[j];
			i++;
			j++;
		}
	}
}

static void
diff_keys(const struct pk_config *old, const struct pk_config *new,
    struct pk_config_diff *diff)
{
	for (size_t i = 0; i < pk_config_keys.n; i++) {
		const struct pk_key *key = &pk_config_keys.items[i];
		if (pk_value_equal(key->type, pk_key_field_const(key, old),
			pk_key_field_const(key, new)))
			continue;
		diff->keys[diff->n_keys++] =
		    (struct pk_config_change){ key->path, key->reload };
		diff->rebind |= key->reload == PK_RELOAD_REBIND;
		diff->restart |= key->reload == PK_RELOAD_RESTART;
	}
}

int
pk_config_diff(const struct pk_config *old, const struct pk_config *new,
    struct pk_config_diff *ret_diff)
{
	struct pk_config_diff diff = {
		.added = calloc(new->feeds.n + 1, sizeof(*diff.added)),
		.removed = calloc(old->feeds.n + 1, sizeof(*diff.removed)),
		.changed = calloc(new->feeds.n + 1, sizeof(*diff.changed)),
		.keys = calloc(pk_config_keys.n, sizeof(*diff.keys)),
	};

	if (diff.added == NULL || diff.removed == NULL || diff.changed == NULL ||
	    diff.keys == NULL) {
		pk_config_diff_done(&diff);
		return -ENOMEM;
	}
	diff_feeds(&old->feeds, &new->feeds, &diff);
	diff_keys(old, new, &diff);
	*ret_diff = diff;
	return 0;
}

void
pk_config_diff_done(struct pk_config_diff *diff)
{
	free(diff->added);
	free(diff->removed);
	free(diff->changed);
	free(diff->keys);
	*diff = (struct pk_config_diff){ .keys = NULL };
}
