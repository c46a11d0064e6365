/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/map.h - from bytes to a pointer.
 *
 * Open addressing with a seeded hash (SipHash-2-4 by libsodium), so that nobody outside
 * can choose keys that collide. Keys are borrowed: they live at least as long as the
 * map.
 */
#ifndef PEYK_BASE_MAP_H
#define PEYK_BASE_MAP_H

#include "base/cleanup.h"
#include "base/span.h"

struct pk_map;

struct pk_map *pk_map_new(void);
struct pk_map *pk_map_free(struct pk_map *map);
PK_DEFINE_CLEANUP(struct pk_map *, pk_map_free);

/* Sets key -> value (not NULL), replacing an older value. Returns 0 or -ENOMEM. */
int pk_map_set(struct pk_map *map, struct pk_span key, void *value);

/* The value, or NULL. */
void *pk_map_get(const struct pk_map *map, struct pk_span key);

/* Forgets the key. Returns its value, or NULL where there was none. */
void *pk_map_remove(struct pk_map *map, struct pk_span key);

/*
 * Visits all values, in no order: start with *cursor = 0, ends with NULL. The map must
 * not be changed meanwhile; the values may be freed with their keys when the map is
 * freed next.
 */
void *pk_map_next(const struct pk_map *map, size_t *cursor);

size_t pk_map_count(const struct pk_map *map);

#endif
