#!/usr/bin/env python3
"""Runs one scorer of SHARED/score, or of our own tests, and holds its figures against the best ones reached.

usage: floor.py NAME SHARED BIN

The floors stand in floors.json: what was gained is not lost again. A figure that rose is
said, so that the floor can be raised. Skips (77) where SHARED or its scorer is absent.
"""
import json
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).parent


def figures_of(rule, lines):
    """The last line: JSON, or a sentence with figures at the places that `figures` tells."""
    if not lines:
        return None
    if 'figures' not in rule:
        return json.loads(lines[-1]) if lines[-1].startswith('{') else None
    found = {name: re.search(place + r' ([0-9.]+)', lines[-1])
             for name, place in rule['figures'].items()}
    return {name: float(m.group(1)) for name, m in found.items() if m}


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    name, shared, bin_dir = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
    rule = json.loads((HERE / 'floors.json').read_text())[name]
    own = rule['scorer'].startswith('tests/')
    scorer = pathlib.Path(rule['scorer']) if own else shared / 'score' / rule['scorer']
    needs = [scorer] + [shared / 'score' for a in rule['arguments'] if '@SHARED@' in a]
    for path in needs:
        if not path.exists():
            print(f'skipped: {path} is not here')
            return 77
    arguments = [a.replace('@BIN@', bin_dir).replace('@SHARED@', str(shared.resolve()))
                 for a in rule['arguments']]
    done = subprocess.run([sys.executable, scorer, *arguments], capture_output=True, text=True)
    figures = figures_of(rule, done.stdout.strip().splitlines())
    if figures is None:
        print(done.stdout, done.stderr, sep='\n')
        return 1
    print('\n'.join(done.stdout.strip().splitlines()[-12:]))
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
