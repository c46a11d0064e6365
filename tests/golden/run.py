#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Run the tool on the golden pages or feeds and compare with what was decided by hand.

usage: run.py html|feeds|dates PEYK

html/<name>.html with <name>.json: the fields are explained in README.md.
feeds/<name>.xml with <name>.json: what "want" names is compared, null means absent, times
are instants, markup in summary and content is not compared, `a|b` allows either;
"last_may_lack" allows the last entry to be left out.
dates/dates.tsv: each markup stands in dates/page.html in turn; the dates that come of it.
Each difference is one line; exit status 1 when there is any.
"""
import datetime
import difflib
import glob
import html
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TIMES = ('published', 'modified', 'updated')
LINES = 5   # of one kind that are told about one page
FIELDS = ('title', 'kicker', 'lead', 'byline', 'published', 'modified', 'language', 'site',
          'section', 'tags', 'image', 'canonical_url', 'paywalled', 'next_url', 'pages',
          'truncated')


def plain(text):
    """Without markup, entities and differences in white space."""
    text = html.unescape(re.sub(r'<[a-zA-Z/!][^>]*>', ' ', text))
    return re.sub(r'\s+', '', text.replace('\u00a0', ' '))


def one_line(text):
    return re.sub(r'\s+', ' ', text).strip()


def instant(text):
    if len(text) == len('2024-05-21'):
        return datetime.date.fromisoformat(text)
    moment = datetime.datetime.fromisoformat(text.replace('Z', '+00:00'))
    return moment.replace(microsecond=0).astimezone(datetime.timezone.utc)


def same(key, want, got):
    if want is None or got is None:
        return want == got
    if key in TIMES:
        try:
            return instant(got) in [instant(one) for one in want.split('|')]
        except (ValueError, TypeError):
            return False
    if key in ('summary', 'content'):
        return plain(want) == plain(got)
    if isinstance(want, str):
        return one_line(str(got)) in want.split('|')
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


def paragraphs(want, got, say):
    """Both are lists of (kind, text), in order. A wanted kind `a|b` allows either, one that
    begins with `?` a paragraph that may be left out."""
    there = [text for kind, text in got]
    want = [(kind.lstrip('?'), text) for kind, text in want if kind[0] != '?' or text in there]
    texts = [text for kind, text in want]
    blocks = difflib.SequenceMatcher(None, texts, there, autojunk=False).get_matching_blocks()
    missing, extra = set(range(len(texts))), set(range(len(there)))
    for block in blocks:
        for n in range(block.size):
            (wanted, text), kind = want[block.a + n], got[block.b + n][0]
            missing.discard(block.a + n)
            extra.discard(block.b + n)
            if kind not in wanted.split('|'):
                say(f'a paragraph of the kind {kind}, want {wanted}: «{text}»')
    for what, list_of, at in (('missing paragraph', texts, missing),
                              ('paragraph that does not belong here', there, extra)):
        for n in sorted(at)[:LINES]:
            say(f'{what}: «{list_of[n]}»')
        if len(at) > LINES:
            say(f'{what}: {len(at) - LINES} more')


def no_article(gold, got, say):
    reason = got.get('reason', '')
    if got.get('text') or not reason:
        say(f'no article, but the tool says {json.dumps(got, ensure_ascii=False)[:200]}')
    elif not any(word in reason for word in gold.get('reason', '').split('|')):
        say(f'reason: want {gold["reason"]!r}, got {reason!r}')


def page(gold, got, say):
    text = got.get('text', '')
    if gold.get('article') is False:
        no_article(gold, got, say)
        return
    if not text:
        say(f'an article, but the tool says {json.dumps(got, ensure_ascii=False)[:200]}')
        return
    compare({k: gold[k] for k in FIELDS if k in gold}, got, 'article', say)
    told = [(p['kind'], one_line(text[p['span'][0]:p['span'][1]])) for p in got['paragraphs']]
    if 'paragraphs' in gold:
        paragraphs(gold['paragraphs'], told, say)
    for line in gold.get('must_have', []):
        if plain(line) not in plain(text):
            say(f'missing: «{line}»')
    for line in gold.get('must_not', []):
        if plain(line) in plain(text):
            say(f'does not belong here: «{line}»')
    if len(told) < gold.get('min_paragraphs', 0):
        say(f'{len(told)} paragraphs, want {gold["min_paragraphs"]}')


def feed(gold, got, say):
    want = gold['want']
    if gold.get('last_may_lack') and len(got.get('entries', [])) == len(want['entries']) - 1:
        want['entries'].pop()
    compare(want, got, 'feed', say)


def dates(peyk):
    """Every row is a page; the tool is called once."""
    folder = os.path.join(HERE, 'dates')
    with open(os.path.join(folder, 'page.html'), encoding='utf8') as f:
        template = f.read()
    with open(os.path.join(folder, 'dates.tsv'), encoding='utf8') as f:
        rows = [line.rstrip('\n').split('\t') for line in f if line[0] not in '#\n']
    with tempfile.TemporaryDirectory() as pages:
        files = [os.path.join(pages, f'{n}.html') for n in range(len(rows))]
        for name, (where, markup, want) in zip(files, rows):
            with open(name, 'w', encoding='utf8') as f:
                f.write(template.replace(f'@{where.upper()}@', markup)
                        .replace('@HEAD@', '').replace('@BELOW@', ''))
        p = subprocess.run([peyk, 'article', *files], capture_output=True, timeout=60)
    told = [json.loads(line).get('published') for line in p.stdout.splitlines()]
    problems = []
    for (where, markup, want), got in zip(rows, told, strict=True):
        if not any(same('published', None if one == '-' else one, got)
                   for one in want.split('|')):
            problems.append(f'{where}: {markup}: want {want}, got {got}')
    print(f'{len(rows) - len(problems)} of {len(rows)} dates are right')
    return problems


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ('html', 'feeds', 'dates'):
        sys.exit(__doc__)
    kind, peyk = sys.argv[1], sys.argv[2]
    if kind == 'dates':
        problems = dates(peyk)
        print('\n'.join(problems))
        sys.exit(bool(problems))
    command, suffix, judge = {'html': ('article', '.html', page), 'feeds': ('feed', '.xml', feed)}[kind]
    problems = []
    names = sorted(glob.glob(os.path.join(HERE, kind, '*.json')))
    for path in names:
        name = os.path.basename(path)[:-5]
        with open(path, encoding='utf8') as f:
            gold = json.load(f)
        args = [peyk, command, path[:-5] + suffix]
        if 'further' in gold:
            args += ['--join', *(os.path.join(HERE, kind, f) for f in gold['further'])]
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
