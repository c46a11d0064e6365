/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a feed says about being asked again: ttl, skipHours and skipDays of RSS, the
 * syndication module, links of Atom, the address it has moved to.
 */
#include "fetch/feed/reader_priv.h"

#define MINUTE_S INT64_C(60)
#define HOUR_S   INT64_C(3600)
#define DAY_S    INT64_C(86400)

/* Who asks to be left alone for longer means something else, or nobody. */
#define TTL_MAX_S (7 * DAY_S)

static int64_t
clamp(int64_t value, int64_t max)
{
	return value < 0 ? 0 : value < max ? value : max;
}

static bool
read_number(struct pk_reader *reader, const xmlNode *node, int64_t *ret_value)
{
	return pk_span_to_int64(pk_node_text(reader, node), ret_value) == 0;
}

void
pk_take_ttl(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	int64_t minutes;

	(void)element;
	(void)draft;
	if (reader->hints != NULL && read_number(reader, node, &minutes))
		reader->hints->ttl_s = clamp(minutes, TTL_MAX_S / MINUTE_S) * MINUTE_S;
}

/* <hour>0</hour> to 23; RSS 0.91 counted from 1 to 24. */
void
pk_take_skip_hours(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	const uint32_t all = (UINT32_C(1) << 24) - 1;
	uint32_t hours = 0;
	int64_t hour;

	(void)draft;
	if (reader->hints == NULL)
		return;
	for (const xmlNode *child = node->children; child != NULL;
	     child = child->next) {
		if (pk_node_is(reader, child, element->ns, "hour") &&
		    read_number(reader, child, &hour) && hour >= 0 && hour <= 24)
			hours |= UINT32_C(1) << hour % 24;
	}
	/* a feed that is never to be asked is not meant */
	reader->hints->skip_hours = hours == all ? 0 : hours;
}

void
pk_take_skip_days(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	static const char *const names[] = { "sun", "mon", "tue", "wed", "thu", "fri",
		"sat" };
	const unsigned all = (1u << PK_COUNT(names)) - 1;
	unsigned days = 0;

	(void)draft;
	if (reader->hints == NULL)
		return;
	for (const xmlNode *child = node->children; child != NULL;
	     child = child->next) {
		if (!pk_node_is(reader, child, element->ns, "day"))
			continue;
		struct pk_span day = pk_node_text(reader, child);
		for (size_t i = 0; i < PK_COUNT(names); i++) {
			if (pk_span_starts_with_nocase(day, pk_span_of(names[i])))
				days |= 1u << i;
		}
	}
	reader->hints->skip_days = (uint8_t)(days == all ? 0 : days);
}

void
pk_take_period(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	static const struct period {
		const char *name;
		int64_t seconds;
	} periods[] = {
		{ "hourly", HOUR_S },
		{ "daily", DAY_S },
		{ "weekly", 7 * DAY_S },
		{ "monthly", 30 * DAY_S },
		{ "yearly", 365 * DAY_S },
	};
	struct pk_span text = pk_node_text(reader, node);

	(void)element;
	(void)draft;
	for (size_t i = 0; i < PK_COUNT(periods) && reader->hints != NULL; i++) {
		if (pk_span_eq_nocase(text, pk_span_of(periods[i].name)))
			reader->hints->period_s = periods[i].seconds;
	}
}

void
pk_take_frequency(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	int64_t times;

	(void)element;
	(void)draft;
	if (reader->hints != NULL && read_number(reader, node, &times) && times > 0)
		reader->frequency = times;
}

/* The first address of a kind is kept. */
static void
take_address(struct pk_reader *reader, const xmlNode *node, struct pk_span address,
    struct pk_span *place)
{
	if (place->len > 0)
		return;
	struct pk_span url = pk_node_url(reader, node, address);
	/* without a base it may be no address yet */
	if (pk_span_starts_with_nocase(url, PK_SPAN("http://")) ||
	    pk_span_starts_with_nocase(url, PK_SPAN("https://")))
		*place = url;
}

void
pk_take_moved(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	(void)element;
	(void)draft;
	if (reader->hints != NULL)
		take_address(
		    reader, node, pk_node_text(reader, node), &reader->hints->moved);
}

void
pk_hint_link(struct pk_reader *reader, const xmlNode *node, struct pk_span rel)
{
	struct pk_feed_hints *hints = reader->hints;
	struct pk_span href = pk_node_attribute(node, "href");

	if (hints == NULL)
		return;
	if (pk_span_eq_nocase(rel, PK_SPAN("self")))
		take_address(reader, node, href, &hints->self);
	else if (pk_span_eq_nocase(rel, PK_SPAN("hub")))
		take_address(reader, node, href, &hints->hub);
	else if (pk_span_eq_nocase(rel, PK_SPAN("prev-archive")))
		take_address(reader, node, href, &reader->prev_archive);
	else if (pk_span_eq_nocase(rel, PK_SPAN("next")))
		take_address(reader, node, href, &hints->older);
}

void
pk_hints_finish(struct pk_reader *reader, struct pk_feed_hints *hints)
{
	if (reader->frequency > 0)
		hints->period_s /= reader->frequency;
	/* an archive stays as it is; the next page moves with every new entry */
	if (reader->prev_archive.len > 0)
		hints->older = reader->prev_archive;
}
