#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""libpeykclient against a server of our own, which answers as no peykd does.

usage: replay_faults.py SUBSCRIBER

Whatever comes, the subscriber ends neither in a crash nor in asking without a rest, prints each
message once, and is well again as soon as the server is.
"""
import collections
import concurrent.futures
import contextlib
import functools
import pathlib
import signal
import struct
import subprocess
import sys
import tempfile
import time

import zmq

PATIENCE_S = 20
EPOCH = 7
HUGE = 2 ** 64 - 1


def u64(*numbers):
    return [struct.pack('>Q', n) for n in numbers]


def message(number, epoch=EPOCH, topic=b'event/', body=b'{}', magic=b'PYK1'):
    return [topic, magic + struct.pack('>IQQ', 0, epoch, number), body]


def end(scanned, head=3, oldest=1, epoch=EPOCH):
    return [b'END', *u64(epoch, head, oldest, scanned)]


def error(reason, epoch=EPOCH, head=3, oldest=1):
    return [b'ERR', reason, *u64(epoch, head, oldest), b'for people']


GOOD = [*message(1), *message(2), *message(3), *end(3)]


class Server:
    """A journal of three messages, and faults: lists of frames that come in place of answers."""

    def __init__(self, folder):
        self.xpub, self.router = (zmq.Context.instance().socket(kind) for kind in (zmq.XPUB, zmq.ROUTER))
        self.events, self.replay = f'ipc://{folder}/events', f'ipc://{folder}/replay'
        self.xpub.linger = self.router.linger = 0
        self.xpub.bind(self.events)
        self.router.bind(self.replay)

    def close(self):
        self.xpub.close()
        self.router.close()

    def request(self, patience_s=PATIENCE_S):
        """(who, frames, epoch, cursor); None when nobody asks for so long."""
        if not self.router.poll(patience_s * 1000):
            return None
        who, _magic, kind, *frames = self.router.recv_multipart()
        numbers = [int.from_bytes(frame, 'big') for frame in frames[:2]]
        return who, kind, *numbers

    def answer(self, who, frames):
        self.router.send_multipart([who, *frames])

    def answer_well(self, who, cursor):
        """As peykd does."""
        if cursor > 3:
            return self.answer(who, error(b'epoch'))
        behind = [frame for n in range(cursor + 1, 4) for frame in message(n)]
        return self.answer(who, [*behind, *end(3)])


@contextlib.contextmanager
def serving():
    with tempfile.TemporaryDirectory(prefix='peyk-') as folder:
        server = Server(folder)
        yield server, pathlib.Path(folder)
        server.close()


@contextlib.contextmanager
def following(program, server, folder, *prefixes, cursor=None):
    """The subscriber; when it is stopped it ends well."""
    path = folder / 'cursor'
    if cursor is None:
        path.unlink(missing_ok=True)
    else:
        path.write_text(cursor)
    process = subprocess.Popen([program, '--cursor', path, server.events, server.replay, *prefixes],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.cursor = path
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.said, process.told = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, f'ended with {process.returncode}: {process.told.decode()}'


def numbers_of(process):
    return [int(line.split()[0]) for line in process.said.splitlines()]


def until_saved(process, wanted):
    """Waits until the cursor file says so."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if process.cursor.exists() and process.cursor.read_text().split() == wanted.split():
            return
        assert process.poll() is None, f'ended with {process.returncode}'
        time.sleep(0.02)
    sys.exit(f'cursor is {process.cursor.read_text()!r}, not {wanted!r}')


