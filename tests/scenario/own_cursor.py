#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Programs on libpeykclient that keep their cursor themselves, in one transaction with the message
(support/own_cursor.c): daemon and programs are killed again and again, in no order, and each has
each message of the journal once.

usage: own_cursor.py BIN PROGRAM [KILLS]
"""
import pathlib
import random
import sqlite3
import subprocess
import sys
import time

from harness import Daemon, Origin, in_folder, running, until

PREFIXES = ('event/STATE/', 'feed/')


class Program:
    def __init__(self, path, daemon, name, prefixes):
        self.database, self.prefixes = daemon.folder / f'{name}.db', prefixes
        self.command = [path, self.database, daemon.events, daemon.replay, *prefixes]
        self.log = daemon.log
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, stdout=self.log, stderr=self.log)
        running.append(self.process)

    def kill(self):
        assert self.process.poll() is None, f'it ended with {self.process.returncode} by itself'
        self.process.kill()
        self.process.wait()

    def has(self):
        """{number: body}; a number may have one epoch alone."""
        if not self.database.exists():
            return {}
        db = sqlite3.connect(self.database, timeout=10)
        try:
            rows = db.execute('SELECT number, body FROM message').fetchall()
        except sqlite3.OperationalError:        # it has not made the table yet
            rows = []
        finally:
            db.close()
        assert len(rows) == len(dict(rows)), 'a number came in two epochs'
        return dict(rows)

    def wants(self, daemon):
        return {number: body for number, (topic, body) in daemon.journal().items()
                if not self.prefixes or topic.startswith(self.prefixes)}


def scenario(folder, bin_dir, path, kills):
    seed = time.time_ns() % 100000
    print(f'seed {seed}')
    chance = random.Random(seed)
    with Origin(feeds=2, grow_ms=40) as site:
        daemon = Daemon(bin_dir, pathlib.Path(folder), [
            f'id: f{n}, url: "{site.base}/feed/{n}.xml", lang: fa, country: IRN' for n in (1, 2)],
            replay='batch: 20, ').start()
        programs = [Program(path, daemon, name, prefixes)
                    for name, prefixes in (('everything', ()), ('some', PREFIXES))]
        for _ in range(kills):
            time.sleep(chance.uniform(0.05, 0.6))       # somewhere in the middle of its work
            victim = chance.choice((daemon, *programs))
            victim.kill()
            victim.start()
        site.set({'grow_ms': 0})
        wanted = sum(len(entries) for entries in site.entries().values())
        until('all articles are published',
              lambda: daemon.rows('SELECT count(*) FROM article') == [(wanted,)])
        for program in programs:
            until('it has all', lambda p=program: p.has() == p.wants(daemon))
            program.kill()
        daemon.stop()
        counts = [len(program.has()) for program in programs]
        assert counts[0] > counts[1] > 0, counts
    print(f'{counts[0]} messages, {counts[1]} of some topics, {kills} kills')


if __name__ == '__main__':
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    KILLS = int(sys.argv[3]) if len(sys.argv) == 4 else 10
    in_folder(lambda folder: scenario(folder, sys.argv[1], sys.argv[2], KILLS))
