/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/feed/repair.h"

#include "base/cleanup.h"
#include "base/html_entity.h"
#include "base/utf8.h"
#include "fetch/feed/run.h"

#include <errno.h>
#include <stdlib.h>

/* Shorter stretches are not worth an instruction in their place. */
#define KEPT_MIN 96

/* Entities that a document type declares for itself: few, short, and flat. */
#define DECLARED_MAX       64
#define DECLARED_VALUE_MAX 256
#define DECLARED_TOTAL_MAX ((size_t)1024 * 1024)
#define DECLARED_AREA      65536 /* where they are looked for */

struct declared {
	struct pk_span name;
	struct pk_span value;
};

/* An element that is open. */
struct open_element {
	struct pk_span name;
	size_t namespaces; /* that it declares */
};

struct repair {
	struct pk_span in;
	size_t at;
	size_t copied; /* all before this is in `out`, or was left out */
	struct pk_buf out;
	int error; /* the first one; writing stops with it */

	struct pk_span *kept;
	size_t n_kept, kept_cap;

	struct declared declared[DECLARED_MAX];
	size_t n_declared;
	size_t declared_total; /* bytes that they were expanded to */
	size_t doctypes;

	struct open_element open[PK_XML_DEPTH_MAX];
	size_t depth;
	size_t elements;
	size_t namespaces;  /* declared by the elements that are open */
	size_t cdata_end;   /* the next "]]>", unless `at` has passed it */
	bool has_cdata_end; /* it was looked for */
	bool limited;       /* a limit was met */
	bool has_base;
};

static void
repair_done(struct repair *repair)
{
	pk_buf_done(&repair->out);
	free(repair->kept);
}

static void
write_out(struct repair *repair, struct pk_span s)
{
	if (repair->error == 0)
		repair->error = pk_buf_append(&repair->out, s);
}

/* Writes what stands between the last change and here, then skips to `next`. */
static void
leave_out(struct repair *repair, size_t next)
{
	write_out(repair, pk_span_slice(repair->in, repair->copied, repair->at));
	repair->at = repair->copied = next < repair->in.len ? next : repair->in.len;
}

/* Keeps [start, end) from the parser and goes on at `next`; what stood before it is
 * written. */
static void
keep(struct repair *repair, size_t start, size_t end, size_t next)
{
	char number[32];

	if (repair->n_kept == repair->kept_cap) {
		size_t cap = repair->kept_cap == 0 ? 256 : 2 * repair->kept_cap;
		struct pk_span *grown =
		    reallocarray(repair->kept, cap, sizeof(*repair->kept));
		if (grown == NULL) {
			repair->error = -ENOMEM;
			return;
		}
		repair->kept = grown;
		repair->kept_cap = cap;
	}
	int len = snprintf(number, sizeof(number), "<?kept %zu?>", repair->n_kept);
	repair->kept[repair->n_kept++] = pk_span_slice(repair->in, start, end);
	leave_out(repair, next);
	write_out(repair, (struct pk_span){ number, (size_t)len });
}

static void
replace(struct repair *repair, size_t len, struct pk_span with)
{
	leave_out(repair, repair->at + len);
	write_out(repair, with);
}

static struct pk_span
rest_of(const struct repair *repair)
{
	return pk_span_slice(repair->in, repair->at, repair->in.len);
}

static bool
at_text(const struct repair *repair, struct pk_span text)
{
	return pk_span_starts_with(rest_of(repair), text);
}

/* The place behind the next `end`, or the end of the text. */
static size_t
behind(const struct repair *repair, struct pk_span end)
{
	size_t found = pk_span_find(repair->in, end, repair->at);

	return found == SIZE_MAX ? repair->in.len : found + end.len;
}

static bool
is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       c == ':' || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

static bool
starts_name(char c)
{
	return is_name_char(c) && (c < '0' || c > '9') && c != '-' && c != '.';
}

static struct pk_span
take_name(struct pk_span *rest)
{
	size_t len = 0;

	while (len < rest->len && is_name_char(rest->ptr[len]))
		len++;
	struct pk_span name = pk_span_slice(*rest, 0, len);
	*rest = pk_span_slice(*rest, len, rest->len);
	return name;
}

/* Has the text '&' that does not begin a reference to a character by its number? */
static bool
has_entity(struct pk_span text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '&' && (i + 1 == text.len || text.ptr[i + 1] != '#'))
			return true;
	}
	return false;
}

