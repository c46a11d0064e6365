/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/feed/sanitize.h"

#include "base/buf.h"
#include "base/html_entity.h"
#include "base/url.h"
#include "base/utf8.h"
#include "fetch/feed/run.h"
#include "fetch/feed/sanitize_priv.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#define ATTRIBUTES_MAX 32
#define BASES_MAX      32 /* xml:base within one text */
#define RESOLVE_ROOM   ((size_t)128 * 1024)
#define REWOUND_MAX    4096
#define ROOM           ((size_t)16 * 1024) /* for most bodies */

/* ---- the sanitizer ------------------------------------------------------------- */

enum vocabulary {
	HTML,
	MATH,
	SVG,
};

struct open_element {
	const struct name *name;
	enum vocabulary vocabulary;
	struct pk_span base; /* in force outside it */
};

/* Where the next end tag of an element with hidden content is. */
struct end_tag {
	const struct name *name;
	size_t at; /* SIZE_MAX: there is none up to the end */
};

struct sanitizer {
	struct pk_arena *arena;
	struct pk_buf out; /* begins in `room` */
	char *room;
	struct pk_buf value; /* of an attribute, decoded */
	struct pk_span in;
	size_t at;
	struct pk_span base;
	size_t max;
	int error;
	bool has_bases; /* there is an xml:base somewhere */
	size_t n_bases;

	struct open_element *open; /* PK_SANITIZE_DEPTH_MAX of them */
	size_t depth;
	size_t too_deep; /* elements that are open beyond it */
	size_t maths, svgs;

	/* so that nothing is searched for twice in vain */
	bool no_bracket, no_quote[2], no_comment_end;
	struct end_tag ends[8];
	size_t n_ends;
	size_t rewound; /* bytes that were taken for a tag first, then for text */
	size_t cdata;   /* sections that were opened */
	bool has_tags;  /* one was written */
	bool stray_script_end;
};

static struct pk_span
rest_of(const struct sanitizer *s)
{
	return pk_span_slice(s->in, s->at, s->in.len);
}

/* What no longer has room on the stack goes on in memory of its own. */
static void
put_more(struct sanitizer *s, struct pk_span text)
{
	if (s->out.ptr == s->room) {
		struct pk_buf moved = { 0 };
		s->error = pk_buf_append(&moved, pk_buf_span(&s->out));
		s->out = moved;
	}
	if (s->error == 0)
		s->error = pk_buf_append(&s->out, text);
}

static void
put(struct sanitizer *s, struct pk_span text)
{
	if (s->error < 0 || text.len == 0)
		return;
	if (text.len < s->out.cap - s->out.len) {
		memcpy(s->out.ptr + s->out.len, text.ptr, text.len);
		s->out.len += text.len;
	} else {
		put_more(s, text);
	}
}

/* ---- texts --------------------------------------------------------------------- */

enum {
	PLAIN,
	SPECIAL,
	CONTROL,
};

/* What cannot be copied as it is, in text and in values. */
/* clang-format off */
static const unsigned char classes[256] = {
	CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, /* 00 */
	CONTROL, PLAIN, PLAIN, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL,
	CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, /* 10 */
	CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL,
	['<'] = SPECIAL, ['>'] = SPECIAL, ['&'] = SPECIAL, ['"'] = SPECIAL,
	[0x7F] = CONTROL,
};
/* clang-format on */

static void
put_escaped_char(struct sanitizer *s, char c, bool in_value)
{
	if (c == '<')
		put(s, PK_SPAN("&lt;"));
	else if (c == '>')
		put(s, PK_SPAN("&gt;"));
	else if (c == '&')
		put(s, PK_SPAN("&amp;"));
	else if (c == '"' && in_value)
		put(s, PK_SPAN("&quot;"));
	else if (classes[(unsigned char)c] != CONTROL)
		put(s, (struct pk_span){ &c, 1 });
}

static void
put_escaped(struct sanitizer *s, struct pk_span text, bool in_value)
{
	for (size_t at = 0; at < text.len;) {
		size_t end = at;
		while (
		    end < text.len && (classes[(unsigned char)text.ptr[end]] == PLAIN ||
					  (text.ptr[end] == '"' && !in_value)))
			end++;
		put(s, pk_span_slice(text, at, end));
		if (end < text.len)
			put_escaped_char(s, text.ptr[end], in_value);
		at = end + 1;
	}
}

/* Would HTML see anything but text in it? */
static bool
has_markup(struct pk_span text)
{
	uint32_t points[2];
	size_t count;

	const unsigned char *p = (const unsigned char *)text.ptr;

	for (size_t at = 0; at < text.len; at++) {
		at += pk_run_length(p + at, text.len - at, true, '<', '&', '<');
		char c = at < text.len ? text.ptr[at] : '\0';
		if (c != '<' && c != '&')
			continue;
		struct pk_span rest = pk_span_slice(text, at, text.len);
		char next = rest.len > 1 ? rest.ptr[1] : '\0';
		if (c == '<' &&
		    (is_letter(next) || next == '/' || next == '!' || next == '?'))
			return true;
		if (c == '&' && pk_html_reference(rest, points, &count) > 0)
			return true;
	}
	return false;
}

