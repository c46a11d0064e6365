#!/usr/bin/env python3
"""Each promise of README.md has tests, and they are labelled with it.

usage: promises.py CTEST BUILD_DIR
"""
import json
import pathlib
import re
import subprocess
import sys

README = pathlib.Path(__file__).parents[2] / 'README.md'
PROMISES = [f'P{n}' for n in range(1, 9)]


def labels(ctest, build):
    """{test: its labels}"""
    shown = subprocess.run([ctest, '--test-dir', build, '--show-only=json-v1'],
                           capture_output=True, check=True).stdout
    return {test['name']: next((p['value'] for p in test.get('properties', ()) if p['name'] == 'LABELS'), [])
            for test in json.loads(shown)['tests']}


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    known, wrong = labels(*sys.argv[1:]), []
    rows = dict(re.findall(r'^\| (P\d) \|(.*)$', README.read_text(encoding='utf8'), re.M))
    for promise in PROMISES:
        tests = re.findall(r'`([a-z0-9_]+/[a-z0-9_/]+)`', rows.get(promise, '').rsplit('|', 2)[-2])
        wrong += [f'{promise}: {test}: {"is not labelled so" if test in known else "there is no such test"}'
                  for test in tests if promise not in known.get(test, ())]
        wrong += [] if tests else [f'{promise}: names no test']
    print('\n'.join(wrong) or f'{len(PROMISES)} promises, each with its tests')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
