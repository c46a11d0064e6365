#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The manual knows every command and every key, and no other.

usage: manual.py PEYK PEYK.1 PEYK.YAML.5
"""
import re
import subprocess
import sys
import tempfile

# a feed that sets whatever can be set, so that the dump shows every key of a feed
CONFIG = """\
version: 1
groups:
  - id: g
    feeds:
      - id: a
        url: "https://example.org/a"
        title: A
        lang: fa
        interval: 10m
        country: IRN
        links: "main h2 a"
        publisher: {id: a, name: A, latin: A}
        headers: {X: y}
"""


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def paths(dump):
    """The dotted paths of a dump's keys; those of groups and feeds apart."""
    stack, found = [], set()
    for line in dump.splitlines():
        m = re.match(r'( *)(- )?([a-z_]+):(.*)', line)
        depth = len(m[1]) + (2 if m[2] else 0)
        stack = [s for s in stack if s[0] < depth] + [(depth, m[3])]
        if m[4]:
            found.add('.'.join(name for _, name in stack))
    return found


def items(page, section=''):
    """What `.It Cm` names below a heading."""
    text = open(page, encoding='utf8').read()
    if section:
        text = re.split(r'^\.S[hs] ', text.split(section + '\n', 1)[1], 1, re.M)[0]
    return set(re.findall(r'^\.It (?:Cm|Ic) (\S+)', text, re.M))


def compare(what, manual, program):
    for name in sorted(program - manual):
        print(f'{what} {name} is not in the manual')
    for name in sorted(manual - program):
        print(f'{what} {name} is in the manual, but not in the program')
    return manual != program


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    peyk, page1, page5 = sys.argv[1:]
    with tempfile.NamedTemporaryFile('w', suffix='.yaml') as f:
        f.write(CONFIG)
        f.flush()
        found = paths(run(peyk, 'check', '--dump', f.name))
    feed = {p.removeprefix('groups.feeds.') for p in found if p.startswith('groups.feeds.')}
    # a publisher is a section in the dump and may be one word in a file
    bad = compare('key of a feed', items(page5, '.Ss Keys of a feed'), feed | {'publisher'})
    keys = {p for p in found if not p.startswith('groups.')}
    bad |= compare('key', items(page5, '.Sh KEYS'), keys | {'groups', 'feeds', 'include'})
    commands = set(re.findall(r'^  peyk ([a-z]+)', run(peyk, '--help'), re.M))
    # commands that are promised but not there yet may stand in the manual
    bad |= bool(commands - items(page1)) and compare('command', items(page1), commands)
    return int(bad)


if __name__ == '__main__':
    sys.exit(main())