/* A reference, read and written again; or a bare '&'. */
static void
take_reference(struct sanitizer *s)
{
	uint32_t points[2];
	size_t count, len = pk_html_reference(rest_of(s), points, &count);

	if (len == 0) {
		put(s, PK_SPAN("&amp;"));
		s->at++;
		return;
	}
	for (size_t i = 0; i < count; i++) {
		char bytes[4];
		struct pk_span text = { bytes, pk_utf8_encode(points[i], bytes) };
		put_escaped(s, text, false);
	}
	s->at += len;
}

static void
take_text(struct sanitizer *s)
{
	const unsigned char *p = (const unsigned char *)s->in.ptr;
	size_t at = s->at;

	at += pk_run_length(p + at, s->in.len - at, true, '<', '&', '>');
	while (at < s->in.len && (classes[p[at]] == PLAIN || p[at] == '"'))
		at++;
	put(s, pk_span_slice(s->in, s->at, at));
	s->at = at;
}

/* '>' in text; "]]>" may be the end of a CDATA section that HTML does not know. */
static void
take_bracket(struct sanitizer *s)
{
	if (s->cdata > 0 && pk_span_ends_with(pk_buf_span(&s->out), PK_SPAN("]]"))) {
		s->cdata--;
		s->out.len -= 2;
	} else {
		put(s, PK_SPAN("&gt;"));
	}
	s->at++;
}

/* ---- the elements that are open ------------------------------------------------ */

static void
put_end_tag(struct sanitizer *s, const struct name *name)
{
	put(s, PK_SPAN("</"));
	put(s, name->text);
	put(s, PK_SPAN(">"));
}

static void
close_to(struct sanitizer *s, size_t depth)
{
	while (s->depth > depth) {
		const struct open_element *element = &s->open[--s->depth];
		s->base = element->base;
		s->maths -= element->name->text.len == 4 &&
			    element->vocabulary == MATH &&
			    pk_span_eq(element->name->text, PK_SPAN("math"));
		s->svgs -= element->vocabulary == SVG &&
			   pk_span_eq(element->name->text, PK_SPAN("svg"));
		put_end_tag(s, element->name);
	}
}

/* Which open elements a start tag ends, unless one of the barriers lies before them. */
static const struct implied_end {
	uint32_t starts, ends, barriers;
} implied_ends[] = {
	{ G_PARAGRAPH | G_BLOCK | G_LIST | G_TERMS | G_TABLE, G_PARAGRAPH,
	    G_TABLE | G_CELL | G_LIST | G_TERMS | G_SCOPE },
	{ G_ITEM, G_ITEM | G_PARAGRAPH, G_TABLE | G_CELL | G_LIST | G_SCOPE },
	{ G_TERM, G_TERM | G_PARAGRAPH, G_TABLE | G_CELL | G_TERMS | G_SCOPE },
	{ G_ROWS, G_ROWS | G_ROW | G_CELL, G_TABLE },
	{ G_ROW, G_ROW | G_CELL, G_TABLE },
	{ G_CELL, G_CELL, G_TABLE | G_ROW },
	{ G_OPTION, G_OPTION, G_SELECT },
	{ G_RUBY_TEXT, G_RUBY_TEXT, G_RUBY },
	{ G_LINK, G_LINK, G_TABLE | G_CELL | G_SCOPE },
};

static void
imply_ends(struct sanitizer *s, const struct name *name)
{
	const struct implied_end *row = NULL;
	size_t close = s->depth;

	for (size_t i = 0; i < PK_COUNT(implied_ends) && row == NULL; i++) {
		if ((implied_ends[i].starts & name->roles) != 0)
			row = &implied_ends[i];
	}
	if (row == NULL)
		return;
	for (size_t i = s->depth; i > 0; i--) {
		uint32_t roles = s->open[i - 1].name->roles;
		if ((roles & row->barriers) != 0)
			break;
		if ((roles & row->ends) != 0)
			close = i - 1;
	}
	close_to(s, close);
}

/* An end tag closes what is open inside its element, but nothing outside a table. */
static void
end_element(struct sanitizer *s, const struct name *name)
{
	if ((name->roles & (E_HTML | E_MATH | E_SVG)) == 0 ||
	    (name->roles & E_VOID) != 0)
		return;
	if (s->too_deep > 0) {
		s->too_deep--;
		return;
	}
	for (size_t i = s->depth; i > 0; i--) {
		if (s->open[i - 1].name == name) {
			close_to(s, i - 1);
			return;
		}
		if ((s->open[i - 1].name->roles & G_TABLE) != 0)
			return;
	}
}

/* ---- attributes ---------------------------------------------------------------- */

struct attribute {
	struct pk_span name;
	struct pk_span value; /* as written */
};

/* Reads the next attribute of a tag, from s->at; false: there is none, and s->at is at
 * '>', at a '<', or at the end of the text. */
