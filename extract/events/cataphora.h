/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/events/cataphora.h - titles before their names: «سخنگوی وزارت خارجه چین گفت
 * ...» and a sentence later «لین جیان افزود»: one person.
 */
#ifndef PEYK_EXTRACT_EVENTS_CATAPHORA_H
#define PEYK_EXTRACT_EVENTS_CATAPHORA_H

#include "extract/events/scene.h"

/*
 * Gives a person who is named without any office the one that the subject shortly
 * before had without a name (guide to anaphora, rule 8). For scenes that are made and
 * not yet read. Linear.
 */
void pk_names_join(struct pk_scene *scene);

#endif
