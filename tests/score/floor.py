#!/usr/bin/env python3
"""Runs one scorer of SHARED/score and holds its figures against the best ones reached.

usage: floor.py NAME SHARED BIN

The floors stand in floors.json: what was gained is not lost again. A figure that rose is
said, so that the floor can be raised. Skips (77) where SHARED or its scorer is absent.
"""
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).parent


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    name, shared, bin_dir = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
    rule = json.loads((HERE / 'floors.json').read_text())[name]
    scorer = shared / 'score' / rule['scorer']
    if not scorer.exists():
        print(f'skipped: {scorer} is not here')
        return 77
    command = [sys.executable, scorer, *(a.replace('@BIN@', bin_dir) for a in rule['arguments'])]
    done = subprocess.run(command, capture_output=True, text=True)
    lines = done.stdout.strip().splitlines()
    if not lines or not lines[-1].startswith('{'):
        print(done.stdout, done.stderr, sep='\n')
        return 1
    print('\n'.join(lines[-12:]))
    figures = json.loads(lines[-1])
    lost = 0
    for figure, floor in rule.get('floors', {}).items():
        value = figures.get(figure, 0)
        lost += value < floor
        if value != floor:
            print(f'{figure}: {value}, floor {floor}' + (': LOST' if value < floor else ': may rise'))
    for figure, ceiling in rule.get('ceilings', {}).items():
        value = figures.get(figure, float('inf'))
        lost += value > ceiling
        if value != ceiling:
            print(f'{figure}: {value}, ceiling {ceiling}'
                  + (': LOST' if value > ceiling else ': may fall'))
    return 1 if lost else 0


if __name__ == '__main__':
    sys.exit(main())
