#!/usr/bin/env python3
"""Every header compiles alone, as C and with all warnings; the one that is installed, as standard C.

usage: headers.py SOURCE_DIR BUILD_DIR
"""
import concurrent.futures
import os
import pathlib
import shlex
import subprocess
import sys

ROOMS = ('base', 'config', 'fetch', 'extract', 'publish', 'daemon', 'tool')


def compile_alone(header, root, build, vendors):
    language = ['-std=gnu17'] if header.relative_to(root).parts[0] in ROOMS else ['-std=c99', '-pedantic']
    command = ['cc', *language, '-D_GNU_SOURCE', '-DPEYK_VERSION="0"', '-Wall', '-Wextra',
               '-Werror', '-fsyntax-only', f'-I{root}', f'-I{build}/generated', *vendors,
               '-x', 'c', '-include', str(header), os.devnull]
    done = subprocess.run(command, capture_output=True, text=True)
    return header, done.returncode, done.stderr


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    root, build = (pathlib.Path(a).resolve() for a in sys.argv[1:])
    vendors = shlex.split(subprocess.run(
        ['pkg-config', '--cflags', 'libxml-2.0', 'jansson', 'libcurl'],
        capture_output=True, text=True, check=True).stdout)
    installed = [root / 'docs/examples/peykclient.h']
    headers = installed + [h for room in ROOMS for h in sorted((root / room).rglob('*.h'))]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for header, code, errors in pool.map(
                lambda h: compile_alone(h, root, build, vendors), headers):
            if code != 0:
                failed += 1
                print(f'{header.relative_to(root)} does not compile alone:\n{errors}')
    print(f'{len(headers)} headers, {failed} failed')
    return 1 if failed or not headers else 0


if __name__ == '__main__':
    sys.exit(main())
