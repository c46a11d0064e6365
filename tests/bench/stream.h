/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/bench/stream.h - what the parts of bench_stream share.
 */
#ifndef PEYK_TESTS_BENCH_STREAM_H
#define PEYK_TESTS_BENCH_STREAM_H

#include "base/clock.h"
#include "publish/journal.h"

/* An event as it usually is: its topic, and so many bytes of JSON. */
#define BENCH_TOPIC "event/STATE/OMN/-/"
#define BENCH_BODY  1500

/* Ends the program with a word when something that never fails does. */
void must(bool fine, const char *what);

double seconds_since(uint64_t since_ns);

/* A new journal FOLDER/NAME. */
struct pk_db *new_journal(const char *folder, const char *name);

/* Each prints its lines. */
void bench_journal(const char *folder, bool quick);
void bench_replay(const char *folder, bool quick);
void bench_live(const char *folder, bool quick);

#endif
