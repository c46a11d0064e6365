/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/line.h"

#include "base/cleanup.h"
#include "base/utf8.h"

#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <sys/ioctl.h>
#include <wchar.h>

/* Marks that one letter may carry; more are an attack on the screen (or on the eye). */
#define MARKS_MAX 8

#define ELLIPSIS "\xE2\x80\xA6"
#define FSI      "\xE2\x81\xA8"
#define PDI      "\xE2\x81\xA9"

#define ZWJ 0x200D

struct point_range {
	uint32_t first;
	uint32_t last;
};

/* Invisible things that change how the text around them is shown. */
static const struct point_range dropped[] = {
	{ 0x00AD, 0x00AD },   /* soft hyphen */
	{ 0x202A, 0x202E },   /* embeddings and overrides */
	{ 0x2066, 0x206F },   /* isolates, and the deprecated controls */
	{ 0xFEFF, 0xFEFF },   /* byte order mark */
	{ 0xFFF9, 0xFFFB },   /* interlinear annotation */
	{ 0xE0000, 0xE007F }, /* tags */
};

static const struct point_range blank[] = {
	{ 0x0009, 0x000D },
	{ 0x0020, 0x0020 },
	{ 0x0085, 0x0085 },
	{ 0x2028, 0x2029 },
};

/* Scripts from right to left, by block. */
static const struct point_range right_to_left[] = {
	{ 0x0590, 0x08FF },
	{ 0xFB1D, 0xFDFF },
	{ 0xFE70, 0xFEFE },
	{ 0x10800, 0x10FFF },
	{ 0x1E800, 0x1EFFF },
};

#define in_ranges(point, ranges) in_ranges_(point, ranges, PK_COUNT(ranges))

static bool
in_ranges_(uint32_t point, const struct point_range *ranges, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (point >= ranges[i].first && point <= ranges[i].last)
			return true;
	}
	return false;
}

/* Walks over text as it will be shown. */
struct walk {
	struct pk_span text;
	size_t at;
	bool after_blank;
	bool after_zwj;
	unsigned marks;
};

/* One code point to show: `joins` when it belongs to the letter before it. */
struct shown {
	uint32_t point;
	unsigned columns;
	bool joins;
};

static unsigned
columns_of(uint32_t point)
{
	int columns = wcwidth((wchar_t)point);

	return columns < 0 ? 1 : (unsigned)columns;
}

/* What is to be seen of a code point; 0 for nothing. */
static uint32_t
harmless(uint32_t point)
{
	if (in_ranges(point, blank))
		return ' ';
	if (point < 0x20 || (point >= 0x7F && point < 0xA0))
		return PK_UTF8_REPLACEMENT;
	return in_ranges(point, dropped) ? 0 : point;
}

static bool
next(struct walk *walk, struct shown *ret_shown)
{
	while (walk->at < walk->text.len) {
		uint32_t point;
		walk->at += pk_utf8_decode(walk->text, walk->at, &point, NULL);
		point = harmless(point);
		if (point == 0 || (point == ' ' && walk->after_blank))
			continue;
		unsigned columns = columns_of(point);
		walk->marks = columns == 0 ? walk->marks + 1 : 0;
		if (walk->marks > MARKS_MAX)
			continue;
		*ret_shown =
		    (struct shown){ point, columns, columns == 0 || walk->after_zwj };
		walk->after_blank = point == ' ';
		walk->after_zwj = point == ZWJ;
		return true;
	}
	return false;
}

/* Unicode's widths, whatever language the user speaks. The tool has one thread. */
static void
use_unicode_widths(void)
{
	static locale_t unicode;

	if (unicode == (locale_t)0)
		unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	if (unicode != (locale_t)0)
		uselocale(unicode);
}

unsigned
pk_text_columns(struct pk_span text)
{
	struct walk walk = { .text = text };
	struct shown shown;
	unsigned columns = 0;

	use_unicode_widths();
	while (next(&walk, &shown) && columns < UINT_MAX / 2)
		columns += shown.columns;
	return columns;
}

static bool
has_right_to_left(struct pk_span text)
{
	uint32_t point;

	for (size_t at = 0; at < text.len;) {
		at += pk_utf8_decode(text, at, &point, NULL);
		if (in_ranges(point, right_to_left))
			return true;
	}
	return false;
}

static void
append(struct pk_line *line, const char *bytes, size_t len)
{
	if (pk_buf_append(line->out, (struct pk_span){ bytes, len }) < 0)
		line->failed = true;
}

