#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Run the tool on the golden pages or feeds and compare with what was decided by hand.

usage: run.py html|feeds PEYK

html/<name>.html with <name>.json: url and content_type are handed to the tool; "article":
false wants a reason and no text; title, kicker, lead, byline, published and modified are
compared where named (times as instants), every line of must_have stands in the text, none
of must_not does, and min_paragraphs are told apart.
feeds/<name>.xml with <name>.json: what "want" names is compared, null means absent, times
are instants, markup in summary and content is not compared, `a|b` allows either;
"last_may_lack" allows the last entry to be left out.
Each difference is one line; exit status 1 when there is any.
"""
import datetime
import glob
import html
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TIMES = ('published', 'modified', 'updated')


def plain(text):
    """Without markup, entities and differences in white space."""
    text = html.unescape(re.sub(r'<[a-zA-Z/!][^>]*>', ' ', text))
    return re.sub(r'\s+', '', text.replace('\u00a0', ' '))


def instant(text):
    moment = datetime.datetime.fromisoformat(text.replace('Z', '+00:00'))
    return moment.replace(microsecond=0).astimezone(datetime.timezone.utc)


def same(key, want, got):
    if want is None or got is None:
        return want == got
    if key in TIMES:
        try:
            return instant(want) == instant(got)
        except (ValueError, TypeError):
            return False
    if key in ('summary', 'content'):
        return plain(want) == plain(got)
    if isinstance(want, str):
        return re.sub(r'\s+', ' ', str(got)).strip() in want.split('|')
    return want == got


def compare(want, got, where, say):
    if isinstance(want, dict):
        for key, value in want.items():
            there = (got or {}).get(key)
            if isinstance(value, (dict, list)):
                compare(value, there, f'{where}.{key}', say)
            elif not same(key, value, there):
                say(f'{where}.{key}: want {value!r}, got {there!r}')
        return
    if len(want) != len(got or []):
        say(f'{where}: want {len(want)}, got {len(got or [])}')
    for n, (a, b) in enumerate(zip(want, got or [])):
        if isinstance(a, dict):
            compare(a, b, f'{where}[{n}]', say)
        elif not same('', a, b):
            say(f'{where}[{n}]: want {a!r}, got {b!r}')


def page(gold, got, say):
    text = got.get('text', '')
    if gold.get('article') is False:
        if text or not got.get('reason'):
            say(f'no article, but the tool says {json.dumps(got, ensure_ascii=False)[:200]}')
        return
    keys = ('title', 'kicker', 'lead', 'byline', 'published', 'modified')
    compare({k: gold[k] for k in keys if k in gold}, got, 'article', say)
    for line in gold['must_have']:
        if plain(line) not in plain(text):
            say(f'missing: «{line}»')
    for line in gold['must_not']:
        if plain(line) in plain(text):
            say(f'does not belong here: «{line}»')
    if len(got.get('paragraphs', [])) < gold.get('min_paragraphs', 0):
        say(f'{len(got.get("paragraphs", []))} paragraphs, want {gold["min_paragraphs"]}')


def feed(gold, got, say):
    want = gold['want']
    if gold.get('last_may_lack') and len(got.get('entries', [])) == len(want['entries']) - 1:
        want['entries'].pop()
    compare(want, got, 'feed', say)


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ('html', 'feeds'):
        sys.exit(__doc__)
    kind, peyk = sys.argv[1], sys.argv[2]
    command, suffix, judge = {'html': ('article', '.html', page), 'feeds': ('feed', '.xml', feed)}[kind]
    problems = []
    names = sorted(glob.glob(os.path.join(HERE, kind, '*.json')))
    for path in names:
        name = os.path.basename(path)[:-5]
        with open(path, encoding='utf8') as f:
            gold = json.load(f)
        args = [peyk, command, path[:-5] + suffix]
        for option, key in (('--url', 'url'), ('--content-type', 'content_type')):
            args += [option, gold[key]] if key in gold else []
        p = subprocess.run(args, capture_output=True, timeout=60)
        before = len(problems)
        try:
            judge(gold, json.loads(p.stdout), lambda s: problems.append(f'{name}: {s}'))
        except ValueError:
            problems.append(f'{name}: exit {p.returncode}, no JSON: {p.stderr.decode(errors="replace")[:200]}')
        if p.returncode:
            problems.append(f'{name}: exit {p.returncode}')
        print(f'{"ok  " if len(problems) == before else "FAIL"} {kind}/{name}')
    print('\n'.join(problems))
    sys.exit(bool(problems) or not names)


if __name__ == '__main__':
    main()
