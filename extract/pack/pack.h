/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/pack/pack.h - a language pack with the knowledge in that language's words.
 *
 * Read-only after loading; any thread.
 */
#ifndef PEYK_EXTRACT_PACK_PACK_H
#define PEYK_EXTRACT_PACK_PACK_H

#include "base/diag.h"
#include "extract/pack/tsv.h"

struct pk_pack;

/*
 * Loads `dir`/`lang`.pack, which the build has made. Where there is none that fits this
 * program, or where `own` (may be NULL) names a folder with tables of the user's, it is
 * made from `dir`/lang/`lang`/ and the columns of `dir`/knowledge/ for that language,
 * as pk_pack_write() does. A row of `own`/actors.tsv, `own`/organisations.tsv and so on
 * is added to the table of that name in knowledge/, or replaces the one with its id.
 * What would be passed over there, such as a file or a column that no table has, is an
 * error.
 *
 * Returns 0, -ENOENT (no such language, or no such folder), -EBADMSG or the -errno of a
 * file that cannot be read (*reterr_diag, with all of them), or -ENOMEM.
 */
int pk_pack_load(const char *dir, const char *lang, const char *own,
    struct pk_pack **ret_pack, struct pk_diag *reterr_diag);

/* Writes `path` from the tables in `dir`. Returns 0, -EIO, or as pk_pack_load(). */
int pk_pack_write(
    const char *dir, const char *lang, const char *path, struct pk_diag *reterr_diag);
struct pk_pack *pk_pack_free(struct pk_pack *pack);
PK_DEFINE_CLEANUP(struct pk_pack *, pk_pack_free);

/*
 * A table of the language by its file name without ".tsv", e.g. "cues", for who makes a
 * part of the pack: rows are gone once it is made, their text stays. NULL where the
 * language has none.
 */
const struct pk_tsv *pk_pack_table(const struct pk_pack *pack, const char *name);

#endif
