/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/hub_mail.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>

struct pk_hub_mail {
	pthread_mutex_t lock;
	uint64_t n_put; /* since the start */
	uint64_t n_done;
	struct pk_hub_letter ring[PK_HUB_MAIL_MAX]; /* number n is at n - 1 */
};

struct pk_hub_mail *
pk_hub_mail_new(void)
{
	struct pk_hub_mail *mail = calloc(1, sizeof(*mail));

	if (mail != NULL)
		pthread_mutex_init(&mail->lock, NULL);
	return mail;
}

struct pk_hub_mail *
pk_hub_mail_free(struct pk_hub_mail *mail)
{
	if (mail == NULL)
		return NULL;
	pthread_mutex_destroy(&mail->lock);
	free(mail);
	return NULL;
}

int
pk_hub_mail_put(
    struct pk_hub_mail *mail, const struct pk_hub_letter *letter, uint64_t *ret_number)
{
	int r = -EAGAIN;

	pthread_mutex_lock(&mail->lock);
	if (mail->n_put - mail->n_done < PK_HUB_MAIL_MAX) {
		mail->ring[mail->n_put++ % PK_HUB_MAIL_MAX] = *letter;
		*ret_number = mail->n_put;
		r = 0;
	}
	pthread_mutex_unlock(&mail->lock);
	return r;
}

size_t
pk_hub_mail_read(
    struct pk_hub_mail *mail, struct pk_hub_letter *ret_letters, size_t max)
{
	size_t n = 0;

	pthread_mutex_lock(&mail->lock);
	for (; n < max && mail->n_done + n < mail->n_put; n++)
		ret_letters[n] = mail->ring[(mail->n_done + n) % PK_HUB_MAIL_MAX];
	pthread_mutex_unlock(&mail->lock);
	return n;
}

void
pk_hub_mail_done(struct pk_hub_mail *mail, size_t n)
{
	pthread_mutex_lock(&mail->lock);
	assert(mail->n_done + n <= mail->n_put);
	mail->n_done += n;
	pthread_mutex_unlock(&mail->lock);
}

bool
pk_hub_mail_is_done(struct pk_hub_mail *mail, uint64_t number)
{
	pthread_mutex_lock(&mail->lock);
	bool done = number <= mail->n_done;
	pthread_mutex_unlock(&mail->lock);
	return done;
}