/* <!ENTITY name "value">, if the value is text and nothing but text. */
static void
declare(struct repair *repair, struct pk_span declaration)
{
	struct pk_span rest = pk_span_trim(declaration);
	struct pk_span name = take_name(&rest);

	rest = pk_span_trim(rest);
	if (name.len == 0 || rest.len < 2 || strchr("\"'", rest.ptr[0]) == NULL ||
	    repair->n_declared == DECLARED_MAX)
		return;
	char quote = rest.ptr[0];
	rest = pk_span_slice(rest, 1, rest.len);
	struct pk_span value = pk_span_split(&rest, quote);
	if (rest.ptr == NULL || value.len > DECLARED_VALUE_MAX || has_entity(value) ||
	    memchr(value.ptr, '<', value.len) != NULL ||
	    memchr(value.ptr, '%', value.len) != NULL)
		return;
	repair->declared[repair->n_declared++] = (struct declared){ name, value };
}

/* The first `end` from `at` on that stands in no quotes and in no comment, else the
 * first at all, for quotes that do not end; SIZE_MAX: none. */
static size_t
find_in_declaration(struct pk_span text, char end, size_t at)
{
	char quote = '\0';

	for (size_t i = at; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == end && quote == '\0')
			return i;
		if (quote == '\0' && c == '<' &&
		    pk_span_starts_with(
			pk_span_slice(text, i, text.len), PK_SPAN("<!--"))) {
			i = pk_span_find(text, PK_SPAN("-->"), i);
			if (i == SIZE_MAX)
				break;
		} else if (c == quote) {
			quote = '\0';
		} else if (quote == '\0' && (c == '"' || c == '\'')) {
			quote = c;
		}
	}
	return pk_span_find(text, (struct pk_span){ &end, 1 }, at);
}

/* Where the internal subset of the document type here begins; SIZE_MAX: it has none, or
 * is not worth reading. */
static size_t
find_subset(struct repair *repair, size_t end)
{
	if (repair->doctypes++ > 0)
		return SIZE_MAX;
	return pk_span_find(
	    pk_span_slice(repair->in, 0, end), PK_SPAN("["), repair->at);
}

/* Takes a document type away, but remembers its harmless entities. */
static void
skip_doctype(struct repair *repair)
{
	const struct pk_span entity = PK_SPAN("<!ENTITY");
	size_t end = pk_span_find(repair->in, PK_SPAN(">"), repair->at);
	size_t subset = find_subset(repair, end);

	if (end == SIZE_MAX || subset == SIZE_MAX) {
		leave_out(repair, end == SIZE_MAX ? repair->in.len : end + 1);
		return;
	}
	end = find_in_declaration(repair->in, ']', subset);
	if (end == SIZE_MAX)
		end = repair->in.len;
	struct pk_span text = pk_span_slice(repair->in, subset + 1, end);
	text = pk_span_slice(text, 0, DECLARED_AREA);
	for (size_t from = 0;;) {
		size_t start = pk_span_find(text, entity, from);
		size_t close = start == SIZE_MAX
				   ? start
				   : find_in_declaration(text, '>', start + entity.len);
		if (close == SIZE_MAX)
			break;
		declare(repair, pk_span_slice(text, start + entity.len, close));
		from = close;
	}
	end = pk_span_find(repair->in, PK_SPAN(">"), end);
	leave_out(repair, end == SIZE_MAX ? repair->in.len : end + 1);
}

/* The length of a reference that XML knows by itself, or 0. */
static size_t
predefined_length(struct pk_span reference)
{
	static const char *const known[] = { "&amp;", "&lt;", "&gt;", "&quot;",
		"&apos;" };

	for (size_t i = 0; i < PK_COUNT(known); i++) {
		if (pk_span_starts_with(reference, pk_span_of(known[i])))
			return strlen(known[i]);
	}
	return 0;
}

/* The two names that HTML 5 gave other characters than the XHTML 1.0 DTD, which XML
 * feeds have them from. */
static uint32_t
as_xhtml_1(uint32_t point, struct pk_span reference)
{
	if (point == 0x27E8 && pk_span_starts_with(reference, PK_SPAN("&lang;")))
		return 0x2329;
	if (point == 0x27E9 && pk_span_starts_with(reference, PK_SPAN("&rang;")))
		return 0x232A;
	return point;
}

