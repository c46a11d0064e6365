#!/usr/bin/env python3
"""peyk tail misses nothing: the daemon is killed under it again and again, and its lines are the
journal, each message once, in order. --since goes back; what was pruned is told.

usage: tail.py BIN [KILLS]
"""
import json
import random
import subprocess
import sys
import time

from harness import Daemon, Origin, in_folder, until
from oracle import everything_published


class Tail:
    """`peyk tail --json` with its output in a file."""

    def __init__(self, daemon, name, *options):
        self.out = daemon.folder / f'{name}.out'
        self.err = daemon.folder / f'{name}.err'
        with open(self.out, 'wb') as out, open(self.err, 'wb') as err:
            self.process = subprocess.Popen(
                [daemon.bin / 'peyk', 'tail', '--connect', daemon.events, '--json', *options],
                stdout=out, stderr=err)

    def bodies(self):
        text = self.out.read_bytes()
        return text[:text.rfind(b'\n') + 1].splitlines()

    def end(self):
        self.process.terminate()
        assert self.process.wait(20) == 0
        return self.bodies()


def everything(daemon):
    return [body for _, (_, body) in sorted(daemon.journal().items())]


def scenario(folder, bin_dir, kills):
    chance = random.Random(7)
    with Origin(feeds=2, grow_ms=40) as site:
        daemon = Daemon(bin_dir, folder, [
            f'id: a, url: "{site.base}/feed/1.xml", lang: fa, country: IRN',
            f'id: b, url: "{site.base}/feed/2.xml", lang: fa, country: IRN'])
        whole = Tail(daemon, 'whole', '--since', '1')
        some = Tail(daemon, 'some', '--since', '1h', '--type', 'STATE')
        for _ in range(kills):
            daemon.start()
            time.sleep(chance.uniform(0.1, 0.8))
            daemon.kill()
        site.set({'grow_ms': 0})
        daemon.start()
        everything_published(daemon, site)
        until('nothing new comes', lambda: quiet(daemon))
        want = everything(daemon)
        until('tail has it all', lambda: len(whole.bodies()) >= len(want))
        assert whole.end() == want, 'the lines are not the journal'
        of_type = [body for body in want if json.loads(body)['data'].get('type') == 'STATE']
        until('the filtered one has it all', lambda: len(some.bodies()) >= len(of_type))
        assert sorted(some.end()) == sorted(of_type), 'filtered lines are not those of the journal'
        late = Tail(daemon, 'late', '--since', str(len(want) // 2), '--count', '10')
        late.process.wait(20)
        assert late.bodies() == want[len(want) // 2 - 1:][:10]
        daemon.stop()
    print(f'{len(want)} messages, {len(of_type)} of one type, {kills} kills')


def quiet(daemon):
    """A feed may still be told to be well."""
    before = len(daemon.journal())
    time.sleep(1.5)
    return len(daemon.journal()) == before > 0


if __name__ == '__main__':
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    KILLS = int(sys.argv[2]) if len(sys.argv) == 3 else 5
    in_folder(lambda folder: scenario(folder, sys.argv[1], KILLS))
