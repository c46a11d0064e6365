/* SPDX-License-Identifier: Apache-2.0 */
/*
 * daemon/worker.h - the threads that turn bytes into entries, and pages into records.
 */
#ifndef PEYK_DAEMON_WORKER_H
#define PEYK_DAEMON_WORKER_H

#include "daemon/fetcher.h"

#include <pthread.h>

/*
 * Starts `n` workers; ret_threads has room for them. A page whose article goes on
 * elsewhere is handed back to `fetcher`, which outlives them. They end when flow->work
 * is closed and empty. Returns 0, or -errno of the database or pthread_create(3) with
 * none running.
 */
int pk_workers_start(
    struct pk_flow *flow, struct pk_fetcher *fetcher, size_t n, pthread_t *ret_threads);
void pk_workers_join(const pthread_t *threads, size_t n);

#endif
