#!/usr/bin/env python3
"""A full disk pauses the intake and loses nothing (F5, P7).

usage: full_disk.py BIN

The database lives on a small file system of its own (a tmpfs in a mount namespace of this
test: it needs root, and skips, 77, where it cannot have that). While news comes in all the time,
the disk is filled and kept full, and freed again, five times; in the long form once, for a minute.
Then the daemon is stopped on the full disk.

While it is full nothing is published that is not on it, heartbeats go on, replay answers, also
somebody who comes just then, and people are told. There is room: within 10 s news comes again.
"""
import os
import pathlib
import subprocess
import sys
import threading
import time

from harness import LONG, Daemon, Origin, Subscriber, check_durable, in_folder, until
from joining import numbers, request
from oracle import Witness, check_everything, everybody_has_it, everything_published, published

CYCLES = 1 if LONG else 5
FULL_S = 60 if LONG else 0.5
SIZE = '600m' if LONG else '128m'
FEEDS = 2
GROW_MS = 200           # an entry more in each feed
RESUME_S = 10
QUICKLY_S = 5           # an answer, also when it is no


class Filler:
    """Takes all that is free on a disk, as soon as it is, and gives it back."""

    def __init__(self, folder):
        self.path = pathlib.Path(folder, 'filler')
        self.filling, self.thread = False, None

    def fill(self):
        self.filling = True
        self.take()
        self.thread = threading.Thread(target=self.keep_full, daemon=True)
        self.thread.start()

    def take(self):
        with open(self.path, 'ab', buffering=0) as f:
            try:
                while True:
                    f.write(bytes(4096))
            except OSError as e:
                assert e.errno == 28, e     # ENOSPC

    def keep_full(self):
        while self.filling:
            self.take()
            time.sleep(0.02)

    def free(self):
        self.filling = False
        self.thread.join()
        self.path.unlink()


def errors(daemon):
    return daemon.ask('status')['counters']['journal_errors']


def fill_up(daemon, filler):
    """Until the daemon notices that there is no room for more."""
    filler.fill()
    until('the status says degraded',
          lambda: daemon.alive() and daemon.ask('status').get('degraded'))
    before = errors(daemon)
    until('it tries on', lambda: errors(daemon) >= before + 2)


def check_told(bin_dir, daemon):
    """In words, to people."""
    said = subprocess.run([pathlib.Path(bin_dir, 'peyk'), 'status', '--control', daemon.control],
                          check=True, capture_output=True, text=True).stdout
    assert 'No space' in said and 'nothing is lost' in said, said
    assert 'cannot write the journal' in daemon.said()


def ask(daemon, *frames):
    answer = request(daemon.replay, *frames, patience_s=QUICKLY_S)
    assert answer, f'no answer to {frames[0]} within {QUICKLY_S} s'
    return answer


def check_replay(daemon, head):
    """What is there is told; what would have to be written cannot be, and that is said."""
    answer = ask(daemon, b'SINCE', 0, 0, 0, 0)
    assert answer[-5] == b'END' and numbers(answer[-4:])[1] == head, answer[-5:]
    answer = ask(daemon, b'ACK', b'somebody', numbers(answer[-4:])[0], head)
    if answer[0] == b'OK':      # there was room for that in the log's old pages
        assert daemon.rows("SELECT seq FROM cursor WHERE name = 'somebody'") == [(head,)]
    else:
        assert answer[:2] == [b'ERR', b'unavailable'], answer


def check_paused(bin_dir, daemon, subscriber):
    """Nothing is published that is not in the journal, and everybody is told."""
    status, heard = daemon.ask('status'), len(subscriber.heartbeats)
    assert 'No space' in status['degraded'], status
    check_told(bin_dir, daemon)
    check_replay(daemon, status['head'])
    end = time.monotonic() + FULL_S
    until('heartbeats go on', lambda: len(subscriber.heartbeats) > heard + 2)
    while time.monotonic() < end:
        assert daemon.alive() and daemon.ask('status').get('degraded'), 'there was room after all'
        time.sleep(0.2)
    assert daemon.ask('status')['head'] == status['head'], 'the journal grew on a full disk'
    assert subscriber.heartbeats[-1]['data']['head'] == status['head']
    check_replay(daemon, status['head'])
    seqs = check_durable(daemon, subscriber)
    assert seqs[-1] == status['head']
    return status['head']


