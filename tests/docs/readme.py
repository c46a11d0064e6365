#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The event that the README shows is what peyk makes of the sentence it shows.

usage: readme.py PEYK
"""
import json
import pathlib
import re
import subprocess
import sys

README = pathlib.Path(__file__).parents[2] / 'README.md'


def missing(shown, real, path='message'):
    """What is shown and is not so. What is not shown may be anything."""
    if isinstance(shown, dict) and isinstance(real, dict):
        for key, value in shown.items():
            if key in real:
                yield from missing(value, real[key], f'{path}.{key}')
            else:
                yield f'{path}.{key}: is not there'
    elif isinstance(shown, list) and isinstance(real, list) and len(shown) == len(real):
        for i, (a, b) in enumerate(zip(shown, real)):
            yield from missing(a, b, f'{path}[{i}]')
    elif shown != real:
        yield f'{path}: README has {shown!r}, peyk says {real!r}'


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    text = README.read_text(encoding='utf8')
    article = re.search('«(.+?)»', text)[1]
    shown = json.loads(re.search('```json\n(.+?)```', text, re.S)[1])
    out = subprocess.run(
        [sys.argv[1], 'extract', '--format', 'text', '--published', '2024-05-01',
         '--publisher', 'سپهر', '--publisher-country', 'IRN',
         '--url', 'https://news.example.org/1', '-'],
        input=article + '\n', capture_output=True, encoding='utf8', timeout=60, check=True).stdout
    events = [m for m in map(json.loads, out.splitlines()) if m['type'] == shown['type']]
    if len(events) != 1:
        sys.exit(f'{len(events)} events: {out}')
    wrong = list(missing(shown, events[0]))
    print('\n'.join(wrong) or 'README tells the truth')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
