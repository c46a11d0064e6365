#!/usr/bin/env python3
"""Encrypted, the stream lets in known keys alone, and each to its topics.

usage: curve.py BIN

An unknown key, a client without encryption, one with another server's key, one that sends
garbage: none gets in, and each is counted. A key that is taken away is out at once, while others
come back by themselves. A key with topics gets these, whatever it subscribes to. A mistake in a
key's file changes nothing. No secret is ever said.
"""
import contextlib
import datetime
import pathlib
import shutil
import socket
import subprocess
import sys
import time

import zmq

from harness import Daemon, Keys, Origin, Subscriber, in_folder, until

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'support'))
from joining import Joined, request  # noqa: E402


class Scene:
    """The daemon, encrypted, and the keys of everybody."""

    def __init__(self, folder, bin_dir, site):
        self.bin, self.folder = bin_dir, pathlib.Path(folder)
        self.keys, self.clients = self.folder / 'keys', self.folder / 'clients.d'
        self.keys.mkdir()
        self.clients.mkdir()
        self.server = Keys(bin_dir, self.keys / 'curve')
        self.people = {name: Keys(bin_dir, self.keys / name, self.server)
                       for name in ('alice', 'bob', 'desk', 'eve')}
        self.site = site
        self.feeds = [f'id: a, url: "{site.base}/feed/1.xml", lang: fa']
        self.daemon = Daemon(bin_dir, folder, self.feeds, **self.settings('credential:curve.secret'))
        self.admit('alice')
        self.admit('bob')

    def settings(self, secret):
        return {'publish': f'curve: {{enabled: true, secret: "{secret}", clients: "{self.clients}"}}, ',
                'extra': 'extract: {story: {window: 0s}}\n'}

    def admit(self, name, *topics):
        lines = ''.join(f'topic {topic}\n' for topic in topics)
        (self.clients / f'{name}.pub').write_text(
            f'# {name}\n\n{self.people[name].public}\n{lines}', encoding='ascii')

    def start(self):
        self.daemon.launch(CREDENTIALS_DIRECTORY=str(self.keys))
        until('the control socket answers', lambda: self.daemon.alive() and self.daemon.ask('status'))

    def subscribe(self, name, prefix=b''):
        return Subscriber(self.daemon.events, prefix, self.people[name])

    def ask(self, name, *what, patience_s=20):
        """The kind of the answer and, where it is an error, its reason; None when there is none."""
        answer = request(self.daemon.replay, *what, patience_s=patience_s, keys=self.people[name])
        return answer and next((answer[i:] for i, frame in enumerate(answer)
                                if frame in (b'END', b'AT', b'OK', b'ERR')), answer)

    def subscriptions(self):
        return self.daemon.ask('status')['subscriptions']

    def count(self, counter):
        return self.daemon.ask('status')['counters'][counter]

    def publish(self, n=2):
        """News; returns the number of its last message."""
        known, topics = len(articles(self.daemon)), self.site
        topics.add(n)
        until('it is committed', lambda: len(articles(self.daemon)) == known + n)
        return max(self.daemon.journal())


def articles(daemon):
    return [topic for topic, _ in daemon.journal().values() if topic.startswith('article/')]


def numbers(subscriber):
    return [seq for _, _, seq, _ in list(subscriber.messages)]


def heard_again(subscriber):
    """It hears what the daemon says from now on: a heartbeat of later than now."""
    now = datetime.datetime.now(datetime.timezone.utc)
    until('a heartbeat of now', lambda: subscriber.heartbeats and datetime.datetime.fromisoformat(
        subscriber.heartbeats[-1]['time']) > now)


def scenario(folder, bin_dir):
    with Origin(start=3) as site:
        scene = Scene(folder, bin_dir, site)
        check_secret_file(scene)
        scene.start()
        alice, bob = scene.subscribe('alice'), scene.subscribe('bob')
        for one in (alice, bob):
            heard_again(one)
        until('the first articles', lambda: len(articles(scene.daemon)) == 3)
        head = scene.publish()
        for one in (alice, bob):
            until('a known key hears everything', lambda: one.messages and numbers(one)[-1] == head)
        assert scene.daemon.ask('status')['peers'] == {'events': 2, 'replay': 0, 'keys': 2}
        got = []
        joined = Joined(scene.daemon.events, scene.daemon.replay, got.append,
                        keys=scene.people['alice'])
        check_strangers(scene)
        check_mistake(scene, bob)
        check_cursors(scene)
        check_revocation(scene, alice, bob)
        check_topics(scene, alice)
        check_intruder(scene, alice)
        head = scene.publish(1)
        until('replay has healed everything', lambda: joined.has(head))
        joined.close()
        assert [message.seq for message in got] == list(range(1, head + 1)), 'there is a hole'
        alice.close()
        scene.daemon.stop()
        check_nothing_told(scene)
        check_plain(scene)


