#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""peykd speaks the wire of its manual: conformance.py against the real daemon, with news that
come meanwhile and a beginning of its journal that was pruned.

usage: daemon.py BIN [--plain | --curve] [CONFORMANCE ARGUMENT...]
"""
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'scenario'))
from harness import Daemon, Origin, in_folder, until        # noqa: E402

FEEDS, MESSAGES, PRUNED = 3, 40, 2
HERE = pathlib.Path(__file__).parent
KEYS = ('server', 'all', 'some')
# What need not be seen in a run: it takes keys, patience or --fill, or was too quick.
UNSEEN = {False: {'err.busy', 'err.full', 'limits.heartbeats', 'keys.plain', 'keys.ours', 'keys.topics',
                  'keys.subscriptions', 'keys.cursors'},
          True: {'err.busy', 'err.full', 'limits.handshake', 'limits.heartbeats'}}


def make_keys(bin_dir, folder):
    """Keys in the folder, and the setting that uses them."""
    clients = folder / 'clients.d'
    clients.mkdir()
    for name in KEYS:
        subprocess.run([pathlib.Path(bin_dir).resolve() / 'peyk', 'keygen', name], cwd=folder, check=True,
                       stdout=subprocess.DEVNULL)
    (clients / 'all.pub').write_text((folder / 'all.pub').read_text())
    (clients / 'some.pub').write_text((folder / 'some.pub').read_text() + 'topic article/\n')
    return f'curve: {{enabled: true, secret: "{folder}/server.secret", clients: "{clients}"}}, '


def arguments_for_keys(folder):
    return ['--server-key', folder / 'server.pub', '--key', folder / 'all.secret',
            '--limited-key', folder / 'some.secret']


def prune(daemon):
    """As retention would."""
    daemon.stop()
    daemon.write(f'DELETE FROM message WHERE seq <= {PRUNED}')
    daemon.start()


def scenario(folder, bin_dir, curve, arguments):
    folder = pathlib.Path(folder)
    keys = make_keys(bin_dir, folder) if curve else ''
    with Origin(feeds=FEEDS, start=8, grow_ms=1000, max=60) as site:
        feeds = [f'id: f{n}, url: "{site.base}/feed/{n}.xml", lang: fa, country: IRN' for n in range(1, FEEDS + 1)]
        daemon = Daemon(bin_dir, folder, feeds, publish=keys, replay='batch: 25, ').start()
        until('there is a journal', lambda: len(daemon.journal()) >= MESSAGES)
        prune(daemon)
        began = time.monotonic()
        command = [sys.executable, HERE / 'conformance.py', *(arguments_for_keys(folder) if curve else ()), *arguments]
        result = subprocess.run([*command, daemon.events, daemon.replay], capture_output=True, text=True, check=False)
        print(result.stdout, result.stderr, f'{time.monotonic() - began:.1f} s', sep='')
        daemon.stop()
        assert result.returncode == 0, 'the server does not speak as the manual says'
        unseen = {line.split()[2] for line in result.stdout.splitlines() if line.startswith('not seen')}
        assert unseen <= UNSEEN[curve], f'this was to be seen: {unseen - UNSEEN[curve]}'


if __name__ == '__main__':
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    in_folder(lambda folder: scenario(folder, sys.argv[1], sys.argv[2] == '--curve', sys.argv[3:]))