static bool
next_attribute(struct sanitizer *s, struct attribute *ret_attribute)
{
	const char *p = s->in.ptr;
	size_t len = s->in.len, at = s->at;

	while (at < len && (pk_ascii_is_blank(p[at]) || p[at] == '/' || p[at] == '=' ||
			       p[at] == '"' || p[at] == '\''))
		at++;
	size_t start = at;
	while (at < len && !pk_ascii_is_blank(p[at]) && p[at] != '/' && p[at] != '>' &&
	       p[at] != '<' && p[at] != '=' && p[at] != '"' && p[at] != '\'')
		at++;
	s->at = at;
	if (start == at)
		return false;
	ret_attribute->name = pk_span_slice(s->in, start, at);
	ret_attribute->value = PK_SPAN("");
	while (at < len && pk_ascii_is_blank(p[at]))
		at++;
	if (at == len || p[at] != '=')
		return true;
	at++;
	while (at < len && pk_ascii_is_blank(p[at]))
		at++;
	start = at;
	if (at < len && (p[at] == '"' || p[at] == '\'')) {
		bool *none = &s->no_quote[p[at] == '\''];
		const char *end =
		    *none ? NULL : memchr(p + at + 1, p[at], len - at - 1);
		*none = end == NULL;
		if (end != NULL) {
			at = (size_t)(end - p);
			ret_attribute->value = pk_span_slice(s->in, start + 1, at);
			s->at = at + 1;
			return true;
		}
		start++;
		at++;
	}
	while (at < len && !pk_ascii_is_blank(p[at]) && p[at] != '>' && p[at] != '<')
		at++;
	ret_attribute->value = pk_span_slice(s->in, start, at);
	s->at = at;
	return true;
}

/* Does it stay as it is in a decoded value? */
static bool
is_settled(char c)
{
	return c != '&' && c != '\t' && c != '\n' &&
	       classes[(unsigned char)c] != CONTROL;
}

static void
decode_point(struct sanitizer *s, uint32_t point, bool is_address)
{
	char bytes[4];
	struct pk_span text = { bytes, pk_utf8_encode(point, bytes) };

	if (point == '\t' || point == '\n')
		text = is_address ? PK_SPAN("") : PK_SPAN(" ");
	else if (point < 0x80 && classes[point] == CONTROL)
		return;
	if (s->error == 0)
		s->error = pk_buf_append(&s->value, text);
}

/* Decodes what is not settled; returns the bytes it takes. */
static size_t
decode_one(struct sanitizer *s, struct pk_span rest, bool is_address)
{
	uint32_t points[2] = { (unsigned char)rest.ptr[0], 0 };
	size_t count = 1, len = 0;

	if (rest.ptr[0] == '&')
		len = pk_html_reference(rest, points, &count);
	for (size_t i = 0; i < (len == 0 ? 1 : count); i++)
		decode_point(s, points[i], is_address);
	return len == 0 ? 1 : len;
}

/* The value with its references read and without control characters, in s->value or
 * borrowed. Of an address line breaks and blanks at its ends go as well. */
static struct pk_span
decode_value(struct sanitizer *s, struct pk_span raw, bool is_address)
{
	size_t settled = 0;

	while (settled < raw.len && is_settled(raw.ptr[settled]))
		settled++;
	if (settled == raw.len)
		return is_address ? pk_span_trim(raw) : raw;
	s->value.len = 0;
	for (size_t at = 0; at < raw.len && s->error == 0;) {
		size_t end = at;
		while (end < raw.len && is_settled(raw.ptr[end]))
			end++;
		s->error = pk_buf_append(&s->value, pk_span_slice(raw, at, end));
		at = end;
		if (at < raw.len)
			at +=
			    decode_one(s, pk_span_slice(raw, at, raw.len), is_address);
	}
	if (s->value.len == 0)
		return PK_SPAN("");
	return is_address ? pk_span_trim(pk_buf_span(&s->value))
			  : pk_buf_span(&s->value);
}

/* "script:" in any disguise that is left after decoding: blanks within, case. */
static bool
has_script(struct pk_span value)
{
	static const char word[] = "script:";
	size_t matched = 0;

	/* most values that have a colon at all have the one of https: */
	if (pk_span_starts_with(value, PK_SPAN("https:")))
		value = pk_span_slice(value, 6, value.len);
	if (value.len < sizeof(word) - 1 || memchr(value.ptr, ':', value.len) == NULL)
		return false;
	for (size_t i = 0; i < value.len; i++) {
		char c = pk_ascii_lower(value.ptr[i]);
		if ((unsigned char)c <= ' ')
			continue;
		if (c == word[matched])
			matched++;
		else
			matched = c == word[0];
		if (matched == sizeof(word) - 1)
			return true;
	}
	return false;
}

/* The scheme that an address begins with, without its colon (RFC 3986, 3.1); absent in
 * a relative one. */
static struct pk_span
scheme_of(struct pk_span address)
{
	size_t len = 0;

	while (len < address.len &&
	       (is_letter(address.ptr[len]) ||
		   (len > 0 && (is_digit(address.ptr[len]) ||
				   strchr("+-.", address.ptr[len]) != NULL))))
		len++;
	if (len == 0 || len == address.len || address.ptr[len] != ':')
		return (struct pk_span){ NULL, 0 };
	return pk_span_slice(address, 0, len);
}

