#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A backup is restored: who subscribes sees another epoch, and then everything that is in it (F16).

usage: restore.py BIN

The daemon went on behind the backup, so its numbers stand for other messages afterwards. Both
subscribers stay where they are meanwhile, and learn of it by the wire alone.
"""
import pathlib
import sys

from harness import Daemon, Origin, in_folder, until
from joining import Joined
from oracle import everything_published

PREFIXES = [b'event/', b'feed/']


def back_up(daemon, file):
    until('a backup is begun', lambda: daemon.ask('backup', file=str(file))['ok'])
    until('it is complete', lambda: daemon.ask('backup')['state'] == 'done')


def restore(daemon, file):
    for old in daemon.state.glob('peyk.db*'):
        old.unlink()
    file.rename(daemon.state / 'peyk.db')


def everybody_has_it(daemon, *clients):
    head = max(daemon.journal())
    for client in clients:
        until(f'all up to {head} is seen', lambda c=client: c.has(head))
    return head


def scenario(folder, bin_dir):
    folder, everything, some = pathlib.Path(folder), [], []
    with Origin(feeds=2, start=2) as site:
        daemon = Daemon(bin_dir, folder, [f'id: f{n}, url: "{site.base}/feed/{n}.xml", lang: fa' for n in (1, 2)])
        of_all = Joined(daemon.events, daemon.replay, everything.append)
        of_some = Joined(daemon.events, daemon.replay, some.append, PREFIXES)
        daemon.start()
        everything_published(daemon, site)
        back_up(daemon, folder / 'backup.db')
        site.add(3)
        everything_published(daemon, site)
        head = everybody_has_it(daemon, of_all, of_some)
        assert [m.seq for m in everything] == list(range(1, head + 1))
        daemon.stop()

        first = {m.epoch for m in everything}
        restore(daemon, folder / 'backup.db')
        daemon.start()
        site.add(1)
        everything_published(daemon, site)
        for client in of_all, of_some:
            until('the new epoch is seen', lambda c=client: c.epochs == 1)
        head = everybody_has_it(daemon, of_all, of_some)
        of_all.close()
        of_some.close()
        journal = daemon.journal()
        daemon.stop()

    again = [m for m in everything if m.epoch not in first]
    assert len(first) == 1 and len({m.epoch for m in again}) == 1, 'not one epoch, and then another'
    assert [m.seq for m in again] == list(range(1, head + 1)), 'a hole, or a number of the old epoch'
    assert {m.seq: (m.topic.decode(), m.body) for m in again} == journal
    wanted = sorted(seq for seq, (topic, _) in journal.items() if topic.encode().startswith(tuple(PREFIXES)))
    assert sorted(m.seq for m in some if m.epoch not in first) == wanted
    print(f'{len(everything)} messages in two epochs')


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    in_folder(lambda folder: scenario(folder, sys.argv[1]))
