/* SPDX-License-Identifier: Apache-2.0 */
#include "config/yaml.h"

#include "base/utf8.h"

#include <errno.h>
#include <libfyaml.h>

struct reader {
	struct pk_arena *arena;
	const struct pk_source *source;
	struct pk_config_report *report;
	struct pk_yaml *stack[PK_YAML_DEPTH_MAX];
	unsigned depth;
	struct pk_yaml *pending_key; /* of the innermost mapping */
	struct pk_yaml *pending_keys[PK_YAML_DEPTH_MAX];
	struct pk_yaml *root;
	size_t n_nodes;
	unsigned n_documents;
	unsigned line; /* of the last event, for those without a place */
	unsigned column;
};

static void
fyaml_parser_destroyp(struct fy_parser **parser)
{
	if (*parser != NULL)
		fy_parser_destroy(*parser);
}

static void
fyaml_diag_destroyp(struct fy_diag **diag)
{
	if (*diag != NULL)
		fy_diag_destroy(*diag);
}

const char *
pk_yaml_kind_name(const struct pk_yaml *node)
{
	static const char *const names[] = {
		[PK_YAML_TEXT] = "a text",
		[PK_YAML_LIST] = "a list",
		[PK_YAML_MAPPING] = "a mapping",
	};

	return names[node->kind];
}

const struct pk_yaml *
pk_yaml_get(const struct pk_yaml *mapping, struct pk_span key)
{
	for (const struct pk_yaml *v = mapping->first; v != NULL; v = v->next) {
		if (v->key != NULL && pk_span_eq(v->key->text, key))
			return v;
	}
	return NULL;
}

/*
 * What libfyaml would take without a word or explain badly: bytes that are no UTF-8,
 * and control characters, among them the NULs of UTF-16.
 */
static int
check_bytes(const struct pk_source *source, struct pk_config_report *report)
{
	struct pk_span s = source->text;
	unsigned line = 1, column = 1;

	for (size_t at = 0; at < s.len;) {
		uint32_t point;
		bool valid;
		size_t n = pk_utf8_decode(s, at, &point, &valid);
		if (!valid) {
			pk_report_add(report, PK_CONFIG_ERROR, source, line, column,
			    "byte 0x%02x is not valid UTF-8",
			    (unsigned)(unsigned char)s.ptr[at]);
			return -EBADMSG;
		}
		if ((point < ' ' && point != '\t' && point != '\n' && point != '\r') ||
		    point == 0x7f) {
			pk_report_add(report, PK_CONFIG_ERROR, source, line, column,
			    "control character 0x%02x", (unsigned)point);
			return -EBADMSG;
		}
		at += n;
		column = point == '\n' ? 1 : column + 1;
		line += point == '\n';
	}
	return 0;
}

/* Takes the event's place over; some events have none and stand where the last one was.
 */
static void
note_place(struct reader *reader, struct fy_event *event)
{
	const struct fy_mark *mark = fy_event_start_mark(event);
	unsigned quote = event->type == FYET_ALIAS; /* its mark is after the '*' */

	if (mark == NULL)
		return;
	if (event->type == FYET_SCALAR && mark->column > 0) {
		enum fy_node_style style = fy_event_get_node_style(event);
		quote = style == FYNS_SINGLE_QUOTED || style == FYNS_DOUBLE_QUOTED;
	}
	reader->line = (unsigned)mark->line + 1;
	reader->column = (unsigned)mark->column + 1 - quote;
}

static void
complain(struct reader *reader, const char *what)
{
	pk_report_add(reader->report, PK_CONFIG_ERROR, reader->source, reader->line,
	    reader->column, "%s", what);
}

static int
add_node(struct reader *reader, enum pk_yaml_kind kind, struct pk_yaml **ret_node)
{
	if (++reader->n_nodes > PK_YAML_NODES_MAX) {
		complain(reader, "too many values in one file");
		return -EBADMSG;
	}
	struct pk_yaml *node = pk_arena_new_of(reader->arena, struct pk_yaml);
	if (node == NULL)
		return -ENOMEM;
	node->kind = kind;
	node->line = reader->line;
	node->column = reader->column;
	*ret_node = node;
	return 0;
}

/* A key that stands in the mapping already. */
static const struct pk_yaml *
twin_of(const struct pk_yaml *mapping, const struct pk_yaml *key)
{
	const struct pk_yaml *value = pk_yaml_get(mapping, key->text);

	return value == NULL ? NULL : value->key;
}