# Name: the frames of a first answer to a client that knows nothing, and how many of its messages
# may be believed.
ANSWERS = {
    'one frame': ([b'END'], 0),
    'a topic alone': ([b'event/'], 0),
    'half a message': (message(1)[:2], 0),
    'a message and no end': (message(1), 0),
    'an end that is cut': ([*message(1), *end(3)[:-1]], 1),
    'an end that is too long': ([*message(1), *end(1), b'more'], 1),
    'a number of seven bytes': ([b'END', *u64(EPOCH, 3, 1), b'1234567'], 0),
    'a header that is cut': ([b'event/', b'PYK1', b'{}', *end(1)], 0),
    'another version': ([*message(1, magic=b'PYK9'), *end(1)], 0),
    'no epoch': ([*message(1, epoch=0), *end(1)], 0),
    'two epochs': ([*message(1), *message(2, epoch=8), *end(2)], 1),
    'an end of another epoch': ([*message(1), *end(1, epoch=8)], 1),
    'an end without epoch': (end(0, epoch=0), 0),
    'an end that goes back': ([*message(1), *message(2), *end(1)], 2),
    'an end beyond the head': (end(4), 0),
    'an end without oldest': (end(0, oldest=0), 0),
    'oldest beyond the head': (end(0, oldest=5), 0),
    'the answer to another request': ([b'AT', *u64(EPOCH, 3, 1, 0)], 0),
    'an error that is cut': (error(b'busy')[:-1], 0),
    'an error that is too long': ([*error(b'busy'), b'more'], 0),
    'an error behind a message': ([*message(1), *error(b'busy')], 1),
    'expired, but nothing is': (error(b'expired'), 0),
    'expired without oldest': (error(b'expired', oldest=0), 0),
    'expired beyond the head': (error(b'expired', oldest=HUGE), 0),
    'expired by another epoch': (error(b'expired', epoch=8, oldest=3), 0),
    'another journal without epoch': (error(b'epoch', epoch=0), 0),
    'another journal without oldest': (error(b'epoch', epoch=8, oldest=0), 0),
    'busy': (error(b'busy', 0, 0, 0), 0),
    'unavailable': (error(b'unavailable', 0, 0, 0), 0),
    'frames without end': ([b''] * 5000, 0),
}


def an_odd_answer_does_no_harm(program, name):
    """It comes with what would be right behind it: that must not be taken for more."""
    frames, n = ANSWERS[name]
    with serving() as (server, folder):
        with following(program, server, folder) as process:
            who, kind, *_ = server.request()
            assert kind == b'SINCE', kind
            server.answer(who, frames)
            server.answer(who, [*message(3), *end(3)])
            request = server.request()
            assert request is not None, f'{name}: it does not ask again'
            who, kind, _epoch, cursor = request
            assert (kind, cursor) == (b'SINCE', n), f'{name}: asks for {cursor}, not for {n}'
            server.answer_well(who, cursor)
            until_saved(process, f'{EPOCH} 3')
        assert numbers_of(process) == [1, 2, 3], f'{name}: {numbers_of(process)}'


LEADS_NOWHERE = {'no way': end(0), 'half an answer': [b'END'], 'goes back': [*message(2), *end(1)],
                 'busy': error(b'busy'), 'expired again': error(b'expired')}


def asks_with_a_rest(program, name):
    with serving() as (server, folder), following(program, server, folder):
        deadline, n = time.monotonic() + 1.5, 0
        while time.monotonic() < deadline:
            request = server.request(0.1)
            if request is not None:
                n += 1
                server.answer(request[0], LEADS_NOWHERE[name])
    assert 0 < n < 10, f'{name}: asked {n} times in 1.5 s'


def refusals_are_told_once(program, server, folder):
    with following(program, server, folder) as process:
        who, *_ = server.request()
        server.answer(who, error(b'denied'))
        assert process.stderr.readline() == b'for people\n'
        assert server.request(1.5) is None, 'it asks at once'


def what_is_lost_is_told(program, server, folder):
    with following(program, server, folder, cursor=f'{EPOCH} 1') as process:
        who, _, epoch, cursor = server.request()
        assert (epoch, cursor) == (EPOCH, 1)
        server.answer(who, error(b'expired', oldest=3))
        who, _, _, cursor = server.request()
        assert cursor == 2
        server.answer_well(who, cursor)
        until_saved(process, f'{EPOCH} 3')
    assert numbers_of(process) == [3]
    assert process.told == b'2 to 2 are not kept any more\n', process.told


def a_journal_that_went_back_is_another(program, server, folder):
    """Of the same epoch, but our number is beyond its head."""
    with following(program, server, folder, cursor=f'{EPOCH} 9 11 12') as process:
        who, _, _, cursor = server.request()
        server.answer_well(who, cursor)
        who, _, _, cursor = server.request()
        assert cursor == 0, cursor
        server.answer_well(who, cursor)
        until_saved(process, f'{EPOCH} 3')
    assert numbers_of(process) == [1, 2, 3]
    assert process.told == b'the journal is another one\n', process.told


