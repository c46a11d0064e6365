#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Ten of fifty subscribers stop; the others notice nothing, and the ten miss nothing (F6, P6).

usage: stalled.py BIN

News comes in as quickly as the daemon makes it. How late a message is at a subscriber, from its commit
on, is compared with the time before in the same run. What is kept for those that are stopped (SIGSTOP)
is bounded. When they go on, replay brings them all that they missed.
"""
import contextlib
import json
import signal
import subprocess
import sys
import threading
import time

import zmq

from harness import LONG, Daemon, in_folder, is_sanitized, memory_kb, until
from joining import MAGIC, Joined
from origin import Origin

READERS, STOPPED, A_PROCESS = 40, 10, 10    # subscribers; so many share a process
BASELINE_S, STOP_S = (30, 60) if LONG else (1, 1)
STOP_MESSAGES = 5000 if LONG else 900       # more than are kept for one that does not read
EVENTS = '' if LONG else 'sndhwm: 400, '
HOLES_MAX = 0 if LONG else READERS // 2     # so little is kept that a busy machine makes some for a process
FEEDS, GROW_MS = 10, 100 if LONG else 150   # each feed has a new entry so often; it is seven messages
MEMORY_KB = 64 * 1024
P99 = 2 if LONG else 4                      # times as late as before
P99_SLACK_MS = 20 if LONG else 250          # what a machine that others use, too, may add


# -- the processes of subscribers

def be_readers(events, n):
    """n subscribers that keep when each message came, until all have the number that a line tells."""
    context, poller, came, told = zmq.Context(), zmq.Poller(), [], []
    for _ in range(n):
        sub = context.socket(zmq.SUB)
        sub.setsockopt(zmq.RCVHWM, 0)
        sub.subscribe(b'')
        sub.connect(events)
        came.append((sub, []))
        poller.register(sub, zmq.POLLIN)
    threading.Thread(target=lambda: told.append(int(sys.stdin.readline())), daemon=True).start()
    while not told or any(its[-1][0] < told[0] for _, its in came):
        ready = dict(poller.poll(100))
        for sub, its in came:
            for _ in range(200 if sub in ready else 0):
                try:
                    header = sub.recv_multipart(zmq.NOBLOCK)[1]
                except zmq.Again:
                    break
                assert header[:4] == MAGIC
                seq = int.from_bytes(header[16:], 'big')
                if seq:             # no heartbeat
                    its.append((seq, time.time()))
    print(json.dumps([its for _, its in came]))
    context.destroy(linger=0)


def be_joined(events, replay, n):
    """n that follow the join algorithm until they have the number that a line tells."""
    seqs = [[] for _ in range(n)]
    clients = [Joined(events, replay, lambda message, its=its: its.append(message.seq)) for its in seqs]
    head = int(sys.stdin.readline())
    for client in clients:
        until('it has everything', lambda: client.has(head), 240)
        client.close()
    print(json.dumps([[len(its), its == list(range(1, len(its) + 1)), client.asked, client.unanswered]
                      for its, client in zip(seqs, clients)]))


class Group:
    def __init__(self, *arguments):
        self.process = subprocess.Popen([sys.executable, __file__, *map(str, arguments)], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def signal(self, number):
        self.process.send_signal(number)

    def finish(self, head):
        """What it has to tell."""
        out, _ = self.process.communicate(f'{head}\n', timeout=300)
        assert self.process.returncode == 0, 'a subscriber failed'
        return json.loads(out)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


# -- what is measured

class Phase:
    """From when to when, by the clock of the journal, and the most memory meanwhile. It takes so long,
    and until so many messages have come."""

    def __init__(self, daemon, name, seconds, messages):
        self.name, self.began, self.most_kb = name, time.time(), 0
        end, first = time.monotonic() + seconds, daemon.ask('status')['head']
        until('news comes', lambda: self.look(daemon) >= first + messages and time.monotonic() > end,
              seconds + 60)
        self.ended = time.time()

    def look(self, daemon):
        self.most_kb = max(self.most_kb, memory_kb(daemon.process))
        return daemon.alive() and daemon.ask('status')['head']

    def lateness(self, committed, readers):
        """In milliseconds: that of one in a hundred messages, and of half of them."""
        late = sorted(1000 * came - committed[seq] for its in readers for seq, came in its
                      if self.began * 1000 <= committed[seq] < self.ended * 1000)
        self.p99, self.p50 = late[len(late) * 99 // 100], late[len(late) // 2]
        per_s = len(late) / len(readers) / (self.ended - self.began)
        print(f'{self.name}: {per_s:.0f} messages/s to each of {len(readers)}, '
              f'p50 {self.p50:.0f} ms, p99 {self.p99:.0f} ms')


def check_readers(readers):
    holes = 0
    for its in readers:
        seqs = [seq for seq, _ in its]
        assert seqs == sorted(set(seqs)), 'out of order, or twice'
        holes += seqs != list(range(seqs[0], seqs[0] + len(seqs)))
    print(f'{holes} of {len(readers)} that read have missed something')
    assert holes <= HOLES_MAX, 'those who read miss something'


def check_recovered(groups, head):
    told = [one for group in groups for one in group.finish(head)]
    for n, in_order, asked, unanswered in told:
        assert n >= head and in_order, f'{n} of {head} messages, in order: {in_order}'
    asked = sum(one[2] for one in told)
    print(f'{len(told)} that were stopped have all of {head} messages, by {asked} requests, '
          f'{sum(one[3] for one in told)} of them asked again')
    assert asked > len(told), 'nothing was kept from them: there was no load'


@contextlib.contextmanager
def subscribers(daemon):
    with contextlib.ExitStack() as stack:
        readers = [stack.enter_context(Group('--readers', daemon.events, A_PROCESS))
                   for _ in range(READERS // A_PROCESS)]
        stopped = [stack.enter_context(Group('--joined', daemon.events, daemon.replay, STOPPED // 2))
                   for _ in range(2)]
        until('all are there', lambda: daemon.ask('status')['peers']['events'] == READERS + STOPPED, 60)
        yield readers, stopped


def scenario(folder, bin_dir):
    # each feed shows what is new since the last poll several times over
    with Origin(feeds=FEEDS, start=1, window=max(4000 // GROW_MS, 10)) as site:
        daemon = Daemon(bin_dir, folder, [f'id: f{n}, url: "{site.base}/feed/{n}.xml", lang: fa'
                                          for n in range(1, FEEDS + 1)],
                        events=EVENTS, extra='extract: {story: {window: 0s}}\n').start()
        with subscribers(daemon) as (readers, stopped):
            site.set({'grow_ms': GROW_MS})
            until('news comes', lambda: daemon.ask('status')['head'] > 10 * FEEDS)
            phases = [Phase(daemon, 'all read', BASELINE_S, 100)]
            before_kb = memory_kb(daemon.process)
            for group in stopped:
                group.signal(signal.SIGSTOP)
            phases.append(Phase(daemon, f'{STOPPED} are stopped', STOP_S, STOP_MESSAGES))
            grown_kb = phases[1].most_kb - before_kb
            for group in stopped:
                group.signal(signal.SIGCONT)
            head = daemon.ask('status')['head']
            check_recovered(stopped, head)
            came = [its for group in readers for its in group.finish(head)]
        committed = dict(daemon.rows('SELECT seq, at_ms FROM message'))
        daemon.stop()
    check_readers(came)
    for phase in phases:
        phase.lateness(committed, came)
    print(f'{grown_kb} KiB more while they are stopped')
    assert grown_kb <= MEMORY_KB or is_sanitized(bin_dir), f'{grown_kb} KiB for ten that do not read'
    assert phases[1].p99 <= P99 * phases[0].p99 + P99_SLACK_MS, 'those who read notice that others do not'


if __name__ == '__main__':
    if len(sys.argv) == 4 and sys.argv[1] == '--readers':
        be_readers(sys.argv[2], int(sys.argv[3]))
    elif len(sys.argv) == 5 and sys.argv[1] == '--joined':
        be_joined(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    elif len(sys.argv) == 2:
        in_folder(lambda folder: scenario(folder, sys.argv[1]))
    else:
        sys.exit(__doc__)
