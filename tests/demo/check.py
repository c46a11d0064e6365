#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Check the demo site: what its feeds link to is there, says what headers.json promises,
and is answered with 304 or gzip when asked for. Exit status 1 when not."""
import gzip
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # no proxy for loopback


def get(url, **headers):
    """(status, headers, body) of one request."""
    headers = {k.replace('_', '-'): v for k, v in headers.items()}
    try:
        with OPENER.open(urllib.request.Request(url, headers=headers), timeout=10) as r:
            return r.status, r.headers, r.read()
    except urllib.error.HTTPError as e:
        with e:
            return e.code, e.headers, e.read()


def check_page(url):
    status, headers, body = get(url)
    assert status == 200, f'{url}: {status}'
    assert b'{{' not in body, f'{url}: a placeholder is left'
    assert get(url, If_None_Match=headers['ETag'])[0] == 304, f'{url}: no 304 for its ETag'
    assert get(url, If_None_Match='"other"', If_Modified_Since=headers['Last-Modified'])[0] == 200, \
        f'{url}: the date won over the tag'
    assert get(url, If_Modified_Since=headers['Last-Modified'])[0] == 304, f'{url}: no 304 by date'
    zipped = get(url, Accept_Encoding='gzip')
    assert zipped[1]['Content-Encoding'] == 'gzip' and gzip.decompress(zipped[2]) == body, url
    return headers['Content-Type'], body


def check(base):
    pages = {}
    for feed, mark in (('/sepehr/rss.xml', r'<link>([^<]+/news/[^<]+)</link>'),
                       ('/baran/atom.xml', r'href="(a/[^"]+)"'),
                       ('/sharq/rss.aspx', r'<link>([^<]+\?id=\d+)</link>')):
        body = check_page(base + feed)[1].decode()
        found = [urllib.parse.urljoin(base + feed, x) for x in re.findall(mark, body)]
        assert len(found) >= 2, f'{feed}: {found}'
        pages.update((url, check_page(url)) for url in found)
    assert len(pages) >= 8, f'{len(pages)} pages'
    lying = [u for u, (ctype, body) in pages.items() if 'iso-8859-1' in ctype and body.decode()]
    assert len(lying) == 1, f'pages with a wrong label: {lying}'
    for url, (_, body) in pages.items():
        if '/sharq/' in url:
            assert 'وزير امور خارجه' in body.decode('cp1256'), url
    assert get(base + '/nowhere')[0] == 404


def main():
    with tempfile.TemporaryDirectory() as folder:
        port_file = os.path.join(folder, 'port')
        site = subprocess.Popen([sys.executable, os.path.join(HERE, 'serve.py'),
                                 '--port-file', port_file])
        try:
            while not os.path.exists(port_file):
                assert site.poll() is None, 'the site does not start'
                time.sleep(0.02)
            with open(port_file, encoding='ascii') as f:
                check(f'http://127.0.0.1:{int(f.read())}')
        finally:
            site.send_signal(signal.SIGTERM)
            status = site.wait(10)
        assert status == 0, f'serve.py ends with {status}'
    print('the demo site is in order')


if __name__ == '__main__':
    main()
