/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/power_loss.h"

#include <assert.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Of a disk; a page of SQLite is several. */
#define SECTOR ((size_t)512)

#define NAMES_MAX 16

/* A change of a file's content that the disk does not hold yet. */
struct change {
	uint64_t number; /* of the operation */
	int64_t at;      /* of what is written; or the new size */
	size_t len;
	bool truncates;
	unsigned char *bytes;
	struct change *next;
};

/* What a name stands for: removed and made again, it is another one. */
struct content {
	unsigned char *bytes; /* that the disk holds */
	size_t len;
	struct change *changes, **end;
	struct content *next; /* of all */
};

struct name {
	char path[512];
	struct content *now;     /* NULL: there is no such file */
	struct content *on_disk; /* so says the folder on disk */
};

/* A change of the folder that the disk does not hold yet. */
struct renaming {
	uint64_t number;
	struct name *name;
	struct content *to;
	struct renaming *next;
};

struct file {
	sqlite3_file base;
	struct content *content; /* NULL: a temporary file, of no interest */
	bool syncs_folder;  /* with its next sync, as SQLite does for new journals */
	sqlite3_file *real; /* stands behind this struct */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sqlite3_vfs *real;
static struct power_loss plan;
static uint64_t operations, chance;
static _Atomic bool lost;
static struct name names[NAMES_MAX];
static size_t n_names;
static struct content *contents;
static struct renaming *renamings, **renamings_end = &renamings;

uint64_t
power_loss_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

static void *
must(void *memory)
{
	if (memory == NULL)
		abort();
	return memory;
}

/* One operation more. True: the power fails in the middle of it. */
static bool
fails_here(void)
{
	if (lost)
		return true;
	operations++;
	lost = operations == plan.at;
	return lost;
}

/* ---- what is not on disk yet ---- */

static struct name *
name_of(const char *path)
{
	for (size_t i = 0; i < n_names; i++) {
		if (strcmp(names[i].path, path) == 0)
			return &names[i];
	}
	return NULL;
}

static struct name *
add_name(const char *path)
{
	assert(n_names < NAMES_MAX && strlen(path) < sizeof(names[0].path));
	struct name *name = &names[n_names++];
	*name = (struct name){ 0 };
	strcpy(name->path, path); /* NOLINT(clang-analyzer-security*): was measured */
	return name;
}

static struct content *
add_content(void)
{
	struct content *content = must(calloc(1, sizeof(*content)));

	content->end = &content->changes;
	content->next = contents;
	contents = content;
	return content;
}

static void
read_whole(const char *path, struct content *content)
{
	FILE *f = must(fopen(path, "rb"));
	unsigned char piece[65536];
	size_t n;

	while ((n = fread(piece, 1, sizeof(piece), f)) > 0) {
		content->bytes = must(realloc(content->bytes, content->len + n));
		memcpy(content->bytes + content->len, piece, n);
		content->len += n;
	}
	fclose(f);
}

static void
rename_later(struct name *name, struct content *to)
{
	struct renaming *renaming = must(calloc(1, sizeof(*renaming)));

	*renaming = (struct renaming){ .number = operations, .name = name, .to = to };
	*renamings_end = renaming;
	renamings_end = &renaming->next;
	name->now = to;
}

static void
change_later(
    struct content *content, const void *bytes, size_t len, int64_t at, bool truncates)
{
	struct change *change = must(calloc(1, sizeof(*change)));

