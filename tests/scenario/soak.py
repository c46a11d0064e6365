#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Everything at once, for long: memory and descriptors stay what they were (F15, P6).

usage: soak.py BIN [SECONDS [FEEDS]]

Thousands of feeds, of which a few have something new each second; a subscriber that misses nothing,
others that come and go, one that reads the whole journal again and again, reloads, backups, retention.
A first part of the time is for what has to fill once: caches, the story window, the journal.
"""
import collections
import contextlib
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import threading
import time

from harness import LONG, Daemon, Origin, descriptors, in_folder, is_sanitized, memory_kb, until
from joining import Joined
from origin import Entry
from replay_client import ReplayClient

SECONDS, FEEDS = (1200, 2000) if LONG else (4, 200)
NEWS_PER_S = 8 if LONG else 20      # entries, in all feeds together
SHOWN = 10                          # entries that a feed shows
EVERY_S = {'poll': 60, 'reload': 15, 'backup': 180, 'guest': 5, 'reader': 10, 'sample': 5, 'word': 60} if LONG \
    else {'poll': 2, 'reload': 1.5, 'backup': 2, 'guest': 0.5, 'reader': 1, 'sample': 0.2, 'word': 60}
STORY = '60s' if LONG else '1s'     # what is kept in memory to be compared with
KEPT = '240s' if LONG else '3s'     # of the journal
GUESTS = 50                         # feeds that a reload takes away, and the next one brings back
DRIFT, DRIFT_KB = 0.02, 4096 if LONG else 32768


class Site(Origin):
    """Feed after feed gets its next entry."""

    def __init__(self, feeds, per_s):
        self.began, self.per_s = time.time(), per_s
        super().__init__(feeds=feeds, start=0, window=SHOWN)

    def entries(self, feed=None):
        turn = int((time.time() - self.began) * self.per_s)     # so many entries in all feeds
        n = (turn + self.feeds - feed) // self.feeds + 1        # each has one to begin with
        return [Entry(self.base, feed, i, int(self.began + max(0, (i - 2) * self.feeds + feed) / self.per_s))
                for i in range(1, n + 1)]


def serve(feeds, per_s):
    """The site, in a process of its own, until it is terminated."""
    with Site(feeds, per_s) as site:
        print(site.base, flush=True)
        signal.sigwait([signal.SIGTERM])


@contextlib.contextmanager
def another_process_serving(feeds):
    with subprocess.Popen([sys.executable, __file__, '--serve', str(feeds), str(NEWS_PER_S)],
                          stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


class Steady:
    """Gets every message, once, in its order."""

    def __init__(self, daemon):
        self.n, self.seq, self.wrong = 0, None, []
        self.client = Joined(daemon.events, daemon.replay, self.hand_on)

    def hand_on(self, message):
        if self.seq is not None and message.seq != self.seq + 1:
            self.wrong.append((self.seq, message.seq))
        self.n, self.seq = self.n + 1, message.seq

    def close(self):
        self.client.close()
        assert not self.wrong and not self.client.lost, (self.wrong[:5], self.client.lost[:5])


class Life:
    """What users and operators do to it meanwhile."""

    def __init__(self, daemon, feeds):
        self.daemon, self.feeds = daemon, feeds
        self.done, self.guests, self.read_again, self.failure = collections.Counter(), [], 0, None
        self.stopping = threading.Event()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        """All that there is, each time on a new connection."""
        try:
            while not self.stopping.wait(EVERY_S['reader']):
                with ReplayClient(self.daemon.replay, patience_s=60) as client:
                    messages, _ = client.everything(limit=500)
                    self.read_again += len(messages)
        except Exception as e:      # for close() to raise
            self.failure = e

    def reload(self):
        shown = self.feeds if self.done['reload'] % 2 else self.feeds[:-GUESTS]
        configure(self.daemon, shown)
        before = self.daemon.ask('status')['generation']
        self.daemon.process.send_signal(signal.SIGHUP)
        until('the reload is over', lambda: self.daemon.ask('status')['generation'] > before, 60)

    def backup(self):
        copy = self.daemon.folder / 'copy.db'
        copy.unlink(missing_ok=True)
        subprocess.run([self.daemon.bin / 'peyk', 'backup', '--control', self.daemon.control, copy],
                       check=True, stdout=subprocess.DEVNULL, timeout=120)

    def guest(self):
        """One comes, and the third last one goes."""
        self.guests.append(Joined(self.daemon.events, self.daemon.replay, lambda message: None,
                                  prefixes=[b'event/'] if self.done['guest'] % 2 else []))
        if len(self.guests) > 3:
            self.guests.pop(0).close()

    def do(self, what):
        getattr(self, what)()
        self.done[what] += 1

    def close(self):
        self.stopping.set()
        self.reader.join()
        for guest in self.guests:
            guest.close()
        if self.failure:
            raise self.failure


def configure(daemon, feeds):
    daemon.configure(
        feeds, f'extract: {{story: {{window: {STORY}}}}}\njournal: {{retention: {{age: {KEPT}}}}}\n',
        poll=f'poll: {{interval: {EVERY_S["poll"]}s, min_interval: 1s, adaptive: false,'
             ' backoff: {first: 1s, max: 10s}}')


class Samples:
    def __init__(self, daemon):
        self.daemon, self.began, self.all = daemon, time.monotonic(), []

    def take(self):
        process = self.daemon.process
        self.all.append((time.monotonic() - self.began, memory_kb(process), memory_kb(process, 'RssAnon'),
                         descriptors(process)))

    def word(self, steady):
        at, rss, anon, fds = self.all[-1]
        counters = self.daemon.ask('status')['counters']
        wal = self.daemon.state / 'peyk.db-wal'
        print(f'{at / 60:5.1f} min: {rss} KiB, {anon} anonymous, {fds} descriptors, {steady.n} messages, '
              f'{counters["polls"]} polls, {counters["articles"]} articles, {counters["replay_messages"]} replayed, '
              f'database {(self.daemon.state / "peyk.db").stat().st_size >> 10} KiB, '
              f'WAL {wal.stat().st_size >> 10 if wal.exists() else 0} KiB', flush=True)

    def part(self, column, first, last):
        """Between two fractions of the time."""
        whole = self.all[-1][0]
        return [row[column] for row in self.all if first * whole <= row[0] <= last * whole]

    def slope(self, column, first=0.5):
        """A line's through the rest of the time, for an hour."""
        rows = [(row[0], row[column]) for row in self.all if row[0] >= first * self.all[-1][0]]
        t, y = (sum(values) / len(rows) for values in zip(*rows))
        return 3600 * sum((a - t) * (b - y) for a, b in rows) / sum((a - t) ** 2 for a, _ in rows)

    def check(self):
        """Of connections and of what is under way there is more and less: half of the time there is no
        more than half of the time before."""
        for name, column, slack in (('KiB', 1, None), ('KiB anonymous', 2, None), ('descriptors', 3, 3)):
            early, late = (statistics.median(self.part(column, *part)) for part in ((0.5, 0.7), (0.8, 1)))
            limit = early + (max(early * DRIFT, DRIFT_KB) if slack is None else slack)
            print(f'{name}: {early:.0f}, at the end {late:.0f}; {self.slope(column):+.0f} an hour')
            assert late <= limit, f'{name} grew from {early} to {late}'