/* Hangs a value into the mapping under its key. */
static void
add_to_mapping(struct reader *reader, struct pk_yaml *mapping, struct pk_yaml *node)
{
	struct pk_yaml *key = reader->pending_key;
	const struct pk_yaml *twin =
	    mapping->n < PK_YAML_KEYS_MAX ? twin_of(mapping, key) : NULL;

	reader->pending_key = NULL;
	node->key = key;
	if (key->broken)
		node->broken = true;
	if (twin != NULL) {
		pk_report_add(reader->report, PK_CONFIG_ERROR, reader->source,
		    key->line, key->column, "key '%.*s' is given twice",
		    PK_SPAN_ARG(key->text));
		pk_report_add(reader->report, PK_CONFIG_NOTE, reader->source,
		    twin->line, twin->column, "first given here");
		node->broken = true;
	}
	if (++mapping->n == PK_YAML_KEYS_MAX)
		complain(reader, "too many keys in one mapping");
	if (mapping->n >= PK_YAML_KEYS_MAX)
		return;
	if (mapping->last != NULL)
		mapping->last->next = node;
	else
		mapping->first = node;
	mapping->last = node;
}

static void
add_to_list(struct pk_yaml *list, struct pk_yaml *node)
{
	list->n++;
	if (list->last != NULL)
		list->last->next = node;
	else
		list->first = node;
	list->last = node;
}

/* Puts the node where the innermost open one expects it. */
static void
place_node(struct reader *reader, struct pk_yaml *node)
{
	struct pk_yaml *parent =
	    reader->depth == 0 ? NULL : reader->stack[reader->depth - 1];

	if (parent == NULL) {
		reader->root = node;
	} else if (parent->kind == PK_YAML_LIST) {
		add_to_list(parent, node);
	} else if (reader->pending_key != NULL) {
		add_to_mapping(reader, parent, node);
	} else {
		reader->pending_key = node;
		if (node->kind != PK_YAML_TEXT) {
			complain(reader, "a key must be a text");
			node->broken = true;
		}
	}
}

static int
open_node(struct reader *reader, enum pk_yaml_kind kind, struct pk_yaml **ret_node)
{
	if (reader->depth == PK_YAML_DEPTH_MAX) {
		complain(reader, "nested too deeply");
		return -EBADMSG;
	}
	int r = add_node(reader, kind, ret_node);
	if (r < 0)
		return r;
	place_node(reader, *ret_node);
	reader->pending_keys[reader->depth] = reader->pending_key;
	reader->pending_key = NULL;
	reader->stack[reader->depth++] = *ret_node;
	return 0;
}

static void
close_node(struct reader *reader)
{
	reader->depth--;
	reader->pending_key = reader->pending_keys[reader->depth];
}

static int
add_text(struct reader *reader, struct fy_event *event, struct pk_yaml **ret_node)
{
	size_t len = 0;
	const char *text = NULL;
	int r = add_node(reader, PK_YAML_TEXT, ret_node);

	if (r < 0)
		return r;
	if (event->scalar.value != NULL) {
		text = fy_token_get_text(event->scalar.value, &len);
		if (text == NULL)
			return -ENOMEM;
	}
	(*ret_node)->empty =
	    text == NULL || (len == 0 && fy_event_get_node_style(event) == FYNS_PLAIN);
	(*ret_node)->text = pk_arena_copy(reader->arena, (struct pk_span){ text, len });
	if ((*ret_node)->text.ptr == NULL)
		return -ENOMEM;
	place_node(reader, *ret_node);
	return 0;
}

static int
add_alias(struct reader *reader, struct pk_yaml **ret_node)
{
	int r = add_node(reader, PK_YAML_TEXT, ret_node);

	if (r < 0)
		return r;
	complain(reader, "aliases are not allowed here: write the value out");
	(*ret_node)->broken = true;
	place_node(reader, *ret_node);
	return 0;
}

static int
start_document(struct reader *reader, struct fy_event *event)
{
	struct fy_document_state *state = event->document_start.document_state;

	if (++reader->n_documents > 1) {
		complain(reader, "a second document: one file holds one");
		return -EBADMSG;
	}
	if (state != NULL && (fy_document_state_version_explicit(state) ||
				 fy_document_state_tags_explicit(state))) {
		complain(reader, "directives are not allowed here");
		return -EBADMSG;
	}
	return 0;
}

static void
refuse_properties(struct reader *reader, struct fy_event *event, struct pk_yaml *node)
{
	if (fy_event_get_anchor_token(event) != NULL) {
		complain(reader, "anchors are not allowed here");
		node->broken = true;
	}
	if (fy_event_get_tag_token(event) != NULL) {
		complain(reader, "tags are not allowed here");
		node->broken = true;
	}
}

