/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date_formats.h"

#include "base/calendar.h"
#include "base/cleanup.h"
#include "base/date_words.h"

#include <errno.h>
#include <stdio.h>

#define TOKENS_MAX 40

#define DAY_S INT64_C(86400)

enum token_kind {
	TOKEN_END,
	TOKEN_NUMBER,
	TOKEN_WORD,
	TOKEN_SIGN,
};

struct token {
	enum token_kind kind;
	struct pk_span text; /* in the folded text */
	int64_t value;       /* of a number */
	bool spaced;         /* blanks stand before it */
	bool used;
};

enum half {
	HALF_NONE,
	HALF_AM,
	HALF_PM,
};

struct parts {
	struct token tokens[TOKENS_MAX + 1]; /* the last one is TOKEN_END */
	size_t n_tokens;
	bool has_time;
	int64_t seconds; /* of the day */
	bool has_zone;
	int offset_min;
	enum half half;
	bool persian; /* its digits are */
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

static struct token
take_number(struct pk_span *rest)
{
	struct token token = { .kind = TOKEN_NUMBER };
	size_t len = 0;

	while (len < rest->len && is_digit(rest->ptr[len]))
		len++;
	token.text = pk_span_slice(*rest, 0, len);
	if (pk_span_to_int64(token.text, &token.value) < 0)
		token.value = INT64_MAX;
	*rest = pk_span_slice(*rest, len, rest->len);
	return token;
}

/* "a.m." and "ه.ش" are one word each, which the full stops are squeezed out of. */
static struct token
take_word(char *text, struct pk_span *rest)
{
	char *start = text + (rest->ptr - text), *out = start;
	size_t at = 0;

	while (at < rest->len && (is_letter(rest->ptr[at]) ||
				     (rest->ptr[at] == '.' && at + 1 < rest->len &&
					 is_letter(rest->ptr[at + 1])))) {
		if (rest->ptr[at] != '.')
			*out++ = rest->ptr[at];
		at++;
	}
	*rest = pk_span_slice(*rest, at, rest->len);
	return (struct token){
		.kind = TOKEN_WORD,
		.text = { start, (size_t)(out - start) },
	};
}

static int
tokenise(char *text, size_t len, struct parts *parts)
{
	struct pk_span rest = { text, len };
	bool spaced = false;

	while (rest.len > 0) {
		if (rest.ptr[0] == ' ') {
			spaced = true;
			rest = pk_span_slice(rest, 1, rest.len);
			continue;
		}
		if (parts->n_tokens == TOKENS_MAX)
			return -EBADMSG;
		struct token *token = &parts->tokens[parts->n_tokens++];
		if (is_digit(rest.ptr[0])) {
			*token = take_number(&rest);
		} else if (is_letter(rest.ptr[0])) {
			*token = take_word(text, &rest);
		} else {
			*token = (struct token){
				.kind = TOKEN_SIGN,
				.text = pk_span_slice(rest, 0, 1),
			};
			rest = pk_span_slice(rest, 1, rest.len);
		}
		token->spaced = spaced;
		spaced = false;
	}
	return 0;
}

static bool
is_sign(const struct token *token, char c)
{
	return token->kind == TOKEN_SIGN && token->text.ptr[0] == c;
}

/* A number of `min` to `max` digits that stands right behind what is before it. */
static bool
is_digits(const struct token *token, size_t min, size_t max)
{
	return token->kind == TOKEN_NUMBER && token->text.len >= min &&
	       token->text.len <= max;
}

static bool
is_word(const struct token *token, const char *word)
{
	return token->kind == TOKEN_WORD && pk_span_eq(token->text, pk_span_of(word));
}

/* "12:09 ص", «م»: letters that say it only behind a time. */
static bool
is_half_letter(const struct parts *parts, size_t i, const char *letter)
{
	return i >= 3 && is_word(&parts->tokens[i], letter) &&
	       parts->tokens[i - 1].kind == TOKEN_NUMBER &&
	       is_sign(&parts->tokens[i - 2], ':');
}

/* German dates have an "am", too, but it stands before the number. */
static bool
is_am(const struct parts *parts, size_t i)
{
	return is_word(&parts->tokens[i], "am") && i > 0 &&
	       parts->tokens[i - 1].kind == TOKEN_NUMBER;
}

/* «بعد از ظهر», which is one word as well. Returns how many words it takes, or 0. */
static size_t
noon_words(const struct token *t, const char *first, const char *joined)
{
	if (is_word(t, joined))
		return 1;
	return is_word(&t[0], first) && is_word(&t[1], "از") && is_word(&t[2], "ظهر")
		   ? 3
		   : 0;
}

/* Of several words; marks them as used. */
static enum half
half_of_words(struct token *t)
{
	size_t after = noon_words(t, "بعد", "بعدازظهر");
	size_t before = noon_words(t, "قبل", "قبلازظهر");

	if (before == 0)
		before = noon_words(t, "پیش", "پیشازظهر");
	for (size_t i = 0; i < after + before; i++)
		t[i].used = true;
	return after > 0 ? HALF_PM : before > 0 ? HALF_AM : HALF_NONE;
}

/* "am", "ق.ظ" before noon; "pm", "ب.ظ" after it. */
static void
find_half(struct parts *parts)
{
	for (size_t i = 0; i < parts->n_tokens; i++) {
		struct token *token = &parts->tokens[i];
		bool am = is_am(parts, i) || is_word(token, "قظ") ||
			  is_word(token, "صباحا") || is_word(token, "صبح") ||
			  is_word(token, "بامداد") || is_word(token, "오전") ||
			  is_word(token, "上午") || is_word(token, "午前") ||
			  is_half_letter(parts, i, "ص");
		bool pm = is_word(token, "pm") || is_word(token, "بظ") ||
			  is_word(token, "مساء") || is_word(token, "عصر") ||
			  is_word(token, "غروب") || is_word(token, "오후") ||
			  is_word(token, "下午") || is_word(token, "午後") ||
			  is_half_letter(parts, i, "م");
		enum half half = am ? HALF_AM : pm ? HALF_PM : HALF_NONE;
		if (half != HALF_NONE)
			token->used = true;
		else if (!token->used)
			half = half_of_words(token);
		if (half != HALF_NONE)
			parts->half = half;
	}
}

static int
set_time(struct parts *parts, int64_t hour, int64_t minute, int64_t second)
{
	if (parts->half != HALF_NONE && hour >= 1 && hour <= 12)
		hour = hour % 12 + (parts->half == HALF_PM ? 12 : 0);
	if (hour > 24 || minute > 59 || second > 60 ||
	    (hour == 24 && (minute != 0 || second != 0)))
		return -EBADMSG;
	/* A leap second has no number of its own. */
	parts->seconds = hour * 3600 + minute * 60 + (second == 60 ? 59 : second);
	parts->has_time = true;
	return 0;
}

/*
 * No clock of this earth is further off than 14 hours, and west of Greenwich there are
 * few halves: "10:00-11:30" is how long something takes.
 */
static bool
is_offset(int64_t minutes, bool west)
{
	if (!west)
		return minutes <= 14 * 60;
	return minutes <= 12 * 60 && (minutes % 60 == 0 || minutes == 210 ||
					 minutes == 570 || minutes == 150);
}

/* "+0330", "+330", "+03:30", "+3", "-05" behind a time or a zone's name. Returns how
 * many tokens it takes, or 0. */
static size_t
read_offset(struct parts *parts, const struct token *t)
{
	int64_t minutes;
	size_t taken;

	if ((!is_sign(t, '+') && !is_sign(t, '-')) || t[1].spaced ||
	    !is_digits(&t[1], 1, 4))
		return 0;
	if (t[1].text.len >= 3) {
		minutes = t[1].value / 100 * 60 + t[1].value % 100;
		taken = 2;
	} else if (is_sign(&t[2], ':') && is_digits(&t[3], 2, 2)) {
		minutes = t[1].value * 60 + t[3].value;
		taken = 4;
	} else {
		minutes = t[1].value * 60;
		taken = 2;
	}
	/* It was a date: "15:02 -1404/11/07", "10:00 -2-5-2024". */
	const struct token *after = &t[taken];
	if (is_sign(after, '/') || is_sign(after, '-'))
		return 0;
	if (is_offset(minutes, is_sign(t, '-'))) {
		parts->offset_min = (int)(is_sign(t, '-') ? -minutes : minutes);
		parts->has_zone = true;
	}
	return taken;
}

/* "0330", which lost its sign. No year begins so. */
static size_t
read_bare_offset(struct parts *parts, const struct token *t)
{
	int64_t minutes = t->value / 100 * 60 + t->value % 100;

	if (!is_digits(t, 4, 4) || t->text.ptr[0] != '0' || t->value % 100 > 59)
		return 0;
	parts->offset_min = (int)minutes;
	parts->has_zone = true;
	return 1;
}

/* "Asia/Tehran", "[Europe/London]": known or not, it is a zone. */
static size_t
read_city(struct parts *parts, const struct token *t)
{
	const struct token *first = is_sign(t, '[') ? t + 1 : t;

	if (first != t && first->kind == TOKEN_WORD && is_sign(&first[1], ']')) {
		if (!parts->has_zone)
			parts->has_zone =
			    pk_date_word_zone(first->text, &parts->offset_min);
		return 3;
	}
	if (first->kind != TOKEN_WORD || !is_sign(&first[1], '/') ||
	    first[2].kind != TOKEN_WORD)
		return 0;
	if (!parts->has_zone)
		parts->has_zone = pk_date_word_city(first[2].text, &parts->offset_min);
	return first == t ? 3 : is_sign(&t[4], ']') ? 5 : 4;
}

static void
use(struct token *tokens, size_t n)
{
	for (size_t i = 0; i < n; i++)
		tokens[i].used = true;
}

/* An offset, a zone's name, a name with an offset, a city. Returns how many tokens it
 * takes, or 0. */
static size_t
read_zone_here(struct parts *parts, const struct token *t)
{
	size_t taken = read_offset(parts, t);

	if (taken == 0)
		taken = read_bare_offset(parts, t);
	if (taken == 0 && t->kind == TOKEN_WORD &&
	    pk_date_word_zone(t->text, &parts->offset_min)) {
		parts->has_zone = true;
		return 1 + read_offset(parts, &t[1]);
	}
	return taken > 0 ? taken : read_city(parts, t);
}

static bool
is_at_zone_word(const struct token *t)
{
	return pk_date_word_is_idle(t->text) && !is_word(t, "t");
}

/* What follows a time: its zone, by several names at worst, of which the first counts;
 * in parentheses too, «به وقت تهران». */
static void
read_zone(struct parts *parts, struct token *t)
{
	while (t->used || is_sign(t, '.'))
		t++;
	while (t->kind == TOKEN_WORD && is_at_zone_word(t) && !t->used &&
	       t[1].kind == TOKEN_WORD)
		t++;
	for (int i = 0; i < 3; i++) {
		struct token *zone = is_sign(t, '(') && !parts->has_zone ? t + 1 : t;
		bool had_zone = parts->has_zone;
		int offset_min = parts->offset_min;
		size_t taken = read_zone_here(parts, zone);
		if (had_zone)
			parts->offset_min = offset_min;
		if (taken == 0)
			return;
		use(zone, taken);
		t = zone + taken;
	}
}

/* ISO 8601 lets the minutes be left out: 2026-01-27T15Z, 2026-01-27T15+03:30. */
static int
find_hour(struct parts *parts)
{
	for (size_t i = 1; i + 1 < parts->n_tokens && !parts->has_time; i++) {
		struct token *t = &parts->tokens[i];
		if (!is_word(&t[0], "t") || t[-1].kind != TOKEN_NUMBER ||
		    !is_digits(&t[1], 2, 2) || t[1].spaced || is_sign(&t[2], ':'))
			continue;
		int r = set_time(parts, t[1].value, 0, 0);
		if (r < 0)
			return r;
		use(t, 2);
		read_zone(parts, &t[2]);
	}
	return 0;
}

/* hh:mm, 14h30, hh:mm:ss and hh:mm:ss.fraction, wherever it stands. */
static int
find_time(struct parts *parts)
{
	for (size_t i = 0; i + 2 < parts->n_tokens && !parts->has_time; i++) {
		struct token *t = &parts->tokens[i];
		size_t taken = 3;
		int64_t second = 0;

		bool colon = is_sign(&t[1], ':') ||
			     (is_word(&t[1], "h") && is_digits(&t[2], 2, 2));
		if (!is_digits(&t[0], 1, 2) || !colon || !is_digits(&t[2], 1, 2))
			continue;
		if (is_sign(&t[3], ':') && is_digits(&t[4], 1, 2)) {
			second = t[4].value;
			taken = 5;
			/* "12:30:05.684", with a slip "12:30:05:684" */
			if ((is_sign(&t[5], '.') || is_sign(&t[5], ',') ||
				(is_sign(&t[5], ':') && t[6].text.len == 3)) &&
			    !t[6].spaced && t[6].kind == TOKEN_NUMBER)
				taken = 7;
		}
		int r = set_time(parts, t[0].value, t[2].value, second);
		if (r < 0)
			return r;
		use(t, taken);
		read_zone(parts, &t[taken]);
		return 0;
	}
	return 0;
}

/* «ساعت ۲۳ و ۵۹ دقیقه», and with seconds; «ساعت ۹». */
static int
find_spoken_time(struct parts *parts)
{
	for (size_t i = 1; i < parts->n_tokens && !parts->has_time; i++) {
		struct token *t = &parts->tokens[i];
		size_t taken = 1;
		int64_t minute = 0, second = 0;

		if (!is_digits(t, 1, 2) ||
		    (!is_word(&t[-1], "ساعت") && !is_word(&t[-1], "الساعه")))
			continue;
		if (is_word(&t[1], "و") && is_digits(&t[2], 1, 2) &&
		    is_word(&t[3], "دقیقه")) {
			minute = t[2].value;
			taken = 4;
		}
		if (taken == 4 && is_word(&t[4], "و") && is_digits(&t[5], 1, 2) &&
		    is_word(&t[6], "ثانیه")) {
			second = t[5].value;
			taken = 7;
		}
		int r = set_time(parts, t->value, minute, second);
		if (r < 0)
			return r;
		use(t, taken);
		read_zone(parts, &t[taken]);
	}
	return 0;
}

/* ISO 8601 basic format: 20040101T194821Z, 20040101T1948. */
static int
find_compact_time(struct parts *parts)
{
	struct token *t = parts->tokens;

	if (parts->has_time || !is_digits(&t[0], 8, 8) || !is_word(&t[1], "t") ||
	    (!is_digits(&t[2], 4, 4) && !is_digits(&t[2], 6, 6)))
		return 0;
	int64_t hms = t[2].text.len == 4 ? t[2].value * 100 : t[2].value;
	int r = set_time(parts, hms / 10000, hms / 100 % 100, hms % 100);
	if (r < 0)
		return r;
	use(&t[1], 2);
	read_zone(parts, &t[3]);
	return 0;
}

/*
 * Words that may be passed over: the known ones, a weekday of any language ("mer., 7
 * janvier"), and whatever stands behind the time where its zone should be.
 */
static bool
may_pass_over(const struct parts *parts, size_t i)
{
	const struct token *token = &parts->tokens[i];

	if (pk_date_word_is_idle(token->text))
		return true;
	if (i == 0)
		return is_sign(&token[1], ',') || is_sign(&token[1], '.');
	return !parts->has_zone && token[-1].used && token->text.len <= 5;
}

/* Numbers and a month's name that are left when time and zone are gone. */
struct calendar_words {
	struct token numbers[3];
	size_t n_numbers;
	char separator; /* between the first and the second number */
	bool persian;
	int month;   /* by its name; 0 where there is none */
	bool jalali; /* the name is */
};

/*
 * A day in words before the name of a month: «سوم بهمن», «بیست و سوم بهمن», «سی و یکم».
 * Returns how many words it takes, or 0; *ret_number is as a number of two digits.
 */
static size_t
read_ordinal(const struct token *t, struct token *ret_number)
{
	size_t taken = 1;
	bool jalali;
	int day = 0;

	if (is_word(&t[0], "بیست") && is_word(&t[1], "و") && t[2].kind == TOKEN_WORD) {
		day = 20 + pk_date_word_ordinal(t[2].text);
		taken = day > 20 && day < 30 ? 3 : 0;
	} else if (is_word(&t[0], "سی") && is_word(&t[1], "و") &&
		   is_word(&t[2], "یکم")) {
		day = 31;
		taken = 3;
	} else if (is_word(&t[0], "سی") && is_word(&t[1], "ام")) {
		day = 30;
		taken = 2;
	} else {
		day = pk_date_word_ordinal(t[0].text);
	}
	if (day == 0 || taken == 0 || t[taken].kind != TOKEN_WORD ||
	    pk_date_word_month(t[taken].text, &jalali) == 0)
		return 0;
	*ret_number = (struct token){
		.kind = TOKEN_NUMBER,
		.text = pk_span_slice(t[0].text, 0, 2),
		.value = day,
	};
	return taken;
}

static int
collect(const struct parts *parts, struct calendar_words *words)
{
	int in_parentheses = 0;
	size_t ordinal;
	struct token day;

	for (size_t i = 0; i < parts->n_tokens; i++) {
		const struct token *token = &parts->tokens[i];
		in_parentheses += is_sign(token, '(');
		if (token->used || in_parentheses > 0) {
			in_parentheses -= is_sign(token, ')');
			continue;
		}
		if (token->kind == TOKEN_NUMBER) {
			if (words->n_numbers == PK_COUNT(words->numbers))
				return -EBADMSG;
			words->numbers[words->n_numbers++] = *token;
		} else if (token->kind == TOKEN_SIGN) {
			if (words->n_numbers == 1)
				words->separator = token->text.ptr[0];
		} else if ((ordinal = read_ordinal(token, &day)) > 0) {
			if (words->n_numbers == PK_COUNT(words->numbers))
				return -EBADMSG;
			words->numbers[words->n_numbers++] = day;
			i += ordinal - 1;
		} else {
			bool jalali = false;
			size_t taken = 1;
			int month = pk_date_word_month(token->text, &jalali);
			if (month == 0)
				month = pk_date_words_month(
				    token->text, token[1].text, &taken);
			i += taken - 1;
			if (month != 0 && month == words->month) {
				continue; /* «كانون الثاني/يناير» */
			} else if (month != 0 && words->month == 0) {
				words->month = month;
				words->jalali = jalali;
			} else if (!may_pass_over(parts, i)) {
				return -EBADMSG;
			}
		}
	}
	return 0;
}

static int
full_year(const struct token *token, bool jalali)
{
	if (token->value > 2999)
		return -1;
	/* "126" is how many years C counts from 1900 */
	if (token->text.len == 3 && token->value >= 100 && token->value < 200)
		return 1900 + (int)token->value;
	if (token->text.len > 2)
		return (int)token->value;
	if (jalali)
		return (int)(token->value < 50 ? 1400 : 1300) + (int)token->value;
	return (int)(token->value < 69 ? 2000 : 1900) + (int)token->value;
}

struct found_day {
	int64_t day; /* since 1970 */
	bool jalali;
};

static int
to_day(struct pk_date date, struct found_day *ret_day)
{
	bool jalali = date.year >= 1300 && date.year <= 1499;

	if ((date.year < 1500 && !jalali) || date.year > 2999)
		return -EBADMSG;
	if (jalali ? !pk_jalali_valid(date) : !pk_gregorian_valid(date))
		return -EBADMSG;
	ret_day->jalali = jalali;
	ret_day->day = jalali ? pk_jalali_to_day(date) : pk_gregorian_to_day(date);
	return 0;
}

static int
day_by_name(const struct calendar_words *words, struct found_day *ret_day)
{
	const struct token *day = &words->numbers[0], *year = &words->numbers[1];

	if (words->n_numbers != 2)
		return -EBADMSG;
	if (day->text.len > 2) {
		day = &words->numbers[1];
		year = &words->numbers[0];
	}
	struct pk_date date = {
		full_year(year, words->jalali),
		words->month,
		(int)(day->value > 99 ? 99 : day->value),
	};
	if (words->jalali != (date.year >= 1300 && date.year <= 1499))
		return -EBADMSG;
	return to_day(date, ret_day);
}

/* 20040101, 2004001 (day of the year), 2004. */
static int
day_of_one_number(const struct token *token, struct found_day *ret_day)
{
	int64_t v = token->value;

	switch (token->text.len) {
	case 8:
		return to_day((struct pk_date){ (int)(v / 10000), (int)(v / 100 % 100),
				  (int)(v % 100) },
		    ret_day);
	case 7:
		if (v % 1000 < 1 || v % 1000 > 366 ||
		    to_day((struct pk_date){ (int)(v / 1000), 1, 1 }, ret_day) < 0)
			return -EBADMSG;
		ret_day->day += v % 1000 - 1;
		return 0;
	case 4:
		return to_day((struct pk_date){ (int)v, 1, 1 }, ret_day);
	default:
		return -EBADMSG;
	}
}

/* 2004-01, 2004-001. */
static int
day_of_two_numbers(const struct token *numbers, struct found_day *ret_day)
{
	int year = full_year(&numbers[0], false), value = (int)numbers[1].value;

	if (numbers[0].text.len != 4 || numbers[1].text.len > 3)
		return -EBADMSG;
	if (numbers[1].text.len < 3)
		return to_day((struct pk_date){ year, value, 1 }, ret_day);
	if (value < 1 || value > 366 ||
	    to_day((struct pk_date){ year, 1, 1 }, ret_day) < 0)
		return -EBADMSG;
	ret_day->day += value - 1;
	return 0;
}

static int
day_of_three_numbers(
    const struct calendar_words *words, bool month_first, struct found_day *ret_day)
{
	const struct token *n = words->numbers;
	bool year_first = n[0].text.len > 2 || n[0].value > 31 ||
			  (n[2].text.len <= 2 && words->separator == '-');

	for (size_t i = 0; i < 3; i++) {
		if (n[i].text.len > 4)
			return -EBADMSG;
	}
	/* «۰۴/۱۱/۰۷»: who writes so counts the years of the Hijra */
	if (words->persian && n[0].text.len <= 2 && n[2].text.len <= 2 &&
	    to_day((struct pk_date){ full_year(&n[0], true), (int)n[1].value,
		       (int)n[2].value },
		ret_day) == 0)
		return 0;
	if (year_first)
		return to_day((struct pk_date){ full_year(&n[0], false),
				  (int)n[1].value, (int)n[2].value },
		    ret_day);

	int year = full_year(&n[2], false), a = (int)n[0].value, b = (int)n[1].value;
	if (to_day((struct pk_date){ year, month_first ? a : b, month_first ? b : a },
		ret_day) == 0)
		return 0;
	return to_day(
	    (struct pk_date){ year, month_first ? b : a, month_first ? a : b },
	    ret_day);
}

/* 2026-W05-2, 2026W052, 2026-W05. Returns how many tokens it takes, or 0. */
static size_t
read_week(const struct token *t, int64_t *ret_week, int64_t *ret_weekday)
{
	size_t at = 1, digits;

	if (!is_digits(&t[0], 4, 4))
		return 0;
	at += is_sign(&t[at], '-');
	if (!is_word(&t[at], "w") || !is_digits(&t[at + 1], 2, 3))
		return 0;
	digits = t[++at].text.len;
	*ret_week = digits == 2 ? t[at].value : t[at].value / 10;
	*ret_weekday = digits == 2 ? 1 : t[at].value % 10;
	at++;
	if (digits == 2 && is_sign(&t[at], '-') && is_digits(&t[at + 1], 1, 1)) {
		*ret_weekday = t[at + 1].value;
		at += 2;
	}
	return at;
}

/* The week that holds the 4th of January is the first, and Monday its first day.
 * Returns 1 where there is none of it. */
static int
find_day_of_week(struct parts *parts, struct found_day *ret_day)
{
	int64_t week, weekday;
	size_t taken = read_week(parts->tokens, &week, &weekday);
	struct found_day fourth;

	if (taken == 0)
		return 1;
	if (week < 1 || week > 53 || weekday < 1 || weekday > 7 ||
	    to_day((struct pk_date){ (int)parts->tokens[0].value, 1, 4 }, &fourth) <
		0 ||
	    fourth.jalali)
		return -EBADMSG;
	/* day 0 was a Thursday */
	int64_t monday = fourth.day - (fourth.day + 3 + 7 * 100000) % 7;
	ret_day->jalali = false;
	ret_day->day = monday + (week - 1) * 7 + weekday - 1;
	return 0;
}

static int
find_day(struct parts *parts, struct found_day *ret_day)
{
	int w = find_day_of_week(parts, ret_day);
	if (w <= 0)
		return w;
	struct calendar_words words = { .persian = parts->persian };
	int r = collect(parts, &words);
	if (r < 0)
		return r;
	if (words.month != 0)
		return day_by_name(&words, ret_day);
	switch (words.n_numbers) {
	case 1:
		return day_of_one_number(&words.numbers[0], ret_day);
	case 2:
		return day_of_two_numbers(words.numbers, ret_day);
	case 3:
		return day_of_three_numbers(&words, parts->half != HALF_NONE, ret_day);
	default:
		return -EBADMSG;
	}
}

static int
default_offset(int given, int64_t local_s, bool jalali)
{
	if (given == PK_OFFSET_UNKNOWN)
		given = jalali ? PK_OFFSET_IRAN : 0;
	return given != PK_OFFSET_IRAN
		   ? given
		   : pk_iran_offset_min(local_s - INT64_C(210) * 60);
}

static struct pk_moment
make_moment(struct found_day found, const struct parts *parts, int default_offset_min)
{
	int64_t local_s = found.day * DAY_S + parts->seconds;
	int offset_min =
	    default_offset(parts->has_zone ? parts->offset_min : default_offset_min,
		local_s, found.jalali);

	return (struct pk_moment){
		.time_s = local_s - offset_min * INT64_C(60),
		.offset_min = offset_min,
		.has_time = parts->has_time,
		.has_zone = parts->has_zone,
	};
}

/* Seconds with a fraction: "1769500926.123". */
static struct pk_span
without_fraction(struct pk_span text)
{
	size_t dot = pk_span_find(text, PK_SPAN("."), 0);

	if (dot != 9 && dot != 10)
		return text;
	for (size_t i = 0; i < text.len; i++) {
		if (i != dot && !is_digit(text.ptr[i]))
			return text;
	}
	return pk_span_slice(text, 0, dot);
}

/*
 * A number alone: seconds, milliseconds or microseconds since 1970, or
 * yyyymmddhhmm[ss]. Returns 1 when it is neither.
 */
static int
parse_number(struct pk_span text, int default_offset_min, struct pk_moment *ret_moment)
{
	struct parts parts = { .n_tokens = 0 };
	struct found_day day;
	int64_t value;

	text = without_fraction(text);
	if (pk_span_to_int64(text, &value) < 0 || value < 0)
		return 1;
	if (text.len == 9 || text.len == 10 || text.len == 13 || text.len == 16) {
		*ret_moment = (struct pk_moment){
			.time_s = text.len == 16   ? value / 1000000
				  : text.len == 13 ? value / 1000
						   : value,
			.has_time = true,
			.has_zone = true,
		};
		return 0;
	}
	if (text.len != 12 && text.len != 14)
		return 1;
	if (text.len == 12)
		value *= 100;
	struct pk_date date = { (int)(value / 10000000000),
		(int)(value / 100000000 % 100), (int)(value / 1000000 % 100) };
	if (to_day(date, &day) < 0 ||
	    set_time(&parts, value / 10000 % 100, value / 100 % 100, value % 100) < 0)
		return -EBADMSG;
	*ret_moment = make_moment(day, &parts, default_offset_min);
	return 0;
}

/*
 * "/Date(1769513526000+0330)/", as ASP.NET wrote its JSON: milliseconds, and the offset
 * of who wrote it. Returns 1 when it is something else.
 */
static int
parse_json_date(struct pk_span text, struct pk_moment *ret_moment)
{
	const struct pk_span start = PK_SPAN("date(");
	struct parts parts = { .n_tokens = 0 };
	char copy[PK_DATE_FOLDED_MAX];
	int64_t ms;

	while (text.len > 0 && (text.ptr[0] == '/' || text.ptr[0] == '\\'))
		text = pk_span_slice(text, 1, text.len);
	size_t end = pk_span_find(text, PK_SPAN(")"), 0);
	if (!pk_span_starts_with(text, start) || end == SIZE_MAX)
		return 1;
	text = pk_span_slice(text, start.len, end);
	size_t len = text.len > 0 && text.ptr[0] == '-' ? 1 : 0;
	while (len < text.len && is_digit(text.ptr[len]))
		len++;
	if (pk_span_to_int64(pk_span_slice(text, 0, len), &ms) < 0)
		return -EBADMSG;
	text = pk_span_slice(text, len, text.len);
	memcpy(copy, text.ptr, text.len);
	if (tokenise(copy, text.len, &parts) < 0 ||
	    read_offset(&parts, parts.tokens) != parts.n_tokens)
		return -EBADMSG;
	*ret_moment = (struct pk_moment){
		.time_s = ms / 1000 - (ms % 1000 < 0),
		.offset_min = parts.offset_min,
		.has_time = true,
		.has_zone = true,
	};
	return 0;
}

/* Has the text a digit of U+06F0 to U+06F9, which Persian is written with? */
static bool
has_persian_digit(struct pk_span text)
{
	for (size_t i = 0; i + 1 < text.len; i++) {
		if (text.ptr[i] == '\xDB' && (unsigned char)text.ptr[i + 1] >= 0xB0 &&
		    (unsigned char)text.ptr[i + 1] <= 0xB9)
			return true;
	}
	return false;
}

int
pk_date_parse(struct pk_span text, int default_offset_min, struct pk_moment *ret_moment)
{
	char folded[PK_DATE_FOLDED_MAX];
	struct parts parts = { .persian = has_persian_digit(text) };
	struct found_day day;

	int len = pk_date_fold(text, folded);
	if (len < 0)
		return len;
	struct pk_span trimmed = pk_span_trim((struct pk_span){ folded, (size_t)len });
	int r = parse_number(trimmed, default_offset_min, ret_moment);
	if (r <= 0)
		return r;
	r = parse_json_date(trimmed, ret_moment);
	if (r <= 0)
		return r;
	r = tokenise(folded, (size_t)len, &parts);
	if (r < 0)
		return r;
	find_half(&parts);
	r = find_hour(&parts);
	if (r == 0)
		r = find_time(&parts);
	if (r == 0)
		r = find_compact_time(&parts);
	if (r == 0)
		r = find_spoken_time(&parts);
	if (r == 0)
		r = find_day(&parts, &day);
	if (r == 0)
		*ret_moment = make_moment(day, &parts, default_offset_min);
	return r;
}

struct clock_time {
	struct pk_date date;
	int64_t day;
	int hour, minute, second;
};

static struct clock_time
clock_of(int64_t time_s)
{
	int64_t day = time_s / DAY_S, rest = time_s % DAY_S;

	if (rest < 0) {
		rest += DAY_S;
		day--;
	}
	return (struct clock_time){
		.date = pk_gregorian_from_day(day),
		.day = day,
		.hour = (int)(rest / 3600),
		.minute = (int)(rest / 60 % 60),
		.second = (int)(rest % 60),
	};
}

/* snprintf's length, but never more than what was written. */
static size_t
written(int len)
{
	if (len < 0)
		return 0;
	return len < PK_DATE_TEXT_MAX ? (size_t)len : PK_DATE_TEXT_MAX - 1;
}

size_t
pk_date_format_utc(int64_t time_s, char ret_text[static PK_DATE_TEXT_MAX])
{
	struct clock_time t = clock_of(time_s);

	return written(
	    snprintf(ret_text, PK_DATE_TEXT_MAX, "%04d-%02d-%02dT%02d:%02d:%02dZ",
		t.date.year, t.date.month, t.date.day, t.hour, t.minute, t.second));
}

size_t
pk_date_format(const struct pk_moment *moment, char ret_text[static PK_DATE_TEXT_MAX])
{
	int offset = moment->offset_min;
	struct clock_time t = clock_of(moment->time_s + offset * INT64_C(60));

	if (!moment->has_time)
		return pk_date_format_day(t.day, ret_text);
	if (offset == 0)
		return pk_date_format_utc(moment->time_s, ret_text);
	int size = offset < 0 ? -offset : offset;
	return written(snprintf(ret_text, PK_DATE_TEXT_MAX,
	    "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", t.date.year, t.date.month,
	    t.date.day, t.hour, t.minute, t.second, offset < 0 ? '-' : '+', size / 60,
	    size % 60));
}

size_t
pk_date_format_day(int64_t day, char ret_text[static PK_DATE_TEXT_MAX])
{
	struct pk_date date = pk_gregorian_from_day(day);

	return written(snprintf(ret_text, PK_DATE_TEXT_MAX, "%04d-%02d-%02d", date.year,
	    date.month, date.day));
}

size_t
pk_date_format_http(int64_t time_s, char ret_text[static PK_DATE_TEXT_MAX])
{
	static const char weekdays[][4] = { "Sat", "Sun", "Mon", "Tue", "Wed", "Thu",
		"Fri" };
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
		"Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct clock_time t = clock_of(time_s);

	return written(
	    snprintf(ret_text, PK_DATE_TEXT_MAX, "%s, %02d %s %04d %02d:%02d:%02d GMT",
		weekdays[pk_weekday(t.day)], t.date.day, months[t.date.month - 1],
		t.date.year, t.hour, t.minute, t.second));
}
