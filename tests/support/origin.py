#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A news site on loopback for tests: feeds that grow, an article page for each entry, and
faults on request.

usage: origin.py [--port N] [--port-file F] [--log F] [--feeds N] [--start N] [--grow MS]
                 [--max N] [--window N] [--fault-rate P] [--faults KIND,...] [--streak N]
                 [--slow MS] [--seed N] [--pages F] [--no-gzip]

Served:
    /feed/<f>.xml          feed f (1 ... --feeds), RSS 2.0, of odd and Atom 1.0 of even number,
                           the newest entry first, --window entries (0: all)
    /feed/<f>/<n>.html     the page of entry n of feed f; its unique id, like "f1n12x", stands
                           in title and text; 404 until the feed shows it
    what --pages names     a JSON object {path: {"type": Content-Type, "file": path or
                           "text": string, "status": 200, "location": where a redirect goes,
                           "headers": {more fields}}};
                           {{BASE}} in the body is our address
Each feed shows --start entries at first and one more every --grow ms, until --max. ETag,
Last-Modified, 304, HEAD and gzip are served.

A request is hit by a fault with probability --fault-rate, drawn from --seed, the path and how
often the path was asked for, so that a run can be repeated; never more than --streak times in a
row at one path. Kinds: error (500), busy (503 with Retry-After: 1), slow (the body comes in
pieces over --slow ms), truncated (half of the body, then the connection is closed), reset (closed
without an answer).

For the test itself, never hit by faults and not logged:
    GET /_state            {"entries": {feed: [{"id", "link", "since"}]}, "requests": n}
    POST /_set             a JSON object of: grow_ms, max, fault_rate, faults, streak, slow_ms,
                           and add: n more entries at once in every feed

--log gets a JSON line a request: t (seconds), n, method, path, status, sent (body bytes), fault,
gzip, entries (that a feed showed), etag_in and since_in (validators received), agent, host, key (X-Key). The
port (0: any free one) is written to --port-file once the server listens, else printed. SIGTERM and
SIGINT end it with status 0.

