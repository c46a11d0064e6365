#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The wall clock jumps by a day, forth and back, and the daemon polls as if nothing were; the
machine sleeps, and what was due meanwhile is polled when it wakes (F12).

usage: clock.py BIN SHIFTED_CLOCK

The daemon runs with support/shifted_clock.c before its C library, which moves its wall clock and
leaves the monotonic one alone, as settimeofday() does. Summer time ends while it runs, too, which
is no jump of UTC and must be none for it.

What it keeps for half a day is not old because the clock is a day ahead for a while: nothing of
the journal goes, and its times never run backwards.
"""
import contextlib
import datetime
import itertools
import json
import os
import pathlib
import struct
import sys
import time

from harness import Daemon, Origin, article_urls, feed_of, in_folder, page, until
from joining import numbers, request

FEEDS = 6
INTERVAL = 1        # s, of harness.Daemon
STORM = 1.2         # no more polls than this times the usual number
DAY = 86400
BERLIN = 'CET-1CEST,M3.5.0,M10.5.0/3'
SUMMER_ENDS = datetime.datetime(2026, 10, 25, 1, tzinfo=datetime.timezone.utc).timestamp()
KEPT = 'journal: {retention: {age: 12h}}\n'


class ShiftedDaemon(Daemon):
    """Its clock is as many days off as shift() said last."""
    preload = None

    def shift(self, days, asleep_s=0):
        with open(self.folder / 'shift', 'r+b' if self.process else 'wb') as f:
            f.write(struct.pack('=qq', round(days * DAY), asleep_s))

    def start(self):
        with environment(LD_PRELOAD=self.preload, PEYK_SHIFTED_CLOCK=str(self.folder / 'shift'),
                         ASAN_OPTIONS='verify_asan_link_order=0'):
            return super().start()


@contextlib.contextmanager
def environment(**more):
    before = dict(os.environ)
    os.environ.update(more)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def polls(site):
    return {n: site.asked.get(f'/feed/{n}.xml', 0) for n in range(1, FEEDS + 1)}


def check_calm(what, site, daemon):
    """Every feed is polled on, none of them too often; and what is new comes through."""
    began, before = time.monotonic(), polls(site)
    until(f'{what}: every feed is polled on',
          lambda: daemon.alive() and all(n >= before[f] + 3 for f, n in polls(site).items()))
    took, after = time.monotonic() - began, polls(site)
    usual = FEEDS * (took / INTERVAL + 1)
    came = sum(after.values()) - sum(before.values())
    assert came <= STORM * usual, f'{what}: {came} polls in {took:.1f} s'
    site.add(1)
    links = {e.link for entries in site.entries().values() for e in entries}
    until(f'{what}: what is new is published', lambda: set(article_urls(daemon)) >= links)
    print(f'{what}: {came} polls in {took:.1f} s, {usual:.0f} were fine')


def while_it_runs(daemon, site):
    check_calm('before', site, daemon)
    for days in 1, 0, -1, 0:
        daemon.shift(days)
        until('the daemon lives in another time', lambda: daemon.rows(
            'SELECT 1 FROM feed WHERE abs(last_poll_ms / 1000.0 - '
            f'{time.time() + DAY * days}) < 60'))
        check_calm(f'{days:+} days', site, daemon)


def check_journal(daemon):
    """All of it is there, and no message is older than the one before it."""
    rows = daemon.rows('SELECT seq, at_ms FROM message ORDER BY seq')
    assert rows[0][0] == 1, f'{rows[0][0] - 1} messages were too old for a clock that was wrong'
    assert all(b[1] >= a[1] for a, b in itertools.pairwise(rows)), 'the time of messages ran backwards'
    for seq, at_ms in rows[::len(rows) // 20 or 1]:
        answer = request(daemon.replay, b'TIME', at_ms)
        assert answer and answer[0] == b'AT', answer
        wanted = max((s for s, t in rows if t < at_ms), default=0)
        assert numbers(answer[-1:]) == [wanted], f'{at_ms} is behind {numbers(answer[-1:])}, not {wanted}'
    print(f'{len(rows)} messages, all there, in the order of their times')


def check_none_early(log):
    """No feed was asked before its time, at no jump."""
    times = {}
    for line in pathlib.Path(log).read_text(encoding='utf8').splitlines():
        record = json.loads(line)
        if record['path'].endswith('.xml'):
            times.setdefault(record['path'], []).append(record['t'])
    early = min(b - a for t in times.values() for a, b in itertools.pairwise(sorted(t)))
    assert early > INTERVAL * 0.75, f'a feed was asked again after {early:.2f} s'


def over_a_sleep(daemon, site, rare):
    """A feed that is asked every 10 minutes is overdue after half an hour of sleep, once."""
    asked = rare.asked['/feed.xml']
    daemon.shift(0, asleep_s=1800)
    until('what was overdue is asked', lambda: rare.asked['/feed.xml'] > asked)
    check_calm('after a sleep', site, daemon)
    assert rare.asked['/feed.xml'] == asked + 1, 'it was asked too often'


def over_a_restart(daemon, site, other):
    """Pages and feeds that were to rest until a time that is a day ahead now do not wait."""
    other.pages['/feed.xml'] = feed_of({'/a': 'راه باز شد'})
    until('a page is to be tried again', lambda: daemon.rows(
        'SELECT 1 FROM entry WHERE state = "pending" AND attempts > 1'))
    daemon.stop()
    other.pages['/a'] = page('راه باز شد', [
        'راهداران گفتند گردنه‌ها تا شب برای همه خودروها باز می‌ماند و برف‌روبی ادامه دارد.',
        'این خبر درباره باز شدن راه کوهستانی پس از بارش برف نوشته شده است.'])
    daemon.shift(-1)
    daemon.start()
    check_calm('started a day back', site, daemon)
    until('the page that waited', lambda: f'{other.base}/a' in article_urls(daemon))
    daemon.stop()
    daemon.shift(1)
    daemon.start()
    check_calm('started two days later', site, daemon)
    check_journal(daemon)


def over_the_end_of_summer(daemon, site):
    """The clock on the wall shows two o'clock twice."""
    daemon.stop()
    daemon.shift((SUMMER_ENDS - 2 - time.time()) / DAY)
    with environment(TZ=BERLIN):
        daemon.start()
    check_calm('summer time ends', site, daemon)


