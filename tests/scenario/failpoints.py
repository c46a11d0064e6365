#!/usr/bin/env python3
"""The daemon dies at every labelled place of base/failpoint.def, and nothing is lost (F2).

usage: failpoints.py BIN [NAME...]

Each place has a site, a daemon and two subscribers of its own. The daemon is started to die the
n-th time that it comes there, is brought there, and must have died of it; the next start goes on
from what it left, and at the end the oracle asks for everything (oracle.py). In the long form it
dies 20 times at each place.
"""
import concurrent.futures
import pathlib
import random
import re
import signal
import sqlite3
import sys
import tempfile
import time

from harness import LONG, PATIENCE, Daemon, Origin, Recoveries, running, until
from joining import numbers, request
from oracle import Witness, check_everything, everybody_has_it, everything_published

SOURCES = pathlib.Path(__file__).parents[2]
POINTS = SOURCES / 'base' / 'failpoint.def'
MIGRATIONS = len([*SOURCES.glob('publish/schema/*.sql'), *SOURCES.glob('fetch/poll/schema/*.sql')])
ROUNDS = 20 if LONG else 1
FEEDS = 3
AT_ONCE = 3
PREFIXES = (b'article/fa/odd/', b'event/CONSULT/', b'feed/')


def names():
    return re.findall(r'^FAILPOINT\((\w+),', POINTS.read_text(encoding='utf8'), re.M)


# ---- what brings the daemon there

def news(daemon, site):
    """An entry more in every feed, and no waiting for it."""
    site.add(1)
    for n in range(1, FEEDS + 1):
        daemon.ask('poll', feed=f'f{n}')


def stop(daemon, site):
    """While there is much to do."""
    if daemon.ask('status'):
        news(daemon, site)
        daemon.process.send_signal(signal.SIGTERM)


def nothing(*_):
    """A start is enough."""


def back_up(daemon, site):
    news(daemon, site)
    daemon.ask('backup', file=f'{daemon.folder}/{time.monotonic_ns()}.db')


def read_back(daemon, site):
    news(daemon, site)
    request(daemon.replay, b'SINCE', 0, 0, 0, 0, patience_s=0.3)


def acknowledge(daemon, site):
    """The number that the daemon has confirmed may not be lost."""
    news(daemon, site)
    status = daemon.ask('status')
    if status and status['head'] > 0:
        answer = request(daemon.replay, b'ACK', b'reader', int(status['epoch'], 16), status['head'], patience_s=0.3)
        if answer and answer[0] == b'OK':
            daemon.confirmed = status['head']


BRINGS = {'migration': nothing, 'opened': nothing, 'stopping': stop, 'backup': back_up,
          'cursor_written': acknowledge, 'cursor_committed': acknowledge,
          'answer_ready': read_back, 'mid_answer': read_back}
AT_MOST = {'opened': 1, 'stopping': 1, 'checkpoint': 2, 'checkpointed': 2}     # times in a life
SETTINGS = {'retention': {'extra': 'journal: {retention: {bytes: 256KiB}}\n'}}


# ---- what is looked at besides, when the daemon lives again

def check_backup(daemon):
    """What was broken off stands in nobody's way, and a backup is a database."""
    file = daemon.folder / 'last.db'
    until('a backup', lambda: daemon.ask('backup', file=str(file))['ok'])
    until('it is complete', lambda: daemon.ask('backup')['state'] == 'done')
    db = sqlite3.connect(file)
    assert db.execute('PRAGMA integrity_check').fetchall() == [('ok',)]
    assert db.execute('SELECT count(*) FROM message').fetchone()[0] > 0
    db.close()


def check_cursor(daemon):
    answer = until('the cursor is told', lambda: request(daemon.replay, b'CURSOR', b'reader'))
    told = numbers(answer[-1:])[0] if answer[0] == b'OK' else 0
    assert told >= daemon.confirmed, f'{daemon.confirmed} was confirmed, and the cursor is at {answer}'


