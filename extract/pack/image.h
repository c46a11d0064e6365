/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/pack/image.h - what was made in an arena, as a file that is mapped.
 *
 * A start must not wait for thousands of rows to be read again. So a pack is made once,
 * at build, and written as it lies in memory, with a list of where its pointers are;
 * opening maps the file and moves the pointers (the idea is that of Emacs' portable
 * dumper). No part of a pack needs a second form for it, as long as
 *
 *   - everything it is made of comes from the arena, and
 *   - it holds no pointer to anything else: not to static tables, not to functions. Nor
 *     bytes of the stack: fill a struct with padding field by field.
 *
 * The file fits the program it was built with and no other: the header has a digest of
 * the sources that say how things lie in memory (PEYK_IMAGE_LAYOUT, made by CMake).
 */
#ifndef PEYK_EXTRACT_PACK_IMAGE_H
#define PEYK_EXTRACT_PACK_IMAGE_H

#include "base/arena.h"
#include "base/diag.h"

/* Makes the same thing in the arena whenever it is asked, and gives its root. */
typedef int pk_image_make(
    void *data, struct pk_arena *arena, void **ret_root, struct pk_diag *reterr_diag);

/*
 * Makes the thing twice, at two addresses: what differs by their distance is a pointer.
 * Returns 0, what `make` returned, -EIO (*reterr_diag), or -ENOMEM.
 */
int pk_image_write(
    const char *path, pk_image_make *make, void *data, struct pk_diag *reterr_diag);

struct pk_image;

/*
 * Maps a file. Returns 0, -ENOENT (there is none), -ESTALE (written by another build,
 * or damaged) or -ENOMEM. The root may be changed; nobody else sees it.
 */
int pk_image_open(const char *path, struct pk_image **ret_image, void **ret_root);
struct pk_image *pk_image_close(struct pk_image *image);

#endif
