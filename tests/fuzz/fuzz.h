/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/fuzz/fuzz.h - what a fuzz target defines; libFuzzer or standalone.c calls it.
 */
#ifndef PEYK_TESTS_FUZZ_FUZZ_H
#define PEYK_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Works on one input. Returns 0; a finding is a crash or a failed assert. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
