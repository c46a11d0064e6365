/* SPDX-License-Identifier: Apache-2.0 */
/* The names that the sanitizer knows, by their hash. */
#include "fetch/feed/sanitize_priv.h"

#include "base/cleanup.h"

#include <assert.h>
#include <pthread.h>

#define NAME_MAX_LEN 32

/* All names by the hash of their lower case; an empty place ends a search. */
#define NAME_SLOTS 2048u
static struct name names[NAME_SLOTS];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static const struct name unknown = { { NULL, 0 }, 0 };

static struct name *
name_slot(struct pk_span text)
{
	char lower[NAME_MAX_LEN];
	uint32_t hash = 2166136261u;

	assert(text.len <= sizeof(lower));
	for (size_t i = 0; i < text.len; i++) {
		lower[i] = pk_ascii_lower(text.ptr[i]);
		hash = (hash ^ (unsigned char)lower[i]) * 16777619u;
	}
	struct pk_span key = { lower, text.len };
	for (uint32_t i = hash ^ hash >> 15;; i++) {
		struct name *slot = &names[i % NAME_SLOTS];
		if (slot->text.len == 0 || pk_span_eq(slot->text, key) ||
		    pk_span_eq_nocase(slot->text, key))
			return slot;
	}
}

static void
add_names(uint32_t role, const char *list)
{
	struct pk_span rest = pk_span_of(list);

	while (rest.ptr != NULL) {
		struct pk_span text = pk_span_split(&rest, ' ');
		struct name *slot = name_slot(text);
		slot->text = text;
		slot->roles |= role;
	}
}

static void
init_names(void)
{
#define NAMES(role, list) add_names(role, list);
#include "fetch/feed/sanitize.def"
#undef NAMES
}

const struct name *
pk_sanitize_name(struct pk_span text)
{
	pthread_once(&once, init_names);
	if (text.len == 0 || text.len > NAME_MAX_LEN)
		return &unknown;
	const struct name *slot = name_slot(text);
	return slot->text.len == 0 ? &unknown : slot;
}
