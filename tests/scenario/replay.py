#!/usr/bin/env python3
"""Whoever missed something asks for it: the sentences of peyk-stream(7), REPLAY, one by one.

usage: replay.py BIN

A small site fills the journal while a subscriber listens; then clients ask: by number, by time,
by prefix, within bounds, for what was pruned, of another journal, too much, too often, what is no
request, without reading the answers; and named cursors over a stop and a kill.
"""
import contextlib
import pathlib
import signal
import socket
import sqlite3
import struct
import sys
import time

from harness import Daemon, Origin, Subscriber, in_folder, is_sanitized, memory_kb, until
from joining import MAGIC, u64
from replay_client import ReplayClient, Refused, read

ENTRIES = 60
FILLER = 120_000        # rows that no prefix matches; an answer looks at 50 000
SLOW_MB = 96            # what clients that read nothing may cost


def refused(call, *arguments, **more):
    """What it was refused for."""
    try:
        answer = call(*arguments, **more)
    except Refused as refusal:
        return refusal
    raise AssertionError(f'this was answered: {arguments} {more}: {answer[:5]}')


def counter(daemon, name):
    return daemon.ask('status')['counters'][name]


class Scene:
    def __init__(self, daemon, site, feeds):
        self.daemon, self.site, self.feeds = daemon, site, feeds
        self.look()

    def look(self):
        """At the journal, while nothing is written."""
        self.journal = self.daemon.journal()
        self.seqs = sorted(self.journal)
        (self.epoch,), = self.daemon.rows('SELECT epoch FROM epoch')
        self.epoch %= 1 << 64
        self.head, self.oldest = self.seqs[-1], self.seqs[0]

    def client(self, **how):
        return ReplayClient(self.daemon.replay, **how)

    def check_messages(self, messages, seqs):
        assert [m.seq for m in messages] == list(seqs), 'not these messages, or not in this order'
        for m in messages:
            assert m.epoch == self.epoch and (m.topic.decode(), m.body) == self.journal[m.seq], m[:3]


# ---- what is asked for

