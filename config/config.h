/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config/config.h - the door of the room: from peyk.yaml to a configuration, and back.
 *
 * Everything that is wrong in all files comes out in one go. Nothing here logs or
 * touches the network.
 */
#ifndef PEYK_CONFIG_CONFIG_H
#define PEYK_CONFIG_CONFIG_H

#include "config/report.h"
#include "config/snapshot.h"

#define PK_CONFIG_DEFAULT_PATH "/etc/peyk/peyk.yaml"

/* Limits; beyond them a file is refused. */
#define PK_CONFIG_FILE_MAX      ((size_t)4 * 1024 * 1024)
#define PK_CONFIG_FILES_MAX     1000
#define PK_CONFIG_INCLUDE_DEPTH 8
#define PK_CONFIG_FEEDS_MAX     100000

/*
 * Reads the file and what it includes. On success gives a configuration with one
 * reference.
 *
 * Returns 0, -EBADMSG (the report says what a person should change; also when a file
 * is not there) or -ENOMEM. The report must have been initialised; it may hold warnings
 * when 0 is returned. Any thread.
 */
int pk_config_load(
    const char *path, struct pk_config **ret_config, struct pk_config_report *report);

/*
 * The same of text that is at hand; `name` stands for the file in messages. Includes
 * are refused, so that no file is touched.
 */
int pk_config_load_text(const char *name, struct pk_span text,
    struct pk_config **ret_config, struct pk_config_report *report);

/*
 * Appends the configuration in effect as YAML: every key, and every feed with what it
 * got from its group. It loads to an equal configuration. Returns 0, -E2BIG or -ENOMEM.
 */
int pk_config_dump(const struct pk_config *config, struct pk_buf *buf);

#endif
