/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/feed/counter.h - counters of readers in the text of an entry: «تعداد بازدید:
 * ۱۴۱», "141 views". They change with every request, and nobody has edited anything.
 *
 * Not any number: a toll that went from 3 to 5 is an edit. What is left out stands with
 * a word for readers or their comments, either behind it and a colon, or at the end of
 * the text.
 */
#ifndef PEYK_FETCH_FEED_COUNTER_H
#define PEYK_FETCH_FEED_COUNTER_H

#include <stddef.h>

/* Takes the numbers of such counters out of a plain text in UTF-8, in place. Returns
 * its new length. Any thread. */
size_t pk_counters_drop(char *text, size_t len);

#endif
