/* SPDX-License-Identifier: Apache-2.0 */
#include "base/charset.h"

#include "base/buf.h"
#include "base/charset_label.h"
#include "base/charset_own.h"
#include "base/utf8.h"

#include <errno.h>
#include <iconv.h>

#define LABEL_AREA 4096

static const struct mark {
	struct pk_span bytes;
	const char *charset;
} marks[] = {
	{ { "\xEF\xBB\xBF", 3 }, "utf-8" },
	{ { "\xFF\xFE\0\0", 4 }, "utf-32le" },
	{ { "\0\0\xFE\xFF", 4 }, "utf-32be" },
	{ { "\xFF\xFE", 2 }, "utf-16le" },
	{ { "\xFE\xFF", 2 }, "utf-16be" },
};

/* How "<?" and "<x" begin where there is no mark. */
static const struct mark openings[] = {
	{ { "<\0\0\0", 4 }, "utf-32le" },
	{ { "\0\0\0<", 4 }, "utf-32be" },
	{ { "<\0", 2 }, "utf-16le" },
	{ { "\0<", 2 }, "utf-16be" },
};

#define EBCDIC_XML PK_SPAN("\x4C\x6F\xA7\x94") /* "<?xm" */

/* What UTF-8 would make of the bytes. */
struct survey {
	size_t multibyte; /* well-formed sequences of two bytes and more */
	size_t malformed;
	bool cut;    /* the last character is not whole */
	size_t high; /* bytes above 0x7F */
	size_t nul;
	bool shifts; /* ESC or "~{", by which ASCII bytes come to mean others */
};

/* How many bytes from `p` on, by eights, are ASCII and not NUL: most of every page. */
static size_t
plain_ascii(const unsigned char *p, size_t len)
{
	const uint64_t high = UINT64_C(0x8080808080808080);
	const uint64_t ones = UINT64_C(0x0101010101010101);
	size_t at = 0;
	uint64_t eight;

	for (; at + 8 <= len; at += 8) {
		memcpy(&eight, p + at, 8);
		if (((eight | (eight - ones)) & high) != 0)
			break;
	}
	return at;
}

/*
 * How many bytes at the beginning, a whole number of blocks, are ASCII without NUL and
 * characters of two bytes, which Persian has all but a few in; sixteen at a time. Adds
 * to the survey. The last byte is no first one of two.
 */
static size_t
survey_blocks(const unsigned char *p, size_t len, struct survey *survey)
{
	typedef unsigned char block __attribute__((vector_size(16)));
	const block zero = { 0 };
	size_t at = 0;

	if (len == 0 || p[0] >= 0x80)
		return 0;
	/* a block goes from the second byte on, so that there is one before it */
	while (len - at > sizeof(block) + 1) {
		block x, before, heads = zero;
		unsigned rounds = 0;
		bool stop = false;
		for (; rounds < 255 && len - at > sizeof(block) + 1; rounds++) {
			memcpy(&x, p + at + 1, sizeof(x));
			memcpy(&before, p + at, sizeof(before));
			block head = (block)((x >= 0xC2) & (x <= 0xDF));
			block tail = (block)((x >= 0x80) & (x <= 0xBF));
			block led = (block)((before >= 0xC2) & (before <= 0xDF));
			block odd = (block)((x >= 0xE0) | (x == 0) |
					    ((x >= 0xC0) & (x < 0xC2)));
			odd |= tail ^ led;
			uint64_t halves[2];
			memcpy(halves, &odd, sizeof(halves));
			stop = (halves[0] | halves[1]) != 0;
			if (stop)
				break;
			heads -= head;
			at += sizeof(block);
		}
		for (size_t i = 0; i < sizeof(block); i++) {
			survey->multibyte += heads[i];
			survey->high += 2 * (size_t)heads[i];
		}
		if (stop)
			break;
	}
	/* the byte at `at` was the last one looked at: if it leads, it is not passed */
	if (at > 0 && p[at] >= 0x80 && p[at] >= 0xC2) {
		survey->multibyte--;
		survey->high -= 2;
		return at;
	}
	return at > 0 ? at + 1 : 0;
}

