#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""peyk discover: on files, and on addresses of a server that is really there.

usage: discover.py PEYK
"""
import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading
import unittest

PEYK = sys.argv.pop(1)
PAGE = ('<html><head><link rel="alternate" type="application/rss+xml" title="همه" href="rss">'
        '</head><body><a href="/comments/feed">RSS</a></body></html>')
RSS = '<rss version="2.0"><channel><title>ش</title><item><link>/1</link></item></channel></rss>'


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        pages = {'/fa/': PAGE, '/rss': RSS}
        if self.path == '/moved':
            self.send_response(301)
            self.send_header('Location', '/fa/')
            self.end_headers()
            return
        body = pages.get(self.path, '').encode()
        self.send_response(200 if body else 404)
        self.send_header('Content-Type', 'text/html; charset=utf-8')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Discover(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.origin = f'http://127.0.0.1:{server.server_port}'

    def write(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, 'w', encoding='utf8') as f:
            f.write(text)
        return path

    def run_peyk(self, *arguments):
        done = subprocess.run([PEYK, 'discover', *arguments], capture_output=True, text=True,
                              timeout=60)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        return done.returncode, lines, done.stderr.replace(self.folder.name + '/', '')

    def test_a_file(self):
        page = self.write('page.html', PAGE)
        self.assertEqual(self.run_peyk('--url', 'https://e.example/fa/', page), (0, [{
            'url': 'https://e.example/fa/',
            'candidates': [
                {'url': 'https://e.example/fa/rss', 'title': 'همه', 'format': 'rss20',
                 'found': 'head'},
                {'url': 'https://e.example/comments/feed', 'title': 'RSS', 'found': 'link'}]}], ''))

    def test_a_page_that_names_none(self):
        page = self.write('page.html', '<html><body>x</body></html>')
        _, [line], _ = self.run_peyk('--url', 'https://e.example/', page)
        self.assertEqual({c['found'] for c in line['candidates']}, {'guess'})
        self.assertEqual(self.run_peyk(page), (0, [{'candidates': []}], ''))

    def test_a_page_that_is_a_feed(self):
        self.assertEqual(self.run_peyk(self.write('rss.xml', RSS)), (0, [
            {'feed': {'format': 'rss20', 'title': 'ش', 'entries': 1}, 'candidates': []}], ''))

    def test_a_page_with_a_list(self):
        items = ''.join(f'<li><a href="/n/{i}">خبر شماره {i} از همه خبرهای امروز شهر</a></li>'
                        for i in range(6))
        _, [line], _ = self.run_peyk(self.write('p.html', f'<html><title>x</title><ul>{items}</ul>'))
        self.assertEqual(line['list'], {'format': 'html', 'title': 'x', 'entries': 6})

    def test_an_address(self):
        for path in ('/fa/', '/moved'):
            status, [line], errors = self.run_peyk('--allow-private', self.origin + path)
            self.assertEqual((status, errors), (0, ''))
            self.assertEqual(line['url'], self.origin + '/fa/')
            self.assertEqual(line['candidates'][0]['url'], self.origin + '/fa/rss')
        _, [line], _ = self.run_peyk('--allow-private', self.origin + '/rss')
        self.assertEqual(line['feed']['format'], 'rss20')

    def test_addresses_that_give_nothing(self):
        status, lines, errors = self.run_peyk('--allow-private', self.origin + '/none')
        self.assertEqual((status, lines), (1, []))
        self.assertIn('/none: HTTP 404', errors)
        status, lines, errors = self.run_peyk(self.origin + '/fa/')
        self.assertEqual((status, lines), (1, []))
        self.assertIn('not a public one', errors)

    def test_one_that_fails_does_not_stop_the_others(self):
        page = self.write('page.html', PAGE)
        status, lines, _ = self.run_peyk(self.folder.name + '/none', page)
        self.assertEqual((status, len(lines)), (1, 1))

    def test_wrong_usage(self):
        for arguments in ((), ('--nonsense', 'x'), ('x', '--url')):
            status, lines, errors = self.run_peyk(*arguments)
            self.assertEqual((status, lines), (2, []))
            self.assertIn('usage: peyk discover', errors)


if __name__ == '__main__':
    unittest.main()