/* Writes characters that a reference stands for, as text or as a part of a value. */
static void
write_points(struct repair *repair, const uint32_t *points, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char bytes[4];
		struct pk_span text = { bytes, pk_utf8_encode(points[i], bytes) };
		if (points[i] == '<')
			text = PK_SPAN("&lt;");
		else if (points[i] == '&')
			text = PK_SPAN("&amp;");
		else if (points[i] == '>')
			text = PK_SPAN("&gt;");
		else if (points[i] == '"')
			text = PK_SPAN("&#34;"); /* we may be in an attribute */
		else if (points[i] == '\'')
			text = PK_SPAN("&#39;");
		else if (points[i] < 0x20)
			text = points[i] == '\n' || points[i] == '\r' ? PK_SPAN("&#10;")
			       : points[i] == '\t'                    ? PK_SPAN("&#9;")
								      : PK_SPAN("");
		write_out(repair, text);
	}
}

/* Writes the value of a declared entity, in which numbers stand for characters. */
static void
write_value(struct repair *repair, struct pk_span value)
{
	uint32_t points[2];
	size_t count;

	while (value.len > 0) {
		size_t len = pk_span_find(value, PK_SPAN("&"), 0);
		write_out(repair, pk_span_slice(value, 0, len));
		if (len == SIZE_MAX)
			return;
		value = pk_span_slice(value, len, value.len);
		len = pk_html_reference(value, points, &count);
		if (len > 0)
			write_points(repair, points, count);
		else
			write_out(repair, PK_SPAN("&amp;"));
		value = pk_span_slice(value, len > 0 ? len : 1, value.len);
	}
}

/* Replaces a reference to an entity that the document declared. */
static bool
expand_declared(struct repair *repair)
{
	struct pk_span rest = pk_span_slice(rest_of(repair), 1, SIZE_MAX);
	struct pk_span name = take_name(&rest);

	if (repair->n_declared == 0 || !pk_span_starts_with(rest, PK_SPAN(";")))
		return false;
	for (size_t i = 0; i < repair->n_declared; i++) {
		const struct declared *declared = &repair->declared[i];
		if (!pk_span_eq(declared->name, name) ||
		    repair->declared_total + declared->value.len > DECLARED_TOTAL_MAX)
			continue;
		repair->declared_total += declared->value.len;
		leave_out(repair, repair->at + name.len + 2);
		write_value(repair, declared->value);
		return true;
	}
	return false;
}

/* '&': leaves what XML knows, writes what HTML knows, escapes the rest. */
static void
repair_reference(struct repair *repair)
{
	struct pk_span rest = rest_of(repair);
	uint32_t points[2];
	size_t count;

	size_t len = predefined_length(rest);
	if (len > 0) {
		repair->at += len;
		return;
	}
	if (expand_declared(repair))
		return;
	len = pk_html_reference(rest, points, &count);
	if (len == 0) {
		replace(repair, 1, PK_SPAN("&amp;"));
		return;
	}
	leave_out(repair, repair->at + len);
	points[0] = as_xhtml_1(points[0], rest);
	write_points(repair, points, count);
}

/* Bytes that XML 1.0 does not allow (2.2): C0 controls, U+FFFE and U+FFFF. */
static size_t
forbidden_length(struct pk_span rest)
{
	unsigned char c = (unsigned char)rest.ptr[0];

	if (c < 0x20)
		return c != '\t' && c != '\n' && c != '\r';
	if (pk_span_starts_with(rest, PK_SPAN("\xEF\xBF\xBE")) ||
	    pk_span_starts_with(rest, PK_SPAN("\xEF\xBF\xBF")))
		return 3;
	return 0;
}

/* Which bytes a walk must stop at: 1 everywhere, 2 in a tag too, 3 there outside of
 * quotes. */
/* clang-format off */
static const unsigned char stops[256] = {
	[0x00 ... 0x08] = 1, [0x0B ... 0x0C] = 1, [0x0E ... 0x1F] = 1, /* C0 */
	['&'] = 1, ['<'] = 1, [0xEF] = 1,
	['>'] = 2, ['='] = 2, ['"'] = 2, ['\''] = 2,
	[0x80 ... 0xEE] = 3, [0xF0 ... 0xFF] = 3,
};
/* clang-format on */

