/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/event_json.h"

#include "publish/fields_priv.h"

static json_t *
role_json(const struct pk_role *role)
{
	struct record r = record_new();

	put_text(&r, "native", role->native);
	put_text(&r, "en", role->en);
	put_text(&r, "role_id", role->id);
	put_text(&r, "valid_at", role->valid_at);
	put_word(&r, "status", pk_role_status_name(role->status));
	return record_end(&r);
}

static json_t *
antecedent_json(const struct pk_antecedent *antecedent)
{
	struct record r = record_new();

	if (antecedent->has_range)
		put(&r, "span", range_json(antecedent->range));
	put_text(&r, "how", antecedent->how);
	if (antecedent->distance >= 0)
		put(&r, "dist", json_integer(antecedent->distance));
	return record_end(&r);
}

static json_t *
entity_json(const struct pk_entity *e)
{
	struct record r = record_new();

	put_text(&r, "text", e->text);
	if (e->has_range)
		put_range(&r, e->range);
	put_word(&r, "mention", pk_mention_name(e->mention));
	put_word(&r, "kind",
	    pk_kind_name(e->kind == PK_KIND_NONE ? PK_KIND_UNKNOWN : e->kind));
	put_text(&r, "id", e->id);
	put_name(&r, "name", e->name);
	if (e->role.id.len > 0 || e->role.native.len > 0)
		put(&r, "role", role_json(&e->role));
	put_name(&r, "org", e->org);
	put_text(&r, "country", e->country);
	if (e->sector.len > 0)
		put(&r, "sector", json_pack("[s%]", e->sector.ptr, e->sector.len));
	put_text(&r, "code", e->code);
	put_word(&r, "part", pk_part_name(e->part));
	if (e->antecedent.how.len > 0)
		put(&r, "antecedent", antecedent_json(&e->antecedent));
	put_number(&r, "conf", e->conf);
	return record_end(&r);
}

static void
put_entities(struct record *r, const char *key, const struct pk_entity *items, size_t n)
{
	json_t *array = json_array();

	for (size_t i = 0; i < n && array != NULL; i++)
		append(r, array, entity_json(&items[i]));
	put(r, key, array);
}

/* Of what does not say that it stands in the title: only a place in the text. */
static void
put_text_range(struct record *r, struct pk_range range)
{
	if (!range.in_title)
		put(r, "span", range_json(range));
}

static json_t *
time_json(const struct pk_time *t)
{
	struct record r = record_new();

	put_text(&r, "start", t->start);
	put_text(&r, "end", t->end);
	put_word(&r, "precision", pk_precision_name(t->precision));
	put_word(&r, "calendar", pk_calendar_name(t->calendar));
	put_text(&r, "text", t->text);
	if (t->has_range)
		put_text_range(&r, t->range);
	put_text(&r, "anchor", t->anchor);
	put_word(&r, "anchor_src", pk_anchor_name(t->anchor_src));
	put_word(&r, "how", pk_time_how_name(t->how));
	put_number(&r, "conf", t->conf);
	return record_end(&r);
}

static json_t *
place_json(const struct pk_place *p)
{
	struct record r = record_new();

	put_text(&r, "text", p->text);
	if (p->has_range)
		put_text_range(&r, p->range);
	put_name(&r, "name", p->name);
	put_text(&r, "country", p->country);
	put_word(&r, "level", pk_place_level_name(p->level));
	put_word(&r, "how", pk_place_how_name(p->how));
	return record_end(&r);
}

static json_t *
source_json(const struct pk_source *s)
{
	struct record r = record_new();

	put_word(&r, "kind", pk_source_kind_name(s->kind));
	put_name(&r, "name", s->name);
	put_text(&r, "country", s->country);
	put_text(&r, "verb", s->verb);
	put_text(&r, "text", s->text);
	if (s->has_range)
		put_text_range(&r, s->range);
	return record_end(&r);
}

static json_t *
cue_json(const struct pk_statement *s)
{
	struct record r = record_new();

	put_text(&r, "text", s->cue);
	if (s->cue.len > 0)
		put_range(&r, s->cue_range);
	put_text(&r, "lemma", s->cue_lemma);
	put_word(&r, "class", pk_cue_class_name(s->class));
	return record_end(&r);
}

