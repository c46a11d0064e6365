/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/repeats.h"

#include "base/map.h"

#include <errno.h>

/* A shorter block may be said twice: code points. */
#define REPEAT_MIN 40

int
pk_repeats_find(const struct pk_page *page, const struct pk_container *container,
    uint32_t first, uint32_t end, struct pk_repeats *ret_repeats)
{
	pk_cleanup(pk_map_freep) struct pk_map *seen = pk_map_new();
	struct pk_block *blocks = page->blocks.items;
	const struct pk_node *nodes = page->nodes.items;
	/* One more, so that every block has a next one. */
	uint32_t *said =
	    pk_arena_calloc(page->arena, page->blocks.len + 1, sizeof(*said));

	if (seen == NULL || said == NULL)
		return -ENOMEM;
	for (uint32_t b = first; b < end; b++) {
		if (blocks[b].out || !container->in[b] || blocks[b].points < REPEAT_MIN)
			continue;
		const struct pk_block *before = pk_map_get(seen, blocks[b].text);
		if (before == NULL)
			pk_map_set(seen, blocks[b].text, &blocks[b]);
		else if (nodes[before->node].parent != nodes[blocks[b].node].parent)
			said[b] = (uint32_t)(before - blocks) + 1;
	}
	ret_repeats->said = said;
	return 0;
}

bool
pk_repeats_has(const struct pk_repeats *repeats, uint32_t block, uint32_t beginning)
{
	const uint32_t *said = &repeats->said[block];
	bool run = (block > 0 && said[-1] != 0) || said[1] != 0;

	return *said != 0 && (run || *said - 1 <= beginning);
}