def cycle(bin_dir, daemon, filler, subscriber):
    """The disk is full for a while. Returns how long it took to go on then."""
    fill_up(daemon, filler)
    head = check_paused(bin_dir, daemon, subscriber)
    latecomer = Witness('latecomer', daemon).join()     # while it is full
    until('replay has told a latecomer everything', lambda: latecomer.client.has(head))
    latecomer.leave()
    filler.free()
    began = time.monotonic()
    until('news comes again', lambda: daemon.alive() and subscriber.messages[-1][2] > head)
    took = time.monotonic() - began
    until('the status says that all is well', lambda: 'degraded' not in daemon.ask('status'))
    assert took <= RESUME_S, f'it took {took:.1f} s'
    return took


def scenario(folder, bin_dir):
    disk = pathlib.Path(folder, 'disk')
    disk.mkdir()
    subprocess.run(['mount', '-t', 'tmpfs', '-o', f'size={SIZE}', 'tmpfs', disk], check=True)
    try:
        with Origin(feeds=FEEDS, start=5, grow_ms=GROW_MS) as site:
            run(folder, bin_dir, disk, site)
    finally:
        subprocess.run(['umount', '-l', disk], check=True)


def run(folder, bin_dir, disk, site):
    daemon = Daemon(bin_dir, folder, [
        f'id: f{n}, url: "{site.base}/feed/{n}.xml", lang: fa, publisher: sepehr' for n in range(1, FEEDS + 1)],
        state=disk)
    subscriber, filler = Subscriber(daemon.events), Filler(disk)
    live = Witness('live', daemon).join()
    daemon.start()
    until('some are published', lambda: published(daemon) >= 2 * FEEDS)

    took = [cycle(bin_dir, daemon, filler, subscriber) for _ in range(CYCLES)]
    site.set({'grow_ms': 0})
    everything_published(daemon, site)
    wanted = published(daemon)
    until('all are counted', lambda: daemon.ask('status')['counters']['articles'] >= wanted)
    counters = daemon.ask('status')['counters']
    assert counters['entries_new'] == counters['articles'] == wanted, 'a try that failed was counted'
    assert counters['pages_failed'] == 0, counters
    assert 'can be written again' in daemon.said()

    site.set({'grow_ms': GROW_MS})
    fill_up(daemon, filler)
    site.set({'grow_ms': 0})
    daemon.stop()
    filler.free()       # to read a database takes room for its index, too
    check_durable(daemon, subscriber)
    subscriber.close()
    daemon.start()
    everything_published(daemon, site)
    everybody_has_it(daemon, [live])
    daemon.stop()
    check_everything(daemon, [site], [live], lambda *_: b'article/fa/sepehr/')
    print(f'{CYCLES} times full for {FULL_S:g} s, news came again after '
          f'{", ".join(f"{t:.1f}" for t in took)} s')


def in_namespace():
    """Starts this test again where its mounts are seen by nobody and go away with it."""
    unshare = ['unshare', '--mount', '--propagation', 'private']
    if os.geteuid() != 0 or subprocess.run([*unshare, 'true'], check=False).returncode != 0:
        print('skipped: a small disk needs root and a mount namespace')
        sys.exit(77)
    os.environ['PEYK_TEST_NAMESPACE'] = '1'
    os.execvp(unshare[0], [*unshare, sys.executable, *sys.argv])


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if 'PEYK_TEST_NAMESPACE' not in os.environ:
        in_namespace()
    in_folder(lambda folder: scenario(folder, sys.argv[1]))
