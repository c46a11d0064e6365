#!/usr/bin/env python3
"""What was missed can be had again: by number, by time, by topic, in bounded answers; and what is
asked wrongly is refused with a reason.

usage: replay.py BIN
"""
import sys
import time

from harness import Daemon, Origin, Subscriber, in_folder, until
from replay_client import Asker, u64


def fill(daemon, n):
    until(f'{n} messages stand in the journal', lambda: len(daemon.journal()) >= n)


def head(daemon):
    return daemon.ask('status')['head']


def same(messages, journal):
    return [(m.seq, (m.topic, m.body)) for m in messages] == sorted(journal.items())


def by_number(daemon, asker, live):
    journal, epoch = daemon.journal(), asker.since(0, 0, limit=1).epoch
    assert same(asker.all_since(epoch, 0), journal), 'replay is not the journal'
    assert same(asker.all_since(epoch, 0, limit=7), journal), 'bounded answers lose something'
    assert same(asker.all_since(epoch, 0, size=5000), journal)
    seen = {m.seq: m for m in asker.all_since(epoch, 0)}
    for topic, its_epoch, seq, body in list(live.messages):
        assert seen[seq] == (topic, its_epoch, seq, body), 'replayed bytes are not those sent live'
    few = asker.since(epoch, 3, limit=5)
    assert [m.seq for m in few.messages] == [4, 5, 6, 7, 8] and few.number == 8
    one = asker.since(epoch, 0, size=1)
    assert len(one.messages) == 1 and one.number == 1, 'one message comes, however long'
    end = asker.since(epoch, max(journal))
    assert end.messages == [] and end.number == end.head == max(journal)
    return epoch


def by_topic(daemon, asker, epoch):
    journal = daemon.journal()
    for prefixes in (['event/'], ['article/fa/', 'feed/'], ['event/STATE/', 'event/S']):
        wanted = {s: m for s, m in journal.items() if m[0].startswith(tuple(prefixes))}
        assert wanted and same(asker.all_since(epoch, 0, *prefixes), wanted), prefixes
        assert same(asker.all_since(epoch, 0, *prefixes, limit=3), wanted), prefixes
    nothing = asker.since(epoch, 0, 'event/NEVER/')
    assert nothing.messages == [] and nothing.number == nothing.head, 'what matches nothing is proved'


