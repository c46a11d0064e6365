"""What conformance.py knows of messages: headers, the schema, spans."""
import json
import pathlib

import jsonschema

SCHEMA = pathlib.Path(__file__).parents[2] / 'docs' / 'event.schema.json'


def epoch_of(header):
    return int.from_bytes(header[8:16], 'big')


def number_of(header):
    return int.from_bytes(header[16:24], 'big')


class Schema:
    def __init__(self, path):
        schema = json.loads(pathlib.Path(path).read_text(encoding='utf8'))
        kinds = {rule['if']['properties']['type']['const']: rule['then']['properties']['data']['$ref']
                 for rule in schema['allOf']}
        make = jsonschema.Draft202012Validator
        self.envelope = make({key: value for key, value in schema.items() if key != 'allOf'})
        self.data = {kind: make({'$ref': ref, '$defs': schema['$defs']}) for kind, ref in kinds.items()}
        self.types = set(schema['$defs']['event']['properties']['type']['enum'])
        self.loaded, self.judged = {}, {}

    def load(self, body):
        if body not in self.loaded:
            self.loaded[body] = json.loads(body.decode('utf8'))
        return self.loaded[body]

    def problem(self, body):
        """What is wrong with it, or nothing."""
        message = self.load(body)
        data = self.data.get(message.get('type'))
        errors = [*self.envelope.iter_errors(message), *(data.iter_errors(message['data']) if data else ())]
        error = jsonschema.exceptions.best_match(errors)
        return error and f'{message.get("id")}: {error.json_path}: {error.message[:200]}'


def wrong_countries(topic, data):
    """Why a topic does not fit its event, or nothing."""
    _, kind, one, other, _ = topic.split('/')
    if kind != data['type']:
        return data['type']
    actors, recipients = ([party.get('country', '-') for party in data[side]] for side in ('actors', 'recipients'))
    both = (actors + recipients + ['-', '-'])[:2]
    apart = [(actors + ['-'])[0], (recipients + ['-'])[0]]
    return '' if [one, other] in (both, apart) else f'{actors} {recipients}'


def spans(node, text='text'):
    """Every (text, span, where) in a record."""
    if isinstance(node, dict):
        span = node.get('span')
        if isinstance(node.get('text'), str) and isinstance(span, list):
            yield node['text'], span[0] if isinstance(span[0], list) else span, node.get('in', 'text')
        for value in node.values():
            yield from spans(value)
    elif isinstance(node, list):
        for value in node:
            yield from spans(value)


def wrong_span(messages):
    """(how many were looked at, the first that does not say its text)."""
    articles, looked = {}, 0
    for message in messages:
        data = message['data']
        if message['type'] == 'org.peyk.article.v1':
            articles[data['id']] = data
        article = articles.get(data.get('article', {}).get('id')) if message['type'] == 'org.peyk.event.v1' else None
        if not article or data['op'] == 'retract':
            continue
        for text, (start, end), where in spans(data):
            looked += 1
            there = (article.get(where) or '')[start:end]
            if there != text:
                return looked, f'{message["id"]}: [{start}, {end}] is «{there}», not «{text}»'
    return looked, None
