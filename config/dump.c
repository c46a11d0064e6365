/* SPDX-License-Identifier: Apache-2.0 */
#include "config/config.h"
#include "config/key.h"

#include <string.h>

/* How many leading parts ("fetch", "fetch.limits") two paths share. */
static unsigned
shared_sections(const char *a, const char *b)
{
	unsigned shared = 0;

	for (; *a != '\0' && *a == *b; a++, b++)
		shared += *a == '.';
	return shared;
}

static int
indent(struct pk_buf *buf, unsigned spaces)
{
	return pk_buf_printf(buf, "%*s", (int)spaces, "");
}

/*
 * Writes "key: value", after the sections of its path that `previous` (the path before)
 * was not in. `*first` replaces the next two spaces of the margin by "- ".
 */
static int
dump_key(const struct pk_key *key, const char *previous, const void *object,
    unsigned margin, bool *first, struct pk_buf *buf)
{
	struct pk_span rest = pk_span_of(key->path);
	unsigned shared = shared_sections(previous, key->path);
	int r = 0;

	for (unsigned level = 0; r == 0; level++) {
		struct pk_span part = pk_span_split(&rest, '.');
		bool last = rest.ptr == NULL;
		if (!last && level < shared)
			continue;
		r = indent(buf, margin + 2 * level - (*first ? 2 : 0));
		if (r == 0)
			r = pk_buf_printf(buf, "%s%.*s:%s", *first ? "- " : "",
			    PK_SPAN_ARG(part), last ? " " : "\n");
		*first = false;
		if (last)
			break;
	}
	if (r == 0)
		r = pk_value_write(key->type, pk_key_field_const(key, object), buf);
	return r < 0 ? r : pk_buf_append_char(buf, '\n');
}

static int
dump_keys(const struct pk_config *config, struct pk_buf *buf)
{
	const char *previous = "";
	bool first = false;

	for (size_t i = 0; i < pk_config_keys.n; i++) {
		const struct pk_key *key = &pk_config_keys.items[i];
		if (pk_value_info(key->type)->storage == PK_STORED_TREE)
			continue;
		int r = dump_key(key, previous, config, 0, &first, buf);
		if (r < 0)
			return r;
		previous = key->path;
	}
	return 0;
}

static int
dump_feed(const struct pk_config_feed *feed, unsigned margin, struct pk_buf *buf)
{
	const char *previous = "";
	bool first = true;

	for (size_t i = 0; i < pk_config_feed_keys.n; i++) {
		const struct pk_key *key = &pk_config_feed_keys.items[i];
		const void *field = pk_key_field_const(key, feed);
		if (!pk_value_present(key->type, field))
			continue;
		/* Of a publisher without an id nothing was said; see
		 * complete_publisher(). */
		if (strncmp(key->path, "publisher.", 10) == 0 &&
		    feed->publisher.id.ptr == NULL)
			continue;
		int r = dump_key(key, previous, feed, margin, &first, buf);
		if (r < 0)
			return r;
		previous = key->path;
	}
	return 0;
}

/* "feeds:" and the feeds of one group, or of none. */
static int
dump_feeds(const struct pk_config *config, struct pk_span group, unsigned margin,
    struct pk_buf *buf)
{
	bool any = false;
	int r = 0;

	for (size_t i = 0; i < config->feeds.n && r == 0; i++) {
		const struct pk_config_feed *feed = &config->feeds.items[i];
		if (!pk_span_eq(feed->group, group))
			continue;
		if (!any)
			r = indent(buf, margin);
		if (!any && r == 0)
			r = pk_buf_append(buf, PK_SPAN("feeds:\n"));
		any = true;
		if (r == 0)
			r = dump_feed(feed, margin + 4, buf);
	}
	return r;
}

int
pk_config_dump(const struct pk_config *config, struct pk_buf *buf)
{
	int r = dump_keys(config, buf);

	if (r == 0 && config->groups.n > 0)
		r = pk_buf_append(buf, PK_SPAN("groups:\n"));
	for (size_t i = 0; i < config->groups.n && r == 0; i++) {
		r = pk_buf_append(buf, PK_SPAN("  - id: "));
		if (r == 0)
			r = pk_value_write_text(config->groups.items[i], buf);
		if (r == 0)
			r = pk_buf_append_char(buf, '\n');
		if (r == 0)
			r = dump_feeds(config, config->groups.items[i], 4, buf);
	}
	return r < 0 ? r : dump_feeds(config, (struct pk_span){ NULL, 0 }, 0, buf);
}