def by_time(daemon, asker):
    rows = daemon.rows('SELECT seq, at_ms FROM message ORDER BY seq')
    for ms in {0, rows[0][1], rows[len(rows) // 2][1], rows[-1][1], rows[-1][1] + 1, 1 << 63}:
        want = sum(at < ms for _, at in rows)
        assert asker.time(ms).number == want, (ms, want)


def refusals(daemon, asker, epoch):
    for reason, frames in {
            'epoch': [b'SINCE', u64(epoch + 1), u64(0), u64(0), u64(0)],
            'badreq': [b'SINCE', u64(epoch), u64(0), u64(0)],
            'unknown': [b'CURSOR', b'nobody']}.items():
        answer = asker.ask(*frames)
        assert answer.reason == reason and answer.text, answer
        assert (answer.epoch, answer.oldest) == (epoch, 1), answer
    assert asker.since(epoch, 1 << 40).reason == 'epoch', 'a number that was not given yet'
    bad = [[], [b''], [b'SINCE'], [b'since', *[u64(0)] * 4], [b'SINCE', *[b'0'] * 4],
           [b'SINCE', *[u64(0)] * 4, *[b'event/'] * 65], [b'TIME'], [b'TIME', u64(0), b''],
           [b'ACK', b'x', u64(epoch)], [b'ACK', b'', u64(epoch), u64(1)],
           [b'ACK', b'x' * 65, u64(epoch), u64(1)], [b'ACK', b'a/b', u64(epoch), u64(1)],
           [b'CURSOR'], [b'FORGET', b'a', b'b'], [b'x'] * 500]
    for frames in bad:
        assert asker.ask(*frames).reason == 'badreq', frames
    asker.socket.send_multipart([b'PYK2', b'TIME', u64(0)])
    assert asker.receive().reason == 'badreq'
    # one request under way: the rest is told so, and none is forgotten
    for _ in range(3):
        asker.send(b'SINCE', u64(epoch), u64(0), u64(0), u64(0))
    answers = [asker.receive() for _ in range(3)]
    assert any(getattr(a, 'messages', None) for a in answers), answers
    assert all(getattr(a, 'reason', 'busy') == 'busy' for a in answers), answers


def lag(daemon, name):
    return {c['name']: c['lag'] for c in daemon.ask('status')['consumers']}.get(name)


def cursors(daemon, asker, epoch):
    assert asker.ack('desk', epoch, 5).number == 5
    assert asker.ack('desk', epoch, 3).number == 5, 'a cursor went back'
    assert asker.ack('desk', epoch + 1, 9).reason == 'epoch'
    assert asker.ack('desk', epoch, 1 << 40).reason == 'epoch'
    assert asker.ack('Other_1.x-y', epoch, 2).number == 2
    daemon.kill()                   # what was answered is on disk
    daemon.start()
    again = Asker(daemon.replay)
    assert again.cursor('desk').number == 5
    until('the status tells how far behind it is',
          lambda: lag(daemon, 'desk') == head(daemon) - 5)
    assert again.forget('Other_1.x-y').number == 2
    assert again.cursor('Other_1.x-y').reason == 'unknown'
    assert again.forget('Other_1.x-y').reason == 'unknown'
    for i in range(999):
        assert again.ack(f'n{i}', epoch, 1).number == 1
    assert again.ack('one-more', epoch, 1).reason == 'full'
    for i in range(999):
        again.forget(f'n{i}')
    again.close()


def retention(daemon, asker, epoch, site):
    """What is old or too much goes, the numbers do not come back, a cursor can hold it."""
    feeds = [f'id: a, url: "{site.base}/feed/1.xml", lang: fa, country: IRN']
    daemon.configure(feeds, extra='journal: {retention: {bytes: 64KiB, hold: 1h}}\n')
    assert daemon.ask('reload')['ok']
    kept = 128 * 1024               # a cursor holds up to twice as much
    until('the oldest ones go', lambda: daemon.ask('status')['oldest'] > 6)
    size = daemon.rows('SELECT sum(length(topic) + length(body)) FROM message')[0][0]
    assert 64 * 1024 < size <= kept, size
    asker.ack('desk', epoch, head(daemon))
    until('what nobody holds goes', lambda: daemon.rows(
        'SELECT sum(length(topic) + length(body)) FROM message')[0][0] <= 64 * 1024)
    oldest = daemon.ask('status')['oldest']
    gone = asker.since(epoch, 1)
    assert gone.reason == 'expired' and gone.oldest == oldest, gone
    assert asker.since(epoch, oldest - 1).messages[0].seq == oldest
    assert asker.since(0, 0).messages[0].seq == oldest, 'who knows no epoch gets what is there'
    last = head(daemon)
    daemon.configure(feeds, extra='journal: {retention: {age: 1s}}\n')
    assert daemon.ask('reload')['ok']
    until('all are too old', lambda: not daemon.journal())
    empty = asker.since(epoch, last)
    assert empty.messages == [] and (empty.oldest, empty.head) == (last + 1, last), empty
    assert asker.since(epoch, last - 1).reason == 'expired'
    daemon.kill()                   # also then numbers go on
    daemon.configure(feeds)
    daemon.start()
    site.add(5)
    until('news comes', lambda: daemon.journal())
    assert min(daemon.journal()) == last + 1, 'numbers came back'


def scenario(folder, bin_dir):
    with Origin(feeds=1, grow_ms=20) as site:
        daemon = Daemon(bin_dir, folder, [
            f'id: a, url: "{site.base}/feed/1.xml", lang: fa, country: IRN'])
        live = Subscriber(daemon.events)
        daemon.start_heard_by(live)
        asker = Asker(daemon.replay)
        fill(daemon, 120)
        site.set({'grow_ms': 0})
        before = -1
        while before != head(daemon):
            before = head(daemon)
            time.sleep(1.2)
        epoch = by_number(daemon, asker, live)
        by_topic(daemon, asker, epoch)
        by_time(daemon, asker)
        refusals(daemon, asker, epoch)
        cursors(daemon, asker, epoch)
        retention(daemon, asker, epoch, site)
        live.close()
        asker.close()
        daemon.stop()


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    in_folder(lambda folder: scenario(folder, sys.argv[1]))
