#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Show the whole line once: a site, the daemon on it, its events on the screen.

usage: run.py BIN [--json]

BIN is the folder of peykd and peyk. Everything is kept in a folder of its own under the
system's temporary folder and removed at the end. Ctrl-C ends all of it.
"""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PATIENCE = 10       # seconds that a part may take to start or to stop


def wait_for(path, process):
    """Until `path` is there; False when the process ends before or it takes too long."""
    end = time.monotonic() + PATIENCE
    while not os.path.exists(path):
        if process.poll() is not None or time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def stop(processes):
    """In the order in which they depend on each other; whoever does not listen is killed."""
    for p in processes:
        if p.poll() is None:
            p.send_signal(signal.SIGTERM)
    for p in processes:
        try:
            p.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            print(f'{p.args[0]} does not stop: killed', file=sys.stderr)
            p.kill()
            p.wait()


def configure(folder, port):
    path = os.path.join(folder, 'peyk.yaml')
    with open(os.path.join(HERE, 'peyk.yaml.in'), encoding='utf8') as f:
        text = f.read().replace('@PORT@', str(port)).replace('@DIR@', folder)
    with open(path, 'w', encoding='utf8') as f:
        f.write(text)
    return path


def show(bin_, folder, options, started):
    """Start all parts; returns when one of them ends, with its exit status."""
    # each in a session of its own: Ctrl-C comes here alone and they stop in good order
    def start(*args, **kw):
        started.insert(0, subprocess.Popen(args, start_new_session=True, **kw))
        return started[0]
    port_file = os.path.join(folder, 'port')
    site = start(sys.executable, os.path.join(HERE, 'serve.py'), '--port-file', port_file,
                 '--drip', '3')       # nothing at first, so that all of it is seen to arrive
    if not wait_for(port_file, site):
        print('the site does not start', file=sys.stderr)
        return 1
    with open(port_file, encoding='ascii') as f:
        port = int(f.read())
    config = configure(folder, port)
    log_path = os.path.join(folder, 'peykd.log')
    # who listens before the daemon speaks misses nothing
    tail = start(os.path.join(bin_, 'peyk'), 'tail', '--connect',
                 f'ipc://{folder}/events.sock', *options)
    with open(log_path, 'wb') as log:
        daemon = start(os.path.join(bin_, 'peykd'), '-c', config, stderr=log, stdout=log)
    print(f'site    http://127.0.0.1:{port}/sepehr/rss.xml and two more\n'
          f'config  {config}\nlog     {log_path}\nCtrl-C ends all of it.\n', flush=True)
    while True:
        for name, p in (('peykd', daemon), ('peyk tail', tail), ('serve.py', site)):
            if p.poll() is not None:
                print(f'{name} ended with status {p.returncode}', file=sys.stderr)
                with open(log_path, encoding='utf8', errors='replace') as f:
                    sys.stderr.write(f.read()[-2000:])
                return 1
        time.sleep(0.1)


def main():
    args = [a for a in sys.argv[1:] if a != '--json']
    if len(args) != 1:
        sys.exit(__doc__)
    for sig in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sig, signal.default_int_handler)
    folder, started, status = tempfile.mkdtemp(prefix='peyk-demo-'), [], 0
    try:
        status = show(args[0], folder, sys.argv[1:].count('--json') * ['--json'], started)
    except KeyboardInterrupt:
        print()
    finally:
        stop(started)
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(status)


if __name__ == '__main__':
    main()
