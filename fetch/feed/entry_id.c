/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/feed/entry_id.h"

#include "base/map.h"
#include "base/url.h"
#include "fetch/feed/counter.h"
#include "fetch/feed/markup.h"

#include <errno.h>
#include <stdio.h>

/* What an entry is known by, on three steps of distinction. */
struct identity {
	struct pk_span guid;  /* comparable; absent or empty where there is none */
	struct pk_span link;  /* comparable */
	struct pk_span title; /* plain */
	struct pk_span time;
};

/* Parameters that name the visit and not the page; "*" ends a prefix. Those that name
 * where the visitor came from are known to base/url.c. */
static const char *const visit_parameters[] = { "phpsessid", "jsessionid", "sessionid",
	"session_id", "sessid", "sid", "aspsessionid*", "cfid", "cftoken" };

static bool
is_of_the_visit(struct pk_span parameter)
{
	struct pk_span name = pk_span_split(&parameter, '=');

	if (parameter.ptr == NULL)
		return false;
	for (size_t i = 0; i < PK_COUNT(visit_parameters); i++) {
		struct pk_span known = pk_span_of(visit_parameters[i]);
		if (pk_span_ends_with(known, PK_SPAN("*"))
			? pk_span_starts_with_nocase(
			      name, pk_span_slice(known, 0, known.len - 1))
			: pk_span_eq_nocase(name, known))
			return true;
	}
	return false;
}

/* Copies a path or a query without the parameters of the visit, which are behind a ';'
 * in the one and a '&' in the other. Returns the length. */
static size_t
copy_parameters(struct pk_span text, char separator, char *out)
{
	size_t len = 0;

	while (text.ptr != NULL) {
		struct pk_span part = pk_span_split(&text, separator);
		if (is_of_the_visit(part))
			continue;
		if (len > 0)
			out[len++] = separator;
		memcpy(out + len, part.ptr, part.len);
		len += part.len;
	}
	return len;
}

static struct pk_span
behind(struct pk_span text, const char *prefix)
{
	struct pk_span start = pk_span_of(prefix);

	return pk_span_starts_with(text, start)
		   ? pk_span_slice(text, start.len, text.len)
		   : text;
}

/*
 * What stays of an address when its site moves to https, or to and from "www.": no
 * scheme, no "www.", no slash at its end, nothing that only this request has. What is
 * no address of the web stays as it is; an absent text and an empty one are the same.
 */
static struct pk_span
comparable(struct pk_arena *arena, struct pk_span url)
{
	struct pk_span rest;

	if (url.len == 0)
		return PK_SPAN("");
	if (!pk_span_starts_with_nocase(url, PK_SPAN("http")) ||
	    pk_url_canonical(arena, url, &rest) < 0)
		return url;
	rest = behind(behind(behind(rest, "https://"), "http://"), "www.");
	char *out = pk_arena_alloc(arena, rest.len + 1);
	if (out == NULL)
		return url;
	struct pk_span path = pk_span_split(&rest, '?');
	size_t len = copy_parameters(path, ';', out);
	if (len > 0 && out[len - 1] == '/')
		len--;
	if (rest.ptr != NULL) {
		size_t query = copy_parameters(rest, '&', out + len + 1);
		out[len] = '?';
		len += query == 0 ? 0 : query + 1;
	}
	return (struct pk_span){ out, len };
}

/* A guid may differ from others by its fragment alone. */
static struct pk_span
comparable_guid(struct pk_arena *arena, struct pk_span guid)
{
	size_t fragment = pk_span_find(guid, PK_SPAN("#"), 0);
	struct pk_span start = comparable(arena, guid);

	if (fragment == SIZE_MAX || start.ptr == guid.ptr)
		return start;
	struct pk_span whole = pk_arena_printf(arena, "%.*s%.*s", PK_SPAN_ARG(start),
	    PK_SPAN_ARG(pk_span_slice(guid, fragment, guid.len)));
	return whole.ptr == NULL ? guid : whole;
}

/* First the guid, else the link, else title and time; with `together` all of it. */
static void
make_key(const struct identity *id, bool together, size_t number,
    char ret_key[static PK_ID_SIZE])
{
	char text[24];
	struct pk_span parts[6] = { PK_SPAN("guid"), id->guid };
	size_t n = 2;

	if (id->guid.len == 0) {
		parts[0] = PK_SPAN("link");
		parts[1] = id->link;
	}
	if (parts[1].len == 0)
		parts[0] = PK_SPAN("title");
	if (together || parts[1].len == 0) {
		parts[n++] = id->link;
		parts[n++] = id->title;
		parts[n++] = id->time;
	}
	if (number > 0) {
		int len = snprintf(text, sizeof(text), "%zu", number);
		parts[n++] = (struct pk_span){ text, (size_t)len };
	}
	pk_id_of(parts, n, ret_key);
}

/* Is the time of change one, and not that of publication once more, as dc:date is? */
static bool
tells_of_change(const struct pk_feed_entry *entry)
{
	return entry->updated.known &&
	       (entry->updated.source.len == 0 ||
		   !pk_span_eq(entry->updated.source, entry->published.source));
}

/* A text without its markup, and without the numbers of its readers. */
static int
append_said(struct pk_buf *scratch, struct pk_span html)
{
	size_t start = scratch->len;

	int r = pk_markup_append_text(scratch, html);
	if (r == 0 && scratch->len > start)
		scratch->len = start + pk_counters_drop(
					   scratch->ptr + start, scratch->len - start);
	return r;
}