	*change = (struct change){
		.number = operations, .at = at, .len = len, .truncates = truncates
	};
	if (len > 0) {
		change->bytes = must(malloc(len));
		memcpy(change->bytes, bytes, len);
	}
	*content->end = change;
	content->end = &change->next;
}

/* ---- what gets onto the disk ---- */

static void
resize(struct content *content, size_t len)
{
	if (len > content->len) {
		content->bytes = must(realloc(content->bytes, len));
		memset(content->bytes + content->len, 0, len - content->len);
	}
	content->len = len;
}

/* `len` bytes of it. */
static void
apply(struct content *content, const struct change *change, size_t len)
{
	size_t at = (size_t)change->at;

	if (change->truncates) {
		/* longer than it is, it is only another's write that did not come */
		if (at < content->len)
			resize(content, at);
		return;
	}
	if (at + len > content->len)
		resize(content, at + len);
	if (len > 0)
		memcpy(content->bytes + at, change->bytes, len);
}

static void
drop_changes(struct content *content)
{
	for (struct change *change = content->changes; change != NULL;) {
		struct change *next = change->next;
		free(change->bytes);
		free(change);
		change = next;
	}
	content->changes = NULL;
	content->end = &content->changes;
}

static void
sync_content(struct content *content)
{
	for (struct change *change = content->changes; change != NULL;
	     change = change->next)
		apply(content, change, change->len);
	drop_changes(content);
}

/* All renamings up to and with that operation. */
static void
sync_folder(uint64_t number)
{
	while (renamings != NULL && renamings->number <= number) {
		struct renaming *renaming = renamings;
		renaming->name->on_disk = renaming->to;
		renamings = renaming->next;
		free(renaming);
	}
	if (renamings == NULL)
		renamings_end = &renamings;
}

/* ---- files ---- */

static int
close_file(sqlite3_file *base)
{
	struct file *file = (struct file *)base;

	return file->real->pMethods == NULL ? SQLITE_OK
					    : file->real->pMethods->xClose(file->real);
}

static int
read_file(sqlite3_file *base, void *bytes, int len, sqlite3_int64 at)
{
	struct file *file = (struct file *)base;

	return lost ? SQLITE_IOERR_READ
		    : file->real->pMethods->xRead(file->real, bytes, len, at);
}

static int
write_file(sqlite3_file *base, const void *bytes, int len, sqlite3_int64 at)
{
	struct file *file = (struct file *)base;
	int r = SQLITE_IOERR_WRITE;

	pthread_mutex_lock(&lock);
	bool was_lost = lost;
	bool fails = fails_here();
	if (!was_lost && file->content != NULL)
		change_later(file->content, bytes, (size_t)len, at, false);
	if (!fails)
		r = file->real->pMethods->xWrite(file->real, bytes, len, at);
	pthread_mutex_unlock(&lock);
	return r;
}

static int
truncate_file(sqlite3_file *base, sqlite3_int64 size)
{
	struct file *file = (struct file *)base;
	int r = SQLITE_IOERR_TRUNCATE;

	pthread_mutex_lock(&lock);
	bool was_lost = lost;
	bool fails = fails_here();
	if (!was_lost && file->content != NULL)
		change_later(file->content, NULL, 0, size, true);
	if (!fails)
		r = file->real->pMethods->xTruncate(file->real, size);
	pthread_mutex_unlock(&lock);
	return r;
}

static size_t
below(size_t end)
{
	return (size_t)(power_loss_random(&chance) % end);
}

/* Nothing has to be synced in truth. */
static int
sync_file(sqlite3_file *base, int flags)
{
	struct file *file = (struct file *)base;

	(void)flags;
	pthread_mutex_lock(&lock);
	bool fails = fails_here();
	if (!fails && plan.bad_syncs > 0 && below(plan.bad_syncs) == 0) {
		fails = true;
		if (file->content != NULL)
			drop_changes(file->content);
	}
	if (!fails && file->content != NULL) {
		sync_content(file->content);
		if (file->syncs_folder)
			sync_folder(operations);
		file->syncs_folder = false;
	}
	pthread_mutex_unlock(&lock);
	return fails ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int
size_of_file(sqlite3_file *base, sqlite3_int64 *ret_size)
{
	struct file *file = (struct file *)base;

	return lost ? SQLITE_IOERR_FSTAT
		    : file->real->pMethods->xFileSize(file->real, ret_size);
}

static int
lock_file(sqlite3_file *base, int level)
{
	struct file *file = (struct file *)base;

	return lost ? SQLITE_IOERR_LOCK
		    : file->real->pMethods->xLock(file->real, level);
}

static int
unlock_file(sqlite3_file *base, int level)
{
	struct file *file = (struct file *)base;

	return file->real->pMethods->xUnlock(file->real, level);
}

static int
is_reserved(sqlite3_file *base, int *ret_reserved)
{
	struct file *file = (struct file *)base;

	return lost
		   ? SQLITE_IOERR_CHECKRESERVEDLOCK
		   : file->real->pMethods->xCheckReservedLock(file->real, ret_reserved);
}

static int
control_file(sqlite3_file *base, int what, void *argument)
{
	struct file *file = (struct file *)base;

	return file->real->pMethods->xFileControl(file->real, what, argument);
}

static int
sector_of_file(sqlite3_file *base)
{
	struct file *file = (struct file *)base;

	return file->real->pMethods->xSectorSize(file->real);
}

static int
nature_of_file(sqlite3_file *base)
{
	struct file *file = (struct file *)base;

	return file->real->pMethods->xDeviceCharacteristics(file->real);
}

/* Shared memory is lost with the power; all that there is is that of the real file. */
static int
map_shared(
    sqlite3_file *base, int page, int size, int extend, void volatile **ret_memory)
{
	struct file *file = (struct file *)base;

	return lost ? SQLITE_IOERR_SHMMAP
		    : file->real->pMethods->xShmMap(
			  file->real, page, size, extend, ret_memory);
}

static int
lock_shared(sqlite3_file *base, int offset, int n, int flags)
{
	struct file *file = (struct file *)base;

	if (lost && (flags & SQLITE_SHM_LOCK) != 0)
		return SQLITE_IOERR_SHMLOCK;
	return file->real->pMethods->xShmLock(file->real, offset, n, flags);
}

static void
barrier_shared(sqlite3_file *base)
{
	struct file *file = (struct file *)base;

	file->real->pMethods->xShmBarrier(file->real);
}

static int
unmap_shared(sqlite3_file *base, int removes)
{
	struct file *file = (struct file *)base;

	return file->real->pMethods->xShmUnmap(file->real, removes);
}

/* Without xFetch: nothing is read past us. */
static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = close_file,
	.xRead = read_file,
	.xWrite = write_file,
	.xTruncate = truncate_file,
	.xSync = sync_file,
	.xFileSize = size_of_file,
	.xLock = lock_file,
	.xUnlock = unlock_file,
	.xCheckReservedLock = is_reserved,
	.xFileControl = control_file,
	.xSectorSize = sector_of_file,
	.xDeviceCharacteristics = nature_of_file,
	.xShmMap = map_shared,
	.xShmLock = lock_shared,
	.xShmBarrier = barrier_shared,
	.xShmUnmap = unmap_shared,
};

/* ---- names ---- */

/* The journals whose folder SQLite syncs with them when it has made them. */
#define JOURNALS                                                                       \
	(SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL | SQLITE_OPEN_SUPER_JOURNAL)

/* What the file is for us; it is open, and was there before or not. */
static void
get_to_know(struct file *file, const char *path, int flags, bool was_there)
{
	struct name *name = name_of(path);

	if (name == NULL)
		name = add_name(path);
	if (name->now == NULL && was_there) {
		name->now = name->on_disk = add_content();
		read_whole(path, name->now);
	} else if (name->now == NULL) {
		rename_later(name, add_content());
		file->syncs_folder = (flags & JOURNALS) != 0;
	}
	file->content = name->now;
}

static int
open_file(
    sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags, int *ret_flags)
{
	struct file *file = (struct file *)base;
	bool is_kept = path != NULL && (flags & SQLITE_OPEN_DELETEONCLOSE) == 0;
	int is_there = 0, r = SQLITE_CANTOPEN;

	(void)vfs;
	*file = (struct file){ .real = (sqlite3_file *)(file + 1) };
	memset(file->real, 0, (size_t)real->szOsFile);
	pthread_mutex_lock(&lock);
	if (is_kept)
		real->xAccess(real, path, SQLITE_ACCESS_EXISTS, &is_there);
	bool makes = is_kept && !is_there && (flags & SQLITE_OPEN_CREATE) != 0;
	if (!(makes ? fails_here() : lost))
		r = real->xOpen(real, path, file->real, flags, ret_flags);
	if (r == SQLITE_OK && is_kept)
		get_to_know(file, path, flags, is_there);
	pthread_mutex_unlock(&lock);
	if (r == SQLITE_OK)
		file->base.pMethods = &methods;
	return r;
}

static int
delete_file(sqlite3_vfs *vfs, const char *path, int syncs_folder)
{
	int r = SQLITE_IOERR_DELETE;

	(void)vfs;
	pthread_mutex_lock(&lock);
	struct name *name = name_of(path);
	bool was_lost = lost;
	bool fails = fails_here();
	if (!was_lost && name != NULL && name->now != NULL)
		rename_later(name, NULL);
	if (!fails) {
		r = real->xDelete(real, path, 0);
		if (syncs_folder)
			sync_folder(operations);
	}
	pthread_mutex_unlock(&lock);
	return r;
}

static int
access_file(sqlite3_vfs *vfs, const char *path, int what, int *ret_yes)
{
	(void)vfs;
	return lost ? SQLITE_IOERR_ACCESS : real->xAccess(real, path, what, ret_yes);
}

int
power_loss_install(void)
{
	static sqlite3_vfs vfs;

	if (real != NULL)
		return sqlite3_vfs_register(&vfs, 1);
	real = sqlite3_vfs_find(NULL);
	if (real == NULL)
		return SQLITE_ERROR;
	vfs = *real; /* time, random numbers, names: all but files is the real one's */
	vfs.pNext = NULL;
	vfs.zName = "power_loss";
	vfs.szOsFile = (int)sizeof(struct file) + real->szOsFile;
	vfs.xOpen = open_file;
	vfs.xDelete = delete_file;
	vfs.xAccess = access_file;
	return sqlite3_vfs_register(&vfs, 1);
}

int
power_loss_remove(void)
{
	return sqlite3_vfs_register(real, 1);
}

void
power_loss_plan(const struct power_loss *loss)
{
	plan = *loss;
	chance = loss->seed;
	operations = 0;
	lost = false;
}

void
power_loss_now(void)
{
	lost = true;
}

bool
power_loss_happened(void)
{
	return lost;
}

uint64_t
power_loss_operations(void)
{
	return operations;
}

/* ---- after the power loss ---- */

/* Some moment since the first thing that is not on disk. */
static uint64_t
some_moment(void)
{
	uint64_t first = renamings == NULL ? operations : renamings->number;

	for (const struct content *content = contents; content != NULL;
	     content = content->next) {
		if (content->changes != NULL && content->changes->number < first)
			first = content->changes->number;
	}
	return first - 1 + below(operations - first + 2);
}

/* The nth of the changes of contents that are not on disk; NULL beyond. */
static struct change *
unsynced(size_t n)
{
	for (struct content *content = contents; content != NULL;
	     content = content->next) {
		for (struct change *change = content->changes; change != NULL;
		     change = change->next) {
			if (n-- == 0)
				return change;
		}
	}
	return NULL;
}

/* Sectors of it; in the next one stands what nobody has written. */
static void
tear(struct content *content, const struct change *change)
{
	size_t len = SECTOR * below(change->len / SECTOR + 1);
	size_t rubbish = change->len - len < SECTOR ? change->len - len : SECTOR;

	apply(content, change, len);
	if (change->truncates || rubbish == 0)
		return;
	size_t at = (size_t)change->at + len;
	if (at + rubbish > content->len)
		resize(content, at + rubbish);
	for (size_t i = 0; i < rubbish; i++)
		content->bytes[at + i] = (unsigned char)power_loss_random(&chance);
}

/* A part of what was not synced is there: that up to operation `until`, or any. */
static void
apply_some(struct content *content, uint64_t until, const struct change *torn)
{
	for (struct change *change = content->changes; change != NULL;
	     change = change->next) {
		bool is_there = plan.kind == POWER_LOSS_ORDERED
				    ? change->number <= until
				    : below(2) != 0;
		if (plan.kind == POWER_LOSS_NOTHING)
			is_there = false;
		if (change == torn)
			tear(content, change);
		else if (is_there)
			apply(content, change, change->len);
	}
	drop_changes(content);
}

static void
write_whole(const struct name *name)
{
	char shared[sizeof(name->path) + 8];

	if (name->on_disk == NULL) {
		unlink(name->path);
	} else {
		FILE *f = must(fopen(name->path, "wb"));
		size_t n = fwrite(name->on_disk->bytes, 1, name->on_disk->len, f);
		if (n != name->on_disk->len || fclose(f) != 0)
			abort();
	}
	snprintf(shared, sizeof(shared), "%s-shm", name->path);
	unlink(shared);
}

static void
forget(void)
{
	sync_folder(UINT64_MAX);
	while (contents != NULL) {
		struct content *next = contents->next;
		drop_changes(contents);
		free(contents->bytes);
		free(contents);
		contents = next;
	}
	n_names = 0;
}

void
power_loss_settle(void)
{
	pthread_mutex_lock(&lock);
	if (lost) {
		uint64_t until = some_moment();
		size_t n = 0;
		while (unsynced(n) != NULL)
			n++;
		const struct change *torn =
		    plan.kind == POWER_LOSS_TORN && n > 0 ? unsynced(below(n)) : NULL;
		for (struct content *content = contents; content != NULL;
		     content = content->next)
			apply_some(content, until, torn);
		/* names are kept in order by every file system that has a journal */
		sync_folder(plan.kind == POWER_LOSS_NOTHING ? 0 : until);
		for (size_t i = 0; i < n_names; i++)
			write_whole(&names[i]);
	}
	forget();
	lost = false;
	pthread_mutex_unlock(&lock);
}
