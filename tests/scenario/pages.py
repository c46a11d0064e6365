#!/usr/bin/env python3
"""Articles that stand on several pages, and pages whose article is in AMP: each is one record,
whatever happens on the way.

usage: pages.py BIN
"""
import json
import subprocess
import sys
import threading

from harness import (Daemon, Origin, Subscriber, article_urls, check_durable, feed_of, in_folder,
                     page, until)

TITLE = 'راه‌آهن تازه از کوهستان می‌گذرد'
TEXTS = [
    'سازندگان راه‌آهن گفتند که ریل‌گذاری در دامنه شمالی کوه به پایان رسیده است و کارگران از هفته آینده به دامنه جنوبی می‌روند.',
    'به گفته آنان، دو تونل کوتاه و یک پل بلند در این بخش ساخته شده است، و آزمایش پل تا پایان ماه ادامه دارد.',
    'مردم روستاهای کنار راه امیدوارند که با رسیدن قطار، میوه باغ‌هایشان زودتر به بازار شهر برسد.',
    'نخستین قطار مسافری، اگر برف راه را نبندد، در آغاز زمستان از ایستگاه تازه به راه می‌افتد.',
    'بهای بلیت هنوز روشن نیست و گفته می‌شود که برای ساکنان ارزان‌تر خواهد بود.']


class Site(Origin):
    """`held` has paths that nobody gets an answer from before their event is set."""

    def __init__(self, **options):
        self.held = {}
        super().__init__(start=0, **options)

    def render(self, path):
        if path in self.held:
            self.held[path].wait(60)
        return super().render(path)


def part(path, n, texts, more=True):
    """Page n of the article at `path`: the title again, and a pager. Only the first says that it
    is an article; the others are too short for one by themselves."""
    made = page(TITLE, texts)
    pager = ''.join(f'<a href="{path}/{i}">{i}</a> ' for i in range(2, n + 1 + more) if i != n)
    head = '<meta property="og:type" content="article">' if n == 1 else ''
    if more and n % 2 == 0:         # the others have the pager alone
        head += f'<link rel="next" href="{path}/{n + 1}">'
    text = made['text'].replace('</head>', f'{head}</head>')
    return {**made, 'text': text.replace('</article>', f'</article><p class="pagination">{pager}</p>')}


def article(path, texts):
    """{path: page} with a text on each page."""
    return {path if n == 1 else f'{path}/{n}': part(path, n, [text], n < len(texts))
            for n, text in enumerate(texts, 1)}


def shell(amp):
    return {'type': 'text/html; charset=utf-8', 'text':
            f'<html lang="fa"><head><meta charset="utf-8"><title>{TITLE}</title>'
            f'<link rel="amphtml" href="{amp}"></head><body><div id="app"></div></body></html>'}


def records(daemon):
    """{path: its only article record}"""
    found = {}
    for topic, body in daemon.journal().values():
        if topic.startswith('article/'):
            data = json.loads(body)['data']
            path = data['url'].split('/', 3)[3]
            assert path not in found, f'{path} came twice'
            found[path] = data
    return found


def waiting(daemon):
    return daemon.rows("SELECT count(*) FROM entry WHERE state = 'pending'")[0][0]


def check(record, base, path, n, of=None, missing=None):
    """The record of an article whose first n pages came; `missing`: where it breaks off."""
    assert record['url'] == record['canonical_url'] == base + path, record
    assert record['text'] == '\n'.join((of or TEXTS)[:n]), (path, record['text'])
    assert record.get('pages', 1) == n, (path, record.get('pages'))
    assert record.get('truncated', False) == (missing is not None), (path, record)
    assert record.get('next_url') == (base + missing if missing else None), (path, record)


