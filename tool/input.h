/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tool/input.h - what the commands that work on files share: options, then files.
 *
 * These functions speak: what goes wrong is said on stderr, with the file's name.
 */
#ifndef PEYK_TOOL_INPUT_H
#define PEYK_TOOL_INPUT_H

#include "base/diag.h"
#include "base/span.h"

/* Larger files are refused; the daemon refuses larger answers too. */
#define PK_INPUT_MAX ((size_t)16 * 1024 * 1024)

/* "--name VALUE" or "--name=VALUE" when `value` is set, "--name" when `flag` is. */
struct pk_option {
	const char *name; /* without the dashes */
	const char **value;
	bool *flag;
};

/*
 * Reads the options, which may stand before, between and behind the files; "--" ends
 * them, "-" is a file. Values are borrowed from argv.
 *
 *   argv       of the command: argv[0] is its name. What is no option is moved to the
 *              end, in its order
 *   ret_first  where it begins there; argc when there is none
 *
 * Returns 0, or 2 after a message on wrong usage.
 */
int pk_options_read(int argc, char **argv, const struct pk_option *options,
    size_t n_options, int *ret_first);

/* A file that was read, and what is known about it. All borrowed. */
struct pk_input {
	const char *path; /* "-" is the standard input */
	struct pk_span bytes;
	struct pk_span url;       /* from the list; absent where it is not given */
	struct pk_span published; /* the same */
};

/* Works on one file. Returns 0, or 1 after a message. */
typedef int (*pk_input_fn)(void *context, const struct pk_input *input);

/*
 * Calls `work` for every file: first those that are named, then those of `list`, a file
 * of lines PATH [TAB URL [TAB DATE]], may be NULL. One that cannot be read is reported
 * and the others go on. Returns 0, or 1 when anything failed.
 */
int pk_inputs_run(
    char **paths, int n_paths, const char *list, pk_input_fn work, void *context);

/* Says "peyk: PATH: what" on stderr. Returns 1. */
int pk_input_failed(const char *path, const char *what);

/* Says "peyk: WHERE:LINE:COLUMN: what" on stderr, as far as it is known. Returns 1. */
int pk_diag_failed(const struct pk_diag *diag);

#endif
