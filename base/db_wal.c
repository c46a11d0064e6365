/* SPDX-License-Identifier: Apache-2.0 */
/* The WAL: how its pages get into the file, and what a failed sync means for it. */
#include "base/db_priv.h"
#include "base/failpoint.h"

#include <pthread.h>
#include <stdio.h>

/* With so many pages in the WAL a commit moves them itself: 256 MiB. */
#define WAL_PAGES_MAX 32768
#define WAL_PIECE     65536

/* Of the file format: what stands before each page. */
#define WAL_FRAME_HEAD 24

static pthread_mutex_t files_lock = PTHREAD_MUTEX_INITIALIZER;
static struct pk_db_file *files;

struct pk_db_file *
pk_db_file_use(const char *path)
{
	pthread_mutex_lock(&files_lock);
	struct pk_db_file *file = files;
	while (file != NULL && strcmp(file->path, path) != 0)
		file = file->next;
	if (file == NULL)
		file = calloc(1, sizeof(*file) + strlen(path) + 1);
	if (file != NULL && file->users++ == 0) {
		memcpy(file->path, path, strlen(path));
		file->next = files;
		files = file;
	}
	pthread_mutex_unlock(&files_lock);
	return file;
}

void
pk_db_file_leave(struct pk_db_file *file)
{
	struct pk_db_file **place = &files;

	pthread_mutex_lock(&files_lock);
	if (file != NULL && --file->users == 0) {
		while (*place != file)
			place = &(*place)->next;
		*place = file->next;
		free(file);
	}
	pthread_mutex_unlock(&files_lock);
}

static int
move_pages(struct pk_db *db, int how, int *ret_frames, int *ret_moved)
{
	if (db->file->keeps_wal)
		return SQLITE_IOERR_FSYNC;
	int rc =
	    sqlite3_wal_checkpoint_v2(db->handle, NULL, how, ret_frames, ret_moved);
	if (rc == SQLITE_IOERR_FSYNC)
		db->file->keeps_wal = true;
	return rc;
}

/* NULL: there is none. */
static sqlite3_file *
wal_of(const struct pk_db *db)
{
	sqlite3_file *wal = NULL;

	if (sqlite3_file_control(
		db->handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal) != SQLITE_OK)
		return NULL;
	return wal == NULL || wal->pMethods == NULL ? NULL : wal;
}

/* The keeper moves pages, so that a commit never pays for it, unless that does not keep
 * up. Whatever becomes of this, the commit has succeeded. */
static int
committed(void *context, sqlite3 *handle, const char *name, int frames)
{
	struct pk_db *db = context;
	sqlite3_file *wal = wal_of(db);

	(void)handle;
	(void)name;
	db->wal_frames = frames;
	if (wal == NULL ||
	    wal->pMethods->xRead(wal, db->wal_head, PK_WAL_HEAD, 0) != SQLITE_OK)
		memset(db->wal_head, 0, PK_WAL_HEAD);
	if (frames >= WAL_PAGES_MAX)
		move_pages(db, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	return SQLITE_OK;
}

static int
write_again(sqlite3_file *wal, sqlite3_int64 from)
{
	char piece[WAL_PIECE];
	sqlite3_int64 size = 0;
	int rc = wal->pMethods->xFileSize(wal, &size);

	for (sqlite3_int64 at = from; at < size && rc == SQLITE_OK; at += WAL_PIECE) {
		int len = size - at < WAL_PIECE ? (int)(size - at) : WAL_PIECE;
		rc = wal->pMethods->xRead(wal, piece, len, at);
		if (rc == SQLITE_OK)
			rc = wal->pMethods->xWrite(wal, piece, len, at);
	}
	if (rc == SQLITE_OK && size > from)
		rc = wal->pMethods->xSync(wal, SQLITE_SYNC_NORMAL);
	return rc;
}

/* Where the last commit that succeeded ends: at the beginning, when the WAL has begun
 * anew since. */
static sqlite3_int64
end_of_commits(const struct pk_db *db, sqlite3_file *wal)
{
	unsigned char head[PK_WAL_HEAD];

	if (wal->pMethods->xRead(wal, head, PK_WAL_HEAD, 0) != SQLITE_OK ||
	    memcmp(head, db->wal_head, PK_WAL_HEAD) != 0)
		return 0;
	sqlite3_int64 page = head[8] << 24 | head[9] << 16 | head[10] << 8 | head[11];
	return PK_WAL_HEAD + db->wal_frames * (WAL_FRAME_HEAD + page);
}

void
pk_db_wal_write_again(struct pk_db *db)
{
	sqlite3_file *wal = wal_of(db);

	if (wal == NULL || pk_db_exec(db, "BEGIN IMMEDIATE") < 0)
		return;
	write_again(wal, end_of_commits(db, wal));
	pk_db_exec(db, "ROLLBACK");
}

void
pk_db_wal_watch(struct pk_db *db)
{
	sqlite3_wal_hook(db->handle, committed, db);
}

int
pk_db_checkpoint(struct pk_db *db, enum pk_checkpoint how, struct pk_wal *ret)
{
	int frames = 0, moved = 0;

	PK_FAILPOINT_BEGUN(checkpoint);
	/* to truncate, SQLite keeps the writer out while it waits for readers */
	sqlite3_busy_timeout(db->handle, 0);
	int rc = move_pages(db,
	    how == PK_CHECKPOINT_TRUNCATE ? SQLITE_CHECKPOINT_TRUNCATE
					  : SQLITE_CHECKPOINT_PASSIVE,
	    &frames, &moved);
	sqlite3_busy_timeout(db->handle, PK_DB_PATIENCE_MS);
	int r = pk_db_result(db, rc);
	if (db->file->keeps_wal)
		snprintf(db->error, sizeof(db->error),
		    "a sync of the file has failed: the WAL stays until a restart");
	PK_FAILPOINT(checkpointed);
	if (r == 0 && ret != NULL)
		*ret = (struct pk_wal){ frames, moved };
	return r;
}
