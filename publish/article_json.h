/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/article_json.h - an article as the data object of org.peyk.article.v1.
 */
#ifndef PEYK_PUBLISH_ARTICLE_JSON_H
#define PEYK_PUBLISH_ARTICLE_JSON_H

#include "base/article.h"

#include <jansson.h>

/*
 * The object, its fields in the order of docs/event.schema.json, what is unknown left
 * out. Gives; NULL on no memory. Any thread.
 */
json_t *pk_article_json(const struct pk_article *article);

#endif
