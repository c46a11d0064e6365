/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/pack/own.h - tables that users write: what would be passed over is said.
 *
 * The tables that come with the program are held to more by tests. A user has none:
 * a file that no table has the name of, or a column that nobody reads, must be an
 * error, or a person who is not found stays a riddle.
 */
#ifndef PEYK_EXTRACT_PACK_OWN_H
#define PEYK_EXTRACT_PACK_OWN_H

#include "extract/pack/tsv.h"

/*
 * Looks whether the folder is there and holds no NAME.tsv but those of the `names`.
 * Returns 0, -EBADMSG or the -errno of a folder that cannot be read (*reterr_diag
 * both), or -ENOMEM.
 */
int pk_own_check_folder(const char *folder, const char *const *names, size_t n_names,
    struct pk_diag *reterr_diag);

/*
 * Looks whether each column is one of ours or has spellings in some language. Returns 0
 * or -EBADMSG (*reterr_diag).
 */
int pk_own_check_columns(
    const struct pk_tsv *own, const struct pk_tsv *ours, struct pk_diag *reterr_diag);

#endif
