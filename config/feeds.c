/* SPDX-License-Identifier: Apache-2.0 */
#include "config/loader_priv.h"

#include <errno.h>

struct pk_config_feed
pk_feed_defaults(void)
{
	return (struct pk_config_feed){
		.websub = true,
		.enabled = true,
	};
}

/*
 * Remembers where an id was given. Returns 1 when it is new, 0 when it was taken
 * already (told), or -ENOMEM.
 */
static int
claim(struct pk_loader *loader, struct pk_map *places, const char *what,
    struct pk_span id, const struct pk_source *source, const struct pk_yaml *node)
{
	const struct pk_place *first = pk_map_get(places, id);

	if (first != NULL) {
		pk_complain(loader, source, node, "%s id '%.*s' already defined", what,
		    PK_SPAN_ARG(id));
		pk_report_add(loader->report, PK_CONFIG_NOTE, first->source,
		    first->line, first->column, "first defined here");
		return 0;
	}
	struct pk_place *place = pk_arena_new_of(loader->scratch, struct pk_place);
	if (place == NULL)
		return -ENOMEM;
	*place = (struct pk_place){ source, node->line, node->column };
	return pk_map_set(places, id, place) < 0 ? -ENOMEM : 1;
}

/* Gives the slot for one more feed, or NULL on no memory. */
static struct pk_config_feed *
add_feed(struct pk_loader *loader)
{
	if (loader->n_feeds == loader->cap_feeds) {
		size_t cap = loader->cap_feeds == 0 ? 64 : loader->cap_feeds * 2;
		struct pk_config_feed *grown =
		    reallocarray(loader->feeds, cap, sizeof(*grown));
		if (grown == NULL)
			return NULL;
		loader->feeds = grown;
		loader->cap_feeds = cap;
	}
	return &loader->feeds[loader->n_feeds++];
}

/* What follows from what was said about the publisher. */
static void
complete_publisher(struct pk_config_feed *feed)
{
	struct pk_publisher *p = &feed->publisher;

	if (p->id.ptr == NULL &&
	    (p->native.ptr != NULL || p->latin.ptr != NULL || p->country.ptr != NULL))
		p->id = feed->id;
	if (p->country.ptr == NULL)
		p->country = feed->country;
}

/* Tells about a key that must be there. */
static void
require(struct pk_loader *loader, const struct pk_source *source,
    const struct pk_yaml *node, const struct pk_yaml *given, const char *what,
    struct pk_span id, const char *key)
{
	if (given != NULL || pk_yaml_get(node, pk_span_of(key)) != NULL)
		return;
	if (id.ptr == NULL)
		pk_complain(loader, source, node, "a %s without %s", what, key);
	else
		pk_complain(loader, source, node, "%s '%.*s' has no %s", what,
		    PK_SPAN_ARG(id), key);
}

static int
load_feed(struct pk_loader *loader, const struct pk_source *source,
    const struct pk_yaml *node, const struct pk_config_feed *defaults)
{
	struct pk_config_feed feed = *defaults;
	struct pk_given given = { { NULL } };
	struct pk_parser parser = {
		.loader = loader,
		.source = source,
		.keys = &pk_config_feed_keys,
		.prefix = pk_config_feed_keys.prefix,
		.object = &feed,
		.given = &given,
	};
	int r = pk_parse_mapping(&parser, node);

	if (r < 0 || node->kind != PK_YAML_MAPPING)
		return r;
	loader->report->n_feeds++;
	const struct pk_yaml *id = pk_given_node(&given, &pk_config_feed_keys, "id");
	require(loader, source, node, id, "feed", feed.id, "id");
	require(loader, source, node,
	    pk_given_node(&given, &pk_config_feed_keys, "url"), "feed", feed.id, "url");
	pk_check_interval(loader, source,
	    pk_given_node(&given, &pk_config_feed_keys, "interval"), "feeds[].interval",
	    feed.interval_ms);
	if (feed.id.ptr == NULL)
		return 0;
	r = claim(loader, loader->feed_places, "feed", feed.id, source, id);
	if (r <= 0)
		return r;
	complete_publisher(&feed);
	struct pk_config_feed *slot = add_feed(loader);
	if (slot == NULL)
		return -ENOMEM;
	*slot = feed;
	return 0;
}

/* Is the node a list? An empty one counts as a list of nothing. */
static bool
is_list(struct pk_loader *loader, const struct pk_source *source,
    const struct pk_yaml *node, const char *what)
{
	if (node == NULL || node->empty || node->broken)
		return false;
	if (node->kind == PK_YAML_LIST)
		return true;
	pk_complain(loader, source, node, "%s: %s is not a list", what,
	    pk_yaml_kind_name(node));
	return false;
}

/* An item of a list of feeds or groups, which must say something. */
static bool
is_item(struct pk_loader *loader, const struct pk_source *source,
    const struct pk_yaml *node, const char *what)
{
	if (node->broken)
		return false;
	if (node->empty)
		pk_complain(loader, source, node, "an empty %s", what);
	return !node->empty;
}

