/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config/yaml.h - the YAML that peyk reads: mappings, lists and text, nothing else.
 *
 * Anchors, aliases, tags, directives, several documents and duplicate keys are errors.
 * Text stays text: `no` is two letters until a key's type says what it means. The only
 * user of libfyaml.
 */
#ifndef PEYK_CONFIG_YAML_H
#define PEYK_CONFIG_YAML_H

#include "config/report_priv.h"

/* Limits of one file. */
#define PK_YAML_DEPTH_MAX 32
#define PK_YAML_NODES_MAX 1000000
#define PK_YAML_KEYS_MAX  256

enum pk_yaml_kind { PK_YAML_TEXT, PK_YAML_LIST, PK_YAML_MAPPING };

struct pk_yaml {
	enum pk_yaml_kind kind;
	bool empty;  /* nothing at all: `key:` */
	bool broken; /* wrong, and told already: pass over it in silence */
	unsigned line;
	unsigned column;
	struct pk_span text;
	struct pk_yaml *key; /* of a value in a mapping */
	struct pk_yaml *next;
	struct pk_yaml *first; /* of the items, or values */
	struct pk_yaml *last;
	size_t n;
};

/* "a list", "a mapping", "a text": for messages. */
const char *pk_yaml_kind_name(const struct pk_yaml *node);

/* The value of the key in a mapping, or NULL. */
const struct pk_yaml *pk_yaml_get(const struct pk_yaml *mapping, struct pk_span key);

/*
 * Reads the text of the source into a tree in the arena. A text without any document
 * (empty, or only comments) gives an empty node.
 *
 * Returns 0 also when single nodes are broken, -EBADMSG when there is no tree (the
 * report says why in both cases) or -ENOMEM.
 */
int pk_yaml_parse(struct pk_arena *arena, const struct pk_source *source,
    struct pk_config_report *report, struct pk_yaml **ret_root);

#endif
