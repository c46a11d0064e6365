/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON Feed 1.0 and 1.1 (jsonfeed.org), as they are written: numbers where texts should
 * be, one text where a list should be, an author in place of authors.
 */
#include "fetch/feed/formats_priv.h"

#include "base/buf.h"
#include "base/html_entity.h"
#include "base/url.h"
#include "fetch/feed/json_repair.h"
#include "fetch/feed/markup.h"

#include <errno.h>
#include <jansson.h>

#define VERSION_URI   PK_SPAN("https://jsonfeed.org/version/")
#define VERSION_URI_2 PK_SPAN("http://jsonfeed.org/version/")

/* How far a list is looked into for something of use. */
#define LOOK_AT_MAX ((size_t)PK_FEED_LIST_MAX * 4)

struct reading {
	struct pk_drafts drafts;
	struct pk_reader *reader; /* of the drafts */
};

/* A key, and the field that it fills. */
struct key {
	const char *name;
	void (*take)(struct reading *reading, const json_t *value,
	    const struct key *key, struct pk_draft *draft);
	enum pk_field field;
	unsigned char rank;
};

static void
json_done(json_t **value)
{
	json_decref(*value);
}

/* ---- values, whatever they should have been ------------------------------------- */

/* One value counts as a list of one. */
static size_t
count_of(const json_t *value)
{
	if (json_is_array(value))
		return json_array_size(value);
	return value == NULL || json_is_null(value) ? 0 : 1;
}

static const json_t *
item_of(const json_t *value, size_t i)
{
	return json_is_array(value) ? json_array_get(value, i) : value;
}

/* A text or a number as a text in the arena; else absent. */
static struct pk_span
text_of(struct reading *reading, const json_t *value)
{
	char number[40];
	int len = 0;

	if (json_is_string(value))
		return pk_draft_copy(
		    reading->reader, (struct pk_span){ json_string_value(value),
					 json_string_length(value) });
	if (json_is_integer(value))
		len = snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
		    json_integer_value(value));
	else if (json_is_real(value))
		len = snprintf(number, sizeof(number), "%.17g", json_real_value(value));
	return pk_draft_copy(reading->reader, (struct pk_span){ number, (size_t)len });
}

static struct pk_span
member_text(struct reading *reading, const json_t *object, const char *name)
{
	return text_of(reading, json_object_get(object, name));
}

static struct pk_span
url_of(struct reading *reading, const json_t *value)
{
	return json_is_string(value)
		   ? pk_node_url(reading->reader, NULL, text_of(reading, value))
		   : (struct pk_span){ NULL, 0 };
}

/* What should be plain text; a reference in it is there by mistake. */
static struct pk_span
plain(struct reading *reading, struct pk_span text)
{
	struct pk_arena *arena = reading->reader->arena;
	uint32_t points[2];
	size_t count, at = 0;
	struct pk_span out;

	while (
	    (at = pk_span_find(text, PK_SPAN("&"), at)) != SIZE_MAX &&
	    pk_html_reference(pk_span_slice(text, at, text.len), points, &count) == 0)
		at++;
	out = at != SIZE_MAX ? pk_markup_to_text(arena, text)
			     : pk_fold_blanks(arena, text);
	reading->reader->out_of_memory |= text.len > 0 && out.ptr == NULL;
	return out;
}

/* ---- ways to take a key --------------------------------------------------------- */

static void
set(struct reading *reading, const struct key *key, struct pk_draft *draft,
    struct pk_span text, bool is_plain)
{
	const struct pk_element element = {
		.name = key->name, .field = key->field, .rank = key->rank
	};

	pk_draft_set(reading->reader, draft, &element, text, is_plain);
}

static void
take_text(struct reading *reading, const json_t *value, const struct key *key,
    struct pk_draft *draft)
{
	set(reading, key, draft, text_of(reading, value), true);
}

static void
take_plain(struct reading *reading, const json_t *value, const struct key *key,
    struct pk_draft *draft)
{
	set(reading, key, draft, plain(reading, text_of(reading, value)), true);
}