static json_t *
content_json(const struct pk_statement *s)
{
	struct record r = record_new();
	json_t *spans = json_array();

	for (size_t i = 0; i < s->n_contents && spans != NULL; i++)
		append(&r, spans, range_json(s->contents[i]));
	put_text(&r, "text", s->content);
	put(&r, "span", spans);
	return record_end(&r);
}

static json_t *
statement_json(const struct pk_statement *s)
{
	struct record r = record_new();

	put_word(&r, "form", pk_form_name(s->form));
	put(&r, "cue", cue_json(s));
	if (s->content.len > 0 && s->n_contents > 0)
		put(&r, "content", content_json(s));
	if (s->addressee != NULL)
		put(&r, "addressee", entity_json(s->addressee));
	put_word(&r, "medium", pk_medium_name(s->medium));
	put_text(&r, "venue", s->venue);
	put_text(&r, "continuation_of", s->continuation_of);
	return record_end(&r);
}

/* The statuses in the vocabulary's order. */
static json_t *
status_json(uint32_t set)
{
	struct record r = { json_array(), false };

	for (unsigned i = PK_STATUS_ASSERTED; i <= PK_STATUS_QUESTIONED; i++) {
		if (r.object != NULL && (set & (1u << i)) != 0)
			append(&r, r.object,
			    json_string(pk_status_name((enum pk_status)i)));
	}
	return record_end(&r);
}

static json_t *
modality_cues_json(const struct pk_modality *m)
{
	struct record r = { json_array(), false };

	for (size_t i = 0; i < m->n_cues && r.object != NULL; i++) {
		struct record cue = record_new();

		put_text(&cue, "text", m->cues[i].text);
		put(&cue, "span", range_json(m->cues[i].range));
		append(&r, r.object, record_end(&cue));
	}
	return record_end(&r);
}

static json_t *
modality_json(const struct pk_modality *m)
{
	struct record r = record_new();

	put_word(&r, "polarity", m->negative ? "neg" : "pos");
	put(&r, "status", status_json(m->status));
	put_number(&r, "certainty", m->certainty);
	put(&r, "cues", modality_cues_json(m));
	return record_end(&r);
}

static json_t *
trigger_json(const struct pk_event *e)
{
	struct record r = record_new();

	put_text(&r, "text", e->trigger);
	put_range(&r, e->trigger_range);
	put_text(&r, "lemma", e->lemma);
	put_text(&r, "rule", e->rule);
	return record_end(&r);
}

static json_t *
mentions_json(const struct pk_event *e)
{
	struct record r = { json_array(), false };

	for (size_t i = 0; i < e->n_mentions && r.object != NULL; i++) {
		struct record mention = record_new();

		put_range(&mention, e->mentions[i]);
		append(&r, r.object, record_end(&mention));
	}
	return record_end(&r);
}

static json_t *
topics_json(const struct pk_event *e)
{
	struct record r = { json_array(), false };

	for (size_t i = 0; i < e->n_topics && r.object != NULL; i++) {
		struct record topic = record_new();

		put_text(&topic, "text", e->topics[i].text);
		put(&topic, "span", range_json(e->topics[i].range));
		put_text(&topic, "country", e->topics[i].country);
		append(&r, r.object, record_end(&topic));
	}
	return record_end(&r);
}

static json_t *
counts_json(const struct pk_event *e)
{
	struct record r = { json_array(), false };

	for (size_t i = 0; i < e->n_counts && r.object != NULL; i++) {
		const struct pk_count_of *c = &e->counts[i];
		struct record count = record_new();

		put_number(&count, "n", c->n);
		put_text(&count, "unit", c->unit);
		put_text(&count, "what", c->what);
		put_text(&count, "text", c->text);
		put(&count, "span", range_json(c->range));
		append(&r, r.object, record_end(&count));
	}
	return record_end(&r);
}

static json_t *
attribution_json(const struct pk_event *e)
{
	struct record r = { json_array(), false };

	for (size_t i = 0; i < e->n_sources && r.object != NULL; i++)
		append(&r, r.object, source_json(&e->sources[i]));
	return record_end(&r);
}

static json_t *
reported_by_json(const struct pk_event *e)
{
	struct record r = record_new();

	put_word(&r, "event", e->reported_by->id);
	if (e->reported_by->n_actors > 0)
		put(&r, "speaker", entity_json(&e->reported_by->actors[0]));
	put(&r, "depth", json_integer(e->depth));
	return record_end(&r);
}

