/* SPDX-License-Identifier: Apache-2.0 */
#include "config/loader_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <sys/stat.h>

/* Texts and trees of all files; a tree is some ten times its text. */
#define SCRATCH_MAX ((size_t)1024 * 1024 * 1024)

/* A file that was read, or is. */
struct pk_file {
	struct pk_source source;
	dev_t dev;
	ino_t ino;
	unsigned depth;
};

/* Who asks for a file: an item of `include`, or nobody for the first file. */
struct asker {
	const struct pk_file *file;
	const struct pk_yaml *node;
};

static int load_file(struct pk_loader *loader, const char *path, struct asker asker);

/* strerror() for any thread. */
static const char *
error_text(int error)
{
	const char *text = strerrordesc_np(error);

	return text == NULL ? "unknown error" : text;
}

/* Adds an error about a whole file, and who wanted it. Returns -EBADMSG. */
static int
complain_of_file(struct pk_loader *loader, const struct pk_source *source,
    struct asker asker, const char *what, const char *detail)
{
	pk_report_add(
	    loader->report, PK_CONFIG_ERROR, source, 0, 0, "%s%s", what, detail);
	if (asker.file != NULL)
		pk_report_add(loader->report, PK_CONFIG_NOTE, &asker.file->source,
		    asker.node->line, asker.node->column, "included here");
	return -EBADMSG;
}

