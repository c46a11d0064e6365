/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/pack/tsv.h - the one format of all language and knowledge files.
 *
 * UTF-8 (with or without a byte order mark), `#` comments, one header row of column
 * names, TAB between cells, `|` between the alternatives in a cell, an empty cell for
 * "unknown".
 */
#ifndef PEYK_EXTRACT_PACK_TSV_H
#define PEYK_EXTRACT_PACK_TSV_H

#include "base/arena.h"
#include "base/diag.h"

#define PK_TSV_COLUMNS_MAX 24

struct pk_tsv_row {
	unsigned line;
	const struct pk_span *cells; /* as many as there are columns */
};

struct pk_tsv {
	const char *path;
	size_t header; /* its line */
	struct pk_span columns[PK_TSV_COLUMNS_MAX];
	size_t n_columns;
	struct pk_tsv_row *rows;
	size_t n_rows;
};

/*
 * Reads a file whole: its text into `arena`, its rows, which point there, into `rows`
 * (which may be the same). Returns 0, -ENOENT, -EBADMSG (a row with more
 * cells than the header, bad UTF-8, no header; *reterr_diag says where), -E2BIG or
 * -ENOMEM.
 */
int pk_tsv_read(struct pk_arena *arena, struct pk_arena *rows, const char *path,
    struct pk_tsv *ret_tsv, struct pk_diag *reterr_diag);

/* The column's number, or -ENOENT. */
int pk_tsv_column(const struct pk_tsv *tsv, struct pk_span name);

/* The row's cell in the named column; absent where the file has no such column. */
struct pk_span pk_tsv_cell(
    const struct pk_tsv *tsv, const struct pk_tsv_row *row, struct pk_span column);

/*
 * Which of the `n` names stands in the row's cell of the column. Returns its number, or
 * -EBADMSG (*reterr_diag).
 */
int pk_tsv_choice(const struct pk_tsv *tsv, const struct pk_tsv_row *row,
    struct pk_span column, const char *const *names, size_t n,
    struct pk_diag *reterr_diag);

#endif