int
pk_load_feeds(struct pk_loader *loader, const struct pk_source *source,
    const struct pk_yaml *feeds, const struct pk_config_feed *defaults)
{
	if (!is_list(loader, source, feeds, "feeds"))
		return 0;
	for (const struct pk_yaml *node = feeds->first; node != NULL;
	     node = node->next) {
		if (loader->report->n_feeds == PK_CONFIG_FEEDS_MAX) {
			pk_complain(loader, source, node, "more than %d feeds",
			    PK_CONFIG_FEEDS_MAX);
			return 0;
		}
		if (!is_item(loader, source, node, "feed"))
			continue;
		int r = load_feed(loader, source, node, defaults);
		if (r < 0)
			return r;
	}
	return 0;
}

/* What the feeds of a group begin with. */
static int
load_defaults(struct pk_loader *loader, const struct pk_source *source,
    const struct pk_yaml *node, struct pk_config_feed *defaults)
{
	struct pk_given given = { { NULL } };
	struct pk_parser parser = {
		.loader = loader,
		.source = source,
		.keys = &pk_config_feed_keys,
		.prefix = "groups[].defaults.",
		.object = defaults,
		.defaults = true,
		.given = &given,
	};

	if (node == NULL)
		return 0;
	int r = pk_parse_mapping(&parser, node);
	if (r == 0)
		pk_check_interval(loader, source,
		    pk_given_node(&given, &pk_config_feed_keys, "interval"),
		    "groups[].defaults.interval", defaults->interval_ms);
	return r;
}

/* Claims the group's id and puts it on the list. Returns 0 or -ENOMEM. */
static int
claim_group(struct pk_loader *loader, const struct pk_source *source, struct pk_span id,
    const struct pk_yaml *node)
{
	int r = claim(loader, loader->group_places, "group", id, source, node);

	if (r <= 0)
		return r;
	struct pk_span *slot = pk_array_push(loader->scratch, &loader->groups);
	if (slot == NULL)
		return -ENOMEM;
	*slot = id;
	return 0;
}

static int
load_group(struct pk_loader *loader, const struct pk_source *source,
    const struct pk_yaml *node)
{
	struct pk_config_feed defaults = pk_feed_defaults();
	struct pk_config_group group = { .id = { NULL, 0 } };
	struct pk_given given = { { NULL } };
	struct pk_parser parser = {
		.loader = loader,
		.source = source,
		.keys = &pk_config_group_keys,
		.prefix = pk_config_group_keys.prefix,
		.object = &group,
		.given = &given,
	};
	int r = pk_parse_mapping(&parser, node);

	if (r < 0 || node->kind != PK_YAML_MAPPING)
		return r;
	loader->report->n_groups++;
	const struct pk_yaml *id = pk_given_node(&given, &pk_config_group_keys, "id");
	require(loader, source, node, id, "group", group.id, "id");
	if (group.id.ptr != NULL)
		r = claim_group(loader, source, group.id, id);
	defaults.group = group.id;
	if (r == 0)
		r = load_defaults(loader, source,
		    pk_given_node(&given, &pk_config_group_keys, "defaults"),
		    &defaults);
	if (r == 0)
		r = pk_load_feeds(loader, source,
		    pk_given_node(&given, &pk_config_group_keys, "feeds"), &defaults);
	return r;
}

int
pk_load_groups(struct pk_loader *loader, const struct pk_source *source,
    const struct pk_yaml *groups)
{
	if (!is_list(loader, source, groups, "groups"))
		return 0;
	for (const struct pk_yaml *node = groups->first; node != NULL;
	     node = node->next) {
		if (!is_item(loader, source, node, "group"))
			continue;
		int r = load_group(loader, source, node);
		if (r < 0)
			return r;
	}
	return 0;
}

static int
compare_spans(struct pk_span a, struct pk_span b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n == 0 ? 0 : memcmp(a.ptr, b.ptr, n);

	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static int
compare_feeds(const void *a, const void *b)
{
	const struct pk_config_feed *x = a, *y = b;

	return compare_spans(x->id, y->id);
}

static int
compare_groups(const void *a, const void *b)
{
	const struct pk_span *x = a, *y = b;

	return compare_spans(*x, *y);
}

int
pk_load_finish(struct pk_loader *loader)
{
	struct pk_config *config = loader->config;
	size_t n_feeds = loader->n_feeds, n_groups = loader->groups.len;
	struct pk_config_feed *feeds =
	    pk_arena_calloc(loader->arena, n_feeds + 1, sizeof(*feeds));
	struct pk_span *groups =
	    pk_arena_calloc(loader->arena, n_groups + 1, sizeof(*groups));

	if (feeds == NULL || groups == NULL)
		return -ENOMEM;
	if (n_feeds > 0)
		memcpy(feeds, loader->feeds, n_feeds * sizeof(*feeds));
	if (n_groups > 0)
		memcpy(groups, loader->groups.items, n_groups * sizeof(*groups));
	qsort(feeds, n_feeds, sizeof(*feeds), compare_feeds);
	qsort(groups, n_groups, sizeof(*groups), compare_groups);
	config->feeds = (struct pk_config_feeds){ feeds, n_feeds };
	config->groups = (struct pk_config_texts){ groups, n_groups };
	return 0;
}