/* A picture that is its own address; one of SVG could hold a script. */
static bool
is_picture(struct pk_span address)
{
	static const char *const types[] = { "png", "gif", "jpeg", "jpg", "webp",
		"avif", "bmp" };
	const struct pk_span data = PK_SPAN("data:image/");

	if (!pk_span_starts_with_nocase(address, data))
		return false;
	struct pk_span rest = pk_span_slice(address, data.len, address.len);
	for (size_t i = 0; i < PK_COUNT(types); i++) {
		struct pk_span type = pk_span_of(types[i]);
		if (pk_span_starts_with_nocase(rest, type) && rest.len > type.len &&
		    strchr(";,", rest.ptr[type.len]) != NULL)
			return true;
	}
	return false;
}

/* Resolves in memory that is free again at once, so that a text of nothing but links
 * does not fill the arena; the result is left in s->value. */
static struct pk_span
resolve(struct sanitizer *s, struct pk_span address)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(RESOLVE_ROOM);
	struct pk_span url;

	if (arena == NULL) {
		s->error = -ENOMEM;
		return (struct pk_span){ NULL, 0 };
	}
	if (pk_url_resolve(arena, s->base, address, &url) < 0)
		return (struct pk_span){ NULL, 0 };
	s->value.len = 0;
	s->error = pk_buf_append(&s->value, url);
	return pk_buf_span(&s->value);
}

/* The address as it may stay; absent: it may not. */
static struct pk_span
clean_address(struct sanitizer *s, const struct name *name, struct pk_span address)
{
	struct pk_span scheme = scheme_of(address);

	if (address.len == 0 || has_script(address))
		return (struct pk_span){ NULL, 0 };
	if (scheme.len > 0) {
		bool fine = (pk_sanitize_name(scheme)->roles & SCHEME) != 0 ||
			    ((name->roles & A_PICTURE) != 0 && is_picture(address));
		return fine ? address : (struct pk_span){ NULL, 0 };
	}
	/* maps and parts of pictures are meant in the page itself */
	if (address.ptr[0] == '#' &&
	    (s->svgs > 0 || s->maths > 0 || pk_span_eq(name->text, PK_SPAN("usemap"))))
		return address;
	return s->base.len == 0 ? address : resolve(s, address);
}

/* Writes the attribute with the declarations that may stay, if there are any. A style
 * with escapes or comments has something to hide, and goes whole. */
static void
put_style(struct sanitizer *s, struct pk_span style)
{
	bool first = true;

	if (memchr(style.ptr, '\\', style.len) != NULL ||
	    pk_span_find(style, PK_SPAN("/*"), 0) != SIZE_MAX)
		return;
	while (style.ptr != NULL) {
		struct pk_span value = pk_span_split(&style, ';');
		struct pk_span property = pk_span_trim(pk_span_split(&value, ':'));
		value = pk_span_trim(value);
		if (!pk_style_is_safe(property, value))
			continue;
		put(s, first ? PK_SPAN(" style=\"") : PK_SPAN(" "));
		put(s, property);
		put(s, PK_SPAN(": "));
		put_escaped(s, value, true);
		put(s, PK_SPAN(";"));
		first = false;
	}
	if (!first)
		put(s, PK_SPAN("\""));
}

/* ---- start tags ---------------------------------------------------------------- */

struct tag {
	struct pk_span text; /* its name as written, without a prefix */
	const struct name *name;
	enum vocabulary vocabulary;
	size_t n_seen;
	const struct name *seen[ATTRIBUTES_MAX];
	bool has_link; /* an attribute of XLink */

	/* of a picture: nobody can see it, it only counts who reads */
	bool is_flat, is_narrow, is_hidden;
};

/* The vocabulary of an element in this place; false: it may not stay. */
static bool
settle_vocabulary(struct sanitizer *s, struct tag *tag)
{
	uint32_t roles = tag->name->roles;

	if ((roles & E_SVG) != 0 &&
	    (s->svgs > 0 || pk_span_eq(tag->name->text, PK_SPAN("svg"))))
		tag->vocabulary = SVG;
	else if ((roles & E_MATH) != 0 &&
		 (s->maths > 0 || pk_span_eq(tag->name->text, PK_SPAN("math"))))
		tag->vocabulary = MATH;
	else if ((roles & E_HTML) != 0)
		tag->vocabulary = HTML;
	else
		return false;
	return true;
}

static bool
is_new(struct tag *tag, const struct name *name)
{
	for (size_t i = 0; i < tag->n_seen; i++) {
		if (tag->seen[i] == name)
			return false;
	}
	if (tag->n_seen == ATTRIBUTES_MAX)
		return false;
	tag->seen[tag->n_seen++] = name;
	return true;
}

/* What may not stay although its name may: an animation of addresses or handlers, a
 * picture part from elsewhere, paint from elsewhere. */
