/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/feed/counter.h"

#include "base/cleanup.h"
#include "base/span.h"

#include <string.h>

/* Counters at the end of one text. */
#define COUNTERS_MAX 8

/* What is counted. Some words mean it only with a colon behind them: a target may be
 * hit three times. */
/* clang-format off */
static const struct label {
	struct pk_span word;
	bool needs_colon;
} labels[] = {
	{ PK_SPAN("بازدید"), false }, { PK_SPAN("بازديد"), false },
	{ PK_SPAN("بازدیدها"), false }, { PK_SPAN("بازدید‌ها"), false },
	{ PK_SPAN("مشاهده"), false }, { PK_SPAN("نظر"), false },
	{ PK_SPAN("نظرات"), false }, { PK_SPAN("دیدگاه"), false },
	{ PK_SPAN("دیدگاه‌ها"), false }, { PK_SPAN("کامنت"), false },
	{ PK_SPAN("لایک"), false }, { PK_SPAN("مشاهدة"), false },
	{ PK_SPAN("مشاهدات"), false }, { PK_SPAN("المشاهدات"), false },
	{ PK_SPAN("قراءة"), false }, { PK_SPAN("القراءات"), false },
	{ PK_SPAN("تعليق"), false }, { PK_SPAN("التعليقات"), true },
	{ PK_SPAN("تعليقات"), false }, { PK_SPAN("الزيارات"), true },
	{ PK_SPAN("زيارة"), true }, { PK_SPAN("view"), false },
	{ PK_SPAN("views"), false }, { PK_SPAN("reads"), false },
	{ PK_SPAN("viewed"), true }, { PK_SPAN("comment"), false },
	{ PK_SPAN("comments"), false }, { PK_SPAN("likes"), false },
	{ PK_SPAN("hits"), true }, { PK_SPAN("visits"), true },
	{ PK_SPAN("visitors"), true }, { PK_SPAN("просмотр"), false },
	{ PK_SPAN("просмотра"), false }, { PK_SPAN("просмотров"), false },
	{ PK_SPAN("просмотры"), false }, { PK_SPAN("Просмотров"), false },
	{ PK_SPAN("Просмотры"), false }, { PK_SPAN("комментариев"), false },
	{ PK_SPAN("Комментариев"), false }, { PK_SPAN("Комментарии"), true },
	{ PK_SPAN("görüntülenme"), false }, { PK_SPAN("okunma"), false },
	{ PK_SPAN("okundu"), false }, { PK_SPAN("yorum"), false },
	{ PK_SPAN("👁"), false }, { PK_SPAN("👁️"), false },
};
/* clang-format on */

/* "123 times viewed", «۱۲۳ بار مشاهده», "123 kez okundu". */
static const struct pk_span fillers[] = { PK_SPAN("بار"), PK_SPAN("مرتبه"),
	PK_SPAN("مرة"), PK_SPAN("kez"), PK_SPAN("defa"), PK_SPAN("times"),
	PK_SPAN("раз") };

/* «تعداد بازدید»: belongs to the counter before which another one may stand. */
static const struct pk_span openers[] = { PK_SPAN("تعداد"), PK_SPAN("آمار"),
	PK_SPAN("میزان"), PK_SPAN("دفعات"), PK_SPAN("عدد"), PK_SPAN("#"),
	PK_SPAN("total") };

static const struct pk_span separators[] = { PK_SPAN(" "), PK_SPAN("."), PK_SPAN(")"),
	PK_SPAN("]"), PK_SPAN("|"), PK_SPAN("-"), PK_SPAN("/"), PK_SPAN(","),
	PK_SPAN("،"), PK_SPAN("·"), PK_SPAN("•"), PK_SPAN("–"), PK_SPAN("\n") };

/* The length of the digit, of any script, that ends at `end`, or 0. */
static size_t
digit_before(const char *text, size_t end)
{
	unsigned char last = end > 0 ? (unsigned char)text[end - 1] : 0;
	unsigned char lead = end > 1 ? (unsigned char)text[end - 2] : 0;

	if (last >= '0' && last <= '9')
		return 1;
	return (lead == 0xDB && last >= 0xB0 && last <= 0xB9) ||
		       (lead == 0xD9 && last >= 0xA0 && last <= 0xA9)
		   ? 2
		   : 0;
}

/* Does the word end at `end`? Its last byte tells most of them apart. */
static bool
ends_with(const char *text, size_t end, struct pk_span word)
{
	return word.len <= end &&
	       ((text[end - 1] ^ word.ptr[word.len - 1]) & ~0x20) == 0 &&
	       pk_span_eq_nocase(
		   word, (struct pk_span){ text + end - word.len, word.len });
}

/* The length of one of the words that ends at `end`, or 0. */
static size_t
one_before(const char *text, size_t end, const struct pk_span *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (ends_with(text, end, words[i]))
			return words[i].len;
	}
	return 0;
}

#define ONE_BEFORE(text, end, words) one_before(text, end, words, PK_COUNT(words))

static size_t
skip_blanks_back(const char *text, size_t end)
{
	while (end > 0 && text[end - 1] == ' ')
		end--;
	return end;
}

/* Where the number begins that ends at `end`: "1,234", "۱٬۲۳۴", "1.2K"; `end` where
 * there is none, or where it ends a word. */
