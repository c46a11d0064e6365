#!/usr/bin/env python3
"""The main job: five agency articles go in over HTTP, their records come out on the socket.

usage: founding.py BIN SHARED
Skips (77) where the folder SHARED/seeds is absent.
"""
import pathlib
import sys

from harness import Daemon, Origin, Subscriber, feed_of, in_folder, page, until


def site_of(texts):
    """A site with a page for each text and an empty feed, and the feed that it is to get."""
    pages, titles = {}, {}
    for path in texts:
        lines = [line for line in path.read_text(encoding='utf8').splitlines() if line.strip()]
        pages['/' + path.stem] = page(lines[0], lines[1:])
        titles['/' + path.stem] = lines[0]
    return Origin(start=0, pages={'/feed.xml': feed_of({}), **pages}), feed_of(titles)


def receive(folder, bin_dir, texts):
    origin, feed = site_of(texts)
    with origin as site:
        daemon = Daemon(bin_dir, folder, [
            f'id: agency, url: "{site.base}/feed.xml", lang: fa, country: IRN, '
            'publisher: {id: agency, name: خبرگزاری}'])
        subscriber = Subscriber(daemon.events)
        daemon.start_heard_by(subscriber)
        site.pages['/feed.xml'] = feed
        until('all articles', lambda: len(subscriber.of_type('article')) == len(texts))
        until('the events too', lambda: daemon.ask('status')['head'] == subscriber.messages[-1][2])
        daemon.stop()
        subscriber.close()
    return subscriber


def scenario(folder, bin_dir, shared):
    subscriber = receive(folder, bin_dir, sorted((shared / 'seeds').glob('*.txt')))
    articles = {a['id']: a for a in subscriber.of_type('article')}
    events = subscriber.of_type('event')
    for article in articles.values():
        own = [e for e in events if e['article']['id'] == article['id']]
        assert len(own) >= 3, f'{len(own)} events of {article["url"]}'
        assert any(e['type'] == 'STATE' for e in own), article['url']
        for event in own:
            check_spans(article, event)
    print(f'{len(articles)} articles, {len(events)} events')


def check_spans(article, value):
    """Every span says what its text says."""
    if isinstance(value, dict):
        span = value.get('span')
        if 'text' in value and span and isinstance(span[0], int):
            source = article['title' if value.get('in') == 'title' else 'text']
            assert source[span[0]:span[1]] == value['text'], (value, source[span[0]:span[1]])
        for v in value.values():
            check_spans(article, v)
    elif isinstance(value, list):
        for v in value:
            check_spans(article, v)


if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    SHARED = pathlib.Path(sys.argv[2])
    if not (SHARED / 'seeds').is_dir():
        print(f'skipped: {SHARED}/seeds is not here')
        sys.exit(77)
    in_folder(lambda folder: scenario(folder, sys.argv[1], SHARED))
