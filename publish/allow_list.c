/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/allow_list.h"

#include "base/arena.h"
#include "base/map.h"
#include "publish/topic.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdatomic.h>

#define ENDING ".pub"

/* 10 000 clients with 64 prefixes each would be 180 MB: nobody wants that. */
#define LIST_LIMIT ((size_t)64 * 1024 * 1024)

struct pk_allow_list {
	atomic_uint references;
	struct pk_arena *arena;
	PK_ARRAY(struct pk_client *) clients;
	struct pk_map *by_key;
	struct pk_map *by_name;
	bool limited;
};

/* What all topics begin with (publish/topic.h). */
static const struct pk_span roots[] = { { "event/", 6 }, { "article/", 8 },
	{ "feed/", 5 }, { "heartbeat/", 10 } };

/* ---- life ---- */

static struct pk_allow_list *
free_list(struct pk_allow_list *list)
{
	if (list == NULL)
		return NULL;
	pk_map_free(list->by_key);
	pk_map_free(list->by_name);
	pk_arena_free(list->arena);
	free(list);
	return NULL;
}

static struct pk_allow_list *
new_list(void)
{
	struct pk_allow_list *list = calloc(1, sizeof(*list));

	if (list == NULL)
		return NULL;
	atomic_init(&list->references, 1);
	list->arena = pk_arena_new(LIST_LIMIT);
	list->by_key = pk_map_new();
	list->by_name = pk_map_new();
	return list->arena == NULL || list->by_key == NULL || list->by_name == NULL
		   ? free_list(list)
		   : list;
}

struct pk_allow_list *
pk_allow_list_ref(struct pk_allow_list *list)
{
	if (list != NULL)
		atomic_fetch_add(&list->references, 1);
	return list;
}

struct pk_allow_list *
pk_allow_list_unref(struct pk_allow_list *list)
{
	if (list != NULL && atomic_fetch_sub(&list->references, 1) == 1)
		free_list(list);
	return NULL;
}

/* ---- a file ---- */

struct file {
	const char *path;
	struct pk_allow_list *list;
	struct pk_diag *diag;
};

static int
complain(const struct file *file, unsigned line, unsigned column, const char *what)
{
	pk_diag_at(file->diag, -EBADMSG, file->path, line, "%s", what);
	return pk_diag_column(file->diag, -EBADMSG, column);
}

static bool
is_name(struct pk_span name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRST"
				      "UVWXYZ0123456789._-";

	if (name.len == 0 || name.len > PK_CLIENT_NAME_MAX)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		if (memchr(allowed, name.ptr[i], sizeof(allowed) - 1) == NULL)
			return false;
	}
	return true;
}

/* "desk" of "/etc/peyk/clients.d/desk.pub". */
static struct pk_span
name_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct pk_span name = pk_span_of(slash == NULL ? path : slash + 1);

	if (pk_span_ends_with(name, PK_SPAN(ENDING)))
		name.len -= strlen(ENDING);
	return name;
}

/* Not a topic that is there, but one that could be: a slip of the pen would else lock
 * its client out without a word. */
static bool
is_beginning_of_topics(struct pk_span prefix)
{
	for (size_t i = 0; i < PK_COUNT(roots); i++) {
		if (pk_span_starts_with(prefix, roots[i]) ||
		    pk_span_starts_with(roots[i], prefix))
			return true;
	}
	return false;
}

/* `text` is the whole line, `from` what stands behind the word "topic". */
static int
add_topic(const struct file *file, struct pk_client *client, struct pk_span text,
    struct pk_span *topics, unsigned line)
{
	struct pk_span prefix = pk_span_trim(pk_span_slice(text, 5, text.len));
	unsigned column = (unsigned)(text.len - prefix.len) + 1;

	if (prefix.len == 0)
		return complain(file, line, 0, "which topic? Want: topic PREFIX");
	if (prefix.len > PK_TOPIC_PREFIX_MAX)
		return complain(
		    file, line, column, "this prefix is longer than 255 characters");
	for (size_t i = 0; i < prefix.len; i++) {
		if (prefix.ptr[i] <= ' ' || prefix.ptr[i] > '~')
			return complain(file, line, column + (unsigned)i,
			    "topics are of ASCII characters, without blanks");
	}
	if (!is_beginning_of_topics(prefix))
		return complain(file, line, column,
		    "no topic begins like this: they begin with event/, article/ or "
		    "feed/");
	if (client->n_topics == PK_CLIENT_TOPICS_MAX)
		return complain(file, line, 0, "there are more than 64 topics");
	topics[client->n_topics] = pk_arena_copy(file->list->arena, prefix);
	return topics[client->n_topics++].ptr == NULL ? -ENOMEM : 0;
}

