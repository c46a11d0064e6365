#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A daemon lives with every bad server at once, and the good ones do not notice (F9).

usage: zoo_http.py BIN

Some 50 servers of support/zoo.py misbehave, one feed each, beside 20 healthy feeds. What is
wrong with each is told and counted by its class; it rests longer each time, and no sooner than
it said itself; what was known of a feed before stays. The healthy ones are polled on time.
"""
import collections
import itertools
import json
import pathlib
import re
import socket
import sys
import threading
import time

from harness import Daemon, Origin, PATIENCE, article_urls, in_folder, until
import zoo  # (harness knows where support/ is)

HEALTHY = 20
INTERVAL, JITTER, FIRST, LONGEST = 1, 0.1, 1, 5     # seconds, as configured below
TIMEOUTS = 'timeouts: {connect: 2s, total: 3s, stall: 2s}, '
FEED_BYTES = '4MiB'
DRIFT = 1.0 * PATIENCE / 30     # how late a healthy feed may be polled
POLLS = 3                       # of each bad server, at least
MEMORY_KB = 192 * 1024          # one daemon, all of it

# name: class, what the text says
WANTED = {
    'slow-header': ('timeout', 'timed out|too slow'),
    'slow-body': ('timeout', 'timed out|too slow'),
    'slow-interim': ('timeout', 'timed out|too slow'),
    'silent': ('timeout', 'timed out|too slow'),
    'endless-header': ('too_big', 'header is too long'),
    'huge-field': ('too_big', 'header'),
    'huge-status-line': ('too_big', 'header'),
    'interim-flood': ('too_big', 'header is too long'),
    'ten-redirects': ('redirects', 'redirects'),
    'redirect-loop': ('redirects', 'redirects'),
    'redirect-private': ('blocked', 'not a public one'),
    'redirect-loopback': ('blocked', 'not a public one'),
    'redirect-file': ('blocked', 'file'),
    'truncated-body': ('truncated', 'the end of the feed is missing'),
    'cut-early': ('truncated', 'before its first entry'),
    'truncated-chunk': ('truncated', 'the end of the feed is missing'),
    'truncated-gzip': ('truncated', 'the end of the feed is missing'),
    'long-length': ('truncated', 'the end of the feed is missing'),
    'short-length': ('truncated', 'the end of the feed is missing'),
    'unasked-304': ('protocol', '304 to no condition'),
    'limited': ('limited', 'HTTP 429'),
    'neighbour': ('limited', 'HTTP 429'),       # another feed of the same host
    'limited-date': ('limited', 'HTTP 429'),
    'busy': ('busy', 'HTTP 503'),
    'busy-date': ('busy', 'HTTP 503'),
    'busy-bare': ('busy', 'HTTP 503'),
    'broken': ('server_status', 'HTTP 500'),
    'missing': ('client_status', 'HTTP 404'),
    'forbidden': ('client_status', 'HTTP 403'),
    'gone': ('gone', 'HTTP 410'),
    'html-error': ('not_a_feed', ''),
    'captcha': ('not_a_feed', ''),
    'empty': ('empty', 'empty'),
    'half-root': ('malformed', 'before its first entry'),
    'half-json': ('malformed', 'before its first entry'),
    'huge-body': ('too_big', '[Mm]aximum file size|too big'),
    'huge-chunks': ('too_big', 'too big'),
    'endless-body': ('too_big', 'too big'),
    'gzip-bomb': ('too_big', 'compressed too well|too big'),
    'br-bomb': ('too_big', 'compressed too well'),
    'zstd-bomb': ('too_big', 'compressed too well'),
    'double-gzip': ('protocol', 'more than once'),
    'unknown-coding': ('protocol', '[Ee]ncoding'),
    'garbage': ('protocol', 'HTTP/0.9'),
    'old-http': ('protocol', 'HTTP/0.9'),
    'reset-at-once': ('connect', 'reset'),
    'reset-in-body': ('truncated', 'the end of the feed is missing'),
    'no-answer': ('connect', 'Empty reply'),
    'refused': ('connect', 'refused|connect'),
    'label-utf8': (None, ''),
    'label-1256': (None, ''),
}
# What came is taken, and only the end is missing: asked again as usual.
PARTIAL = {'truncated-body', 'truncated-chunk', 'truncated-gzip', 'long-length', 'short-length',
           'reset-in-body'}
GOOD = {'label-utf8', 'label-1256'}

Seen = collections.namedtuple('Seen', 'at state failures error_class error last_poll next_poll')


class ZooDaemon(Daemon):
    """With room for hosts beyond 127.0.0.1, and a rest that is seen to grow."""
    allow = '127.0.0.0/16'

    def configure(self, feeds, **settings):
        super().configure(feeds, **settings)
        text = self.config.read_text(encoding='utf8')
        text = re.sub(r'allow_cidrs: \[[^]]*\]', f'allow_cidrs: [{self.allow}]', text)
        text = re.sub(r'backoff: \{[^}]*\}', f'backoff: {{first: {FIRST}s, max: {LONGEST}s}}', text)
        self.config.write_text(text, encoding='utf8')

    def feeds(self):
        """{id: Seen}: what it says of its feeds."""
        rows = self.rows('SELECT id, health, failures, error_class, last_error, last_poll_ms,'
                         ' next_poll_ms FROM feed')
        return {row[0]: Seen(time.monotonic(), *row[1:]) for row in rows}

    def peak_kb(self):
        with open(f'/proc/{self.process.pid}/status', encoding='ascii') as f:
            return next(int(line.split()[1]) for line in f if line.startswith('VmHWM:'))

    def is_sanitized(self):
        """Sanitizers keep what is freed."""
        binary = (self.bin / 'peykd').read_bytes()
        return b'__asan_init' in binary or b'__tsan_init' in binary


class Watch(threading.Thread):
    """What the daemon says of each feed, one Seen for each of its polls."""

    def __init__(self, daemon):
        super().__init__(daemon=True)
        self.daemon_, self.polls, self.stopping = daemon, {}, threading.Event()
        self.failure = None
        self.start()

    def run(self):
        try:
            self.look()
        except Exception as e:      # for fewest() and close() to raise: nobody looks at a thread
            self.failure = e

    def fewest(self, names):
        """How often that of the feeds was polled that was polled least."""
        if self.failure:
            raise self.failure
        return min(len(self.polls.get(name, [])) for name in names)

    def all(self, names):
        """How often they were polled together."""
        return sum(len(self.polls.get(name, [])) for name in names)

    def look(self):
        while not self.stopping.wait(0.1):
            for name, seen in self.daemon_.feeds().items():
                polls = self.polls.setdefault(name, [])
                if not polls or polls[-1].last_poll != seen.last_poll:
                    polls.append(seen)

    def close(self):
        self.stopping.set()
        self.join()
        if self.failure:
            raise self.failure


def gaps(times):
    return [b - a for a, b in itertools.pairwise(times)]


def polls_of(log):
    """{feed: [when it was polled]} of an Origin's log, in seconds."""
    found = {}
    for line in pathlib.Path(log).read_text(encoding='utf8').splitlines():
        record = json.loads(line)
        if record['path'].endswith('.xml'):
            found.setdefault(record['path'], []).append(record['t'])
    return {path: sorted(times) for path, times in found.items()}


