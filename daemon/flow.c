/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/flow.h"

#include <errno.h>

int
pk_flow_init(struct pk_flow *flow, size_t documents_max)
{
	flow->documents_max = documents_max;
	flow->work = pk_queue_new(documents_max);
	flow->outcomes = pk_queue_new(documents_max);
	flow->hub_mail = pk_hub_mail_new();
	flow->cursor_mail = pk_cursor_mail_new();
	return flow->work == NULL || flow->outcomes == NULL || flow->hub_mail == NULL ||
		       flow->cursor_mail == NULL
		   ? -ENOMEM
		   : 0;
}

/* What a hard stop left in the queues is freed here; on disk it is still pending. */
static struct pk_queue *
free_queue(struct pk_queue *queue)
{
	struct pk_outcome *outcome;

	if (queue == NULL)
		return NULL;
	pk_queue_close(queue);
	while ((outcome = pk_queue_pop(queue)) != NULL)
		pk_outcome_free(outcome);
	return pk_queue_free(queue);
}

void
pk_flow_done(struct pk_flow *flow)
{
	flow->work = free_queue(flow->work);
	flow->outcomes = free_queue(flow->outcomes);
	flow->hub_mail = pk_hub_mail_free(flow->hub_mail);
	flow->cursor_mail = pk_cursor_mail_free(flow->cursor_mail);
	flow->extractor = pk_extractor_unref(flow->extractor);
	pthread_mutex_destroy(&flow->lock);
}

void
pk_flow_use(struct pk_flow *flow, struct pk_extractor *extractor)
{
	pthread_mutex_lock(&flow->lock);
	struct pk_extractor *old = flow->extractor;
	flow->extractor = extractor;
	pthread_mutex_unlock(&flow->lock);
	pk_extractor_unref(old);
}

struct pk_extractor *
pk_flow_extractor(struct pk_flow *flow)
{
	pthread_mutex_lock(&flow->lock);
	struct pk_extractor *extractor = pk_extractor_ref(flow->extractor);
	pthread_mutex_unlock(&flow->lock);
	return extractor;
}