void
pk_line_init(struct pk_line *line, const struct pk_style *style, struct pk_buf *out)
{
	*line = (struct pk_line){ .out = out, .style = *style };
	use_unicode_widths();
}

int
pk_line_end(struct pk_line *line)
{
	pk_line_paint(line, PK_PAINT_PLAIN);
	return line->failed ? -ENOMEM : 0;
}

void
pk_line_print(struct pk_line *line)
{
	if (pk_line_end(line) == 0 && pk_buf_append_char(line->out, '\n') == 0)
		fwrite(line->out->ptr, 1, line->out->len, stdout);
	line->out->len = 0;
	line->column = 0;
}

void
pk_line_paint(struct pk_line *line, enum pk_paint paint)
{
	static const char *const codes[] = {
		[PK_PAINT_PLAIN] = "\033[0m",
		[PK_PAINT_BOLD] = "\033[0;1m",
		[PK_PAINT_DIM] = "\033[0;2m",
		[PK_PAINT_RED] = "\033[0;31m",
		[PK_PAINT_GREEN] = "\033[0;32m",
		[PK_PAINT_YELLOW] = "\033[0;33m",
		[PK_PAINT_CYAN] = "\033[0;36m",
	};

	if (line->style.colour && paint != line->paint)
		append(line, codes[paint], strlen(codes[paint]));
	line->paint = paint;
}

unsigned
pk_line_room(const struct pk_line *line)
{
	if (line->style.width == 0)
		return UINT_MAX;
	return line->column < line->style.width ? line->style.width - line->column : 0;
}

void
pk_line_put(struct pk_line *line, const char *ascii)
{
	size_t len = strlen(ascii);

	if (len > pk_line_room(line))
		len = pk_line_room(line);
	append(line, ascii, len);
	line->column += (unsigned)len;
}

void
pk_line_duration(struct pk_line *line, int64_t s)
{
	static const struct unit {
		int64_t s;
		const char *name;
	} units[] = { { 86400, "d" }, { 3600, "h" }, { 60, "min" }, { 1, "s" } };
	char text[64];
	size_t i = 0;

	while (s < units[i].s && i + 1 < PK_COUNT(units))
		i++;
	int n = snprintf(
	    text, sizeof(text), "%lld %s", (long long)(s / units[i].s), units[i].name);
	if (i + 1 < PK_COUNT(units) && s % units[i].s / units[i + 1].s > 0)
		snprintf(text + n, sizeof(text) - (size_t)n, " %lld %s",
		    (long long)(s % units[i].s / units[i + 1].s), units[i + 1].name);
	pk_line_put(line, text);
}

/* Up to `limit` columns of whole letters. */
static void
put_letters(struct pk_line *line, struct pk_span text, unsigned limit)
{
	struct walk walk = { .text = text };
	struct shown shown;
	unsigned used = 0;
	char bytes[4];

	while (next(&walk, &shown)) {
		/* a letter that does not fit ends the text before it; its marks and
		 * what a joiner hangs on it belong to it */
		if (used + shown.columns > limit || (used == limit && !shown.joins))
			break;
		append(line, bytes, pk_utf8_encode(shown.point, bytes));
		used += shown.columns;
	}
	line->column += used;
}

void
pk_line_text(struct pk_line *line, struct pk_span text, unsigned max)
{
	unsigned room = pk_line_room(line);
	unsigned limit = max == 0 || max > room ? room : max;
	bool whole = pk_text_columns(text) <= limit;
	bool isolate = has_right_to_left(text);

	if (text.len == 0 || limit == 0)
		return;
	if (isolate)
		append(line, FSI, sizeof(FSI) - 1);
	put_letters(line, text, whole ? limit : limit - 1);
	if (!whole) {
		append(line, ELLIPSIS, sizeof(ELLIPSIS) - 1);
		line->column++;
	}
	if (isolate)
		append(line, PDI, sizeof(PDI) - 1);
}

void
pk_line_pad(struct pk_line *line, unsigned column)
{
	do
		pk_line_put(line, " ");
	while (line->column < column && pk_line_room(line) > 0);
}

struct pk_style
pk_style_of(int fd)
{
	struct winsize size;
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): the tool has one thread */
	const char *no_color = getenv("NO_COLOR");

	if (!isatty(fd))
		return (struct pk_style){ 0, false };
	if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		size.ws_col = 80;
	return (
	    struct pk_style){ size.ws_col, no_color == NULL || no_color[0] == '\0' };
}
