#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Check that every gold file fits its article; with --fix, write ids and spans anew.

usage: check.py [--fix] [DIR]

DIR holds <name>.txt and gold/<name>.json (default: the folder of this script). For
each article: every trigger, content and boilerplate line is found in the text after
folding (letters of both keyboards alike, no ZWNJ, no spaces), ids and spans are those
that --fix would write, and only known types, modes, statuses and keys are used.
A required trigger must stand outside the title, for a title's words have no span in
an article's text. Exit status 1 when anything is wrong.
"""
import datetime
import glob
import json
import os
import re
import sys

FOLD = {'ي': 'ی', 'ى': 'ی', 'ئ': 'ی', 'ك': 'ک', 'ة': 'ه', 'ۀ': 'ه', 'أ': 'ا', 'إ': 'ا',
        'آ': 'ا', 'ؤ': 'و', '\u00a0': ' ', '\n': ' ', '\t': ' ', '\r': ' '}
DROP = set('\u200c\u200d\u0640\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0654\ufeff ')
TYPES = set('AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST ACCUSE REJECT THREATEN '
            'SANCTION PROTEST MOBILIZE COERCE ASSAULT STATE'.split())
MODES = {
    'CONSULT': 'visit third-party multilateral phone',
    'RETREAT': 'withdraw release disarm ceasefire access resign',
    'REQUEST': 'assist change yield meet', 'REJECT': 'assist change yield meet',
    'ACCUSE': 'disapprove investigate allege',
    'THREATEN': 'restrict arrest relations expel territory violence',
    'SANCTION': 'convict expel withdraw discontinue',
    'PROTEST': 'demo riot strike hunger boycott obstruct vandalize',
    'MOBILIZE': 'troops weapons police militia',
    'COERCE': 'seize restrict censor curfew martial-law arrest deport withhold misinformation cyber',
}
STATUS = set('asserted reported hoped planned promised demanded conditional hypothetical possible '
             'denied claimed questioned'.split())
TOP = set('publisher publisher_country published chain title kicker dateline boilerplate '
          'events'.split())
KEYS = set('id triggers type actors recipients also mode date place modality polarity content '
           'chain flags quote required spans'.split())
ENTITY = re.compile(r'^([A-Z]{3}(:.+)?|ORG:.+)$')
DATE = re.compile(r'^\d{4}(-\d\d(-\d\d)?)?(/\d{4}(-\d\d(-\d\d)?)?)?$')


def fold(text):
    out, at = [], []
    for i, ch in enumerate(text):
        ch = FOLD.get(ch, ch)
        if ch in DROP:
            continue
        if '۰' <= ch <= '۹':
            ch = chr(ord(ch) - ord('۰') + 48)
        out.append(ch)
        at.append(i)
    return ''.join(out), at


def find_all(folded, at, snippet):
    s, _ = fold(snippet)
    spans, i = [], folded.find(s) if s else -1
    while i >= 0:
        spans.append([at[i], at[i + len(s) - 1] + 1])
        i = folded.find(s, i + 1)
    return spans


def check_event(e, text, folded, at, say):
    spans = [find_all(folded, at, t) for t in e['triggers']]
    for t, found in zip(e['triggers'], spans):
        if not found:
            say(f'trigger not in the text: «{t}»')
    for key in set(e) - KEYS:
        say(f'unknown key {key}')
    for t in set(e['type']) - TYPES:
        say(f'unknown type {t}')
    if not e['type'] or not e['triggers']:
        say('no type or no trigger')
    for t in e['type']:
        if 'mode' in e and e['mode'] not in MODES.get(t, '').split():
            say(f'{t} has no mode {e["mode"]}')
    status = e.get('modality', [])
    for s in set([status] if isinstance(status, str) else status) - STATUS:
        say(f'unknown modality {s}')
    for who in e['actors'] + e['recipients'] + e.get('also', []):
        if not ENTITY.match(who):
            say(f'bad entity {who}')
    if 'date' in e and not DATE.match(e['date']):
        say(f'bad date {e["date"]}')
    if e.get('polarity', 'pos') not in ('pos', 'neg'):
        say('bad polarity')
    if e.get('required', True) and not any(len(f) > (f[0][0] == 0) for f in spans if f):
        say('required, but told only in the first line')
    if 'content' in e:
        where = find_all(folded, at, e['content']['text'])
        if len(where) != 1:
            say(f'content found {len(where)} times: «{e["content"]["text"][:40]}»')
        elif text[slice(*where[0])] != e['content']['text']:
            say('content is not verbatim')
        e['content'] = {'span': where[0] if where else [0, 0], 'text': e['content']['text']}
    e['spans'] = [f for found in spans for f in found]


def check(path, fix):
    """The problems of one gold file, as a list of lines."""
    name = os.path.basename(path)[:-5]
    problems = []
    with open(path, encoding='utf8') as f:
        raw = f.read()
    with open(os.path.join(os.path.dirname(path), '..', name + '.txt'), encoding='utf8') as f:
        text = f.read()
    gold = json.loads(raw)
    folded, at = fold(text)
    for key in set(gold) - TOP:
        problems.append(f'{name}: unknown key {key}')
    datetime.date.fromisoformat(gold['published'])
    for line in gold['boilerplate'] + [gold['title'] or '', gold.get('kicker', '')]:
        if line and not any(fold(line)[0] == fold(x)[0] for x in text.splitlines()):
            problems.append(f'{name}: no such line: «{line}»')
    for n, e in enumerate(gold['events'], 1):
        e['id'] = f'{name}-{n:02d}'
        check_event(e, text, folded, at, lambda s: problems.append(f'{name}: {e["id"]}: {s}'))
    want = json.dumps(gold, ensure_ascii=False, indent=1) + '\n'
    if fix and want != raw:
        with open(path, 'w', encoding='utf8') as f:
            f.write(want)
    elif want != raw:
        problems.append(f'{name}: ids or spans are stale, run check.py --fix')
    return problems, gold['events']


def main():
    args = [a for a in sys.argv[1:] if a != '--fix']
    here = args[0] if args else os.path.dirname(os.path.abspath(__file__))
    gold = sorted(glob.glob(os.path.join(here, 'gold', '*.json')))
    names = {os.path.basename(g)[:-5] for g in gold}
    problems, must, may, empty = [], 0, 0, 0
    for text in glob.glob(os.path.join(here, '*.txt')):
        if os.path.basename(text)[:-4] not in names:
            problems.append(f'{os.path.basename(text)}: no gold file')
    for path in gold:
        found, events = check(path, '--fix' in sys.argv)
        problems += found
        required = sum(e.get('required', True) for e in events)
        must, may, empty = must + required, may + len(events) - required, empty + (not events)
    print('\n'.join(problems + [f'{len(gold)} articles, {empty} without an event; '
                                f'{must} events demanded, {may} accepted']))
    sys.exit(bool(problems) or not gold)


if __name__ == '__main__':
    main()