/* Of the texts without their markup, which are put into `scratch`. */
static int
hash_content(struct pk_buf *scratch, const struct pk_feed_entry *entry,
    const struct identity *id, char ret_hash[static PK_ID_SIZE])
{
	char updated[24] = "";

	scratch->len = 0;
	int r = append_said(scratch, entry->summary);
	size_t summary_len = scratch->len;
	if (r == 0)
		r = append_said(scratch, entry->content);
	if (r < 0)
		return r;
	struct pk_span parts[6] = {
		entry->title,
		id->link,
		entry->author,
		pk_span_slice(pk_buf_span(scratch), 0, summary_len),
		pk_span_slice(pk_buf_span(scratch), summary_len, scratch->len),
	};

	if (tells_of_change(entry))
		snprintf(
		    updated, sizeof(updated), "%lld", (long long)entry->updated.time_s);
	parts[5] = pk_span_of(updated);
	pk_id_of(parts, 6, ret_hash);
	return 0;
}

static int
describe(struct pk_arena *arena, struct pk_buf *scratch, struct pk_feed_entry *entry,
    struct identity *id)
{
	bool is_link = pk_span_eq(entry->id, entry->link) && entry->id.len > 0 &&
		       memchr(entry->id.ptr, '#', entry->id.len) == NULL;

	id->link = comparable(arena, entry->link);
	id->guid = is_link ? id->link : comparable_guid(arena, entry->id);
	id->title = entry->title;
	id->time = PK_SPAN("");
	if (entry->published.known) {
		id->time =
		    pk_arena_printf(arena, "%lld", (long long)entry->published.time_s);
		if (id->time.ptr == NULL)
			return -ENOMEM;
	}
	return hash_content(scratch, entry, id, entry->content_hash);
}

static struct pk_span
key_of(const struct pk_feed_entry *entry)
{
	return (struct pk_span){ entry->key, PK_ID_SIZE - 1 };
}

/* Two entries of one key: are they different articles? */
static bool
differ(const struct identity *a, const struct identity *b)
{
	return !pk_span_eq(a->link, b->link) ||
	       (a->guid.len == 0 && !pk_span_eq(a->title, b->title));
}

/*
 * Finds the keys that different articles share. The map goes from a key to the number
 * of its first entry, plus one; `ret_shared` is set at the first entries' places.
 */
static int
find_shared(struct pk_map *firsts, const struct pk_feed_entry *entries,
    const struct identity *ids, size_t n_entries, bool *ret_shared)
{
	for (size_t i = 0; i < n_entries; i++) {
		struct pk_span key = key_of(&entries[i]);
		uintptr_t first = (uintptr_t)pk_map_get(firsts, key);
		if (first > 0) {
			ret_shared[first - 1] |= differ(&ids[first - 1], &ids[i]);
			continue;
		}
		int r = pk_map_set(firsts, key, (void *)((uintptr_t)i + 1));
		if (r < 0)
			return r;
	}
	return 0;
}

static int
tell_apart(struct pk_feed_entry *entries, const struct identity *ids, size_t n_entries)
{
	pk_cleanup(pk_map_freep) struct pk_map *firsts = pk_map_new();
	pk_cleanup(pk_freep) bool *shared = calloc(n_entries + 1, sizeof(*shared));

	if (firsts == NULL || shared == NULL)
		return -ENOMEM;
	int r = find_shared(firsts, entries, ids, n_entries, shared);
	if (r < 0)
		return r;
	/* from the end, so that a first entry is asked before its key changes */
	for (size_t i = n_entries; i > 0; i--) {
		struct pk_feed_entry *entry = &entries[i - 1];
		uintptr_t first = (uintptr_t)pk_map_get(firsts, key_of(entry));
		if (first > 0 && shared[first - 1])
			make_key(&ids[i - 1], true, 0, entry->key);
	}
	return 0;
}

/* Entries that are still equal get their number: the second is 2. */
static int
number_equals(
    struct pk_feed_entry *entries, const struct identity *ids, size_t n_entries)
{
	pk_cleanup(pk_map_freep) struct pk_map *counts = pk_map_new();

	if (counts == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n_entries; i++) {
		struct pk_span key = key_of(&entries[i]);
		uintptr_t count = (uintptr_t)pk_map_get(counts, key) + 1;
		/* the map keeps the first one's key, which is not written to again */
		int r = pk_map_set(counts, key, (void *)count);
		if (r < 0)
			return r;
		if (count > 1)
			make_key(&ids[i], true, count, entries[i].key);
	}
	return 0;
}

static void
scratch_done(struct pk_buf *scratch)
{
	pk_buf_done(scratch);
}

int
pk_entry_ids(struct pk_arena *arena, struct pk_feed_entry *entries, size_t n_entries)
{
	struct identity *ids = pk_arena_calloc(arena, n_entries + 1, sizeof(*ids));
	pk_cleanup(scratch_done) struct pk_buf scratch = { 0 };

	if (ids == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n_entries; i++) {
		int r = describe(arena, &scratch, &entries[i], &ids[i]);
		if (r < 0)
			return r;
		make_key(&ids[i], false, 0, entries[i].key);
	}
	int r = tell_apart(entries, ids, n_entries);
	return r < 0 ? r : number_equals(entries, ids, n_entries);
}
