/* SPDX-License-Identifier: Apache-2.0 */
/*
 * daemon/quarantine.h - bodies that could not be read, kept for whoever wants to know
 * why.
 *
 * A folder with two files a feed: <feed>.body, the bytes as they came, and <feed>.txt,
 * when, from where and what was wrong. The last body of a feed replaces the one before;
 * the oldest go when all together pass the limit.
 */
#ifndef PEYK_DAEMON_QUARANTINE_H
#define PEYK_DAEMON_QUARANTINE_H

#include "base/doc.h"

/*
 * Puts the document's bytes into the folder, which is made if there is none.
 *
 *   folder     the parent has to be there
 *   limit      bytes of all bodies together; 0: nothing is kept
 *   doc        its feed, url, content type, time and bytes
 *   reason     one clause, for people
 *
 * Returns 0, 1 (not kept: no limit, or longer than it) or -errno; a body that cannot be
 * kept is nobody's loss. Workers may come at the same time.
 */
int pk_quarantine_put(
    const char *folder, int64_t limit, const struct pk_doc *doc, const char *reason);

#endif
