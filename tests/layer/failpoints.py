#!/usr/bin/env python3
"""Each failpoint of base/failpoint.def stands at one place, and without the option none is left.

usage: failpoints.py SOURCE_DIR [CC]
"""
import collections
import pathlib
import re
import subprocess
import sys
import tempfile

ROOMS = ('base', 'fetch', 'extract', 'publish', 'daemon')
POINT = re.compile(r'^\s*(?:if \(.*\)\s*)?PK_FAILPOINT(?:_BEGUN)?\((\w+)\);')


def names(root):
    return re.findall(r'^FAILPOINT\((\w+),', (root / 'base/failpoint.def').read_text(), re.M)


def places(root):
    """{name: [file:line]}"""
    found = collections.defaultdict(list)
    for room in ROOMS:
        for path in sorted((root / room).rglob('*.c')):
            for number, line in enumerate(path.read_text(encoding='utf8').splitlines(), 1):
                if match := POINT.match(line):
                    found[match[1]].append(f'{path.relative_to(root)}:{number}')
    return found


def left_over(root, cc):
    """What the option leaves of them, when it is off."""
    with tempfile.TemporaryDirectory(prefix='peyk-') as folder:
        built = pathlib.Path(folder, 'failpoint.o')
        subprocess.run([cc, '-std=gnu17', '-DPEYK_FAILPOINTS=0', '-I', root, '-c', '-o', built,
                        root / 'base/failpoint.c'], check=True)
        return b'PEYK_FAILPOINT' in built.read_bytes()


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    root = pathlib.Path(sys.argv[1]).resolve()
    listed, found = names(root), places(root)
    wrong = [f'{name}: at {", ".join(found[name]) or "no place"}, not at one'
             for name in listed if len(found[name]) != 1]
    wrong += [f'{name}: stands twice in the list' for name, n in collections.Counter(listed).items() if n > 1]
    if left_over(root, sys.argv[2] if len(sys.argv) == 3 else 'cc'):
        wrong.append('a build without tests still reads PEYK_FAILPOINT')
    print('\n'.join(wrong) or f'{len(listed)} failpoints, each at its place')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
