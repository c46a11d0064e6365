/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/dates.h"

#include "base/cleanup.h"
#include "base/date_words.h"
#include "base/utf8.h"
#include "extract/article/line.h"

#include <errno.h>

/* Lines with a date are short: bytes, words; and so is a date: words. */
#define LINE_MAX_BYTES 400
#define WORDS_MAX      40
#define DATE_WORDS_MAX 10

#define DAY_S INT64_C(86400)

struct word {
	size_t start;
	size_t end;
	bool digits;  /* it has some */
	bool ordinal; /* it is a day of a month: «سوم» */
	bool lunar;   /* it is a month of the lunar calendar */
};

static bool
is_digit(uint32_t point)
{
	point = pk_line_fold(point);
	return point >= '0' && point <= '9';
}

/*
 * Words are parted by blanks and by signs that no date has: | · •, and a colon behind a
 * letter («تاریخ:۲ تیر», "Date:3 May").
 */
static size_t
split_words(struct pk_span line, struct word *words)
{
	size_t n = 0;
	bool inside = false, letter = false;

	for (size_t at = 0, len; at < line.len; at += len) {
		uint32_t point;
		len = pk_utf8_decode(line, at, &point, NULL);
		bool colon = point == ':' && letter;
		letter = pk_line_is_word(point) && !is_digit(point);
		if (point <= ' ' || point == 0xA0 || point == '|' || point == 0xB7 ||
		    point == 0x2022 || colon) {
			inside = false;
			continue;
		}
		if (!inside) {
			if (n == WORDS_MAX)
				break;
			words[n++] = (struct word){ .start = at };
			inside = true;
		}
		words[n - 1].end = at + len;
		words[n - 1].digits = words[n - 1].digits || is_digit(point);
	}
	return n;
}

/*
 * Enough of a date not to be a number that looks like one: three numbers, or two and a
 * month. The numbers of a time do not count.
 */
static bool
is_full(struct pk_span s)
{
	unsigned numbers = 0, digits = 0;
	bool letters = false, inside = false, clock = false;

	for (size_t at = 0; at < s.len;) {
		uint32_t point;
		at += pk_utf8_decode(s, at, &point, NULL);
		bool digit = is_digit(point);
		numbers += digit && !inside && !clock;
		digits += digit;
		/* "12:09": the number before a colon was one too many. */
		if (point == ':' && inside && !clock)
			numbers -= numbers > 0;
		if (!digit)
			clock = point == ':';
		inside = digit;
		letters |= !digit && pk_line_is_word(point);
	}
	return digits >= 5 && (numbers >= 3 || (numbers == 2 && letters));
}

/* What words of dates say that are told by letters alone. */
static void
read_words(struct pk_span line, struct word *words, size_t n)
{
	char buffer[PK_DATE_FOLDED_MAX];

	for (size_t i = 0; i < n; i++) {
		struct pk_span word = pk_span_slice(line, words[i].start, words[i].end);
		if (words[i].digits || (unsigned char)word.ptr[0] < 0xD8)
			continue;
		int len = pk_date_fold(word, buffer);
		struct pk_span folded = { buffer, len < 0 ? 0 : (size_t)len };
		words[i].ordinal = pk_date_word_ordinal(folded) != 0;
		words[i].lunar = pk_date_word_is_lunar(folded);
	}
}

/* «سوم بهمن ۱۴۰۲»: the day in a word. */
static bool
has_ordinal(const struct word *words, size_t from, size_t end)
{
	for (size_t i = from; i + 2 < end; i++) {
		if (words[i].ordinal && words[i + 2].digits)
			return true;
	}
	return false;
}

/* Signs around words that are no part of a date: «تاریخ:», "(Updated". */
static struct pk_span
strip(struct pk_span s)
{
	for (;;) {
		uint32_t point;
		s = pk_line_trim(s);
		if (s.len == 0)
			return s;
		size_t len = pk_utf8_decode(s, 0, &point, NULL);
		if (!pk_line_is_word(point)) {
			s = pk_span_slice(s, len, s.len);
			continue;
		}
		char last = s.ptr[s.len - 1];
		if (last != ',' && last != ')' && last != '-' && last != ':' &&
		    last != ';' && last != ']' && last != '/')
			return s;
		s.len--;
	}
}

static bool
is_plausible(const struct pk_moment *moment)
{
	return moment->time_s > 0 && moment->time_s < INT64_C(4102444800);
}

int
pk_date_search(
    struct pk_span line, int default_offset_min, struct pk_moment *ret_moment)
{
	struct word words[WORDS_MAX];
	struct pk_moment moment;

	line = pk_utf8_prefix(line, LINE_MAX_BYTES);
	size_t n = split_words(line, words);
	read_words(line, words, n);
	for (size_t from = 0; from < n; from++) {
		/* «۱۲ رجب ۱۴۴۵» has no year of ours. */
		if (from > 0 && words[from - 1].lunar)
			continue;
		size_t most = n - from < DATE_WORDS_MAX ? n - from : DATE_WORDS_MAX;
		for (size_t len = most; len > 0; len--) {
			size_t end = from + len;
			if (!words[from].digits && !words[end - 1].digits && len < 3)
				continue;
			struct pk_span s = strip(
			    pk_span_slice(line, words[from].start, words[end - 1].end));
			if ((is_full(s) || has_ordinal(words, from, end)) &&
			    pk_date_parse(s, default_offset_min, &moment) == 0 &&
			    is_plausible(&moment)) {
				*ret_moment = moment;
				return 0;
			}
		}
	}
	return -EBADMSG;
}

static size_t
digits_at(struct pk_span s, size_t at)
{
	size_t n = 0;

	while (at + n < s.len && s.ptr[at + n] >= '0' && s.ptr[at + n] <= '9')
		n++;
	return n;
}

/* "2024/05/01", "2024-5-1" or "20240501" at `at`, with no more digits around. */
static bool
date_at(struct pk_span url, size_t at, int offset_min, struct pk_moment *ret_moment)
{
	size_t first = digits_at(url, at), end = at + first;

	if (first == 4 && end < url.len) {
		char separator = url.ptr[end];
		if (separator != '/' && separator != '-' && separator != '_')
			return false;
		size_t month = digits_at(url, end + 1);
		end += 1 + month;
		if (month < 1 || month > 2 || end >= url.len ||
		    url.ptr[end] != separator)
			return false;
		size_t day = digits_at(url, end + 1);
		end += 1 + day;
		if (day < 1 || day > 2)
			return false;
	} else if (first != 8) {
		return false;
	}
	return pk_date_parse(pk_span_slice(url, at, end), offset_min, ret_moment) ==
		   0 &&
	       is_plausible(ret_moment);
}

int
pk_date_of_url(struct pk_span url, int default_offset_min, struct pk_moment *ret_moment)
{
	struct pk_moment moment;

	for (size_t at = 0; at < url.len; at++) {
		size_t n = digits_at(url, at);
		if (n == 0)
			continue;
		if (date_at(url, at, default_offset_min, &moment) &&
		    moment.time_s > 7305 * DAY_S) { /* after 1990 */
			*ret_moment = moment;
			return 0;
		}
		at += n;
	}
	return -EBADMSG;
}