static void
take_html(struct reading *reading, const json_t *value, const struct key *key,
    struct pk_draft *draft)
{
	set(reading, key, draft, text_of(reading, value), false);
}

static void
take_url(struct reading *reading, const json_t *value, const struct key *key,
    struct pk_draft *draft)
{
	set(reading, key, draft, url_of(reading, value), true);
}

/* An id is often the address of the page. */
static void
take_id_as_url(struct reading *reading, const json_t *value, const struct key *key,
    struct pk_draft *draft)
{
	struct pk_span id = text_of(reading, value);

	if (pk_span_starts_with_nocase(id, PK_SPAN("http://")) ||
	    pk_span_starts_with_nocase(id, PK_SPAN("https://")))
		take_url(reading, value, key, draft);
}

static void
take_language(struct reading *reading, const json_t *value, const struct key *key,
    struct pk_draft *draft)
{
	set(reading, key, draft,
	    pk_language_tag(reading->reader, text_of(reading, value)), true);
}

static void
take_time(struct reading *reading, const json_t *value, const struct key *key,
    struct pk_draft *draft)
{
	const struct pk_element element = {
		.name = key->name, .field = key->field, .rank = key->rank
	};

	pk_draft_set_time(reading->reader, draft, &element, text_of(reading, value));
}

/* The first who has a name. */
static void
take_author(struct reading *reading, const json_t *value, const struct key *key,
    struct pk_draft *draft)
{
	size_t n = count_of(value);

	for (size_t i = 0; i < n && i < LOOK_AT_MAX; i++) {
		const json_t *author = item_of(value, i);
		struct pk_span name = json_is_object(author)
					  ? member_text(reading, author, "name")
					  : text_of(reading, author);
		set(reading, key, draft, plain(reading, name), true);
	}
}

/* A list of words, one text with commas, or objects with names. */
static void
take_tags(struct reading *reading, const json_t *value, const struct key *key,
    struct pk_draft *draft)
{
	static const char *const names[] = { "name", "term", "label", "title" };
	size_t n = count_of(value);

	(void)key;
	for (size_t i = 0; i < n && i < LOOK_AT_MAX; i++) {
		const json_t *tag = item_of(value, i);
		struct pk_span text = text_of(reading, tag);
		for (size_t k = 0; text.len == 0 && k < PK_COUNT(names); k++)
			text = member_text(reading, tag, names[k]);
		if (json_is_array(value))
			pk_draft_add_category(reading->reader, draft, text);
		else
			pk_draft_add_keywords(reading->reader, draft, text);
	}
}

static void
take_attachments(struct reading *reading, const json_t *value, const struct key *key,
    struct pk_draft *draft)
{
	size_t n = count_of(value);

	(void)key;
	for (size_t i = 0; i < n && i < LOOK_AT_MAX; i++) {
		const json_t *item = item_of(value, i);
		struct pk_span url = url_of(reading, json_object_get(item, "url"));
		struct pk_span bytes = member_text(reading, item, "size_in_bytes");
		/* 1048576.0 */
		bytes = pk_span_slice(bytes, 0, pk_span_find(bytes, PK_SPAN("."), 0));
		pk_draft_add_enclosure(reading->reader, draft, url,
		    member_text(reading, item, "mime_type"), bytes);
	}
}

static void
take_image(struct reading *reading, const json_t *value, const struct key *key,
    struct pk_draft *draft)
{
	struct pk_span url = url_of(reading, value);

	(void)key;
	pk_draft_add_enclosure(reading->reader, draft, url, pk_media_type_of(url),
	    (struct pk_span){ NULL, 0 });
}

/* clang-format off */
static const struct key feed_keys[] = {
	{ "title",         take_plain,    PK_FIELD_TITLE,    6 },
	{ "home_page_url", take_url,      PK_FIELD_LINK,     6 },
	{ "feed_url",      take_url,      PK_FIELD_ID,       6 },
	{ "description",   take_plain,    PK_FIELD_SUMMARY,  6 },
	{ "language",      take_language, PK_FIELD_LANGUAGE, 6 },
	{ "authors",       take_author,   PK_FIELD_AUTHOR,   6 },
	{ "author",        take_author,   PK_FIELD_AUTHOR,   5 },
};

