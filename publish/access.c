/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/access.h"

#include "base/map.h"

#include <errno.h>
#include <pthread.h>

/* Clients that are thrown out at once; when they are more, the oldest may come again.
 */
#define BANNED_MAX 64

struct pk_access {
	pthread_mutex_t lock; /* of all that follows */
	struct pk_allow_list *list;
	uint64_t revocations;
	bool limits_hold;
	char banned[BANNED_MAX][PK_CLIENT_NAME_MAX + 1];
	size_t n_banned; /* so far */
};

struct pk_access *
pk_access_new(struct pk_allow_list *list)
{
	struct pk_access *access = calloc(1, sizeof(*access));

	if (access == NULL)
		return NULL;
	pthread_mutex_init(&access->lock, NULL);
	access->list = list;
	return access;
}

struct pk_access *
pk_access_free(struct pk_access *access)
{
	if (access == NULL)
		return NULL;
	pk_allow_list_unref(access->list);
	pthread_mutex_destroy(&access->lock);
	free(access);
	return NULL;
}

void
pk_access_use(struct pk_access *access, struct pk_allow_list *list)
{
	pthread_mutex_lock(&access->lock);
	struct pk_allow_list *old = access->list;
	access->revocations += pk_allow_list_revokes(list, old);
	access->list = list;
	access->n_banned = 0;
	pthread_mutex_unlock(&access->lock);
	pk_allow_list_unref(old);
}

struct pk_allow_list *
pk_access_list(struct pk_access *access)
{
	pthread_mutex_lock(&access->lock);
	struct pk_allow_list *list = pk_allow_list_ref(access->list);
	pthread_mutex_unlock(&access->lock);
	return list;
}

uint64_t
pk_access_revocations(struct pk_access *access)
{
	pthread_mutex_lock(&access->lock);
	uint64_t revocations = access->revocations;
	pthread_mutex_unlock(&access->lock);
	return revocations;
}

bool
pk_access_is_limited(struct pk_access *access)
{
	pthread_mutex_lock(&access->lock);
	bool limited = pk_allow_list_is_limited(access->list);
	pthread_mutex_unlock(&access->lock);
	return limited;
}

void
pk_access_limits_hold(struct pk_access *access, bool hold)
{
	pthread_mutex_lock(&access->lock);
	access->limits_hold = hold;
	pthread_mutex_unlock(&access->lock);
}

void
pk_access_ban(struct pk_access *access, struct pk_span client)
{
	if (client.len == 0 || client.len > PK_CLIENT_NAME_MAX)
		return;
	pthread_mutex_lock(&access->lock);
	char *place = access->banned[access->n_banned++ % BANNED_MAX];
	memcpy(place, client.ptr, client.len);
	place[client.len] = '\0';
	pthread_mutex_unlock(&access->lock);
}

static bool
is_banned(const struct pk_access *access, const char *name)
{
	for (size_t i = 0; i < access->n_banned && i < BANNED_MAX; i++) {
		if (strcmp(access->banned[i], name) == 0)
			return true;
	}
	return false;
}

int
pk_access_admit(struct pk_access *access, const unsigned char key[static PK_KEY_BYTES],
    char ret_name[static PK_CLIENT_NAME_MAX + 1])
{
	int r = 0;

	pthread_mutex_lock(&access->lock);
	const struct pk_client *client = pk_allow_list_of_key(access->list, key);
	if (client == NULL)
		r = -ENOENT;
	else
		memcpy(ret_name, client->name.ptr, client->name.len + 1);
	if (client != NULL && is_banned(access, client->name.ptr))
		r = -EPERM;
	else if (client != NULL && client->n_topics > 0 && !access->limits_hold)
		r = -EAGAIN;
	pthread_mutex_unlock(&access->lock);
	return r;
}

bool
pk_access_may_read(
    struct pk_access *access, struct pk_span client, struct pk_span prefix)
{
	if (access == NULL)
		return true;
	pthread_mutex_lock(&access->lock);
	bool may = pk_allow_list_may_read(access->list, client, prefix);
	pthread_mutex_unlock(&access->lock);
	return may;
}
