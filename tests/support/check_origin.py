#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does origin.py keep what it says? A test's judge should itself be judged."""
import gzip
import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from origin import Origin  # noqa: E402


def get(url, **headers):
    """(status, header, body)"""
    request = urllib.request.Request(url, headers={k.replace('_', '-'): v for k, v in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as e:
        with e:
            return e.code, e.headers, e.read()


class Site(unittest.TestCase):
    def test_each_entry_has_a_page_with_its_id(self):
        with Origin(feeds=2, start=4) as site:
            for feed in (1, 2):
                status, _, body = get(f'{site.base}/feed/{feed}.xml')
                self.assertEqual(status, 200)
                root = ET.fromstring(body)
                links = [e.text for e in root.iter('link')][1:] if feed == 1 else [
                    e.find('{http://www.w3.org/2005/Atom}link').get('href')
                    for e in root.iter('{http://www.w3.org/2005/Atom}entry')]
                entries = site.entries(feed)
                self.assertEqual(links, [e.link for e in reversed(entries)])
                texts = set()
                for entry in entries:
                    status, headers, body = get(entry.link)
                    self.assertEqual(status, 200)
                    self.assertEqual(headers['Content-Type'], 'text/html; charset=utf-8')
                    self.assertGreaterEqual(body.decode().count(entry.id), 4)
                    texts.add(body)
                self.assertEqual(len(texts), 4)

    def test_it_grows_and_says_304_in_between(self):
        with Origin(start=1, grow_ms=100, max=3) as site:
            feed = f'{site.base}/feed/1.xml'
            self.assertEqual(get(f'{site.base}/feed/1/4.html')[0], 404)
            seen = []
            tag = since = None
            end = time.monotonic() + 5
            while time.monotonic() < end and (not seen or seen[-1] < 3):
                known = {'If_None_Match': tag, 'If_Modified_Since': since} if tag else {}
                status, headers, body = get(feed, **known)
                if status == 200:
                    seen.append(body.count(b'<item>'))
                    tag, since = headers['ETag'], headers['Last-Modified']
                else:
                    self.assertEqual((status, body), (304, b''))
                time.sleep(0.01)
            self.assertEqual(seen, [1, 2, 3])
            time.sleep(0.15)
            self.assertEqual(get(feed, If_None_Match=tag)[0], 304)
            self.assertEqual(get(feed, If_Modified_Since=since)[0], 304)
            self.assertEqual(get(feed, If_None_Match='"other"', If_Modified_Since=since)[0], 200)

    def test_it_is_steered_from_outside(self):
        with Origin(start=0) as site:
            answer = urllib.request.urlopen(f'{site.base}/_set', json.dumps({'add': 5}).encode())
            state = json.load(answer)
            self.assertEqual([e['id'] for e in state['entries']['1']],
                             [f'f1n{n}x' for n in range(1, 6)])
            self.assertEqual(json.loads(get(f'{site.base}/_state')[2])['requests'], 0)
            with self.assertRaises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(f'{site.base}/_set', b'{"colour": 1}')
            caught.exception.close()

    def test_gzip_and_other_pages(self):
        with Origin(pages={'/a': {'type': 'text/plain', 'text': 'at {{BASE}}', 'status': 203}}) as site:
            self.assertEqual(get(f'{site.base}/a')[::2], (203, f'at {site.base}'.encode()))
            _, headers, body = get(f'{site.base}/feed/1.xml', Accept_Encoding='br, gzip')
            self.assertEqual(headers['Content-Encoding'], 'gzip')
            self.assertIn(b'<rss', gzip.decompress(body))


class Faults(unittest.TestCase):
    def outcome(self, url):
        start = time.monotonic()
        try:
            status, headers, body = get(url)
        except http.client.IncompleteRead as e:
            return 'truncated' if len(e.partial) > 0 else 'nothing'
        except (ConnectionError, urllib.error.URLError):
            return 'reset'
        if status == 503:
            return 'busy' if headers['Retry-After'] == '1' else 'bad 503'
        if status == 500:
            return 'error'
        return 'slow' if time.monotonic() - start >= 0.05 else 'fine'

    def run_of(self, seed, n, **options):
        """[what came, what the log says] of n requests."""
        with tempfile.TemporaryDirectory() as folder:
            log = os.path.join(folder, 'log')
            with Origin(log=log, start=1, seed=seed, slow_ms=60, **options) as site:
                came = [self.outcome(site.entries(1)[0].link) for _ in range(n)]
            with open(log, encoding='utf8') as f:
                records = [json.loads(line) for line in f]
        self.assertEqual([r['n'] for r in records], list(range(1, n + 1)))
        if 'slow' not in options['faults']:     # a busy machine is no fault
            came = ['fine' if outcome == 'slow' else outcome for outcome in came]
        return came, [r['fault'] or 'fine' for r in records]

    def test_each_kind_is_what_it_says(self):
        for kind in ('error', 'busy', 'slow', 'truncated', 'reset'):
            came, logged = self.run_of(1, 3, fault_rate=1, faults=[kind], streak=99)
            self.assertEqual(came, [kind] * 3)
            self.assertEqual(logged, [kind] * 3)

    def test_a_seed_repeats_and_a_streak_ends(self):
        options = {'fault_rate': 0.6, 'faults': ['error', 'busy'], 'streak': 2}
        came, logged = self.run_of(7, 40, **options)
        # a request is logged after its answer has gone: the next one may overtake it
        self.assertEqual(sorted(came), sorted(logged))
        self.assertEqual(came, self.run_of(7, 40, **options)[0])
        self.assertNotEqual(came, self.run_of(8, 40, **options)[0])
        for at in range(len(came) - 2):
            self.assertIn('fine', came[at:at + 3])
        self.assertIn('error', came)
        self.assertIn('busy', came)


class Program(unittest.TestCase):
    def test_it_writes_its_port_logs_and_ends(self):
        with tempfile.TemporaryDirectory() as folder:
            port_file, log = os.path.join(folder, 'port'), os.path.join(folder, 'log')
            process = subprocess.Popen([sys.executable, os.path.join(HERE, 'origin.py'),
                                        '--port-file', port_file, '--log', log, '--start', '2'])
            try:
                end = time.monotonic() + 10
                while not os.path.exists(port_file) and time.monotonic() < end:
                    time.sleep(0.01)
                with open(port_file, encoding='ascii') as f:
                    base = f'http://127.0.0.1:{int(f.read())}'
                threads = [threading.Thread(target=get, args=(f'{base}/feed/1.xml',), kwargs={
                    'User_Agent': 'checker', 'If_None_Match': '"old"'}) for _ in range(20)]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
            finally:
                process.send_signal(signal.SIGTERM)
                self.assertEqual(process.wait(10), 0)
            with open(log, encoding='utf8') as f:
                records = [json.loads(line) for line in f]
        self.assertEqual(len(records), 20)
        for record in records:
            self.assertEqual((record['path'], record['status'], record['entries']),
                             ('/feed/1.xml', 200, 2))
            self.assertEqual((record['agent'], record['etag_in']), ('checker', '"old"'))
            self.assertGreater(record['sent'], 500)


if __name__ == '__main__':
    unittest.main()