As a module: with Origin(start=3, grow_ms=200) as site: ... site.base, site.entries(), site.requests.
"""
import argparse
import email.utils
import gzip
import hashlib
import html
import http.server
import json
import os
import random
import signal
import sys
import threading
import time
from datetime import datetime, timezone

FAULTS = ('error', 'busy', 'slow', 'truncated', 'reset')

# Invented people; two countries, a subject and a verb make the entries differ.
COUNTRIES = [
    ('عمان', 'عمانی', 'مسقط', 'سالم الراشدی'), ('تاجیکستان', 'تاجیک', 'دوشنبه', 'رستم نظری‌اف'),
    ('ارمنستان', 'ارمنی', 'ایروان', 'آرمن پطروسیان'), ('قطر', 'قطری', 'دوحه', 'جاسم المهندی'),
    ('عراق', 'عراقی', 'بغداد', 'کریم الساعدی'), ('پاکستان', 'پاکستانی', 'اسلام‌آباد', 'نوید چوهان'),
    ('ازبکستان', 'ازبک', 'تاشکند', 'علیشیر کامل‌اف'), ('گرجستان', 'گرجی', 'تفلیس', 'داویت کاخیدزه')]
SUBJECTS = ['راه‌آهن مشترک', 'بازارچه‌های مرزی', 'حق‌آبه رودخانه‌ها', 'امنیت کشتی‌رانی', 'روادید بازرگانان',
            'انتقال گاز', 'بازگشت پناهجویان']

PAGE = '''<!DOCTYPE html>
<html lang="fa" dir="rtl">
<head>
<meta charset="utf-8">
<title>{title} | خبرگزاری آزمون</title>
<meta property="og:title" content="{title}">
<meta property="og:type" content="article">
<meta property="article:published_time" content="{published}">
<link rel="canonical" href="{link}">
</head>
<body>
<header><a href="/">خبرگزاری آزمون</a> <nav><a href="/world">جهان</a> <a href="/sport">ورزش</a></nav></header>
<main><article>
<h1>{title}</h1>
<time datetime="{published}">{published}</time>
<div class="body">
<p>به گزارش خبرگزاری آزمون، {p1}، وزیر امور خارجه {c1} روز گذشته در تماس تلفنی با {p2}، وزیر امور خارجه {c2} درباره {subject} گفت‌وگو کرد.</p>
<p>وی در این گفت‌وگو گفت: «ما درباره {subject} آماده همکاری با {c2} هستیم و پرونده {id} را پیگیری می‌کنیم.»</p>
<p>وزیر امور خارجه {c2} نیز از رویکرد {capital1} قدردانی کرد و افزود که هیئتی {a2} ماه آینده به {capital1} سفر می‌کند.</p>
<p>انتهای پیام/ {id}</p>
</div>
</article>
<aside><h3>پربازدیدها</h3><ul><li><a href="/x/1">بهای میوه در میدان‌ها</a></li><li><a href="/x/2">جدول پخش مسابقه‌ها</a></li></ul></aside>
</main>
<footer>این وبگاه برای آزمون است و خبرهایش ساختگی.</footer>
</body>
</html>
'''

RSS = '''<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>خبرگزاری آزمون {feed}</title><link>{base}/</link>
<description>خبرهای ساختگی برای آزمون</description><language>fa</language>
{items}</channel></rss>
'''
RSS_ITEM = '''<item><title>{title}</title><link>{link}</link><guid isPermaLink="false">{id}</guid>\
<pubDate>{rfc822}</pubDate><description>{summary}</description></item>
'''
ATOM = '''<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fa"><title>خبرگزاری آزمون {feed}</title>
<id>urn:x-peyk:feed:{feed}</id><updated>{updated}</updated><link href="{base}/"/>
{items}</feed>
'''
ATOM_ITEM = '''<entry><title>{title}</title><link href="{link}"/><id>urn:x-peyk:{id}</id>\
<published>{published}</published><updated>{published}</updated><summary>{summary}</summary></entry>
'''


def rfc3339(moment):
    return datetime.fromtimestamp(moment, timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ')


class Entry:
    """Entry n of feed f; everything about it follows from the two and when it appears."""

    def __init__(self, base, feed, n, since):
        self.feed, self.n, self.since = feed, n, since
        self.id = f'f{feed}n{n}x'
        self.link = f'{base}/feed/{feed}/{n}.html'
        first = COUNTRIES[(feed + n) % len(COUNTRIES)]
        second = COUNTRIES[(feed + n + 1 + n // len(COUNTRIES) % (len(COUNTRIES) - 1)) % len(COUNTRIES)]
        subject = SUBJECTS[n % len(SUBJECTS)]
        self.words = {
            'id': self.id, 'link': self.link, 'published': rfc3339(since),
            'rfc822': email.utils.formatdate(since, usegmt=True), 'subject': subject,
            'title': f'گفت‌وگوی تلفنی وزیران خارجه {first[0]} و {second[0]} درباره {subject} ({self.id})',
            'summary': f'وزیران خارجه {first[0]} و {second[0]} درباره {subject} گفت‌وگو کردند.',
            'c1': first[0], 'capital1': first[2], 'p1': first[3],
            'c2': second[0], 'a2': second[1], 'p2': second[3]}


class Origin:
    """The site and its server. Keyword arguments are the options of the command line, and `host`,
    the address to listen at."""

    def __init__(self, port=0, log=None, feeds=1, start=3, grow_ms=0, max=0, window=0,
                 fault_rate=0.0, faults=FAULTS[:4], streak=2, slow_ms=300, seed=1, pages=None,
                 use_gzip=True, host='127.0.0.1'):
        self.lock = threading.RLock()
        self.feeds, self.window, self.seed, self.use_gzip = feeds, window, seed, use_gzip
        self.grow_ms, self.max = grow_ms, max
        self.fault_rate, self.faults, self.streak, self.slow_ms = fault_rate, faults, streak, slow_ms
        self.asked, self.failed = {}, {}        # path -> times asked, faults in a row
        self.requests = 0
        self.log = open(log, 'a', encoding='utf8', buffering=1) if log else None
        self.server = Server((host, port), type('Bound', (Handler,), {'site': self}))
        self.port = self.server.server_address[1]
        self.base = f'http://{host}:{self.port}'
        self.pages = {path: dict(page) for path, page in (pages or {}).items()}
        self.grown = []                         # [since] of each entry, alike in every feed
        self.next_growth = time.monotonic() + grow_ms / 1000
        self.add(start)
        self.thread = None

    # -- what there is

    def add(self, n):
        """n more entries in every feed, now."""
        with self.lock:
            self.grown += [int(time.time())] * n

    def grow(self):
        with self.lock:
            while self.grow_ms > 0 and time.monotonic() >= self.next_growth:
                self.next_growth += self.grow_ms / 1000
                if self.max == 0 or len(self.grown) < self.max:
                    self.add(1)

    def set(self, changes):
        with self.lock:
            self.grow()
            if 'grow_ms' in changes:
                self.next_growth = time.monotonic() + changes['grow_ms'] / 1000
            for key, value in changes.items():
                if key == 'add':
                    self.add(value)
                elif key in ('grow_ms', 'max', 'fault_rate', 'faults', 'streak', 'slow_ms'):
                    setattr(self, key, value)
                else:
                    raise KeyError(key)

    def entries(self, feed=None):
        """{feed: [Entry, the oldest first]}, or the list of one feed: what was shown so far."""
        with self.lock:
            self.grow()
            since = list(self.grown)
        feeds = range(1, self.feeds + 1) if feed is None else [feed]
        found = {f: [Entry(self.base, f, n, t) for n, t in enumerate(since, 1)] for f in feeds}
        return found if feed is None else found[feed]

    def render_feed(self, feed):
        shown = self.entries(feed)
        newest = shown[-self.window:] if self.window else shown
        rss = feed % 2 == 1
        updated = newest[-1].since if newest else 0
        item = RSS_ITEM if rss else ATOM_ITEM
        items = ''.join(item.format(**{k: html.escape(v) for k, v in e.words.items()})
                        for e in reversed(newest))
        body = (RSS if rss else ATOM).format(feed=feed, base=self.base, items=items,
                                             updated=rfc3339(updated))
        kind = 'application/rss+xml' if rss else 'application/atom+xml'
        return body.encode(), f'{kind}; charset=utf-8', updated, len(newest)

    def render_page(self, feed, n):
        shown = self.entries(feed)
        if not 1 <= n <= len(shown):
            return None
        entry = shown[n - 1]
        body = PAGE.format(**{k: html.escape(v) for k, v in entry.words.items()})
        return body.encode(), 'text/html; charset=utf-8', entry.since, None

    def render(self, path):
        """(status, bytes, type, last modified, entries shown)."""
        if path in self.pages:
            page = self.pages[path]
            if 'file' in page:
                with open(page['file'], 'rb') as f:
                    body = f.read()
            else:
                body = page['text'].encode()
            body = body.replace(b'{{BASE}}', self.base.encode())
            return page.get('status', 200), body, page['type'], 0, None
        found, parts = None, path.strip('/').split('/')
        if parts[0] == 'feed' and all(p.split('.')[0].isdigit() for p in parts[1:]):
            feed = int(parts[1].split('.')[0]) if len(parts) > 1 else 0
            if 1 <= feed <= self.feeds:
                if len(parts) == 2 and parts[1].endswith('.xml'):
                    found = self.render_feed(feed)
                elif len(parts) == 3 and parts[2].endswith('.html'):
                    found = self.render_page(feed, int(parts[2].split('.')[0]))
        if found is None:
            return 404, 'چنین صفحه‌ای نیست\n'.encode(), 'text/plain; charset=utf-8', 0, None
        return (200, *found)

    # -- what goes wrong

    def draw_fault(self, path):
        """The fault that hits this request, or None."""
        with self.lock:
            nth = self.asked[path] = self.asked.get(path, 0) + 1
            chance = random.Random(f'{self.seed} {path} {nth}')
            hit = chance.random() < self.fault_rate and self.failed.get(path, 0) < self.streak
            self.failed[path] = self.failed.get(path, 0) + 1 if hit else 0
            return chance.choice(self.faults) if hit and self.faults else None

    def note(self, record):
        with self.lock:
            self.requests += 1
            record = {'t': round(time.time(), 3), 'n': self.requests, **record}
            if self.log:
                self.log.write(json.dumps(record, ensure_ascii=False) + '\n')

    # -- life

    def start(self):
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()
        return self

    def stop(self):
        self.server.shutdown()
        if self.thread:
            self.thread.join()
        self.server.server_close()
        if self.log:
            self.log.close()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    server_version = 'origin'
    site = None
    timeout = 60

    def do_GET(self):
        path = self.path.split('?')[0]
        if path == '/_state':
            self.tell_state()
            return
        fault = self.site.draw_fault(path)
        status, body, kind, changed, entries = self.site.render(path)
        self.record = {'method': self.command, 'path': path, 'status': status, 'sent': 0,
                       'fault': fault, 'gzip': False, 'entries': entries,
                       'etag_in': self.headers.get('If-None-Match'),
                       'since_in': self.headers.get('If-Modified-Since'),
                       'agent': self.headers.get('User-Agent'), 'host': self.headers.get('Host'),
                       'key': self.headers.get('X-Key')}
        try:
            self.answer(status, body, kind, changed, fault)
        except ConnectionError:
            self.close_connection = True        # the client has gone
        finally:
            self.site.note(self.record)

    do_HEAD = do_GET

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
        if self.path != '/_set':
            self.send_error(404)
            return
        try:
            self.site.set(json.loads(body))
        except (ValueError, KeyError, TypeError) as e:
            self.send_error(400, str(e))
            return
        self.tell_state()

    def tell_state(self):
        body = json.dumps({
            'entries': {f: [{'id': e.id, 'link': e.link, 'since': e.since} for e in found]
                        for f, found in self.site.entries().items()},
            'requests': self.site.requests}).encode()
        self.send(200, {'Content-Type': 'application/json'}, body)

    def answer(self, status, body, kind, changed, fault):
        if fault == 'reset':
            self.record['status'] = 0
            self.close_connection = True
            return
        if fault in ('error', 'busy'):
            status = self.record['status'] = 500 if fault == 'error' else 503
            headers = {'Content-Type': 'text/plain', **({'Retry-After': '1'} if fault == 'busy' else {})}
            self.send(status, headers, b'out of order\n')
            return
        headers = {'Content-Type': kind, **self.site.pages.get(self.path.split('?')[0], {}).get('headers', {})}
        if status in (301, 302, 303, 307, 308):
            headers['Location'] = self.site.pages[self.path.split('?')[0]]['location']
        if status == 200:
            tag = '"' + hashlib.sha256(body).hexdigest()[:16] + '"'
            headers |= {'ETag': tag, 'Vary': 'Accept-Encoding'}
            if changed:
                headers['Last-Modified'] = email.utils.formatdate(changed, usegmt=True)
            if self.unchanged(tag, changed):
                self.record['status'] = 304
                self.send(304, headers, None)
                return
        if self.site.use_gzip and 'gzip' in self.headers.get('Accept-Encoding', ''):
            headers['Content-Encoding'] = 'gzip'
            body = gzip.compress(body, mtime=0)
            self.record['gzip'] = True
        self.send(status, headers, body, fault)

    def unchanged(self, tag, changed):
        tags = self.headers.get('If-None-Match')
        if tags is not None:        # a tag decides alone, RFC 9110 13.2.2
            return tag in [t.strip().removeprefix('W/') for t in tags.split(',')]
        since = self.headers.get('If-Modified-Since')
        try:
            return bool(changed and since and
                        email.utils.parsedate_to_datetime(since).timestamp() >= changed)
        except (TypeError, ValueError):
            return False

    def send(self, status, headers, body, fault=None):
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        if body is not None:
            self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        if body is None or self.command == 'HEAD':
            return
        if fault == 'truncated':
            body, self.close_connection = body[:len(body) // 2], True
        pieces = 10 if fault == 'slow' else 1
        for n in range(pieces):
            piece = body[len(body) * n // pieces:len(body) * (n + 1) // pieces]
            if pieces > 1:
                time.sleep(self.site.slow_ms / 1000 / pieces)
            self.wfile.write(piece)
            if hasattr(self, 'record'):
                self.record['sent'] += len(piece)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request, client_address):
        """A client that goes away in the middle is nobody's fault; the rest is told."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


