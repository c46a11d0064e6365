/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/quarantine.h"

#include "base/date_formats.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>

/* More files are not looked at; feeds have two each. */
#define FILES_MAX 100000

/* One at a time: who looks for the oldest must not see another's half of the work. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* What the folder holds, so that it is looked through only at first and when it is
 * full; less than 0: not known yet. Guarded by the lock. */
static int64_t held_bytes = -1;

static int
write_all(int fd, struct pk_span bytes)
{
	while (bytes.len > 0) {
		ssize_t n = write(fd, bytes.ptr, bytes.len);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			bytes = pk_span_slice(bytes, (size_t)n, bytes.len);
	}
	return 0;
}

/* Under another name first, so that nobody finds half a file. */
static int
put_file(int folder, struct pk_span feed, const char *ending, struct pk_span bytes)
{
	char name[64];

	snprintf(name, sizeof(name), "%.*s%s", PK_SPAN_ARG(feed), ending);
	int fd = openat(folder, ".new",
	    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	int r = write_all(fd, bytes);
	if (close(fd) != 0 && r == 0)
		r = -errno;
	if (r == 0 && renameat(folder, ".new", folder, name) != 0)
		r = -errno;
	if (r < 0)
		unlinkat(folder, ".new", 0);
	return r;
}

static int
put_note(int folder, const struct pk_doc *doc, const char *reason)
{
	char text[6144], time[PK_DATE_TEXT_MAX];

	pk_date_format_utc(doc->fetched_ms / 1000, time);
	int n = snprintf(text, sizeof(text),
	    "feed: %.*s\nurl: %.*s\ntime: %s\ncontent-type: %.*s\nbytes: %zu\n"
	    "reason: %s\n",
	    PK_SPAN_ARG(doc->feed), PK_SPAN_ARG(pk_span_slice(doc->url, 0, 4096)), time,
	    PK_SPAN_ARG(pk_span_slice(doc->content_type, 0, 256)), doc->bytes.len,
	    reason);
	size_t len = n < 0                      ? 0
		     : (size_t)n < sizeof(text) ? (size_t)n
						: sizeof(text) - 1;
	return put_file(folder, doc->feed, ".txt", (struct pk_span){ text, len });
}

/* What is in the folder, and the body that has been there longest. */
struct inventory {
	int64_t bytes;
	time_t oldest_s;
	char oldest[64];
};

static void
take_stock(DIR *dir, struct inventory *inventory)
{
	const struct dirent *entry;

	*inventory = (struct inventory){ .bytes = 0 };
	rewinddir(dir);
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): nobody else has this stream */
	for (int i = 0; i < FILES_MAX && (entry = readdir(dir)) != NULL; i++) {
		struct stat st;
		struct pk_span name = pk_span_of(entry->d_name);
		if (!pk_span_ends_with(name, PK_SPAN(".body")) ||
		    name.len >= sizeof(inventory->oldest) ||
		    fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		inventory->bytes += st.st_size;
		if (inventory->oldest[0] == '\0' || st.st_mtime < inventory->oldest_s) {
			inventory->oldest_s = st.st_mtime;
			memcpy(inventory->oldest, entry->d_name, name.len + 1);
		}
	}
}

static void
remove_body(int folder, const char *name)
{
	char note[80];
	struct pk_span feed = pk_span_slice(pk_span_of(name), 0, strlen(name) - 5);

	snprintf(note, sizeof(note), "%.*s.txt", PK_SPAN_ARG(feed));
	unlinkat(folder, name, 0);
	unlinkat(folder, note, 0);
}

/* Removes what is oldest until `bytes` more fit in. */
static void
make_room(DIR *dir, int64_t limit, int64_t bytes)
{
	struct inventory inventory;

	if (held_bytes >= 0 && held_bytes + bytes <= limit) {
		held_bytes += bytes;
		return;
	}
	/* a tenth more than is wanted, so that not each new one looks through it all */
	limit -= limit / 10 < limit - bytes ? limit / 10 : limit - bytes;
	take_stock(dir, &inventory);
	while (inventory.bytes + bytes > limit && inventory.oldest[0] != '\0') {
		int64_t before = inventory.bytes;
		remove_body(dirfd(dir), inventory.oldest);
		take_stock(dir, &inventory);
		if (inventory.bytes >= before)
			break; /* it cannot be removed */
	}
	held_bytes = inventory.bytes + bytes;
}

static int
put(const char *path, int64_t limit, const struct pk_doc *doc, const char *reason)
{
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return -errno;
	DIR *dir = opendir(path);
	if (dir == NULL)
		return -errno;
	make_room(dir, limit, (int64_t)doc->bytes.len);
	int r = put_file(dirfd(dir), doc->feed, ".body", doc->bytes);
	if (r == 0)
		r = put_note(dirfd(dir), doc, reason);
	closedir(dir);
	return r;
}

int
pk_quarantine_put(
    const char *folder, int64_t limit, const struct pk_doc *doc, const char *reason)
{
	if (doc->bytes.len == 0 || (int64_t)doc->bytes.len > limit)
		return 1;
	pthread_mutex_lock(&lock);
	int r = put(folder, limit, doc, reason);
	pthread_mutex_unlock(&lock);
	return r;
}
