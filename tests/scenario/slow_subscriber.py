#!/usr/bin/env python3
"""A subscriber that does not read slows nobody, and costs no more than its mark (P6).

usage: slow_subscriber.py BIN

A second process subscribes and is stopped (SIGSTOP) while news comes in. The first one gets
every message meanwhile, the daemon commits on, and what is kept for the stopped one is
bounded: when it goes on it has lost messages, which it sees by their numbers.
"""
import signal
import subprocess
import sys
import time

import zmq

from harness import (Daemon, Origin, Subscriber, article_urls, check_durable, in_folder,
                     is_sanitized, memory_kb, until)

HWM = 100           # messages that are kept for a subscriber
KERNEL = 400        # what the kernel and ZeroMQ's threads may hold besides, generously
ENTRIES = 300
PORTION = 12        # entries, of seven messages each
MEMORY_KB = 64 * 1024


def subscribe(endpoint):
    """The second process: a line with its number for each message."""
    socket = zmq.Context().socket(zmq.SUB)
    socket.setsockopt(zmq.RCVHWM, 10)
    socket.setsockopt(zmq.SUBSCRIBE, b'')
    socket.connect(endpoint)
    while True:
        topic, header, _ = socket.recv_multipart()
        if topic != b'heartbeat/':
            print(int.from_bytes(header[16:], 'big'), flush=True)


def numbers(path):
    return [int(line) for line in path.read_text().split()]


def scenario(folder, bin_dir):
    with Origin(start=3) as site:
        daemon = Daemon(bin_dir, folder, [f'id: a, url: "{site.base}/feed/1.xml", lang: fa'],
                        events=f'sndhwm: {HWM}, ',
                        extra='extract: {story: {window: 0s}}\n')    # a message is a message
        subscriber = Subscriber(daemon.events)
        lines = daemon.folder / 'slow.txt'
        with open(lines, 'wb') as out, subprocess.Popen(
                [sys.executable, __file__, '--subscribe', daemon.events], stdout=out) as slow:
            try:
                run(site, daemon, subscriber, slow, lines)
            finally:
                slow.kill()
        daemon.stop()
        subscriber.close()


def run(site, daemon, subscriber, slow, lines):
    # both must be there from the first message on: the site opens when they are
    daemon.start()
    until('all are subscribed', lambda: daemon.ask('status')['subscriptions'] >= 1)
    until('the first articles', lambda: len(article_urls(daemon)) == 3)
    site.add(1)
    until('the slow one reads', lambda: lines.stat().st_size > 0)

    slow.send_signal(signal.SIGSTOP)
    before_kb, started = memory_kb(daemon.process), time.monotonic()
    # in portions below the mark: the other one must not fall behind on a busy machine
    for portion in range(1, ENTRIES // PORTION + 1):
        site.add(PORTION)
        until('every article is committed',
              lambda: len(article_urls(daemon)) == portion * PORTION + 4)
        head = max(daemon.journal())
        until('the other has it all', lambda: subscriber.messages[-1][2] == head)
    seqs = check_durable(daemon, subscriber)
    assert seqs == list(range(seqs[0], head + 1)), 'the other one has a hole'
    times = [t for t in subscriber.heard_at if t > started]
    gap = max(b - a for a, b in zip(times, times[1:]))
    assert gap < 2, f'no heartbeat for {gap:.1f} s'
    grown_kb = memory_kb(daemon.process) - before_kb
    assert grown_kb < MEMORY_KB or is_sanitized(daemon.bin), \
        f'{grown_kb} KiB for a subscriber that does not read'

    first = len(numbers(lines))
    slow.send_signal(signal.SIGCONT)
    until('the slow one reads on', lambda: len(numbers(lines)) > first)
    site.add(1)
    until('the newest is committed', lambda: max(daemon.journal()) > head)
    until('it is with the others again', lambda: numbers(lines)[-1] > head)
    got = numbers(lines)
    assert got == sorted(set(got)), 'out of order, or twice'
    kept = sum(1 for seq in got if seqs[0] <= seq <= head) - first
    assert kept <= HWM + KERNEL, f'{kept} messages were kept for it'
    assert kept < head - seqs[0] - first, 'there was no flood at all: nothing is shown'
    print(f'{head} messages, {kept} kept for the stopped one, {grown_kb} KiB, '
          f'longest silence {gap * 1000:.0f} ms')


if __name__ == '__main__':
    if len(sys.argv) == 3 and sys.argv[1] == '--subscribe':
        subscribe(sys.argv[2])
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    in_folder(lambda folder: scenario(folder, sys.argv[1]))