def scenario(folder, bin_dir):
    broken = {'/feed.xml': feed_of({}), '/a': {'type': 'text/html', 'text': 'x', 'status': 500}}
    log = f'{folder}/origin.jsonl'
    with Origin(feeds=FEEDS, start=2, log=log) as site, \
            Origin(start=0, pages=broken) as other, \
            Origin(start=0, pages={'/feed.xml': feed_of({})}) as rare:
        feeds = [f'id: f{n}, url: "{site.base}/feed/{n}.xml", lang: fa'
                 for n in range(1, FEEDS + 1)]
        feeds.append(f'id: other, url: "{other.base}/feed.xml", lang: fa')
        feeds.append(f'id: rare, url: "{rare.base}/feed.xml", interval: 10m')
        daemon = ShiftedDaemon(bin_dir, folder, feeds, extra=KEPT)
        daemon.shift(0)
        daemon.start()
        while_it_runs(daemon, site)
        check_journal(daemon)
        newest_s = daemon.rows('SELECT max(at_ms) FROM message')[0][0] / 1000
        assert newest_s < time.time() + 60, 'a message bears the time of a clock that was wrong'
        check_none_early(log)
        assert rare.asked['/feed.xml'] == 1, 'a jump of the wall clock hurried a feed'
        over_a_sleep(daemon, site, rare)
        over_a_restart(daemon, site, other)
        over_the_end_of_summer(daemon, site)
        daemon.stop()


if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    ShiftedDaemon.preload = sys.argv[2]
    in_folder(lambda folder: scenario(folder, sys.argv[1]))
