#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Run the demo as `./dev run` does, until an event is on the screen; then Ctrl-C.

usage: show.py BIN
"""
import json
import os
import signal
import subprocess
import sys
import threading

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    demo = subprocess.Popen([sys.executable, os.path.join(HERE, 'run.py'), sys.argv[1], '--json'],
                            stdout=subprocess.PIPE, text=True)
    end = threading.Timer(45, demo.send_signal, [signal.SIGINT])
    end.start()
    seen = []
    for line in demo.stdout:
        if line.startswith('{'):
            seen.append(json.loads(line)['type'])
        if 'org.peyk.event.v1' in seen:
            break
    demo.send_signal(signal.SIGINT)
    demo.stdout.read()
    end.cancel()
    assert 'org.peyk.event.v1' in seen, f'no event was shown: {seen}'
    assert demo.wait(30) == 0, f'the demo ends with {demo.returncode}'
    print(f'{len(seen)} messages, the last one an event')


if __name__ == '__main__':
    main()