static json_t *
contexts_json(const struct pk_event *e)
{
	struct record r = { json_array(), false };

	for (size_t i = 0; i < e->n_contexts && r.object != NULL; i++)
		append(&r, r.object, json_string(e->contexts[i]));
	return record_end(&r);
}

static json_t *
flags_json(uint32_t set)
{
	struct record r = { json_array(), false };

	for (unsigned i = PK_FLAG_ROLE_CONFLICT; i <= PK_FLAG_HEADLINE_ONLY; i++) {
		if (r.object != NULL && (set & (1u << i)) != 0)
			append(
			    &r, r.object, json_string(pk_flag_name((enum pk_flag)i)));
	}
	return record_end(&r);
}

static void
put_confidence_of(struct record *r, const char *key, double value)
{
	if (value >= 0)
		put_number(r, key, value);
}

static json_t *
confidence_json(const struct pk_event *e)
{
	struct record r = record_new();

	put_number(&r, "overall", e->confidence.overall);
	put_number(&r, "type", e->confidence.type);
	put_confidence_of(&r, "actors", e->confidence.actors);
	put_confidence_of(&r, "recipients", e->confidence.recipients);
	put_confidence_of(&r, "time", e->confidence.time);
	put_confidence_of(&r, "place", e->confidence.place);
	return record_end(&r);
}

static json_t *
article_ref_json(const struct pk_article *a)
{
	struct record r = record_new();

	put_word(&r, "id", a->id);
	put_text(&r, "url", a->url);
	put_text(&r, "title", a->title);
	put_text(&r, "publisher", a->publisher.id);
	put_text(&r, "published", a->published);
	put_text(&r, "lang", a->language);
	return record_end(&r);
}

/* What kind of act it was. */
static void
put_kind(struct record *r, const struct pk_event *e)
{
	struct pk_span mode = pk_span_of(e->mode);

	put_word(r, "type", pk_event_type_name(e->type));
	put_text(r, "mode", mode);
	if (e->cameo.len > 0)
		put_text(r, "cameo", e->cameo);
	else
		put_word(r, "cameo", pk_event_cameo(e->type));
	put(r, "quad", json_integer(pk_event_quad(e->type)));
	put_number(r, "score", pk_event_score(e->type, mode));
	if (e->n_contexts > 0)
		put(r, "contexts", contexts_json(e));
}

/* When, where, and according to whom. */
static void
put_circumstances(struct record *r, const struct pk_event *e)
{
	if (e->time.how != PK_TIME_NONE)
		put(r, "time", time_json(&e->time));
	if (e->place.how != PK_PLACE_NONE)
		put(r, "place", place_json(&e->place));
	put(r, "attribution", attribution_json(e));
	if (e->reported_by != NULL)
		put(r, "reported_by", reported_by_json(e));
	if (e->statement.form != PK_FORM_NONE)
		put(r, "statement", statement_json(&e->statement));
	put(r, "modality", modality_json(&e->modality));
	put_word(r, "temporal", pk_temporal_name(e->temporal));
}

json_t *
pk_event_json(const struct pk_event *event, const struct pk_article *article)
{
	struct record r = record_new();

	if (r.failed)
		return NULL;
	put_word(&r, "schema", "peyk.event/1");
	put_word(&r, "op", pk_op_name(event->op == PK_OP_NONE ? PK_OP_NEW : event->op));
	put(&r, "rev", json_integer(event->rev == 0 ? 1 : event->rev));
	put_kind(&r, event);
	put(&r, "trigger", trigger_json(event));
	put(&r, "mentions", mentions_json(event));
	put_entities(&r, "actors", event->actors, event->n_actors);
	put_entities(&r, "recipients", event->recipients, event->n_recipients);
	if (event->n_participants > 0)
		put_entities(
		    &r, "participants", event->participants, event->n_participants);
	if (event->n_topics > 0)
		put(&r, "topic", topics_json(event));
	put_circumstances(&r, event);
	if (event->n_counts > 0)
		put(&r, "counts", counts_json(event));
	put(&r, "confidence", confidence_json(event));
	put_word(&r, "tier", pk_event_tier(event));
	put(&r, "flags", flags_json(event->flags));
	put_text(&r, "story", article->story);
	put(&r, "article", article_ref_json(article));
	return record_end(&r);
}