static int
take_event(struct reader *reader, struct fy_event *event)
{
	struct pk_yaml *node = NULL;
	int r = 0;

	note_place(reader, event);
	switch (event->type) {
	case FYET_DOCUMENT_START:
		return start_document(reader, event);
	case FYET_SCALAR:
		r = add_text(reader, event, &node);
		break;
	case FYET_ALIAS:
		r = add_alias(reader, &node);
		break;
	case FYET_SEQUENCE_START:
		r = open_node(reader, PK_YAML_LIST, &node);
		break;
	case FYET_MAPPING_START:
		r = open_node(reader, PK_YAML_MAPPING, &node);
		break;
	case FYET_SEQUENCE_END:
	case FYET_MAPPING_END:
		close_node(reader);
		break;
	case FYET_NONE:
	case FYET_STREAM_START:
	case FYET_STREAM_END:
	case FYET_DOCUMENT_END:
		break;
	}
	if (r == 0 && node != NULL)
		refuse_properties(reader, event, node);
	return r;
}

/*
 * libfyaml explains a tab in the indentation by what it broke. Finds one in the line of
 * the error or the one after. Returns its line, or 0.
 */
static unsigned
tab_near(struct pk_span text, unsigned error_line, unsigned *ret_column)
{
	for (unsigned line = 1; text.ptr != NULL && line <= error_line + 1; line++) {
		struct pk_span s = pk_span_split(&text, '\n');
		size_t blanks = 0;
		while (blanks < s.len && s.ptr[blanks] == ' ')
			blanks++;
		if (line >= error_line && blanks < s.len && s.ptr[blanks] == '\t') {
			*ret_column = (unsigned)blanks + 1;
			return line;
		}
	}
	return 0;
}

static unsigned
count_lines(struct pk_span text)
{
	unsigned n = 0;

	while (text.ptr != NULL) {
		struct pk_span line = pk_span_split(&text, '\n');
		n += text.ptr != NULL || line.len > 0;
	}
	return n;
}

static int
report_syntax(struct reader *reader, struct fy_diag *diag)
{
	unsigned errors = reader->report->n_errors,
		 last = count_lines(reader->source->text);
	struct fy_diag_error *error;
	void *iterator = NULL;

	while ((error = fy_diag_errors_iterate(diag, &iterator)) != NULL) {
		unsigned line = error->line > 0 ? (unsigned)error->line : 1;
		unsigned column = error->column > 0 ? (unsigned)error->column : 1;
		if (error->type < FYET_ERROR)
			continue;
		unsigned tab_line = tab_near(reader->source->text, line, &column);
		if (line > last && last > 0) {
			line = last;
			column = 1;
		}
		pk_report_add(reader->report, PK_CONFIG_ERROR, reader->source,
		    tab_line > 0 ? tab_line : line, column, "%s",
		    tab_line > 0 ? "a tab cannot indent: use spaces"
				 : (error->msg == NULL ? "not YAML" : error->msg));
	}
	if (reader->report->n_errors == errors)
		complain(reader, "not YAML");
	return -EBADMSG;
}

static int
read_events(struct reader *reader, struct fy_parser *parser)
{
	struct fy_event *event;
	int r = 0;

	while (r == 0 && (event = fy_parser_parse(parser)) != NULL) {
		r = take_event(reader, event);
		fy_parser_event_free(parser, event);
	}
	return r;
}

int
pk_yaml_parse(struct pk_arena *arena, const struct pk_source *source,
    struct pk_config_report *report, struct pk_yaml **ret_root)
{
	struct reader reader = {
		.arena = arena,
		.source = source,
		.report = report,
		.line = 1,
		.column = 1,
	};
	struct fy_diag_cfg diag_cfg;
	int r = check_bytes(source, report);

	if (r < 0)
		return r;
	fy_diag_cfg_default(&diag_cfg);
	diag_cfg.fp = NULL;
	pk_cleanup(fyaml_diag_destroyp) struct fy_diag *diag =
	    fy_diag_create(&diag_cfg);
	if (diag == NULL)
		return -ENOMEM;
	fy_diag_set_collect_errors(diag, true);
	struct fy_parse_cfg cfg = {
		.flags = FYPCF_QUIET | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE,
		.diag = diag,
	};
	pk_cleanup(fyaml_parser_destroyp) struct fy_parser *parser =
	    fy_parser_create(&cfg);
	if (parser == NULL || fy_parser_set_string(parser,
				  source->text.ptr == NULL ? "" : source->text.ptr,
				  source->text.len) != 0)
		return -ENOMEM;
	r = read_events(&reader, parser);
	if (r == 0 && fy_parser_get_stream_error(parser))
		r = report_syntax(&reader, diag);
	if (r == 0 && reader.root == NULL) {
		r = add_node(&reader, PK_YAML_TEXT, &reader.root);
		if (r == 0)
			reader.root->empty = true;
	}
	if (r == 0)
		*ret_root = reader.root;
	return r;
}
