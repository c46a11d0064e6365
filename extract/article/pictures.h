/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/pictures.h - pictures in the text, and what is written below them.
 */
#ifndef PEYK_EXTRACT_ARTICLE_PICTURES_H
#define PEYK_EXTRACT_ARTICLE_PICTURES_H

#include "extract/article/metadata.h"

/*
 * Sets images of the article: those between title and end of the body that are no
 * icons, each once, with the caption of its figure; also image, where the head has
 * none. Returns 0 or -ENOMEM.
 */
int pk_pictures_read(
    struct pk_metadata *metadata, const struct pk_heading_places *places);

#endif