static bool
is_safe_in_svg(const struct tag *tag, const struct name *name, struct pk_span value)
{
	static const char *const targets[] = { "href", "on", "src", "style", "values",
		"to", "from" };

	if (pk_span_eq(name->text, PK_SPAN("attributeName"))) {
		size_t colon = pk_span_find(value, PK_SPAN(":"), 0);
		if (colon != SIZE_MAX)
			value = pk_span_slice(value, colon + 1, value.len);
		value = pk_span_trim(value);
		for (size_t i = 0; i < PK_COUNT(targets); i++) {
			if (pk_span_starts_with_nocase(value, pk_span_of(targets[i])))
				return false;
		}
		return true;
	}
	if ((name->roles & A_URL) != 0)
		return !pk_span_eq(tag->name->text, PK_SPAN("use")) ||
		       pk_span_starts_with(value, PK_SPAN("#"));
	for (size_t at = 0; at + 3 < value.len; at++) {
		struct pk_span rest = pk_span_slice(value, at, value.len);
		if (!pk_span_starts_with_nocase(rest, PK_SPAN("url")))
			continue;
		rest = pk_span_trim(pk_span_slice(rest, 3, rest.len));
		if (pk_span_starts_with(rest, PK_SPAN("(")) &&
		    !pk_span_starts_with(rest, PK_SPAN("(#")))
			return false;
	}
	return true;
}

/* "1", "0px", "1.0": no more than a dot. Percentages and names are not. */
static bool
is_dot(struct pk_span measure)
{
	if (measure.len == 0 || (measure.ptr[0] != '0' && measure.ptr[0] != '1'))
		return false;
	struct pk_span unit = pk_span_slice(measure, 1, measure.len);
	if (pk_span_starts_with(unit, PK_SPAN(".0")))
		unit = pk_span_slice(unit, 2, unit.len);
	return unit.len == 0 || pk_span_eq_nocase(unit, PK_SPAN("px"));
}

/* Notes what an attribute or a property says about whether a picture can be seen. */
static void
note_looks(struct tag *tag, struct pk_span name, struct pk_span value)
{
	if (pk_span_eq_nocase(name, PK_SPAN("width")))
		tag->is_narrow |= is_dot(value);
	else if (pk_span_eq_nocase(name, PK_SPAN("height")))
		tag->is_flat |= is_dot(value);
	else if (pk_span_eq_nocase(name, PK_SPAN("display")))
		tag->is_hidden |= pk_span_starts_with_nocase(value, PK_SPAN("none"));
	else if (pk_span_eq_nocase(name, PK_SPAN("visibility")))
		tag->is_hidden |= pk_span_starts_with_nocase(value, PK_SPAN("hidden"));
	else if (pk_span_eq_nocase(name, PK_SPAN("hidden")))
		tag->is_hidden = true;
}

/* A GIF in the address itself, of one dot: it keeps the place of a picture that a
 * script would load. */
static bool
is_placeholder(struct pk_span address)
{
	return pk_span_starts_with_nocase(address, PK_SPAN("data:image/gif;")) &&
	       (pk_span_find(address, PK_SPAN(",R0lGODlhAQABA"), 0) != SIZE_MAX ||
		   pk_span_find(address, PK_SPAN(",R0lGODdhAQABA"), 0) != SIZE_MAX);
}

static void
note_attribute(struct sanitizer *s, struct tag *tag, const struct attribute *attribute)
{
	struct pk_span value = decode_value(s, attribute->value, false);

	if (pk_span_eq_nocase(attribute->name, PK_SPAN("src"))) {
		tag->is_hidden |= is_placeholder(value);
	} else if (!pk_span_eq_nocase(attribute->name, PK_SPAN("style"))) {
		note_looks(tag, attribute->name, value);
	} else {
		while (value.ptr != NULL) {
			struct pk_span said = pk_span_split(&value, ';');
			struct pk_span property =
			    pk_span_trim(pk_span_split(&said, ':'));
			note_looks(tag, property, pk_span_trim(said));
		}
	}
}

static void
put_attribute(struct sanitizer *s, struct tag *tag, const struct attribute *attribute)
{
	static const uint32_t roles[] = {
		[HTML] = A_HTML, [MATH] = A_MATH, [SVG] = A_SVG
	};
	const struct name *name = pk_sanitize_name(attribute->name);

	if ((name->roles & roles[tag->vocabulary]) == 0 || !is_new(tag, name))
		return;
	bool is_address = (name->roles & A_URL) != 0;
	struct pk_span value = decode_value(s, attribute->value, is_address);
	if (pk_span_eq(name->text, PK_SPAN("style"))) {
		if (value.len > 0)
			put_style(s, value);
		return;
	}
	if (tag->vocabulary == SVG && !is_safe_in_svg(tag, name, value))
		return;
	if (is_address)
		value = clean_address(s, name, value);
	if (value.ptr == NULL || has_script(value))
		return;
	tag->has_link |= pk_span_starts_with(name->text, PK_SPAN("xlink:"));
	put(s, PK_SPAN(" "));
	put(s, name->text);
	put(s, PK_SPAN("=\""));
	put_escaped(s, value, true);
	put(s, PK_SPAN("\""));
}

/* An xml:base in the tag whose attributes begin here. It holds for them, too. */
static void
take_base(struct sanitizer *s)
{
	struct attribute attribute;
	size_t start = s->at;

	while (next_attribute(s, &attribute)) {
		struct pk_span url;
		if (!pk_span_eq_nocase(attribute.name, PK_SPAN("xml:base")) ||
		    s->n_bases++ >= BASES_MAX)
			continue;
		int r = pk_url_resolve(
		    s->arena, s->base, decode_value(s, attribute.value, true), &url);
		if (r == 0)
			s->base = url;
		else if (r == -ENOMEM)
			s->error = r;
		break;
	}
	s->at = start;
}

