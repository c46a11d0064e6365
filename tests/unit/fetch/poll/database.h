/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/fetch/poll/database.h - a database with the tables of fetch/poll, in a
 * directory of its own, for each test.
 */
#ifndef PEYK_TESTS_UNIT_FETCH_POLL_DATABASE_H
#define PEYK_TESTS_UNIT_FETCH_POLL_DATABASE_H

#include "base/cleanup.h"
#include "fetch/poll/state.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct fixture {
	char directory[64];
	char path[96];
	struct pk_db *db;
	struct pk_arena *arena;
};

static inline void
open_db(struct fixture *f)
{
	assert_int_equal(pk_db_open(f->path, PK_DB_WRITE, &f->db), 0);
	/* a crash here is a closed connection, not a power cut */
	assert_int_equal(pk_db_exec(f->db, "PRAGMA synchronous=OFF"), 0);
	assert_int_equal(pk_poll_migrate(f->db), 0);
}

/* What a crash leaves: whatever was committed. */
static inline void
crash(struct fixture *f)
{
	pk_db_close(f->db);
	open_db(f);
}

static inline int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	strcpy(f->directory, "/tmp/peyk-state-XXXXXX");
	assert_non_null(mkdtemp(f->directory));
	snprintf(f->path, sizeof(f->path), "%s/peyk.db", f->directory);
	f->arena = pk_arena_new((size_t)1 << 20);
	open_db(f);
	*state = f;
	return 0;
}

static inline int
tear_down(void **state)
{
	struct fixture *f = *state;
	char name[128];

	pk_db_close(f->db);
	pk_arena_free(f->arena);
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	for (size_t i = 0; i < PK_COUNT(suffixes); i++) {
		snprintf(name, sizeof(name), "%s%s", f->path, suffixes[i]);
		unlink(name);
	}
	rmdir(f->directory);
	free(f);
	return 0;
}

#endif