static struct survey
survey_utf8(struct pk_span s)
{
	const unsigned char *p = (const unsigned char *)s.ptr;
	struct survey survey = { .nul = 0 };

	for (size_t at = 0; at < s.len;) {
		if (p[at] < 0x80) {
			size_t plain = survey_blocks(p + at, s.len - at, &survey);
			if (plain == 0)
				plain = plain_ascii(p + at, s.len - at);
			survey.nul += plain == 0 && p[at] == 0;
			at += plain == 0 ? 1 : plain;
			continue;
		}
		/* two bytes: most of Persian, and worth a short way */
		if (p[at] >= 0xC2 && p[at] <= 0xDF && at + 1 < s.len &&
		    (p[at + 1] & 0xC0) == 0x80) {
			survey.multibyte++;
			survey.high += 2;
			at += 2;
			continue;
		}
		uint32_t point;
		bool valid;
		size_t len = pk_utf8_decode(s, at, &point, &valid);
		survey.multibyte += valid;
		if (!valid && at + len == s.len && p[at] >= 0xC2)
			survey.cut = true;
		else
			survey.malformed += !valid;
		survey.high += len;
		at += len;
	}
	survey.shifts =
	    survey.high == 0 && (pk_span_find(s, PK_SPAN("\x1B"), 0) != SIZE_MAX ||
				    pk_span_find(s, PK_SPAN("~{"), 0) != SIZE_MAX);
	return survey;
}

static bool
is_clean(const struct survey *survey)
{
	return survey->malformed == 0 && survey->nul == 0 && !survey->cut;
}

static bool
is_ascii(const struct survey *survey)
{
	return survey->high == 0 && survey->nul == 0 && !survey->shifts;
}

/* A broken byte here and there does not make another encoding of it. */
static bool
is_mostly_utf8(const struct survey *survey)
{
	return survey->malformed == 0 || survey->multibyte > survey->malformed * 8;
}

struct conversion {
	struct pk_buf text;
	size_t malformed;
};

static void
conversion_done(struct conversion *conversion)
{
	pk_buf_done(&conversion->text);
}

static void
iconv_done(const iconv_t *handle)
{
	if (*handle != (iconv_t)-1)
		iconv_close(*handle);
}

/* Returns 0, -ENOENT for an encoding that iconv does not know, or -ENOMEM. */
static int
convert(struct pk_span bytes, const char *charset, struct conversion *ret_conversion)
{
	char chunk[16384];
	pk_cleanup(iconv_done) iconv_t handle =
	    pk_charset_is_own(charset) ? (iconv_t)-1 : iconv_open("UTF-8", charset);
	/* iconv's interface lacks a const; the bytes are not written to. */
	char *in = (char *)(uintptr_t)bytes.ptr;
	size_t in_left = bytes.len;

	pk_buf_init(&ret_conversion->text, 0);
	ret_conversion->malformed = 0;
	if (pk_charset_is_own(charset))
		return pk_charset_convert_own(
		    bytes, charset, &ret_conversion->text, &ret_conversion->malformed);
	if (handle == (iconv_t)-1)
		return errno == ENOMEM ? -ENOMEM : -ENOENT;
	while (in_left > 0) {
		char *out = chunk;
		size_t out_left = sizeof(chunk);
		size_t n = iconv(handle, &in, &in_left, &out, &out_left);
		int error = n == (size_t)-1 ? errno : 0;
		int r = pk_buf_append(&ret_conversion->text,
		    (struct pk_span){ chunk, sizeof(chunk) - out_left });
		if (r == 0 && n != (size_t)-1 && in_left == 0) {
			/* some encodings hold the last character back for its accents
			 */
			out = chunk;
			out_left = sizeof(chunk);
			iconv(handle, NULL, NULL, &out, &out_left);
			r = pk_buf_append(&ret_conversion->text,
			    (struct pk_span){ chunk, sizeof(chunk) - out_left });
		}
		if (r == 0 && (error == EILSEQ || error == EINVAL)) {
			r = pk_buf_append(&ret_conversion->text, PK_SPAN("\uFFFD"));
			ret_conversion->malformed++;
			in++;
			in_left = error == EINVAL ? 0 : in_left - 1;
		}
		if (r < 0)
			return r;
	}
	return 0;
}