/* Reads all attributes, and writes the safe ones of an element that may stay. Returns
 * whether the tag is one: it ends, or at least looks meant. */
static bool
take_attributes(struct sanitizer *s, struct tag *tag, bool stays, bool *ret_empty)
{
	struct attribute attribute = { .value = PK_SPAN("") };
	bool has_value = false, has_any = false;
	bool is_picture_tag = pk_span_eq(tag->name->text, PK_SPAN("img"));

	while (next_attribute(s, &attribute)) {
		has_any = true;
		has_value |= attribute.value.len > 0;
		if (is_picture_tag)
			note_attribute(s, tag, &attribute);
		if (stays)
			put_attribute(s, tag, &attribute);
	}
	char end = s->at < s->in.len ? s->in.ptr[s->at] : '\0';
	/* in <a href=x/> the '/' is the address's */
	*ret_empty =
	    end == '>' && s->in.ptr[s->at - 1] == '/' &&
	    (attribute.value.len == 0 ||
		attribute.value.ptr + attribute.value.len != s->in.ptr + s->at);
	s->at += end == '>';
	return end == '>' ||
	       ((tag->name->roles & E_ANY) != 0 && (has_value || !has_any));
}

/* Namespaces, which who reads the result as XML needs. */
static void
put_namespaces(struct sanitizer *s, const struct tag *tag)
{
	if (tag->vocabulary == SVG && pk_span_eq(tag->name->text, PK_SPAN("svg")))
		put(s, PK_SPAN(" xmlns=\"http://www.w3.org/2000/svg\""));
	if (tag->vocabulary == MATH && pk_span_eq(tag->name->text, PK_SPAN("math")))
		put(s, PK_SPAN(" xmlns=\"http://www.w3.org/1998/Math/MathML\""));
	if (tag->has_link)
		put(s, PK_SPAN(" xmlns:xlink=\"http://www.w3.org/1999/xlink\""));
}

static void
open_element(struct sanitizer *s, const struct tag *tag, struct pk_span outer_base)
{
	s->svgs +=
	    tag->vocabulary == SVG && pk_span_eq(tag->name->text, PK_SPAN("svg"));
	s->maths +=
	    tag->vocabulary == MATH && pk_span_eq(tag->name->text, PK_SPAN("math"));
	s->open[s->depth++] = (struct open_element){
		.name = tag->name,
		.vocabulary = tag->vocabulary,
		.base = outer_base,
	};
}

/* ---- what is left out ---------------------------------------------------------- */

/* The next tag of that beginning ("</" or "<") and name, at or behind `at`. */
static size_t
find_tag(const struct sanitizer *s, size_t at, size_t limit, struct pk_span beginning,
    struct pk_span name)
{
	struct pk_span text = pk_span_slice(s->in, 0, limit);

	while ((at = pk_span_find(text, beginning, at)) != SIZE_MAX) {
		size_t end = at + beginning.len + name.len;
		struct pk_span rest = pk_span_slice(text, at + beginning.len, text.len);
		if (pk_span_starts_with_nocase(rest, name) &&
		    (end == text.len || pk_ascii_is_blank(text.ptr[end]) ||
			strchr("/>", text.ptr[end]) != NULL))
			return at;
		at += beginning.len;
	}
	return SIZE_MAX;
}

static size_t
next_end_of(struct sanitizer *s, const struct name *name)
{
	struct end_tag *end = NULL;

	for (size_t i = 0; i < s->n_ends && end == NULL; i++)
		end = s->ends[i].name == name ? &s->ends[i] : NULL;
	if (end == NULL) {
		assert(s->n_ends < PK_COUNT(s->ends));
		end = &s->ends[s->n_ends++];
		*end = (struct end_tag){ .name = name };
	}
	if (end->at < s->at || end->at == 0)
		end->at = find_tag(s, s->at, s->in.len, PK_SPAN("</"), name->text);
	return end->at;
}

/*
 * Behind the start tag of an element whose content goes: skips to its end tag, which is
 * then met as one that ends nothing. Tags that do not add up are a sign that it is the
 * inner one of two start tags that begins it: when an end tag too many came before, or
 * when the outer one is empty (<script src="x"/>, in a text that was XML).
 */
static void
skip_hidden(struct sanitizer *s, const struct name *name, bool is_empty)
{
	size_t end = next_end_of(s, name);
	bool is_script = pk_span_eq(name->text, PK_SPAN("script"));
	bool doubtful = is_empty || (is_script && s->stray_script_end);

	s->stray_script_end = s->stray_script_end && !is_script;
	if (end == SIZE_MAX) {
		if ((name->roles & E_SILENT) != 0 && !is_empty)
			s->at = s->in.len;
		return;
	}
	if (doubtful && find_tag(s, s->at, end, PK_SPAN("<"), name->text) != SIZE_MAX)
		return;
	s->at = end + 2 + name->text.len;
	while (s->at < s->in.len && s->in.ptr[s->at] != '>')
		s->at++;
	s->at += s->at < s->in.len;
}

