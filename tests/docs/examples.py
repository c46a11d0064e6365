#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The subscribers that users copy from miss nothing, and print nothing twice.

usage: examples.py BIN plain|curve PROGRAM [ARGUMENT...]

Two of them follow the real daemon, one everything and one some prefixes. The daemon is killed
and starts again, they are stopped and go on from their cursor files, the journal loses its
beginning, and is made anew. Each prints each message of the journal once, byte for byte.
"""
import collections
import pathlib
import shutil
import signal
import subprocess
import sys
import time

sys.path[:0] = [str(pathlib.Path(__file__).parents[1] / folder) for folder in ('scenario', 'conformance')]
from daemon import arguments_for_keys, make_keys            # noqa: E402
from harness import Daemon, Origin, in_folder, until        # noqa: E402

FEEDS = 2
PREFIXES = ('event/', 'feed/')


class Example:
    """One of them, with what it has printed in all its lives."""

    def __init__(self, name, daemon, command, prefixes, options):
        self.daemon, self.prefixes = daemon, prefixes
        self.out, self.cursor = (daemon.folder / f'{name}.{kind}' for kind in ('out', 'cursor'))
        self.command = [*command, '--cursor', self.cursor, *options,
                        daemon.events, daemon.replay, *prefixes]
        self.name, self.process, self.started_ns = name, None, 0

    def start(self):
        self.started_ns = time.time_ns()
        self.process = subprocess.Popen(self.command, stdout=open(self.out, 'ab'), stderr=self.daemon.log)
        return self

    def stop(self):
        until(f'{self.name} is at work', lambda: self.alive() and self.has_saved())
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(10)
        assert code == 0, f'{self.name} ended with {code}'

    def lines(self):
        """[(number, topic, body)]"""
        whole = self.out.read_bytes().rpartition(b'\n')[0] if self.out.exists() else b''
        return [(int(n), topic.decode(), body) for n, topic, body in
                (line.split(b' ', 2) for line in whole.split(b'\n') if line)]

    def wanted(self, journal):
        return {n: m for n, m in journal.items() if not self.prefixes or m[0].startswith(self.prefixes)}

    def alive(self):
        code = self.process.poll()
        assert code is None, f'{self.name} ended with {code}'
        return True

    def has_saved(self):
        return self.cursor.exists() and self.cursor.stat().st_mtime_ns > self.started_ns

    def has_all(self):
        return self.alive() and self.missing() == set()

    def missing(self):
        return set(self.wanted(self.daemon.journal())) - {n for n, _, _ in self.lines()}

    def check(self, journal, lost=range(0)):
        """`lost` were pruned before it could have them."""
        lines = self.lines()
        wanted = self.wanted(journal)
        twice = [n for n, times in collections.Counter(n for n, _, _ in lines).items() if times > 1]
        assert not twice, f'{self.name} printed twice: {twice[:10]}'
        got = {n: (topic, body) for n, topic, body in lines}
        holes = sorted(set(wanted) - set(got) - set(lost))
        assert not holes, f'{self.name} never printed {holes[:10]}'
        assert set(got) <= set(wanted), f'{self.name} printed what is not in the journal'
        assert all(got[n] == wanted[n] for n in got), f'{self.name} printed other bytes'
        numbers = [n for n, _, _ in lines]
        assert self.prefixes or numbers == sorted(numbers), f'{self.name} printed out of order'
        print(f'{self.name}: {len(got)} of {len(wanted)} messages')


def everybody_has_all(examples):
    for example in examples:
        until(f'{example.name} prints the newest', example.has_all)


def all_published(site, daemon):
    wanted = sum(len(entries) for entries in site.entries().values())
    until(f'all of {wanted} articles are published',
          lambda: daemon.rows('SELECT count(*) FROM article') == [(wanted,)])


def grow(site, daemon, by):
    site.set({'add': by})
    all_published(site, daemon)


def kill_in_the_middle(site, daemon, examples):
    for _ in range(2):
        site.set({'add': 2})
        (there,), = daemon.rows('SELECT count(*) FROM article')
        until('one of them is published', lambda n=there: daemon.rows('SELECT count(*) FROM article') > [(n,)])
        daemon.kill()
        daemon.start()
    all_published(site, daemon)
    everybody_has_all(examples)


def go_on_from_the_file(site, daemon, examples):
    for _ in range(3):
        printed = [len(example.lines()) for example in examples]
        site.set({'add': 1})
        for example, n in zip(examples, printed):
            until(f'{example.name} prints more', lambda e=example, n=n: e.alive() and len(e.lines()) > n)
            example.stop()      # in the middle of it
        for example in examples:
            example.start()     # and more comes while they catch up
    all_published(site, daemon)
    everybody_has_all(examples)


def prune_what_they_have_not_seen(site, daemon, examples):
    """Returns what stood in the journal before, and the numbers that are lost to everybody."""
    for example in examples:
        example.stop()
    (seen,), = daemon.rows('SELECT max(seq) FROM message')
    grow(site, daemon, 2)
    daemon.stop()
    journal = daemon.journal()
    daemon.write(f'DELETE FROM message WHERE seq <= {seen + 2}')
    daemon.start()
    for example in examples:
        example.start()
    everybody_has_all(examples)
    return journal, range(seen + 1, seen + 3)


def another_journal(site, daemon, examples):
    """Of the same site, under other numbers: they go on by themselves."""
    daemon.stop()
    for path in daemon.state.glob('peyk.db*'):
        path.unlink()
    for example in examples:
        example.out.write_bytes(b'')
    daemon.start()
    until('there is a database', lambda: (daemon.state / 'peyk.db').exists())
    all_published(site, daemon)
    everybody_has_all(examples)
    for example in examples:
        example.check(daemon.journal())


def scenario(folder, bin_dir, curve, command):
    folder = pathlib.Path(folder)
    keys = make_keys(bin_dir, folder) if curve else ''
    options = arguments_for_keys(folder)[:4] if curve else []
    with Origin(feeds=FEEDS, start=4, grow_ms=0) as site:
        feeds = [f'id: f{n}, url: "{site.base}/feed/{n}.xml", lang: fa, country: IRN' for n in range(1, FEEDS + 1)]
        daemon = Daemon(bin_dir, folder, feeds, publish=keys, replay='batch: 10, ').start()
        all_published(site, daemon)
        examples = [Example(name, daemon, command, prefixes, options).start()
                    for name, prefixes in (('everything', ()), ('filtered', PREFIXES))]
        everybody_has_all(examples)
        kill_in_the_middle(site, daemon, examples)
        go_on_from_the_file(site, daemon, examples)
        if curve:       # the rest has nothing to do with keys
            for example in examples:
                example.check(daemon.journal())
                example.stop()
            daemon.stop()
            return
        journal, lost = prune_what_they_have_not_seen(site, daemon, examples)
        for example in examples:
            example.check({**journal, **daemon.journal()}, lost)
        another_journal(site, daemon, examples)
        for example in examples:
            example.stop()
        daemon.stop()


def cannot_run(command):
    """Why an example cannot run here, or nothing."""
    if pathlib.Path(command[0]).name != 'node':
        return None
    if not shutil.which(command[0]):
        return 'there is no node'
    result = subprocess.run([command[0], '--input-type=module', '--eval', 'import "zeromq"'], capture_output=True,
                            text=True, cwd=pathlib.Path(command[1]).parent, check=False)
    return result.returncode and f'node has no zeromq (./dev setup): {result.stderr.strip()[-300:]}'


if __name__ == '__main__':
    if len(sys.argv) < 4 or sys.argv[2] not in ('plain', 'curve'):
        sys.exit(__doc__)
    if why := cannot_run(sys.argv[3:]):
        print(why)
        sys.exit(77)
    in_folder(lambda folder: scenario(folder, sys.argv[1], sys.argv[2] == 'curve', sys.argv[3:]))