def the_epoch_is_known_from_the_first_message_on(program, server, folder):
    """Whoever crashes in the middle of the first answer knows whose numbers it has."""
    with following(program, server, folder, 'event/') as process:
        who, *_ = server.request()
        server.answer(who, [*message(1), *end(1)])
        who, kind, epoch, cursor = server.request()
        assert (kind, epoch, cursor) == (b'SINCE', EPOCH, 1)
        server.answer_well(who, cursor)
        until_saved(process, f'{EPOCH} 3')
    with following(program, server, folder) as process:
        who, *_ = server.request()
        server.answer(who, [*message(1), *error(b'busy')])
        who, kind, epoch, cursor = server.request()
        assert (epoch, cursor) == (EPOCH, 1), (epoch, cursor)


def live_without_heartbeats_is_bounded(program, server, folder):
    """With prefixes a number is proved by an answer alone: without heartbeats that is asked
    for when too many wait for it."""
    n = 10_001      # one more than the client keeps
    with following(program, server, folder, 'event/') as process:
        said = collections.Counter()
        while sum(said.values()) < 2:
            said[server.xpub.recv()] += 1
        who, _, _, cursor = server.request()
        server.answer_well(who, cursor)
        until_saved(process, f'{EPOCH} 3')
        printed = 3
        for number in range(10, 10 + 2 * n, 2):
            server.xpub.send_multipart(message(number))
            if number % 1000 == 0:      # as fast as it reads
                while printed < (number - 10) // 2 + 4:
                    assert process.stdout.readline()
                    printed += 1
        request = server.request()
        assert request is not None, 'it keeps more than it may'
        server.answer(request[0], end(10 + 2 * n, head=10 + 2 * n))
        until_saved(process, f'{EPOCH} {10 + 2 * n}')


def cursor_files_of_others_are_left_alone(program, server, folder):
    path = folder / 'cursor'
    for text in ('', 'x', '7', '7 x', '7 3 x', '{"epoch": 7}', '\0' * 20):
        path.write_text(text)
        process = subprocess.run([program, '--cursor', path, server.events, server.replay],
                                 capture_output=True, timeout=PATIENCE_S)
        assert process.returncode == 1, f'{text!r}: ended with {process.returncode}'
        assert path.read_text() == text


def what_was_not_shown_comes_again(program, server, folder):
    """The disk that it prints to is full."""
    path = folder / 'cursor'
    path.write_text(f'{EPOCH} 1')
    with open('/dev/full', 'wb') as full:
        process = subprocess.Popen([program, '--cursor', path, server.events, server.replay], stdout=full)
        who, _, _, cursor = server.request()
        server.answer_well(who, cursor)
        assert process.wait(PATIENCE_S) == 1
    assert path.read_text() == f'{EPOCH} 1'


def a_full_disk_keeps_the_old_cursor(program, server, folder):
    path = folder / 'cursor'
    new = pathlib.Path(f'{path}.new')
    new.symlink_to('/dev/full')
    try:
        path.write_text(f'{EPOCH} 1')
        process = subprocess.Popen([program, '--cursor', path, server.events, server.replay],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        who, _, _, cursor = server.request()
        server.answer_well(who, cursor)
        assert process.stdout.readline().startswith(b'2 ')
        assert process.stdout.readline().startswith(b'3 ')
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE_S)
        assert path.read_text() == f'{EPOCH} 1'
    finally:
        new.unlink(missing_ok=True)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for test, names in ((an_odd_answer_does_no_harm, ANSWERS), (asks_with_a_rest, LEADS_NOWHERE)):
        with concurrent.futures.ThreadPoolExecutor(8) as pool:      # they wait most of the time
            list(pool.map(functools.partial(test, sys.argv[1]), names))
        print(f'ok {test.__name__}', flush=True)
    for test in (refusals_are_told_once, what_is_lost_is_told, a_journal_that_went_back_is_another,
                 the_epoch_is_known_from_the_first_message_on, live_without_heartbeats_is_bounded,
                 cursor_files_of_others_are_left_alone, what_was_not_shown_comes_again,
                 a_full_disk_keeps_the_old_cursor):
        began = time.monotonic()
        with serving() as (server, folder):
            test(sys.argv[1], server, folder)
        print(f'ok {test.__name__} ({time.monotonic() - began:.1f} s)', flush=True)


if __name__ == '__main__':
    main()
