#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Record what was right, fit the weights of confidence to it, or say how true they are.

usage: confidence.py record|check SHARED PEYK DIR...
       confidence.py fit

DIR holds <name>.txt and gold/<name>.json (tests/golden). Every event that PEYK finds in
them is judged right or wrong as SHARED/score/events.py does (its E5).

record  adds the events of articles that are new to first_run.tsv. Do it before any rule
        is changed for such an article: what rules were tuned on says nothing of how
        often they are right.
fit     writes extract/lang/fa/confidence.tsv: a logistic regression of right on the
        event's evidence (`peyk extract --explain`) in first_run.tsv. Says how true that
        is of articles that it is not fitted on.
check   says the same of the table as it is: the share of right events in each tier, and
        ECE, the mean distance between what is promised and what is kept.
"""
import glob
import json
import math
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TABLE = ROOT / 'extract/lang/fa/confidence.tsv'
FIRST_RUN = ROOT / 'tests/score/first_run.tsv'
FOLDS = 5
RIDGE = 2.0         # pulls every weight but the bias towards none
NEWTON_STEPS = 12


def judged(score, peyk, folder):
    """(article, evidence, confidence, tier, right) of every event that can be judged."""
    for gold_file in sorted(glob.glob(os.path.join(folder, 'gold', '*.json'))):
        name = os.path.basename(gold_file)[:-5]
        with open(gold_file, encoding='utf8') as f:
            gold = json.load(f)
        done = subprocess.run(
            [peyk, 'extract', '--explain', '--format', 'text', '--published', gold['published'],
             '--publisher', gold['publisher'], '--publisher-country', gold['publisher_country'],
             os.path.join(folder, name + '.txt')], capture_output=True, check=True)
        records = [json.loads(line) for line in done.stdout.decode().splitlines()]
        because = [line.split()[1:] for line in done.stderr.decode().splitlines()
                   if line.startswith('    because')]
        text = records[0]['data'].get('text') or ''
        events = [r['data'] for r in records[1:]]
        assert len(events) == len(because), name
        for i, (right, event) in enumerate(judge(score, gold, text, events)):
            if right is not None:
                yield name, because[i], event['confidence']['overall'], event['tier'], right


def judge(score, gold, text, events):
    """As the scorer aligns them: None for what is told twice."""
    folded, at = score.fold(text)
    pairs, taken, of = [], {}, {}
    for e in gold['events']:
        e['at'] = [s for t in e['triggers'] for s in score.find_all(folded, at, t)]
    for j, d in enumerate(events):
        for i, e in enumerate(gold['events']):
            if d['type'] in e['type'] and any(score.meets(s, g) for s in score.spans_of(d)
                                              for g in e['at']):
                who, rest = score.judge(e, d)
                pairs.append((e.get('required', True), who + (who and rest), i, j))
    for _, points, i, j in sorted(pairs, reverse=True):
        if i not in taken and j not in of:
            taken[i], of[j] = j, points == 2
    for j, d in enumerate(events):
        again = j not in of and any(p[3] == j for p in pairs)
        yield (None if again and d['type'] == 'STATE' else of.get(j, False)), d


def promise(weights, evidence):
    return 1 / (1 + math.exp(-sum(weights.get(e, 0) for e in ('bias', *evidence))))


def solved(matrix, right):
    """x of matrix x = right: Gaussian elimination with pivots."""
    n = len(right)
    rows = [row[:] + [value] for row, value in zip(matrix, right)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda k: abs(rows[k][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for k in range(i + 1, n):
            factor = rows[k][i] / rows[i][i]
            if factor:
                rows[k] = [x - factor * y for x, y in zip(rows[k], rows[i])]
    x = [0.0] * n
    for i in reversed(range(n)):
        x[i] = (rows[i][n] - sum(rows[i][k] * x[k] for k in range(i + 1, n))) / rows[i][i]
    return x


def fitted(rows):
    """Logistic regression with a ridge, by Newton's method (IRLS)."""
    names = ['bias', *sorted({e for _, evidence, *_ in rows for e in evidence})]
    at = {name: i for i, name in enumerate(names)}
    weights = dict.fromkeys(names, 0.0)
    for _ in range(NEWTON_STEPS):
        slope = [RIDGE * weights[n] * (n != 'bias') for n in names]
        curve = [[RIDGE * (i == k and i > 0) for k in range(len(names))] for i in range(len(names))]
        for _, evidence, _, _, right in rows:
            p = promise(weights, evidence)
            places = [at[e] for e in ('bias', *evidence)]
            for i in places:
                slope[i] += p - right
                for k in places:
                    curve[i][k] += p * (1 - p)
        curve[0][0] += 1e-9
        for name, step in zip(names, solved(curve, slope)):
            weights[name] -= step
    return weights