struct pk_span
pk_content_type_charset(struct pk_span content_type)
{
	const struct pk_span absent = { NULL, 0 };
	struct pk_span rest = content_type;

	pk_span_split(&rest, ';');
	while (rest.ptr != NULL) {
		struct pk_span value = pk_span_split(&rest, ';');
		struct pk_span name = pk_span_trim(pk_span_split(&value, '='));
		if (value.ptr == NULL || !pk_span_eq_nocase(name, PK_SPAN("charset")))
			continue;
		value = pk_span_trim(value);
		if (value.len >= 2 && strchr("\"'", value.ptr[0]) != NULL) {
			char quote = value.ptr[0];
			value = pk_span_slice(value, 1, value.len);
			value = pk_span_trim(pk_span_split(&value, quote));
		}
		return value.len == 0 ? absent : value;
	}
	return absent;
}

/* The value of name="value", name='value' or name=value in the text of a tag. */
static struct pk_span
find_value(struct pk_span tag, struct pk_span name)
{
	const struct pk_span absent = { NULL, 0 };
	size_t at = 0, end;

	for (;;) {
		at = 0;
		while (
		    at + name.len < tag.len &&
		    !pk_span_starts_with_nocase(pk_span_slice(tag, at, tag.len), name))
			at++;
		if (at + name.len >= tag.len)
			return absent;
		tag = pk_span_trim(pk_span_slice(tag, at + name.len, tag.len));
		if (pk_span_starts_with(tag, PK_SPAN("=")))
			break;
	}
	tag = pk_span_trim(pk_span_slice(tag, 1, tag.len));
	if (tag.len > 0 && (tag.ptr[0] == '"' || tag.ptr[0] == '\'')) {
		char quote = tag.ptr[0];
		tag = pk_span_slice(tag, 1, tag.len);
		return pk_span_split(&tag, quote);
	}
	for (end = 0; end < tag.len && strchr(" \t\r\n;\"'/>?", tag.ptr[end]) == NULL;)
		end++;
	return pk_span_slice(tag, 0, end);
}

static struct pk_span
find_xml_label(struct pk_span bytes)
{
	struct pk_span text = pk_span_trim(pk_span_slice(bytes, 0, LABEL_AREA));

	if (!pk_span_starts_with(text, PK_SPAN("<?xml")))
		return (struct pk_span){ NULL, 0 };
	return find_value(pk_span_slice(text, 0, pk_span_find(text, PK_SPAN(">"), 0)),
	    PK_SPAN("encoding"));
}

/* Comments count too: who writes a wrong <meta> there is not known to exist. */
static struct pk_span
find_meta_label(struct pk_span bytes)
{
	struct pk_span text = pk_span_slice(bytes, 0, LABEL_AREA);

	for (size_t at = 0; at < text.len; at++) {
		struct pk_span rest = pk_span_slice(text, at, text.len);
		if (!pk_span_starts_with_nocase(rest, PK_SPAN("<meta")))
			continue;
		struct pk_span tag =
		    pk_span_slice(rest, 5, pk_span_find(rest, PK_SPAN(">"), 0));
		struct pk_span label = find_value(tag, PK_SPAN("charset"));
		if (label.len > 0)
			return label;
	}
	return find_xml_label(bytes);
}

/* Fewer bytes above 0x7F say nothing. */
#define GUESS_MIN 8

/*
 * The encoding of text without a label, by its bytes above 0x7F. In other scripts than
 * Latin they come in runs: words.
 *
 *   windows-1256  alef (0xC7) is at least one in twenty of them, as no letter of a
 *                 Cyrillic or Greek text with that byte is
 *   windows-1251  nearly all are letters, and most of them small; а, е, о and и
 *                 (0xE0 0xE5 0xEE 0xE8) are a fourth, each of its share: in a Hebrew
 *                 text 0xE8 is rare (tet) and 0xE9 is not (yod), in a Greek one both
 *                 0xE0 and 0xEE are rare
 */
static const char *
guess(struct pk_span bytes)
{
	size_t counts[256] = { 0 }, high = 0, joined = 0, letters = 0, small = 0;
	unsigned char before = 0;

	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.ptr[i];
		counts[c]++;
		joined += c >= 0x80 && before >= 0x80;
		before = c;
	}
	for (unsigned c = 0x80; c < 0x100; c++) {
		high += counts[c];
		letters += c >= 0xC0 ? counts[c] : 0;
		small += c >= 0xE0 ? counts[c] : 0;
	}
	if (high < GUESS_MIN || joined * 2 <= high)
		return "windows-1252";
	if (counts[0xC7] * 20 >= high)
		return "windows-1256";
	letters += counts[0xA8] + counts[0xAA] + counts[0xAF] + counts[0xB2] +
		   counts[0xB3] + counts[0xB8] + counts[0xBA] + counts[0xBF];
	size_t vowels = counts[0xE0] + counts[0xE5] + counts[0xEE] + counts[0xE8];
	bool each = counts[0xE0] * 33 >= high && counts[0xE8] * 33 >= high &&
		    counts[0xEE] * 33 >= high && counts[0xE9] * 16 < high;
	if (letters * 10 >= high * 9 && small * 10 >= letters * 6 &&
	    vowels * 9 >= high * 2 && each)
		return "windows-1251";
	return "windows-1252";
}

