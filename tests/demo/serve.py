#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A small news site on loopback: three invented publishers, for `./dev run` and tests.

usage: serve.py [--port N] [--port-file F] [--root DIR] [--drip [SECONDS]] [--verbose]

DIR (default: site/ beside this script) holds headers.json, a map from the path that
clients ask for to {"file": path in DIR, "type": Content-Type, right or wrong, "drip": N}.
In every file these stand for something else:
    {{BASE}}         http://127.0.0.1:PORT
    {{NOW-2h}}       two hours (s m h d) before the start, RFC 822 in RSS, RFC 3339 elsewhere
    {{JALALI-2h}}    the same moment as a Persian site prints it
A feed with "drip": N, under --drip, shows its N oldest items at first and one more every
SECONDS (5); the newest item stands first. A dripped item's moments, and those of the page
that it links to, count from when it appears. Times never move after that, so that an
unchanged feed is the same bytes. ETag, Last-Modified, 304, HEAD and gzip are served.
The port (0: any free one) is written to --port-file once the server listens. SIGTERM
and SIGINT end it with status 0.
"""
import argparse
import email.utils
import gzip
import hashlib
import http.server
import json
import os
import re
import signal
import sys
import threading
import time
import urllib.parse
from datetime import datetime, timedelta, timezone

TEHRAN = timezone(timedelta(hours=3, minutes=30))
MONTHS = 'فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند'.split()
UNITS = {'s': 1, 'm': 60, 'h': 3600, 'd': 86400}
PLACE = re.compile(rb'\{\{(BASE|NOW|JALALI)(?:-(\d+)([smhd]))?\}\}')
ITEM = re.compile(rb'[ \t]*<(item|entry)>.*?</\1>\s*', re.S)
LINK = re.compile(rb'<link>\{\{BASE\}\}([^<]+)</link>|<link [^>]*href="([^"]+)"')


def jalali(moment):
    """A moment as «۲۶ اردیبهشت ۱۴۰۳ - ۱۴:۰۵», Tehran time (33-year cycle, good for 1300-1499)."""
    local = datetime.fromtimestamp(moment, TEHRAN)
    year = local.year - 621
    while True:
        # the spring equinox in the 33-year cycle falls on 20 or 21 March
        leaps = sum(y % 33 in (1, 5, 9, 13, 17, 22, 26, 30) for y in range(1300, year))
        first = datetime(1921, 3, 21) + timedelta(days=(year - 1300) * 365 + leaps)
        day = (datetime(local.year, local.month, local.day) - first).days
        if day >= 0:
            break
        year -= 1
    month, day = (day // 31, day % 31) if day < 186 else (6 + (day - 186) // 30, (day - 186) % 30)
    text = f'{day + 1} {MONTHS[month]} {year} - {local:%H:%M}'
    return text.translate({48 + i: 0x6F0 + i for i in range(10)})


def stored(text, encoding):
    """Text in a file's encoding; windows-1256 knows neither the Persian ye nor its digits."""
    if encoding == 'cp1256':
        text = text.replace('ی', 'ي').translate({0x6F0 + i: 48 + i for i in range(10)})
    return text.encode(encoding)


