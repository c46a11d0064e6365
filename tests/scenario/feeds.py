#!/usr/bin/env python3
"""What a feed may do in its life, and what comes of it: it loses entries, gets new guids, is an
index, a page or in need of its operator; its site closes pages; its host wants to be left alone.

usage: feeds.py BIN
"""
import json
import pathlib
import subprocess
import sys
import time

from harness import (Daemon, Origin, Subscriber, article_urls, check_durable, feed_of, in_folder, page,
                     until)

SENTENCES = ['باغداران گفتند برداشت پسته در شهرستان از هفته آینده آغاز می‌شود و تا پایان ماه ادامه دارد.',
             'این گزارش درباره برداشت پسته و بهای آن در بازارهای محلی نوشته شده است.']


def article(n):
    return page(f'گزارش {n} از برداشت پسته', [f'این گزارش {n} است. ' + SENTENCES[0], SENTENCES[1]])


def titles(numbers, folder=''):
    return {f'{folder}/{n}': f'گزارش {n} از برداشت پسته' for n in numbers}


def pages(numbers, folder=''):
    return {f'{folder}/{n}': article(n) for n in numbers}


def count(daemon, name):
    return daemon.ask('status')['counters'][name]


def fares(daemon, feed):
    (one,) = daemon.ask('feeds', feed=feed)['feeds']
    return one


def states(daemon, feed):
    """What the journal tells of the feed, in order."""
    return [topic.split('/')[2] for topic, _ in daemon.journal().values()
            if topic.startswith(f'feed/{feed}/')]


def guids_and_gaps(folder, bin_dir):
    """New guids for what is known are no news; a feed that shows nothing known has lost some."""
    with Origin(start=0, pages={'/feed.xml': feed_of(titles(range(10))), **pages(range(40))}) as site:
        daemon = Daemon(bin_dir, folder, [f'id: one, url: "{site.base}/feed.xml", lang: fa'])
        subscriber = Subscriber(daemon.events)
        daemon.start_heard_by(subscriber)
        until('all articles', lambda: len(article_urls(daemon)) == 10)
        assert states(daemon, 'one') == ['up'], states(daemon, 'one')

        # another content manager: other guids, other addresses that lead to the same pages
        site.pages |= pages(range(10), '/fa/archive')
        site.pages['/feed.xml'] = feed_of(titles(range(10), '/fa/archive'))
        until('the entries are known by their new guids', lambda: count(daemon, 'entries_rekeyed') == 10)
        site.pages['/feed.xml'] = feed_of(titles(range(1, 11), '/fa/archive'))
        site.pages |= pages([10], '/fa/archive')
        until('what is new is told', lambda: len(article_urls(daemon)) == 11)
        assert count(daemon, 'entries_new') == 11 and count(daemon, 'feed_gaps') == 0

        site.pages['/feed.xml'] = feed_of(titles(range(20, 40)))
        until('the gap is noticed', lambda: count(daemon, 'feed_gaps') == 1)
        until('and the rest is told', lambda: len(article_urls(daemon)) == 31)
        assert states(daemon, 'one') == ['up', 'gap'], states(daemon, 'one')
        assert fares(daemon, 'one')['gaps'] == 1
        daemon.stop()
        check_durable(daemon, subscriber)
        subscriber.close()


