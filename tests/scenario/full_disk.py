#!/usr/bin/env python3
"""A full disk pauses the intake and loses nothing (P7).

usage: full_disk.py BIN

The database lives on a small file system of its own (a tmpfs in a mount namespace of this
test: it needs root, and skips, 77, where it cannot have that). The disk is filled while
news comes in, freed, filled again, and the daemon is stopped on the full disk.
"""
import os
import pathlib
import subprocess
import sys

from harness import (Daemon, Origin, Subscriber, article_urls, check_durable, in_folder,
                     until)

SIZE = '24m'
FEEDS = 2


class Filler:
    """Takes all that is free on a disk, and gives it back."""

    def __init__(self, folder):
        self.path = pathlib.Path(folder, 'filler')

    def fill(self):
        with open(self.path, 'ab', buffering=0) as f:
            try:
                while True:
                    f.write(bytes(4096))
            except OSError as e:
                assert e.errno == 28, e     # ENOSPC

    def free(self):
        self.path.unlink()


def errors(daemon):
    return daemon.ask('status')['counters']['journal_errors']


def fill_up(site, daemon, filler):
    """News until the daemon notices that there is no room for more."""
    filler.fill()
    site.add(40)
    until('the status says degraded',
          lambda: daemon.alive() and daemon.ask('status').get('degraded'))
    before = errors(daemon)
    until('it tries on', lambda: errors(daemon) >= before + 3)


def check_paused(daemon, subscriber):
    """Nothing is published that is not in the journal, and people are told."""
    status, heard = daemon.ask('status'), len(subscriber.heartbeats)
    assert 'No space' in status['degraded'], status
    assert 'cannot write the journal' in daemon.said()
    until('heartbeats go on', lambda: len(subscriber.heartbeats) > heard + 2)
    assert daemon.ask('status')['head'] == status['head'], 'the journal grew on a full disk'
    assert subscriber.heartbeats[-1]['data']['head'] == status['head']
    seqs = check_durable(daemon, subscriber)
    assert seqs[-1] == status['head']


def check_whole(site, daemon, subscriber):
    """Every entry has its article, once; who listened all the time has seen it live."""
    wanted = sorted(e.link for entries in site.entries().values() for e in entries)
    until('every entry has its article', lambda: set(article_urls(daemon)) >= set(wanted))
    assert sorted(article_urls(daemon)) == wanted, 'an article came twice, or from nowhere'
    head = max(daemon.journal())
    until('the subscriber has the newest', lambda: subscriber.messages[-1][2] == head)
    seqs = check_durable(daemon, subscriber)
    assert seqs == list(range(seqs[0], head + 1)), 'a hole'
    return wanted


def scenario(folder, bin_dir):
    disk = pathlib.Path(folder, 'disk')
    disk.mkdir()
    subprocess.run(['mount', '-t', 'tmpfs', '-o', f'size={SIZE}', 'tmpfs', disk], check=True)
    try:
        with Origin(feeds=FEEDS, start=5) as site:
            run(folder, bin_dir, disk, site)
    finally:
        subprocess.run(['umount', '-l', disk], check=True)


def run(folder, bin_dir, disk, site):
    daemon = Daemon(bin_dir, folder, [
        f'id: f{n}, url: "{site.base}/feed/{n}.xml", lang: fa' for n in range(1, FEEDS + 1)],
        state=disk)
    subscriber, filler = Subscriber(daemon.events), Filler(disk)
    daemon.start()
    check_whole(site, daemon, subscriber)

    fill_up(site, daemon, filler)
    check_paused(daemon, subscriber)
    filler.free()
    until('it has recovered', lambda: 'degraded' not in daemon.ask('status'))
    wanted = check_whole(site, daemon, subscriber)
    counters = daemon.ask('status')['counters']
    assert counters['entries_new'] == len(wanted), 'a try that failed was counted'
    assert counters['articles'] == len(wanted) and counters['pages_failed'] == 0, counters
    assert 'can be written again' in daemon.said()

    fill_up(site, daemon, filler)
    daemon.stop()
    check_durable(daemon, subscriber)
    subscriber.close()
    filler.free()
    subscriber = Subscriber(daemon.events)      # it need not be back for the first message
    daemon.start()
    wanted = check_whole(site, daemon, subscriber)
    daemon.stop()
    assert daemon.rows('PRAGMA integrity_check') == [('ok',)]
    subscriber.close()
    print(f'{len(wanted)} entries, {len(daemon.journal())} messages')


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
