/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/feed/json_repair.h"

#include <errno.h>

struct level {
	bool is_object;
	bool has_key; /* a value is due */
	size_t n;     /* members so far */
};

struct repair {
	struct pk_span text;
	size_t at;
	struct pk_buf *out;
	struct level levels[PK_JSON_DEPTH_MAX];
	size_t depth;
	size_t n_values;
	size_t whole_len;   /* of `out` up to here all is whole ... */
	size_t whole_depth; /* ... within so many levels, 1 or 2 */
	int error;
};

static void
put(struct repair *r, struct pk_span bytes)
{
	if (r->error == 0)
		r->error = pk_buf_append(r->out, bytes);
}

static void
put_char(struct repair *r, char c)
{
	if (r->error == 0)
		r->error = pk_buf_append_char(r->out, c);
}

static struct level *
top(struct repair *r)
{
	return r->depth == 0 ? NULL : &r->levels[r->depth - 1];
}

static bool
key_is_due(struct repair *r)
{
	struct level *level = top(r);

	return level != NULL && level->is_object && !level->has_key;
}

/* What stands before a member: a comma. */
static void
begin_member(struct repair *r)
{
	struct level *level = top(r);

	if (level != NULL && !level->has_key && level->n++ > 0)
		put_char(r, ',');
	r->n_values++;
}

/* What follows a value: its key is used up, and all up to here is whole. */
static void
end_value(struct repair *r)
{
	struct level *level = top(r);

	if (level == NULL)
		return;
	level->has_key = false;
	if (r->depth == 1 || (r->depth == 2 && !level->is_object)) {
		r->whole_len = r->out->len;
		r->whole_depth = r->depth;
	}
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = pk_ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The number of \uXXXX at `at`, or -1. */
static int
unit_at(struct pk_span text, size_t at)
{
	int unit = 0;

	if (at + 6 > text.len || text.ptr[at] != '\\' || text.ptr[at + 1] != 'u')
		return -1;
	for (size_t i = at + 2; i < at + 6; i++) {
		int digit = hex_value(text.ptr[i]);
		if (digit < 0)
			return -1;
		unit = unit << 4 | digit;
	}
	return unit;
}

/* An escape, at its backslash; a half of a pair, and NUL, become U+FFFD. */
static void
put_escape(struct repair *r)
{
	char c = r->at + 1 < r->text.len ? r->text.ptr[r->at + 1] : '\0';
	int unit = unit_at(r->text, r->at);

	if (unit >= 0) {
		int next = unit_at(r->text, r->at + 6);
		bool pair =
		    (unit & 0xFC00) == 0xD800 && (next & 0xFC00) == 0xDC00 && next >= 0;
		bool good = pair || (unit != 0 && (unit & 0xF800) != 0xD800);
		size_t len = pair ? 12 : 6;
		put(r, good ? pk_span_slice(r->text, r->at, r->at + len)
			    : PK_SPAN("\\ufffd"));
		r->at += len;
	} else if (c != '\0' && strchr("\"\\/bfnrt", c) != NULL) {
		put(r, pk_span_slice(r->text, r->at, r->at + 2));
		r->at += 2;
	} else {
		r->at++; /* the backslash alone */
	}
}

/* A text, at its first quote. False where its end is missing. */
static bool
put_text(struct repair *r)
{
	put_char(r, '"');
	r->at++;
	while (r->at < r->text.len && r->text.ptr[r->at] != '"') {
		size_t from = r->at;
		while (r->at < r->text.len && r->text.ptr[r->at] != '"' &&
		       r->text.ptr[r->at] != '\\' &&
		       (unsigned char)r->text.ptr[r->at] >= ' ')
			r->at++;
		put(r, pk_span_slice(r->text, from, r->at));
		if (r->at == r->text.len || r->text.ptr[r->at] == '"')
			break;
		if (r->text.ptr[r->at] == '\\') {
			put_escape(r);
		} else {
			put(r,
			    r->text.ptr[r->at] == '\n' ? PK_SPAN("\\n") : PK_SPAN(" "));
			r->at++;
		}
	}
	put_char(r, '"');
	return r->at++ < r->text.len;
}

static bool
is_word_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || c == '+' || c == '-' || c == '.' || c == '_';
}

/* A number or a word: false where the text may go on, or there is none. */
static bool
put_word(struct repair *r)
{
	size_t from = r->at;

	while (r->at < r->text.len && is_word_char(r->text.ptr[r->at]))
		r->at++;
	if (r->at == from || r->at == r->text.len)
		return false;
	struct pk_span word = pk_span_slice(r->text, from, r->at);
	char first = word.ptr[0];
	if (pk_span_eq(word, PK_SPAN("true")) || pk_span_eq(word, PK_SPAN("false"))) {
		put(r, word);
	} else if (key_is_due(r) || first == '-' || (first >= '0' && first <= '9')) {
		put_char(r, '"');
		put(r, word);
		put_char(r, '"');
	} else {
		put(r, PK_SPAN("null"));
	}
	return true;
}

