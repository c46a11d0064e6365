/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/pack/tsv.h"

#include "base/utf8.h"

#include <errno.h>
#include <sys/stat.h>

/* The largest file that is read: a pack is written by people. */
#define FILE_MAX_BYTES (64u << 20)

static int
read_file(struct pk_arena *arena, const char *path, struct pk_span *ret_text,
    struct pk_diag *reterr_diag)
{
	pk_cleanup(pk_fclosep) FILE *f = fopen(path, "re");
	struct stat st;

	if (f == NULL || fstat(fileno(f), &st) < 0)
		return pk_diag_at(reterr_diag, -errno, path, 0, "cannot open: %s",
		    strerrordesc_np(errno));
	if (!S_ISREG(st.st_mode) || (uint64_t)st.st_size > FILE_MAX_BYTES)
		return pk_diag_at(
		    reterr_diag, -E2BIG, path, 0, "want a file of at most 64 MiB");
	char *text = pk_arena_alloc(arena, (size_t)st.st_size + 1);
	if (text == NULL)
		return -ENOMEM;
	size_t n = fread(text, 1, (size_t)st.st_size, f);
	if (ferror(f))
		return pk_diag_at(reterr_diag, -EIO, path, 0, "read failed");
	*ret_text = (struct pk_span){ text, n };
	if (!pk_utf8_valid(*ret_text))
		return pk_diag_at(reterr_diag, -EBADMSG, path, 0, "want UTF-8");
	return 0;
}

/* Splits a row at its TABs. Returns the number of cells, or -E2BIG. */
static int
split_cells(struct pk_span line, struct pk_span cells[static PK_TSV_COLUMNS_MAX])
{
	size_t n = 0;

	while (line.ptr != NULL) {
		if (n == PK_TSV_COLUMNS_MAX)
			return -E2BIG;
		cells[n] = pk_span_trim(pk_span_split(&line, '\t'));
		n++;
	}
	return (int)n;
}

/* The header of a file, or one row of it. */
static int
read_line(struct pk_arena *arena, struct pk_tsv *tsv, size_t *cap, struct pk_span line,
    unsigned number, struct pk_diag *reterr_diag)
{
	struct pk_span cells[PK_TSV_COLUMNS_MAX];
	int n = split_cells(line, cells);

	if (n < 0)
		return pk_diag_at(reterr_diag, -EBADMSG, tsv->path, number,
		    "want at most %d cells", PK_TSV_COLUMNS_MAX);
	if (tsv->n_columns == 0) {
		memcpy(tsv->columns, cells, (size_t)n * sizeof(*cells));
		tsv->n_columns = (size_t)n;
		tsv->header = number;
		return 0;
	}
	if ((size_t)n > tsv->n_columns)
		return pk_diag_at(reterr_diag, -EBADMSG, tsv->path, number,
		    "want %zu cells, found %d", tsv->n_columns, n);
	struct pk_tsv_row *row = pk_array_push_(
	    arena, (void **)&tsv->rows, &tsv->n_rows, cap, sizeof(*tsv->rows));
	if (row == NULL)
		return -ENOMEM;
	struct pk_span *kept = pk_arena_calloc(arena, tsv->n_columns, sizeof(*kept));
	if (kept == NULL)
		return -ENOMEM;
	memcpy(kept, cells, (size_t)n * sizeof(*cells));
	row->line = number;
	row->cells = kept;
	return 0;
}

int
pk_tsv_read(struct pk_arena *arena, struct pk_arena *rows, const char *path,
    struct pk_tsv *ret_tsv, struct pk_diag *reterr_diag)
{
	struct pk_tsv tsv = { .path = pk_arena_copy(arena, pk_span_of(path)).ptr };
	struct pk_span rest = { NULL, 0 };
	size_t cap = 0;
	unsigned number = 0;

	if (tsv.path == NULL)
		return -ENOMEM;
	int r = read_file(arena, path, &rest, reterr_diag);
	if (r < 0)
		return r;
	if (pk_span_starts_with(rest, PK_SPAN("\xef\xbb\xbf")))
		rest = pk_span_slice(rest, 3, rest.len);
	while (rest.ptr != NULL) {
		struct pk_span line = pk_span_split(&rest, '\n');
		number++;
		if (pk_span_trim(line).len == 0 || line.ptr[0] == '#')
			continue;
		r = read_line(rows, &tsv, &cap, line, number, reterr_diag);
		if (r < 0)
			return r;
	}
	if (tsv.n_columns == 0)
		return pk_diag_at(
		    reterr_diag, -EBADMSG, path, 0, "want a row of column names");
	*ret_tsv = tsv;
	return 0;
}

int
pk_tsv_column(const struct pk_tsv *tsv, struct pk_span name)
{
	for (size_t i = 0; i < tsv->n_columns; i++) {
		if (pk_span_eq(tsv->columns[i], name))
			return (int)i;
	}
	return -ENOENT;
}

struct pk_span
pk_tsv_cell(
    const struct pk_tsv *tsv, const struct pk_tsv_row *row, struct pk_span column)
{
	int i = pk_tsv_column(tsv, column);

	return i < 0 || row->cells[i].len == 0 ? (struct pk_span){ NULL, 0 }
					       : row->cells[i];
}

int
pk_tsv_choice(const struct pk_tsv *tsv, const struct pk_tsv_row *row,
    struct pk_span column, const char *const *names, size_t n,
    struct pk_diag *reterr_diag)
{
	struct pk_span name = pk_tsv_cell(tsv, row, column);

	for (size_t i = 0; i < n; i++) {
		if (pk_span_eq(name, pk_span_of(names[i])))
			return (int)i;
	}
	return pk_diag_at(reterr_diag, -EBADMSG, tsv->path, row->line,
	    "there is no %.*s '%.*s'", PK_SPAN_ARG(column), PK_SPAN_ARG(name));
}
