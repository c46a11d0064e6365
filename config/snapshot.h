/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config/snapshot.h - a configuration as the daemon reads it.
 *
 * Made whole by pk_config_load() and never changed after, so that any thread may read
 * it for as long as it holds a reference. Every text in it is followed by a NUL, so
 * that .ptr can be used as a C string; a text that was not given is {NULL, 0}.
 */
#ifndef PEYK_CONFIG_SNAPSHOT_H
#define PEYK_CONFIG_SNAPSHOT_H

#include "base/cleanup.h"
#include "base/doc.h"
#include "base/log.h"

enum pk_config_access { PK_CONFIG_DENY, PK_CONFIG_ALLOW };
enum pk_config_sync { PK_CONFIG_SYNC_FULL, PK_CONFIG_SYNC_NORMAL };

struct pk_config_texts {
	const struct pk_span *items;
	size_t n;
};

struct pk_config_numbers {
	const int64_t *items;
	size_t n;
};

struct pk_config_header {
	struct pk_span name;
	struct pk_span value;
};

struct pk_config_headers {
	const struct pk_config_header *items;
	size_t n;
};

/* A feed with what its group and the section poll say about it. */
struct pk_config_feed {
	struct pk_span id;
	struct pk_span group; /* absent where it has none */
	struct pk_span url;   /* percent-encoded, as pk_url_resolve() gives it */
	struct pk_span title;
	struct pk_span lang;
	struct pk_span country;
	/*
	 * The country is the feed's where the publisher has none of its own. The id is
	 * absent only when nothing was said about the publisher.
	 */
	struct pk_publisher publisher;
	struct pk_config_headers headers;
	struct pk_span links; /* of an HTML page: a selector, or "auto" */
	int64_t interval_ms;  /* 0: not given */
	bool websub;
	bool enabled;
};

struct pk_config_feeds {
	const struct pk_config_feed *items;
	size_t n;
};

/* What each key means stands in config/options.def. */
struct pk_config {
	int64_t version;
	struct pk_span instance;
	struct {
		struct pk_span state_dir;
		struct pk_span data_dir; /* absent: find it */
		struct pk_span control;
		int64_t workers;
		enum pk_log_level log_level;
	} daemon;
	struct {
		struct pk_span user_agent;
		int64_t concurrency;
		struct {
			int64_t connections;
			int64_t min_delay_ms;
		} per_host;
		struct {
			int64_t connect_ms;
			int64_t total_ms;
			int64_t stall_ms;
		} timeouts;
		struct {
			struct pk_span ca_file; /* absent: the system's alone */
		} tls;
		struct {
			int64_t feed_bytes;
			int64_t page_bytes;
			int64_t inflate_ratio;
			int64_t redirects;
		} limits;
		int64_t pages_max;
		bool robots;
		int64_t quarantine_bytes;
		enum pk_config_access private_networks;
		struct pk_config_texts allow_cidrs; /* "127.0.0.1/32", "fd00::/8" */
		struct pk_config_numbers allow_ports;
	} fetch;
	struct {
		struct pk_span knowledge; /* absent: no tables of the user's */
		struct pk_span sites;     /* absent: no rules of the user's */
		struct {
			int64_t window_ms; /* 0: no stories */
		} story;
	} extract;
	struct {
		int64_t interval_ms;
		bool adaptive;
		int64_t min_interval_ms;
		int64_t max_interval_ms;
		int64_t jitter_percent;
		struct {
			int64_t first_ms;
			int64_t max_ms;
		} backoff;
	} poll;
	struct {
		struct pk_span callback; /* absent: no WebSub */
		struct pk_span listen;
		int64_t lease_ms;
	} websub;
	struct {
		enum pk_config_sync sync;
		struct {
			int64_t rows;
			int64_t delay_ms;
		} group_commit;
		struct {
			int64_t age_ms;
			int64_t bytes;
			int64_t hold_ms; /* 0: cursors hold nothing */
		} retention;
	} journal;
	struct {
		struct {
			struct pk_config_texts bind;
			int64_t sndhwm;
		} events;
		struct {
			struct pk_config_texts bind; /* none: no replay */
			int64_t batch;
			int64_t batch_bytes;
			int64_t waiting;
			int64_t unread_bytes;
		} replay;
		struct {
			bool enabled;
			struct pk_span secret;  /* a file, or "credential:NAME" */
			struct pk_span clients; /* a folder */
		} curve;
		int64_t heartbeat_ms;
		bool allow_public_plain;
	} publish;
	struct pk_config_feeds feeds; /* of all files and groups, in the order of ids */
	struct pk_config_texts groups; /* their ids, in order */
};

/* One more holder of the configuration. Returns it. Any thread. */
struct pk_config *pk_config_ref(struct pk_config *config);

/* One holder less; the last one frees it. NULL is fine. Returns NULL. Any thread. */
struct pk_config *pk_config_unref(struct pk_config *config);
PK_DEFINE_CLEANUP(struct pk_config *, pk_config_unref);

/* The feed of this id, or NULL. Borrowed from the configuration. */
const struct pk_config_feed *pk_config_feed(
    const struct pk_config *config, struct pk_span id);

/* What it takes for a changed key to have effect. */
enum pk_reload { PK_RELOAD_LIVE, PK_RELOAD_REBIND, PK_RELOAD_RESTART };

struct pk_config_change {
	const char *path; /* static: "publish.events.bind" */
	enum pk_reload reload;
};

/* What differs between two configurations; borrows from both. */
struct pk_config_diff {
	const struct pk_config_feed **added; /* from the new one */
	size_t n_added;
	const struct pk_config_feed **removed; /* from the old one */
	size_t n_removed;
	const struct pk_config_feed *
	    *changed; /* from the new one, the id is the same */
	size_t n_changed;
	struct pk_config_change *keys; /* outside of the feeds */
	size_t n_keys;
	bool rebind;  /* is there a key of that class? */
	bool restart; /* the same */
};

/* Compares. Returns 0 or -ENOMEM. Free the result by pk_config_diff_done(). */
int pk_config_diff(const struct pk_config *old, const struct pk_config *new,
    struct pk_config_diff *ret_diff);
void pk_config_diff_done(struct pk_config_diff *diff);

#endif
