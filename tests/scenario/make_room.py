#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The stream itself fills the disk: who lets go of old messages makes room for new ones (P7).

usage: make_room.py BIN

Deleting takes room, too: intake must have left some. Needs a small disk of its own, as
full_disk.py does, and skips where it cannot have one.
"""
import os
import pathlib
import subprocess
import sys

from full_disk import in_namespace
from harness import Daemon, Origin, Subscriber, in_folder, until
from oracle import everything_published

SIZE = '256m'
FEEDS = 2
LEFT = 17 * 1024 * 1024     # of which intake leaves 16 MiB alone: more than the log takes


def take_all_but(disk, left):
    room = os.statvfs(disk)
    with open(disk / 'others', 'wb') as f:
        os.posix_fallocate(f.fileno(), 0, room.f_bavail * room.f_frsize - left)


def run(folder, bin_dir, disk, site):
    feeds = [f'id: f{n}, url: "{site.base}/feed/{n}.xml", lang: fa' for n in range(1, FEEDS + 1)]
    daemon = Daemon(bin_dir, folder, feeds, state=disk)
    subscriber = Subscriber(daemon.events)
    daemon.start()
    everything_published(daemon, site)
    until('the log was moved', lambda: daemon.ask('status')['counters']['checkpoints'] > 0)
    take_all_but(disk, LEFT)
    site.set({'grow_ms': 50})
    until('the status says degraded', lambda: daemon.alive() and daemon.ask('status').get('degraded'))
    head = daemon.ask('status')['head']
    daemon.configure(feeds, extra='journal: {retention: {bytes: 64KiB}}\n')
    assert daemon.ask('reload')['ok']
    until('there is room', lambda: daemon.alive() and 'degraded' not in daemon.ask('status'))
    until('news comes', lambda: daemon.ask('status')['head'] > head)
    status = daemon.ask('status')
    assert status['oldest'] > 1 and status['counters']['messages_pruned'] > 0, status
    daemon.stop()
    assert daemon.rows('PRAGMA integrity_check') == [('ok',)]
    subscriber.close()
    print(f'{head} messages until the disk was full, {status["head"] - head} more on it')


def scenario(folder, bin_dir):
    disk = pathlib.Path(folder, 'disk')
    disk.mkdir()
    subprocess.run(['mount', '-t', 'tmpfs', '-o', f'size={SIZE}', 'tmpfs', disk], check=True)
    try:
        with Origin(feeds=FEEDS, start=100) as site:
            run(folder, bin_dir, disk, site)
    finally:
        subprocess.run(['umount', '-l', disk], check=True)


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if 'PEYK_TEST_NAMESPACE' not in os.environ:
        in_namespace()
    in_folder(lambda folder: scenario(folder, sys.argv[1]))