def sitemap(entries):
    urls = ''.join(f'<url><loc>{{{{BASE}}}}{path}</loc><news:news><news:publication><news:name>باغ</news:name>'
                   '<news:language>fa</news:language></news:publication>'
                   f'<news:publication_date>2026-01-27T1{n % 10}:00:00+03:30</news:publication_date>'
                   f'<news:title>{title}</news:title></news:news></url>'
                   for n, (path, title) in enumerate(entries.items()))
    return {'type': 'application/xml', 'text':
            '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
            f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{urls}</urlset>'}


def index(children):
    parts = ''.join(f'<sitemap><loc>{{{{BASE}}}}{path}</loc><lastmod>{changed}</lastmod></sitemap>'
                    for path, changed in children.items())
    return {'type': 'application/xml', 'text':
            '<?xml version="1.0" encoding="UTF-8"?>'
            f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{parts}</sitemapindex>'}


def indexes(folder, bin_dir):
    """Of a sitemap index only those children are read that changed."""
    children = {f'/map-{n}.xml': f'2026-01-{n + 1:02}' for n in range(15)}
    with Origin(start=0) as site:
        site.pages |= {'/index.xml': index(children), **pages(range(30))}
        for n in range(15):
            site.pages[f'/map-{n}.xml'] = sitemap(titles([n]))
        daemon = Daemon(bin_dir, folder, [f'id: map, url: "{site.base}/index.xml", lang: fa']).start()
        until('the ten youngest are read', lambda: len(article_urls(daemon)) == 10)
        read = {path for path in site.asked if path.startswith('/map-')}
        assert read == {f'/map-{n}.xml' for n in range(5, 15)}, read

        # one has changed, one has come, one is broken and comes the next time
        children |= {'/map-3.xml': '2026-02-01', '/map-15.xml': '2026-02-01', '/map-16.xml': '2026-02-01'}
        site.pages |= {'/map-3.xml': sitemap(titles([3, 20])), '/map-15.xml': sitemap(titles([15])),
                       '/map-16.xml': {'type': 'text/html', 'text': 'x', 'status': 500},
                       '/index.xml': index(children)}
        before = dict(site.asked)
        until('what is new is told', lambda: len(article_urls(daemon)) == 13)
        site.pages['/map-16.xml'] = sitemap(titles([16]))
        until('the broken one is read again', lambda: len(article_urls(daemon)) == 14)
        for n in list(range(3)) + list(range(4, 15)):
            assert site.asked.get(f'/map-{n}.xml') == before.get(f'/map-{n}.xml'), n
        assert fares(daemon, 'map')['format'] == 'sitemap'
        daemon.stop()


def front_page(links, head=''):
    items = ''.join(f'<div class="news"><h3><a href="{path}">{title} در شهرستان‌های استان</a></h3></div>'
                    for path, title in links.items())
    return {'type': 'text/html; charset=utf-8', 'text':
            f'<!DOCTYPE html><html lang="fa"><head><meta charset="utf-8"><title>باغ‌نیوز</title>{head}</head>'
            f'<body><nav><a href="/about">درباره ما</a></nav><main>{items}</main></body></html>'}


def pages_as_feeds(folder, bin_dir):
    """A page is a feed for who says so, leads to one for who does not, and is an error where a feed
    was; what could not be read lies in quarantine."""
    rel = '<link rel="alternate" type="application/rss+xml" href="/rss" title="باغ‌نیوز">'
    with Origin(start=0) as site:
        site.pages |= {'/list': front_page(titles(range(4))), '/site': front_page(titles(range(4, 8)), rel),
                       '/rss': feed_of(titles(range(8, 12))), '/was': feed_of(titles(range(12, 15))),
                       '/broken': {'type': 'application/rss+xml', 'text': '<rss version="2.0">\x00\x01'},
                       **pages(range(20))}
        daemon = Daemon(bin_dir, folder, [
            f'id: list, url: "{site.base}/list", lang: fa, links: ".news a"',
            f'id: site, url: "{site.base}/site", lang: fa', f'id: was, url: "{site.base}/was", lang: fa',
            f'id: broken, url: "{site.base}/broken"']).start()
        want = [f'{site.base}/{n}' for n in [*range(4), *range(8, 15)]]
        until('the articles', lambda: sorted(article_urls(daemon)) == sorted(want))
        assert fares(daemon, 'list')['format'] == 'html'
        assert fares(daemon, 'site')['location'] == f'{site.base}/rss'
        assert states(daemon, 'site') == ['moved', 'up'], states(daemon, 'site')

        site.pages['/was'] = front_page(titles(range(4)), rel)
        until('a page in place of a feed is a failure', lambda: fares(daemon, 'was').get('failures', 0) >= 2)
        was = fares(daemon, 'was')
        assert was['error_class'] == 'not_a_feed' and 'location' not in was, was
        assert len(article_urls(daemon)) == len(want), 'the links of an error page are no news'
        quarantine = pathlib.Path(folder, 'quarantine')
        assert 'باغ‌نیوز' in (quarantine / 'was.body').read_text(encoding='utf8')
        assert 'no feed' in (quarantine / 'was.txt').read_text(encoding='utf8')
        until('the broken one too', lambda: (quarantine / 'broken.txt').exists())

        # people can read what is wrong
        said = subprocess.run([daemon.bin / 'peyk', 'feeds', '--problems', '--control', daemon.control],
                              capture_output=True, text=True, check=True).stdout
        assert 'was ' in said and 'not_a_feed: the answer is a page' in said and 'list ' not in said, said
        told = json.loads(subprocess.run(
            [daemon.bin / 'peyk', 'feeds', '--json', '--control', daemon.control, 'site'],
            capture_output=True, text=True, check=True).stdout)
        assert [one['id'] for one in told] == ['site'] and told[0]['state'] == 'up', told

        site.pages['/was'] = feed_of(titles(range(12, 16)))
        until('it is well again', lambda: fares(daemon, 'was')['state'] == 'up')
        daemon.stop()


def closed_pages(folder, bin_dir):
    """robots.txt holds for pages, and not for the feed; it is asked once."""
    robots = {'type': 'text/plain', 'text': 'User-agent: *\nDisallow: /private/\n\nUser-agent: other\nDisallow: /\n'}
    shown = titles(range(3)) | titles(range(3, 5), '/private') | {'/private/feed.xml': 'خوراک'}
    with Origin(start=0, pages={'/robots.txt': robots, '/private/feed.xml': feed_of(shown),
                                **pages(range(3)), **pages(range(3, 5), '/private')}) as site:
        daemon = Daemon(bin_dir, folder, [f'id: one, url: "{site.base}/private/feed.xml", lang: fa']).start()
        until('what is open', lambda: len(article_urls(daemon)) == 3)
        until('what is closed is let be', lambda: count(daemon, 'pages_disallowed') == 3)
        assert '/private/3' not in site.asked and site.asked['/robots.txt'] == 1, site.asked
        until('nothing waits', lambda: daemon.rows("SELECT count(*) FROM entry WHERE state = 'pending'")[0][0] == 0)
        daemon.stop()


def left_alone(folder, bin_dir):
    """Retry-After holds for a whole host, and over a restart."""
    busy = {'type': 'text/plain', 'text': 'busy', 'status': 503, 'headers': {'Retry-After': '3600'}}
    with Origin(start=0, pages={'/busy.xml': busy, '/feed.xml': feed_of({})}) as site:
        feeds = [f'id: busy, url: "{site.base}/busy.xml"', f'id: other, url: "{site.base}/feed.xml"']
        daemon = Daemon(bin_dir, folder, feeds).start()
        until('it says that it is busy', lambda: fares(daemon, 'busy').get('error_class') == 'busy')
        time.sleep(1.5)
        asked = dict(site.asked)
        daemon.kill()
        daemon.start()
        time.sleep(2.5)
        assert site.asked == asked, (asked, site.asked)
        daemon.stop()


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for scenario in guids_and_gaps, indexes, pages_as_feeds, closed_pages, left_alone:
        in_folder(lambda folder, s=scenario: s(folder, sys.argv[1]))
