/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/cursor_mail.h"

#include <errno.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

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

size_t
pk_cursor_mail_read(
    struct pk_cursor_mail *mail, struct pk_cursor_letter *ret_letters, size_t max)
{
	size_t n = 0;

	pthread_mutex_lock(&mail->lock);
	for (; n < max && mail->n_ended + n < mail->n_put; n++)
		ret_letters[n] = *at(mail, mail->n_ended + n);
	pthread_mutex_unlock(&mail->lock);
	return n;
}

void
pk_cursor_mail_end(
    struct pk_cursor_mail *mail, const struct pk_cursor_letter *letters, size_t n)
{
	pthread_mutex_lock(&mail->lock);
	for (size_t i = 0; i < n; i++)
		*at(mail, mail->n_ended++) = letters[i];
	pthread_mutex_unlock(&mail->lock);
	if (n > 0)
		pk_cursor_mail_wake(mail);
}