static void
walk(struct repair *repair, unsigned char level)
{
	const unsigned char *p = (const unsigned char *)repair->in.ptr;
	size_t at = repair->at;

	do {
		if (level == 1)
			at += pk_run_length(
			    p + at, repair->in.len - at, true, '<', '&', 0xEF);
		for (size_t i = 0; i < 2 * PK_RUN_BLOCK && at < repair->in.len &&
				   (stops[p[at]] == 0 || stops[p[at]] > level);
		     i++)
			at++;
	} while (at < repair->in.len && (stops[p[at]] == 0 || stops[p[at]] > level));
	repair->at = at;
}

/* The next `needle`, or SIZE_MAX: by the one of its bytes that is rare in texts, which
 * is far faster than a search for all. */
static size_t
find_by_rare(struct pk_span text, struct pk_span needle, size_t rare, size_t at)
{
	for (at += rare; at < text.len; at++) {
		const char *next =
		    memchr(text.ptr + at, needle.ptr[rare], text.len - at);
		if (next == NULL)
			break;
		at = (size_t)(next - text.ptr);
		if (pk_span_starts_with(
			pk_span_slice(text, at - rare, text.len), needle))
			return at - rare;
	}
	return SIZE_MAX;
}

/* "]]>" may not stand in character data: what a CDATA within a CDATA leaves behind. */
static void
repair_stray_end(struct repair *repair, size_t start)
{
	struct pk_span passed = pk_span_slice(repair->in, 0, repair->at);
	size_t end = find_by_rare(passed, PK_SPAN("]]>"), 0, start);

	if (end == SIZE_MAX)
		return;
	repair->at = end + 2;
	replace(repair, 1, PK_SPAN("&gt;"));
}

/* Character data outside of tags, up to what has to be looked at. */
static void
walk_text(struct repair *repair)
{
	size_t start = repair->at;

	walk(repair, 1);
	if (repair->at - start < KEPT_MIN || repair->depth == 0) {
		repair_stray_end(repair, start);
		return;
	}
	size_t end = repair->at;
	repair->at = start;
	keep(repair, start, end, end);
}

/* Removes a forbidden character here, or steps over an allowed one. */
static void
step(struct repair *repair)
{
	size_t len = forbidden_length(rest_of(repair));

	if (len > 0)
		leave_out(repair, repair->at + len);
	else
		repair->at++;
}

/* Without forbidden characters. */
static bool
is_clean(const struct repair *repair, size_t at, size_t end)
{
	const unsigned char *p = (const unsigned char *)repair->in.ptr;

	while (at < end) {
		at += pk_run_length(p + at, end - at, true, 0xEF, 0xEF, 0xEF);
		for (size_t i = 0; i < PK_RUN_BLOCK && at < end; i++, at++) {
			if ((p[at] < 0x20 || p[at] == 0xEF) &&
			    forbidden_length(pk_span_slice(repair->in, at, end)) > 0)
				return false;
		}
	}
	return true;
}

/* Where the end tag of the innermost element stands, up to `end`; SIZE_MAX: nowhere. */
static size_t
find_end_tag(const struct repair *repair, size_t end)
{
	struct pk_span area = pk_span_slice(repair->in, 0, end);

	if (repair->depth == 0)
		return SIZE_MAX;
	struct pk_span name = repair->open[repair->depth - 1].name;
	for (size_t at = repair->at;; at += 2) {
		at = pk_span_find(area, PK_SPAN("</"), at);
		if (at == SIZE_MAX ||
		    pk_span_starts_with(pk_span_slice(area, at + 2, area.len), name))
			return at;
	}
}

/*
 * Where a CDATA ends. One that does not end, or that another begins in, was not closed:
 * it ends with its element, if that ends.
 */
static size_t
find_cdata_end(struct repair *repair)
{
	const struct pk_span start = PK_SPAN("<![CDATA[");

	/* with a thousand that do not end, one search has to do for all */
	if (!repair->has_cdata_end || repair->cdata_end < repair->at)
		repair->cdata_end =
		    find_by_rare(repair->in, PK_SPAN("]]>"), 0, repair->at);
	repair->has_cdata_end = true;
	size_t end = repair->cdata_end;
	struct pk_span inside = pk_span_slice(repair->in, 0, end);
	size_t other = find_by_rare(inside, start, 2, repair->at + start.len);

	if (end != SIZE_MAX && other == SIZE_MAX)
		return end;
	size_t tag = find_end_tag(repair, other);
	return tag != SIZE_MAX ? tag : end;
}