/* Reads to the end, but no more than one byte over the limit. */
static int
read_all(struct pk_arena *arena, int fd, size_t size_hint, struct pk_span *ret_text)
{
	size_t room =
	    size_hint < PK_CONFIG_FILE_MAX ? size_hint + 1 : PK_CONFIG_FILE_MAX + 1;
	char *text = pk_arena_alloc(arena, room + 1);
	size_t len = 0;

	while (text != NULL) {
		ssize_t n = read(fd, text + len, room - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		len += (size_t)n;
		if (n == 0 || len > PK_CONFIG_FILE_MAX)
			break;
		if (len < room)
			continue;
		/* It grows while we read, or is no regular file. */
		room =
		    room * 4 < PK_CONFIG_FILE_MAX ? room * 4 : PK_CONFIG_FILE_MAX + 1;
		char *grown = pk_arena_alloc(arena, room + 1);
		if (grown != NULL)
			memcpy(grown, text, len);
		text = grown;
	}
	*ret_text = (struct pk_span){ text, len };
	return text == NULL ? -ENOMEM : 0;
}

static const struct pk_file *
find_file(const struct pk_loader *loader, const struct stat *st)
{
	for (size_t i = 0; i < loader->files.len; i++) {
		const struct pk_file *file = loader->files.items[i];
		if (file->dev == st->st_dev && file->ino == st->st_ino)
			return file;
	}
	return NULL;
}

/* Opens and reads. Returns 0, -EBADMSG (told) or -ENOMEM. */
static int
read_file(struct pk_loader *loader, const char *path, struct asker asker,
    struct pk_file *file)
{
	struct pk_source *source = &file->source;
	pk_cleanup(pk_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return complain_of_file(
		    loader, source, asker, "cannot open: ", error_text(errno));
	if (S_ISDIR(st.st_mode))
		return complain_of_file(loader, source, asker, "is a directory", "");
	if (find_file(loader, &st) != NULL)
		return complain_of_file(
		    loader, source, asker, "has been read already", "");
	if (loader->files.len == PK_CONFIG_FILES_MAX)
		return complain_of_file(loader, source, asker, "too many files", "");
	size_t hint = st.st_size > 0 ? (size_t)st.st_size : 4096;
	int r = read_all(loader->scratch, fd, hint, &source->text);
	if (r == -ENOMEM)
		return r;
	if (r < 0)
		return complain_of_file(
		    loader, source, asker, "cannot read: ", error_text(-r));
	if (source->text.len > PK_CONFIG_FILE_MAX) {
		source->text.len = 0;
		return complain_of_file(loader, source, asker, "longer than 4 MiB", "");
	}
	file->dev = st.st_dev;
	file->ino = st.st_ino;
	return 0;
}

/* "dir/of/file/pattern", the directory's own glob characters made harmless. */
static struct pk_span
pattern_from(
    struct pk_loader *loader, const struct pk_file *file, struct pk_span pattern)
{
	struct pk_span name = file->source.name;
	struct pk_buf buf;
	int r = 0;

	if (pattern.len > 0 && pattern.ptr[0] == '/')
		return pk_arena_copy(loader->scratch, pattern);
	while (name.len > 0 && name.ptr[name.len - 1] != '/')
		name.len--;
	pk_buf_init(&buf, 0);
	for (size_t i = 0; i < name.len && r == 0; i++) {
		if (strchr("*?[\\", name.ptr[i]) != NULL)
			r = pk_buf_append_char(&buf, '\\');
		if (r == 0)
			r = pk_buf_append_char(&buf, name.ptr[i]);
	}
	if (r == 0)
		r = pk_buf_append(&buf, pattern);
	struct pk_span whole = { NULL, 0 };
	if (r == 0)
		whole = pk_arena_copy(loader->scratch, pk_buf_span(&buf));
	pk_buf_done(&buf);
	return whole;
}

/* A directory that is not there matches nothing; one that cannot be read is an error.
 */
static int
glob_error(const char *path, int error)
{
	(void)path;
	return error != ENOENT && error != ENOTDIR;
}

static int
load_pattern(struct pk_loader *loader, struct asker asker)
{
	struct pk_span pattern = pattern_from(loader, asker.file, asker.node->text);
	bool plain = strpbrk(asker.node->text.ptr, "*?[") == NULL;
	glob_t found;
	int r = 0;

	if (pattern.ptr == NULL)
		return -ENOMEM;
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): only with GLOB_TILDE, see glob(3) */
	switch (glob(pattern.ptr, plain ? GLOB_NOMAGIC : 0, glob_error, &found)) {
	case 0:
		break;
	case GLOB_NOMATCH:
		globfree(&found);
		return 0;
	case GLOB_NOSPACE:
		globfree(&found);
		return -ENOMEM;
	default:
		globfree(&found);
		pk_complain(loader, &asker.file->source, asker.node,
		    "include: cannot list the files of '%.*s'",
		    PK_SPAN_ARG(asker.node->text));
		return 0;
	}
	for (size_t i = 0; i < found.gl_pathc && r != -ENOMEM; i++)
		r = load_file(loader, found.gl_pathv[i], asker);
	globfree(&found);
	return r == -ENOMEM ? r : 0;
}

static bool
include_is_good(
    struct pk_loader *loader, const struct pk_file *file, const struct pk_yaml *node)
{
	if (node->broken)
		return false;
	if (node->kind != PK_YAML_TEXT || node->text.len == 0) {
		pk_complain(loader, &file->source, node,
		    "include: not a file pattern (want e.g. %s)",
		    pk_value_info(PK_VALUE_PATTERN)->examples);
		return false;
	}
	if (loader->from_text) {
		pk_complain(loader, &file->source, node, "include: not possible here");
		return false;
	}
	if (file->depth == PK_CONFIG_INCLUDE_DEPTH) {
		pk_complain(loader, &file->source, node,
		    "include: files include each other too deeply");
		return false;
	}
	return true;
}

static int
load_includes(struct pk_loader *loader, const struct pk_file *file,
    const struct pk_yaml *includes)
{
	if (includes == NULL || includes->empty || includes->broken)
		return 0;
	if (includes->kind != PK_YAML_LIST) {
		pk_complain(loader, &file->source, includes,
		    "include: %s is not a list (want e.g. %s)",
		    pk_yaml_kind_name(includes),
		    pk_value_info(PK_VALUE_INCLUDES)->examples);
		return 0;
	}
	for (const struct pk_yaml *i = includes->first; i != NULL; i = i->next) {
		if (!include_is_good(loader, file, i))
			continue;
		int r = load_pattern(loader, (struct asker){ file, i });
		if (r < 0)
			return r;
	}
	return 0;
}

/* Only lists of feeds may stand in a file that another includes. */
static void
check_included_keys(
    struct pk_loader *loader, const struct pk_file *file, const struct pk_yaml *root)
{
	for (const struct pk_yaml *v = root->first; v != NULL; v = v->next) {
		struct pk_span key = v->key->text;
		if (v->key->broken || pk_span_eq(key, PK_SPAN("groups")) ||
		    pk_span_eq(key, PK_SPAN("feeds")) ||
		    pk_span_eq(key, PK_SPAN("include")))
			continue;
		pk_complain(loader, &file->source, v->key,
		    "'%.*s' cannot stand in an included file (groups, feeds and "
		    "include can)",
		    PK_SPAN_ARG(pk_span_slice(key, 0, 80)));
	}
}

static int
parse_first(
    struct pk_loader *loader, const struct pk_file *file, const struct pk_yaml *root)
{
	struct pk_parser parser = {
		.loader = loader,
		.source = &file->source,
		.keys = &pk_config_keys,
		.prefix = "",
		.object = loader->config,
		.given = &loader->given,
	};
	int r = pk_parse_mapping(&parser, root);

	if (r == 0 && root->kind == PK_YAML_MAPPING &&
	    pk_yaml_get(root, PK_SPAN("version")) == NULL)
		pk_complain(loader, &file->source, root,
		    "there is no version (want version: 1)");
	return r;
}

static int
parse_file(struct pk_loader *loader, const struct pk_file *file)
{
	bool first = file->source.order == 0;
	struct pk_yaml *root;
	struct pk_config_feed defaults;
	int r = pk_yaml_parse(loader->scratch, &file->source, loader->report, &root);

	if (r == -EBADMSG)
		return 0; /* told */
	if (r < 0)
		return r;
	if (root->empty || root->kind != PK_YAML_MAPPING) {
		if (first || !root->empty)
			pk_report_add(loader->report, PK_CONFIG_ERROR, &file->source,
			    root->empty ? 0 : root->line, root->column, "%s",
			    root->empty ? "is empty" : "is not a mapping of keys");
		return 0;
	}
	if (first)
		r = parse_first(loader, file, root);
	else
		check_included_keys(loader, file, root);
	defaults = pk_feed_defaults();
	if (r == 0)
		r = pk_load_groups(
		    loader, &file->source, pk_yaml_get(root, PK_SPAN("groups")));
	if (r == 0)
		r = pk_load_feeds(loader, &file->source,
		    pk_yaml_get(root, PK_SPAN("feeds")), &defaults);
	if (r == 0)
		r = load_includes(loader, file, pk_yaml_get(root, PK_SPAN("include")));
	if (r == 0 && first)
		pk_check_config(loader, &file->source);
	return r;
}

static int
add_file(struct pk_loader *loader, const struct pk_file *file)
{
	const struct pk_file **slot = pk_array_push(loader->scratch, &loader->files);

	if (slot == NULL)
		return -ENOMEM;
	*slot = file;
	return 0;
}

static int
load_file(struct pk_loader *loader, const char *path, struct asker asker)
{
	struct pk_file *file = pk_arena_new_of(loader->scratch, struct pk_file);

	if (file == NULL)
		return -ENOMEM;
	file->source.name = pk_arena_copy(loader->scratch, pk_span_of(path));
	if (file->source.name.ptr == NULL)
		return -ENOMEM;
	file->source.order = (unsigned)loader->files.len;
	file->depth = asker.file == NULL ? 0 : asker.file->depth + 1;
	int r = read_file(loader, path, asker, file);
	if (r == 0)
		r = add_file(loader, file);
	return r < 0 ? r : parse_file(loader, file);
}

static int
load_text(struct pk_loader *loader, const char *name, struct pk_span text)
{
	struct pk_file *file = pk_arena_new_of(loader->scratch, struct pk_file);

	if (file == NULL)
		return -ENOMEM;
	file->source = (struct pk_source){ .name = pk_span_of(name), .text = text };
	if (text.len > PK_CONFIG_FILE_MAX)
		return complain_of_file(loader, &file->source,
		    (struct asker){ NULL, NULL }, "longer than 4 MiB", "");
	int r = add_file(loader, file);
	return r < 0 ? r : parse_file(loader, file);
}

static void
loader_done(struct pk_loader *loader)
{
	pk_config_unref(loader->config);
	pk_arena_free(loader->scratch);
	pk_map_free(loader->feed_places);
	pk_map_free(loader->group_places);
	free(loader->feeds);
}

static int
load(const char *path, const struct pk_span *text, struct pk_config **ret_config,
    struct pk_config_report *report)
{
	pk_cleanup(loader_done) struct pk_loader loader = {
		.report = report,
		.from_text = text != NULL,
		.scratch = pk_arena_new(SCRATCH_MAX),
		.feed_places = pk_map_new(),
		.group_places = pk_map_new(),
	};

	loader.config = pk_config_new(&loader.arena);
	if (loader.config == NULL || loader.scratch == NULL ||
	    loader.feed_places == NULL || loader.group_places == NULL)
		return -ENOMEM;
	int r = pk_parse_defaults(&loader);
	if (r < 0)
		return r;
	r = text != NULL ? load_text(&loader, path, *text)
			 : load_file(&loader, path, (struct asker){ NULL, NULL });
	pk_report_sort(report);
	if (r < 0)
		return r;
	if (report->n_errors > 0)
		return -EBADMSG;
	r = pk_load_finish(&loader);
	if (r == 0)
		*ret_config = pk_steal(&loader.config);
	return r;
}

int
pk_config_load(
    const char *path, struct pk_config **ret_config, struct pk_config_report *report)
{
	return load(path, NULL, ret_config, report);
}

int
pk_config_load_text(const char *name, struct pk_span text,
    struct pk_config **ret_config, struct pk_config_report *report)
{
	return load(name, &text, ret_config, report);
}
