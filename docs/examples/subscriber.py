#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""subscriber.py [--cursor FILE] [--server-key FILE --key FILE] [EVENTS [REPLAY [PREFIX...]]]

Follows peyk's stream and misses nothing: prints NUMBER TOPIC BODY, a line a message.
With --cursor it goes on where it was; with the keys (peyk keygen) it speaks CURVE. Needs
pyzmq (Debian: python3-zmq). The steps that comments name are those of peyk-stream(7), JOINING.
"""
import argparse
import json
import os
import pathlib
import re
import signal
import struct
import sys
import time

import zmq

KEPT_MAX = 100_000      # messages that wait here while we ask; more are dropped and asked for
ANSWER_S = 10           # no answer for so long: ask again through another socket
PING_MS = 10_000         # a peer that has lost its power does not say so
PAUSE_S = 0.5           # before asking again where the daemon is busy


class Follower:
    def __init__(self, options):
        self.options, self.stopping = options, False
        self.prefixes = [prefix.encode() for prefix in options.prefixes]
        known = options.cursor and options.cursor.exists() and options.cursor.read_text()
        self.epoch, self.cursor, *seen = map(int, (known or '0 0').split())
        self.seen = set(seen)           # with prefixes: printed numbers above the cursor
        self.kept = {}                  # number: (epoch, topic, body), what came while we ask
        self.again_at = None            # while we ask: when to ask again
        self.events = self.connect(zmq.SUB, options.events)             # step 1
        for prefix in [*(self.prefixes or [b'']), b'heartbeat/']:
            self.events.subscribe(prefix)
        self.replay = self.connect(zmq.DEALER, options.replay)

    def connect(self, kind, endpoint):
        socket = zmq.Context.instance().socket(kind)
        socket.linger, socket.rcvhwm = 0, KEPT_MAX
        socket.heartbeat_ivl, socket.heartbeat_timeout = PING_MS, 3 * PING_MS
        if self.options.server_key:
            secret = key_in(self.options.key)
            socket.curve_secretkey, socket.curve_publickey = secret, zmq.curve_public(secret)
            socket.curve_serverkey = key_in(self.options.server_key)
        socket.connect(endpoint)        # and again by itself, whenever it has to
        return socket

    def run(self):
        while not self.stopping:
            ready, _, _ = zmq.select([self.events, self.replay], [], [], 0.2)
            if self.replay in ready:
                self.take_answer(self.replay.recv_multipart())
            if self.events in ready:
                self.take_live(*self.events.recv_multipart())
            if self.again_at and time.monotonic() > self.again_at:
                self.replay.close()
                self.replay = self.connect(zmq.DEALER, self.options.replay)
                self.again_at = None
                self.ask()
        self.save()

    def take_live(self, topic, header, body):
        _magic, _flags, epoch, number = struct.unpack('>4sIQQ', header)
        live = not self.again_at and epoch == self.epoch
        if topic == b'heartbeat/':
            self.save()
            if epoch != self.epoch or json.loads(body)['data']['head'] > self.cursor:
                self.ask()              # steps 2, 4, 5 and 7
        elif live and (self.prefixes or number <= self.cursor + 1):
            self.hand_on(number, topic, body)
        else:
            if len(self.kept) >= KEPT_MAX:
                self.kept.clear()       # step 6
            self.kept[number] = epoch, topic, body
            self.ask()                  # steps 2, 4 and 7

    def hand_on(self, number, topic, body):
        if number > self.cursor and number not in self.seen:
            sys.stdout.buffer.write(b'%d %s %s\n' % (number, topic, body))
            sys.stdout.flush()
            if self.prefixes:
                self.seen.add(number)   # step 5: what is before it is not proved
            else:
                self.cursor = number

    def ask(self):
        if not self.again_at:           # else a request is under way
            numbers = (struct.pack('>Q', n) for n in (self.epoch, self.cursor, 0, 0))
            self.replay.send_multipart([b'PYK1', b'SINCE', *numbers, *self.prefixes])
            self.again_at = time.monotonic() + ANSWER_S

    def take_answer(self, frames):
        self.again_at = None
        if frames[0] == b'ERR':
            return self.take_error(*frames[1:])
        self.epoch, head, _oldest, scanned = struct.unpack('>QQQQ', b''.join(frames[-4:]))
        for topic, header, body in zip(*[iter(frames[:-5])] * 3):       # step 2
            self.hand_on(int.from_bytes(header[16:], 'big'), topic, body)
        self.cursor = scanned
        for number, (epoch, topic, body) in sorted(self.kept.items()):  # step 3
            if epoch == self.epoch and number > self.cursor:
                if self.cursor < head if self.prefixes else number > self.cursor + 1:
                    break               # what is before it is still to come
                self.hand_on(number, topic, body)
            del self.kept[number]
        self.save()
        if self.kept or self.cursor < head:
            self.ask()

    def take_error(self, reason, epoch, _head, oldest, text):
        print(f'{reason.decode()}: {text.decode()}', file=sys.stderr, flush=True)
        if reason in (b'busy', b'unavailable'):
            self.again_at = time.monotonic() + PAUSE_S
        elif reason in (b'epoch', b'expired'):
            if reason == b'epoch':      # step 7
                self.epoch, self.seen = int.from_bytes(epoch, 'big'), set()
            self.cursor = int.from_bytes(oldest, 'big') - 1
            self.ask()
        else:
            sys.exit(1)

    def save(self):
        self.seen = {number for number in self.seen if number > self.cursor}
        if self.options.cursor:         # whole, whatever happens
            with open(f'{self.options.cursor}.new', 'w', encoding='ascii') as file:
                print(self.epoch, self.cursor, *sorted(self.seen), file=file, flush=True)
                os.fsync(file.fileno())
            os.replace(file.name, self.options.cursor)


def key_in(path):                       # 40 characters, Z85
    return re.search(rb'^\S{40}$', path.read_bytes(), re.M)[0]


if __name__ == '__main__':
    parser = argparse.ArgumentParser(usage=__doc__)
    for option in ('--cursor', '--server-key', '--key'):
        parser.add_argument(option, type=pathlib.Path)
    parser.add_argument('events', nargs='?', default='tcp://127.0.0.1:7551')
    parser.add_argument('replay', nargs='?', default='tcp://127.0.0.1:7552')
    parser.add_argument('prefixes', nargs='*')
    follower = Follower(parser.parse_args())
    for end in (signal.SIGINT, signal.SIGTERM):
        signal.signal(end, lambda *_: setattr(follower, 'stopping', True))
    follower.run()
