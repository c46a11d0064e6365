/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config/value.h - the types of values: how each is written, stored and compared.
 */
#ifndef PEYK_CONFIG_VALUE_H
#define PEYK_CONFIG_VALUE_H

#include "base/arena.h"
#include "base/buf.h"

/*
 *	VALUE(TYPE, name, storage, text -> value, words or NULL, item type, examples)
 *
 * Storage: NUMBER int64_t · FLAG bool · WORD int-sized enum · TEXT struct pk_span ·
 * TEXTS struct pk_config_texts · NUMBERS struct pk_config_numbers · HEADERS
 * struct pk_config_headers · TREE is taken apart by config/parse.c.
 */
/* clang-format off */
#define PK_VALUES(VALUE)                                                                     \
	VALUE(COUNT,     "number",    NUMBER,  count,     NULL,       NONE,     "1, 250")            \
	VALUE(DURATION,  "duration",  NUMBER,  duration,  NULL,       NONE,     "30s, 5m, 1h")       \
	VALUE(SIZE,      "size",      NUMBER,  size,      NULL,       NONE,     "512KiB, 16MiB")     \
	VALUE(PERCENT,   "percentage", NUMBER, percent,   NULL,       NONE,     "10%")               \
	VALUE(BOOL,      "switch",    FLAG,    flag,      NULL,       NONE,     "true, false")       \
	VALUE(LOG_LEVEL, "log level", WORD,    NULL,      log_levels, NONE,     "info, debug")       \
	VALUE(SYNC,      "sync mode", WORD,    NULL,      syncs,      NONE,     "full, normal")      \
	VALUE(ACCESS,    "permission", WORD,   NULL,      accesses,   NONE,     "deny, allow")       \
	VALUE(TEXT,      "text",      TEXT,    text,      NULL,       NONE,     "a line of words")   \
	VALUE(PATH,      "absolute path", TEXT, path,     NULL,       NONE,     "/var/lib/peyk")     \
	VALUE(SECRET,    "place of a secret", TEXT, secret, NULL,     NONE,     "/etc/peyk/curve.secret, credential:curve.secret") \
	VALUE(ID,        "id",        TEXT,    id,        NULL,       NONE,     "irna-politics: at most 32 of a-z, 0-9 and -") \
	VALUE(URL,       "URL",       TEXT,    url,       NULL,       NONE,     "https://example.org/rss") \
	VALUE(LANG,      "language",  TEXT,    lang,      NULL,       NONE,     "fa, en")            \
	VALUE(COUNTRY,   "country",   TEXT,    country,   NULL,       NONE,     "IRN, DEU")          \
	VALUE(LINKS,     "selector of links", TEXT, links, NULL,      NONE,     "main .news a, or auto")  \
	VALUE(ENDPOINT,  "endpoint",  TEXT,    endpoint,  NULL,       NONE,     "tcp://127.0.0.1:7551, ipc:///run/peyk/events.sock") \
	VALUE(ADDRESS,   "address",   TEXT,    host_port, NULL,       NONE,     "127.0.0.1:7554, [::1]:7554") \
	VALUE(CIDR,      "network",   TEXT,    cidr,      NULL,       NONE,     "127.0.0.1/32, fd00::/8") \
	VALUE(PORT,      "port",      NUMBER,  port,      NULL,       NONE,     "80, 443")           \
	VALUE(PATTERN,   "file pattern", TEXT, text,      NULL,       NONE,     "feeds.d/*.yaml")    \
	VALUE(ENDPOINTS, "list of endpoints", TEXTS, NULL, NULL,      ENDPOINT, "[\"tcp://127.0.0.1:7551\"]") \
	VALUE(CIDRS,     "list of networks", TEXTS, NULL, NULL,       CIDR,     "[127.0.0.1/32]")    \
	VALUE(PORTS,     "list of ports", NUMBERS, NULL,  NULL,       PORT,     "[80, 443]")         \
	VALUE(HEADERS,   "mapping of header fields", HEADERS, NULL, NULL, NONE, "{Accept-Language: fa}") \
	VALUE(PUBLISHER, "publisher", TREE,    NULL,      NULL,       NONE,     "irna, {id: irna, latin: IRNA}") \
	VALUE(DEFAULTS,  "mapping",   TREE,    NULL,      NULL,       NONE,     "{lang: fa}")        \
	VALUE(GROUPS,    "list of groups", TREE, NULL,    NULL,       NONE,     "[{id: tehran, feeds: []}]") \
	VALUE(FEEDS,     "list of feeds", TREE, NULL,     NULL,       NONE,     "[{id: irna, url: ...}]") \
	VALUE(INCLUDES,  "list of file patterns", TREE, NULL, NULL,   PATTERN,  "[feeds.d/*.yaml]")
/* clang-format on */

enum pk_value_type {
	PK_VALUE_NONE,
#define VALUE_NAME_(TYPE, ...) PK_VALUE_##TYPE,
	PK_VALUES(VALUE_NAME_)
#undef VALUE_NAME_
	    PK_VALUE_TYPES
};

enum pk_value_storage {
	PK_STORED_TREE,
	PK_STORED_NUMBER,
	PK_STORED_FLAG,
	PK_STORED_WORD,
	PK_STORED_TEXT,
	PK_STORED_TEXTS,
	PK_STORED_NUMBERS,
	PK_STORED_HEADERS,
};

struct pk_value_word {
	const char *word;
	int value;
};

struct pk_value_info {
	const char *name; /* "duration" */
	const char *examples;
	enum pk_value_storage storage;
	enum pk_value_type item; /* of lists */
	const struct pk_value_word
	    *words; /* the last one has no word; NULL: any text */
	int (*parse)(struct pk_arena *arena, struct pk_span text, void *ret_field);
};

const struct pk_value_info *pk_value_info(enum pk_value_type type);

/*
 * Reads one scalar of a type that is neither a list nor a tree into its field; texts
 * are copied into the arena.
 *
 * Returns 0, -EBADMSG (not such a value), -ERANGE (outside of min..max, which are
 * values as in options.def), -EPERM (a URL with a user name: do not repeat it, it may
 * hold a password) or -ENOMEM. The field is untouched on failure.
 */
int pk_value_parse(struct pk_arena *arena, enum pk_value_type type, struct pk_span text,
    const char *min, const char *max, void *ret_field);

/* Was anything stored? Absent texts, empty lists and, among a feed's keys, the number 0
 * were not. */
bool pk_value_present(enum pk_value_type type, const void *field);

bool pk_value_equal(enum pk_value_type type, const void *a, const void *b);

/*
 * Appends the value as YAML, on one line, so that it reads back as the same. Returns 0,
 * -E2BIG or -ENOMEM.
 */
int pk_value_write(enum pk_value_type type, const void *field, struct pk_buf *buf);

/* Appends the text in double quotes, escaped. */
int pk_value_write_text(struct pk_span text, struct pk_buf *buf);

/* At most 32 of a-z, 0-9 and '-', and at least one. */
bool pk_value_is_id(struct pk_span text);

/* Can only this machine connect to the endpoint? */
bool pk_value_is_local_endpoint(struct pk_span endpoint);

#endif