CHECKS = {'backup': check_backup, 'cursor_written': check_cursor, 'cursor_committed': check_cursor}


# ---- one place

def topic_of(_, entry):
    return b'article/fa/odd/' if entry.feed % 2 else b'article/fa/even/'


class Place:
    def __init__(self, name, bin_dir, folder):
        self.name, self.bin, self.folder = name, bin_dir, folder
        self.chance = random.Random(f'{name} {SEED}')
        self.deaths, self.recoveries, self.migrated = 0, Recoveries(bin_dir), 0

    def is_dead(self, daemon):
        return daemon.process.poll() is not None

    def choose(self, daemon):
        """Which time that it comes there. Migrations come by once; where few are left, all begin
        anew."""
        if self.name != 'migration':
            return self.chance.randint(1, AT_MOST.get(self.name, 6))
        if self.migrated == MIGRATIONS - 1:
            self.migrated = 0
            for file in daemon.state.glob('peyk.db*'):
                file.unlink()
        nth = self.chance.randint(1, min(MIGRATIONS - self.migrated, 4))
        self.migrated += nth - 1
        return nth

    def die(self, daemon, site):
        """One life that ends there."""
        nth = self.choose(daemon)
        daemon.launch(PEYK_FAILPOINT=f'{self.name}:{nth}')
        bring = BRINGS.get(self.name, news)
        end = time.monotonic() + PATIENCE
        while not self.is_dead(daemon):
            assert time.monotonic() < end, f'the daemon never came to {self.name} {nth} times'
            bring(daemon, site)
            daemon.wait(0.1)
        code, daemon.process = daemon.process.returncode, None
        assert code == -signal.SIGKILL, f'{self.name}:{nth}: ended with {code}\n{daemon.said()}'
        self.deaths += 1

    def start(self, daemon):
        self.recoveries.start(daemon)

    def run(self):
        said = []
        with Origin(feeds=FEEDS, start=2) as site:
            feeds = [f'id: f{n}, url: "{site.base}/feed/{n}.xml", lang: fa, publisher: {"odd" if n % 2 else "even"}'
                     for n in range(1, FEEDS + 1)]
            daemon = Daemon(self.bin, self.folder, feeds, **SETTINGS.get(self.name, {}))
            daemon.confirmed = 0
            witnesses = [Witness('live', daemon), Witness('filtered', daemon, PREFIXES)]
            for witness in witnesses:
                witness.join()
            for _ in range(ROUNDS):
                self.die(daemon, site)
            self.start(daemon)
            everything_published(daemon, site)
            everybody_has_it(daemon, witnesses)
            CHECKS.get(self.name, nothing)(daemon)
            daemon.stop()
            check_everything(daemon, [site], witnesses, topic_of, said.append,
                             pruned=self.name == 'retention')
        return (f'{self.name}: died {self.deaths} times; {self.recoveries.check()}; '
                + '; '.join(said))


def scenario(bin_dir, wanted):
    def at_place(name):
        with tempfile.TemporaryDirectory(prefix='peyk-') as folder:
            try:
                return Place(name, bin_dir, pathlib.Path(folder)).run()
            except BaseException as e:
                log = pathlib.Path(folder, 'peykd.log')
                said = log.read_text(errors='replace')[-4000:] if log.exists() else ''
                raise AssertionError(f'{name}: {e}\n--- peykd.log\n{said}') from e
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for line in pool.map(at_place, wanted):
            print(line)


if __name__ == '__main__':
    if len(sys.argv) < 2 or set(sys.argv[2:]) - set(names()):
        sys.exit(__doc__)
    SEED = random.randrange(1 << 32)
    print(f'seed {SEED}')
    try:
        scenario(sys.argv[1], sys.argv[2:] or names())
    finally:
        for process in running:
            if process.poll() is None:
                process.kill()
                process.wait()