def check_on_time(log, interval=INTERVAL, since=0.0):
    """Every healthy feed was polled on its interval all the time, from `since` (1970) on. Returns
    the worst delay."""
    polls = {path: [t for t in times if t >= since] for path, times in polls_of(log).items()}
    assert len(polls) == HEALTHY, f'{len(polls)} healthy feeds were polled'
    late = {path: max(gaps(times)) - interval * (1 + JITTER) for path, times in polls.items()}
    path = max(late, key=late.get)
    assert late[path] < DRIFT, f'{path} was polled {late[path]:.2f} s late'
    return late[path]


def classes():
    """{name: (first, longest)} of fetch/poll/failure.def: in FIRST, and a share of LONGEST."""
    text = pathlib.Path(__file__).parents[2].joinpath('fetch/poll/failure.def').read_text('utf8')
    return {name: (int(first), int(longest) / 100) for name, first, longest in
            re.findall(r'^FAILURE\(\w+, (\w+), (\d+), (\d+),', text, re.MULTILINE)}


def rest(error_class, failures):
    """The least that a feed rests after so many failures: half of the doubled rest is chance."""
    first, longest = CLASSES[error_class]
    wait = min(FIRST * first * 2 ** (failures - 1), max(LONGEST * longest, FIRST))
    return max(INTERVAL * (1 - JITTER), wait / 2)


