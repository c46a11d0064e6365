#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compare what `peyk extract` says of the golden articles with what it said when a
person last looked.

usage: events.py LANGUAGE PEYK [--write]

<language>/<name>.txt with <language>/gold/<name>.json (publisher, country, date) and
<language>/<name>.jsonl, the messages without their time. Every message is validated
too. --write makes the .jsonl files anew: read the difference before you commit it.
"""
import difflib
import glob
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'schema'))
import validate  # noqa: E402


def extract(peyk, path, gold):
    args = [peyk, 'extract', '--no-time', '--format', 'text', '--published', gold['published'],
            '--publisher', gold['publisher'], '--publisher-country', gold['publisher_country'], path]
    p = subprocess.run(args, capture_output=True, timeout=60)
    if p.returncode:
        sys.exit(f'{path}: exit {p.returncode}: {p.stderr.decode(errors="replace")[:300]}')
    return p.stdout.decode('utf8').splitlines()


def show(lines):
    """One field a line, so that a difference shows what differs."""
    return [x for line in lines
            for x in json.dumps(json.loads(line), ensure_ascii=False, indent=1).splitlines()]


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    language, peyk, write = sys.argv[1], sys.argv[2], '--write' in sys.argv
    failed = False
    for path in sorted(glob.glob(os.path.join(HERE, language, '*.txt'))):
        name = os.path.basename(path)[:-4]
        with open(os.path.join(HERE, language, 'gold', name + '.json'), encoding='utf8') as f:
            got = extract(peyk, path, json.load(f))
        kept = path[:-4] + '.jsonl'
        if write:
            with open(kept, 'w', encoding='utf8') as f:
                f.write('\n'.join(got) + '\n')
        want = open(kept, encoding='utf8').read().splitlines() if os.path.exists(kept) else got
        bad = list(validate.problems(got))
        if got != want:
            bad += list(difflib.unified_diff(show(want), show(got), 'want', 'got', lineterm='', n=2))[:60]
        print(f'{"FAIL" if bad else "ok  "} {language}/{name}')
        for line in bad:
            print('  ' + line)
        failed |= bool(bad)
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
