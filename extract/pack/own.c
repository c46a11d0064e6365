/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/pack/own.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>

/* The words as one would list them: "a, b or c"; what has no room is left out. */
static const char *
list_words(char *buf, size_t size, const struct pk_span *words, size_t n)
{
	size_t len = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < n && len < size; i++) {
		int added = snprintf(buf + len, size - len, "%s%.*s",
		    i == 0       ? ""
		    : i == n - 1 ? " or "
				 : ", ",
		    PK_SPAN_ARG(words[i]));
		len += added > 0 ? (size_t)added : 0;
	}
	return buf;
}

static int
check_name(const char *folder, struct pk_span file, const char *const *names,
    size_t n_names, struct pk_diag *reterr_diag)
{
	struct pk_span name = pk_span_slice(file, 0, file.len - 4);
	struct pk_span words[16];
	char path[256], list[160];

	assert(n_names <= PK_COUNT(words));
	for (size_t i = 0; i < n_names; i++) {
		words[i] = pk_span_of(names[i]);
		if (pk_span_eq(words[i], name))
			return 0;
	}
	snprintf(path, sizeof(path), "%s/%.*s", folder, PK_SPAN_ARG(file));
	return pk_diag_at(reterr_diag, -EBADMSG, path, 0,
	    "there is no table '%.*s' (want %s)", PK_SPAN_ARG(name),
	    list_words(list, sizeof(list), words, n_names));
}

static int
is_table(const struct dirent *entry)
{
	return entry->d_name[0] != '.' &&
	       pk_span_ends_with(pk_span_of(entry->d_name), PK_SPAN(".tsv"));
}

int
pk_own_check_folder(const char *folder, const char *const *names, size_t n_names,
    struct pk_diag *reterr_diag)
{
	struct dirent **entries;
	int r = 0, n = scandir(folder, &entries, is_table, alphasort);

	if (n < 0)
		return pk_diag_at(reterr_diag, -errno, folder, 0,
		    "cannot open this folder of tables: %s", strerrordesc_np(errno));
	for (int i = 0; i < n; i++) {
		if (r == 0)
			r = check_name(folder, pk_span_of(entries[i]->d_name), names,
			    n_names, reterr_diag);
		free(entries[i]);
	}
	free(entries);
	return r;
}

static bool
all_between(struct pk_span s, char first, char last)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < first || s.ptr[i] > last)
			return false;
	}
	return true;
}

/* A column of spellings, "fa" or "fa_short", of whatever language. */
static bool
is_of_language(struct pk_span column)
{
	static const struct pk_span suffixes[] = { PK_SPAN("adj"), PK_SPAN("metonym"),
		PK_SPAN("short"), PK_SPAN("plural") };
	struct pk_span rest = column;
	struct pk_span code = pk_span_split(&rest, '_');

	if (code.len != 2 || !all_between(code, 'a', 'z') ||
	    pk_span_eq(code, PK_SPAN("id")))
		return false;
	for (size_t i = 0; i < PK_COUNT(suffixes); i++) {
		if (pk_span_eq(rest, suffixes[i]))
			return true;
	}
	return rest.ptr == NULL;
}

int
pk_own_check_columns(
    const struct pk_tsv *own, const struct pk_tsv *ours, struct pk_diag *reterr_diag)
{
	char list[160];

	for (size_t i = 0; i < own->n_columns; i++) {
		struct pk_span column = own->columns[i];
		if ((size_t)pk_tsv_column(own, column) != i)
			return pk_diag_at(reterr_diag, -EBADMSG, own->path,
			    (unsigned)own->header, "the column '%.*s' is there twice",
			    PK_SPAN_ARG(column));
		if (pk_tsv_column(ours, column) < 0 && !is_of_language(column))
			return pk_diag_at(reterr_diag, -EBADMSG, own->path,
			    (unsigned)own->header,
			    "there is no column '%.*s' (want %s, with a TAB between)",
			    PK_SPAN_ARG(column),
			    list_words(
				list, sizeof(list), ours->columns, ours->n_columns));
	}
	if (pk_tsv_column(own, PK_SPAN("id")) < 0)
		return pk_diag_at(reterr_diag, -EBADMSG, own->path,
		    (unsigned)own->header, "the column 'id' is missing");
	return 0;
}