CLASSES = classes()


def check_class(name, polls):
    error_class, text = WANTED[name]
    last = polls[-1]
    if name in GOOD:
        assert last.failures == 0 and not last.error, (name, last)
        return
    assert re.search(text, last.error or ''), (name, last)
    assert last.error_class == (None if name in PARTIAL else error_class), (name, last)


def check_rests(name, visits, polls):
    """A bad server is asked less and less."""
    if name == 'gone':
        assert len(polls) == 1, 'what is gone was asked again'
        return
    if name in PARTIAL | GOOD:
        return
    error_class = WANTED[name][0]
    for n, gap in enumerate(gaps([v.at for v in visits]), 1):
        assert gap > rest(error_class, n) - 0.05, \
            f'{name} was asked again after {gap:.2f} s at failure {n}'
    for seen in polls:
        wait = (seen.next_poll - seen.last_poll) / 1000
        assert wait > rest(error_class, seen.failures) - 0.05, (name, seen)


def check_asked_to_wait(name, visits):
    for before, after in itertools.pairwise(visits):
        if name.endswith('-date'):
            assert after.wall >= before.wall // 1 + 6, f'{name}: before the date that it gave'
        else:
            assert after.at - before.at >= 6, f'{name}: {after.at - before.at:.2f} s'


def state(name):
    """What a feed is called in the end."""
    if name == 'gone':
        return 'dead'
    return 'failing' if name in WANTED and name not in GOOD | PARTIAL else 'up'


def check_told(daemon):
    """People who ask, those who count and those who listen hear the same."""
    told = {feed['id']: feed for feed in daemon.ask('feeds')['feeds']}
    journal = daemon.journal()
    topics = [journal[seq][0] for seq in sorted(journal)]
    failed = collections.Counter()
    for name, seen in daemon.feeds().items():
        feed = told[name]
        assert feed['state'] == state(name), feed
        assert feed.get('error_class') == seen.error_class, feed
        heard = [topic.split('/')[2] for topic in topics if topic.startswith(f'feed/{name}/')]
        assert heard == (['up', 'failing', 'up'] if name == 'turncoat' else [feed['state']]), \
            (name, heard)
        failed[seen.error_class] += seen.failures
    counters = daemon.ask('status')['counters']
    for error_class in CLASSES:
        counted = counters[f'polls_failed_{error_class}']
        assert counted >= failed[error_class], (error_class, counted, failed[error_class])
    assert counters['polls_failed'] == sum(counters[f'polls_failed_{c}'] for c in CLASSES)


def check_host_is_left_alone(visits):
    """Who says that it is asked too often means all that is asked of it; what was on its way
    at that moment comes all the same."""
    assert {visit.path for visit in visits} == {'/feed.xml', '/neighbour.xml'}
    for before, after in itertools.pairwise(sorted(visits, key=lambda visit: visit.at)):
        assert not 0.5 < after.at - before.at < 6, f'{after.path}: {after.at - before.at:.2f} s'


def titles(daemon, feed):
    return {title for title, in daemon.rows(
        f'SELECT e.title FROM entry e JOIN feed f ON f.row = e.feed WHERE f.id = "{feed}"')}