static const struct key entry_keys[] = {
	{ "id",             take_text,        PK_FIELD_ID,        6 },
	{ "title",          take_plain,       PK_FIELD_TITLE,     6 },
	{ "url",            take_url,         PK_FIELD_LINK,      6 },
	{ "external_url",   take_url,         PK_FIELD_LINK,      5 },
	{ "id",             take_id_as_url,   PK_FIELD_LINK,      4 },
	{ "summary",        take_plain,       PK_FIELD_SUMMARY,   6 },
	{ "content_html",   take_html,        PK_FIELD_CONTENT,   6 },
	{ "content_text",   take_text,        PK_FIELD_CONTENT,   5 },
	{ "date_published", take_time,        PK_FIELD_PUBLISHED, 6 },
	{ "date_modified",  take_time,        PK_FIELD_UPDATED,   6 },
	{ "authors",        take_author,      PK_FIELD_AUTHOR,    6 },
	{ "author",         take_author,      PK_FIELD_AUTHOR,    5 },
	{ "language",       take_language,    PK_FIELD_LANGUAGE,  6 },
	{ "tags",           take_tags,        0,                  0 },
	{ "attachments",    take_attachments, 0,                  0 },
	{ "image",          take_image,       0,                  0 },
	{ "banner_image",   take_image,       0,                  0 },
};
/* clang-format on */

static void
take_all(struct reading *reading, const json_t *object, const struct key *keys,
    size_t n_keys, struct pk_draft *draft)
{
	for (size_t i = 0; i < n_keys; i++) {
		const json_t *value = json_object_get(object, keys[i].name);
		if (value != NULL)
			keys[i].take(reading, value, &keys[i], draft);
	}
}

/* ---- the feed ------------------------------------------------------------------- */

/* Whoever is asked at a hint has to be known. */
static struct pk_span
hint_of(struct reading *reading, const json_t *value)
{
	struct pk_reader *reader = reading->reader;
	struct pk_span url, text = text_of(reading, value);

	if (!json_is_string(value) ||
	    pk_url_resolve(reader->arena, reader->url, text, &url) < 0)
		return (struct pk_span){ NULL, 0 };
	return url;
}

/* The WebSub hub, else the first one. */
static struct pk_span
hub_of(struct reading *reading, const json_t *hubs)
{
	struct pk_span hub = { NULL, 0 };
	size_t n = count_of(hubs);

	for (size_t i = 0; i < n && i < LOOK_AT_MAX; i++) {
		const json_t *item = item_of(hubs, i);
		struct pk_span url = hint_of(reading,
		    json_is_object(item) ? json_object_get(item, "url") : item);
		struct pk_span type = member_text(reading, item, "type");
		if (url.len > 0 && pk_span_eq_nocase(type, PK_SPAN("websub")))
			return url;
		if (hub.len == 0)
			hub = url;
	}
	return hub;
}

static void
read_entry(struct reading *reading, const json_t *item)
{
	const struct pk_draft *channel = &reading->drafts.channel;
	const struct key author = { .field = PK_FIELD_AUTHOR, .rank = 1 };

	if (!json_is_object(item))
		return;
	struct pk_draft *draft = pk_drafts_add(&reading->drafts);
	if (draft == NULL)
		return;
	take_all(reading, item, entry_keys, PK_COUNT(entry_keys), draft);
	set(reading, &author, draft, channel->text[PK_FIELD_AUTHOR], true);
}

/* Relative addresses in a document whose own nobody knows are relative to what it says
 * that it is. */
static void
settle_base(struct reading *reading, const json_t *root)
{
	static const char *const names[] = { "feed_url", "home_page_url" };
	struct pk_reader *reader = reading->reader;

	for (size_t i = 0; i < PK_COUNT(names) && reader->url.ptr == NULL; i++) {
		struct pk_span url;
		if (pk_url_resolve(reader->arena, (struct pk_span){ NULL, 0 },
			member_text(reading, root, names[i]), &url) == 0)
			reader->url = url;
	}
}

