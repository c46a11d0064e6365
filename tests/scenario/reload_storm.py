#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reload after reload with random configurations, good and bad, while news comes in (F13).

usage: reload_storm.py BIN [RELOADS]

Good ones take feeds out and put them back, bind endpoints of both sockets and let them go, change
how is fetched and polled. A bad one changes nothing (P8): not the generation, not the feeds. At
the end every item was published once, all subscribers have it, also one whose endpoint came and
went, and the memory is what it was (in the long form).
"""
import random
import signal
import sys

from harness import LONG, Daemon, Origin, descriptors, in_folder, is_sanitized, memory_kb, until
from oracle import (Witness, check_everything, everybody_has_it, everything_published,
                    published)

ALWAYS, SOMETIMES = 6, 6        # feeds that stay, and feeds that come and go
RSS_DRIFT = 0.05

BAD = {
    'an unknown key': lambda text: text + 'polll: {interval: 1s}\n',
    'no YAML': lambda text: text + '\tfeeds: [\n',
    'no duration': lambda text: text.replace('heartbeat: ', 'heartbeat: fast'),
    'a feed twice': lambda text: text + '  - {id: f1, url: "http://127.0.0.1/again.xml"}\n',
    'no endpoint': lambda text: text.replace('bind: [', 'bind: ["icp:///x", ', 1),
    'another version': lambda text: text.replace('version: 1', 'version: 2'),
    'nothing': lambda text: '',
    'bytes': lambda text: text + '\x00\x01',
    'half of it': lambda text: text[:text.rindex('"')],
}


class Storm:
    def __init__(self, daemon, sites, chance):
        self.daemon, self.chance = daemon, chance
        self.feeds = [f'id: f{n}, url: "{sites[0].base}/feed/{n}.xml", lang: fa, publisher: host'
                      for n in range(1, ALWAYS + 1)]
        self.guests = [f'id: g{n}, url: "{sites[1].base}/feed/{n}.xml", lang: fa, publisher: guest'
                       for n in range(1, SOMETIMES + 1)]
        self.ways = [f'ipc://{daemon.folder}/way-{n}.sock' for n in range(3)] + ['tcp://127.0.0.1:*']
        self.memory, self.fds, self.good, self.bad = [], [], 0, 0
        self.said = self.answers()

    def answers(self):
        status = self.daemon.ask('status')
        self.generation, self.n_feeds = status['generation'], status['feeds']
        return self.generation + status['counters']['reloads_failed']

    def configure(self, everything=False):
        """A good configuration; `everything`: with all that there is."""
        daemon, chance = self.daemon, self.chance
        guests = [g for g in self.guests if everything or chance.random() < 0.7]
        kept = everything or chance.random() < 0.7
        daemon.events_bound = [w for w in self.ways if everything or chance.random() < 0.5]
        if kept or not daemon.events_bound:
            daemon.events_bound.append(daemon.events)
        daemon.replay_bound = [daemon.replay] if everything or chance.random() < 0.7 else []
        agent = '' if everything or chance.random() < 0.8 else f'user_agent: "storm/{chance.randrange(9)}", '
        own = f'extract: {{knowledge: "{self.tables()}"}}\n' if not everything and chance.random() < 0.1 else ''
        level = chance.choice(['info', 'warning', 'notice'])
        daemon.configure(self.feeds + guests, own, fetch=agent)
        text = daemon.config.read_text(encoding='utf8')
        daemon.config.write_text(text.replace('daemon: {', f'daemon: {{log_level: {level}, '), encoding='utf8')
        return len(self.feeds) + len(guests)

    def tables(self):
        """A folder with tables of the user's, of another person each time."""
        folder = self.daemon.folder / 'own'
        folder.mkdir(exist_ok=True)
        surname = self.chance.choice(['زرافشان', 'پنجرودی', 'شهرتوزی'])
        (folder / 'actors.tsv').write_text(
            'id\tlatin\tcountry\troles\tfa\tfa_short\n'
            f'kaveh\tKaveh\tTJK\tforeign_minister@TJK 2020-01-01 -\tکاوه {surname}\t{surname}\n', encoding='utf8')
        return folder

    def reload(self):
        self.daemon.process.send_signal(signal.SIGHUP)
        self.said += 1
        generation = self.generation
        until('the reload is over', lambda: self.daemon.alive() and self.answers() >= self.said)
        assert self.answers() == self.said, 'one signal, several reloads'
        return self.generation - generation

    def one_good(self, everything=False):
        n = self.configure(everything)
        assert self.reload() == 1, f'a good configuration was refused:\n{self.daemon.config.read_text()}'
        assert self.n_feeds == n, (self.n_feeds, n)
        self.good += 1

    def one_bad(self):
        daemon = self.daemon
        bound, before = (daemon.events_bound, daemon.replay_bound), self.n_feeds
        self.configure()
        daemon.events_bound, daemon.replay_bound = bound
        what = self.chance.choice(list(BAD))
        daemon.config.write_text(BAD[what](daemon.config.read_text(encoding='utf8')), encoding='utf8')
        assert self.reload() == 0, f'{what}: a bad configuration was taken'
        assert self.n_feeds == before, f'{what}: a bad configuration changed the feeds'
        self.bad += 1

    def measure(self):
        self.memory.append(memory_kb(self.daemon.process, 'RssAnon'))
        self.fds.append(descriptors(self.daemon.process))


