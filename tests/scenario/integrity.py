#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a start does with the database that it finds.

usage: integrity.py BIN

After an orderly stop it is taken as it is; after a kill it is looked through; a damaged one is
refused, with words that say what to do, each time until somebody did it. What is damaged after an
orderly stop is not looked for: that is what the mark is for.
"""
import pathlib
import shutil
import sqlite3
import sys

from harness import PATIENCE, Daemon, Origin, in_folder, until
from oracle import everything_published

LOOKED = 'was not stopped in an orderly way'
REFUSED = 'the database is damaged, not starting'


def life(daemon, end):
    """What it says in one life that ends so."""
    before = len(daemon.said())
    daemon.start()
    integrity = until('a check is over, or there was none',
                      lambda: daemon.ask('status')['journal'].get('integrity', 'none') != 'checking'
                      and daemon.ask('status'))['journal'].get('integrity')
    end()
    return daemon.said()[before:], integrity


def refuses(daemon):
    """It must end by itself. Returns what it said."""
    before = len(daemon.said())
    daemon.launch()
    code = daemon.process.wait(PATIENCE)
    daemon.process = None
    said = daemon.said()[before:]
    assert code == 1, f'ended with {code}: {said}'
    return said


def damage(file):
    """Overwrites a page of the messages, and leaves the rest as it was."""
    db = sqlite3.connect(file)
    db.execute('PRAGMA wal_checkpoint(TRUNCATE)')
    size, = db.execute('PRAGMA page_size').fetchone()
    root, = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'message'").fetchone()
    db.close()
    with open(file, 'r+b') as f:
        f.seek((root - 1) * size)
        f.write(b'\x5a' * size)


def scenario(folder, bin_dir):
    folder = pathlib.Path(folder)
    file, good = folder / 'peyk.db', folder / 'good.db'
    with Origin(feeds=2, start=5) as site:
        daemon = Daemon(bin_dir, folder, [
            f'id: f{n}, url: "{site.base}/feed/{n}.xml", lang: fa' for n in (1, 2)])
        daemon.start()
        everything_published(daemon, site)
        daemon.stop()

        said, integrity = life(daemon, daemon.stop)
        assert LOOKED not in said and integrity is None, 'looked through after an orderly stop'
        life(daemon, daemon.kill)
        said, _ = life(daemon, daemon.stop)
        assert LOOKED in said and 'is whole' in said, said
        said, _ = life(daemon, daemon.stop)
        assert LOOKED not in said, 'the mark of a crash stays'

        assert [f.name for f in folder.glob('peyk.db*')] == ['peyk.db'], 'an orderly stop leaves one file'
        shutil.copy(file, good)
        journal = daemon.journal()
        life(daemon, daemon.kill)
        damage(file)
        for _ in range(2):
            said = refuses(daemon)
            assert REFUSED in said and 'restore a backup' in said and str(file) in said, said
        for old in folder.glob('peyk.db*'):
            old.unlink()
        file.write_bytes(b'no database, but something\n' * 1000)
        assert REFUSED in refuses(daemon)

        shutil.copy(good, file)     # with its epoch: nothing went on behind it
        said, _ = life(daemon, daemon.stop)
        assert LOOKED not in said and journal.items() <= daemon.journal().items()

        daemon.events_bound[:] = ['ipc:///nowhere/at/all.sock']
        daemon.configure([f'id: f1, url: "{site.base}/feed/1.xml", lang: fa'])
        assert REFUSED not in refuses(daemon)
        daemon.events_bound[:] = [daemon.events]
        daemon.configure([f'id: f1, url: "{site.base}/feed/1.xml", lang: fa'])
        said, _ = life(daemon, daemon.stop)
        assert LOOKED not in said, 'a start that failed is no crash'
    print(f'{len(journal)} messages')


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    in_folder(lambda folder: scenario(folder, sys.argv[1]))
