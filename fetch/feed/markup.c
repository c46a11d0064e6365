/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/feed/markup.h"

#include "base/html_entity.h"
#include "base/utf8.h"
#include "fetch/feed/run.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

/* A longer tag is taken for text, so that no text is searched twice and more. */
#define TAG_MAX 8192

/* Elements that end a word where they stand. */
static const struct pk_span breaking[] = { PK_SPAN("p"), PK_SPAN("br"), PK_SPAN("div"),
	PK_SPAN("li"), PK_SPAN("ul"), PK_SPAN("ol"), PK_SPAN("tr"), PK_SPAN("td"),
	PK_SPAN("th"), PK_SPAN("table"), PK_SPAN("h1"), PK_SPAN("h2"), PK_SPAN("h3"),
	PK_SPAN("h4"), PK_SPAN("h5"), PK_SPAN("h6"), PK_SPAN("blockquote"),
	PK_SPAN("hr"), PK_SPAN("img"), PK_SPAN("figure"), PK_SPAN("figcaption"),
	PK_SPAN("section"), PK_SPAN("article"), PK_SPAN("dt"), PK_SPAN("dd") };

/* Elements whose content is not text; of the first ones also when they never end. */
static const struct pk_span silent[] = { PK_SPAN("script"), PK_SPAN("style"),
	PK_SPAN("applet"), PK_SPAN("template"), PK_SPAN("noscript"),
	PK_SPAN("object") };
#define SCRIPT      0
#define ENDLESS_MAX 3

/* Elements that a text may mean although it wrote them escaped, if they end again. */
static const struct pk_span meant[] = { PK_SPAN("a"), PK_SPAN("b"), PK_SPAN("i"),
	PK_SPAN("u"), PK_SPAN("em"), PK_SPAN("strong"), PK_SPAN("span"),
	PK_SPAN("font"), PK_SPAN("p"), PK_SPAN("div"), PK_SPAN("sub"), PK_SPAN("sup"),
	PK_SPAN("small"), PK_SPAN("big"), PK_SPAN("script"), PK_SPAN("style") };

struct reading {
	struct pk_span text;
	size_t at;
	char *out;
	size_t len;
	bool blank; /* one is due before the next character */
	bool no_bracket, no_comment_end;
	bool stray_script_end;
	bool no_end[PK_COUNT(silent)]; /* none is left of that element */
};

static void
put(struct reading *r, struct pk_span bytes)
{
	if (r->blank && r->len > 0)
		r->out[r->len++] = ' ';
	r->blank = false;
	memcpy(r->out + r->len, bytes.ptr, bytes.len);
	r->len += bytes.len;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The place of a name in a list, or SIZE_MAX. */
static size_t
place_of(struct pk_span name, const struct pk_span *list, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (pk_span_eq_nocase(name, list[i]))
			return i;
	}
	return SIZE_MAX;
}

static struct pk_span
tag_name(struct pk_span tag)
{
	size_t start = tag.len > 1 && tag.ptr[1] == '/' ? 2 : 1, end = start;

	while (end < tag.len && (is_letter(tag.ptr[end]) ||
				    (tag.ptr[end] >= '0' && tag.ptr[end] <= '9')))
		end++;
	return pk_span_slice(tag, start, end);
}

/* The length of the tag at the beginning of `rest`, or 0; '>' in quotes is no end. */
static size_t
tag_length(struct reading *r, struct pk_span rest)
{
	size_t limit = rest.len < TAG_MAX ? rest.len : TAG_MAX;
	char before = '\0';

	for (size_t at = 1; at < limit && !r->no_bracket; at++) {
		char c = rest.ptr[at];
		if (c == '>')
			return at + 1;
		if (c == '<')
			return 0;
		if ((c == '"' || c == '\'') && before == '=') {
			const char *end = memchr(rest.ptr + at + 1, c, limit - at - 1);
			at = end == NULL ? at : (size_t)(end - rest.ptr);
		}
		before = pk_ascii_is_blank(c) ? before : c;
	}
	r->no_bracket |= limit == rest.len && memchr(rest.ptr, '>', rest.len) == NULL;
	return 0;
}

/* The length of a declaration, an instruction or a comment. A comment that never ends
 * goes to the first '>' behind a "--" in it. */
static size_t
declaration_length(struct reading *r, struct pk_span rest)
{
	size_t end = SIZE_MAX;

	if (!pk_span_starts_with(rest, PK_SPAN("<!--"))) {
		if (!r->no_bracket)
			end = pk_span_find(rest, PK_SPAN(">"), 0);
		r->no_bracket |= end == SIZE_MAX;
		return end == SIZE_MAX ? 0 : end + 1;
	}
	if (!r->no_comment_end)
		end = pk_span_find(rest, PK_SPAN("-->"), 2);
	if (end != SIZE_MAX)
		return end + 3;
	r->no_comment_end = true;
	end = pk_span_find(rest, PK_SPAN("--"), 4);
	if (end != SIZE_MAX)
		end = pk_span_find(rest, PK_SPAN(">"), end);
	return end == SIZE_MAX ? rest.len : end + 1;
}

