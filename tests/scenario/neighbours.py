#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What befalls one feed is not to be its neighbours' burden, and what one host is told is not for
another: holds, silent sites, secrets; and an index of children that say nothing of themselves.

usage: neighbours.py BIN
"""
import itertools
import json
import socket
import sys
import time

from harness import Daemon, Origin, article_urls, feed_of, in_folder, page, until

SENTENCES = ['باغداران گفتند برداشت انار در شهرستان از هفته آینده آغاز می‌شود و تا پایان ماه ادامه دارد.',
             'این گزارش درباره برداشت انار و بهای آن در بازارهای محلی نوشته شده است.']


def titles(numbers, folder=''):
    return {f'{folder}/{n}': f'گزارش {n} از برداشت انار' for n in numbers}


def pages(numbers, folder=''):
    return {f'{folder}/{n}': page(f'گزارش {n} از برداشت انار', [f'این گزارش {n} است. ' + SENTENCES[0],
                                                                SENTENCES[1]]) for n in numbers}


def by_name(site):
    """The same site under the name of another host."""
    site.base = site.base.replace('127.0.0.1', 'localhost')
    return site


def count(daemon, name):
    return daemon.ask('status')['counters'][name]


def a_host_that_wants_to_be_left_alone(folder, bin_dir):
    """The pages of its feeds wait for an hour, more of them than may be under way; those of others
    do not wait for them."""
    busy = {'type': 'text/plain', 'text': 'busy', 'status': 429, 'headers': {'Retry-After': '3600'}}
    with Origin(start=0) as held, by_name(Origin(start=0)) as other:
        other.pages |= {'/feed.xml': feed_of({})} | pages(range(3))
        for feed in 'abcdef':
            held.pages[f'/{feed}.xml'] = feed_of(titles(range(10), f'/{feed}'))
            held.pages |= {path: busy for path in titles(range(10), f'/{feed}')}
        feeds = [f'id: {feed}, url: "{held.base}/{feed}.xml", lang: fa' for feed in 'abcdef']
        daemon = Daemon(bin_dir, folder, [*feeds, f'id: other, url: "{other.base}/feed.xml", lang: fa'],
                        fetch='concurrency: 4, robots: false, ').start()
        until('all of it waits', lambda: daemon.rows(
            "SELECT 1 FROM entry WHERE state = 'pending' GROUP BY state HAVING count(*) >= 50"))
        time.sleep(1)
        other.pages['/feed.xml'] = feed_of(titles(range(3)))
        until('the neighbour is read', lambda: len(article_urls(daemon)) == 3)
        daemon.stop()


def sitemap(entries):
    urls = ''.join(f'<url><loc>{{{{BASE}}}}{path}</loc><news:news><news:publication><news:name>باغ</news:name>'
                   '<news:language>fa</news:language></news:publication>'
                   '<news:publication_date>2026-01-27T10:00:00+03:30</news:publication_date>'
                   f'<news:title>{title}</news:title></news:news></url>' for path, title in entries.items())
    return {'type': 'application/xml', 'text':
            '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
            f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{urls}</urlset>'}


def index(children):
    parts = ''.join(f'<sitemap><loc>{{{{BASE}}}}{path}</loc>{changed and f"<lastmod>{changed}</lastmod>"}</sitemap>'
                    for path, changed in children.items())
    return {'type': 'application/xml', 'text':
            '<?xml version="1.0" encoding="UTF-8"?>'
            f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{parts}</sitemapindex>'}


def an_index_that_says_nothing_of_its_children(folder, bin_dir):
    """It stays the same for ever, and its children are read again all the same, after an hour."""
    with Origin(start=0, pages={'/index.xml': index({'/map.xml': ''}), '/map.xml': sitemap(titles(range(2))),
                                **pages(range(3))}) as site:
        daemon = Daemon(bin_dir, folder, [f'id: map, url: "{site.base}/index.xml", lang: fa']).start()
        until('it is read', lambda: len(article_urls(daemon)) == 2)
        site.pages['/map.xml'] = sitemap(titles(range(3)))
        time.sleep(1.5)
        assert site.asked['/map.xml'] == 1, site.asked
        daemon.write('UPDATE part SET read_ms = read_ms - 3600000')
        until('what is new is read', lambda: len(article_urls(daemon)) == 3)
        daemon.stop()


def an_index_of_broken_children(folder, bin_dir):
    """Those that fail for ever are asked less and less often, and hold up no others; those that are
    gone are forgotten; and a new one with nothing but news is no gap."""
    broken = {f'/broken-{n}.xml': '2026-03-01' for n in range(10)}
    with Origin(start=0, pages={'/index.xml': index({'/a.xml': '2026-01-01'}),
                                '/a.xml': sitemap(titles(range(4))), **pages(range(10))}) as site:
        daemon = Daemon(bin_dir, folder, [f'id: map, url: "{site.base}/index.xml", lang: fa']).start()
        until('it is read', lambda: len(article_urls(daemon)) == 4)
        site.pages |= {'/b.xml': sitemap(titles(range(4, 10))),
                       '/index.xml': index(broken | {'/b.xml': '2026-02-01'})}
        until('what is new is read', lambda: len(article_urls(daemon)) == 10)
        assert count(daemon, 'feed_gaps') == 0
        time.sleep(8)
        asked = site.asked['/broken-1.xml']
        assert 2 <= asked <= 5, site.asked
        assert daemon.rows("SELECT url FROM part WHERE url LIKE '%/a.xml'") == []
        assert count(daemon, 'feed_gaps') == 0
        daemon.stop()


def sites_that_keep_silent(folder, bin_dir):
    """The pages of many sites wait for their robots.txt, and feeds are polled meanwhile."""
    silent = []
    for _ in range(60):
        silent.append(socket.socket())
        silent[-1].bind(('127.0.0.1', 0))
        silent[-1].listen()
    links = [f'http://127.0.0.1:{s.getsockname()[1]}/' for s in silent]
    with Origin(start=0) as site:
        for n in range(15):
            feed = feed_of(titles(range(4 * n, 4 * n + 4)))
            for i in range(4 * n, 4 * n + 4):
                feed['text'] = feed['text'].replace(f'<link>{{{{BASE}}}}/{i}</link>', f'<link>{links[i]}</link>')
            site.pages[f'/{n}.xml'] = feed
        site.pages |= {'/other.xml': feed_of({})}
        feeds = [f'id: f{n}, url: "{site.base}/{n}.xml"' for n in range(15)]
        daemon = Daemon(bin_dir, folder, [*feeds, f'id: other, url: "{site.base}/other.xml"'],
                        fetch='concurrency: 16, timeouts: {total: 10s, stall: 10s}, ').start()
        until('all of it waits', lambda: count(daemon, 'robots') >= 16)
        time.sleep(2)
        asked = site.asked['/other.xml']
        until('the other is polled', lambda: site.asked['/other.xml'] >= asked + 3, 8)
        daemon.stop()
    for s in silent:
        s.close()


def turns_that_were_missed(folder, bin_dir):
    """While there is no room for requests the turns at a host pass; they are not made up for at once."""
    log = f'{folder}/origin.jsonl'
    with Origin(start=0, log=log) as site, socket.socket() as silent:
        silent.bind(('127.0.0.1', 0))
        silent.listen()
        site.pages |= {f'/{n}.xml': feed_of({}) for n in range(6)}
        feeds = [f'id: f{n}, url: "{site.base}/{n}.xml"' for n in range(6)]
        feeds.insert(3, f'id: silent, url: "http://localhost:{silent.getsockname()[1]}/"')
        daemon = Daemon(bin_dir, folder, feeds, fetch='concurrency: 1, timeouts: {total: 3s, stall: 3s}, ')
        daemon.config.write_text(daemon.config.read_text(encoding='utf8').replace('min_delay: 0s', 'min_delay: 500ms'),
                                 encoding='utf8')
        daemon.start()
        time.sleep(12)
        daemon.stop()
        times = sorted(json.loads(line)['t'] for line in open(log, encoding='utf8'))
        gaps = [round(b - a, 3) for a, b in itertools.pairwise(times)]
        assert len(gaps) >= 5 and min(gaps) >= 0.39, gaps


def a_redirect_to_who_wants_to_be_left_alone(folder, bin_dir):
    """It is the host that said so which is left alone, over a restart too; so it is with pages."""
    busy = {'type': 'text/plain', 'text': 'busy', 'status': 503, 'headers': {'Retry-After': '3600'}}
    with Origin(start=0) as first, Origin(start=0) as second:
        first.pages |= {'/a.xml': {**busy, 'status': 302, 'location': f'http://localhost:{second.port}/busy'}}
        second.pages |= {'/busy': busy, '/page': busy, '/b.xml': feed_of({})}
        feeds = [f'id: a, url: "{first.base}/a.xml"', f'id: b, url: "http://localhost:{second.port}/b.xml"']
        daemon = Daemon(bin_dir, folder, feeds).start()
        until('it says that it is busy', lambda: second.asked.get('/busy'))
        time.sleep(1)
        asked = dict(second.asked)
        time.sleep(2.5)
        assert second.asked == asked, (asked, second.asked)
        daemon.kill()
        daemon.start()
        time.sleep(2.5)
        assert second.asked == asked, (asked, second.asked)
        daemon.stop()


def a_page_of_who_wants_to_be_left_alone(folder, bin_dir):
    """What a page's host has said holds over a restart."""
    busy = {'type': 'text/plain', 'text': 'busy', 'status': 429, 'headers': {'Retry-After': '3600'}}
    with Origin(start=0) as site, by_name(Origin(start=0)) as other:
        site.pages['/feed.xml'] = {**feed_of({'/x': 'خبر'}), 'text': feed_of({'/x': 'خبر'})['text'].replace(
            '{{BASE}}', other.base)}
        other.pages['/x'] = busy
        daemon = Daemon(bin_dir, folder, [f'id: a, url: "{site.base}/feed.xml"'], fetch='robots: false, ').start()
        until('it says that it is busy', lambda: other.asked.get('/x'))
        until('that is noted', lambda: daemon.rows('SELECT 1 FROM hold'))
        daemon.kill()
        daemon.write('UPDATE entry SET next_try_ms = 0')
        daemon.start()
        time.sleep(2)
        assert other.asked == {'/x': 1}, other.asked
        daemon.stop()


