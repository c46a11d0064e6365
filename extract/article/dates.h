/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/dates.h - a date among other words: «تاریخ انتشار: ۲ تیر ۱۳۹۹ -
 * ۱۲:۰۹».
 */
#ifndef PEYK_EXTRACT_ARTICLE_DATES_H
#define PEYK_EXTRACT_ARTICLE_DATES_H

#include "base/date_formats.h"

/*
 * The first date in a short line, the longest reading of it. A year alone, a number
 * alone or a time alone is none. Returns 0 or -EBADMSG. Any thread.
 */
int pk_date_search(
    struct pk_span line, int default_offset_min, struct pk_moment *ret_moment);

/* The date in an address, "/2024/05/01/" or "-20240501-". Returns 0 or -EBADMSG. */
int pk_date_of_url(
    struct pk_span url, int default_offset_min, struct pk_moment *ret_moment);

#endif
