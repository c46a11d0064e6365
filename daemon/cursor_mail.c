/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/cursor_mail.h"

#include "base/failpoint.h"

#include <errno.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* So many named cursors are written in one transaction. */
#define AT_ONCE 64

/* One ring: those that have ended, then those that wait. Numbers are counted from the
 * start; number n is at n modulo its size. */
struct pk_cursor_mail {
	pthread_mutex_t lock;
	uint64_t n_put;
	uint64_t n_ended;
	uint64_t n_collected;
	int fd;
	struct pk_cursor_letter ring[PK_CURSOR_MAIL_MAX];
};

struct pk_cursor_mail *
pk_cursor_mail_new(void)
{
	struct pk_cursor_mail *mail = calloc(1, sizeof(*mail));

	if (mail == NULL)
		return NULL;
	mail->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (mail->fd < 0) {
		free(mail);
		return NULL;
	}
	pthread_mutex_init(&mail->lock, NULL);
	return mail;
}

struct pk_cursor_mail *
pk_cursor_mail_free(struct pk_cursor_mail *mail)
{
	if (mail == NULL)
		return NULL;
	close(mail->fd);
	pthread_mutex_destroy(&mail->lock);
	free(mail);
	return NULL;
}

static struct pk_cursor_letter *
at(struct pk_cursor_mail *mail, uint64_t number)
{
	return &mail->ring[number % PK_CURSOR_MAIL_MAX];
}

int
pk_cursor_mail_put(
    struct pk_cursor_mail *mail, uint64_t ticket, const struct pk_cursor_change *change)
{
	int r = -EAGAIN;

	pthread_mutex_lock(&mail->lock);
	if (mail->n_put - mail->n_collected < PK_CURSOR_MAIL_MAX) {
		*at(mail, mail->n_put++) =
		    (struct pk_cursor_letter){ .ticket = ticket, .change = *change };
		r = 0;
	}
	pthread_mutex_unlock(&mail->lock);
	return r;
}

bool
pk_cursor_mail_collect(struct pk_cursor_mail *mail, struct pk_cursor_letter *ret_letter)
{
	eventfd_t ignored;

	pthread_mutex_lock(&mail->lock);
	bool any = mail->n_collected < mail->n_ended;
	if (any)
		*ret_letter = *at(mail, mail->n_collected++);
	else
		eventfd_read(mail->fd, &ignored);
	pthread_mutex_unlock(&mail->lock);
	return any;
}

int
pk_cursor_mail_fd(const struct pk_cursor_mail *mail)
{
	return mail->fd;
}

void
pk_cursor_mail_wake(struct pk_cursor_mail *mail)
{
	eventfd_write(mail->fd, 1);
}

/* Copies the oldest changes that wait, and leaves them there. Returns how many. */
static size_t
read_letters(
    struct pk_cursor_mail *mail, struct pk_cursor_letter *ret_letters, size_t max)
{
	size_t n = 0;

	pthread_mutex_lock(&mail->lock);
	for (; n < max && mail->n_ended + n < mail->n_put; n++)
		ret_letters[n] = *at(mail, mail->n_ended + n);
	pthread_mutex_unlock(&mail->lock);
	return n;
}

/* Those that were read last have ended. */
static void
end_letters(
    struct pk_cursor_mail *mail, const struct pk_cursor_letter *letters, size_t n)
{
	pthread_mutex_lock(&mail->lock);
	for (size_t i = 0; i < n; i++)
		*at(mail, mail->n_ended++) = letters[i];
	pthread_mutex_unlock(&mail->lock);
	if (n > 0)
		pk_cursor_mail_wake(mail);
}

static int
change_cursor(struct pk_db *db, struct pk_cursor_letter *letter, int64_t now_ms)
{
	const struct pk_cursor_change *change = &letter->change;
	struct pk_span owner = pk_span_of(change->owner);
	struct pk_span name = pk_span_of(change->name);

	return change->forget
		   ? pk_cursor_forget(db, owner, name, change->epoch, &letter->sequence)
		   : pk_cursor_ack(db, owner, name, change->epoch, change->sequence,
			 now_ms, &letter->sequence);
}

/* Those that fail by themselves (there are too many) do not fail the others. */
static int
change_cursors(
    struct pk_db *db, struct pk_cursor_letter *letters, size_t n, int64_t now_ms)
{
	int r = pk_db_begin(db);

	for (size_t i = 0; i < n && r == 0; i++) {
		letters[i].r = change_cursor(db, &letters[i], now_ms);
		if (letters[i].r < 0 && letters[i].r != -ENOENT &&
		    letters[i].r != -EDQUOT && letters[i].r != -EINVAL)
			r = letters[i].r;
	}
	if (r == 0)
		r = pk_db_commit(db);
	if (r < 0)
		pk_db_rollback(db);
	PK_FAILPOINT(cursor_committed);
	return r;
}

/* Returns how many there were. */
static size_t
write_some(struct pk_cursor_mail *mail, struct pk_db *db, int64_t now_ms)
{
	struct pk_cursor_letter letters[AT_ONCE];
	size_t n = read_letters(mail, letters, AT_ONCE);
	int r = 0;

	if (n > 0)
		r = db == NULL ? -EAGAIN : change_cursors(db, letters, n, now_ms);
	for (size_t i = 0; i < n && r < 0; i++)
		letters[i].r = -EAGAIN;
	end_letters(mail, letters, n);
	return n;
}

/* All that were there, for nobody nudges us again for them; but not those that are put
 * meanwhile, without an end. */
void
pk_cursor_mail_write(struct pk_cursor_mail *mail, struct pk_db *db, int64_t now_ms)
{
	for (size_t n = 0; n < PK_CURSOR_MAIL_MAX; n += AT_ONCE) {
		if (write_some(mail, db, now_ms) < AT_ONCE)
			break;
	}
}