static void
read_feed(struct reading *reading, const json_t *root)
{
	struct pk_drafts *drafts = &reading->drafts;
	struct pk_feed_hints *hints = drafts->reader.hints;
	const json_t *items = json_object_get(root, "items");
	size_t n = count_of(items);

	settle_base(reading, root);
	take_all(reading, root, feed_keys, PK_COUNT(feed_keys), &drafts->channel);
	hints->self = hint_of(reading, json_object_get(root, "feed_url"));
	hints->older = hint_of(reading, json_object_get(root, "next_url"));
	hints->hub = hub_of(reading, json_object_get(root, "hubs"));
	for (size_t i = 0; i < n && !reading->reader->out_of_memory; i++)
		read_entry(reading, item_of(items, i));
}

/* Other documents have items with ids and titles, too. */
static bool
is_entry(const json_t *item)
{
	static const char *const own[] = { "url", "external_url", "content_html",
		"content_text", "date_published" };

	for (size_t i = 0; i < PK_COUNT(own); i++) {
		if (json_is_string(json_object_get(item, own[i])))
			return true;
	}
	return false;
}

static bool
has_entries(const json_t *items)
{
	size_t n = count_of(items);

	for (size_t i = 0; i < n && i < LOOK_AT_MAX; i++) {
		if (is_entry(item_of(items, i)))
			return true;
	}
	return false;
}

/* A version that is not known yet is read as the newest one that is. */
static enum pk_feed_format
format_of(const json_t *root)
{
	const json_t *value = json_object_get(root, "version");
	struct pk_span version = pk_span_of(json_string_value(value));
	struct pk_span prefix = VERSION_URI;

	version = pk_span_trim(version);
	if (!pk_span_starts_with_nocase(version, prefix))
		prefix = VERSION_URI_2;
	if (!pk_span_starts_with_nocase(version, prefix))
		return has_entries(json_object_get(root, "items")) ? PK_FEED_JSON11
								   : PK_FEED_NONE;
	version = pk_span_slice(version, prefix.len, version.len);
	return pk_span_eq(version, PK_SPAN("1")) ||
		       pk_span_eq(version, PK_SPAN("1/")) ||
		       pk_span_eq(version, PK_SPAN("1.0"))
		   ? PK_FEED_JSON10
		   : PK_FEED_JSON11;
}

/* Most are right as they are; what is not is mended and read again. */
static int
load(struct pk_span text, json_t **ret_root, bool *ret_cut)
{
	const size_t flags = JSON_DISABLE_EOF_CHECK;
	json_error_t error = { .line = 0 };
	struct pk_buf mended;
	json_t *root = NULL;

	*ret_cut = false;
	text = pk_span_trim(text);
	if (pk_json_is_bounded(text))
		root = json_loadb(text.ptr, text.len, flags, &error);
	if (root == NULL) {
		pk_buf_init(&mended, 0);
		int r = pk_json_repair(text, &mended, ret_cut);
		if (r == 0)
			root = json_loadb(mended.ptr, mended.len, flags, &error);
		pk_buf_done(&mended);
		if (r < 0)
			return r;
	}
	if (root == NULL)
		return json_error_code(&error) == json_error_out_of_memory ? -ENOMEM
									   : -EBADMSG;
	*ret_root = root;
	return 0;
}

int
pk_read_json(struct pk_arena *arena, struct pk_span text,
    const struct pk_feed_context *context, struct pk_feed *feed)
{
	pk_cleanup(json_done) json_t *root = NULL;
	struct reading reading;

	int r = load(text, &root, &feed->partial);
	if (r < 0)
		return r;
	feed->format = format_of(root);
	if (feed->format == PK_FEED_NONE)
		return -EBADMSG;
	pk_drafts_init(&reading.drafts, arena, context, feed);
	reading.reader = &reading.drafts.reader;
	read_feed(&reading, root);
	return pk_drafts_finish(&reading.drafts, feed);
}
