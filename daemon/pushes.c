/* SPDX-License-Identifier: Apache-2.0 */
/* What hubs have sent: from the mail to the workers. */
#include "daemon/fetcher_priv.h"

#include <errno.h>

int
pk_push_init(struct push *push, struct pk_span feed, struct pk_span bytes,
    struct pk_span content_type)
{
	*push = (struct push){ .feed = "" };
	snprintf(push->feed, sizeof(push->feed), "%.*s", PK_SPAN_ARG(feed));
	pk_buf_init(&push->bytes, 0);
	pk_buf_init(&push->content_type, 0);
	int r = pk_buf_append(&push->bytes, bytes);
	if (r == 0)
		r = pk_buf_append(&push->content_type, content_type);
	if (r < 0)
		pk_push_done(push);
	return r;
}

void
pk_push_done(struct push *push)
{
	pk_buf_done(&push->bytes);
	pk_buf_done(&push->content_type);
}

/* As if it had been asked for. */
static int
pass_on(struct pk_fetcher *f, struct visit *visit, const struct push *push)
{
	const struct pk_config_feed *feed =
	    pk_config_feed(f->config, pk_span_of(visit->feed));

	if (feed == NULL || f->in_circle >= f->flow->documents_max)
		return -EAGAIN;
	struct pk_outcome *outcome = pk_request_pushed(f->config, feed,
	    pk_buf_span(&push->bytes), pk_buf_span(&push->content_type), pk_wall_ms());
	if (outcome == NULL)
		return -ENOMEM;
	pk_visits_unschedule(f, visit);
	visit->has_turn = false;
	visit->under_way = true;
	f->in_circle++;
	if (pk_queue_push(f->flow->work, outcome) < 0)
		pk_outcome_free(outcome);
	return 0;
}

/* While its feed is under way nobody knows which of the two is newer: it is polled
 * again. An empty push says no more than that there is something. */
void
pk_push_take(struct pk_fetcher *f, const struct push *push)
{
	struct visit *visit = pk_map_get(f->feeds, pk_span_of(push->feed));

	if (visit == NULL || visit->unwanted)
		return;
	if (!visit->under_way && push->bytes.len > 0 && pass_on(f, visit, push) == 0)
		return;
	visit->told = true;
	if (visit->under_way)
		visit->again = true;
	else if (!visit->has_turn)
		pk_visits_schedule(f, visit, pk_mono_ns());
}
