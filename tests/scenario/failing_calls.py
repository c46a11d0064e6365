#!/usr/bin/env python3
"""The kth call of the operating system fails, for k = 1, 2, ... until the end (F4).

usage: failing_calls.py BIN failing_calls.so [KIND K MS ERRNO]

Each run is a daemon of its own on a small site. One call to allocate, write, sync, open,
truncate or rename fails in it, or all do for a while. It must not crash: while it starts it may
refuse to, with a message. Otherwise it goes on by itself; nothing is published that is not in
the journal, nothing is lost, and the database is whole. The last four arguments repeat one run.
"""
import collections
import concurrent.futures
import errno
import json
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import sys
import time

from harness import LONG, Daemon, Origin, Subscriber, in_folder, until
from oracle import published, read_journal

FEEDS, ENTRIES = 2, 2
AT_ONCE = 2 * (os.cpu_count() or 1)
WHILE_MS = 400          # how long those last that do not fail only once
PATIENCE_S = 150        # a robots.txt that cannot be had is asked for again after a minute
QUICK = {'alloc': 20, 'write': 7, 'sync': 5, 'open': 6, 'truncate': 1, 'rename': 1}     # so many runs
ERRORS = {'alloc': ('ENOMEM',), 'write': ('EIO', 'ENOSPC'), 'sync': ('EIO',), 'open': ('EMFILE', 'EIO'),
          'truncate': ('EIO',), 'rename': ('EIO',)}
POLL = 'poll: {interval: 2s, min_interval: 1s, adaptive: false, backoff: {first: 3s, max: 3s}}'

ENVELOPE = {'specversion', 'id', 'source', 'type', 'subject', 'time', 'datacontenttype', 'data'}

Fault = collections.namedtuple('Fault', 'kind k ms error')


class Run:
    """One daemon, one fault, and what came of it."""

    def __init__(self, bin_dir, shim, folder, site, fault):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self.site, self.fault = site, fault
        self.report = self.folder / 'report'
        self.environment = {
            'LD_PRELOAD': str(shim), 'PEYK_FAILING_REPORT': str(self.report),
            'PEYK_FAILING_CALLS': f'{fault.kind} {fault.k} {fault.ms} {getattr(errno, fault.error)}'}
        self.daemon = Daemon(bin_dir, self.folder, [
            f'id: f{n}, url: "{site.base}/feed/{n}.xml", lang: fa' for n in range(1, FEEDS + 1)],
            poll=POLL)
        self.wanted = sorted(e.link for entries in site.entries().values() for e in entries)
        self.refused = self.was_up = False

    def reported(self, what):
        text = self.report.read_text(errors='replace') if self.report.exists() else ''
        return [line for line in text.splitlines() if line.startswith(what + ': ')]

    def ways(self):
        """The first calls of each way by which calls come, of the kind that was counted."""
        return [int(line.split()[1]) for line in self.reported('way')]

    def calls(self):
        return {name: int(n) for _, name, n in (line.split() for line in self.reported('calls'))}

    def ended(self):
        """It ended by itself: only a start may, and it says why."""
        code = self.daemon.process.wait()
        said = self.daemon.said()
        self.daemon.process = None
        assert code == 1, f'it crashed: {code}'
        assert not self.was_up, 'it gave up while it was at work'
        assert said.strip(), 'it refused to start without a word'
        self.refused = True

    def all_there(self):
        if self.daemon.process.poll() is not None:
            self.ended()
            self.daemon.launch()
        try:
            self.was_up = self.was_up or self.daemon.ask('status') is not None
            return published(self.daemon) >= len(self.wanted)
        except (OSError, ValueError, sqlite3.Error):    # it is not there yet, or its files are not
            return False

    def go(self):
        subscriber = Subscriber(self.daemon.events)
        try:
            self.daemon.launch(**self.environment)
            until('everything is published', self.all_there, PATIENCE_S)
            self.daemon.ask('status')
            self.stop()
            self.check(subscriber)
            shutil.rmtree(self.folder / 'quarantine', ignore_errors=True)
            for file in self.folder.glob('peyk.db*'):   # thousands of them fill a disk
                file.unlink()
        finally:
            subscriber.stopping = True
            subscriber.join()
            subscriber.context.destroy(linger=0)
            self.daemon.log.close()
            if self.daemon.process and self.daemon.process.poll() is None:
                self.daemon.kill()

    def stop(self):
        process, self.daemon.process = self.daemon.process, None
        process.send_signal(signal.SIGTERM)
        code = process.wait(PATIENCE_S)
        assert code == 0, f'it ended with {code}'

    def check(self, subscriber):
        epoch, journal = read_journal(self.daemon)
        assert list(journal) == list(range(1, len(journal) + 1)), 'numbers do not rise by one'
        for topic, its_epoch, seq, body in subscriber.messages:
            assert (its_epoch, journal.get(seq)) == (epoch, (topic.encode(), body)), \
                f'message {seq} was seen and is not in the journal'
        urls = sorted(json.loads(body)['data']['url'] for topic, body in journal.values()
                      if topic.startswith(b'article/'))
        assert urls == self.wanted, 'an article is missing, or came twice'
        for topic, body in journal.values():
            missing = ENVELOPE - set(json.loads(body))
            assert not missing, f'a message {topic} without {missing}'
        for heartbeat in subscriber.heartbeats:
            assert heartbeat['data']['head'] <= len(journal), 'a head that never was'