static int
parse_topics(const struct file *file, struct pk_client *client, struct pk_span rest,
    unsigned line)
{
	struct pk_span topics[PK_CLIENT_TOPICS_MAX], text;

	while ((text = pk_key_file_line(&rest, &line)).ptr != NULL) {
		bool is_topic = pk_span_starts_with(text, PK_SPAN("topic")) &&
				(text.len == 5 || pk_ascii_is_blank(text.ptr[5]));
		if (!is_topic)
			return complain(file, line, 1,
			    "behind the key, only lines 'topic PREFIX' may stand");
		int r = add_topic(file, client, text, topics, line);
		if (r < 0)
			return r;
	}
	if (client->n_topics == 0)
		return 0;
	struct pk_span *kept =
	    pk_arena_calloc(file->list->arena, client->n_topics, sizeof(*kept));
	if (kept == NULL)
		return -ENOMEM;
	memcpy(kept, topics, client->n_topics * sizeof(*kept));
	client->topics = kept;
	file->list->limited = true;
	return 0;
}

static int
parse_key(const struct file *file, struct pk_client *client, struct pk_span *rest,
    unsigned *line)
{
	struct pk_span key = pk_key_file_line(rest, line);

	if (key.ptr == NULL)
		return pk_diag_at(
		    file->diag, -EBADMSG, file->path, 0, "there is no key in it");
	if (pk_key_decode(key, client->key) < 0)
		return complain(file, *line, 1,
		    "this is no public key: want 40 characters of Z85, as peyk keygen "
		    "writes them");
	return 0;
}

static int
add_client(const struct file *file, struct pk_client *client)
{
	struct pk_allow_list *list = file->list;
	struct pk_span key = { (const char *)client->key, PK_KEY_BYTES };
	const struct pk_client *same = pk_map_get(list->by_key, key);

	if (same != NULL)
		return pk_diag_at(file->diag, -EBADMSG, file->path, 0,
		    "this key stands in %s" ENDING " already", same->name.ptr);
	struct pk_client **place = pk_array_push(list->arena, &list->clients);
	if (place == NULL)
		return -ENOMEM;
	*place = client;
	int r = pk_map_set(list->by_key, key, client);
	return r < 0 ? r : pk_map_set(list->by_name, client->name, client);
}

static int
parse_file(const struct file *file, struct pk_span text)
{
	struct pk_span name = name_of(file->path);
	struct pk_client *client = pk_arena_new_of(file->list->arena, struct pk_client);
	unsigned line = 0;

	if (!is_name(name))
		return pk_diag_at(file->diag, -EBADMSG, file->path, 0,
		    "a client's name is 1 to 64 of the characters A-Z a-z 0-9 . _ -");
	if (client == NULL)
		return -ENOMEM;
	client->name = pk_arena_copy(file->list->arena, name);
	if (client->name.ptr == NULL)
		return -ENOMEM;
	if (memchr(text.ptr, '\0', text.len) != NULL)
		return pk_diag_at(file->diag, -EBADMSG, file->path, 0, "is no text");
	int r = parse_key(file, client, &text, &line);
	if (r == 0)
		r = parse_topics(file, client, text, line);
	return r < 0 ? r : add_client(file, client);
}

static int
tell_of_memory(int r, const char *path, struct pk_diag *reterr_diag)
{
	return r == -ENOMEM ? pk_diag_at(reterr_diag, r, path, 0,
				  "takes more memory than there is for it")
			    : r;
}

int
pk_allow_list_parse(const char *path, struct pk_span text,
    struct pk_allow_list **ret_list, struct pk_diag *reterr_diag)
{
	pk_cleanup(pk_allow_list_unrefp) struct pk_allow_list *list = new_list();
	const struct file file = { .path = path, .list = list, .diag = reterr_diag };

	if (text.len > PK_KEY_FILE_MAX)
		return pk_diag_at(reterr_diag, -E2BIG, path, 0, "is too long");
	int r = list == NULL ? -ENOMEM : parse_file(&file, text);
	if (r < 0)
		return tell_of_memory(r, path, reterr_diag);
	*ret_list = pk_steal(&list);
	return 0;
}

