/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/feed/markup.h"

#include "base/html_entity.h"
#include "base/utf8.h"

/* A longer tag is taken for text, so that no text is searched twice and more. */
#define TAG_MAX 8192

/* Elements that end a word where they stand. */
static const char *const breaking[] = { "p", "br", "div", "li", "ul", "ol", "tr", "td",
	"th", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "hr", "img",
	"figure", "figcaption", "section", "article", "dt", "dd" };

/* Elements whose content is not text. */
static const char *const silent[] = { "script", "style", "template" };

struct writer {
	char *out;
	size_t len;
	bool blank; /* one is due before the next character */
};

static void
put(struct writer *writer, struct pk_span bytes)
{
	if (writer->blank && writer->len > 0)
		writer->out[writer->len++] = ' ';
	writer->blank = false;
	memcpy(writer->out + writer->len, bytes.ptr, bytes.len);
	writer->len += bytes.len;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_one_of(struct pk_span name, const char *const *names, size_t n_names)
{
	for (size_t i = 0; i < n_names; i++) {
		if (pk_span_eq_nocase(name, pk_span_of(names[i])))
			return true;
	}
	return false;
}

/* The length of <...> at the beginning of `rest`, or 0. */
static size_t
tag_length(struct pk_span rest)
{
	char next = rest.len > 1 ? rest.ptr[1] : '\0';
	struct pk_span end = PK_SPAN(">");

	if (next == '/')
		next = rest.len > 2 ? rest.ptr[2] : '\0';
	else if (next == '!' || next == '?')
		next = 'x';
	if (!is_letter(next))
		return 0;
	if (pk_span_starts_with(rest, PK_SPAN("<!--")))
		end = PK_SPAN("-->");
	size_t found = pk_span_find(pk_span_slice(rest, 0, TAG_MAX), end, 0);
	return found == SIZE_MAX ? 0 : found + end.len;
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

/* Skips a tag, and with one of the silent elements all that is in it. */
static size_t
skip_tag(struct writer *writer, struct pk_span rest, size_t len)
{
	struct pk_span tag = pk_span_slice(rest, 0, len), name = tag_name(tag);

	writer->blank |= is_one_of(name, breaking, PK_COUNT(breaking));
	if (tag.ptr[1] == '/' || !is_one_of(name, silent, PK_COUNT(silent)))
		return len;
	for (size_t at = len; (at = pk_span_find(rest, PK_SPAN("</"), at)) != SIZE_MAX;
	     at += 2) {
		if (pk_span_starts_with_nocase(
			pk_span_slice(rest, at + 2, rest.len), name))
			return at;
	}
	return rest.len;
}

static size_t
put_reference(struct writer *writer, struct pk_span rest)
{
	uint32_t points[2];
	size_t count, len = pk_html_reference(rest, points, &count);

	if (len == 0) {
		put(writer, pk_span_slice(rest, 0, 1));
		return 1;
	}
	for (size_t i = 0; i < count; i++) {
		char bytes[4];
		if (points[i] <= 0x20 || points[i] == 0xA0)
			writer->blank = true;
		else
			put(writer, (struct pk_span){
					bytes, pk_utf8_encode(points[i], bytes) });
	}
	return len;
}

/* How many bytes, at least one, mean nothing but themselves. */
static size_t
run_length(struct pk_span rest)
{
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
	size_t len = 1;

	while (len < rest.len && !stops[(unsigned char)rest.ptr[len]])
		len++;
	return len;
}

/* Is it plain and folded as it is? */
static bool
is_settled(struct pk_span text, bool has_markup)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
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

static struct pk_span
rewrite(struct pk_arena *arena, struct pk_span text, bool has_markup)
{
	struct writer writer = { .len = 0 };

	text = pk_span_trim(text);
	if (text.len == 0 || is_settled(text, has_markup))
		return text;
	/* "&nGt;" is five bytes, its two characters are six: nothing grows more. */
	writer.out = pk_arena_alloc(arena, text.len + text.len / 4 + 8);
	if (writer.out == NULL)
		return (struct pk_span){ NULL, 0 };
	for (size_t at = 0; at < text.len;) {
		struct pk_span rest = pk_span_slice(text, at, text.len);
		size_t tag = has_markup && rest.ptr[0] == '<' ? tag_length(rest) : 0;
		if (tag > 0) {
			at += skip_tag(&writer, rest, tag);
		} else if (has_markup && rest.ptr[0] == '&') {
			at += put_reference(&writer, rest);
		} else if (pk_ascii_is_blank(rest.ptr[0])) {
			writer.blank = true;
			at++;
		} else if (pk_span_starts_with(rest, PK_SPAN("\xC2\xA0"))) {
			writer.blank = true;
			at += 2;
		} else {
			size_t len = run_length(rest);
			put(&writer, pk_span_slice(rest, 0, len));
			at += len;
		}
	}
	return (struct pk_span){ writer.out, writer.len };
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
