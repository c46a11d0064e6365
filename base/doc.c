/* SPDX-License-Identifier: Apache-2.0 */
#include "base/doc.h"

struct pk_doc *
pk_doc_new(enum pk_doc_kind kind, size_t arena_limit)
{
	struct pk_arena *arena = pk_arena_new(arena_limit);
	struct pk_doc *doc =
	    arena == NULL ? NULL : pk_arena_new_of(arena, struct pk_doc);

	if (doc == NULL) {
		pk_arena_free(arena);
		return NULL;
	}
	doc->arena = arena;
	doc->kind = kind;
	return doc;
}

struct pk_doc *
pk_doc_free(struct pk_doc *doc)
{
	if (doc != NULL)
		pk_arena_free(doc->arena);
	return NULL;
}