class Site:
    """The files and what they look like at a given moment. Read-only after it is made."""

    def __init__(self, root, base, drip):
        self.root, self.base, self.drip = root, base.encode(), drip
        self.start = int(time.time())
        with open(os.path.join(root, 'headers.json'), encoding='utf8') as f:
            self.pages = json.load(f)
        self.since = {}             # path -> when its item appears, for dripped pages
        for path, page in self.pages.items():
            if drip and 'drip' in page:
                items = [m[0] for m in ITEM.finditer(self.read(page))][::-1]
                for n, item in enumerate(items[page['drip']:], 1):
                    self.since[self.link(path, item)] = self.start + int(n * drip)

    def link(self, path, item):
        """The path of the page that an item of the feed at `path` links to."""
        m = LINK.search(item)
        return urllib.parse.urljoin(path, (m[1] or m[2]).decode()) if m else None

    def read(self, page):
        with open(os.path.join(self.root, page['file']), 'rb') as f:
            return f.read()

    def fill(self, body, since, encoding, rss):
        def one(m):
            if m[1] == b'BASE':
                return self.base
            t = since - int(m[2] or 0) * UNITS[(m[3] or b's').decode()]
            if m[1] == b'JALALI':
                return stored(jalali(t), encoding)
            if rss:
                return email.utils.formatdate(t, usegmt=True).encode()
            return datetime.fromtimestamp(t, timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ').encode()
        return PLACE.sub(one, body)

    def render(self, path, now):
        """(bytes, content type, last modified) or None."""
        page = self.pages.get(path)
        if not page:
            return None
        body = self.read(page)
        try:
            body.decode()
            encoding = 'utf-8'
        except UnicodeDecodeError:
            encoding = 'cp1256'
        rss, changed = b'<rss' in body[:300], self.since.get(path, self.start)

        def item(m):
            nonlocal changed
            since = self.since.get(self.link(path, m[0]), self.start)
            if since > now:
                return b''
            changed = max(changed, since)
            return self.fill(m[0], since, encoding, rss)
        if rss or b'<feed' in body[:300]:
            body = ITEM.sub(item, body)
        return self.fill(body, changed, encoding, rss), page['type'], changed


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    server_version = 'demo'
    site, verbose = None, False

    def do_GET(self):
        found = self.site.render(self.path, time.time())
        if not found:
            body = b'no such page\n'
            self.answer(404, {'Content-Type': 'text/plain', 'Content-Length': str(len(body))}, body)
            return
        body, ctype, changed = found
        tag = '"' + hashlib.sha256(body).hexdigest()[:16] + '"'
        headers = {'Content-Type': ctype, 'ETag': tag, 'Vary': 'Accept-Encoding',
                   'Last-Modified': email.utils.formatdate(changed, usegmt=True)}
        if self.unchanged(tag, changed):
            self.answer(304, headers, b'')
            return
        if 'gzip' in self.headers.get('Accept-Encoding', ''):
            headers['Content-Encoding'] = 'gzip'
            body = gzip.compress(body, mtime=0)
        headers['Content-Length'] = str(len(body))
        self.answer(200, headers, body)

    do_HEAD = do_GET

    def unchanged(self, tag, changed):
        tags = self.headers.get('If-None-Match')
        if tags is not None:        # a tag decides alone, RFC 9110 13.2.2
            return tags.strip() == '*' or tag in re.findall(r'"[^"]*"', tags)
        since = self.headers.get('If-Modified-Since')
        try:
            return since is not None and email.utils.parsedate_to_datetime(since).timestamp() >= changed
        except (TypeError, ValueError):
            return False

    def answer(self, status, headers, body):
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(body)

    def log_message(self, form, *args):
        if self.verbose:
            print(form % args, file=sys.stderr)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that goes away in the middle is nobody's fault; the rest is told."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    ap = argparse.ArgumentParser(description=__doc__,
                                 formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--port', type=int, default=0)
    ap.add_argument('--port-file')
    ap.add_argument('--root', default=os.path.join(here, 'site'))
    ap.add_argument('--drip', type=float, nargs='?', const=5.0, default=0.0)
    ap.add_argument('--verbose', action='store_true')
    a = ap.parse_args()
    server = Server(('127.0.0.1', a.port), Handler)
    port = server.server_address[1]
    Handler.site = Site(a.root, f'http://127.0.0.1:{port}', a.drip)
    Handler.verbose = a.verbose
    for sig in (signal.SIGTERM, signal.SIGINT):
        # shutdown() waits for the loop that this very thread runs, so another one calls it
        signal.signal(sig, lambda *_: threading.Thread(target=server.shutdown).start())
    if a.port_file:
        with open(a.port_file + '.new', 'w', encoding='ascii') as f:
            f.write(f'{port}\n')
        os.rename(a.port_file + '.new', a.port_file)
    else:
        print(port, flush=True)
    server.serve_forever(poll_interval=0.2)
    server.server_close()


if __name__ == '__main__':
    main()
