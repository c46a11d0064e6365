/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as the file of a client's key: no crash, and what is read is within its
 * limits. */
#include "publish/allow_list.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <errno.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pk_span text = { size == 0 ? "" : (const char *)data, size };
	struct pk_allow_list *list = NULL;
	struct pk_diag diag = { .line = 0 };
	int r = pk_allow_list_parse("clients.d/desk.pub", text, &list, &diag);

	if (r < 0) {
		assert(r == -EBADMSG || r == -E2BIG);
		assert(diag.what[0] != '\0' && list == NULL);
		return 0;
	}
	const struct pk_client *desk = pk_allow_list_of_name(list, PK_SPAN("desk"));
	assert(desk != NULL && desk->n_topics <= PK_CLIENT_TOPICS_MAX);
	assert(pk_allow_list_of_key(list, desk->key) == desk);
	assert(pk_allow_list_is_limited(list) == (desk->n_topics > 0));
	for (size_t i = 0; i < desk->n_topics; i++)
		assert(pk_client_may_read(desk, desk->topics[i]));
	assert(!pk_allow_list_revokes(list, list));
	pk_allow_list_unref(list);
	return 0;
}
