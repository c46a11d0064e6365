/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/hubs.h"

#include "base/clock.h"
#include "base/counter.h"
#include "base/log.h"
#include "base/url.h"

#include <errno.h>

/* What the row, the form and the answer of one may take. */
#define REQUEST_LIMIT ((size_t)64 * 1024)
#define LIST_LIMIT    ((size_t)1024 * 1024)
#define ANSWER_MAX    ((size_t)64 * 1024)

/* After trouble of our own (memory, a client that is full) it is tried again. */
#define RETRY_MS INT64_C(5000)

/* So long one waits here for a hub that wants to be left alone. */
#define HOLD_NS (UINT64_C(30) * (uint64_t)PK_NS_PER_S)

/* While the store has not noted what was asked. */
#define SETTLE_NS ((uint64_t)PK_NS_PER_S / 5)

enum stage { FREE, WAITING, UNDER_WAY, SETTLING };

/* One that was taken up; its address is the tag of its request. */
struct slot {
	enum stage stage;
	struct pk_arena *arena; /* holds what follows */
	struct pk_websub websub;
	bool has_turn;
	uint64_t due_ns;
	int64_t asked_ms;
	uint64_t letter; /* its number */
};

struct pk_hubs {
	struct pk_db *reader;
	struct pk_hub_mail *mail;
	bool look;
	int64_t look_at_ms; /* when the next row is due */
	struct slot slots[PK_HUBS_MAX];
};

static void
clear(struct slot *slot)
{
	pk_arena_free(slot->arena);
	*slot = (struct slot){ .stage = FREE };
}

/* ---- from the table ---- */

static bool
is_taken_up(const struct pk_hubs *hubs, int64_t row)
{
	for (size_t i = 0; i < PK_HUBS_MAX; i++)
		if (hubs->slots[i].stage != FREE && hubs->slots[i].websub.row == row)
			return true;
	return false;
}

static struct slot *
free_slot(struct pk_hubs *hubs)
{
	for (size_t i = 0; i < PK_HUBS_MAX; i++)
		if (hubs->slots[i].stage == FREE)
			return &hubs->slots[i];
	return NULL;
}

/* Takes one up again by its token, with memory of its own. */
static int
take_up(struct pk_hubs *hubs, struct slot *slot, struct pk_span token)
{
	slot->arena = pk_arena_new(REQUEST_LIMIT);
	int r = slot->arena == NULL
		    ? -ENOMEM
		    : pk_websub_find(hubs->reader, slot->arena, token, &slot->websub);

	if (r < 0) {
		clear(slot);
		return r;
	}
	slot->stage = WAITING;
	slot->due_ns = pk_mono_ns();
	return 0;
}

/* Those under way are still due in the table: twice as many rows have enough others
 * among them. */
static void
look(struct pk_hubs *hubs)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(LIST_LIMIT);
	struct pk_websub_list list = { 0 };
	int64_t now_ms = pk_wall_ms(), next_ms;
	struct slot *slot;

	hubs->look = false;
	hubs->look_at_ms = now_ms + RETRY_MS;
	if (arena == NULL || pk_websub_due(hubs->reader, arena, now_ms,
				 (size_t)2 * PK_HUBS_MAX, &list) < 0)
		return;
	for (size_t i = 0; i < list.len; i++) {
		if (is_taken_up(hubs, list.items[i].row))
			continue;
		slot = free_slot(hubs);
		if (slot == NULL || take_up(hubs, slot, list.items[i].token) < 0)
			return;
	}
	/* -ENOENT: nothing, until somebody says so */
	int r = pk_websub_next_try(hubs->reader, now_ms, &next_ms);
	if (r == 0)
		hubs->look_at_ms = next_ms;
	else if (r == -ENOENT)
		hubs->look_at_ms = INT64_MAX;
}

/* ---- to the hub ---- */

/* Leaves word for the store. */
static void
report(struct pk_hubs *hubs, struct slot *slot, const char *error)
{
	struct pk_hub_letter letter = {
		.asked = true, .row = slot->websub.row, .asked_ms = slot->asked_ms
	};

	if (error != NULL) {
		snprintf(letter.error, sizeof(letter.error), "%s", error);
		pk_count(PK_COUNT_WEBSUB_FAILED);
		pk_log(PK_WARN, "a hub cannot be asked, trying again later", "feed",
		    slot->websub.feed.ptr, "hub", slot->websub.hub.ptr, "why", error);
	}
	if (pk_hub_mail_put(hubs->mail, &letter, &slot->letter) == 0) {
		slot->stage = SETTLING;
		return;
	}
	/* the store does not get to it: nothing is written, so it is asked again */
	clear(slot);
	hubs->look_at_ms = pk_wall_ms() + RETRY_MS;
}

static int
begin(struct slot *slot, const struct pk_config *config, struct pk_http *http)
{
	const struct pk_websub *websub = &slot->websub;
	const struct pk_hub_request form = {
		.leave = websub->state == PK_WEBSUB_LEAVING,
		.topic = websub->topic,
		.callback = websub->callback,
		.token = websub->token,
		.secret = websub->secret,
		.lease_ms = config->websub.lease_ms,
	};
	struct pk_buf body;

	pk_buf_init(&body, REQUEST_LIMIT);
	int r = pk_hub_write_form(&form, &body);
	if (r == 0) {
		const struct pk_http_request request = {
			.method = PK_HTTP_POST,
			.url = websub->hub,
			.body = pk_buf_span(&body),
			.content_type = PK_SPAN("application/x-www-form-urlencoded"),
			.max_bytes = ANSWER_MAX,
		};
		r = pk_http_start(http, &request, slot);
	}
	pk_buf_done(&body);
	return r;
}