/* The next "<beginning><name>" at or behind `at`. */
static size_t
find_tag(struct pk_span text, size_t at, struct pk_span beginning, struct pk_span name)
{
	while ((at = pk_span_find(text, beginning, at)) != SIZE_MAX) {
		at += beginning.len;
		if (pk_span_starts_with_nocase(pk_span_slice(text, at, text.len), name))
			return at - beginning.len;
	}
	return SIZE_MAX;
}

/* Behind the start tag of a silent element: skips it. Behind an end tag too many it is
 * the inner one of two start tags that begins a script (sanitize.c). */
static void
skip_silent(struct reading *r, size_t place)
{
	struct pk_span name = silent[place];
	size_t end =
	    r->no_end[place] ? SIZE_MAX : find_tag(r->text, r->at, PK_SPAN("</"), name);
	bool is_stray = place == SCRIPT && r->stray_script_end;

	if (place == SCRIPT)
		r->stray_script_end = false;
	r->no_end[place] |= end == SIZE_MAX;
	if (end == SIZE_MAX) {
		if (place < ENDLESS_MAX)
			r->at = r->text.len;
		return;
	}
	struct pk_span inside = pk_span_slice(r->text, 0, end);
	if (is_stray && find_tag(inside, r->at, PK_SPAN("<"), name) != SIZE_MAX)
		return;
	r->at = pk_span_find(r->text, PK_SPAN(">"), end);
	r->at = r->at == SIZE_MAX ? r->text.len : r->at + 1;
}

/* '<': takes what looks like a tag away. */
static void
read_tag(struct reading *r)
{
	struct pk_span rest = pk_span_slice(r->text, r->at, r->text.len);
	char next = rest.len > 1 ? rest.ptr[1] : '\0';
	bool is_end = next == '/';
	size_t len = 0;

	if (next == '!' || next == '?')
		len = declaration_length(r, rest);
	else if (is_letter(is_end && rest.len > 2 ? rest.ptr[2] : next))
		len = tag_length(r, rest);
	if (len == 0) {
		put(r, pk_span_slice(rest, 0, 1));
		r->at++;
		return;
	}
	r->at += len;
	if (next == '!' || next == '?')
		return;
	struct pk_span name = tag_name(pk_span_slice(rest, 0, len));
	r->blank |= place_of(name, breaking, PK_COUNT(breaking)) != SIZE_MAX;
	size_t place = place_of(name, silent, PK_COUNT(silent));
	if (place != SIZE_MAX && !is_end)
		skip_silent(r, place);
	else if (place == SCRIPT)
		r->stray_script_end = true;
}

static void
read_reference(struct reading *r)
{
	struct pk_span rest = pk_span_slice(r->text, r->at, r->text.len);
	uint32_t points[2];
	size_t count, len = pk_html_reference(rest, points, &count);

	if (len == 0)
		put(r, pk_span_slice(rest, 0, 1));
	for (size_t i = 0; i < count && len > 0; i++) {
		char bytes[4];
		if (points[i] <= 0x20 || points[i] == 0xA0)
			r->blank = true;
		else
			put(r, (struct pk_span){
				   bytes, pk_utf8_encode(points[i], bytes) });
	}
	r->at += len == 0 ? 1 : len;
}

/* What a run of text stops at. */
static const bool stops[256] = {
	['<'] = true,
	['&'] = true,
	[' '] = true,
	['\t'] = true,
	['\n'] = true,
	['\r'] = true,
	['\f'] = true,
	[0xC2] = true,
};

/* How many bytes are text whose blanks are single and within it, in blocks. */
static size_t
settled_length(const unsigned char *p, size_t len)
{
	size_t at = 0;

	for (; len - at > PK_RUN_BLOCK; at += PK_RUN_BLOCK) {
		pk_run_block x, next;
		memcpy(&x, p + at, sizeof(x));
		memcpy(&next, p + at + 1, sizeof(next));
		__typeof__(x < 0x20) stop =
		    (x < 0x20) | (x == '<') | (x == '&') | (x == 0xC2) |
		    ((x == ' ') & ((next <= ' ') | (next == '<') | (next == '&') |
				      (next == 0xC2)));
		uint64_t halves[2];
		memcpy(halves, &stop, sizeof(halves));
		if ((halves[0] | halves[1]) != 0)
			break;
	}
	return at;
}

/* The bytes, at least one, that mean nothing but themselves; words are short, so they
 * are copied in the loop that finds their end. */