def report(what, pairs):
    """How well promises were kept: pairs of (promise, right)."""
    error = 0.0
    for low in range(10):
        part = [(p, r) for p, r in pairs if low <= min(9, int(p * 10)) < low + 1]
        if part:
            error += abs(sum(p for p, _ in part) - sum(r for _, r in part))
    figures = {'ECE': round(error / len(pairs), 3)}
    print(f'{what}: {len(pairs)} events, {sum(r for _, r in pairs) / len(pairs):.3f} right, '
          f'ECE {figures["ECE"]:.3f}')
    for low, high, name in ((HIGH, 1.1, 'high'), (MEDIUM, HIGH, 'medium'), (0, MEDIUM, 'low')):
        part = [r for p, r in pairs if low <= p < high]
        if part:
            figures[name] = round(sum(part) / len(part), 3)
            print(f'  {name:<7}{len(part):5} events  {figures[name]:.3f} right')
    return figures


HIGH, MEDIUM = 0.93, 0.6     # base/event.c


def write(weights):
    lines = TABLE.read_text(encoding='utf8').splitlines()
    head = [line for line in lines if line.startswith('#')] + ['evidence\tweight']
    names = [line.split('\t')[0] for line in lines[len(head):]]
    TABLE.write_text('\n'.join(head + [f'{n}\t{weights.get(n, 0):.3f}' for n in names]) + '\n',
                     encoding='utf8')


def recorded():
    """The rows of first_run.tsv, as judged() gives them."""
    for line in FIRST_RUN.read_text(encoding='utf8').splitlines():
        if not line.startswith(('#', 'article\t')):
            name, right, evidence = line.split('\t')
            yield name, evidence.split(), 0.0, '', right == '1'


def record(score, peyk, folders):
    known = {row[0] for row in recorded()}
    with FIRST_RUN.open('a', encoding='utf8') as f:
        for folder in folders:
            for name, evidence, _, _, right in judged(score, peyk, folder):
                if name not in known:
                    f.write(f'{name}\t{int(right)}\t{" ".join(evidence)}\n')


def fit():
    rows = list(recorded())
    names = sorted({row[0] for row in rows})
    unseen = []
    for fold in range(FOLDS):
        out = set(names[fold::FOLDS])
        weights = fitted([row for row in rows if row[0] not in out])
        unseen += [(promise(weights, row[1]), row[4]) for row in rows if row[0] in out]
    report('articles not fitted on', unseen)
    write(fitted(rows))


def main():
    if sys.argv[1:] == ['fit']:
        return fit()
    if len(sys.argv) < 5 or sys.argv[1] not in ('record', 'check'):
        sys.exit(__doc__)
    sys.path.insert(0, os.path.join(sys.argv[2], 'score'))
    import events as score  # noqa: E402
    if sys.argv[1] == 'record':
        return record(score, sys.argv[3], sys.argv[4:])
    figures = report('as it is', [(p, right) for folder in sys.argv[4:]
                                  for _, _, p, _, right in judged(score, sys.argv[3], folder)])
    print(json.dumps(figures))


if __name__ == '__main__':
    main()