def check_numbers(scene, client):
    messages, answers = client.everything()
    scene.check_messages(messages, scene.seqs)
    assert all((a.epoch, a.head, a.oldest) == (scene.epoch, scene.head, scene.oldest) for a in answers)
    for cursor in (0, 1, scene.head // 2, scene.head - 1, scene.head):
        messages, _ = client.everything(scene.epoch, cursor)
        scene.check_messages(messages, range(cursor + 1, scene.head + 1))
    messages, answers = client.everything(limit=7)
    scene.check_messages(messages, scene.seqs)
    assert [len(a.messages) for a in answers[:-1]] == [7] * (len(answers) - 1)
    messages, answers = client.everything(scene.epoch, scene.head - 5, max_bytes=1)
    scene.check_messages(messages, scene.seqs[-5:])
    assert [len(a.messages) for a in answers] == [1] * 5, 'one message always comes'
    _, answers = client.everything(max_bytes=20_000)
    longest = max(len(topic) + len(body) for topic, body in scene.journal.values())
    for answer in answers:
        assert sum(len(m.topic) + len(m.body) for m in answer.messages) <= 20_000 + longest
    # what is more than the server likes is what it likes
    messages, _ = client.everything(limit=(1 << 64) - 1, max_bytes=(1 << 64) - 1)
    scene.check_messages(messages, scene.seqs)


def check_prefixes(scene, client):
    topics = {seq: topic.encode() for seq, (topic, _) in scene.journal.items()}
    for prefixes in ([b'article/'], [b'event/'], [b'feed/', b'event/'], [b'event/', b'event/S'],
                     [b''], [b'artic'], [b'article/fa/', b'article/']):
        want = [s for s in scene.seqs if any(topics[s].startswith(p) for p in prefixes)]
        for limit in (0, 3):
            messages, answers = client.everything(prefixes=prefixes, limit=limit)
            scene.check_messages(messages, want)
            assert answers[-1].number == scene.head
    for prefix in (b'nothing/', b'article/fa/' + b'x' * 900, b'ARTICLE/', b'\xff\0'):
        answer = client.since(scene.epoch, 0, prefixes=[prefix])
        assert not answer.messages and answer.number == scene.head, 'no progress without messages'
    assert client.since(0, 0, prefixes=[b'event/'] * 64).messages


def check_times(scene, client):
    times = dict(scene.daemon.rows('SELECT seq, at_ms FROM message'))
    for at_ms in {0, 1, *list(times.values())[::20], max(times.values()) + 1, (1 << 63) - 1, (1 << 64) - 1}:
        behind = [s for s in scene.seqs if times[s] >= at_ms]
        answer = client.time(at_ms)
        assert answer.name == 'AT' and answer.number == (behind[0] if behind else scene.head + 1) - 1, at_ms
        scene.check_messages(client.everything(scene.epoch, answer.number)[0], behind)


def check_live(scene, subscriber):
    """The same bytes, live and replayed."""
    with scene.client() as client:
        replayed = {m.seq: (m.topic, m.epoch, m.body) for m in client.everything()[0]}
    for topic, epoch, seq, body in list(subscriber.messages):
        assert replayed[seq] == (topic.encode(), epoch, body), seq
    assert len(subscriber.messages) > ENTRIES


# ---- what is refused

def check_refusals(scene, client):
    for epoch, cursor in ((scene.epoch ^ 1, 0), (scene.epoch, scene.head + 1), (0, scene.head + 1),
                          (scene.epoch, (1 << 64) - 1)):
        refusal = refused(client.since, epoch, cursor)
        assert (refusal.reason, refusal.epoch, refusal.head, refusal.oldest) == \
            ('epoch', scene.epoch, scene.head, scene.oldest), (epoch, cursor, refusal)
    n = u64(0)
    for frames in ([b''], [MAGIC], [b'PYK2', b'TIME', n], [b'', MAGIC, b'TIME', n], [MAGIC, b'time', n],
                   [MAGIC, b'SINCE', n, n, n], [MAGIC, b'SINCE', n, n, n, n[:7]], [MAGIC, b'TIME', n, b''],
                   [MAGIC, b'SINCE', n, n, n, n] + [b'a'] * 65, [MAGIC, b'SINCE', n, n, n, n] + [b'a'] * 2000,
                   [MAGIC, b'ACK', b'a/b', n, n], [MAGIC, b'ACK', b'a' * 65, n, n], [MAGIC, b'CURSOR', b'']):
        client.send(*frames)
        assert refused(client.receive).reason == 'badreq', frames[:8]
    assert client.since(0, 0, limit=1).messages, 'it may go on behind a refusal'
    # one frame that is too long ends the connection, and the client comes back by itself
    client.send(MAGIC, b'CURSOR', b'a' * 1025)
    assert not client.socket.poll(300)
    until('the client is back', lambda: not client.socket.poll(0) and client.time(0).name == 'AT')


def check_quick(scene, client):
    """Who reads its answers loses none, however quickly it asks."""
    for _ in range(3000):
        client.send(MAGIC, b'CURSOR', b'')
        assert refused(client.receive).reason == 'badreq'
    assert counter(scene.daemon, 'replay_dropped') == 0


@contextlib.contextmanager
def held(daemon):
    """What is sent meanwhile is there at once when it goes on."""
    daemon.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        daemon.process.send_signal(signal.SIGCONT)


def outcomes_of(client):
    """The name of each answer until one comes to a question behind them."""
    names = []
    while True:
        try:
            answer = client.receive()
            names.append(answer.name)
        except Refused as refusal:
            names.append(refusal.reason)
            continue
        return names


def check_busy(scene):
    """A client that does not wait is told so; it may ask again behind its answer."""
    with scene.client() as client:
        patiently(client, b'TIME', 0)
        with held(scene.daemon):
            for _ in range(3):
                client.send(MAGIC, b'ACK', b'hasty', scene.epoch, 1)
        names = outcomes_of(client)
        assert names[-1] == 'OK' and set(names[:-1]) <= {'busy'}, names
        while client.socket.poll(200):      # of the others, if they were read later
            client.socket.recv_multipart()
        assert client.forget(b'hasty').number == 1


def check_crowd(scene):
    """More clients than may wait: each is answered, and those who are told `busy` in the end, too."""
    before = counter(scene.daemon, 'replay_busy')
    with contextlib.ExitStack() as stack:
        crowd = [stack.enter_context(scene.client()) for _ in range(30)]
        for client in crowd:
            patiently(client, b'TIME', 0)
        with held(scene.daemon):
            for client in crowd:
                client.send(MAGIC, b'ACK', b'crowd', scene.epoch, 1)
        told = [read_or_reason(client) for client in crowd]
        assert set(told) == {'OK', 'busy'}, told
        for client in crowd:
            patiently(client, b'CURSOR', b'crowd')
        assert counter(scene.daemon, 'replay_busy') >= before + told.count('busy')
        assert crowd[0].forget(b'crowd').number == 1


def patiently(client, *what):
    """Asks until it is its turn, as a client should."""
    until('its turn comes', lambda: ask_or_reason(client, *what) != 'busy')


def read_or_reason(client):
    try:
        return client.receive().name
    except Refused as refusal:
        return refusal.reason


def ask_or_reason(client, *what):
    client.send(MAGIC, *what)
    return read_or_reason(client)


# ---- clients that misbehave

def check_slow(scene):
    """Who asks and does not read costs a handful of answers, holds no WAL, and delays nobody."""
    daemon = scene.daemon
    before_kb, dropped = memory_kb(daemon.process), counter(daemon, 'replay_dropped')
    with scene.client(hwm=1) as slow, scene.client() as other:
        for _ in range(400):
            asked = counter(daemon, 'replay_requests')
            slow.send(MAGIC, b'SINCE', 0, 0, 0, 0)
            until('it is taken up', lambda: counter(daemon, 'replay_requests') > asked)
            if counter(daemon, 'replay_dropped') > dropped:
                break
        else:
            raise AssertionError('all was sent to a client that reads nothing')
        scene.site.add(1)
        until('news is committed', lambda: daemon.ask('status')['head'] > scene.head)
        until('nobody holds the WAL', lambda: truncates(daemon))
        scene.look()
        started = time.monotonic()
        scene.check_messages(other.everything()[0], scene.seqs)
        assert time.monotonic() - started < 10
        grown_kb = memory_kb(daemon.process) - before_kb
        assert grown_kb < SLOW_MB * 1024 or is_sanitized(daemon.bin), f'{grown_kb} KiB'
        whole = 0
        while slow.socket.poll(500):        # what it was sent is whole
            assert read(slow.socket.recv_multipart()).name == 'END'
            whole += 1
        assert whole >= 2
        until('it is answered again', lambda: ask_or_reason(slow, b'TIME', 0) == 'AT')
    return grown_kb, whole


def check_unread(scene):
    """What clients do not read is bounded for all of them together: the others wait then, until the
    one who does not read is gone."""
    daemon = scene.daemon
    daemon.configure(scene.feeds, replay='unread: 64KiB, ')
    assert daemon.ask('reload')['ok']
    with scene.client() as other:
        with scene.client(hwm=1) as slow:
            for _ in range(100):
                asked = counter(daemon, 'replay_requests')
                slow.send(MAGIC, b'SINCE', 0, 0, 0, 0)
                until('it is taken up', lambda: counter(daemon, 'replay_requests') > asked)
                if ask_or_reason(other, b'SINCE', 0, 0, 0, 0) == 'busy':
                    break
            else:
                raise AssertionError('nobody was told that too much is unread')
            assert ask_or_reason(other, b'TIME', 0) == 'AT', 'what is short is answered all the same'
        patiently(other, b'SINCE', 0, 0, 0, 0)
    daemon.configure(scene.feeds, replay='waiting: 2, ')
    assert daemon.ask('reload')['ok']


def truncates(daemon):
    """A reader that stays in the middle of the WAL would not let it be cut."""
    db = sqlite3.connect(daemon.state / 'peyk.db', timeout=0, isolation_level=None)
    try:
        return db.execute('PRAGMA wal_checkpoint(TRUNCATE)').fetchone()[0] == 0
    except sqlite3.OperationalError:
        return False
    finally:
        db.close()


def check_gone(scene, client):
    dropped = counter(scene.daemon, 'replay_dropped')
    for _ in range(10):
        with scene.client() as hasty:
            patiently(hasty, b'TIME', 0)
            with held(scene.daemon):
                hasty.send(MAGIC, b'ACK', b'gone', scene.epoch, 1)
                time.sleep(0.02)    # whether it left is for the counter to say
                hasty.close()
        if counter(scene.daemon, 'replay_dropped') > dropped:
            break
    patiently(client, b'TIME', 0)


def check_flood(scene, client):
    with scene.client(hwm=1) as flood:
        for _ in range(5000):
            with contextlib.suppress(Exception):
                flood.socket.send_multipart([MAGIC, b'SINCE', *[u64(0)] * 4], flags=1)
        started = time.monotonic()
        for _ in range(20):
            patiently(client, b'SINCE', 0, 0, 1, 0)
        return (time.monotonic() - started) / 20


def speak_zmtp(path, user, *frames):
    """One request of a peer that says in its handshake who it is; returns once it is answered."""
    with socket.socket(socket.AF_UNIX) as peer, peer.makefile('rb') as said:
        peer.settimeout(20)
        peer.connect(path)
        peer.sendall(b'\xff' + bytes(8) + b'\x7f\3\0NULL' + bytes(16 + 32))
        assert said.read(64)[:1] == b'\xff'
        properties = b''.join(bytes([len(k)]) + k + struct.pack('>I', len(v)) + v for k, v in
                              ((b'Socket-Type', b'DEALER'), (b'User-Id', user)))
        ready = b'\5READY' + properties
        peer.sendall(bytes([4, len(ready)]) + ready)
        command, size = said.read(2)
        assert command == 4 and said.read(size).startswith(b'\5READY')
        for i, frame in enumerate(frames):
            peer.sendall(bytes([i < len(frames) - 1, len(frame)]) + frame)
        got = b''
        while b'\2OK' not in got:
            more = said.read(1)
            assert more, got
            got += more


# ---- named cursors

def check_cursors(scene):
    daemon = scene.daemon
    with scene.client() as client:
        assert refused(client.cursor, b'reader').reason == 'unknown'
        assert refused(client.forget, b'reader').reason == 'unknown'
        assert client.ack(b'reader', scene.epoch, 5).number == 5
        assert client.ack(b'reader', scene.epoch, 3).number == 5, 'it never goes back'
        assert client.ack(b'reader', scene.epoch, 9).number == 9
        for epoch, seq in ((scene.epoch ^ 1, 5), (scene.epoch, scene.head + 1)):
            assert refused(client.ack, b'reader', epoch, seq).reason == 'epoch'
        # without keys there is one owner, whoever a peer says that it is
        speak_zmtp(daemon.replay.removeprefix('ipc://'), b'mallory\x1b[2J', MAGIC, b'ACK', b'reader',
                   u64(scene.epoch), u64(10))
        assert client.cursor(b'reader').number == 10
        assert {row[0] for row in daemon.rows('SELECT owner FROM cursor')} == {''}
        daemon.stop()
        daemon.start()
        answer = client.cursor(b'reader')
        assert (answer.name, answer.epoch, answer.number) == ('OK', scene.epoch, 10)
    for seq in range(11, 16):       # what was answered is on disk
        with scene.client() as client:
            assert client.ack(b'reader', scene.epoch, seq).number == seq
            daemon.kill()
        daemon.start()
        with scene.client() as client:
            assert client.cursor(b'reader').number == seq, 'an answer was not durable'
    with scene.client() as client:
        assert client.forget(b'reader').number == 15
        assert refused(client.cursor, b'reader').reason == 'unknown'
        assert client.ack(b'reader', scene.epoch, 2).number == 2, 'it begins anew'


def check_full(scene):
    daemon = scene.daemon
    with scene.client() as client:
        client.ack(b'reader', scene.epoch, 4)
        n = 1000 - len(daemon.rows('SELECT 1 FROM cursor'))
        daemon.write('WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i LIMIT '
                     f'{n}) INSERT INTO cursor SELECT owner, name || n, epoch, 1, seen_ms FROM i, cursor'
                     " WHERE name = 'reader'")
        assert refused(client.ack, b'one-more', scene.epoch, 1).reason == 'full'
        assert client.ack(b'reader', scene.epoch, 5).number == 5, 'those that are there go on'
        client.forget(b'reader1')
        assert client.ack(b'one-more', scene.epoch, 1).number == 1


# ---- what only time brings about

def check_expired(scene):
    """oldest moves: between, before and behind the cursors of clients."""
    first = scene.seqs[len(scene.seqs) // 2]
    scene.daemon.write(f'DELETE FROM message WHERE seq < {first}')
    scene.look()
    with scene.client() as client:
        for cursor in (0, 1, first - 2):
            refusal = refused(client.since, scene.epoch, cursor)
            assert (refusal.reason, refusal.oldest, refusal.head) == ('expired', first, scene.head)
        for epoch, cursor in ((scene.epoch, first - 1), (0, 0), (0, first - 2)):
            scene.check_messages(client.everything(epoch, cursor)[0], scene.seqs)
        assert client.time(0).number == first - 1
        scene.daemon.write('DELETE FROM message')
        answer = client.since(scene.epoch, scene.head)
        assert not answer.messages and (answer.oldest, answer.number) == (scene.head + 1, scene.head)
        assert refused(client.since, scene.epoch, scene.head - 1).reason == 'expired'
        assert client.since(0, 0).number == scene.head
        assert client.time(0).number == scene.head


def check_scan(scene):
    """A prefix that matches nothing for long: answers come, and rise."""
    scene.daemon.write(
        'WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i LIMIT '
        f'{FILLER}) INSERT INTO message (at_ms, topic, body, total) SELECT 4000000000000,'
        " 'feed/filler/up/', x'7b7d', 0 FROM i")
    with scene.client() as client:
        messages, answers = client.everything(0, 0, prefixes=[b'nothing/'])
        assert not messages and len(answers) > 2, 'one answer looks at everything'
        assert len(client.since(0, 0, limit=1 << 40).messages) <= 2000


def fill(daemon, site):
    until('the first articles', lambda: len(daemon.journal()) >= 3)
    site.add(ENTRIES)
    until('all is told', lambda: sum(topic.startswith('article/') for topic, _ in daemon.journal().values())
          >= ENTRIES + 3)
    until('the journal rests', lambda: rests(daemon))


def rests(daemon):
    head = daemon.ask('status')['head']
    time.sleep(0.3)     # not for what is to come, but for what may still come
    return daemon.ask('status')['head'] == head


def scenario(folder, bin_dir):
    with Origin(start=3) as site:
        feeds = [f'id: a, url: "{site.base}/feed/1.xml", lang: fa']
        daemon = Daemon(bin_dir, folder, feeds, replay='waiting: 2, ')
        subscriber = Subscriber(daemon.events)
        daemon.start_heard_by(subscriber)
        fill(daemon, site)
        scene = Scene(daemon, site, feeds)
        until('the subscriber has it', lambda: subscriber.messages[-1][2] == scene.head)
        check_live(scene, subscriber)
        with scene.client() as client:
            for check in (check_numbers, check_prefixes, check_times, check_refusals, check_quick, check_gone):
                check(scene, client)
            wait_s = check_flood(scene, client)
        check_busy(scene)
        check_crowd(scene)
        slow_kb, whole = check_slow(scene)
        check_unread(scene)
        until('the journal rests', lambda: rests(daemon))
        scene.look()
        check_cursors(scene)
        check_full(scene)
        subscriber.close()
        check_expired(scene)
        check_scan(scene)
        daemon.stop()
        print(f'{scene.head} messages; {slow_kb} KiB and {whole} answers for one that did not read; '
              f'{wait_s * 1000:.1f} ms an answer in a flood')


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    in_folder(lambda folder: scenario(pathlib.Path(folder), sys.argv[1]))
