/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/text/date_words.h - the words of time of a language.
 */
#ifndef PEYK_EXTRACT_TEXT_DATE_WORDS_H
#define PEYK_EXTRACT_TEXT_DATE_WORDS_H

#include "extract/text/number.h"

/* Kinds of dates.tsv: WORD(NAME, "name"). */
#define PK_DATE_WORDS(WORD)                                                            \
	WORD(JALALI, "jalali")       /* month number */                                \
	WORD(GREGORIAN, "gregorian") /* month number */                                \
	WORD(HIJRI, "hijri")         /* month number */                                \
	WORD(AMBIGUOUS, "ambiguous") /* months that are other words too */             \
	WORD(WEEKDAY, "weekday")     /* 0 = Saturday */                                \
	WORD(DAY, "day")             /* «دیروز» -1 */                           \
	WORD(PART, "part")         /* «عصر»: 1 morning 2 noon 3 later 4 night */  \
	WORD(HALF_DAY, "half_day") /* «ب.ظ»: the same */                           \
	WORD(UNIT_DAY, "unit_day")                                                     \
	WORD(UNIT_WEEK, "unit_week")                                                   \
	WORD(UNIT_MONTH, "unit_month")                                                 \
	WORD(UNIT_YEAR, "unit_year")                                                   \
	WORD(UNIT_DECADE, "unit_decade")                                               \
	WORD(UNIT_CENTURY, "unit_century")                                             \
	WORD(UNIT_HOUR, "unit_hour")                                                   \
	WORD(UNIT_MINUTE, "unit_minute")                                               \
	WORD(UNIT_SECOND, "unit_second")                                               \
	WORD(UNIT_SEASON, "unit_season")   /* «فصل»: three months */              \
	WORD(UNIT_NIGHT, "unit_night")     /* سه «شب» */                         \
	WORD(UNIT_AGE, "unit_age")         /* ۳۱ «سالگی» */                   \
	WORD(SEASON, "season")             /* 1 = spring */                            \
	WORD(FEAST_JALALI, "feast_jalali") /* «نوروز»: month and day, 101 */    \
	WORD(FEAST_GREGORIAN, "feast_gregorian")                                       \
	WORD(FEAST_HIJRI, "feast_hijri")                                               \
	WORD(PAST, "past")             /* هفته «گذشته» */                   \
	WORD(AGO, "ago")               /* سه روز «پیش» */                    \
	WORD(LASTING, "lasting")       /* سه روز «گذشته» */                \
	WORD(FUTURE, "future")         /* هفته «آینده» */                   \
	WORD(COMING, "coming")         /* سه روز «آینده» */                \
	WORD(CURRENT, "current")       /* سال «جاری» */                       \
	WORD(THIS, "this")             /* «این» هفته */                       \
	WORD(THAT, "that")             /* «همان» سال */                       \
	WORD(EVERY, "every")           /* «هر» دوشنبه */                     \
	WORD(AFTER_THAT, "after_that") /* سه روز «پس از آن» */            \
	WORD(BEFORE_THAT, "before_that")                                               \
	WORD(THIS_YEAR, "this_year")     /* «امسال» 0 */                        \
	WORD(JALALI_YEAR, "jalali_year") /* ۱۴۰۰ «شمسی» */                   \
	WORD(GREGORIAN_YEAR, "gregorian_year")                                         \
	WORD(HIJRI_YEAR, "hijri_year")                                                 \
	WORD(HEJRI, "hejri")         /* «هجری»: both begin there */              \
	WORD(ABOUT, "about")         /* «حدود» یک هفته پیش */           \
	WORD(WITHIN, "within")       /* «اواخر» سال; the half: 1, 2 */       \
	WORD(RECENTLY, "recently")   /* days back that it may reach */                 \
	WORD(SOON, "soon")           /* days ahead */                                  \
	WORD(FROM, "from")           /* «از» ۵ تا ۷ تیر */                  \
	WORD(BETWEEN, "between")     /* «بین» ۵ و ۷ تیر */                  \
	WORD(NOW, "now")             /* از «اکنون» تا فردا */           \
	WORD(UNTIL_NOW, "until_now") /* از شنبه «تاکنون» */              \
	WORD(DATED, "dated")         /* ساعت ۸ «در تاریخ» ۵ تیر */   \
	WORD(AT, "at")               /* شنبه «راس» ساعت ۸ */             \
	WORD(BEFORE, "before")       /* ۵ دقیقه «قبل از» ساعت ۸ */   \
	WORD(AFTER, "after")                                                           \
	WORD(TO, "to")                   /* یک ربع «به» ۸ */                 \
	WORD(OR, "or")                   /* ۳ «یا» ۴ روز */                   \
	WORD(UNTIL, "until")             /* ۵ «تا» ۷ تیر */                   \
	WORD(IN, "in")                   /* «در» 2017 */                           \
	WORD(COUNTED, "counted")         /* 2017 «نفر»: no year */                \
	WORD(AND, "and")                 /* ۵ «و» ۶ تیر */                     \
	WORD(OTHER, "other")             /* «نماز جمعه»: no time at all */   \
	WORD(FUTURE_SIGN, "future_sign") /* «خواهد»: a verb to come */          \
	WORD(PLAN, "plan")               /* «قرار است»: so is the next */     \
	WORD(CLAUSE, "clause")           /* «که»: another clause begins */         \
	WORD(DONE, "done")               /* «گفت»: a verb in the past */

enum pk_date_word {
#define WORD(NAME, name) PK_DATE_##NAME,
	PK_DATE_WORDS(WORD)
#undef WORD
	    PK_DATE_WORD_COUNT
};

#define PK_DATE_BIT(word) (UINT64_C(1) << (word))

/* What the longest word of time at a token is: its kinds, and the value of each. */
struct pk_date_meaning {
	size_t end;
	uint64_t kinds;
	int values[PK_DATE_WORD_COUNT];
};

struct pk_date_words;

/* Compiles dates.tsv and numbers.tsv. Errors as pk_pack_load(). */
int pk_date_words_new(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_date_words **ret_words, struct pk_diag *reterr_diag);

bool pk_date_word_at(const struct pk_date_words *words, const struct pk_text *text,
    size_t at, size_t limit, struct pk_date_meaning *ret_meaning);

const struct pk_number_words *pk_date_numbers(const struct pk_date_words *words);

#endif
