/* SPDX-License-Identifier: Apache-2.0 */
/*
 * daemon/hub_mail.h - what was said between hubs and us, on its way to the table.
 *
 * The callback hears hubs and the fetcher asks them, but the store alone writes. What
 * the two leave here is bounded and in order, and stays until it is on disk. Any thread
 * puts; one takes.
 */
#ifndef PEYK_DAEMON_HUB_MAIL_H
#define PEYK_DAEMON_HUB_MAIL_H

#include "fetch/poll/websub.h"

#define PK_HUB_MAIL_MAX 256

struct pk_hub_letter {
	bool asked; /* a hub was asked; else it has said something */

	/* What it said. */
	struct pk_websub_note note;

	/* How asking went: see pk_websub_asked(). */
	int64_t row;
	int64_t asked_ms;
	char error[160]; /* empty: it was accepted */
};

struct pk_hub_mail;

/* NULL on no memory. */
struct pk_hub_mail *pk_hub_mail_new(void);
struct pk_hub_mail *pk_hub_mail_free(struct pk_hub_mail *mail);

/* Copies the letter. Returns 0 and its number (counted from 1) in *ret_number, or
 * -EAGAIN: there are too many. Any thread. */
int pk_hub_mail_put(
    struct pk_hub_mail *mail, const struct pk_hub_letter *letter, uint64_t *ret_number);

/* Copies the oldest letters, at most `max`, and leaves them there. Returns how many. */
size_t pk_hub_mail_read(
    struct pk_hub_mail *mail, struct pk_hub_letter *ret_letters, size_t max);

/* The `n` oldest are on disk. */
void pk_hub_mail_done(struct pk_hub_mail *mail, size_t n);

/* Is the letter of this number? Any thread. */
bool pk_hub_mail_is_done(struct pk_hub_mail *mail, uint64_t number);

#endif
