#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""peyk tail against a publisher of our own, which can misbehave as no peykd does.

usage: tail.py PEYK
"""
import json
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import tempfile
import time

import zmq

PATIENCE_MS = 20000


class Publisher:
    """An XPUB socket; knows who subscribes, so that no message is sent too early."""

    def __init__(self, folder):
        self.endpoint = f'ipc://{folder}/events.sock'
        self.bind()

    def bind(self):
        self.socket = zmq.Context.instance().socket(zmq.XPUB)
        self.socket.bind(self.endpoint)

    def wait_for(self, n):
        """The next n subscriptions, in no order."""
        said = []
        while len(said) < n:
            if not self.socket.poll(PATIENCE_MS):
                sys.exit(f'subscribed to {said} only')
            said.append(self.socket.recv())
        return sorted(said)

    def send(self, topic, seq, data, kind='event', epoch=7):
        body = {'specversion': '1.0', 'id': f'{seq:016x}.1', 'source': '/peyk/test',
                'type': f'org.peyk.{kind}.v1', 'data': data}
        text = json.dumps(body, ensure_ascii=False).encode()
        self.socket.send_multipart(
            [topic, b'PYK1' + struct.pack('>IQQ', 0, epoch, seq), text])
        return text

    def event(self, seq, country, text='گفتگو', **kw):
        return self.send(f'event/CONSULT/{country}/-/'.encode(), seq, {
            'type': 'CONSULT', 'quad': 1, 'trigger': {'text': text},
            'actors': [{'text': 'x', 'country': country}]}, **kw)

    def heartbeat(self, head):
        self.send(b'heartbeat/', 0, {'head': head}, 'heartbeat')


def run(peyk, publisher, *options, subscriptions=2, live=True, **kw):
    p = subprocess.Popen([peyk, 'tail', '--connect', publisher.endpoint,
                          *(['--live'] if live else []), *options],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, **kw)
    return p, publisher.wait_for(subscriptions)


def expect(what, got, want):
    if got != want:
        sys.exit(f'{what}:\n  got  {got!r}\n  want {want!r}')


def expect_in(what, got, want):
    if want not in got:
        sys.exit(f'{what}:\n  got  {got!r}\n  want {want!r} in it')


def json_is_the_body(peyk, publisher):
    p, said = run(peyk, publisher, '--json', '--count', '2')
    expect('subscribes to all', said, [b'\x01', b'\x01heartbeat/'])
    bodies = [publisher.event(1, 'OMN'), publisher.event(2, 'QAT')]
    out, err = p.communicate(timeout=20)
    expect('body for line', out.splitlines(), bodies)
    expect('nothing on stderr', err, b'')
    expect('status', p.returncode, 0)


def holes_and_resets_are_told(peyk, publisher):
    p, _ = run(peyk, publisher, '--count', '4')
    publisher.event(1, 'OMN')
    publisher.event(4, 'OMN')
    publisher.heartbeat(6)
    publisher.event(7, 'OMN')
    publisher.event(1, 'OMN', epoch=8)
    out, err = p.communicate(timeout=20)
    expect('lines', len(out.splitlines()), 4)
    for want in (b'2 messages missing: 2 to 3\n', b'2 messages missing: 5 to 6\n',
                 b'the log was reset'):
        expect_in('told', err, want)
    expect('notices', len(err.splitlines()), 3)


def filters_filter(peyk, publisher):
    p, said = run(peyk, publisher, '--country', 'qat', '--type', 'consult', '--json',
                  '--count', '1')
    expect('prefixes', said, [b'\x01event/CONSULT/', b'\x01heartbeat/'])
    publisher.event(1, 'OMN')
    want = publisher.event(9, 'QAT')
    out, err = p.communicate(timeout=20)
    expect('the one with the country', out, want + b'\n')
    expect('numbers have holes when filtered', err, b'')


def strangers_do_no_harm(peyk, publisher):
    p, _ = run(peyk, publisher, '--count', '1')
    publisher.socket.send_multipart([b'event/', b'short', b'{}'])
    publisher.socket.send_multipart([b'event/'])
    publisher.socket.send_multipart([b'event/'] * 5)
    publisher.send(b'event/', 1, {'type': 'STATE', 'trigger': {'text': '\x1b[2J\x9b1m\a'}})
    out, err = p.communicate(timeout=20)
    expect('no control character', [c for c in out.decode() if ord(c) < 32 or 127 <= ord(c) < 160],
           ['\n'])
    expect_in('told', err, b'does not read')


def a_restart_is_survived(peyk, publisher):
    p, _ = run(peyk, publisher, '--count', '2')
    publisher.event(1, 'OMN')
    p.stdout.readline()
    publisher.socket.unbind(publisher.endpoint)
    publisher.socket.close(0)
    publisher.bind()
    publisher.wait_for(2)           # by itself
    publisher.heartbeat(3)
    publisher.event(4, 'OMN')
    out, err = p.communicate(timeout=20)
    expect('lines', len(out.splitlines()), 1)
    expect_in('told', err, b'2 messages missing: 2 to 3')


def ends_well(peyk, publisher):
    p, _ = run(peyk, publisher)
    publisher.event(1, 'OMN')
    p.stdout.readline()             # at once: nothing is held back in a buffer
    p.send_signal(signal.SIGINT)
    p.communicate(timeout=20)
    expect('Ctrl-C', p.returncode, 0)
    publisher.wait_for(2)           # its leaving

    p, _ = run(peyk, publisher)
    p.stdout.close()                # without another message
    expect('a closed pipe', (p.wait(20), p.stderr.read()), (0, b''))
    publisher.wait_for(2)


def on_a_terminal(peyk, publisher, env):
    """What a terminal gets."""
    master, slave = pty.openpty()
    p = subprocess.Popen([peyk, 'tail', '--connect', publisher.endpoint, '--live', '--count', '1'],
                         stdout=slave, stderr=slave, env={**os.environ, **env})
    os.close(slave)
    publisher.wait_for(2)
    publisher.event(1, 'OMN')
    out, end = b'', time.monotonic() + 20
    while time.monotonic() < end:
        if select.select([master], [], [], 0.2)[0]:
            try:
                out += os.read(master, 4096)
            except OSError:
                break
        elif p.poll() is not None:
            break
    expect('status', p.wait(20), 0)
    os.close(master)
    publisher.wait_for(2)
    return out


def colours_are_for_terminals(peyk, publisher):
    expect_in('colour', on_a_terminal(peyk, publisher, {'NO_COLOR': ''}), b'\x1b[0;32mCONSULT')
    if b'\x1b' in on_a_terminal(peyk, publisher, {'NO_COLOR': '1'}):
        sys.exit('NO_COLOR is not heeded')


def mistakes_are_told(peyk, _publisher):
    for options, status, want in (
            (['--type', 'DANCE'], 2, 'CONSULT'),
            (['--country', 'Iran'], 2, 'three letters'),
            (['--count', '0'], 2, 'no number'),
            (['--since', 'yore'], 2, 'neither a number, nor a time'),
            (['--since', '1h', '--live'], 2, 'had from replay alone'),
            (['--key', '/nowhere/key'], 2, '/nowhere/key'),
            (['--server-key', 'short'], 2, 'short'),
            (['--server-key', '0' * 40], 2, 'goes with the other'),
            (['--connect', 'nowhere'], 1, 'nowhere'),
            (['more'], 2, 'usage: peyk tail')):
        p = subprocess.run([peyk, 'tail', *options], capture_output=True, text=True, timeout=20)
        expect(f'status of {options}', p.returncode, status)
        expect_in(f'message of {options}', p.stderr, want)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory(prefix='peyk-tail-') as folder:
        publisher = Publisher(folder)
        for test in (json_is_the_body, holes_and_resets_are_told, filters_filter,
                     strangers_do_no_harm, a_restart_is_survived):
            test(sys.argv[1], publisher)
            publisher.wait_for(2)
            print(f'ok {test.__name__}')
        for test in (ends_well, colours_are_for_terminals, mistakes_are_told):
            test(sys.argv[1], publisher)
            print(f'ok {test.__name__}')


if __name__ == '__main__':
    main()