/* A comment; one that never ends goes to the first '>' behind a "--" in it. */
static void
skip_comment(struct sanitizer *s)
{
	size_t end = SIZE_MAX, dashes;

	if (!s->no_comment_end)
		end = pk_span_find(s->in, PK_SPAN("-->"), s->at + 2);
	if (end != SIZE_MAX) {
		s->at = end + 3;
		return;
	}
	s->no_comment_end = true;
	dashes = pk_span_find(s->in, PK_SPAN("--"), s->at + 4);
	if (dashes != SIZE_MAX)
		end = pk_span_find(s->in, PK_SPAN(">"), dashes);
	s->at = end == SIZE_MAX ? s->in.len : end + 1;
}

/* A declaration or an instruction, to its '>'; without one it is text. */
static void
skip_declaration(struct sanitizer *s)
{
	size_t end =
	    s->no_bracket ? SIZE_MAX : pk_span_find(s->in, PK_SPAN(">"), s->at);

	if (end != SIZE_MAX) {
		s->at = end + 1;
		return;
	}
	s->no_bracket = true;
	put(s, PK_SPAN("&lt;"));
	s->at++;
}

/* ---- the walk ------------------------------------------------------------------ */

/* The name of an element, from s->at; a prefix of XHTML, SVG or MathML is passed over.
 */
static struct pk_span
take_element_name(struct sanitizer *s)
{
	static const char *const prefixes[] = {
		"xhtml:", "html:", "h:", "svg:", "math:", "mathml:", "mml:", "m:"
	};
	size_t start = s->at;

	while (s->at < s->in.len) {
		char c = s->in.ptr[s->at];
		if (!is_letter(c) && !is_digit(c) && c != '-' && c != '_' && c != '.' &&
		    c != ':')
			break;
		s->at++;
	}
	struct pk_span name = pk_span_slice(s->in, start, s->at);
	if (memchr(name.ptr, ':', name.len) == NULL)
		return name;
	for (size_t i = 0; i < PK_COUNT(prefixes); i++) {
		struct pk_span prefix = pk_span_of(prefixes[i]);
		if (pk_span_starts_with_nocase(name, prefix))
			return pk_span_slice(name, prefix.len, name.len);
	}
	return name;
}

static void
take_start_tag(struct sanitizer *s)
{
	size_t start = s->at++;
	struct pk_span outer_base = s->base;
	struct tag tag = { .text = take_element_name(s) };
	bool is_empty;

	tag.name = pk_sanitize_name(tag.text);
	bool stays = settle_vocabulary(s, &tag);
	if (stays)
		imply_ends(s, tag.name);
	bool fits = stays && s->depth < PK_SANITIZE_DEPTH_MAX;
	size_t mark = s->out.len;
	if (s->has_bases)
		take_base(s);
	if (fits) {
		put(s, PK_SPAN("<"));
		put(s, tag.name->text);
	}
	if (!take_attributes(s, &tag, fits, &is_empty)) {
		s->out.len = mark;
		s->base = outer_base;
		put(s, PK_SPAN("&lt;"));
		s->rewound += s->at - start;
		if (s->rewound <= REWOUND_MAX + 4 * s->in.len)
			s->at = start + 1;
		return;
	}
	if (s->at == s->in.len && s->in.ptr[s->at - 1] != '>')
		fits = stays = false; /* it was cut off */
	bool is_void = tag.vocabulary == HTML && (tag.name->roles & E_VOID) != 0;
	if (!fits) {
		s->out.len = mark;
		s->base = outer_base;
		s->too_deep += stays && !is_void && !is_empty;
		if ((tag.name->roles & (E_SILENT | E_HIDDEN)) != 0)
			skip_hidden(s, tag.name, is_empty);
		return;
	}
	if (tag.is_hidden || (tag.is_flat && tag.is_narrow)) {
		s->out.len = mark;
		s->base = outer_base;
		return;
	}
	put_namespaces(s, &tag);
	s->has_tags = true;
	put(s, is_void ? PK_SPAN(" />") : PK_SPAN(">"));
	if (s->error == 0 && s->out.len > s->max) {
		s->out.len = mark;
		s->at = s->in.len;
	} else if (is_void) {
		s->base = outer_base;
	} else {
		open_element(s, &tag, outer_base);
		if (is_empty)
			close_to(s, s->depth - 1);
	}
}

static void
take_end_tag(struct sanitizer *s)
{
	size_t start = s->at;
	struct attribute attribute;

	s->at += 2;
	const struct name *name = pk_sanitize_name(take_element_name(s));
	while (next_attribute(s, &attribute))
		;
	char end = s->at < s->in.len ? s->in.ptr[s->at] : '\0';
	s->at += end == '>';
	if (end == '\0' && (name->roles & E_ANY) == 0) {
		put(s, PK_SPAN("&lt;"));
		s->at = start + 1;
	} else if (pk_span_eq(name->text, PK_SPAN("br"))) {
		put(s, PK_SPAN("<br />"));
		s->has_tags = true;
	} else if (pk_span_eq(name->text, PK_SPAN("script"))) {
		s->stray_script_end = true;
	} else {
		end_element(s, name);
	}
}

