/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/pack/pack_priv.h"

#include "extract/events/rules.h"
#include "extract/names/lexicon.h"
#include "extract/names/tagger.h"
#include "extract/text/date_words.h"
#include "extract/text/morph.h"
#include "extract/text/quantity.h"
#include "extract/text/rules.h"
#include "extract/text/words.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>

#define PACK_MAX_BYTES ((size_t)256 * 1024 * 1024)

static int
add_table(struct pk_pack *pack, struct pk_span name, const char *path,
    struct pk_diag *reterr_diag)
{
	struct pk_tsv tsv;

	int r = pk_tsv_read(pack->arena, pack->making->arena, path, &tsv, reterr_diag);
	if (r < 0)
		return r;
	struct pk_table *table =
	    pk_array_push(pack->making->arena, &pack->making->tables);
	if (table == NULL)
		return -ENOMEM;
	table->name = pk_arena_copy(pack->arena, name);
	table->tsv = tsv;
	return table->name.ptr == NULL ? -ENOMEM : 0;
}

static int
is_table(const struct dirent *entry)
{
	struct pk_span name = pk_span_of(entry->d_name);

	return pk_span_ends_with(name, PK_SPAN(".tsv")) && name.ptr[0] != '.';
}

static int
compare_entries(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int
load_entries(struct pk_pack *pack, const char *folder, struct dirent *const *entries,
    int n, struct pk_diag *reterr_diag)
{
	for (int i = 0; i < n; i++) {
		struct pk_span name = pk_span_of(entries[i]->d_name);
		struct pk_span path =
		    pk_arena_printf(pack->arena, "%s/%s", folder, name.ptr);
		if (path.ptr == NULL)
			return -ENOMEM;
		int r = add_table(
		    pack, pk_span_slice(name, 0, name.len - 4), path.ptr, reterr_diag);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Every NAME.tsv of the language's folder, by name; a new table needs no C here. */
static int
load_tables(struct pk_pack *pack, const char *folder, struct pk_diag *reterr_diag)
{
	struct dirent **entries;
	int n = scandir(folder, &entries, is_table, compare_entries);

	if (n < 0)
		return pk_diag_at(reterr_diag, errno == ENOENT ? -ENOENT : -EIO, folder,
		    0, "cannot open");
	int r = load_entries(pack, folder, entries, n, reterr_diag);
	for (int i = 0; i < n; i++)
		free(entries[i]);
	free(entries);
	return r;
}

/* The model lies beside the pack: the build has learned it from lang/<code>/sentences.
 */
static int
load_tagger(struct pk_pack *pack, const char *dir, struct pk_diag *reterr_diag)
{
	struct pk_span path = pk_arena_printf(
	    pack->arena, "%s/%.*s.tagger", dir, PK_SPAN_ARG(pack->lang));

	if (path.ptr == NULL)
		return -ENOMEM;
	int r = pk_tagger_load(pack->arena, path.ptr, &pack->parts.tagger);
	if (r == -EBADMSG)
		return pk_diag_at(reterr_diag, r, path.ptr, 0, "is no model of peyk's");
	return r == -ENOENT ? 0 : r;
}

static int
compile_parts(struct pk_pack *pack, struct pk_diag *reterr_diag)
{
	int r = pk_text_rules_new(pack->arena, pack, &pack->parts.text, reterr_diag);

	if (r == 0)
		r = pk_lexicon_new(pack->arena, pack, &pack->parts.names, reterr_diag);
	if (r == 0)
		r = pk_date_words_new(
		    pack->arena, pack, &pack->parts.dates, reterr_diag);
	if (r == 0)
		r = pk_units_new(pack->arena, pack, &pack->parts.units, reterr_diag);
	if (r == 0)
		r = pk_words_new(pack->arena, pack, &pack->parts.words, reterr_diag);
	if (r == 0)
		r = pk_affixes_new(pack->arena, pack, pack->parts.words,
		    &pack->parts.affixes, reterr_diag);
	if (r == 0 && pk_pack_table(pack, "predicates") != NULL)
		r = pk_rules_load(pack->arena, pack, &pack->parts.rules, reterr_diag);
	return r;
}

/* What a pack is made of. */
struct sources {
	const char *dir;
	const char *lang;
	const char *own;
};

/* A pk_image_make. */
static int
make_pack(
    void *data, struct pk_arena *arena, void **ret_root, struct pk_diag *reterr_diag)
{
	const struct sources *sources = data;
	struct pk_pack *pack = pk_arena_new_of(arena, struct pk_pack);
	struct pk_making making = { .arena = NULL };

	if (pack == NULL)
		return -ENOMEM;
	pack->arena = arena;
	pack->lang = pk_arena_copy(arena, pk_span_of(sources->lang));
	struct pk_span folder =
	    pk_arena_printf(arena, "%s/lang/%s", sources->dir, sources->lang);
	if (pack->lang.ptr == NULL || folder.ptr == NULL)
		return -ENOMEM;
	making.arena = pk_arena_new(PACK_MAX_BYTES);
	pack->making = &making;
	int r =
	    making.arena == NULL ? -ENOMEM : load_tables(pack, folder.ptr, reterr_diag);
	if (r == 0)
		r = pk_grammar_load(pack, reterr_diag);
	if (r == 0)
		r = pk_knowledge_load(pack, sources->dir, sources->own, reterr_diag);
	if (r == 0)
		r = compile_parts(pack, reterr_diag);
	if (r == 0)
		r = load_tagger(pack, sources->dir, reterr_diag);
	pack->making = NULL;
	pk_arena_free(making.arena);
	if (r == 0)
		*ret_root = pack;
	return r;
}

static int
load_tables_of(
    struct sources *sources, struct pk_pack **ret_pack, struct pk_diag *reterr_diag)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena =
	    pk_arena_new(PACK_MAX_BYTES);
	void *pack = NULL;

	int r = arena == NULL ? -ENOMEM : make_pack(sources, arena, &pack, reterr_diag);
	if (r < 0)
		return r;
	arena = NULL; /* it is the pack's */
	*ret_pack = pack;
	return 0;
}

int
pk_pack_load(const char *dir, const char *lang, const char *own,
    struct pk_pack **ret_pack, struct pk_diag *reterr_diag)
{
	struct sources sources = { dir, lang, own };
	struct pk_image *image;
	char path[PATH_MAX];
	void *pack;

	int len = snprintf(path, sizeof(path), "%s/%s.pack", dir, lang);
	if (own != NULL || len < 0 || (size_t)len >= sizeof(path) ||
	    pk_image_open(path, &image, &pack) < 0)
		return load_tables_of(&sources, ret_pack, reterr_diag);
	*ret_pack = pack;
	(*ret_pack)->image = image;
	return 0;
}

int
pk_pack_write(
    const char *dir, const char *lang, const char *path, struct pk_diag *reterr_diag)
{
	struct sources sources = { dir, lang, NULL };

	return pk_image_write(path, make_pack, &sources, reterr_diag);
}

struct pk_pack *
pk_pack_free(struct pk_pack *pack)
{
	if (pack == NULL)
		return NULL;
	if (pack->image != NULL)
		pk_image_close(pack->image);
	else
		pk_arena_free(pack->arena);
	return NULL;
}

const struct pk_tsv *
pk_pack_table(const struct pk_pack *pack, const char *name)
{
	for (size_t i = 0; i < pack->making->tables.len; i++) {
		if (pk_span_eq(pack->making->tables.items[i].name, pk_span_of(name)))
			return &pack->making->tables.items[i].tsv;
	}
	return NULL;
}

const struct pk_pack_parts *
pk_pack_parts(const struct pk_pack *pack)
{
	return &pack->parts;
}