/* ---- the folder ---- */

static int
read_file(struct pk_allow_list *list, const char *folder, const char *name,
    struct pk_diag *reterr_diag)
{
	char path[4096], buf[PK_KEY_FILE_MAX];
	const struct file file = { .path = path, .list = list, .diag = reterr_diag };
	int r = snprintf(path, sizeof(path), "%s/%s", folder, name);

	if (r < 0 || (size_t)r >= sizeof(path))
		return pk_diag_at(
		    reterr_diag, -ENAMETOOLONG, folder, 0, "the name is too long");
	r = pk_key_file_read(path, buf, NULL, reterr_diag);
	if (r < 0)
		return r;
	return tell_of_memory(
	    parse_file(&file, (struct pk_span){ buf, (size_t)r }), path, reterr_diag);
}

/* Hidden files are what editors leave behind. */
static int
is_client(const struct dirent *entry)
{
	return entry->d_name[0] != '.' &&
	       pk_span_ends_with(pk_span_of(entry->d_name), PK_SPAN(ENDING));
}

int
pk_allow_list_load(
    const char *folder, struct pk_allow_list **ret_list, struct pk_diag *reterr_diag)
{
	pk_cleanup(pk_allow_list_unrefp) struct pk_allow_list *list = new_list();
	struct dirent **entries = NULL;

	if (list == NULL)
		return tell_of_memory(-ENOMEM, folder, reterr_diag);
	/* in the order of names, so that the same mistake is told each time */
	int r = 0, n = scandir(folder, &entries, is_client, alphasort);
	if (n < 0) {
		int error = errno;
		return pk_diag_at(reterr_diag, -error, folder, 0,
		    "the folder of the clients' keys cannot be read: %s",
		    strerrordesc_np(error));
	}
	if (n > PK_CLIENTS_MAX)
		r = pk_diag_at(reterr_diag, -E2BIG, folder, 0,
		    "there are more than %d keys", PK_CLIENTS_MAX);
	for (int i = 0; i < n; i++) {
		if (r == 0)
			r = read_file(list, folder, entries[i]->d_name, reterr_diag);
		free(entries[i]);
	}
	free(entries);
	if (r == 0)
		*ret_list = pk_steal(&list);
	return r;
}

/* ---- questions ---- */

size_t
pk_allow_list_count(const struct pk_allow_list *list)
{
	return list->clients.len;
}

const struct pk_client *
pk_allow_list_of_key(
    const struct pk_allow_list *list, const unsigned char key[static PK_KEY_BYTES])
{
	return pk_map_get(
	    list->by_key, (struct pk_span){ (const char *)key, PK_KEY_BYTES });
}

const struct pk_client *
pk_allow_list_of_name(const struct pk_allow_list *list, struct pk_span name)
{
	return pk_map_get(list->by_name, name);
}

bool
pk_allow_list_is_limited(const struct pk_allow_list *list)
{
	return list->limited;
}

bool
pk_client_may_read(const struct pk_client *client, struct pk_span prefix)
{
	for (size_t i = 0; i < client->n_topics; i++) {
		if (pk_span_starts_with(prefix, client->topics[i]))
			return true;
	}
	return client->n_topics == 0 || pk_span_starts_with(prefix, PK_TOPIC_HEARTBEAT);
}

bool
pk_allow_list_may_read(
    const struct pk_allow_list *list, struct pk_span client, struct pk_span prefix)
{
	const struct pk_client *known = pk_allow_list_of_name(list, client);

	return known != NULL && pk_client_may_read(known, prefix);
}

/* May `now` read all that `then` could? */
static bool
keeps_all(const struct pk_client *now, const struct pk_client *then)
{
	for (size_t i = 0; i < then->n_topics; i++) {
		if (!pk_client_may_read(now, then->topics[i]))
			return false;
	}
	return then->n_topics > 0 || now->n_topics == 0;
}

bool
pk_allow_list_revokes(const struct pk_allow_list *list, const struct pk_allow_list *old)
{
	for (size_t i = 0; i < old->clients.len; i++) {
		const struct pk_client *then = old->clients.items[i];
		const struct pk_client *now = pk_allow_list_of_key(list, then->key);
		if (now == NULL || !pk_span_eq(now->name, then->name) ||
		    !keeps_all(now, then))
			return true;
	}
	return false;
}
