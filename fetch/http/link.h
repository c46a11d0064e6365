/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/http/link.h - the field Link (RFC 8288): what else belongs to an answer.
 */
#ifndef PEYK_FETCH_HTTP_LINK_H
#define PEYK_FETCH_HTTP_LINK_H

#include "base/span.h"

struct pk_link {
	struct pk_span target; /* as written, which may be relative */
	struct pk_span rel;    /* the first one: names with blanks between them */
	bool anchored;         /* it is said of another resource, not of the answer */
};

/*
 * Cuts the next link off a field's value. What is no link is passed over. Returns false
 * when there is none left. Borrows.
 */
bool pk_link_next(struct pk_span *rest, struct pk_link *ret_link);

/* Is it a link of this relation ("hub") of the answer itself? */
bool pk_link_is(const struct pk_link *link, struct pk_span relation);

#endif
