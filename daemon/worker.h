/* SPDX-License-Identifier: Apache-2.0 */
/*
 * daemon/worker.h - the threads that turn bytes into entries, and pages into records.
 */
#ifndef PEYK_DAEMON_WORKER_H
#define PEYK_DAEMON_WORKER_H

#include "daemon/flow.h"

#include <pthread.h>

/*
 * Starts `n` workers; ret_threads has room for them. They end when flow->work is closed
 * and empty. Returns 0, or -errno of the database or pthread_create(3) with none
 * running.
 */
int pk_workers_start(struct pk_flow *flow, size_t n, pthread_t *ret_threads);
void pk_workers_join(const pthread_t *threads, size_t n);

#endif
