/* SPDX-License-Identifier: Apache-2.0 */
#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>

int
pk_diag_at(struct pk_diag *reterr_diag, int error, const char *where, unsigned line,
    const char *format, ...)
{
	va_list args;

	if (reterr_diag == NULL)
		return error;
	snprintf(reterr_diag->where, sizeof(reterr_diag->where), "%s", where);
	reterr_diag->line = line;
	reterr_diag->column = 0;
	va_start(args, format);
	vsnprintf(reterr_diag->what, sizeof(reterr_diag->what), format, args);
	va_end(args);
	return error;
}

int
pk_diag_column(struct pk_diag *reterr_diag, int error, unsigned column)
{
	if (reterr_diag != NULL)
		reterr_diag->column = column;
	return error;
}
