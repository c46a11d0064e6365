#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""peyk status, reload and poll against a control socket of our own.

usage: control.py PEYK
"""
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time

STATUS = {
    'ok': True, 'version': '0.1.0', 'instance': 'main', 'uptime_s': 8000, 'generation': 2,
    'feeds': 3, 'epoch': '00000000000000aa', 'head': 120, 'oldest': 1, 'subscriptions': 1,
    'work_queue': 4, 'store_queue': 0,
    'counters': {'polls': 12, 'pages': 0, 'of_tomorrow': 5}}


def expect(what, holds, got):
    if not holds:
        sys.exit(f'{what}: {got!r}')


def ask(folder, peyk, answer, *command):
    """Runs the command against a socket that answers so; its result and the request."""
    path = os.path.join(folder, 'control.sock')
    if os.path.exists(path):
        os.unlink(path)
    asked = []
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()

        def serve():
            client, _ = server.accept()
            with client:
                asked.append(client.makefile().readline())
                client.sendall(answer)
        thread = threading.Thread(target=serve)
        thread.start()
        p = subprocess.run([peyk, command[0], '--control', path, *command[1:]],
                           capture_output=True, text=True, timeout=60)
        thread.join()
    return p, json.loads(asked[0])


def line(answer):
    return json.dumps(answer).encode() + b'\n'


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    peyk = sys.argv[1]
    with tempfile.TemporaryDirectory(prefix='peyk-control-') as folder:
        p, request = ask(folder, peyk, line(STATUS), 'status')
        expect('request', request == {'command': 'status'}, request)
        expect('status', p.returncode == 0, p)
        for want in ('up 2 h 13 min', '1 to 120', 'feeds asked', 'of_tomorrow'):
            expect(f'{want} is told', want in p.stdout, p.stdout)
        expect('what is zero is not', 'pages' not in p.stdout, p.stdout)
        expect('nor is what is well', 'degraded' not in p.stdout, p.stdout)

        p, _ = ask(folder, peyk, line({**STATUS, 'degraded': 'disk\x1b[2J full'}), 'status')
        expect('degraded comes second', 'degraded' in p.stdout.splitlines()[1], p.stdout)
        expect('without escapes', '\x1b' not in p.stdout, p.stdout)

        now_ms = int(time.time() * 1000)
        journal = {'oldest_ms': now_ms - 3 * 86400000, 'newest_ms': now_ms - 5000, 'bytes': 3 << 20,
                   'bytes_max': 20 << 30, 'age_max_ms': 30 * 86400000, 'wal_bytes': 0, 'integrity': 'checking'}
        consumers = [{'name': 'archive', 'sequence': 100, 'lag': 20, 'seen_ms': now_ms - 7200000}]
        p, _ = ask(folder, peyk, line({**STATUS, 'journal': journal, 'consumers': consumers,
                                       'degraded': 'full', 'degraded_since_ms': now_ms - 120000}), 'status')
        for want in ('3.0 MiB of 20 GiB', 'kept for 30 d', 'is looked through now', 'archive 20 behind',
                     'heard of 2 h', 'replay goes on, nothing is lost', '(2 min'):
            expect(f'{want} is told', want in p.stdout, p.stdout)
        p, _ = ask(folder, peyk, line({**STATUS, 'journal': {**journal, 'damage': 'page 17'}}), 'status')
        expect('damage comes second', 'damaged' in p.stdout.splitlines()[1], p.stdout)

        p, _ = ask(folder, peyk, line(STATUS), 'status', '--json')
        expect('json', json.loads(p.stdout) == STATUS, p.stdout)

        p, request = ask(folder, peyk, line({'ok': True}), 'poll', 'mfa')
        expect('poll', request == {'command': 'poll', 'feed': 'mfa'} and p.returncode == 0, p)
        p, request = ask(folder, peyk, line({'ok': True, 'generation': 3}), 'reload')
        expect('reload', 'configuration 3' in p.stdout and p.returncode == 0, p)
        p, _ = ask(folder, peyk, line({'ok': False, 'error': 'no such feed'}), 'poll', 'x')
        expect('a refusal is told', p.returncode == 1 and 'no such feed' in p.stderr, p)
        for nonsense in (b'', b'HTTP/1.1 400\r\n\r\n', b'{"ok":tr', b'[]\n'):
            p, _ = ask(folder, peyk, nonsense, 'status')
            expect('nonsense is told', p.returncode == 1 and 'like peykd' in p.stderr, p)

        path = os.path.join(folder, 'nobody.sock')
        p = subprocess.run([peyk, 'status', '--control', path], capture_output=True, text=True,
                           timeout=60)
        expect('nobody is there', p.returncode == 1 and path in p.stderr and
               'not running' in p.stderr, p)
        p = subprocess.run([peyk, 'poll', '--control', path], capture_output=True, text=True,
                           timeout=60)
        expect('usage', p.returncode == 2, p)
    print('ok')


if __name__ == '__main__':
    main()
