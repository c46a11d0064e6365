#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Hundreds of clients that come and go all the time (F7, P6).

usage: reconnect_storm.py BIN [SECONDS [CLIENTS]]

Each connects once a second, to the stream and now and then to replay, hears or asks something, and is
gone. A subscriber that stays misses nothing, what they held is given back, and none is counted that has
left.
"""
import pathlib
import signal
import subprocess
import sys
import time

import zmq

from harness import (LONG, Daemon, Origin, Subscriber, check_durable, descriptors, in_folder, is_sanitized,
                     memory_kb, until)
from joining import MAGIC, u64

SECONDS, CLIENTS = (60, 200) if LONG else (2, 40)
PROCESSES = 2
GROW_MS = 500
MEMORY_KB = 16 * 1024
ROUNDS_MIN = 0.5        # a busy machine may be slower than once a second


class Guest:
    """Comes, hears, asks, and goes: one turn of each a second."""

    def __init__(self, context, events, replay, n):
        self.context, self.events, self.replay, self.n = context, events, replay, n
        self.sub = self.dealer = None
        self.turns = self.heard = self.answers = 0

    def come(self):
        self.sub = self.context.socket(zmq.SUB)
        self.sub.setsockopt(zmq.LINGER, 0)
        self.sub.subscribe(b'')
        self.sub.connect(self.events)
        if (self.n + self.turns) % 4 == 0:
            self.dealer = self.context.socket(zmq.DEALER)
            self.dealer.setsockopt(zmq.LINGER, 0)
            self.dealer.connect(self.replay)
            self.dealer.send_multipart([MAGIC, b'SINCE', *[u64(n) for n in (0, 0, 100, 0)]])

    def go(self):
        """Every third has not even looked."""
        if self.turns % 3:
            while self.sub.poll(0):
                self.sub.recv_multipart()
                self.heard += 1
            if self.dealer and self.dealer.poll(0):
                self.answers += self.dealer.recv_multipart()[-5] == b'END'
        for socket in (self.sub, self.dealer):
            if socket:
                socket.close()
        self.sub = self.dealer = None
        self.turns += 1


def be_guests(events, replay, n):
    """n of them, until the process is terminated: then it tells what they did."""
    ending = []
    signal.signal(signal.SIGTERM, lambda *_: ending.append(True))
    context = zmq.Context()
    context.set(zmq.MAX_SOCKETS, 4096)
    guests = [Guest(context, events, replay, i) for i in range(n)]
    began, turn = time.monotonic(), 0
    while not ending:
        guest = guests[turn % n]
        if guest.sub:
            guest.go()
        guest.come()
        turn += 1
        # they are spread over the second; who is late does not catch up
        began = max(began + 1 / n, time.monotonic() - 1)
        time.sleep(max(0, began - time.monotonic()))
    for guest in guests:
        if guest.sub:
            guest.go()
    context.destroy(linger=0)
    print(*(sum(getattr(guest, what) for guest in guests) for what in ('turns', 'heard', 'answers')))


class Watch:
    def __init__(self, daemon):
        self.daemon, self.fds, self.memory = daemon, [], []

    def look(self):
        self.fds.append(descriptors(self.daemon.process))
        self.memory.append(memory_kb(self.daemon.process))
        return self.daemon.alive()


def storm(daemon, seconds, clients, watch):
    guests = [subprocess.Popen([sys.executable, __file__, '--guests', daemon.events, daemon.replay,
                                str(clients // PROCESSES)], stdout=subprocess.PIPE, text=True)
              for _ in range(PROCESSES)]
    try:
        until('they come', lambda: daemon.ask('status')['peers']['events'] > clients // 2)
        end = time.monotonic() + seconds
        until('the storm is over', lambda: watch.look() and time.monotonic() > end, seconds + 30)
        for process in guests:
            process.terminate()
        told = [process.communicate(timeout=60)[0].split() for process in guests]
    finally:
        for process in guests:
            process.kill()
    return [sum(map(int, column)) for column in zip(*told)]


def scenario(folder, bin_dir, seconds, clients):
    with Origin(start=3) as site:
        daemon = Daemon(bin_dir, folder, [f'id: a, url: "{site.base}/feed/1.xml", lang: fa'],
                        extra='extract: {story: {window: 0s}}\n')
        steady = Subscriber(daemon.events)
        daemon.start_heard_by(steady)
        site.set({'grow_ms': GROW_MS})
        until('news is heard', lambda: len(steady.messages) > 10)
        watch = Watch(daemon)
        watch.look()
        turns, heard, answers = storm(daemon, seconds, clients, watch)
        until('all have gone', lambda: daemon.ask('status')['peers'] == {'events': 1, 'replay': 0})
        # what the fetcher holds of the site comes and goes
        until('what they held is given back', lambda: descriptors(daemon.process) <= watch.fds[0] + 2)
        site.set({'grow_ms': 0})
        head = daemon.ask('status')['head']
        until('the one that stays has it all', lambda: steady.messages[-1][2] >= head)
        check_durable(daemon, steady)
        seqs = [seq for _, _, seq, _ in list(steady.messages)]
        assert seqs == list(range(seqs[0], seqs[0] + len(seqs))), 'the one that stays has a hole'
        daemon.stop()
        steady.close()
    # at first there are more of them each moment
    n = len(watch.fds)
    early, late = (max(watch.fds[first:last]) for first, last in ((n // 3, n * 2 // 3), (n * 2 // 3, n)))
    grown_kb = min(watch.memory[n * 3 // 4:]) - min(watch.memory[n // 3:n // 2])
    print(f'{turns} visits, {heard} messages heard, {answers} answers; {len(seqs)} messages for the one that '
          f'stays, no hole; descriptors {watch.fds[0]}, {early} and {late} in the storm; {watch.memory[0]} KiB, '
          f'in the storm {[watch.memory[n * tenth // 10] for tenth in range(1, 10)]}')
    assert turns >= ROUNDS_MIN * seconds * clients and heard and answers, 'that was no storm'
    assert late <= early * 1.2 + 10, f'descriptors: from {early} to {late}'
    assert grown_kb < MEMORY_KB or is_sanitized(bin_dir), f'{grown_kb} KiB'


if __name__ == '__main__':
    if len(sys.argv) == 5 and sys.argv[1] == '--guests':
        be_guests(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    elif 2 <= len(sys.argv) <= 4:
        in_folder(lambda folder: scenario(
            folder, pathlib.Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else SECONDS,
            int(sys.argv[3]) if len(sys.argv) > 3 else CLIENTS))
    else:
        sys.exit(__doc__)