def check_flat(name, values, drift):
    """What there is at least: tables of the user's come on top, for as long as somebody reads with
    them."""
    fifth = max(len(values) // 5, 1)
    early, late = min(values[fifth:2 * fifth]), min(values[-fifth:])
    print(f'{name}: {early}, at the end {late} ({(late / early - 1) * 100:+.1f} %)')
    assert drift is None or late <= early * (1 + drift), f'{name} grew from {early} to {late}'


def news_comes_in(daemon):
    """A storm that is over before anything happened shows nothing."""
    before = published(daemon)
    until('an article is published', lambda: daemon.alive() and published(daemon) > before)


def scenario(folder, bin_dir, reloads):
    seed = random.randrange(1 << 32)
    print(f'seed {seed}, {reloads} reloads')
    # a load that does not grow, and for the memory a journal that fills the caches from the beginning
    grow = {'grow_ms': 500, 'start': 100, 'window': 100} if LONG else {'grow_ms': 500, 'start': 2}
    with Origin(feeds=ALWAYS, **grow) as one, Origin(feeds=SOMETIMES, **grow) as two:
        daemon = Daemon(bin_dir, folder, [])
        witnesses = [Witness('main', daemon), Witness('guest', daemon, events=f'ipc://{folder}/way-0.sock'),
                     Witness('filtered', daemon, [b'article/fa/host/', b'event/STATE/'])]
        daemon.start()
        storm = Storm(daemon, (one, two), random.Random(seed))
        storm.one_good(everything=True)
        everything_published(daemon, one, two, patience=300)
        for witness in witnesses:
            witness.join()
        for n in range(reloads):
            if n % 10 == 0:
                news_comes_in(daemon)
            if storm.chance.random() < 0.4:
                storm.one_bad()
            else:
                storm.one_good()
            storm.measure()
        for site in one, two:
            site.set({'grow_ms': 0})
        storm.one_good(everything=True)
        everything_published(daemon, one, two, patience=300)
        everybody_has_it(daemon, witnesses)
        status = daemon.ask('status')
        daemon.stop()
        check_everything(daemon, [one, two], witnesses, lambda site, _: (
            b'article/fa/host/' if site is one else b'article/fa/guest/'))
    print(f'{storm.good} good ones, {storm.bad} bad ones, generation {status["generation"]}')
    check_flat('KiB of memory', storm.memory, RSS_DRIFT if LONG and not is_sanitized(bin_dir) else None)
    check_flat('descriptors', storm.fds, None)


if __name__ == '__main__':
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    RELOADS = int(sys.argv[2]) if len(sys.argv) == 3 else 1000 if LONG else 60
    in_folder(lambda folder: scenario(folder, sys.argv[1], RELOADS))
