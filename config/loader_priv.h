/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config/loader_priv.h - a configuration while it is made.
 *
 * load.c finds the files, parse.c turns keys into fields by the tables, feeds.c builds
 * the feeds, check.c holds the rules between keys.
 */
#ifndef PEYK_CONFIG_LOADER_PRIV_H
#define PEYK_CONFIG_LOADER_PRIV_H

#include "base/map.h"
#include "config/config.h"
#include "config/key.h"
#include "config/yaml.h"

/* More than any table has. */
#define PK_KEYS_MAX 64

/* Where each key of a table was given; NULL where it was not. */
struct pk_given {
	const struct pk_yaml *nodes[PK_KEYS_MAX];
};

struct pk_loader {
	struct pk_config *config;
	struct pk_arena *arena;   /* the configuration's */
	struct pk_arena *scratch; /* for what is only needed while loading */
	struct pk_config_report *report;
	bool from_text; /* no files: includes are refused */
	PK_ARRAY(const struct pk_file *) files;
	struct pk_config_feed *feeds; /* from malloc() */
	size_t n_feeds;
	size_t cap_feeds;
	struct pk_map *feed_places;  /* id -> struct pk_place */
	struct pk_map *group_places; /* the same */
	PK_ARRAY(struct pk_span) groups;
	struct pk_given given; /* of the first file */
};

struct pk_place {
	const struct pk_source *source;
	unsigned line;
	unsigned column;
};

/* Turns the keys of a mapping into the fields of an object. */
struct pk_parser {
	struct pk_loader *loader;
	const struct pk_source *source;
	const struct pk_keys *keys;
	const char *prefix; /* of keys in messages: "", "feeds[]." */
	void *object;
	bool defaults; /* only what may stand in a group's defaults */
	struct pk_given *given;
};

/*
 * Reads a mapping. What is wrong goes to the report and leaves its field alone.
 * Returns 0 or -ENOMEM.
 */
int pk_parse_mapping(const struct pk_parser *parser, const struct pk_yaml *mapping);

/* Adds an error at a node. */
void pk_complain(const struct pk_loader *loader, const struct pk_source *source,
    const struct pk_yaml *node, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Fills the fields by the defaults of options.def. Returns 0 or -ENOMEM. */
int pk_parse_defaults(struct pk_loader *loader);

/* Where the key of this path was given, or NULL. */
const struct pk_yaml *pk_given_node(
    const struct pk_given *given, const struct pk_keys *keys, const char *path);

/* Adds the feeds of the lists "groups" and "feeds". Returns 0 or -ENOMEM. */
int pk_load_groups(struct pk_loader *loader, const struct pk_source *source,
    const struct pk_yaml *groups);
int pk_load_feeds(struct pk_loader *loader, const struct pk_source *source,
    const struct pk_yaml *feeds, const struct pk_config_feed *defaults);

/* A feed as it is before anybody says anything about it. */
struct pk_config_feed pk_feed_defaults(void);

/* Moves the feeds and groups into the configuration, in order. Returns 0 or -ENOMEM. */
int pk_load_finish(struct pk_loader *loader);

/* Rules between keys; messages go to the report. */
void pk_check_config(struct pk_loader *loader, const struct pk_source *source);
void pk_check_interval(struct pk_loader *loader, const struct pk_source *source,
    const struct pk_yaml *node, const char *name, int64_t interval_ms);

/* An empty configuration with one reference, and its arena. NULL on no memory. */
struct pk_config *pk_config_new(struct pk_arena **ret_arena);

#endif
