#!/usr/bin/env python3
"""The walls between the rooms: which room may include which room and which library.

usage: includes.py SOURCE_DIR
Names file and line of every include that is not in the table, and exits 1.
"""
import pathlib
import re
import sys

# room -> the rooms whose headers it may include
ROOMS = {
    'base': {'base'},
    'config': {'config', 'base'},
    'fetch': {'fetch', 'base'},
    'extract': {'extract', 'base'},
    'publish': {'publish', 'base'},
    'daemon': {'daemon', 'config', 'fetch', 'extract', 'publish', 'base'},
    'tool': {'tool', 'config', 'fetch', 'extract', 'publish', 'base'},
}
# vendor header (prefix) -> where it may be included: rooms or files
VENDORS = {
    'zmq': {'publish', 'tool', 'docs'},
    'curl/': {'fetch'},
    'libxml/': {'fetch', 'extract', 'base/heap.c'},
    'jansson': {'fetch', 'extract', 'publish', 'daemon', 'tool'},
    'sqlite3': {'base/db_priv.h'},
    'systemd/': {'daemon'},
    'libfyaml': {'config/yaml.c'},
    'sodium': {'base'},
    'uriparser/': {'base'},
    'libpsl': {'base/domain.c'},
    'zlib': {'base/gunzip.c'},
    'nettle/': {'base/hmac.c'},
    'microhttpd': {'daemon/callback.c'},
    'peykclient': {'tool/cmd_tail.c'},
}
# libpeykclient and the example on it stand alone, for people copy them
EXAMPLES = {
    'docs/examples/subscriber.c': {'peykclient.h'},
    'docs/examples/peykclient.h': set(),
    'docs/examples/peykclient_priv.h': {'peykclient.h'},
    **{f'docs/examples/peykclient{part}.c': {'peykclient_priv.h'} for part in ('', '_cursor', '_wire')},
}
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)')


def complaints(root, path):
    here = path.relative_to(root).as_posix()
    room = here.split('/')[0]
    for number, line in enumerate(path.read_text(encoding='utf8').splitlines(), 1):
        m = INCLUDE.match(line)
        if not m:
            continue
        own, vendor = m.groups()
        at = f'{here}:{number}'
        if own and here in EXAMPLES:
            if own not in EXAMPLES[here]:
                yield f'{at}: an example may not include "{own}"'
        elif own:
            if '/' not in own:
                yield f'{at}: "{own}" does not name its room'
                continue
            target = own.split('/')[0]
            if target not in ROOMS[room]:
                yield f'{at}: {room} may not include {target} ("{own}")'
            if own.endswith('_priv.h') and own.rsplit('/', 1)[0] != here.rsplit('/', 1)[0]:
                yield f'{at}: "{own}" is the back room of {own.rsplit("/", 1)[0]}'
        for prefix, allowed in VENDORS.items():
            if vendor and vendor.startswith(prefix) and not {room, here} & allowed:
                yield f'{at}: {room} may not include <{vendor}>'


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    root = pathlib.Path(sys.argv[1]).resolve()
    files = [p for room in ROOMS for ext in ('c', 'h', 'def')
             for p in sorted((root / room).rglob(f'*.{ext}'))]
    files += [root / path for path in EXAMPLES]
    found = [c for path in files for c in complaints(root, path)]
    print('\n'.join(found) or f'{len(files)} files keep within their walls')
    return 1 if found else 0


if __name__ == '__main__':
    sys.exit(main())