def secrets(folder, bin_dir):
    """A feed's own fields go to its own server, and not where it leads us."""
    log = f'{folder}/origin.jsonl'
    with Origin(start=0) as own, Origin(start=0, log=log) as other:
        own.pages |= {'/feed.xml': {'type': 'text/xml', 'text': '', 'status': 302, 'location': f'{other.base}/feed.xml'},
                      '/index.xml': {**index({}), 'text': index({'/map.xml': ''})['text'].replace('{{BASE}}', other.base)}}
        other.pages |= {'/feed.xml': feed_of(titles(range(2))), '/map.xml': sitemap(titles(range(2, 4))), **pages(range(4))}
        key = 'lang: fa, headers: {X-Key: "1234"}'
        daemon = Daemon(bin_dir, folder, [f'id: a, url: "{own.base}/feed.xml", {key}',
                                          f'id: b, url: "{own.base}/index.xml", {key}']).start()
        until('all of it is read', lambda: len(article_urls(daemon)) == 4)
        daemon.stop()
        records = [json.loads(line) for line in open(log, encoding='utf8')]
        assert len(records) >= 6 and not [r for r in records if r['key']], records


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for scenario in (a_host_that_wants_to_be_left_alone, an_index_that_says_nothing_of_its_children,
                     an_index_of_broken_children, sites_that_keep_silent, turns_that_were_missed,
                     a_redirect_to_who_wants_to_be_left_alone, a_page_of_who_wants_to_be_left_alone, secrets):
        in_folder(lambda folder, s=scenario: s(folder, sys.argv[1]))
