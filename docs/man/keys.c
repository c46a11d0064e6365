/* SPDX-License-Identifier: Apache-2.0 */
/*
 * docs/man/keys.c - writes a manual page from its template: @KEYS@, @GROUP_KEYS@ and
 * @FEED_KEYS@, each alone on a line, become mdoc(7) lists made of config/options.def.
 *
 * usage: peyk_man_keys TEMPLATE >PAGE
 */
#include "config/key.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Text as mdoc takes it: a line each sentence, nothing that looks like a macro. */
static void
print_text(const char *text)
{
	bool line_start = true;

	for (const char *c = text; *c != '\0'; c++) {
		if (line_start && (*c == '.' || *c == '\''))
			fputs("\\&", stdout);
		line_start = false;
		if (*c == '\\') {
			fputs("\\e", stdout);
		} else if (*c == ' ' && c > text && c[-1] == '.') {
			putchar('\n');
			line_start = true;
		} else {
			putchar(*c);
		}
	}
	putchar('\n');
}

static void
print_words(const struct pk_value_word *words)
{
	fputs("One of ", stdout);
	for (const struct pk_value_word *w = words; w->word != NULL; w++)
		printf("%s%s",
		    w == words          ? ""
		    : w[1].word == NULL ? " or "
					: ", ",
		    w->word);
}

/* "A duration, 1s to 1h; 60s by default." */
static void
print_type(const struct pk_key *key)
{
	const struct pk_value_info *info = pk_value_info(key->type);
	bool ranged = *key->min != '\0' && info->storage == PK_STORED_NUMBER &&
		      strcmp(key->min, key->max) != 0;
	bool sized = *key->max != '\0' && info->storage == PK_STORED_TEXT;
	bool defaulted = key->fallback != NULL && info->storage != PK_STORED_TREE;

	if (info->words != NULL)
		print_words(info->words);
	else
		printf("%s %s", strchr("aeiou", info->name[0]) != NULL ? "An" : "A",
		    info->name);
	if (ranged)
		printf(", %s to %s", key->min, key->max);
	if (sized)
		printf(" of at most %s bytes", key->max);
	if (defaulted && strcmp(key->fallback, "\"\"") != 0)
		printf("; %s by default",
		    strcmp(key->fallback, "[]") == 0 ? "empty" : key->fallback);
	puts(".");
}

static void
print_keys(const struct pk_keys *keys)
{
	static const char *const reloads[] = {
		[PK_RELOAD_LIVE] = NULL,
		[PK_RELOAD_REBIND] = "A reload binds the sockets anew.",
		[PK_RELOAD_RESTART] = "A change takes a restart.",
	};

	puts(".Bl -tag -width Ds");
	for (size_t i = 0; i < keys->n; i++) {
		const struct pk_key *key = &keys->items[i];
		printf(".It Cm %s\n", key->path);
		print_type(key);
		print_text(key->help);
		if (keys == &pk_config_keys && reloads[key->reload] != NULL)
			puts(reloads[key->reload]);
	}
	puts(".El");
}

static const struct pk_keys *
keys_of(const char *line)
{
	if (strcmp(line, "@KEYS@\n") == 0)
		return &pk_config_keys;
	if (strcmp(line, "@GROUP_KEYS@\n") == 0)
		return &pk_config_group_keys;
	if (strcmp(line, "@FEED_KEYS@\n") == 0)
		return &pk_config_feed_keys;
	return NULL;
}

int
main(int argc, char **argv)
{
	char line[1024];
	FILE *template = argc == 2 ? fopen(argv[1], "re") : NULL;

	if (template == NULL) {
		fprintf(stderr, "usage: peyk_man_keys TEMPLATE >PAGE\n");
		return 2;
	}
	while (fgets(line, sizeof(line), template) != NULL) {
		const struct pk_keys *keys = keys_of(line);
		if (keys != NULL)
			print_keys(keys);
		else
			fputs(line, stdout);
	}
	fclose(template);
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
