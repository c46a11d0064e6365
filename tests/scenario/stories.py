#!/usr/bin/env python3
"""The same report on several sites is one story, and each of its events is one event: across
kill -9, corrections, and when all sites come at once.

usage: stories.py BIN
"""
import collections
import json
import random
import sys
import time

from harness import (Daemon, Origin, Subscriber, article_urls, check_durable, check_message,
                     feed_of, in_folder, page, until)
from wire_report import ANSWER, EVENTS, OPENER, SPEECH, TAIL, TITLE

REPORT = [OPENER, SPEECH, ANSWER, TAIL]


def report(paragraphs):
    made = page(TITLE, paragraphs)
    date = '<meta property="article:published_time" content="2024-05-01T09:00:00+03:30">'
    return {**made, 'text': made['text'].replace('<title>', date + '<title>')}


def variant(n):
    """What site n makes of it."""
    paragraphs = list(REPORT)
    if n % 3 == 1:
        paragraphs[0] = 'به گزارش سپهر، ' + paragraphs[0]
    if n % 3 == 2:
        paragraphs = [p.replace('\u200c', '').replace('ی', 'ي') for p in paragraphs]
    return paragraphs + ([f'خبرنگار {n} این گزارش را فرستاده است.'] if n else [])


def feeds_of(site, names):
    return [f'id: {n}, url: "{site.base}/{n}.xml", lang: fa, publisher: site-{n}' for n in names]


def put(site, name, paragraphs, title):
    """The page of a site; another title in the feed says that it was corrected."""
    site.pages[f'/{name}'] = report(paragraphs)
    site.pages[f'/{name}.xml'] = feed_of({f'/{name}': title})


class Told:
    """What the journal says, event by event."""

    def __init__(self, daemon):
        self.articles, self.events = {}, collections.defaultdict(list)
        for seq, (topic, body) in sorted(daemon.journal().items()):
            message = json.loads(body)
            check_message(message)
            stable, rev = message['id'].split('.')
            if topic.startswith('article/'):
                self.articles[message['data']['url'].rsplit('/')[-1]] = message['data']
            elif topic.startswith('event/'):
                self.events[stable].append(message['data'])
                assert message['data']['rev'] == int(rev) == len(self.events[stable]), message['id']

    def living(self):
        """{trigger: (article, the other articles that mention it)}"""
        now = [revisions[-1] for revisions in self.events.values()]
        return {e['trigger']['text']: (
            e['article']['id'], tuple(sorted({m['article'] for m in e['mentions'] if 'article' in m})))
            for e in now if e['op'] != 'retract'}

    def lead(self):
        """Whoever knows a retracted id finds a living one by merged_into."""
        for stable in self.events:
            seen = []
            while self.events[stable][-1]['op'] == 'retract':
                assert stable not in seen, f'{seen} lead nowhere'
                seen.append(stable)
                stable = self.events[stable][-1]['merged_into']


def two_sites(folder, bin_dir):
    """One site has it first, the daemon is killed, then the other one has it, and both correct it."""
    with Origin(start=0, pages={'/b.xml': feed_of({})}) as site:
        put(site, 'a', variant(0), TITLE)
        daemon = Daemon(bin_dir, folder, feeds_of(site, 'ab'))
        subscriber = Subscriber(daemon.events)
        daemon.start_heard_by(subscriber)
        until('the first article', lambda: article_urls(daemon) == [f'{site.base}/a'])
        daemon.kill()

        put(site, 'b', variant(1), TITLE)
        daemon.start_heard_by(subscriber)
        until('the copy', lambda: len(article_urls(daemon)) == 2)
        daemon.kill()
        told = Told(daemon)
        a, b = told.articles['a']['id'], told.articles['b']['id']
        assert told.articles['a']['story'] == told.articles['b']['story'] == a, told.articles
        assert set(told.living().values()) == {(a, (b,))}, told.living()
        assert len(told.living()) == EVENTS and len(told.events) == 2 * EVENTS, told.events
        told.lead()

        put(site, 'a', [OPENER, SPEECH, TAIL], 'تصحیح: ' + TITLE)
        daemon.start_heard_by(subscriber)
        until('the correction', lambda: len(article_urls(daemon)) == 3)
        living = Told(daemon).living()
        assert living.pop('تأکید کرد') == (b, ()), living
        assert set(living.values()) == {(a, (b,))}, living

        counters = daemon.ask('status')['counters']
        assert counters['stories'] == counters['stories_joined'] == 0, counters
        put(site, 'b', [OPENER, ANSWER, TAIL], 'تصحیح: ' + TITLE)
        until('the other correction', lambda: len(article_urls(daemon)) == 4)
        living = Told(daemon).living()
        assert living['تأکید کرد'] == (b, ()) and living['گفت'] == (a, ()), living
        Told(daemon).lead()
        head = max(daemon.journal())
        until('the subscriber has all', lambda: subscriber.messages[-1][2] >= head)
        daemon.stop()
        subscriber.close()
        check_durable(daemon, subscriber)


def at_once(folder, bin_dir):
    """Eight sites show it while the daemon is killed again and again (P1, P3, P4)."""
    names, chance = 'abcdefgh', random.Random(int(time.time()))
    with Origin(start=0) as site:
        for n, name in enumerate(names):
            put(site, name, variant(n), TITLE)
        daemon = Daemon(bin_dir, folder, feeds_of(site, names))
        subscriber = Subscriber(daemon.events)
        for _ in range(8):
            daemon.start()
            time.sleep(chance.uniform(0, 0.05))
            daemon.kill()
        daemon.start_heard_by(subscriber)
        until('all articles', lambda: len(article_urls(daemon)) >= len(names))
        counters = daemon.ask('status')['counters']
        daemon.stop()
        subscriber.close()
        told = Told(daemon)
        assert sorted(article_urls(daemon)) == [f'{site.base}/{n}' for n in names]
        assert len({a['story'] for a in told.articles.values()}) == 1, told.articles
        ids, living = {a['id'] for a in told.articles.values()}, told.living()
        assert len(living) == EVENTS, living
        for owner, others in living.values():
            assert {owner, *others} == ids and len(others) == len(names) - 1, living
        assert len(told.events) == EVENTS * len(names)
        told.lead()
        print(f'{len(told.events)} tellings of {len(living)} events; since the last kill', {
            k: counters[k] for k in ('stories', 'stories_joined', 'events_merged')})


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for scenario in two_sites, at_once:
        in_folder(lambda folder, s=scenario: s(folder, sys.argv[1]))
