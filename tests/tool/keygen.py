#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""peyk keygen writes a pair that works, for its owner alone, and overwrites nothing; peyk check
reads what it wrote.

usage: keygen.py PEYK
"""
import os
import pathlib
import stat
import subprocess
import sys
import tempfile

import zmq


def run(peyk, *arguments, **options):
    return subprocess.run([peyk, *arguments], capture_output=True, text=True, check=False, **options)


def key_in(path):
    (key,) = (line for line in path.read_text(encoding='ascii').splitlines() if line[:1] not in ('', '#'))
    return key


def check_pair(peyk, folder):
    os.umask(0)                         # whatever the user's is
    done = run(peyk, 'keygen', 'desk', cwd=folder)
    assert done.returncode == 0 and not done.stderr, done
    secret, public = folder / 'desk.secret', folder / 'desk.pub'
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600, oct(secret.stat().st_mode)
    assert stat.S_IMODE(public.stat().st_mode) == 0o644, oct(public.stat().st_mode)
    assert zmq.curve_public(key_in(secret).encode()).decode() == key_in(public)
    assert key_in(secret) not in done.stdout, 'the secret is on the screen'
    for word in ('desk.secret', 'desk.pub', 'publish.curve.clients', 'peyk reload'):
        assert word in done.stdout, word
    before = secret.read_bytes(), public.read_bytes()
    again = run(peyk, 'keygen', 'desk', cwd=folder)
    assert again.returncode == 1 and 'desk.secret: exists already' in again.stderr, again
    secret.rename(folder / 'kept')
    again = run(peyk, 'keygen', 'desk', cwd=folder)
    assert again.returncode == 1 and 'desk.pub: exists already' in again.stderr, again
    assert not secret.exists(), 'half a pair was left behind'
    (folder / 'kept').rename(secret)
    assert (secret.read_bytes(), public.read_bytes()) == before


def check_names(peyk, folder):
    for name in ('', '.', '.desk', 'a b', 'ف', 'x' * 65, 'sub/'):
        done = run(peyk, 'keygen', name, cwd=folder)
        assert done.returncode == 1 and 'a name is' in done.stderr, (name, done)
    assert run(peyk, 'keygen', 'nowhere/desk', cwd=folder).returncode == 1
    for arguments in ((), ('a', 'b'), ('--force', 'a')):
        assert run(peyk, 'keygen', *arguments, cwd=folder).returncode == 2, arguments
    assert run(peyk, 'keygen', 'x' * 64, cwd=folder).returncode == 0
    if os.path.exists('/dev/full'):
        assert run(peyk, 'keygen', '/dev/full/x').returncode == 1


def check_configuration(peyk, folder):
    """What peyk check says of keys."""
    assert run(peyk, 'keygen', 'curve', cwd=folder).returncode == 0
    clients = folder / 'clients.d'
    clients.mkdir()
    config = folder / 'peyk.yaml'
    config.write_text(
        'version: 1\nfeeds:\n  - {id: a, url: "https://a.example/"}\n'
        f'publish: {{curve: {{enabled: true, secret: "{folder}/curve.secret", clients: "{clients}"}}}}\n',
        encoding='ascii')

    def says(code, *words):
        done = run(peyk, 'check', '--dump', config)
        assert done.returncode == code and all(word in done.stderr for word in words), done
        assert key_in(folder / 'curve.secret') not in done.stderr + done.stdout

    says(0, 'nobody can connect')
    (clients / 'desk.pub').write_bytes((folder / 'desk.pub').read_bytes())
    says(0, 'peyk.yaml: ok')
    with open(clients / 'desk.pub', 'a', encoding='ascii') as f:
        f.write('topic event/CONSULT/\ntopic articles/\n')
    says(1, 'desk.pub:4:7: error: no topic begins like this')
    (clients / 'desk.pub').unlink()
    (clients / 'one.pub').write_bytes((folder / 'desk.pub').read_bytes())
    (clients / 'two.pub').write_bytes((folder / 'desk.pub').read_bytes())
    says(1, 'two.pub: error: this key stands in one.pub already')
    (clients / 'two.pub').unlink()
    (folder / 'curve.secret').chmod(0o640)
    says(1, 'curve.secret: error: others can read or change')
    (folder / 'curve.secret').chmod(0o600)
    config.write_text(config.read_text(encoding='ascii').replace(str(clients), str(folder / 'none')),
                      encoding='ascii')
    says(1, 'none: error: the folder')


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory(prefix='peyk-') as folder:
        check_pair(sys.argv[1], pathlib.Path(folder))
        check_names(sys.argv[1], pathlib.Path(folder))
        check_configuration(sys.argv[1], pathlib.Path(folder))


if __name__ == '__main__':
    main()
