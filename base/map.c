/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"

#include "base/digest.h"

#include <errno.h>
#include <sodium.h>

struct slot {
	struct pk_span key;
	uint64_t hash;
	void *value; /* NULL: never used, or removed (then key.ptr is not NULL) */
};

struct pk_map {
	struct slot *slots;
	size_t cap; /* a power of two, or 0 */
	size_t count;
	size_t filled; /* count and the removed ones */
	unsigned char seed[crypto_shorthash_KEYBYTES];
};

struct pk_map *
pk_map_new(void)
{
	struct pk_map *map = calloc(1, sizeof(*map));

	if (map == NULL)
		return NULL;
	for (size_t i = 0; i < sizeof(map->seed); i += sizeof(uint64_t)) {
		uint64_t part = pk_random_u64();
		memcpy(map->seed + i, &part, sizeof(part));
	}
	return map;
}

struct pk_map *
pk_map_free(struct pk_map *map)
{
	if (map == NULL)
		return NULL;
	free(map->slots);
	free(map);
	return NULL;
}

static uint64_t
hash_of(const struct pk_map *map, struct pk_span key)
{
	uint64_t hash;

	_Static_assert(crypto_shorthash_BYTES == sizeof(hash), "SipHash gives 64 bits");
	crypto_shorthash((unsigned char *)&hash,
	    key.len == 0 ? (const unsigned char *)"" : (const unsigned char *)key.ptr,
	    key.len, map->seed);
	return hash;
}

/* The slot that holds the key, or the empty one where the search ended. */
static struct slot *
probe(const struct pk_map *map, struct pk_span key, uint64_t hash)
{
	size_t mask = map->cap - 1;

	for (size_t i = hash & mask;; i = (i + 1) & mask) {
		struct slot *slot = &map->slots[i];
		if (slot->value == NULL && slot->key.ptr == NULL)
			return slot;
		if (slot->value != NULL && slot->hash == hash &&
		    pk_span_eq(slot->key, key))
			return slot;
	}
}

static int
rehash(struct pk_map *map)
{
	struct slot *old = map->slots;
	size_t old_cap = map->cap, cap = map->count < 8 ? 16 : map->count * 4;

	while ((cap & (cap - 1)) != 0)
		cap &= cap - 1;
	struct slot *slots = calloc(cap, sizeof(*slots));
	if (slots == NULL)
		return -ENOMEM;
	map->slots = slots;
	map->cap = cap;
	map->filled = map->count;
	for (size_t i = 0; i < old_cap; i++) {
		if (old[i].value != NULL)
			*probe(map, old[i].key, old[i].hash) = old[i];
	}
	free(old);
	return 0;
}

int
pk_map_set(struct pk_map *map, struct pk_span key, void *value)
{
	uint64_t hash = hash_of(map, key);

	if (map->filled * 4 >= map->cap * 3) {
		int r = rehash(map);
		if (r < 0)
			return r;
	}
	struct slot *slot = probe(map, key, hash);
	if (slot->value == NULL) {
		map->count++;
		map->filled++;
		slot->key = key.ptr == NULL ? PK_SPAN("") : key;
		slot->hash = hash;
	}
	slot->value = value;
	return 0;
}

void *
pk_map_get(const struct pk_map *map, struct pk_span key)
{
	if (map->count == 0)
		return NULL;
	return probe(map, key, hash_of(map, key))->value;
}

void *
pk_map_remove(struct pk_map *map, struct pk_span key)
{
	if (map->count == 0)
		return NULL;
	struct slot *slot = probe(map, key, hash_of(map, key));
	void *value = slot->value;
	if (value != NULL) {
		slot->value = NULL;
		slot->key = PK_SPAN("");
		map->count--;
	}
	return value;
}

void *
pk_map_next(const struct pk_map *map, size_t *cursor)
{
	while (*cursor < map->cap) {
		void *value = map->slots[(*cursor)++].value;
		if (value != NULL)
			return value;
	}
	return NULL;
}

size_t
pk_map_count(const struct pk_map *map)
{
	return map->count;
}