struct ladder {
	struct pk_arena *arena;
	struct pk_span bytes;
	struct survey survey;
	struct conversion best;
	char best_name[PK_CHARSET_NAME_MAX];
	bool has_best;
	bool has_unknown_label; /* no converter knows what the text calls itself */
	bool is_guessed;
};

static void
ladder_done(struct ladder *ladder)
{
	conversion_done(&ladder->best);
}

static bool
is_wide(const char *charset)
{
	return strncmp(charset, "utf-16", 6) == 0 ||
	       strncmp(charset, "utf-32", 6) == 0 || strncmp(charset, "ucs", 3) == 0;
}

/*
 * Tries an encoding. Returns 1 when the bytes fit it, 0 when they do not (the
 * conversion is kept if it is the best so far), or -ENOMEM.
 */
static int
try_charset(struct ladder *ladder, const char *charset)
{
	pk_cleanup(conversion_done) struct conversion made = { .malformed = 0 };

	/* Somebody could read the label: the text is not wide, whatever it says. */
	if (is_wide(charset) && ladder->survey.nul == 0)
		return 0;
	/* It says so, and more of it is than is not: no other encoding has that. */
	if (strcmp(charset, "utf-8") == 0 &&
	    ladder->survey.multibyte <= ladder->survey.malformed)
		return 0;
	int r = convert(ladder->bytes, charset, &made);
	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return r;
	if (!ladder->has_best || made.malformed < ladder->best.malformed) {
		struct conversion worse = ladder->best;
		ladder->best = made;
		made = worse;
		snprintf(ladder->best_name, sizeof(ladder->best_name), "%s", charset);
		ladder->has_best = true;
	}
	/* A wrong encoding for several bytes is wrong for most that are not ASCII. */
	return ladder->best.malformed * 4 <= ladder->survey.high + ladder->survey.nul;
}

static int
try_label(struct ladder *ladder, struct pk_span label)
{
	char room[PK_CHARSET_NAME_MAX];
	const char *charset = pk_charset_of_label(label, room);

	ladder->has_unknown_label |= charset == NULL && label.len > 0;
	if (charset == NULL)
		return 0;
	/* Servers say iso-8859-1 of anything. */
	if (strcmp(charset, "windows-1252") == 0 &&
	    strcmp(guess(ladder->bytes), charset) != 0)
		return 0;
	return try_charset(ladder, charset);
}

