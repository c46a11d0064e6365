#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is old goes, by age and by bytes, and only that (P6).

usage: retention.py BIN

Subscribers see by the heartbeats where the journal begins, replay says so to whoever wants more, a
number never comes back, the file does not grow with what goes through it, and a named cursor holds
what it was promised.
"""
import sys

from harness import Daemon, Origin, Subscriber, in_folder, until
from joining import numbers, request
from oracle import everything_published

BYTES_MAX = 96 * 1024
FEEDS = 3
BATCH = 15          # entries at once in each feed


def journal_is(settings):
    return f'journal: {{retention: {{{settings}}}}}\n'


def newest_heartbeat(subscriber):
    return subscriber.heartbeats[-1]['data']


def oldest_is(subscriber, what, holds):
    until(f'heartbeats say that {what}', lambda: subscriber.heartbeats and holds(newest_heartbeat(subscriber)))
    return newest_heartbeat(subscriber)


def bytes_of(daemon):
    return daemon.rows('SELECT coalesce(sum(length(CAST(topic AS BLOB)) + length(body)), 0) FROM message')[0][0]


def head_of(daemon):
    return daemon.rows("SELECT seq FROM sqlite_sequence WHERE name = 'message'")[0][0]


class Scenario:
    def __init__(self, bin_dir, folder, site):
        self.site, self.folder = site, folder
        self.feeds = [f'id: f{n}, url: "{site.base}/feed/{n}.xml", lang: fa' for n in range(1, FEEDS + 1)]
        self.daemon = Daemon(bin_dir, folder, self.feeds, extra=journal_is('bytes: 96KiB'))
        self.subscriber = Subscriber(self.daemon.events)

    def reload(self, settings):
        self.daemon.configure(self.feeds, extra=journal_is(settings))
        assert self.daemon.ask('reload')['ok']

    def publish(self):
        self.site.add(BATCH)
        everything_published(self.daemon, self.site)

    def epoch(self):
        return int(self.daemon.ask('status')['epoch'], 16)

    def by_bytes(self):
        """Twice as much goes through as before, and about as much of the file is in use."""
        sizes = []
        for _ in range(3):
            self.publish()
            until('the subscriber has the newest', lambda: self.subscriber.messages[-1][2] == head_of(self.daemon))
            until('the journal is as short as was said', lambda: bytes_of(self.daemon) <= BYTES_MAX)
            sizes.append((self.used(), self.sent()))
        grown, sent = (sizes[-1][i] - sizes[0][i] for i in (0, 1))
        assert grown < sent / 2, f'{sent} bytes more were published, and {grown} bytes more of the file are in use'
        oldest = oldest_is(self.subscriber, 'the oldest went', lambda h: h['oldest'] > 1)['oldest']
        until('those that are left are the newest', lambda: sorted(self.daemon.journal()) == list(
            range(min(self.daemon.journal()), head_of(self.daemon) + 1)))
        assert bytes_of(self.daemon) > BYTES_MAX / 2, 'too much went'
        answer = request(self.daemon.replay, b'SINCE', self.epoch(), 1, 0, 0)
        assert answer[:2] == [b'ERR', b'expired'] and oldest > 2, answer
        status = self.daemon.ask('status')
        assert status['counters']['messages_pruned'] >= oldest - 1
        assert status['journal']['bytes_max'] == BYTES_MAX and status['journal']['bytes'] <= BYTES_MAX
        return grown, sent

    def used(self):
        """Bytes of the file in use: what is free in it is used again, or given back."""
        return 8192 * self.daemon.rows(
            'SELECT page_count - freelist_count FROM pragma_page_count, pragma_freelist_count')[0][0]

    def sent(self):
        return sum(len(topic) + len(body) for topic, _, _, body in list(self.subscriber.messages))

    def by_age(self):
        """A cursor holds; without it all goes, and the next number is the next one."""
        head = head_of(self.daemon)
        answer = request(self.daemon.replay, b'ACK', b'reader', self.epoch(), head - 3)
        assert answer[0] == b'OK', answer
        self.reload('age: 1s, hold: 1h')
        beat = oldest_is(self.subscriber, 'only what the cursor holds is left', lambda h: h['oldest'] > head - 3)
        assert beat['oldest'] == head - 2 and sorted(self.daemon.journal()) == list(range(head - 2, head + 1)), beat
        consumer, = self.daemon.ask('status')['consumers']
        assert consumer['name'] == 'reader' and consumer['lag'] == 3 and consumer['seen_ms'] > 0, consumer
        answer = request(self.daemon.replay, b'FORGET', b'reader')
        assert answer[0] == b'OK' and numbers(answer[-1:]) == [head - 3], answer
        beat = oldest_is(self.subscriber, 'nothing is left', lambda h: h['oldest'] > h['head'])
        assert (beat['oldest'], beat['head']) == (head + 1, head) and not self.daemon.journal(), beat

    def numbers_go_on(self, end):
        """Also where nothing is left that could tell them."""
        head = head_of(self.daemon)
        end()
        self.daemon.configure(self.feeds, extra=journal_is('age: 1h'))
        self.daemon.start_heard_by(self.subscriber)
        assert self.daemon.ask('status')['head'] == head
        seen = len(self.subscriber.messages)
        self.publish()
        until('news is seen', lambda: len(self.subscriber.messages) > seen)
        seqs = [seq for _, _, seq, _ in self.subscriber.messages[seen:]]
        assert seqs[0] == head + 1, f'{head} was the head, and now comes {seqs[0]}'
        assert min(self.daemon.journal()) == head + 1

    def run(self):
        self.daemon.start_heard_by(self.subscriber)
        grown, sent = self.by_bytes()
        self.by_age()
        self.numbers_go_on(self.daemon.stop)
        self.reload('age: 1s')
        oldest_is(self.subscriber, 'nothing is left', lambda h: h['oldest'] > h['head'])
        self.numbers_go_on(self.daemon.kill)
        self.daemon.stop()
        assert self.daemon.rows('PRAGMA integrity_check') == [('ok',)]
        self.subscriber.close()
        return f'{sent} bytes went through, in use are more by {grown}'


def scenario(folder, bin_dir):
    with Origin(feeds=FEEDS, start=1) as site:
        print(Scenario(bin_dir, folder, site).run())


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    in_folder(lambda folder: scenario(folder, sys.argv[1]))
