#!/usr/bin/env python3
"""Names found in annotated sentences: precision, recall and F1 a type, exact spans.

usage: score.py [-v] FILE... -- COMMAND      e.g. score.py fa.txt -- peyk text --lang fa {}

FILE has one sentence a line in the brackets of extract/lang/fa/sentences/README.md; items
(parted by empty lines) are given to the command as one text each, its sentences a line each,
many files in one call. -v shows what is wrong, with its sentence. The last line is JSON.
"""
import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile

TYPES = ('PER', 'ROLE', 'LOC', 'ORG')


def parse(line):
    """The text of an annotated line, and its spans as (type, start, end)."""
    text, stack, spans, at = '', [], [], 0
    for match in re.finditer(r'\[(PER|ORG|LOC|ROLE) |\]', line):
        text += line[at:match.start()]
        at = match.end()
        if match.group(1):
            stack.append((match.group(1), len(text)))
        elif stack:
            kind, start = stack.pop()
            spans.append((kind, start, len(text)))
    return text + line[at:], spans


def read_items(path):
    """Texts with their spans; each item's lines are joined by a line break."""
    text, spans = '', []
    for line in path.read_text(encoding='utf8').splitlines() + ['']:
        if line.startswith('#'):
            continue
        if not line.strip():
            if text:
                yield text, spans
            text, spans = '', []
            continue
        plain, found = parse(line)
        spans += [(kind, start + len(text), end + len(text)) for kind, start, end in found]
        text += plain + '\n'


def run(command, texts):
    """What the command finds in each text: lists of (type, start, end)."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, text in enumerate(texts):
            paths.append(pathlib.Path(folder) / f'{number}.txt')
            paths[-1].write_text(text, encoding='utf8')
        for path in paths:
            done = subprocess.run([a.replace('{}', str(path)) for a in command],
                                  capture_output=True, check=True)
            yield [(e['type'], e['start'], e['end'])
                   for line in done.stdout.decode().splitlines()
                   for e in json.loads(line)['entities'] if e['type'] in TYPES]


def show(text, missed, extra):
    for sign, spans in (('-', missed), ('+', extra)):
        for kind, start, end in sorted(spans, key=lambda s: s[1]):
            line = text[text.rfind('\n', 0, start) + 1:]
            print(f"{sign} {kind} {text[start:end]}   | {line[:line.find(chr(10))]}")


def main():
    if '--' not in sys.argv:
        sys.exit(__doc__)
    at = sys.argv.index('--')
    files, command = sys.argv[1:at], sys.argv[at + 1:]
    verbose = '-v' in files
    items = [item for f in files if f != '-v' for item in read_items(pathlib.Path(f))]
    right, told, wanted = (collections.Counter() for _ in range(3))
    for (text, spans), found in zip(items, run(command, [t for t, _ in items])):
        gold, got = set(spans), set(found)
        right.update(kind for kind, _, _ in gold & got)
        told.update(kind for kind, _, _ in got)
        wanted.update(kind for kind, _, _ in gold)
        if verbose:
            show(text, gold - got, got - gold)
    figures = {}
    for kind in TYPES:
        p, r = right[kind] / max(1, told[kind]), right[kind] / max(1, wanted[kind])
        f = 2 * p * r / (p + r) if p + r else 0.0
        print(f'{kind:5} P {p:.3f} R {r:.3f} F1 {f:.3f}  ({wanted[kind]} wanted, {told[kind]} told)')
        figures.update({f'{kind} P': round(p, 3), f'{kind} R': round(r, 3), f'{kind} F1': round(f, 3)})
    print(json.dumps(figures))


if __name__ == '__main__':
    main()