/* In CDATA and comments `<` and `&` are ordinary. A CDATA that does not end is closed:
 * the parser would lose all of it. */
static void
repair_cdata(struct repair *repair)
{
	size_t end = find_cdata_end(repair);
	size_t limit = end == SIZE_MAX ? repair->in.len : end;
	struct pk_span behind_it = pk_span_slice(repair->in, limit, repair->in.len);
	bool is_closed = pk_span_starts_with(behind_it, PK_SPAN("]]>"));

	if (repair->depth > 0 && limit - repair->at >= KEPT_MIN &&
	    is_clean(repair, repair->at + 9, limit)) {
		keep(repair, repair->at + 9, limit, is_closed ? limit + 3 : limit);
		return;
	}
	while (repair->at < limit) {
		step(repair);
		while (repair->at < limit &&
		       (unsigned char)repair->in.ptr[repair->at] >= 0x20 &&
		       (unsigned char)repair->in.ptr[repair->at] != 0xEF)
			repair->at++;
	}
	if (is_closed)
		repair->at = limit + 3;
	else
		replace(repair, 0, PK_SPAN("]]>"));
}

struct tag {
	size_t start;   /* in the input */
	size_t written; /* what of the output was there before it */
	struct pk_span name;
	size_t attributes;
	size_t namespaces;
	bool empty; /* <x/> */
};

/* Behind '=': a value without quotes, as HTML allows them, gets quotes. */
static void
repair_value(struct repair *repair)
{
	size_t at = repair->at;

	while (at < repair->in.len && pk_ascii_is_blank(repair->in.ptr[at]))
		at++;
	if (at == repair->in.len || strchr("\"'<>", repair->in.ptr[at]) != NULL)
		return;
	repair->at = at;
	replace(repair, 0, PK_SPAN("\""));
	while (repair->at < repair->in.len &&
	       !pk_ascii_is_blank(repair->in.ptr[repair->at]) &&
	       strchr("\"'<>", repair->in.ptr[repair->at]) == NULL) {
		if (at_text(repair, PK_SPAN("/>")))
			break;
		if (repair->in.ptr[repair->at] == '&')
			repair_reference(repair);
		else
			step(repair);
	}
	replace(repair, 0, PK_SPAN("\""));
}

/* Does '=' stand before this place, blanks aside? */
static bool
is_behind_equals(const struct repair *repair)
{
	size_t at = repair->at;

	while (at > 0 && pk_ascii_is_blank(repair->in.ptr[at - 1]))
		at--;
	return at > 0 && repair->in.ptr[at - 1] == '=';
}

/* Walks to the end of a tag: to its '>', or to a '<' where one is missing. */
static void
walk_tag(struct repair *repair, struct tag *tag)
{
	char quote = '\0';
	bool is_closing = false; /* a quote did, just before */

	while (repair->at < repair->in.len) {
		if (is_closing && is_name_char(repair->in.ptr[repair->at]))
			replace(repair, 0, PK_SPAN(" "));
		is_closing = false;
		walk(repair, quote == '\0' ? 3 : 2);
		if (repair->at == repair->in.len)
			break;
		char c = repair->in.ptr[repair->at];
		if (c == '<' || (c == '>' && quote == '\0'))
			break;
		/* no name that is asked for has such letters, and the parser, where it
		 * gives up a tag, goes on in the middle of one */
		if (quote == '\0' && (unsigned char)c >= 0x80) {
			leave_out(repair, repair->at + 1);
			continue;
		}
		if (c == '&') {
			repair_reference(repair);
			continue;
		}
		if (c == quote) {
			is_closing = true;
			quote = '\0';
		} else if (quote == '\0' && (c == '"' || c == '\'')) {
			if (!is_behind_equals(repair)) { /* one too many */
				leave_out(repair, repair->at + 1);
				continue;
			}
			quote = c;
		}
		step(repair);
		if (c == '=' && quote == '\0') {
			tag->attributes++;
			repair_value(repair);
		}
	}
	if (repair->at < repair->in.len && repair->in.ptr[repair->at] == '>') {
		tag->empty = repair->in.ptr[repair->at - 1] == '/';
		repair->at++;
	}
}

