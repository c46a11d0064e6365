/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/grant.h"

#include "publish/topic.h"

#include <errno.h>

size_t
pk_grant(const struct pk_client *client, struct pk_span prefix,
    struct pk_span ret_grants[static PK_GRANTS_MAX])
{
	size_t n = 0;

	if (pk_client_may_read(client, prefix)) {
		ret_grants[0] = prefix;
		return 1;
	}
	for (size_t i = 0; i < client->n_topics; i++) {
		if (pk_span_starts_with(client->topics[i], prefix))
			ret_grants[n++] = client->topics[i];
	}
	if (pk_span_starts_with(PK_TOPIC_HEARTBEAT, prefix))
		ret_grants[n++] = PK_TOPIC_HEARTBEAT;
	return n;
}

static size_t
find(const struct pk_wishes *wishes, struct pk_span prefix)
{
	for (size_t i = 0; i < wishes->n; i++) {
		if (pk_span_eq(wishes->items[i], prefix))
			return i;
	}
	return wishes->n;
}

int
pk_wishes_add(struct pk_wishes *wishes, struct pk_span prefix)
{
	if (find(wishes, prefix) < wishes->n)
		return 1;
	if (wishes->n == PK_SUBSCRIPTIONS_MAX)
		return -E2BIG;
	if (wishes->n == wishes->room) {
		size_t room = wishes->room == 0 ? 8 : wishes->room * 2;
		struct pk_span *items = realloc(wishes->items, room * sizeof(*items));
		if (items == NULL)
			return -ENOMEM;
		wishes->items = items;
		wishes->room = room;
	}
	char *copy = malloc(prefix.len + 1);
	if (copy == NULL)
		return -ENOMEM;
	memcpy(copy, prefix.ptr, prefix.len);
	wishes->items[wishes->n++] = (struct pk_span){ copy, prefix.len };
	return 0;
}

/* Does one of the wishes get it, too? Either it asks for just this, or for more than it
 * may, and this is what it got of it. */
static bool
is_still_granted(const struct pk_wishes *wishes, const struct pk_client *client,
    struct pk_span grant)
{
	for (size_t i = 0; i < wishes->n; i++) {
		struct pk_span wish = wishes->items[i];
		if (pk_span_starts_with(grant, wish) &&
		    (wish.len == grant.len || !pk_client_may_read(client, wish)))
			return true;
	}
	return false;
}

size_t
pk_wishes_remove(struct pk_wishes *wishes, const struct pk_client *client,
    struct pk_span prefix, struct pk_span ret_grants[static PK_GRANTS_MAX])
{
	size_t at = find(wishes, prefix), kept = 0;

	if (at == wishes->n)
		return 0;
	free((char *)(uintptr_t)wishes->items[at].ptr);
	wishes->items[at] = wishes->items[--wishes->n];
	size_t n = pk_grant(client, prefix, ret_grants);
	for (size_t i = 0; i < n; i++) {
		if (!is_still_granted(wishes, client, ret_grants[i]))
			ret_grants[kept++] = ret_grants[i];
	}
	return kept;
}

void
pk_wishes_clear(struct pk_wishes *wishes)
{
	for (size_t i = 0; i < wishes->n; i++)
		free((char *)(uintptr_t)wishes->items[i].ptr);
	free(wishes->items);
	*wishes = (struct pk_wishes){ 0 };
}
