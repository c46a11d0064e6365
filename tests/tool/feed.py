#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""peyk feed: files, lists, standard input, and what it says of those that are no feeds.

usage: feed.py PEYK
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest

PEYK = sys.argv.pop(1)
RSS = ('<rss version="2.0"><channel><title>{}</title><item><link>/1</link>'
       '<pubDate>Tue, 27 Jan 2026 15:02:06 +0330</pubDate></item></channel></rss>')
NOT_FOUND = 'No such file or directory'


class Feed(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.one = self.write('one.xml', RSS.format('یکم'))
        self.two = self.write('two.xml', RSS.format('دوم'))

    def write(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, 'w', encoding='utf8') as f:
            f.write(text)
        return path

    def run_peyk(self, *arguments, stdin=None):
        done = subprocess.run([PEYK, 'feed', *arguments], capture_output=True, text=True,
                              input=stdin, timeout=60)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        return done.returncode, lines, done.stderr.replace(self.folder.name + '/', '')

    def test_what_is_unknown_is_absent(self):
        status, lines, errors = self.run_peyk(self.one)
        for told in ('key', 'content_hash'):  # of every entry
            self.assertRegex(lines[0]['entries'][0].pop(told), '^[0-9a-f]+$')
        self.assertEqual((status, lines, errors), (0, [
            {'format': 'rss20', 'title': 'یکم', 'charset': 'utf-8',
             'entries': [{'link': '/1', 'published': '2026-01-27T11:32:06Z',
                          'published_raw': 'Tue, 27 Jan 2026 15:02:06 +0330',
                          'published_source': 'pubDate',
                          'published_confidence': 'exact'}]}], ''))

    def test_a_line_for_every_file_with_options_anywhere(self):
        for arguments in (('--url', 'http://e.example/a/', self.one, self.two),
                          (self.one, '--url=http://e.example/a/', self.two),
                          (self.one, self.two, '--url', 'http://e.example/a/')):
            status, lines, errors = self.run_peyk(*arguments)
            self.assertEqual((status, errors), (0, ''))
            self.assertEqual([line['title'] for line in lines], ['یکم', 'دوم'])
            self.assertEqual(lines[0]['entries'][0]['link'], 'http://e.example/1')

    def test_standard_input(self):
        status, lines, _ = self.run_peyk('-', stdin=RSS.format('سوم'))
        self.assertEqual((status, lines[0]['title']), (0, 'سوم'))

    def test_a_list_gives_each_file_its_address(self):
        path = self.write('list.tsv', f'{self.one}\thttp://e.example/\n\n{self.two}\n')
        status, lines, _ = self.run_peyk('--list', path)
        self.assertEqual(status, 0)
        self.assertEqual([line['entries'][0]['link'] for line in lines],
                         ['http://e.example/1', '/1'])

    def test_one_that_fails_does_not_stop_the_others(self):
        page = self.write('page.html', '<!DOCTYPE html><html></html>')
        status, lines, errors = self.run_peyk(page, self.folder.name + '/none', self.one)
        self.assertEqual((status, len(lines)), (1, 1))
        self.assertEqual(
            errors, f'peyk: page.html: this is no feed\npeyk: none: {NOT_FOUND}\n')

    def test_too_large(self):
        with open(os.path.join(self.folder.name, 'large'), 'wb') as f:
            f.truncate(16 * 1024 * 1024 + 1)
        status, lines, errors = self.run_peyk(f.name)
        self.assertEqual((status, lines), (1, []))
        self.assertEqual(errors, 'peyk: large: larger than 16 MiB\n')

    def test_wrong_usage(self):
        for arguments in ((), ('--nonsense', self.one), (self.one, '--url')):
            status, lines, errors = self.run_peyk(*arguments)
            self.assertEqual((status, lines), (2, []))
            self.assertIn('usage: peyk feed', errors)

    def test_a_full_disk_is_an_error(self):
        if not os.path.exists('/dev/full'):
            self.skipTest('there is no /dev/full')
        with open('/dev/full', 'w', encoding='utf8') as full:
            done = subprocess.run([PEYK, 'feed', self.one], stdout=full,
                                  stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn('No space left on device', done.stderr)


if __name__ == '__main__':
    unittest.main()