/* Beyond the limit it does not matter how many they are. */
static size_t
count_namespaces(struct pk_span tag)
{
	size_t count = 0, at = 0;

	while (count <= PK_XML_NAMESPACES_MAX &&
	       (at = pk_span_find(tag, PK_SPAN("xmlns"), at)) != SIZE_MAX) {
		at += strlen("xmlns");
		count++;
	}
	return count;
}

/* Writes the tag's name alone: its attributes are an attack. */
static void
strip_attributes(struct repair *repair, struct tag *tag)
{
	repair->out.len = tag->written;
	repair->copied = repair->at;
	write_out(repair, PK_SPAN("<"));
	write_out(repair, tag->name);
	write_out(repair, tag->empty ? PK_SPAN("/>") : PK_SPAN(">"));
	tag->namespaces = 0;
}

/* Writes the end tags of the innermost elements, down to `depth` of them. */
static void
close_to(struct repair *repair, size_t depth)
{
	while (repair->depth > depth) {
		const struct open_element *element = &repair->open[--repair->depth];
		repair->namespaces -= element->namespaces;
		write_out(repair, PK_SPAN("</"));
		write_out(repair, element->name);
		write_out(repair, PK_SPAN(">"));
	}
}

/* How deep the innermost open element of that name lies, counted from 1; 0: nowhere. */
static size_t
find_open(const struct repair *repair, struct pk_span name)
{
	size_t depth = repair->depth;

	while (depth > 0 && !pk_span_eq_nocase(repair->open[depth - 1].name, name))
		depth--;
	return depth;
}

/* A name without its prefix. */
static struct pk_span
local_name(struct pk_span name)
{
	const char *colon = name.len == 0 ? NULL : memchr(name.ptr, ':', name.len);

	return colon == NULL
		   ? name
		   : pk_span_slice(name, (size_t)(colon + 1 - name.ptr), name.len);
}

/* The elements whose end tags are worth guessing: they cannot lie in each other. */
static bool
is_entry_name(const struct repair *repair, struct pk_span name)
{
	name = local_name(name);
	if (pk_span_eq_nocase(name, PK_SPAN("item")) ||
	    pk_span_eq_nocase(name, PK_SPAN("entry")))
		return true;
	if (repair->depth == 0)
		return false;
	struct pk_span root = local_name(repair->open[0].name);
	return (pk_span_eq_nocase(root, PK_SPAN("urlset")) &&
		   pk_span_eq_nocase(name, PK_SPAN("url"))) ||
	       (pk_span_eq_nocase(root, PK_SPAN("sitemapindex")) &&
		   pk_span_eq_nocase(name, PK_SPAN("sitemap")));
}

/* An end tag closes what was left open inside its element; one that closes nothing goes
 * away. All are written anew, so that </Title> ends a <title>. */
static void
repair_end_tag(struct repair *repair)
{
	struct pk_span rest = pk_span_slice(repair->in, repair->at + 2, SIZE_MAX);
	size_t depth = find_open(repair, take_name(&rest));
	size_t close = (size_t)(rest.ptr - repair->in.ptr);

	/* in "</title <link>" its '>' was lost */
	while (close < repair->in.len && strchr("<>", repair->in.ptr[close]) == NULL)
		close++;
	close += close < repair->in.len && repair->in.ptr[close] == '>';
	leave_out(repair, close);
	if (depth > 0)
		close_to(repair, depth - 1);
	if (depth == 1) /* what follows the root is no part of the document */
		repair->copied = repair->at = repair->in.len;
}