static size_t
number_before(const char *text, size_t end)
{
	static const struct pk_span marks[] = { PK_SPAN(","), PK_SPAN("."),
		PK_SPAN("٬"), PK_SPAN("٫"), PK_SPAN("،") };
	size_t at = end, digit, mark;

	if (at > 1 && strchr("kKmM", text[at - 1]) != NULL &&
	    digit_before(text, at - 1) > 0)
		at--;
	if (digit_before(text, at) == 0)
		return end;
	for (;;) {
		if ((digit = digit_before(text, at)) > 0)
			at -= digit;
		else if ((mark = ONE_BEFORE(text, at, marks)) > 0 &&
			 digit_before(text, at - mark) > 0)
			at -= mark;
		else
			break;
	}
	unsigned char before = at == 0 ? ' ' : (unsigned char)text[at - 1];
	bool in_word = before >= 0x80 || (before >= 'a' && before <= 'z') ||
		       (before >= 'A' && before <= 'Z');
	return in_word ? end : at;
}

/* Where the label begins that ends at `end`, or `end`. */
static size_t
label_before(const char *text, size_t end, bool has_colon)
{
	for (size_t i = 0; i < PK_COUNT(labels); i++) {
		struct pk_span word = labels[i].word;
		if ((labels[i].needs_colon && !has_colon) ||
		    !ends_with(text, end, word))
			continue;
		size_t at = end - word.len;
		if (at == 0 || strchr(" .()[]|-/#\n", text[at - 1]) != NULL)
			return at;
	}
	return end;
}

/* A counter at the end of a text: its number, and where all of it begins. */
struct counter {
	size_t number, number_end;
	size_t start;
};

/* "141 views" */
static bool
read_before_label(const char *text, size_t end, struct counter *ret_counter)
{
	size_t at = label_before(text, end, false);

	if (at == end)
		return false;
	at = skip_blanks_back(text, at);
	at = skip_blanks_back(text, at - ONE_BEFORE(text, at, fillers));
	size_t start = number_before(text, at);
	*ret_counter = (struct counter){ start, at, start };
	return start < at;
}

/* "views: 141", «بازدید ۱۴۱» */
static bool
read_behind_label(const char *text, size_t end, struct counter *ret_counter)
{
	size_t number = number_before(text, end);

	if (number == end)
		return false;
	size_t at = skip_blanks_back(text, number);
	bool has_colon = at > 0 && text[at - 1] == ':';
	at = skip_blanks_back(text, at - has_colon);
	size_t start = label_before(text, at, has_colon);
	if (start == at)
		return false;
	start = skip_blanks_back(text, start);
	start -= ONE_BEFORE(text, start, openers);
	*ret_counter = (struct counter){ number, end, start };
	return true;
}

static size_t
drop(char *text, size_t len, size_t start, size_t end)
{
	memmove(text + start, text + end, len - end);
	return len - (end - start);
}

static size_t
drop_at_end(char *text, size_t len)
{
	struct counter counter;
	size_t end = len, separator;

	for (int i = 0; i < COUNTERS_MAX; i++) {
		while ((separator = ONE_BEFORE(text, end, separators)) > 0)
			end -= separator;
		if (!read_before_label(text, end, &counter) &&
		    !read_behind_label(text, end, &counter))
			break;
		len = drop(text, len, counter.number, counter.number_end);
		end = counter.start;
	}
	return len;
}

/* The length of the digit at a place, or 0. */
static size_t
digit_at(const char *text, size_t len, size_t at)
{
	if (at < len && digit_before(text, at + 1) == 1)
		return 1;
	return at + 1 < len && digit_before(text, at + 2) == 2 ? 2 : 0;
}

/* The length of what parts the digits of a number, and has one behind it, or 0. */
static size_t
mark_at(const char *text, size_t len, size_t at)
{
	static const struct pk_span marks[] = { PK_SPAN(","), PK_SPAN("."),
		PK_SPAN("٬"), PK_SPAN("٫") };
	struct pk_span rest = { text + at, len - at };

	for (size_t i = 0; i < PK_COUNT(marks); i++) {
		if (pk_span_starts_with(rest, marks[i]))
			return digit_at(text, len, at + marks[i].len) > 0 ? marks[i].len
									  : 0;
	}
	return 0;
}

/* The end of the number at `at`; `at` where there is none. */
static size_t
number_end(const char *text, size_t len, size_t at)
{
	size_t step;

	if (digit_at(text, len, at) == 0)
		return at;
	while (
	    (step = digit_at(text, len, at)) > 0 || (step = mark_at(text, len, at)) > 0)
		at += step;
	return at;
}

/* In one walk: what stays is moved down once. Bytes before `from` may have moved, but
 * there is a number right before it, which no label has in it. */
static size_t
drop_behind_colons(char *text, size_t len)
{
	size_t from = 0, out = 0;

	for (size_t at = 0; at < len; at++) {
		const char *colon = memchr(text + at, ':', len - at);
		if (colon == NULL)
			break;
		at = (size_t)(colon - text);
		size_t start = at + 1;
		while (start < len && text[start] == ' ')
			start++;
		size_t end = number_end(text, len, start);
		size_t label_end = skip_blanks_back(text, at);
		if (end == start || label_before(text, label_end, true) == label_end)
			continue;
		memmove(text + out, text + from, start - from);
		out += start - from;
		from = end;
		at = end - 1;
	}
	memmove(text + out, text + from, len - from);
	return out + len - from;
}

size_t
pk_counters_drop(char *text, size_t len)
{
	if (len == 0)
		return 0;
	return drop_behind_colons(text, drop_at_end(text, len));
}