/* Where what is in the brackets at `at` ends, or SIZE_MAX. */
static size_t
end_of_brackets(struct pk_span text, size_t at)
{
	size_t depth = 0;

	for (; at < text.len; at++) {
		char c = text.ptr[at];
		if (c == '"') {
			for (at++; at < text.len && text.ptr[at] != '"'; at++)
				at += text.ptr[at] == '\\';
			continue;
		}
		depth += c == '[' || c == '{';
		depth -= c == ']' || c == '}';
		if (depth == 0)
			return at + 1;
	}
	return SIZE_MAX;
}

static bool
open_level(struct repair *r, char c)
{
	if (key_is_due(r))
		return false;
	if (r->depth == PK_JSON_DEPTH_MAX) {
		size_t end = end_of_brackets(r->text, r->at);
		if (end == SIZE_MAX)
			return false;
		begin_member(r);
		put(r, PK_SPAN("null"));
		r->at = end;
		end_value(r);
		return true;
	}
	begin_member(r);
	put_char(r, c);
	r->levels[r->depth++] = (struct level){ .is_object = c == '{' };
	r->at++;
	return true;
}

static bool
close_level(struct repair *r, char c)
{
	struct level *level = top(r);

	if (level->is_object != (c == '}'))
		return false;
	if (level->has_key)
		put(r, PK_SPAN("null"));
	put_char(r, c);
	r->depth--;
	r->at++;
	end_value(r);
	return true;
}

/* A text, number or word; a key where one is due. */
static bool
scalar(struct repair *r)
{
	bool is_key = key_is_due(r);

	begin_member(r);
	if (r->text.ptr[r->at] == '"' ? !put_text(r) : !put_word(r))
		return false;
	if (!is_key) {
		end_value(r);
		return true;
	}
	put_char(r, ':');
	top(r)->has_key = true;
	return true;
}

/* Past a comment, or where it is. */
static size_t
skip_comment(struct pk_span text, size_t at)
{
	struct pk_span rest = pk_span_slice(text, at, text.len);
	struct pk_span end = PK_SPAN("\n");

	if (pk_span_starts_with(rest, PK_SPAN("/*")))
		end = PK_SPAN("*/");
	else if (!pk_span_starts_with(rest, PK_SPAN("//")))
		return at;
	size_t found = pk_span_find(rest, end, 2);
	return found == SIZE_MAX ? text.len : at + found + end.len;
}

size_t
pk_json_start(struct pk_span text)
{
	size_t at = 0, next;

	for (;; at = next) {
		while (at < text.len && pk_ascii_is_blank(text.ptr[at]))
			at++;
		next = skip_comment(text, at);
		if (next == at)
			return at;
	}
}

/* One token of what is within the object. False where it cannot go on. */
static bool
step(struct repair *r)
{
	char c = r->text.ptr[r->at];

	if (pk_ascii_is_blank(c) || c == ',' || c == ':') {
		r->at++;
		return true;
	}
	if (r->n_values >= PK_JSON_VALUES_MAX)
		return false;
	if (c == '/') {
		size_t at = skip_comment(r->text, r->at);
		bool is_comment = at > r->at;
		r->at = at;
		return is_comment;
	}
	if (c == '{' || c == '[')
		return open_level(r, c);
	if (c == '}' || c == ']')
		return close_level(r, c);
	return scalar(r);
}

bool
pk_json_is_bounded(struct pk_span text)
{
	size_t n = 0, depth = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '"') {
			for (i++; i < text.len && text.ptr[i] != '"'; i++)
				i += text.ptr[i] == '\\';
			continue;
		}
		n += c == ',' || c == '[' || c == '{';
		depth += c == '[' || c == '{';
		if (depth > PK_JSON_DEPTH_MAX || n > PK_JSON_VALUES_MAX)
			return false;
		depth -= depth > 0 && (c == ']' || c == '}');
	}
	return true;
}

int
pk_json_repair(struct pk_span text, struct pk_buf *out, bool *ret_cut)
{
	struct repair r = { .text = text, .at = pk_json_start(text), .out = out };

	if (r.at == text.len || (text.ptr[r.at] != '{' && text.ptr[r.at] != '['))
		return -EBADMSG;
	open_level(&r, text.ptr[r.at]);
	r.whole_len = out->len;
	r.whole_depth = 1;
	while (r.depth > 0 && r.at < text.len && r.error == 0 && step(&r))
		;
	*ret_cut = r.depth > 0;
	if (r.error == 0 && r.depth > 0) {
		out->len = r.whole_len;
		if (r.whole_depth == 2)
			put_char(&r, ']');
		put_char(&r, r.levels[0].is_object ? '}' : ']');
	}
	return r.error;
}