def check_memory_of_turncoat(daemon, visits):
    """It was good, then five times bad in five ways, then good again: nothing was forgotten."""
    tags = [visit.fields.get('if-none-match') for visit in visits]
    assert tags[0] is None and set(tags[1:]) == {'"one"'}, tags
    assert len(titles(daemon, 'turncoat')) == 40, titles(daemon, 'turncoat')
    seen = daemon.feeds()['turncoat']
    assert seen.failures == 0 and not seen.error, seen


TURNCOAT = zoo.in_turn(
    zoo.conditional(zoo.SOME_FEED, '"one"'), zoo.ANIMALS['html-error'],
    zoo.status(500, ETag='"two"'), zoo.status(404, ETag='"two"'), zoo.ANIMALS['empty'],
    zoo.conditional(zoo.SOME_FEED, '"one"'))


def refused_url():
    """Where nobody listens."""
    with socket.create_server(('127.0.2.1', 0)) as s:
        return f'http://127.0.2.1:{s.getsockname()[1]}/feed.xml'


def scenario(folder, bin_dir):
    log = f'{folder}/origin.jsonl'
    with zoo.Zoo() as animals, Origin(feeds=HEALTHY, start=2, log=log) as site:
        urls = {name: animals.add(name, behave) for name, behave in zoo.ANIMALS.items()}
        urls['turncoat'] = animals.add('turncoat', TURNCOAT)
        urls['refused'] = refused_url()
        urls['neighbour'] = urls['limited'].replace('feed.xml', 'neighbour.xml')
        assert set(urls) == set(WANTED) | {'turncoat'}
        feeds = [f'id: {name}, url: "{url}"' for name, url in urls.items()]
        feeds += [f'id: h{n}, url: "{site.base}/feed/{n}.xml", lang: fa'
                  for n in range(1, HEALTHY + 1)]
        daemon = ZooDaemon(bin_dir, folder, feeds, fetch=TIMEOUTS + (
            f'limits: {{feed_bytes: {FEED_BYTES}, page_bytes: {FEED_BYTES}}}, '))
        daemon.start()
        watch = Watch(daemon)
        run(daemon, site, animals, watch)
        check(daemon, animals, watch, log)
        daemon.stop()


def run(daemon, site, animals, watch):
    patient = [name for name in WANTED if name not in GOOD | {'gone'}]
    until('the bad ones were asked often enough',
          lambda: daemon.alive() and watch.fewest(patient) >= POLLS, 50 * PATIENCE / 30)
    until('the turncoat is good again', lambda: len(animals.visits('turncoat')) >= 7 and
          daemon.feeds()['turncoat'].state == 'up')
    site.add(1)     # news is still news
    wanted = {e.link for entries in site.entries().values() for e in entries}
    until('every healthy entry has its article', lambda: set(article_urls(daemon)) >= wanted)
    watch.close()


def check(daemon, animals, watch, log):
    wrong = []
    for name in WANTED:
        visits = animals.visits(name) if name in animals.servers else []
        try:
            check_class(name, watch.polls[name])
            check_rests(name, visits, watch.polls[name])
            if name in ('limited', 'limited-date', 'busy', 'busy-date'):
                check_asked_to_wait(name, visits)
        except AssertionError as e:
            wrong.append(str(e))
    assert not wrong, '\n'.join(wrong)
    check_host_is_left_alone(animals.servers['limited'].visits)
    check_told(daemon)
    check_memory_of_turncoat(daemon, animals.visits('turncoat'))
    assert titles(daemon, 'label-utf8') == {zoo.TITLE_UTF8}, titles(daemon, 'label-utf8')
    assert titles(daemon, 'label-1256') == {zoo.TITLE_1256.replace('ی', 'ي')}, \
        titles(daemon, 'label-1256')
    late = check_on_time(log)
    peak = daemon.peak_kb()
    assert peak < MEMORY_KB or daemon.is_sanitized(), f'{peak} KiB at its peak'
    print(f'{len(WANTED)} bad servers, {sum(map(len, watch.polls.values()))} polls, a healthy feed '
          f'at most {late * 1000:.0f} ms late, {peak} KiB at the peak')


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    in_folder(lambda folder: scenario(folder, sys.argv[1]))