def main():
    ap = argparse.ArgumentParser(description=__doc__,
                                 formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--port', type=int, default=0)
    ap.add_argument('--port-file')
    ap.add_argument('--log')
    ap.add_argument('--feeds', type=int, default=1)
    ap.add_argument('--start', type=int, default=3)
    ap.add_argument('--grow', type=float, default=0, dest='grow_ms')
    ap.add_argument('--max', type=int, default=0)
    ap.add_argument('--window', type=int, default=0)
    ap.add_argument('--fault-rate', type=float, default=0)
    ap.add_argument('--faults', default=','.join(FAULTS[:4]))
    ap.add_argument('--streak', type=int, default=2)
    ap.add_argument('--slow', type=float, default=300, dest='slow_ms')
    ap.add_argument('--seed', type=int, default=1)
    ap.add_argument('--pages')
    ap.add_argument('--no-gzip', action='store_false', dest='use_gzip')
    a = vars(ap.parse_args())
    a['faults'] = [f for f in a['faults'].split(',') if f]
    for fault in a['faults']:
        if fault not in FAULTS:
            ap.error(f'no such fault: {fault}; there are {", ".join(FAULTS)}')
    if a['pages']:
        with open(a['pages'], encoding='utf8') as f:
            a['pages'] = json.load(f)
    port_file = a.pop('port_file')

    site = Origin(**a)
    end = threading.Event()
    for sig in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sig, lambda *_: end.set())
    site.start()
    if port_file:
        with open(port_file + '.new', 'w', encoding='ascii') as f:
            f.write(f'{site.port}\n')
        os.rename(port_file + '.new', port_file)
    else:
        print(site.port, flush=True)
    end.wait()
    site.stop()


if __name__ == '__main__':
    main()
