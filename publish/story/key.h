/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/story/key.h - which events of different stories may be the same occurrence?
 */
#ifndef PEYK_PUBLISH_STORY_KEY_H
#define PEYK_PUBLISH_STORY_KEY_H

#include "base/event.h"

/*
 * The key under which another story's telling of the event would be found: type,
 * polarity, day and parties. "" where it is not safe to look for one: statements, acts
 * that did not happen, a day that nobody stated, fewer than two parties that are known
 * by their countries or ids.
 */
void pk_story_key(const struct pk_event *event, char ret_key[static PK_ID_SIZE]);

#endif
