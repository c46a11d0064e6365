#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Run the tool on the golden pages or feeds and compare with what was decided by hand.

usage: run.py html|feeds|dates PEYK

html/<name>.html with <name>.json: the fields are explained in README.md.
feeds/<name>.<anything> with <name>.json: the keys are explained in README.md.
dates/dates.tsv: each markup stands in dates/page.html in turn; the dates that come of it.
Each difference is one line; exit status 1 when there is any.
"""
import collections
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
TIMES = ('published', 'modified', 'updated', 'changed')
LINES = 5   # of one kind that are told about one page
FEED_OPTIONS = ('url', 'content_type', 'content_location', 'links', 'now')
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
    if got is None and isinstance(want, str) and '-' in want.split('|'):
        return True
    if want is None or got is None:
        return want == got
    if key in TIMES:
        try:
            return instant(got) in [instant(one) for one in want.split('|') if one != '-']
        except (ValueError, TypeError):
            return False
    if key in ('summary', 'content'):
        return plain(got) in [plain(one) for one in want.split('|')]
    if key == 'charset':
        return got.lower() in want.split('|')
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


def keys_of_two(gold, got, before, say):
    """The entries of a feed and those that it had before: which are the same ones, and do
    they still say the same? Every other one is new."""
    old = [(e['key'], e['content_hash']) for e in before['entries']]
    new = [(e['key'], e['content_hash']) for e in got['entries']]
    known = {}
    for what in ('unchanged', 'changed'):
        known.update({b: (a, what) for a, b in gold.get(what, [])})
    for n, (key, content_hash) in enumerate(new):
        if n not in known:
            if key in [k for k, _ in old]:
                say(f'entries[{n}]: a new one, but its key was there before')
            continue
        there, what = known[n]
        if key != old[there][0]:
            say(f'entries[{n}]: not the key that it had')
        if (content_hash == old[there][1]) != (what == 'unchanged'):
            say(f'entries[{n}]: should be {what}')


def feed(gold, got, say):
    if gold.get('none'):
        say(f'no feed, but the tool says {json.dumps(got, ensure_ascii=False)[:200]}')
        return
    want, entries = gold.get('want', {}), got.get('entries', [])
    if gold.get('last_may_lack') and len(entries) == len(want['entries']) - 1:
        want['entries'].pop()
    compare(want, got, 'feed', say)
    if len(entries) != gold.get('n_entries', len(entries)):
        say(f'{len(entries)} entries, want {gold["n_entries"]}')
    for what, keys in collections.Counter(e.get('key') for e in entries).items():
        if keys > 1:
            say(f'{keys} entries share the key {what}')
    told = json.dumps(got, ensure_ascii=False)
    if len(told) > gold.get('longest', len(told)):
        say(f'{len(told)} letters, want {gold["longest"]} at most')
    for text in gold.get('must_not', []):
        if text in told:
            say(f'does not belong here: «{text}»')
    for text in gold.get('must_have', []):
        if plain(text) not in plain(told):
            say(f'missing: «{text}»')


def run_feed(peyk, name, gold):
    """What the tool says of a feed, None when it says that this is none."""
    files = [f for f in glob.glob(os.path.join(HERE, 'feeds', glob.escape(name) + '.*'))
             if not f.endswith('.json')]
    if len(files) != 1:
        raise ValueError(f'{len(files)} files for one feed')
    args = [peyk, 'feed', *files]
    for key in FEED_OPTIONS:
        args += ['--' + key.replace('_', '-'), gold[key]] if key in gold else []
    p = subprocess.run(args, capture_output=True, timeout=60)
    if p.returncode == 1 and not p.stdout:
        return None, p.stderr.decode(errors='replace')
    if p.returncode:
        raise ValueError(f'exit {p.returncode}: {p.stderr.decode(errors="replace")[-300:]}')
    return json.loads(p.stdout), ''


def feeds(peyk):
    """A feed with "known_gap" has to fail: when it does not any more, the key goes."""
    problems, names = [], {}
    for path in sorted(glob.glob(os.path.join(HERE, 'feeds', '*.json'))):
        with open(path, encoding='utf8') as f:
            names[os.path.basename(path)[:-5]] = json.load(f)
    told = {}
    gaps = 0
    for name, gold in names.items():
        mine = []
        try:
            told[name], errors = run_feed(peyk, name, gold)
            if told[name] is not None:
                feed(gold, told[name], mine.append)
            elif not gold.get('none'):
                mine.append(f'refused: {errors.strip()}')
            if 'before' in gold and told[name] and told[gold['before']]:
                keys_of_two(gold, told[name], told[gold['before']], mine.append)
        except (ValueError, KeyError, subprocess.TimeoutExpired) as e:
            mine.append(f'{type(e).__name__}: {e}')
        if 'known_gap' in gold:
            gaps += 1
            print(f'{"gap " if mine else "FAIL"} feeds/{name}: {gold["known_gap"]}')
            mine = [] if mine else ['is right now: take known_gap out of it']
        else:
            print(f'{"FAIL" if mine else "ok  "} feeds/{name}')
        problems += [f'{name}: {one}' for one in mine]
    print(f'{len(names)} feeds, {gaps} known gaps')
    return problems or ([] if names else ['no feeds'])


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
    if kind != 'html':
        problems = dates(peyk) if kind == 'dates' else feeds(peyk)
        print('\n'.join(problems))
        sys.exit(bool(problems))
    problems = []
    names = sorted(glob.glob(os.path.join(HERE, kind, '*.json')))
    for path in names:
        name = os.path.basename(path)[:-5]
        with open(path, encoding='utf8') as f:
            gold = json.load(f)
        args = [peyk, 'article', path[:-5] + '.html']
        if 'further' in gold:
            args += ['--join', *(os.path.join(HERE, kind, f) for f in gold['further'])]
        for option, key in (('--url', 'url'), ('--content-type', 'content_type')):
            args += [option, gold[key]] if key in gold else []
        p = subprocess.run(args, capture_output=True, timeout=60)
        before = len(problems)
        try:
            page(gold, json.loads(p.stdout), lambda s: problems.append(f'{name}: {s}'))
        except ValueError:
            problems.append(f'{name}: exit {p.returncode}, no JSON: {p.stderr.decode(errors="replace")[:200]}')
        if p.returncode:
            problems.append(f'{name}: exit {p.returncode}')
        print(f'{"ok  " if len(problems) == before else "FAIL"} {kind}/{name}')
    print('\n'.join(problems))
    sys.exit(bool(problems) or not names)


if __name__ == '__main__':
    main()
