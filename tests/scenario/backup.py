#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""peyk backup, while news comes in all the time (F16).

usage: backup.py BIN

The copy is whole, nobody waits for it, no file is overwritten, and a daemon that starts on it says
everything again that came behind it, under the same ids and in an epoch of its own.
"""
import pathlib
import sqlite3
import stat
import subprocess
import sys

from harness import Daemon, Origin, Subscriber, check_durable, in_folder, until
from oracle import everything_published, read_journal, stable_ids

FEEDS = 2


class Tool:
    """peyk, at work in a folder."""

    def __init__(self, bin_dir, daemon, folder):
        self.peyk, self.daemon, self.folder = pathlib.Path(bin_dir, 'peyk').resolve(), daemon, folder

    def __call__(self, command, *arguments):
        return subprocess.run([self.peyk, command, '--control', self.daemon.control, *arguments],
                              cwd=self.folder, capture_output=True, text=True, check=False, timeout=60)


def check_copy(file, head):
    """All up to a number that was the head meanwhile; one file, for its owner alone."""
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [f.name for f in file.parent.glob('*')] == [file.name], 'something lies beside it'
    db = sqlite3.connect(file)
    try:
        assert db.execute('PRAGMA integrity_check').fetchall() == [('ok',)]
        seqs = [seq for seq, in db.execute('SELECT seq FROM message ORDER BY seq')]
        assert db.execute('SELECT count(*) FROM epoch').fetchone() == (0,), 'it has an epoch'
    finally:
        db.close()
    assert seqs == list(range(1, len(seqs) + 1)) and len(seqs) >= head, (head, seqs[-3:])


def check_refusals(tool, file):
    before = file.read_bytes()
    p = tool('backup', file.name)
    assert p.returncode == 1 and 'there is such a file already' in p.stderr, p
    assert file.read_bytes() == before
    p = tool('backup', 'nowhere/at/all.db')
    assert p.returncode == 1 and 'No such file' in p.stderr, p
    p = tool('backup')
    assert p.returncode == 2, p


def check_status(tool):
    """In words."""
    p = tool('status')
    assert p.returncode == 0, p
    for words in ('kept for 30 d', ' of 20 GiB', 'write-ahead', 'consumers'):
        assert (words in p.stdout) == (words != 'consumers'), p.stdout


def scenario(folder, bin_dir):
    folder = pathlib.Path(folder)
    copies, again = folder / 'copies', folder / 'again'
    copies.mkdir()
    again.mkdir()
    with Origin(feeds=FEEDS, start=3, grow_ms=50) as site:
        feeds = [f'id: f{n}, url: "{site.base}/feed/{n}.xml", lang: fa' for n in range(1, FEEDS + 1)]
        daemon = Daemon(bin_dir, folder, feeds)
        subscriber = Subscriber(daemon.events)
        daemon.start_heard_by(subscriber)
        tool, file = Tool(bin_dir, daemon, copies), copies / 'peyk.db'
        until('some are published', lambda: daemon.ask('status')['head'] > 20)
        head = daemon.ask('status')['head']
        p = tool('backup', file.name)
        assert p.returncode == 0 and f'{file} is complete' in p.stdout, p
        check_copy(file, head)
        check_refusals(tool, file)
        check_status(tool)
        until('news went on behind it', lambda: daemon.ask('status')['head'] > head + 20)
        site.set({'grow_ms': 0})
        everything_published(daemon, site)
        until('the newest was seen', lambda: subscriber.messages[-1][2] == max(daemon.journal()))
        check_durable(daemon, subscriber)
        subscriber.close()
        counters = daemon.ask('status')['counters']
        assert counters['backups'] == 1 and counters['backups_failed'] == 2, counters
        assert counters['journal_errors'] == 0, 'a commit failed for a backup'
        daemon.stop()

        other = Daemon(bin_dir, again, feeds)
        file.rename(again / 'peyk.db')
        other.start()
        everything_published(other, site)
        other.stop()
    (epoch, journal), (new_epoch, new_journal) = read_journal(daemon), read_journal(other)
    assert epoch != new_epoch, 'the epoch is the same, and stands for other messages'
    assert stable_ids(journal) == stable_ids(new_journal), 'the same articles have other ids'
    assert all(new_journal[seq] == journal[seq] for seq in range(1, head + 1)), 'what was copied has changed'
    print(f'{len(journal)} messages, {head} of them when the backup began')


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    in_folder(lambda folder: scenario(folder, sys.argv[1]))