def one_run(bin_dir, shim, folder, site, fault):
    """(the run, None or what went wrong)"""
    run = Run(bin_dir, shim, pathlib.Path(folder, f'{fault.kind}-{fault.k}-{fault.ms}-{fault.error}'), site, fault)
    began = time.monotonic()
    try:
        run.go()
    except Exception as e:      # of any kind: the others go on
        return run, f'{type(e).__name__}: {e}'
    finally:
        run.took = time.monotonic() - began
    return run, None


def faults(calls, ways):
    """Each call of files, once and for a while; of memory a quarter of the ways by which it is asked
    for, another one each time, and some of them for a while. The quick form draws a few of each."""
    chance = random.Random()
    all_of = [Fault('alloc', k, 0, 'ENOMEM') for k in ways[chance.randrange(4)::4]]
    all_of += [Fault('alloc', k, WHILE_MS, 'ENOMEM') for k in ways[chance.randrange(12)::12]]
    for kind in ('write', 'sync', 'open', 'truncate', 'rename'):
        for k in range(1, calls[kind] + 1):
            error = ERRORS[kind][k % len(ERRORS[kind])]
            all_of += [Fault(kind, k, 0, error), Fault(kind, k, WHILE_MS, error)]
    if LONG:
        return all_of
    sample = []
    for kind, n in QUICK.items():
        some = [fault for fault in all_of if fault.kind == kind]
        sample += chance.sample(some, min(n, len(some)))
    return sample


def tell(run, wrong):
    print(f'{" ".join(map(str, run.fault))}: {wrong}')
    print('\n'.join('    ' + line for line in [
        *(run.report.read_text(errors='replace') if run.report.exists() else '').splitlines()[:60],
        *run.daemon.said().splitlines()[-12:]]), flush=True)


def scenario(folder, bin_dir, shim, wanted):
    with Origin(feeds=FEEDS, start=ENTRIES) as site:
        counting, wrong = one_run(bin_dir, shim, folder, site, Fault('alloc', 0, 0, 'ENOMEM'))
        assert wrong is None, f'without any fault: {wrong}\n{counting.daemon.said()}'
        calls = counting.calls()
        print(f'calls of a run: {calls}, memory in {len(counting.ways())} ways', flush=True)
        assert all(calls[kind] > 0 for kind in ('alloc', 'write', 'sync', 'open')), calls
        todo = wanted or faults(calls, counting.ways())
        hit, refused, bad, began = 0, 0, [], time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            for run, wrong in pool.map(lambda fault: one_run(bin_dir, shim, folder, site, fault), todo):
                hit += bool(run.reported('failed'))
                refused += run.refused
                if wrong:
                    bad.append(run.fault)
                    tell(run, wrong)
        print(f'{len(todo)} runs, a call failed in {hit}, {refused} refused to start, {len(bad)} went wrong, '
              f'{time.monotonic() - began:.0f} s')
        assert not bad, bad
        assert wanted or hit > len(todo) // 2, 'hardly a call failed: is the shim at work?'


if __name__ == '__main__':
    if len(sys.argv) not in (3, 7):
        sys.exit(__doc__)
    WANTED = [Fault(sys.argv[3], int(sys.argv[4]), int(sys.argv[5]), sys.argv[6])] if len(sys.argv) == 7 else []
    in_folder(lambda folder: scenario(folder, sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), WANTED))
