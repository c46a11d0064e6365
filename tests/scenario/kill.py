#!/usr/bin/env python3
"""kill -9 in the middle of everything, again and again: nothing is lost, nothing comes twice (F1).

usage: kill.py BIN [KILLS [FEEDS]]

The site grows all the time, and now and then it fails. One subscriber listens from the
beginning, one comes when half of the kills are over, one wants only a part; the last two are
restarted themselves now and then; all of them follow the join algorithm. oracle.py says what must hold at the
end: P1, P2, P3, P4, P5. A start takes less than a second.
"""
import pathlib
import random
import sys
import time

from harness import LONG, Daemon, Origin, Recoveries, in_folder
from oracle import (Witness, check_everything, check_same_again, everybody_has_it,
                    everything_published, published)

PREFIXES = (b'article/fa/odd/', b'event/STATE/', b'feed/')      # of which the filtered one asks


class Run:
    """The figures of one run."""

    def __init__(self, bin_dir, kills, feeds, every_s, seed):
        self.kills, self.feeds, self.seed = kills, feeds, seed
        self.interval = f'{every_s}s'
        self.chance = random.Random(seed)
        self.recoveries, self.killed_early = Recoveries(bin_dir), 0

    def settings(self):
        """Without robots.txt: a page is given up when that cannot be had in six lives."""
        return {'fetch': 'robots: false, ',
                'poll': f'poll: {{interval: {self.interval}, min_interval: 1s, adaptive: false,'
                        ' jitter: 50%, backoff: {first: 1s, max: 2s}}'}


def one_life(daemon, run):
    """Until it is killed: mostly at work, now and then while it starts."""
    if run.chance.random() < 0.2:
        daemon.launch()
        run.killed_early += 1
    else:
        run.recoveries.start(daemon)
        for feed in run.chance.sample(range(1, run.feeds + 1), 2):
            daemon.ask('poll', feed=f'f{feed}')
    time.sleep(run.chance.uniform(0.05, 0.6))
    daemon.kill()


def kill_all_the_time(daemon, run, witnesses):
    live, filtered, late = witnesses
    live.join()
    filtered.join()
    for n in range(run.kills):
        one_life(daemon, run)
        if n >= run.kills // 2 and n % 5 == 0:
            late.leave()
            late.join()
        if n % 7 == 6:
            filtered.leave()
            filtered.join()


def topic_of(_, entry):
    return b'article/fa/odd/' if entry.feed % 2 else b'article/fa/even/'


def scenario(folder, bin_dir, run, growth):
    print(f'seed {run.seed}, {run.kills} kills, {run.feeds} feeds')
    folder = pathlib.Path(folder)
    with Origin(feeds=run.feeds, start=1, **growth, fault_rate=0.05, slow_ms=100, seed=run.seed,
                faults=('error', 'slow', 'truncated', 'reset')) as site:
        feeds = [f'id: f{n}, url: "{site.base}/feed/{n}.xml", lang: fa, country: IRN,'
                 f' publisher: {"odd" if n % 2 else "even"}' for n in range(1, run.feeds + 1)]
        daemon = Daemon(bin_dir, folder, feeds, **run.settings())
        witnesses = [Witness('live', daemon), Witness('filtered', daemon, PREFIXES), Witness('late', daemon)]
        kill_all_the_time(daemon, run, witnesses)
        site.set({'grow_ms': 0, 'fault_rate': 0})

        run.recoveries.start(daemon)
        before = published(daemon)
        everything_published(daemon, site, patience=300 if LONG else 60)
        everybody_has_it(daemon, witnesses)
        daemon.stop()
        journal = check_everything(daemon, [site], witnesses, topic_of)
        print(f'{before} articles came between kills, {run.killed_early} kills came while it started')
        print(run.recoveries.check())
        check_same_again(bin_dir, folder / 'again', feeds, site, journal, **run.settings())


if __name__ == '__main__':
    if len(sys.argv) not in (2, 3, 4):
        sys.exit(__doc__)
    KILLS, FEEDS = (int(a) for a in [*sys.argv[2:], *(('200', '500') if LONG else ('10', '20'))[len(sys.argv) - 2:]])
    RUN = Run(sys.argv[1], KILLS, FEEDS, 5 if LONG else 1, random.randrange(1 << 32))
    GROWTH = {'grow_ms': 8000, 'max': 20} if LONG else {'grow_ms': 400, 'max': 12}
    in_folder(lambda folder: scenario(folder, sys.argv[1], RUN, GROWTH))
