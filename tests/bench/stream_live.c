/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/stream.h"
void
bench_live(const char *folder, bool quick)
{
	(void)folder;
	(void)quick;
}
