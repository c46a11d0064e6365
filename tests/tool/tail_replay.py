#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""peyk tail and replay: a server of our own publishes and answers, late, wrongly or never.

usage: tail_replay.py PEYK
"""
import concurrent.futures
import contextlib
import json
import signal
import struct
import subprocess
import sys
import tempfile
import time

import zmq

from tail import PATIENCE_MS, Publisher, expect, expect_in

EPOCH = 7


def u64(*numbers):
    return [struct.pack('>Q', n) for n in numbers]


class Server(Publisher):
    """A journal of events 1 to `head` in Oman, and those who ask for them."""

    def __init__(self, folder):
        self.router = zmq.Context.instance().socket(zmq.ROUTER)
        self.router.linger = 0
        super().__init__(folder)
        self.replay = f'ipc://{folder}/replay.sock'     # where peyk tail looks by itself
        self.router.bind(self.replay)

    def close(self):
        self.router.close()
        self.socket.close(0)

    def request(self):
        """(who, name, numbers, prefixes)"""
        if not self.router.poll(PATIENCE_MS):
            sys.exit('nobody asks')
        who, magic, name, *frames = self.router.recv_multipart()
        expect('magic', magic, b'PYK1')
        n = 4 if name == b'SINCE' else 1
        return who, name, [int.from_bytes(f, 'big') for f in frames[:n]], frames[n:]

    def answer(self, who, *frames):
        self.router.send_multipart([who, *frames])

    def messages(self, *numbers):
        """Their frames, and their bodies."""
        bodies = [json.dumps({'specversion': '1.0', 'id': f'{n:016x}.1', 'source': '/peyk/test',
                              'type': 'org.peyk.event.v1', 'data': {
                                  'type': 'CONSULT', 'quad': 1, 'trigger': {'text': 'گفتگو'},
                                  'actors': [{'text': 'x', 'country': 'OMN' if n % 2 else 'QAT'}]}},
                             ensure_ascii=False).encode() for n in numbers]
        frames = [[b'event/CONSULT/OMN/-/', b'PYK1' + struct.pack('>IQQ', 0, EPOCH, n), body]
                  for n, body in zip(numbers, bodies)]
        return sum(frames, []), bodies

    def live(self, number):
        frames, (body,) = self.messages(number)
        self.socket.send_multipart(frames)
        return body

    def give(self, who, numbers, head, scanned=None, oldest=1):
        frames, bodies = self.messages(*numbers)
        self.answer(who, *frames, b'END', *u64(EPOCH, head, oldest, scanned or head))
        return bodies

    def refuse(self, who, reason, head=4, oldest=1, epoch=EPOCH):
        self.answer(who, b'ERR', reason, *u64(epoch, head, oldest), b'words for people')


@contextlib.contextmanager
def tailing(peyk, *options):
    """peyk tail --json on a server; afterwards `said` and `told` are what it wrote."""
    with tempfile.TemporaryDirectory(prefix='peyk-tail-') as folder:
        server = Server(folder)
        tail = subprocess.Popen([peyk, 'tail', '--connect', server.endpoint, '--json', *options],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            server.wait_for(2)
            yield server, tail
            if '--count' not in options:
                tail.send_signal(signal.SIGINT)
            tail.said, tail.told = tail.communicate(timeout=PATIENCE_MS / 1000)
            expect('status', tail.returncode, 0)
        finally:
            tail.kill()
            server.close()


def since_a_number(peyk):
    with tailing(peyk, '--since', '3', '--count', '3') as (server, tail):
        who, name, numbers, prefixes = server.request()
        expect('request', (name, numbers[:2], prefixes), (b'SINCE', [0, 2], []))
        bodies = server.give(who, [3, 4], 4) + [server.live(5)]
    expect('lines', tail.said.splitlines(), bodies)
    expect('nothing to tell', tail.told, b'')


def since_a_time(peyk):
    for text, want in (('1h', lambda: time.time() * 1000 - 3600000), ('2026-11-20T08:00Z', lambda: 1795161600000)):
        with tailing(peyk, '--since', text, '--count', '2') as (server, tail):
            who, name, (moment,), _ = server.request()
            expect('request', name, b'TIME')
            expect(f'{text}, within a minute', abs(moment - want()) < 60000, True)
            server.answer(who, b'AT', *u64(EPOCH, 4, 1, 2))
            who, name, numbers, _ = server.request()
            expect('request', (name, numbers[:2]), (b'SINCE', [EPOCH, 2]))
            bodies = server.give(who, [3, 4], 4)
        expect('lines', tail.said.splitlines(), bodies)


def holes_are_filled(peyk):
    with tailing(peyk, '--count', '5') as (server, tail):
        bodies = [server.live(1)]
        server.live(4)          # two were lost on the way
        who, name, numbers, _ = server.request()
        expect('request', (name, numbers[:2]), (b'SINCE', [EPOCH, 1]))
        bodies += server.give(who, [2, 3], 4, scanned=3)
        who, _, numbers, _ = server.request()
        expect('the rest', numbers[:2], [EPOCH, 3])
        bodies += server.give(who, [4], 4) + [server.live(5)]
    expect('each once, in order', tail.said.splitlines(), bodies)
    expect('nothing is missing', tail.told, b'')


def at_the_next_port(peyk):
    """Where a daemon publishes by TCP."""
    with tempfile.TemporaryDirectory(prefix='peyk-tail-') as folder:
        server = Server(folder)
        for port in range(20000, 60000, 7):
            with contextlib.suppress(zmq.ZMQError):
                server.router.bind(f'tcp://127.0.0.1:{port + 1}')
                server.socket.bind(f'tcp://127.0.0.1:{port}')
                break
        tail = subprocess.Popen([peyk, 'tail', '--connect', f'tcp://127.0.0.1:{port}', '--json', '--since', '1',
                                 '--count', '1'], stdout=subprocess.PIPE)
        bodies = server.give(server.request()[0], [1], 1)
        expect('lines', tail.communicate(timeout=20)[0].splitlines(), bodies)
        server.close()


def what_is_gone_is_told(peyk):
    with tailing(peyk, '--count', '3') as (server, tail):
        bodies = [server.live(1)]
        server.live(6)
        server.refuse(server.request()[0], b'expired', head=6, oldest=5)
        who, _, numbers, _ = server.request()
        expect('behind what is gone', numbers[:2], [EPOCH, 4])
        bodies += server.give(who, [5, 6], 6, oldest=5)
    expect('lines', tail.said.splitlines(), bodies)
    expect_in('told', tail.told, b': 3 messages missing: 2 to 4\n')
    expect('once', len(tail.told.splitlines()), 1)


def another_journal(peyk):
    with tailing(peyk, '--count', '2') as (server, tail):
        bodies = [server.live(9)]
        server.send(b'heartbeat/', 0, {'head': 2}, 'heartbeat', epoch=8)
        server.refuse(server.request()[0], b'epoch', head=2, oldest=2, epoch=8)
        who, _, numbers, _ = server.request()
        expect('from its beginning', numbers[:2], [8, 1])
        frames, more = server.messages(2)
        frames[1] = b'PYK1' + struct.pack('>IQQ', 0, 8, 2)
        server.answer(who, *frames, b'END', *u64(8, 2, 2, 2))
    expect('lines', tail.said.splitlines(), bodies + more)
    expect_in('told', tail.told, b'the log was reset')


def it_waits_where_others_are_served(peyk):
    with tailing(peyk, '--since', '1', '--count', '1') as (server, tail):
        server.refuse(server.request()[0], b'busy', 0, 0, 0)
        server.refuse(server.request()[0], b'unavailable', 0, 0, 0)
        bodies = server.give(server.request()[0], [1], 1)
    expect('lines', tail.said.splitlines(), bodies)
    expect('nothing to tell', tail.told, b'')


def a_refusal_is_told(peyk):
    with tailing(peyk, '--since', '1') as (server, tail):
        server.refuse(server.request()[0], b'denied')
        expect_in('told', tail.stderr.readline(), b'words for people')
    expect('lines', tail.said, b'')


def filters_ask_for_what_they_want(peyk):
    with tailing(peyk, '--since', '1', '--type', 'consult', '--country', 'qat', '--count', '2') as (server, tail):
        who, _, _, prefixes = server.request()
        expect('prefixes', prefixes, [b'event/CONSULT/'])
        bodies = server.give(who, [1, 2, 3], 3)
        live = server.live(6)                       # what was lost before it comes behind it
        expect('lines', [tail.stdout.readline(), tail.stdout.readline()], [bodies[1] + b'\n', live + b'\n'])
    with tailing(peyk, '--type', 'consult', '--count', '3') as (server, tail):
        bodies = [server.live(1), server.live(3)]
        server.heartbeat(3)
        who, _, numbers, _ = server.request()
        expect('it asks for proof', numbers[:2], [EPOCH, 0])
        bodies.append(server.give(who, [1, 2, 3], 3)[1])
    expect('what was lost comes late', tail.said.splitlines(), bodies)


def a_late_answer_is_asked_for_again(peyk):
    with tailing(peyk, '--since', '1', '--count', '2') as (server, tail):
        late = server.request()[0]
        who = server.request()[0]                   # ten seconds later
        expect('through another socket', who != late, True)
        server.router.send_multipart([late, b'END'])    # nobody is there any more
        bodies = server.give(who, [1, 2], 2)
    expect('lines', tail.said.splitlines(), bodies)
    expect('nobody is told', b'answer' in tail.told, False)


def without_replay_it_goes_on_live(peyk):
    with tailing(peyk, '--since', '1') as (server, tail):
        end = time.monotonic() + 3 * PATIENCE_MS / 1000
        number = 0
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            line = pool.submit(tail.stderr.readline)
            while not line.done() and time.monotonic() < end:
                number += 1
                server.live(number)
                time.sleep(0.1)
            expect_in('told', line.result(1), b'replay does not answer')
        body = server.live(number + 1)
        for line in tail.stdout:        # what was on its way comes first
            if line == body + b'\n':
                break
    expect('told once', [line for line in tail.told.splitlines() if b'messages missing' not in line], [])


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    tests = (a_late_answer_is_asked_for_again, without_replay_it_goes_on_live, since_a_number, since_a_time,
             holes_are_filled, at_the_next_port, what_is_gone_is_told, another_journal,
             it_waits_where_others_are_served, a_refusal_is_told, filters_ask_for_what_they_want)
    with concurrent.futures.ThreadPoolExecutor(len(tests)) as pool:     # two of them wait for long
        for test, done in [(test, pool.submit(test, sys.argv[1])) for test in tests]:
            done.result()
            print(f'ok {test.__name__}', flush=True)


if __name__ == '__main__':
    main()