def scenario(folder, bin_dir, seconds, n_feeds):
    with another_process_serving(n_feeds) as base:
        feeds = [f'id: f{n}, url: "{base}/feed/{n}.xml", lang: fa' for n in range(1, n_feeds + 1)]
        daemon = Daemon(bin_dir, folder, feeds)
        configure(daemon, feeds)
        daemon.start()
        steady, life, samples = Steady(daemon), Life(daemon, feeds), Samples(daemon)
        live(daemon, life, steady, samples, seconds)
        samples.take()
        samples.word(steady)
        life.close()
        (head,), = daemon.rows('SELECT max(seq) FROM message')
        until('the steady one has it all', lambda: steady.client.has(head))
        steady.close()
        daemon.stop()       # a sanitizer has its word here
    print(f'{dict(life.done)}, {life.read_again} messages read again')
    assert steady.n > seconds and life.read_again > 0, 'there was no load at all'
    samples.check()


def live(daemon, life, steady, samples, seconds):
    began = time.monotonic()
    due = {what: began + every for what, every in EVERY_S.items() if what not in ('poll', 'reader')}
    while time.monotonic() < began + seconds:
        daemon.alive()
        for what in [what for what, at in due.items() if at <= time.monotonic()]:
            if what == 'sample':
                samples.take()
            elif what == 'word':
                samples.word(steady)
            else:
                life.do(what)
            due[what] = time.monotonic() + EVERY_S[what]
        time.sleep(0.05)


if __name__ == '__main__':
    if len(sys.argv) == 4 and sys.argv[1] == '--serve':
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
        serve(int(sys.argv[2]), float(sys.argv[3]))
        sys.exit()
    if not 2 <= len(sys.argv) <= 4:
        sys.exit(__doc__)
    if is_sanitized(sys.argv[1]):       # what is freed is kept for a while: let that fill soon
        os.environ['ASAN_OPTIONS'] = ':'.join(filter(None, [os.environ.get('ASAN_OPTIONS'),
                                                            'quarantine_size_mb=16']))
    in_folder(lambda folder: scenario(
        folder, pathlib.Path(sys.argv[1]).resolve(),
        float(sys.argv[2]) if len(sys.argv) > 2 else SECONDS,
        int(sys.argv[3]) if len(sys.argv) > 3 else FEEDS))
