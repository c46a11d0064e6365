#!/usr/bin/env python3
"""Runs the benchmarks of a build and shows their ratios.

usage: run.py BUILD_DIR [NAME...]

Each benchmark prints a JSON object: {"bench", "ratio", "aim", "unit", ...}.
"""
import json
import pathlib
import subprocess
import sys


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    wanted = sys.argv[2:]
    programs = sorted(pathlib.Path(sys.argv[1], 'tests').glob('bench_*'))
    for program in programs:
        if wanted and program.name.removeprefix('bench_') not in wanted:
            continue
        done = subprocess.run([program], capture_output=True, text=True)
        if done.returncode != 0:
            print(f'{program.name} failed: {done.stderr}')
            return 1
        for line in done.stdout.splitlines():
            result = json.loads(line)
            print(f'{result.pop("bench"):<12} ratio {result.pop("ratio"):6.2f}   '
                  f'aim {result.pop("aim")}   {json.dumps(result)}')
    return 0


if __name__ == '__main__':
    sys.exit(main())