def all_kinds(folder, bin_dir):
    """In a circle of one document, which must not stand still when its article goes on."""
    pages = {
        **article('/news/1001', TEXTS[:3]),
        **article('/news/1002', TEXTS[:2]),             # and round again
        '/news/1002/2': {'type': 'text/html', 'text': '', 'status': 302, 'location': '/news/1002'},
        **article('/news/1003', TEXTS[:3]),             # the third page is gone
        '/news/1003/3': {'type': 'text/html', 'text': 'x', 'status': 404},
        **article('/news/1004', TEXTS[:3]),             # the third page is broken
        '/news/1004/3': {'type': 'text/html', 'text': 'x', 'status': 500},
        '/news/1005': shell('/amp/1005'), '/amp/1005': page(TITLE, TEXTS[:2]),
        '/news/1006': shell('/amp/1006'),               # its AMP page is not there
        **article('/news/1007', TEXTS),                 # more pages than may be asked for
        **article('/news/1008', TEXTS[:2]),             # leads to another article
        '/news/1008/2': {'type': 'text/html', 'text': '', 'status': 302, 'location': '/news/1001'},
        '/news/1009': page(TITLE, TEXTS[:2])}
    names = {f'/news/{n}': f'{TITLE} ({n})' for n in range(1001, 1010)}
    with Site(pages={**pages, '/feed.xml': feed_of(names)}) as site:
        daemon = Daemon(bin_dir, folder, [f'id: one, url: "{site.base}/feed.xml", lang: fa'],
                        fetch='concurrency: 1, pages_max: 4, ')
        subscriber = Subscriber(daemon.events)
        daemon.start_heard_by(subscriber)
        until('all entries are done', lambda: daemon.alive() and daemon.journal() and not waiting(daemon))
        counters = daemon.ask('status')['counters']
        daemon.stop()
        subscriber.close()
        found = records(daemon)
        check_durable(daemon, subscriber)
        asked = site.asked

    base = site.base
    assert sorted(found) == [f'news/{n}' for n in (1001, 1002, 1003, 1004, 1005, 1007, 1008, 1009)], (sorted(found), counters, asked)
    check(found['news/1001'], base, '/news/1001', 3)
    check(found['news/1002'], base, '/news/1002', 1)
    check(found['news/1003'], base, '/news/1003', 2, missing='/news/1003/3')
    check(found['news/1004'], base, '/news/1004', 2, missing='/news/1004/3')
    amp = found['news/1005']
    assert amp['text'] == '\n'.join(TEXTS[:2]) and amp['amp_url'] == f'{base}/amp/1005', amp
    assert amp['url'] == amp['canonical_url'] == f'{base}/news/1005' and 'pages' not in amp, amp
    check(found['news/1007'], base, '/news/1007', 4, missing='/news/1007/5')
    check(found['news/1008'], base, '/news/1008', 1, missing='/news/1008/2')
    assert 'next_url' not in found['news/1009'] and 'pages' not in found['news/1009']
    assert daemon.rows("SELECT count(*) FROM entry WHERE state = 'none'") == [(1,)]

    assert asked['/news/1003/3'] == 1, 'what is gone was asked for again'
    assert asked['/news/1004/3'] == 3 == asked['/news/1004'], 'what is broken may come yet'
    assert '/news/1007/5' not in asked and '/news/1001/4' not in asked, 'more was asked for than wanted'
    assert asked['/news/1002/2'] == 1 and asked['/amp/1006'] == 1
    assert counters['pages_missing'] == 4, counters     # 1003, 1004, 1007, 1008


def first_only(folder, bin_dir):
    """pages_max: 1 asks for no second page, neither of the article nor in AMP."""
    pages = {**article('/news/1001', TEXTS[:3]), '/news/1002': shell('/amp/1002'),
             '/amp/1002': page(TITLE, TEXTS[:2])}
    names = {'/news/1001': 'a', '/news/1002': 'b'}
    with Site(pages={**pages, '/feed.xml': feed_of(names)}) as site:
        daemon = Daemon(bin_dir, folder, [f'id: one, url: "{site.base}/feed.xml", lang: fa'],
                        fetch='pages_max: 1, ').start()
        until('both are done', lambda: daemon.journal() and not waiting(daemon))
        daemon.stop()
    record = records(daemon).pop('news/1001')
    assert record['text'] == TEXTS[0] and record['next_url'] == f'{site.base}/news/1001/2', record
    assert 'truncated' not in record and 'pages' not in record, record
    assert '/news/1001/2' not in site.asked and '/amp/1002' not in site.asked


def politely(folder, bin_dir):
    """Between the pages of an article lies what lies between any two requests to a host."""
    log = f'{folder}/requests'
    with Site(pages={**article('/news/1001', TEXTS[:3]), '/feed.xml': feed_of({'/news/1001': TITLE})},
              log=log) as site:
        daemon = Daemon(bin_dir, folder, [f'id: one, url: "{site.base}/feed.xml", lang: fa'])
        config = daemon.config.read_text(encoding='utf8')
        daemon.config.write_text(config.replace('min_delay: 0s', 'min_delay: 400ms'), encoding='utf8')
        daemon.start()
        until('the article', lambda: article_urls(daemon))
        daemon.stop()
    with open(log, encoding='utf8') as f:
        times = [json.loads(line)['t'] for line in f]
    assert len(times) >= 4, times
    assert min(b - a for a, b in zip(times, times[1:])) >= 0.35, times


