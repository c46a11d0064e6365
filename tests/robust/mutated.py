#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A thousand golden articles, each damaged as copies are: peyk extract reads them all,
every event says what its text says, and is as the schema wants it.

usage: mutated.py PEYK [--keep FOLDER]

The same articles at each run: number N is made by the seed N. --keep leaves them in
FOLDER.
"""
import json
import glob
import os
import random
import re
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'schema'))
import compiled  # noqa: E402
import validate  # noqa: E402

ARTICLES = 1000
ZWNJ = '\u200c'
QUOTES = '«»"“”()[]'
SENTENCE = re.compile(r'(?<=[.؟!:])\s+')
# Records that jsonschema sees as well: one in so many.
SAMPLE = 60


def sentences(text):
    return [s for s in SENTENCE.split(text) if s]


def drop_sentences(r, text, _):
    return ' '.join(s for s in sentences(text) if r.random() < 0.6)


def shuffle_sentences(r, text, _):
    parts = sentences(text)
    r.shuffle(parts)
    return r.choice((' ', '\n', '')).join(parts)


def cut(r, text, _):
    at = r.randrange(1, len(text))
    return text[:at] if r.random() < 0.5 else text[at:]


def cut_out(r, text, _):
    a, b = sorted(r.randrange(len(text)) for _ in range(2))
    return text[:a] + text[b:]


def unbalance(r, text, _):
    """Loses and gains marks that should stand in pairs."""
    out = []
    for c in text:
        if c in QUOTES and r.random() < 0.5:
            continue
        out.append(c)
        if c == ' ' and r.random() < 0.03:
            out.append(r.choice(QUOTES))
    return ''.join(out)


def merge_paragraphs(r, text, _):
    return re.sub(r'\n+', lambda m: r.choice((' ', '', m[0])), text)


def split_paragraphs(r, text, _):
    return re.sub(' ', lambda m: '\n' if r.random() < 0.05 else m[0], text)


def delete_characters(r, text, _):
    share = r.choice((0.005, 0.02, 0.1, 0.4))
    return ''.join(c for c in text if r.random() >= share)


def strip_joiners(r, text, _):
    return text.replace(ZWNJ, r.choice((' ', '', ZWNJ * 2)))


def strip_marks(r, text, _):
    return re.sub(r'[.،؛:؟!«»]', lambda m: ' ' if r.random() < 0.7 else m[0], text)


def interleave(r, text, other):
    """Two articles, a sentence of the one and a sentence of the other."""
    a, b, out = sentences(text), sentences(other), []
    while a or b:
        source = a if a and (not b or r.random() < 0.5) else b
        out.append(source.pop(0))
    return r.choice((' ', '\n')).join(out)


def swap_words(r, text, _):
    words = text.split(' ')
    for _ in range(1 + len(words) // 10):
        i, j = r.randrange(len(words)), r.randrange(len(words))
        words[i], words[j] = words[j], words[i]
    return ' '.join(words)


def repeat(r, text, _):
    parts = sentences(text)
    return ' '.join(s for p in parts for s in [p] * r.choice((1, 1, 2, 9)))


MUTATIONS = (drop_sentences, shuffle_sentences, cut, cut_out, unbalance, merge_paragraphs,
             split_paragraphs, delete_characters, strip_joiners, strip_marks, interleave,
             swap_words, repeat)


def mutate(number, texts):
    """The article and how it was made: one to three mutations, each kind in its turn."""
    r = random.Random(number)
    text, other = texts[number % len(texts)], r.choice(texts)
    steps = [MUTATIONS[number % len(MUTATIONS)]] + r.sample(MUTATIONS, r.randrange(3))
    for step in steps:
        made = step(r, text, other)
        if len(made.strip()) > 1:
            text = made
    return text, ' '.join(s.__name__ for s in steps)


def run(peyk, options, folder, numbers):
    """All of them in one go. Returns the exit status and what was printed."""
    path = os.path.join(folder, 'list')
    with open(path, 'w', encoding='utf8') as f:
        for n in numbers:
            f.write(f'{folder}/{n}.txt\thttps://example.org/{n}\t2024-05-{n % 28 + 1:02}\n')
    done = subprocess.run([peyk, 'extract', '--no-time', '--format', 'text', *options,
                           '--list', path], capture_output=True, check=False)
    return done.returncode, done.stdout.decode('utf8').splitlines(), done.stderr.decode(
        'utf8', 'replace')


def spoil(r, node):
    """Makes one value of a record another, adds one or takes one away."""
    keys = list(node) if isinstance(node, dict) else list(range(len(node)))
    inner = [k for k in keys if isinstance(node[k], (dict, list)) and node[k]]
    if inner and r.random() < 0.8:
        spoil(r, node[r.choice(inner)])
    elif keys and r.random() < 0.4:
        del node[r.choice(keys)]
    elif keys:
        node[r.choice(keys)] = r.choice(('', 'x', -1, 1e9, 0.5, True, None, [], {}, ['x', 'x']))
    else:
        node.update(x=1) if isinstance(node, dict) else node.append(None)


def problems_of_compiled(lines):
    """compiled.py is as strict as jsonschema is, on spoilt records too."""
    quick = compiled.compile_schema(validate.schema())
    slow = validate.validator()
    r, n_wrong = random.Random(1), 0
    for line in lines:
        message = json.loads(line)
        if 'reason' in message:
            continue
        for _ in range(4):
            wrong = [e.message[:200] for e in slow.iter_errors(message)]
            n_wrong += bool(wrong)
            if quick(message) == bool(wrong):
                yield f'jsonschema says {wrong}, compiled.py does not: {json.dumps(message)[:2000]}'
            spoil(r, message['data'])
    if n_wrong == 0:
        yield 'no spoilt record is wrong'


def problems_of_events(lines):
    """Spans that do not say what they should, and what the schema does not allow."""
    valid = compiled.compile_schema(validate.schema())
    article, n_events = {}, 0
    for line in lines:
        message = json.loads(line)
        if 'reason' in message:
            continue
        url, data = article.get('url'), message['data']
        if message['type'].endswith('.article.v1'):
            article, url = data, data['url']
        else:
            n_events += 1
            for problem in validate.problems_of_spans(data, article):
                yield f'{url}: {message["id"]}{problem}'
        if not valid(message):
            for error in validate.validator().iter_errors(message):
                yield f'{url}: {message["id"]}: {error.message[:200]}'
    if n_events < ARTICLES:
        yield f'{ARTICLES} articles gave {n_events} events only'


def culprits(peyk, options, folder, numbers, made):
    """Which articles it fails on, one by one."""
    for n in numbers:
        status, _, err = run(peyk, options, folder, [n])
        if status != 0:
            yield f'article {n} ({made[n]}): exit {status}: {err[-400:]}'


def main():
    if len(sys.argv) not in (2, 4):
        sys.exit(__doc__)
    peyk, texts, made, lines, bad, start = sys.argv[1], [], [], [], [], time.monotonic()
    for path in sorted(glob.glob(os.path.join(HERE, '..', 'golden', 'fa', '*.txt'))):
        with open(path, encoding='utf8') as f:
            texts.append(f.read())
    with tempfile.TemporaryDirectory() as folder:
        folder = sys.argv[3] if len(sys.argv) == 4 else folder
        for n in range(ARTICLES):
            text, how = mutate(n, texts)
            made.append(how)
            with open(f'{folder}/{n}.txt', 'w', encoding='utf8') as f:
                f.write(text)
        # with a publisher and without
        half = range(0, ARTICLES, 2), range(1, ARTICLES, 2)
        for options, numbers in ((['--publisher', 'ایرنا'], half[0]), ([], half[1])):
            status, out, err = run(peyk, options, folder, numbers)
            # what it printed last may be half a record
            lines += out if status == 0 else out[:-1]
            if status != 0 or err:
                bad += [err[:400]] if err else []
                bad += culprits(peyk, options, folder, numbers, made)
        bad += problems_of_events(lines)
        bad += problems_of_compiled(lines[::SAMPLE])
    for line in bad[:40]:
        print(line)
    print(f'{ARTICLES} articles, {len(lines)} records, {len(bad)} problems, '
          f'{time.monotonic() - start:.1f} s')
    sys.exit(1 if bad else 0)


if __name__ == '__main__':
    main()
