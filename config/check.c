/* SPDX-License-Identifier: Apache-2.0 */
#include "config/loader_priv.h"

/* Keys of which the first may not be more than the second. */
static const struct pair {
	const char *less;
	const char *more;
} ordered[] = {
	{ "poll.min_interval", "poll.interval" },
	{ "poll.interval", "poll.max_interval" },
	{ "poll.backoff.first", "poll.backoff.max" },
};

/* "5m" of a duration. */
static const char *
duration_text(int64_t ms, struct pk_buf *buf)
{
	buf->len = 0;
	return pk_value_write(PK_VALUE_DURATION, &ms, buf) < 0 ? "?" : buf->ptr;
}

static void
check_pair(
    struct pk_loader *loader, const struct pk_source *source, const struct pair *pair)
{
	const struct pk_key *less =
	    pk_key_find(&pk_config_keys, pk_span_of(pair->less));
	const struct pk_key *more =
	    pk_key_find(&pk_config_keys, pk_span_of(pair->more));
	int64_t a = *(int64_t *)pk_key_field(less, loader->config);
	int64_t b = *(int64_t *)pk_key_field(more, loader->config);
	const struct pk_yaml *node =
	    pk_given_node(&loader->given, &pk_config_keys, pair->less);
	struct pk_buf low, high;

	if (node == NULL)
		node = pk_given_node(&loader->given, &pk_config_keys, pair->more);
	if (a <= b || node == NULL)
		return;
	pk_buf_init(&low, 0);
	pk_buf_init(&high, 0);
	pk_complain(loader, source, node, "%s (%s) is more than %s (%s)", pair->less,
	    duration_text(a, &low), pair->more, duration_text(b, &high));
	pk_buf_done(&low);
	pk_buf_done(&high);
}

void
pk_check_interval(struct pk_loader *loader, const struct pk_source *source,
    const struct pk_yaml *node, const char *name, int64_t interval_ms)
{
	int64_t min = loader->config->poll.min_interval_ms;
	int64_t max = loader->config->poll.max_interval_ms;
	struct pk_buf value, limit;

	if (node == NULL || (interval_ms >= min && interval_ms <= max))
		return;
	pk_buf_init(&value, 0);
	pk_buf_init(&limit, 0);
	pk_complain(loader, source, node, "%s: %s is %s than poll.%s_interval (%s)",
	    name, duration_text(interval_ms, &value),
	    interval_ms < min ? "less" : "more", interval_ms < min ? "min" : "max",
	    duration_text(interval_ms < min ? min : max, &limit));
	pk_buf_done(&value);
	pk_buf_done(&limit);
}

/* Without encryption, what other hosts can reach must be wanted. */
static void
check_endpoints(
    struct pk_loader *loader, const struct pk_source *source, const char *key)
{
	const struct pk_yaml *list =
	    pk_given_node(&loader->given, &pk_config_keys, key);

	if (list == NULL || list->kind != PK_YAML_LIST ||
	    loader->config->publish.curve.enabled)
		return;
	for (const struct pk_yaml *i = list->first; i != NULL; i = i->next) {
		/* What is no endpoint at all was told already. */
		if (!pk_span_starts_with(i->text, PK_SPAN("tcp://")) ||
		    pk_value_is_local_endpoint(i->text))
			continue;
		if (loader->config->publish.allow_public_plain)
			pk_report_add(loader->report, PK_CONFIG_WARNING, source,
			    i->line, i->column,
			    "%s: other hosts can read everything at %.*s", key,
			    PK_SPAN_ARG(i->text));
		else
			pk_complain(loader, source, i,
			    "%s: other hosts could read everything at %.*s "
			    "(publish.curve.enabled: true lets in known keys alone, "
			    "publish.allow_public_plain: true everybody)",
			    key, PK_SPAN_ARG(i->text));
	}
}

/* Its path goes on with /websub/ and a token. */
static void
check_callback(struct pk_loader *loader, const struct pk_source *source)
{
	const struct pk_yaml *node =
	    pk_given_node(&loader->given, &pk_config_keys, "websub.callback");
	struct pk_span callback = loader->config->websub.callback;

	if (node != NULL && callback.len > 0 &&
	    (memchr(callback.ptr, '?', callback.len) != NULL ||
		memchr(callback.ptr, '#', callback.len) != NULL))
		pk_complain(loader, source, node,
		    "websub.callback: an address with ? or # in it cannot be gone on "
		    "with");
}

void
pk_check_config(struct pk_loader *loader, const struct pk_source *source)
{
	for (size_t i = 0; i < PK_COUNT(ordered); i++)
		check_pair(loader, source, &ordered[i]);
	check_endpoints(loader, source, "publish.events.bind");
	check_endpoints(loader, source, "publish.replay.bind");
	check_callback(loader, source);
	if (loader->report->n_feeds == 0)
		pk_report_add(loader->report, PK_CONFIG_WARNING, source, 0, 0,
		    "there are no feeds");
}
