#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Validate messages, JSON lines, against docs/event.schema.json.

usage: validate.py [COMMAND...]

Reads standard input, or what COMMAND prints. Beyond the schema, every span of an event
that has a text must say that text of its article's record, which stands before it, a
mention in another article must lie in that one's, and an event must be attributed. Each problem is one line; exit status 1 when there is any.
"""
import json
import os
import subprocess
import sys

import jsonschema

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')


def schema():
    with open(os.path.join(ROOT, 'docs', 'event.schema.json'), encoding='utf8') as f:
        return json.load(f)


def validator():
    return jsonschema.Draft202012Validator(schema())


def spans(node, path=''):
    """Every object with a text and a span, as (path, object)."""
    if isinstance(node, dict):
        if isinstance(node.get('text'), str) and isinstance(node.get('span'), list):
            yield path, node
        for key, value in node.items():
            yield from spans(value, f'{path}/{key}')
    elif isinstance(node, list):
        for i, value in enumerate(node):
            yield from spans(value, f'{path}/{i}')


def problems_of_spans(event, article):
    for path, node in spans(event):
        text = article.get('title' if node.get('in') == 'title' else 'text') or ''
        span = node['span'][0] if isinstance(node['span'][0], list) else node['span']
        if text[span[0]:span[1]] != node['text']:
            yield f'{path}: {span} is «{text[span[0]:span[1]]}», not «{node["text"]}»'


def problems_of_mentions(event, article, articles):
    for i, mention in enumerate(event.get('mentions', [])):
        other = articles[mention['article']][-1] if 'article' in mention else article
        text = other.get('title' if mention.get('in') == 'title' else 'text') or ''
        if not 0 <= mention['span'][0] < mention['span'][1] <= len(text):
            yield f'/mentions/{i}: {mention} is not in the article'


def problems_of_event(event, articles):
    """What is taken back may speak of the article before it was corrected."""
    revisions = articles.get(event.get('article', {}).get('id'), [{}])
    found = []
    for article in reversed(revisions if event.get('op') == 'retract' else revisions[-1:]):
        found = [*problems_of_spans(event, article),
                 *problems_of_mentions(event, article, articles)]
        if not found:
            break
    if not event.get('attribution') and revisions[-1].get('publisher', {}).get('name'):
        found.append('nobody is said to have told it')
    return found


def problems(lines):
    """One text for each thing that is wrong."""
    check, articles = validator(), {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        message = json.loads(line)
        for error in check.iter_errors(message):
            yield f'{number}: {"/".join(map(str, error.absolute_path))}: {error.message[:300]}'
        kind, data = message.get('type', ''), message.get('data', {})
        if kind.endswith('.article.v1'):
            articles.setdefault(data.get('id'), []).append(data)
        elif kind.endswith('.event.v1'):
            for problem in problems_of_event(data, articles):
                yield f'{number}: {problem}'


def main():
    if len(sys.argv) > 1:
        p = subprocess.run(sys.argv[1:], capture_output=True, check=False)
        if p.returncode:
            sys.exit(f'exit {p.returncode}: {p.stderr.decode(errors="replace")[:300]}')
        text = p.stdout.decode('utf8')
    else:
        text = sys.stdin.buffer.read().decode('utf8')
    bad = 0
    for problem in problems(text.splitlines()):
        bad += 1
        print(problem)
    sys.exit(1 if bad else 0)


if __name__ == '__main__':
    main()