static void
take_markup(struct sanitizer *s)
{
	struct pk_span rest = rest_of(s);
	char next = rest.len > 1 ? rest.ptr[1] : '\0';
	char third = rest.len > 2 ? rest.ptr[2] : '\0';

	if (is_letter(next)) {
		take_start_tag(s);
	} else if (next == '/' && is_letter(third)) {
		take_end_tag(s);
	} else if (pk_span_starts_with(rest, PK_SPAN("<!--"))) {
		skip_comment(s);
	} else if (pk_span_starts_with(rest, PK_SPAN("<![CDATA["))) {
		s->cdata++;
		s->at += 9;
	} else if (next == '?' || next == '!' || next == '/') {
		skip_declaration(s);
	} else {
		put(s, PK_SPAN("&lt;"));
		s->at++;
	}
}

/* What is too much is cut off, but end tags are always written. */
static void
walk(struct sanitizer *s)
{
	while (s->at < s->in.len && s->error == 0 && s->out.len <= s->max) {
		take_text(s);
		if (s->error == 0 && s->out.len > s->max) {
			s->out.len = pk_utf8_prefix(pk_buf_span(&s->out), s->max).len;
			return;
		}
		char c = s->at < s->in.len ? s->in.ptr[s->at] : '\0';
		if (c == '<')
			take_markup(s);
		else if (c == '&')
			take_reference(s);
		else if (c == '>')
			take_bracket(s);
		else
			s->at++; /* a control character */
	}
}

/* Without tags it is plain text, and says so by having no references either, unless
 * they are what keeps it from being taken for markup. */
static void
make_plain(struct sanitizer *s)
{
	struct pk_span rest = pk_buf_span(&s->out);

	if (s->error < 0 || s->has_tags || rest.len == 0 ||
	    memchr(rest.ptr, '&', rest.len) == NULL)
		return;
	s->value.len = 0;
	while (rest.len > 0 && s->error == 0) {
		const char *next = memchr(rest.ptr, '&', rest.len);
		size_t len = next == NULL ? rest.len : (size_t)(next - rest.ptr);
		s->error = pk_buf_append(&s->value, pk_span_slice(rest, 0, len));
		rest = pk_span_slice(rest, len, rest.len);
		if (rest.len > 0 && s->error == 0) {
			len = decode_one(s, rest, false);
			rest = pk_span_slice(rest, len, rest.len);
		}
	}
	if (s->error == 0 && !has_markup(pk_buf_span(&s->value))) {
		struct pk_buf out = s->out;
		s->out = s->value;
		s->value = out;
	}
}

/* What was built, in the arena, unless it is what was there before. */
static int
give(struct sanitizer *s, struct pk_span before, struct pk_span *ret_text)
{
	struct pk_span text = pk_span_trim(pk_buf_span(&s->out));

	if (s->error < 0)
		return s->error;
	if (text.len == 0) {
		*ret_text = (struct pk_span){ NULL, 0 };
		return 0;
	}
	text = pk_span_eq(text, before) ? before : pk_arena_copy(s->arena, text);
	if (text.ptr == NULL)
		return -ENOMEM;
	*ret_text = text;
	return 0;
}

static void
sanitizer_done(struct sanitizer *s)
{
	if (s->out.ptr != s->room)
		pk_buf_done(&s->out);
	if (s->value.ptr != s->room)
		pk_buf_done(&s->value);
}

int
pk_sanitize_html(struct pk_arena *arena, struct pk_span html, struct pk_span base,
    size_t max, struct pk_span *ret_text)
{
	html = pk_span_trim(html);
	if (!has_markup(html)) {
		html = pk_utf8_prefix(html, max);
		*ret_text = html.len > 0 ? html : (struct pk_span){ NULL, 0 };
		return 0;
	}
	struct open_element open[PK_SANITIZE_DEPTH_MAX];
	char room[ROOM];
	pk_cleanup(sanitizer_done) struct sanitizer s = {
		.arena = arena,
		.out = { .ptr = room, .cap = ROOM },
		.room = room,
		.open = open,
		.in = html,
		.base = base,
		.max = max,
		.has_bases = pk_span_find(html, PK_SPAN("xml:base"), 0) != SIZE_MAX,
	};
	walk(&s);
	close_to(&s, 0);
	make_plain(&s);
	return give(&s, html, ret_text);
}

int
pk_sanitize_plain(
    struct pk_arena *arena, struct pk_span text, size_t max, struct pk_span *ret_text)
{
	text = pk_utf8_prefix(pk_span_trim(text), max);
	if (!has_markup(text)) {
		*ret_text = text.len > 0 ? text : (struct pk_span){ NULL, 0 };
		return 0;
	}
	char room[ROOM];
	pk_cleanup(sanitizer_done) struct sanitizer s = {
		.arena = arena,
		.out = { .ptr = room, .cap = ROOM },
		.room = room,
	};
	put_escaped(&s, text, false);
	return give(&s, text, ret_text);
}
