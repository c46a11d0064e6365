/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/pack/pack_priv.h"

#include "extract/names/lexicon.h"
#include "extract/text/date_words.h"
#include "extract/text/rules.h"
#include "extract/text/segment.h"

#include <dirent.h>
#include <errno.h>

#define PACK_MAX_BYTES ((size_t)256 * 1024 * 1024)

static void
closedirp(DIR **dir)
{
	if (*dir != NULL)
		closedir(*dir);
}

static int
add_table(struct pk_pack *pack, struct pk_span name, const char *path,
    struct pk_diag *reterr_diag)
{
	struct pk_tsv tsv;

	int r = pk_tsv_read(pack->arena, path, &tsv, reterr_diag);
	if (r < 0)
		return r;
	struct pk_table *table = pk_array_push(pack->arena, &pack->tables);
	if (table == NULL)
		return -ENOMEM;
	table->name = pk_arena_copy(pack->arena, name);
	table->tsv = tsv;
	return table->name.ptr == NULL ? -ENOMEM : 0;
}

/* Every NAME.tsv of the language's folder; a new table needs no C here. */
static int
load_tables(struct pk_pack *pack, const char *folder, struct pk_diag *reterr_diag)
{
	pk_cleanup(closedirp) DIR *dir = opendir(folder);
	struct dirent *entry;

	if (dir == NULL)
		return pk_diag_at(reterr_diag, errno == ENOENT ? -ENOENT : -EIO, folder,
		    0, "cannot open");
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): the stream is ours alone */
	while ((entry = readdir(dir)) != NULL) {
		struct pk_span name = pk_span_of(entry->d_name);
		if (!pk_span_ends_with(name, PK_SPAN(".tsv")) || name.ptr[0] == '.')
			continue;
		struct pk_span path =
		    pk_arena_printf(pack->arena, "%s/%s", folder, entry->d_name);
		if (path.ptr == NULL)
			return -ENOMEM;
		int r = add_table(
		    pack, pk_span_slice(name, 0, name.len - 4), path.ptr, reterr_diag);
		if (r < 0)
			return r;
	}
	return 0;
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
		r = pk_affixes_new(
		    pack->arena, pack, &pack->parts.affixes, reterr_diag);
	return r;
}

int
pk_pack_load(const char *dir, const char *lang, struct pk_pack **ret_pack,
    struct pk_diag *reterr_diag)
{
	pk_cleanup(pk_pack_freep) struct pk_pack *pack = calloc(1, sizeof(*pack));

	if (pack == NULL)
		return -ENOMEM;
	pack->arena = pk_arena_new(PACK_MAX_BYTES);
	if (pack->arena == NULL)
		return -ENOMEM;
	pack->lang = pk_arena_copy(pack->arena, pk_span_of(lang));
	struct pk_span folder = pk_arena_printf(pack->arena, "%s/lang/%s", dir, lang);
	if (pack->lang.ptr == NULL || folder.ptr == NULL)
		return -ENOMEM;

	int r = load_tables(pack, folder.ptr, reterr_diag);
	if (r == 0)
		r = pk_knowledge_load(pack, dir, reterr_diag);
	if (r == 0)
		r = compile_parts(pack, reterr_diag);
	if (r < 0)
		return r;
	*ret_pack = pk_steal(&pack);
	return 0;
}

struct pk_pack *
pk_pack_free(struct pk_pack *pack)
{
	if (pack == NULL)
		return NULL;
	for (size_t i = 0; i < PK_KNOWN_TABLES; i++)
		pk_map_free(pack->by_id[i]);
	pk_map_free(pack->by_host);
	pk_arena_free(pack->arena);
	free(pack);
	return NULL;
}

const struct pk_tsv *
pk_pack_table(const struct pk_pack *pack, const char *name)
{
	for (size_t i = 0; i < pack->tables.len; i++) {
		if (pk_span_eq(pack->tables.items[i].name, pk_span_of(name)))
			return &pack->tables.items[i].tsv;
	}
	return NULL;
}

size_t
pk_pack_tables(const struct pk_pack *pack)
{
	return pack->tables.len;
}

const struct pk_tsv *
pk_pack_table_at(const struct pk_pack *pack, size_t index)
{
	return &pack->tables.items[index].tsv;
}

const struct pk_pack_parts *
pk_pack_parts(const struct pk_pack *pack)
{
	return &pack->parts;
}
