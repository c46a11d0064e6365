#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""More servers keep silent than there is room for requests: once that is known of them, the
healthy feeds are polled on time again (F9).

usage: zoo_silent.py BIN
"""
import sys
import time

from harness import Origin, PATIENCE, in_folder, until
import zoo
from zoo_http import DRIFT, HEALTHY, TIMEOUTS, Watch, ZooDaemon, check_on_time

ROOM = 16           # fetch.concurrency
SILENT = 60


def scenario(folder, bin_dir):
    log, names = f'{folder}/origin.jsonl', [f'silent-{n}' for n in range(SILENT)]
    with zoo.Zoo() as animals, Origin(feeds=HEALTHY, start=1, log=log) as site:
        feeds = [f'id: {name}, url: "{animals.add(name, zoo.silent)}"' for name in names]
        feeds += [f'id: h{n}, url: "{site.base}/feed/{n}.xml"' for n in range(1, HEALTHY + 1)]
        daemon = ZooDaemon(bin_dir, folder, feeds, fetch=f'concurrency: {ROOM}, {TIMEOUTS}')
        daemon.start()
        watch = Watch(daemon)
        until('all of them have failed', lambda: daemon.alive() and watch.fewest(names) >= 1)
        known = time.time() + DRIFT     # (what is on its way ends)
        until('most of them were asked again', lambda: watch.all(names) >= 2.5 * SILENT,
              45 * PATIENCE / 30)
        watch.close()
        late = check_on_time(log, since=known)
        daemon.stop()
    print(f'{SILENT} silent servers, a healthy feed at most {late * 1000:.0f} ms late')


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    in_folder(lambda folder: scenario(folder, sys.argv[1]))