static void
read_run(struct reading *r)
{
	const char *in = r->text.ptr + r->at;
	size_t left = r->text.len - r->at, len = 0;

	if (r->blank && r->len > 0)
		r->out[r->len++] = ' ';
	r->blank = false;
	char *out = r->out + r->len;
	len = settled_length((const unsigned char *)in, left);
	if (len > 0) {
		memcpy(out, in, len);
		r->len += len;
		r->at += len;
		return;
	}
	do {
		out[len] = in[len];
		len++;
	} while (len < left && !stops[(unsigned char)in[len]]);
	r->len += len;
	r->at += len;
}

static void
read_all(struct reading *r, bool has_markup)
{
	while (r->at < r->text.len) {
		char c = r->text.ptr[r->at];
		if (pk_ascii_is_blank(c)) {
			r->blank = true;
			r->at++;
		} else if (c == '<' && has_markup) {
			read_tag(r);
		} else if (c == '&' && has_markup) {
			read_reference(r);
		} else if (c == '\xC2' && r->at + 1 < r->text.len &&
			   r->text.ptr[r->at + 1] == '\xA0') {
			r->blank = true;
			r->at += 2;
		} else {
			read_run(r);
		}
	}
}

/* Is it plain and folded as it is? */
static bool
is_settled(struct pk_span text, bool has_markup)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (!stops[(unsigned char)c])
			continue;
		if (has_markup && (c == '<' || c == '&'))
			return false;
		char next = i + 1 < text.len ? text.ptr[i + 1] : '\0';
		if (pk_ascii_is_blank(c) && (c != ' ' || pk_ascii_is_blank(next)))
			return false;
		if (c == '\xC2' && next == '\xA0')
			return false;
	}
	return true;
}

/* Room for a text of `len` bytes: "&nGt;" is five bytes, its two characters are six:
 * nothing grows more. */
static int
reserve(struct pk_buf *buf, size_t len)
{
	size_t cap = buf->len + len + len / 4 + 8;

	if (cap <= buf->cap)
		return 0;
	char *grown = realloc(buf->ptr, cap);
	if (grown == NULL)
		return -ENOMEM;
	buf->ptr = grown;
	buf->cap = cap;
	return 0;
}

static int
append(struct pk_buf *buf, struct pk_span text, bool has_markup)
{
	text = pk_span_trim(text);
	if (text.len == 0)
		return 0;
	if (is_settled(text, has_markup))
		return pk_buf_append(buf, text);
	int r = reserve(buf, text.len);
	if (r < 0)
		return r;
	assert(buf->ptr != NULL);
	struct reading reading = { .text = text, .out = buf->ptr + buf->len };
	read_all(&reading, has_markup);
	buf->len += reading.len;
	return 0;
}

int
pk_markup_append_text(struct pk_buf *buf, struct pk_span html)
{
	return append(buf, html, true);
}

static struct pk_span
rewrite(struct pk_arena *arena, struct pk_span text, bool has_markup)
{
	struct pk_buf buf = { 0 };

	text = pk_span_trim(text);
	if (text.len == 0 || is_settled(text, has_markup))
		return text;
	int r = append(&buf, text, has_markup);
	text = r < 0 ? (struct pk_span){ NULL, 0 }
		     : pk_arena_copy(arena, pk_buf_span(&buf));
	pk_buf_done(&buf);
	return text;
}

struct pk_span
pk_markup_to_text(struct pk_arena *arena, struct pk_span html)
{
	return rewrite(arena, html, true);
}

struct pk_span
pk_fold_blanks(struct pk_arena *arena, struct pk_span text)
{
	return rewrite(arena, text, false);
}

/* Does it look as if it had been escaped once more? It has a whole reference in it, or
 * an element of those that texts have, from start tag to end tag. */
static bool
is_still_escaped(struct pk_span text)
{
	uint32_t points[2];
	size_t count;

	for (size_t at = 0; at < text.len; at++) {
		if (text.ptr[at] != '&' && text.ptr[at] != '<')
			continue;
		struct pk_span rest = pk_span_slice(text, at, text.len);
		size_t len =
		    text.ptr[at] == '&' ? pk_html_reference(rest, points, &count) : 0;
		if (len > 0 && rest.ptr[len - 1] == ';')
			return true;
		struct pk_span name = text.ptr[at] == '<' ? tag_name(rest) : rest;
		if (name.len < rest.len &&
		    place_of(name, meant, PK_COUNT(meant)) != SIZE_MAX)
			return find_tag(text, at, PK_SPAN("</"), name) != SIZE_MAX;
	}
	return false;
}

struct pk_span
pk_title_to_text(struct pk_arena *arena, struct pk_span html)
{
	struct pk_span text = pk_markup_to_text(arena, html);

	return is_still_escaped(text) ? pk_markup_to_text(arena, text) : text;
}
