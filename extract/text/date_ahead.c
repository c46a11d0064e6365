/* SPDX-License-Identifier: Apache-2.0 */
/* Does a clause look ahead? Then its weekday is the next one. */
#include "extract/text/date_reader.h"

/* No clause is longer; what is one sentence may be a whole page without stops. */
#define WINDOW 256

/* Does another clause begin behind the token? */
static bool
is_border(
    const struct pk_date_reader *r, size_t at, const struct pk_date_meaning *meaning)
{
	return (meaning != NULL && PK_DATE_HAS(*meaning, CLAUSE)) ||
	       pk_reader_sign(r, at, "؛") || pk_reader_sign(r, at, ":");
}

/* «قرار است [که] ... روز جمعه»: is a plan open when the date comes? */
static bool
is_planned(const struct pk_date_reader *r, size_t first, size_t at)
{
	bool planned = false;

	for (size_t i = first, next; i < at; i = next) {
		struct pk_date_meaning meaning;
		bool known = pk_reader_word(r, i, &meaning);

		next = known ? meaning.end : i + 1;
		if (known && PK_DATE_HAS(meaning, PLAN)) {
			planned = true;
			if (pk_reader_word(r, next, &meaning) &&
			    PK_DATE_HAS(meaning, CLAUSE))
				next = meaning.end;
		} else if (is_border(r, i, known ? &meaning : NULL) ||
			   (known && PK_DATE_HAS(meaning, DONE))) {
			planned = false;
		}
	}
	return planned;
}

bool
pk_date_looks_ahead(
    const struct pk_date_reader *r, const struct pk_sentence *sentence, size_t at)
{
	bool ahead = false;

	size_t first = at - sentence->first > WINDOW ? at - WINDOW : sentence->first;
	size_t end = sentence->end - at > WINDOW ? at + WINDOW : sentence->end;

	if (is_planned(r, first, at))
		return true;
	if (r->month_first) /* the verb stands before its times */
		return false;
	for (size_t i = at, next; i < end; i = next) {
		struct pk_date_meaning meaning;
		bool known = pk_reader_word(r, i, &meaning);

		next = known ? meaning.end : i + 1;
		if (known &&
		    (PK_DATE_HAS(meaning, FUTURE_SIGN) || PK_DATE_HAS(meaning, PLAN)))
			return true;
		if (known && PK_DATE_HAS(meaning, DONE))
			return false;
		if (is_border(r, i, known ? &meaning : NULL))
			break;
		ahead |= known && PK_DATE_HAS(meaning, COMING);
	}
	return ahead;
}