static bool
is_label_char(char c)
{
	c = pk_ascii_lower(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* The label of a document whose "<?xml" is in EBCDIC, where quotes are another byte in
 * every country: it is what letters and digits follow. */
static int
try_ebcdic(struct ladder *ladder)
{
	const struct pk_span name = PK_SPAN("encoding=");
	pk_cleanup(conversion_done) struct conversion start = { .malformed = 0 };
	size_t from, to;

	int r = convert(pk_span_slice(ladder->bytes, 0, 256), "ibm037", &start);
	if (r < 0)
		return r;
	struct pk_span text = pk_buf_span(&start.text);
	from = pk_span_find(text, name, 0);
	if (from == SIZE_MAX)
		return 0;
	for (from += name.len; from < text.len && !is_label_char(text.ptr[from]);)
		from++;
	for (to = from; to < text.len && is_label_char(text.ptr[to]);)
		to++;
	return try_label(ladder, pk_span_slice(text, from, to));
}

/* Goes down the ladder until an encoding fits; the last one always does. */
static int
climb_down(
    struct ladder *ladder, struct pk_span content_type, enum pk_charset_label label)
{
	int r = 0;

	for (size_t i = 0; i < PK_COUNT(openings) && r == 0; i++) {
		if (pk_span_starts_with(ladder->bytes, openings[i].bytes))
			r = try_charset(ladder, openings[i].charset);
	}
	if (r == 0 && pk_span_starts_with(ladder->bytes, EBCDIC_XML))
		r = try_ebcdic(ladder);
	if (r == 0)
		r = try_label(ladder, pk_content_type_charset(content_type));
	if (r == 0 && label == PK_CHARSET_LABEL_XML)
		r = try_label(ladder, find_xml_label(ladder->bytes));
	if (r == 0 && label == PK_CHARSET_LABEL_META)
		r = try_label(ladder, find_meta_label(ladder->bytes));
	if (r == 0) {
		ladder->is_guessed = true;
		r = try_charset(ladder, guess(ladder->bytes));
	}
	return r < 0 ? r : 0;
}

static int
take_utf8(
    const struct ladder *ladder, struct pk_span *ret_text, const char **ret_charset)
{
	struct pk_span text = ladder->bytes;

	if (!is_clean(&ladder->survey))
		text = pk_utf8_clean(ladder->arena, text);
	if (text.ptr == NULL && ladder->bytes.len > 0)
		return -ENOMEM;
	*ret_text = text;
	if (ret_charset != NULL)
		*ret_charset = "utf-8";
	return 0;
}

static int
take_best(struct ladder *ladder, struct pk_span *ret_text, const char **ret_charset)
{
	struct pk_span text =
	    pk_arena_copy(ladder->arena, pk_buf_span(&ladder->best.text));
	struct pk_span name =
	    pk_arena_copy(ladder->arena, pk_span_of(ladder->best_name));

	if (text.ptr != NULL)
		text = pk_utf8_clean(ladder->arena, text);
	if (text.ptr == NULL || name.ptr == NULL)
		return -ENOMEM;
	*ret_text = text;
	if (ret_charset != NULL)
		*ret_charset =
		    ladder->is_guessed && ladder->has_unknown_label ? NULL : name.ptr;
	return 0;
}

int
pk_charset_to_utf8(struct pk_arena *arena, struct pk_span bytes,
    struct pk_span content_type, enum pk_charset_label label, struct pk_span *ret_text,
    const char **ret_charset)
{
	pk_cleanup(
	    ladder_done) struct ladder ladder = { .arena = arena, .bytes = bytes };
	const char *marked = NULL;
	int r;

	for (size_t i = 0; i < PK_COUNT(marks) && marked == NULL; i++) {
		if (pk_span_starts_with(bytes, marks[i].bytes)) {
			marked = marks[i].charset;
			ladder.bytes =
			    pk_span_slice(bytes, marks[i].bytes.len, bytes.len);
		}
	}
	ladder.survey = survey_utf8(ladder.bytes);
	if (marked != NULL && is_wide(marked)) {
		r = convert(ladder.bytes, marked, &ladder.best);
		snprintf(ladder.best_name, sizeof(ladder.best_name), "%s", marked);
	} else if (is_ascii(&ladder.survey) ||
		   (ladder.survey.multibyte > 0 &&
		       (marked != NULL || is_mostly_utf8(&ladder.survey)))) {
		return take_utf8(&ladder, ret_text, ret_charset);
	} else {
		r = climb_down(&ladder, content_type, label);
	}
	return r < 0 ? r : take_best(&ladder, ret_text, ret_charset);
}

const uint16_t pk_windows_1252[32] = { 0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026,
	0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F,
	0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122,
	0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178 };

/* The byte of a character in windows-1252, or -1. */
static int
windows_1252_byte(uint32_t point)
{
	if (point <= 0xFF)
		return (int)point;
	for (int i = 0; i < 32; i++) {
		if (pk_windows_1252[i] == point)
			return 0x80 + i;
	}
	return -1;
}

struct pk_span
pk_charset_undo_double(struct pk_arena *arena, struct pk_span text)
{
	size_t len = 0;

	/* U+00C0-U+00FF, of which such a text has one for every two or three letters */
	if (text.len < 4 || memchr(text.ptr, 0xC3, text.len) == NULL)
		return text;
	char *bytes = pk_arena_alloc(arena, text.len);
	if (bytes == NULL)
		return text;
	for (size_t at = 0; at < text.len;) {
		uint32_t point;
		at += pk_utf8_decode(text, at, &point, NULL);
		int byte = windows_1252_byte(point);
		if (byte < 0)
			return text;
		bytes[len++] = (char)byte;
	}
	struct pk_span meant = { bytes, len };
	return pk_utf8_valid(meant) ? meant : text;
}
