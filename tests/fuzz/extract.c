/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a text: no crash, every span of every event says what it says, and the
 * events are as the schema wants them.
 */
#include "extract/extract.h"
#include "base/utf8.h"
#include "extract/events/events.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static struct pk_extractor *
the_extractor(void)
{
	static struct pk_extractor *extractor;

	if (extractor == NULL &&
	    pk_extractor_new(PEYK_BINARY_DIR "/share/peyk", NULL, &extractor, NULL) < 0)
		abort();
	return extractor;
}

/* A place and its text belong together; a text may come from elsewhere. */
static void
check_span(const struct pk_article *article, struct pk_range range, struct pk_span said)
{
	struct pk_span text = range.in_title ? article->title : article->text;
	size_t at = 0, first = 0;
	uint32_t point = 0, unused;

	assert(range.start < range.end && range.end <= pk_utf8_count(text));
	for (; point < range.end; point++) {
		if (point == range.start)
			first = at;
		at += pk_utf8_decode(text, at, &unused, NULL);
	}
	assert(said.ptr == NULL || pk_span_eq(pk_span_slice(text, first, at), said));
}

static void
check_conf(double conf)
{
	assert(conf >= 0 && conf <= 1);
}

static void
check_entities(
    const struct pk_article *article, const struct pk_entity *items, size_t n)
{
	static const struct pk_span unsaid = { NULL, 0 };

	for (size_t i = 0; i < n; i++) {
		const struct pk_antecedent *a = &items[i].antecedent;

		assert(items[i].text.len > 0 && items[i].mention != PK_MENTION_NONE);
		if (items[i].has_range)
			check_span(article, items[i].range, items[i].text);
		if (a->has_range)
			check_span(article, a->range, unsaid);
		assert(items[i].country.len == 0 || items[i].country.len == 3);
		check_conf(items[i].conf);
	}
}

static void
check_circumstances(const struct pk_event *e, const struct pk_article *article)
{
	for (size_t i = 0; i < e->n_topics; i++)
		check_span(article, e->topics[i].range, e->topics[i].text);
	for (size_t i = 0; i < e->n_counts; i++)
		check_span(article, e->counts[i].range, e->counts[i].text);
	for (size_t i = 0; i < e->modality.n_cues; i++)
		check_span(
		    article, e->modality.cues[i].range, e->modality.cues[i].text);
	for (size_t i = 0; i < e->statement.n_contents; i++)
		check_span(article, e->statement.contents[i], (struct pk_span){ 0 });
	for (size_t i = 0; i < e->n_sources; i++)
		assert(e->sources[i].kind != PK_SOURCE_NONE &&
		       e->sources[i].name.native.len > 0);
	if (e->time.how != PK_TIME_NONE) {
		assert(e->time.start.len > 0 && e->time.end.len > 0);
		check_conf(e->time.conf);
	}
	check_conf(e->modality.certainty);
	check_conf(e->confidence.overall);
	check_conf(e->confidence.type);
}

static void
check_event(const struct pk_extraction *x, size_t at)
{
	const struct pk_event *e = &x->events[at];

	assert(pk_event_check(e, &x->article) == NULL);
	assert(e->type > PK_EVENT_NONE && e->type < PK_EVENT_TYPES);
	assert(strlen(e->id) == PK_ID_SIZE - 1 && e->rule.len > 0);
	assert(e->n_mentions > 0 && e->mentions[0].start == e->trigger_range.start &&
	       e->mentions[0].in_title == e->trigger_range.in_title);
	for (size_t i = 0; i < e->n_mentions; i++)
		check_span(&x->article, e->mentions[i], (struct pk_span){ 0 });
	check_entities(&x->article, e->actors, e->n_actors);
	check_entities(&x->article, e->recipients, e->n_recipients);
	check_entities(&x->article, e->participants, e->n_participants);
	check_circumstances(e, &x->article);
	if (e->reported_by != NULL)
		assert(e->reported_by >= x->events &&
		       e->reported_by < x->events + x->n_events &&
		       e->reported_by->depth < e->depth);
	for (size_t i = 0; i < at; i++)
		assert(strcmp(x->events[i].id, e->id) != 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pk_doc *doc = pk_doc_new(PK_DOC_TEXT, (size_t)1 << 28);
	struct pk_extraction x;

	doc->bytes = (struct pk_span){ (const char *)data, size };
	doc->lang = PK_SPAN("fa");
	doc->entry_published = PK_SPAN("2024-05-01");
	doc->publisher.native = PK_SPAN("پیک");
	if (pk_extract(the_extractor(), doc, &x) == 0 && x.reason == NULL) {
		for (size_t i = 0; i < x.n_events; i++)
			check_event(&x, i);
	}
	pk_doc_free(doc);
	return 0;
}