def too_long(folder, bin_dir):
    """All pages of an article together may be as long as one."""
    texts = [' '.join(TEXTS), ' '.join(reversed(TEXTS)), *TEXTS[:3]]
    pages = article('/news/1001', texts)
    limit = sum(len(pages[f'/news/1001{n}']['text'].encode()) for n in ('', '/2')) + 100
    with Site(pages={**pages, '/feed.xml': feed_of({'/news/1001': TITLE})}) as site:
        daemon = Daemon(bin_dir, folder, [f'id: one, url: "{site.base}/feed.xml", lang: fa'],
                        fetch=f'limits: {{page_bytes: {limit}B}}, ').start()
        until('it is done', lambda: daemon.journal() and not waiting(daemon))
        daemon.stop()
    record = records(daemon).pop('news/1001')
    assert record['pages'] == 2 and record['next_url'] == f'{site.base}/news/1001/3', record
    assert record['text'] == '\n'.join(texts[:2]) and record['truncated'], record
    assert site.asked['/news/1001/3'] == 1 and '/news/1001/4' not in site.asked


def killed_between(folder, bin_dir):
    """kill -9, SIGTERM and new settings while a second page is waited for: one record in the
    end, the one that the tool makes of the same pages."""
    path = '/news/1001'
    pages = article(path, TEXTS[:3])
    with Site(pages={**pages, '/feed.xml': feed_of({path: TITLE})}) as site:
        site.held = {f'{path}/2': threading.Event()}
        feeds = [f'id: one, url: "{site.base}/feed.xml", lang: fa']
        daemon = Daemon(bin_dir, folder, feeds)
        subscriber = Subscriber(daemon.events)
        for turn, end in enumerate((daemon.kill, daemon.stop), 1):
            daemon.start()
            until('the second page was asked for', lambda: site.asked.get(f'{path}/2', 0) >= turn)
            end()
            assert not article_urls(daemon) and waiting(daemon) == 1, 'half an article was told'
        daemon.start_heard_by(subscriber)
        until('the second page was asked for', lambda: site.asked.get(f'{path}/2', 0) >= 3)
        daemon.configure(feeds, fetch='user_agent: another, ')
        assert daemon.ask('reload')['ok'] is True
        until('it was asked for from the start', lambda: site.asked.get(f'{path}/2', 0) >= 4)
        site.held[f'{path}/2'].set()
        until('the article', lambda: article_urls(daemon))
        until('it is seen', lambda: subscriber.of_type('article'))
        daemon.stop()
        subscriber.close()
        check_durable(daemon, subscriber)
        base = site.base
    record = records(daemon).pop('news/1001')
    check(record, base, path, 3)

    files = []
    for name, made in pages.items():
        files.append(f'{folder}/{len(files)}.html')
        with open(files[-1], 'w', encoding='utf8') as f:
            f.write(made['text'])
    tool = json.loads(subprocess.run([f'{bin_dir}/peyk', 'article', '--join', '--url', base + path, *files],
                                     check=True, capture_output=True, text=True).stdout)
    for field in ('id', 'text', 'paragraphs', 'sha256', 'pages', 'title'):
        assert tool[field] == record[field], field


def removed_between(folder, bin_dir):
    """A feed that is taken out while a page of it is waited for leaves room for the others."""
    with Site(pages={**article('/news/1001', TEXTS[:3]), '/a.xml': feed_of({'/news/1001': TITLE}),
                     '/b.xml': feed_of({'/news/1002': TITLE}), '/news/1002': page(TITLE, TEXTS[:2])}) as site:
        site.held = {'/news/1001/2': threading.Event()}
        one, two = (f'id: {n}, url: "{site.base}/{n}.xml", lang: fa' for n in 'ab')
        daemon = Daemon(bin_dir, folder, [one], fetch='concurrency: 1, ').start()
        until('the second page was asked for', lambda: site.asked.get('/news/1001/2'))
        daemon.configure([two], fetch='concurrency: 1, ')
        assert daemon.ask('reload')['ok'] is True
        site.held['/news/1001/2'].set()
        until('the other feed is read', lambda: f'{site.base}/news/1002' in article_urls(daemon))
        daemon.stop()


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for scenario in (all_kinds, first_only, politely, too_long, killed_between, removed_between):
        in_folder(lambda folder, run=scenario: run(folder, sys.argv[1]))