static void
repair_start_tag(struct repair *repair)
{
	struct tag tag = { .start = repair->at };
	struct pk_span rest = pk_span_slice(repair->in, tag.start + 1, SIZE_MAX);

	tag.name = take_name(&rest);
	leave_out(repair, repair->at);
	if (is_entry_name(repair, tag.name)) {
		size_t depth = find_open(repair, tag.name);
		if (depth > 0)
			close_to(repair, depth - 1);
	}
	tag.written = repair->out.len;
	repair->at++;
	walk_tag(repair, &tag);
	if (repair->depth == PK_XML_DEPTH_MAX ||
	    repair->elements++ == PK_XML_ELEMENTS_MAX) {
		repair->out.len = tag.written;
		repair->limited = true;
		repair->copied = repair->at = repair->in.len;
		return;
	}
	if (tag.attributes > 0) {
		struct pk_span text = pk_span_slice(repair->in, tag.start, repair->at);
		tag.namespaces = count_namespaces(text);
		repair->has_base |=
		    pk_span_find(text, PK_SPAN("xml:base"), 0) != SIZE_MAX;
	}
	if (tag.attributes > PK_XML_ATTRIBUTES_MAX ||
	    repair->namespaces + tag.namespaces > PK_XML_NAMESPACES_MAX)
		strip_attributes(repair, &tag);
	if (tag.empty)
		return;
	repair->namespaces += tag.namespaces;
	repair->open[repair->depth++] =
	    (struct open_element){ tag.name, tag.namespaces };
}

static void
repair_markup(struct repair *repair)
{
	struct pk_span rest = rest_of(repair);
	char next = rest.len > 1 ? rest.ptr[1] : '\0';

	if (at_text(repair, PK_SPAN("<![CDATA[")))
		repair_cdata(repair);
	else if (at_text(repair, PK_SPAN("<!--")))
		leave_out(repair, behind(repair, PK_SPAN("-->")));
	else if (pk_span_starts_with_nocase(rest, PK_SPAN("<!DOCTYPE")))
		skip_doctype(repair);
	else if (next == '?' || next == '!')
		leave_out(repair, behind(repair, PK_SPAN(">")));
	else if (next == '/')
		repair_end_tag(repair);
	else if (starts_name(next))
		repair_start_tag(repair);
	else
		replace(repair, 1, PK_SPAN("&lt;"));
}

/* Skips to the first element: declaration, comments, blanks, and lines that a program
 * printed where it should not have. */
static void
skip_prolog(struct repair *repair)
{
	while (repair->at < repair->in.len) {
		size_t open = pk_span_find(repair->in, PK_SPAN("<"), repair->at);
		repair->at = open == SIZE_MAX ? repair->in.len : open;
		struct pk_span rest = rest_of(repair);
		if (rest.len > 1 && starts_name(rest.ptr[1]))
			break;
		repair->copied = repair->at;
		if (rest.len > 1 && (rest.ptr[1] == '!' || rest.ptr[1] == '?'))
			repair_markup(repair);
		else
			repair->at += repair->at < repair->in.len;
	}
	repair->copied = repair->at;
	repair->out.len = 0;
}

static bool
is_in_an_entry(const struct repair *repair)
{
	for (size_t i = 0; i < repair->depth; i++) {
		if (is_entry_name(repair, repair->open[i].name))
			return true;
	}
	return false;
}

static void
repair_all(struct repair *repair)
{
	while (repair->at < repair->in.len && repair->error == 0) {
		walk_text(repair);
		if (repair->at == repair->in.len)
			break;
		switch (repair->in.ptr[repair->at]) {
		case '<':
			repair_markup(repair);
			break;
		case '&':
			repair_reference(repair);
			break;
		default:
			step(repair);
		}
	}
	leave_out(repair, repair->in.len);
}

int
pk_xml_repair(struct pk_span text, struct pk_repaired *ret_repaired)
{
	pk_cleanup(repair_done) struct repair repair = { .in = text };

	/* Room for what is written out; a text that needs more is no feed. */
	pk_buf_init(&repair.out, text.len * 2 + DECLARED_TOTAL_MAX);
	skip_prolog(&repair);
	if (repair.at == text.len)
		return repair.error < 0 ? repair.error : -EBADMSG;
	repair_all(&repair);
	struct pk_repaired repaired = {
		.cut = repair.limited || repair.depth > 0,
		.cut_in_an_entry = is_in_an_entry(&repair),
		.has_base = repair.has_base,
	};
	close_to(&repair, 0);
	if (repair.error < 0)
		return repair.error;
	repaired.text = repair.out;
	repair.out.ptr = NULL;
	repaired.kept = repair.kept;
	repaired.n_kept = repair.n_kept;
	repair.kept = NULL;
	*ret_repaired = repaired;
	return 0;
}

void
pk_repaired_done(struct pk_repaired *repaired)
{
	pk_buf_done(&repaired->text);
	free(repaired->kept);
}