def check_secret_file(scene):
    """A secret that others can read is none: neither peykd nor peyk check takes it."""
    open_file = scene.keys / 'open.secret'
    shutil.copy(scene.keys / 'curve.secret', open_file)
    open_file.chmod(0o644)
    scene.daemon.configure(scene.feeds, **scene.settings(open_file))
    for command in (['peykd', '--config'], ['peyk', 'check']):
        done = subprocess.run([scene.bin / command[0], *command[1:], scene.daemon.config],
                              capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 1, (command, done)
        assert 'others can read or change this secret key' in done.stderr, done.stderr
        assert scene.server.secret not in done.stderr + done.stdout
    open_file.unlink()
    scene.daemon.configure(scene.feeds, **scene.settings('credential:curve.secret'))
    done = subprocess.run([scene.bin / 'peyk', 'check', scene.daemon.config], capture_output=True,
                          text=True, timeout=60, check=True, env={})
    assert 'credential:curve.secret' in done.stderr, 'nobody says that it was not looked at'


def knock(scene, dress):
    """A SUB socket that dress() has prepared, connected; its context."""
    context = zmq.Context()
    sub = context.socket(zmq.SUB)
    sub.setsockopt(zmq.LINGER, 0)
    sub.setsockopt(zmq.RECONNECT_IVL, 20)
    sub.subscribe(b'')
    dress(sub)
    sub.connect(scene.daemon.events)
    return context, sub


def check_strangers(scene):
    def with_other_server_key(sub):
        scene.people['alice'].use(sub)
        sub.curve_serverkey = scene.people['eve'].public.encode()

    # who speaks without encryption sees himself that this leads nowhere, and may be gone before the
    # daemon does
    other_ways = 'handshakes_failed_protocol', 'handshakes_failed_other'
    for who, dress, counters in (
            ('an unknown key', scene.people['eve'].use, ('handshakes_failed_auth',)),
            ('no encryption', lambda sub: None, other_ways),
            ("another server's key", with_other_server_key, ('handshakes_failed_protocol',))):
        before = sum(map(scene.count, counters))
        context, sub = knock(scene, dress)
        until(f'{who}: {counters}', lambda: sum(map(scene.count, counters)) > before)
        scene.publish(1)
        assert not sub.poll(300), f'{who} was let in'
        context.destroy(linger=0)
    assert scene.count('keys_refused') >= 1
    assert scene.people['eve'].public in scene.daemon.said(), 'the log does not say which key'
    greeting = b'\xff' + bytes(8) + b'\x7f\3\0NULL'.ljust(55, b'\0')
    before = scene.count('handshakes_failed_protocol')
    for said in (greeting, b'GET / HTTP/1.1\r\n\r\n', bytes(range(256)) * 40, greeting[:11]):
        with socket.socket(socket.AF_UNIX) as s, contextlib.suppress(OSError):
            s.settimeout(5 if said == greeting else 0.3)
            s.connect(scene.daemon.events.removeprefix('ipc://'))
            s.sendall(said)
            while s.recv(1000):
                pass
    until('a greeting without CURVE is counted', lambda: scene.count('handshakes_failed_protocol') > before)
    scene.publish(1)
    until('those who went are not counted as connected',
          lambda: scene.daemon.ask('status')['peers']['events'] == 3)


def check_mistake(scene, bob):
    """P8: a file with a mistake, and one key in two files."""
    status = scene.daemon.ask('status')
    wrong = scene.clients / 'desk.pub'
    for text, complaint in (
            (scene.people['desk'].public + '\ntopics event/\n', 'desk.pub line=2 column=1'),
            (scene.people['desk'].public[:-1] + '\n', 'desk.pub line=1'),
            (scene.people['bob'].public + '\n', 'already')):
        wrong.write_text(text, encoding='ascii')
        (scene.clients / 'bob.pub').rename(scene.folder / 'bob.pub') if 'already' not in complaint else None
        answer = scene.daemon.ask('reload')
        assert answer['ok'] is False, answer
        assert complaint in scene.daemon.said(), complaint
        done = subprocess.run([scene.bin / 'peyk', 'check', scene.daemon.config],
                              capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 1 and 'desk.pub' in done.stderr, done
        if (scene.folder / 'bob.pub').exists():
            (scene.folder / 'bob.pub').rename(scene.clients / 'bob.pub')
    wrong.unlink()
    assert scene.daemon.ask('status')['generation'] == status['generation']
    head = scene.publish(1)
    until('nothing has changed for bob', lambda: numbers(bob)[-1] == head)


def check_cursors(scene):
    """Two keys may use one name: each has a cursor of its own."""
    epoch = int(scene.daemon.ask('status')['epoch'], 16)
    assert scene.ask('alice', b'ACK', b'desk', epoch, 2)[0] == b'OK'
    assert scene.ask('bob', b'CURSOR', b'desk')[:2] == [b'ERR', b'unknown']
    assert scene.ask('bob', b'ACK', b'desk', epoch, 1)[-1] == (1).to_bytes(8, 'big')
    assert scene.ask('alice', b'CURSOR', b'desk')[-1] == (2).to_bytes(8, 'big')


def check_replay_of_topics(scene):
    """Replay denies what a key may not read; where it does not ask for more, it gets all it may."""
    def topics_of(*prefixes):
        answer = request(scene.daemon.replay, b'SINCE', 0, 0, 0, 0, *prefixes, keys=scene.people['desk'])
        assert b'END' in answer, answer
        return answer[:answer.index(b'END')][::3]

    for prefixes in ((b'event/',), (b'',), (b'article/fa/', b'event/'), (b'art',)):
        answer = scene.ask('desk', b'SINCE', 0, 0, 0, 0, *prefixes)
        assert answer[:2] == [b'ERR', b'denied'], (prefixes, answer)
    mine = [topic for topic, _ in scene.daemon.journal().values() if topic.startswith('article/')]
    for prefixes in ((), (b'article/',), (b'article/fa/', b'heartbeat/')):
        assert sorted(topics_of(*prefixes)) == sorted(topic.encode() for topic in mine), prefixes


def check_revocation(scene, alice, bob):
    refused = scene.count('handshakes_failed_auth')
    (scene.clients / 'bob.pub').unlink()
    assert scene.daemon.ask('reload')['ok'] is True
    started = time.monotonic()
    until('bob is refused', lambda: scene.count('handshakes_failed_auth') > refused)
    took = time.monotonic() - started
    heard_again(alice)
    bobs = len(bob.messages)
    first = max(scene.daemon.journal()) + 1
    assert scene.ask('bob', b'TIME', 0, patience_s=1) is None, 'replay still answers bob'
    head = scene.publish()
    until('alice came back by herself', lambda: numbers(alice)[-1] == head)
    assert set(range(first, head + 1)) <= set(numbers(alice)), 'alice missed something'
    assert len(bob.messages) == bobs, 'bob hears on'
    assert took < 15, f'bob was out after {took:.1f} s'
    print(f'a key that was taken away was out after {took * 1000:.0f} ms')

    # nothing was taken from anybody: nobody is disturbed
    opened = scene.count('stream_reopened')
    scene.admit('bob')
    assert scene.daemon.ask('reload')['ok'] is True
    heard_again(alice)
    assert scene.count('stream_reopened') == opened
    bob.close()


def check_topics(scene, alice):
    """What a key may read, it gets; and of what it may not, nothing, whatever it asks for."""
    scene.admit('desk', 'article/')
    opened = scene.count('stream_reopened')
    assert scene.daemon.ask('reload')['ok'] is True
    until('topics are kept apart from now on', lambda: scene.count('stream_reopened') > opened)
    heard_again(alice)
    until('alice and she who joined are there alone', lambda: scene.subscriptions() == 3)
    everything, longer, other = (scene.subscribe('desk', prefix)
                                 for prefix in (b'', b'article/fa/', b'event/'))
    until('all three are subscribed', lambda: scene.subscriptions() == 6)
    assert scene.count('subscriptions_cut') == 2
    first = max(scene.daemon.journal()) + 1
    head = scene.publish(3)
    until('alice has it all', lambda: numbers(alice)[-1] == head)
    wanted = [seq for seq, (topic, _) in sorted(scene.daemon.journal().items())
              if seq >= first and topic.startswith('article/')]
    assert 0 < len(wanted) < head - first + 1
    for one in (everything, longer):
        until('the articles', lambda: set(wanted) <= set(numbers(one)))
        assert all(topic.startswith('article/') for topic, *_ in one.messages), 'more than it may read'
    assert not other.messages, 'what it may not read at all'
    for one in (everything, longer, other):
        one.close()
    until('they are gone', lambda: scene.subscriptions() == 3)
    check_subscriptions_taken_back(scene, alice)
    check_replay_of_topics(scene)

    scene.admit('desk', 'article/en/')
    opened = scene.count('stream_reopened')
    desk = scene.subscribe('desk')
    heard_again(desk)
    assert scene.daemon.ask('reload')['ok'] is True
    until('who may read less has to come again', lambda: scene.count('stream_reopened') > opened)
    heard_again(desk)
    heard_again(alice)
    head = scene.publish(1)
    until('alice came back', lambda: numbers(alice)[-1] == head)
    assert not desk.messages, 'it still gets what it may no longer read'
    desk.close()


def check_subscriptions_taken_back(scene, alice):
    """Two subscriptions that come to the same, of which one is taken back; then the other."""
    context, sub = knock(scene, scene.people['desk'].use)       # subscribed to everything
    sub.subscribe(b'art')
    sub.subscribe(b'heartbeat/')
    until('it hears', lambda: sub.poll(0) and sub.recv_multipart()[0] == b'heartbeat/')
    until('all three stand', lambda: scene.subscriptions() == 6)
    topics = []

    def hears(kind):
        while sub.poll(0):
            topics.append(sub.recv_multipart()[0])
        return [topic for topic in topics if topic.startswith(kind)]

    def takes_back(prefix):
        stand = scene.subscriptions()
        sub.unsubscribe(prefix)
        until('it is taken back', lambda: scene.subscriptions() == stand - 1)
        hears(b'')
        topics.clear()

    scene.publish(1)
    until('articles', lambda: hears(b'article/'))
    takes_back(b'')
    scene.publish(1)
    until('articles still, by the other', lambda: hears(b'article/'))
    takes_back(b'art')
    head = scene.publish(1)
    until('alice has it', lambda: numbers(alice)[-1] == head)
    beats = len(hears(b'heartbeat/'))
    until('heartbeats', lambda: len(hears(b'heartbeat/')) > beats + 1)
    assert not hears(b'article/'), 'what was taken back comes on'
    context.destroy(linger=0)


def check_intruder(scene, alice):
    """A key with topics that sends what is no subscription, to have another's in its place: it is
    thrown out and stays out, and the daemon lives."""
    context = zmq.Context()
    xsub = context.socket(zmq.XSUB)
    scene.people['desk'].use(xsub)
    xsub.setsockopt(zmq.LINGER, 0)
    xsub.connect(scene.daemon.events)
    thrown, refused, opened = (scene.count(counter) for counter in (
        'peers_thrown_out', 'keys_refused', 'stream_reopened'))
    for _ in range(50):
        xsub.send(b'\2 no subscription')
        xsub.send(b'\1')
    until('it is thrown out', lambda: scene.count('peers_thrown_out') > thrown)
    until('all have to come again', lambda: scene.count('stream_reopened') > opened)
    until('it stays out', lambda: scene.count('keys_refused') > refused)
    heard_again(alice)
    head = scene.publish(1)
    until('alice came back', lambda: numbers(alice)[-1] == head)
    while xsub.poll(0):
        topic = xsub.recv_multipart()[0]
        assert topic.startswith((b'article/en/', b'heartbeat/')), topic
    context.destroy(linger=0)

    # comes and goes: in hundreds, with half a handshake or a subscription that nobody has read yet
    for _ in range(20):
        with zmq.Context() as storm:
            for _ in range(5):
                sub = storm.socket(zmq.SUB)
                scene.people['bob'].use(sub)
                sub.setsockopt(zmq.LINGER, 0)
                sub.subscribe(b'')
                sub.connect(scene.daemon.events)
            sub.poll(30)
            storm.destroy(linger=0)
    heard_again(alice)
    head = scene.publish(1)
    until('alice hears on', lambda: numbers(alice)[-1] == head)


def check_plain(scene):
    """Encryption begins with a restart: no reload before may open to others what it would protect."""
    folder = scene.folder / 'plain'
    folder.mkdir()
    daemon = Daemon(scene.bin, folder, scene.feeds)
    daemon.start()
    daemon.events_bound = ['tcp://0.0.0.0:*']
    daemon.configure(scene.feeds, **scene.settings('credential:curve.secret'))
    answer = daemon.ask('reload')
    assert answer['ok'] is False and daemon.ask('status')['generation'] == 1, answer
    assert 'publish.curve.enabled needs a restart' in daemon.said()
    daemon.stop()


def check_nothing_told(scene):
    secrets = [keys.secret for keys in (scene.server, *scene.people.values())]
    dump = subprocess.run([scene.bin / 'peyk', 'check', '--dump', scene.daemon.config],
                          capture_output=True, text=True, timeout=60, check=True)
    assert 'credential:curve.secret' in dump.stdout
    for text in (scene.daemon.said(), dump.stdout, dump.stderr):
        for secret in secrets:
            assert secret not in text and secret[:12] not in text, 'a secret was said'
    assert scene.server.public in scene.daemon.said(), 'the log does not say our public key'


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    in_folder(lambda folder: scenario(folder, pathlib.Path(sys.argv[1])))