/* Waits for a turn at the hub's host, then asks. */
static void
advance(struct pk_hubs *hubs, struct slot *slot, const struct pk_config *config,
    struct pk_http *http, struct pk_polite *polite)
{
	struct pk_span host = pk_url_host(slot->websub.hub);
	uint64_t now_ns = pk_mono_ns();

	if (slot->due_ns > now_ns)
		return;
	uint64_t held_ns = pk_polite_held_until(polite, host, now_ns);
	if (held_ns > now_ns + HOLD_NS) {
		/* others are not to wait for it */
		slot->asked_ms = pk_wall_ms();
		report(hubs, slot, "it wants to be left alone");
		return;
	}
	if (slot->has_turn && held_ns > now_ns)
		slot->has_turn = false;
	if (!slot->has_turn) {
		if (pk_polite_reserve(polite, host, now_ns, &slot->due_ns) < 0) {
			slot->due_ns =
			    now_ns + (uint64_t)RETRY_MS * (uint64_t)PK_NS_PER_MS;
			return;
		}
		slot->has_turn = true;
	}
	if (slot->due_ns > now_ns)
		return;
	slot->asked_ms = pk_wall_ms();
	int r = begin(slot, config, http);
	if (r == 0)
		slot->stage = UNDER_WAY;
	else if (r == -EINVAL || r == -E2BIG)
		report(hubs, slot, "its address cannot be asked");
	else
		slot->due_ns = now_ns + (uint64_t)RETRY_MS * (uint64_t)PK_NS_PER_MS;
}

/* ---- the door ---- */

struct pk_hubs *
pk_hubs_new(struct pk_db *reader, struct pk_hub_mail *mail)
{
	struct pk_hubs *hubs = calloc(1, sizeof(*hubs));

	if (hubs == NULL)
		return NULL;
	hubs->reader = reader;
	hubs->mail = mail;
	hubs->look = true; /* what a daemon before this one left */
	return hubs;
}

struct pk_hubs *
pk_hubs_free(struct pk_hubs *hubs)
{
	for (size_t i = 0; hubs != NULL && i < PK_HUBS_MAX; i++)
		clear(&hubs->slots[i]);
	free(hubs);
	return NULL;
}

void
pk_hubs_look(struct pk_hubs *hubs)
{
	hubs->look = true;
}

/* The store empties the table. Those that waited would be waited for without end; those
 * under way come back first. */
static void
let_go(struct pk_hubs *hubs)
{
	for (size_t i = 0; i < PK_HUBS_MAX; i++)
		if (hubs->slots[i].stage != UNDER_WAY)
			clear(&hubs->slots[i]);
	hubs->look = false;
	hubs->look_at_ms = INT64_MAX;
}

void
pk_hubs_start(struct pk_hubs *hubs, const struct pk_config *config,
    struct pk_http *http, struct pk_polite *polite)
{
	if (config->websub.callback.len == 0) {
		let_go(hubs);
		return;
	}
	for (size_t i = 0; i < PK_HUBS_MAX; i++) {
		struct slot *slot = &hubs->slots[i];
		if (slot->stage == SETTLING &&
		    pk_hub_mail_is_done(hubs->mail, slot->letter)) {
			clear(slot);
			hubs->look = true;
		}
	}
	if (hubs->look || pk_wall_ms() >= hubs->look_at_ms)
		look(hubs);
	for (size_t i = 0; i < PK_HUBS_MAX; i++) {
		struct slot *slot = &hubs->slots[i];
		if (slot->stage == WAITING)
			advance(hubs, slot, config, http, polite);
	}
}

bool
pk_hubs_answered(
    struct pk_hubs *hubs, void *tag, const struct pk_http_response *response)
{
	struct slot *slot = NULL;

	for (size_t i = 0; i < PK_HUBS_MAX && slot == NULL; i++)
		if (tag == &hubs->slots[i])
			slot = &hubs->slots[i];
	if (slot == NULL)
		return false;
	if (response->outcome == PK_HTTP_CANCELLED) {
		/* a new client takes it up again */
		slot->stage = WAITING;
		slot->has_turn = false;
	} else {
		report(hubs, slot,
		    response->outcome == PK_HTTP_OK ? NULL : response->text);
	}
	return true;
}

uint64_t
pk_hubs_wait_ns(const struct pk_hubs *hubs)
{
	uint64_t now_ns = pk_mono_ns(), wait_ns = UINT64_MAX;
	int64_t look_ms = hubs->look_at_ms - pk_wall_ms();

	if (hubs->look || look_ms <= 0)
		return 0;
	if (hubs->look_at_ms != INT64_MAX)
		wait_ns = (uint64_t)look_ms * (uint64_t)PK_NS_PER_MS;
	for (size_t i = 0; i < PK_HUBS_MAX; i++) {
		const struct slot *slot = &hubs->slots[i];
		uint64_t slot_ns = UINT64_MAX;
		if (slot->stage == WAITING)
			slot_ns = slot->due_ns > now_ns ? slot->due_ns - now_ns : 0;
		else if (slot->stage == SETTLING)
			slot_ns = SETTLE_NS;
		if (slot_ns < wait_ns)
			wait_ns = slot_ns;
	}
	return wait_ns;
}
