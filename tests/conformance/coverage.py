#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every sentence of peyk-stream(7) about the wire has a check in conformance.py, or stands in
unchecked.tsv with the reason why one cannot see it from outside. A sentence that is new or
changed in the page fails here.

usage: coverage.py PEYK-STREAM.7
"""
import pathlib
import sys

import conformance
import page

UNCHECKED = pathlib.Path(__file__).parent / 'unchecked.tsv'


def unchecked():
    """{sentence: reason}"""
    lines = UNCHECKED.read_text(encoding='utf8').splitlines()
    rows = [line.split('\t') for line in lines if line and not line.startswith('#')]
    assert all(len(row) == 2 and all(row) for row in rows), [row for row in rows if len(row) != 2]
    return {sentence: reason for reason, sentence in rows}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    said = {sentence: section for section, sentence in page.sentences(sys.argv[1])}
    checked = {sentence for _, sentences, _ in conformance.CHECKS for sentence in sentences}
    excused = unchecked()
    problems = [f'nothing checks this sentence of {section}: {sentence}' for sentence, section in said.items()
                if sentence not in checked and sentence not in excused]
    problems += [f'this is not in the page: {sentence}' for sentence in sorted((checked | set(excused)) - set(said))]
    problems += [f'this is checked, and excused: {sentence}' for sentence in sorted(checked & set(excused))]
    print(*problems, sep='\n')
    print(f'{len(said)} sentences: {len(checked & set(said))} checked by {len(conformance.CHECKS)} checks, '
          f'{len(excused)} not to be seen from outside')
    return int(bool(problems))


if __name__ == '__main__':
    sys.exit(main())
