#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Peers that are no subscribers, or bad ones, on both sockets (F8, P6).

usage: bad_peers.py BIN [SECONDS]

Garbage; a frame of a tebibyte; handshakes that are never finished; clients that ask and do not read, or
whose question has no end; more than there are descriptors; once in plain and once with CURVE, where unknown keys come on top. The daemon
lives, what they held is given back, a subscriber misses nothing, and replay answers others soon.
"""
import contextlib
import json
import pathlib
import random
import resource
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

import zmq

from harness import (LONG, Daemon, Keys, Origin, Subscriber, check_durable, descriptors, in_folder, is_sanitized,
                     memory_kb, until)
from joining import MAGIC, u64
from replay_client import Refused, ReplayClient

SECONDS = 30 if LONG else 2             # of each of the two
HALF = 500 if LONG else 100             # handshakes that are under way at once
FRAMES = 100_000 if LONG else 20_000    # of one question
HANDSHAKE_S = 10                        # peyk-stream(7), LIMITS
MEMORY_KB = 64 * 1024
ANSWER_S = 5
PAUSE_S = 0.002         # so many are enough; this machine has others


def greeting(mechanism):
    return b'\xff' + bytes(8) + b'\x7f\3\0' + mechanism.ljust(20, b'\0') + bytes(32)


def ready(kind):
    name = b'\x0bSocket-Type' + struct.pack('>I', len(kind)) + kind
    return bytes([4, 6 + len(name)]) + b'\5READY' + name


# -- the process of the bad ones

class Bad:
    """Each kind in a thread of its own, again and again; `done` counts how often."""

    def __init__(self, events, replay, keys):
        self.paths = [endpoint.removeprefix('ipc://') for endpoint in (events, replay)]
        self.events, self.replay, self.keys = events, replay, keys
        self.chance, self.ending, self.failure = random.Random(1), threading.Event(), None
        kinds = [self.garbage, self.half]
        kinds += [self.unknown_key] if keys else [self.huge_frame, self.flood, self.many_frames]
        self.done = {kind.__name__: 0 for kind in kinds}
        self.threads = [threading.Thread(target=self.again, args=[kind]) for kind in kinds]
        for thread in self.threads:
            thread.start()

    def again(self, kind):
        try:
            while not self.ending.is_set():
                with contextlib.suppress(ConnectionError, BlockingIOError, zmq.Again):
                    kind()
                    self.done[kind.__name__] += 1
                self.ending.wait(PAUSE_S)
        except Exception as e:      # for end() to raise
            self.failure = e

    def end(self):
        self.ending.set()
        for thread in self.threads:
            thread.join()
        if self.failure:
            raise self.failure
        return self.done

    @contextlib.contextmanager
    def connected(self, which):
        with socket.socket(socket.AF_UNIX) as peer:
            peer.settimeout(20)
            peer.connect(self.paths[which])
            yield peer

    @contextlib.contextmanager
    def let_in(self, which):
        """A peer whose handshake is over: who speaks before it is put out for that."""
        with self.connected(which) as peer:
            peer.sendall(greeting(b'NULL') + ready((b'SUB', b'DEALER')[which]))
            said = b''
            while b'\5READY' not in said:
                more = peer.recv(4096)
                if not more:
                    raise ConnectionAbortedError
                said += more
            yield peer

    def is_put_out(self, peer):
        """It says that it ends; what it said before does not count."""
        with contextlib.suppress(ConnectionError):
            while peer.recv(65536):
                pass

    def garbage(self):
        with self.connected(self.chance.randrange(2)) as peer:
            peer.sendall(self.chance.choice([b'', b'\xff', greeting(b'NULL')[:self.chance.randrange(1, 64)],
                                             greeting(b'CURVE'), b'GET / HTTP/1.1\r\n\r\n']) +
                         self.chance.randbytes(self.chance.randrange(1, 5000)))
            peer.shutdown(socket.SHUT_WR)
            self.is_put_out(peer)

    def huge_frame(self):
        with self.let_in(self.chance.randrange(2)) as peer:
            peer.sendall(b'\2' + u64(1 << self.chance.choice([12, 31, 40, 63])) + bytes(1000))
            self.is_put_out(peer)

    def half(self):
        """They stay until they are put out; in the quick form, until the end."""
        with contextlib.ExitStack() as stack:
            peers = [stack.enter_context(self.connected(i % 2)) for i in range(HALF)]
            came = time.monotonic()
            for i, peer in enumerate(peers):
                peer.sendall(greeting((b'NULL', b'CURVE')[i // 2 % 2])[:(0, 10, 12, 64)[i % 4]])
            left = set(peers)
            while left and not self.ending.is_set():
                for peer in select.select(left, [], [], 0.1)[0]:
                    try:
                        gone = not peer.recv(4096)
                    except ConnectionError:
                        gone = True
                    left -= {peer} if gone else set()
                assert time.monotonic() < came + 3 * HANDSHAKE_S, f'{len(left)} are still there'

    def dealer(self, keys=None):
        dealer = zmq.Context.instance().socket(zmq.DEALER)
        dealer.setsockopt(zmq.LINGER, 0)
        dealer.setsockopt(zmq.RCVHWM, 1)
        dealer.setsockopt(zmq.RECONNECT_IVL, 20)
        if keys:
            keys.use(dealer)
        dealer.connect(self.replay)
        return dealer

    def flood(self):
        """Asks for everything without end, and does not read."""
        with self.dealer() as dealer:
            for _ in range(20):
                for _ in range(50):
                    with contextlib.suppress(zmq.Again):
                        dealer.send_multipart([MAGIC, b'SINCE', *[u64(0)] * 4], zmq.NOBLOCK)
                if self.ending.wait(0.05):
                    break

    def many_frames(self):
        """A question of so many frames; every other one is never finished."""
        with self.let_in(1) as peer:
            for _ in range(FRAMES // 1000):
                peer.sendall(b'\1\1x' * 1000)
            if self.done['many_frames'] % 2:
                peer.sendall(b'\0\1x')
                until('it is answered', lambda: b'badreq' in peer.recv(4096))
        self.ending.wait(0.1)

    def unknown_key(self):
        with self.dealer(self.keys) as dealer, zmq.Context.instance().socket(zmq.SUB) as sub:
            sub.setsockopt(zmq.LINGER, 0)
            sub.setsockopt(zmq.RECONNECT_IVL, 20)
            sub.subscribe(b'')
            self.keys.use(sub)
            sub.connect(self.events)
            # who was refused already has nobody to send to
            dealer.send_multipart([MAGIC, b'TIME', u64(0)], zmq.NOBLOCK)
            for one in (sub, dealer):
                assert not one.poll(100), 'an unknown key was let in'


def be_bad(events, replay, *keys):
    """Until the process is terminated; then it tells what it did."""
    bad = Bad(events, replay, Stranger(*keys) if keys else None)
    print('they have begun', flush=True)
    signal.sigwait([signal.SIGTERM])
    print(json.dumps(bad.end()))


class Stranger:
    """A pair that the daemon does not know."""

    def __init__(self, server):
        self.server = server
        self.public, self.secret = (key.decode() for key in zmq.curve_keypair())

    use = Keys.use


# -- the good ones

class Good(threading.Thread):
    """Asks replay all the time, and takes note of how long an answer took."""

    def __init__(self, daemon, keys):
        super().__init__(daemon=True)
        self.daemon_, self.keys, self.longest_s, self.n, self.busy = daemon, keys, 0, 0, 0
        self.ending, self.failure = threading.Event(), None
        self.start()

    def run(self):
        try:
            with ReplayClient(self.daemon_.replay, keys=self.keys) as client:
                while not self.ending.wait(0.05):
                    began = time.monotonic()
                    self.ask(client)
                    self.longest_s = max(self.longest_s, time.monotonic() - began)
                    self.n += 1
        except Exception as e:      # for end() to raise
            self.failure = e

    def ask(self, client):
        while True:
            try:
                return client.since(0, 0, limit=10)
            except Refused as refusal:
                assert refusal.reason == 'busy', refusal
                self.busy += 1

    def end(self):
        self.ending.set()
        self.join()
        if self.failure:
            raise self.failure


def storm(daemon, seconds, keys, watch):
    server = [keys.server] if keys else []
    with subprocess.Popen([sys.executable, __file__, '--bad', daemon.events, daemon.replay, *server],
                          stdout=subprocess.PIPE, text=True) as bad:
        try:
            assert bad.stdout.readline(), 'it did not begin'
            end = time.monotonic() + seconds
            until('it is over', lambda: watch() and time.monotonic() > end, seconds + 30)
            bad.terminate()
            out, _ = bad.communicate(timeout=60)
        finally:
            bad.kill()
    return json.loads(out)


def live_through(daemon, site, seconds, keys):
    """Storms, twice: what the first one left behind, the second one does not add to. In the quick form,
    one is enough with CURVE."""
    steady = Subscriber(daemon.events, keys=keys)
    until('it hears', lambda: steady.heartbeats)
    site.add(2)
    until('news comes', lambda: len(steady.messages) > 7)
    fds, memory, most = [descriptors(daemon.process)], [], []

    def watch():
        most.append((descriptors(daemon.process), memory_kb(daemon.process)))
        return daemon.alive()

    site.set({'grow_ms': 500})
    for _ in range(2 if LONG or not keys else 1):
        good = Good(daemon, keys)
        done = storm(daemon, seconds / 2, keys, watch)
        good.end()
        until('they have gone', lambda: daemon.ask('status')['peers']['replay'] == 0 and
              descriptors(daemon.process) <= fds[0] + 3)
        fds.append(descriptors(daemon.process))
        memory.append(memory_kb(daemon.process))
        print(f'{done}: at most {max(most)[0]} descriptors and {max(kb for _, kb in most)} KiB, then {fds[-1]} and '
              f'{memory[-1]}; {good.n} answers, the longest took {good.longest_s * 1000:.0f} ms, {good.busy} busy')
        assert all(done.values()) or not LONG, done
        assert good.longest_s < ANSWER_S and good.n, 'others wait for answers'
    site.set({'grow_ms': 0})
    head = daemon.ask('status')['head']
    until('the subscriber has it all', lambda: steady.messages[-1][2] >= head)
    seqs = check_durable(daemon, steady)
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs))), 'the subscriber has a hole'
    assert daemon.ask('status')['peers']['events'] == 1
    steady.close()
    assert is_sanitized(daemon.bin) or memory[-1] - memory[0] < MEMORY_KB, f'KiB after a storm: {memory}'


def check_crowd(daemon, site):
    """More peers than there are descriptors, on both sockets: operators and feeds are served on, and so
    are those who were there before, and others once they have gone."""
    steady = Subscriber(daemon.events)
    until('it hears', lambda: steady.heartbeats)
    before, limit = descriptors(daemon.process), resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE, (2 * before, limit[1]))
    refused = daemon.ask('status')['counters']['peers_accept_failed']
    with contextlib.ExitStack() as stack:
        for i in range(2 * before):
            peer = stack.enter_context(socket.socket(socket.AF_UNIX))
            peer.settimeout(20)
            peer.connect((daemon.events, daemon.replay)[i % 2].removeprefix('ipc://'))
        until('some are let go at once', lambda: daemon.alive() and
              daemon.ask('status')['counters']['peers_accept_failed'] > refused + before)
        assert descriptors(daemon.process) < 2 * before, 'it has none left for itself'
        head = daemon.ask('status')['head']
        site.add(1)
        until('news comes all the same', lambda: daemon.alive() and steady.messages and steady.messages[-1][2] > head)
    until('they have gone', lambda: descriptors(daemon.process) <= before + 3)
    with ReplayClient(daemon.replay) as client:
        assert client.time(0).name == 'AT'
    resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE, limit)
    steady.close()


def scenario(folder, bin_dir, seconds):
    folder = pathlib.Path(folder)
    with Origin(start=3) as site:
        feeds = [f'id: a, url: "{site.base}/feed/1.xml", lang: fa']
        extra = 'extract: {story: {window: 0s}}\n'
        daemon = Daemon(bin_dir, folder, feeds, extra=extra).start()
        live_through(daemon, site, seconds, None)
        check_crowd(daemon, site)
        daemon.stop()

        (folder / 'keys').mkdir()
        (folder / 'clients.d').mkdir()
        server = Keys(bin_dir, folder / 'keys' / 'curve')
        keys = Keys(bin_dir, folder / 'keys' / 'reader', server)
        (folder / 'keys' / 'reader.pub').rename(folder / 'clients.d' / 'reader.pub')
        daemon.configure(feeds, extra=extra, publish=(
            f'curve: {{enabled: true, secret: "credential:curve.secret", clients: "{folder}/clients.d"}}, '))
        daemon.launch(CREDENTIALS_DIRECTORY=str(folder / 'keys'))
        until('the control socket answers', lambda: daemon.alive() and daemon.ask('status'))
        live_through(daemon, site, seconds, keys)
        refused = daemon.ask('status')['counters']['keys_refused']
        assert refused, 'no unknown key was seen'
        daemon.stop()


if __name__ == '__main__':
    if len(sys.argv) in (4, 5) and sys.argv[1] == '--bad':
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
        be_bad(*sys.argv[2:])
    elif 2 <= len(sys.argv) <= 3:
        in_folder(lambda folder: scenario(folder, sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else SECONDS))
    else:
        sys.exit(__doc__)
