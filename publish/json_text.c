/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/json_text.h"

#include "base/cleanup.h"

#include <stdlib.h>

/* Most are shorter. */
#define USUAL ((size_t)4096)

char *
pk_json_text(const json_t *json, size_t flags)
{
	pk_cleanup(pk_freep) char *text = malloc(USUAL);
	size_t cap = USUAL, len = 0;

	/* it counts also what there is no room for */
	while (text != NULL && (len = json_dumpb(json, text, cap - 1, flags)) >= cap) {
		free(text);
		cap = len + 1;
		text = malloc(cap);
	}
	if (text == NULL || len == 0)
		return NULL;
	text[len] = '\0';
	return pk_steal(&text);
}
