#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""peyk article: a line a file, and with --join one of all of them.

usage: join.py PEYK
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest

PEYK = sys.argv.pop(1)
URL = 'https://news.example/n/4711/bridge'
TITLE = 'A bridge over the river'
TEXTS = [
    'The ministers of both countries signed a treaty on the bridge on Monday, after talks that had '
    'taken eleven years and four governments.',
    'Work begins in the autumn, they said, and both countries pay half of the cost, which nobody wanted to tell.',
    'The bridge will carry two tracks and a road.']


def page(text, more=''):
    return (f'<html lang="en"><title>{TITLE}</title><meta property="og:type" content="article"><article>'
            f'<h1>{TITLE}</h1><p>{text}</p></article>{more}')


class Join(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.files = [
            self.write('1.html', page(TEXTS[0], '<a href="/n/4711/bridge/2">Next page</a>')),
            self.write('2.html', page(TEXTS[1], '<a href="/n/4711/bridge/3">Next page</a>')),
            self.write('3.html', page(TEXTS[2]))]

    def write(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, 'w', encoding='utf8') as f:
            f.write(text)
        return path

    def run_peyk(self, *arguments):
        done = subprocess.run([PEYK, 'article', *arguments], capture_output=True, text=True, timeout=60)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        return done.returncode, lines, done.stderr.replace(self.folder.name + '/', '')

    def joined(self, *arguments):
        status, lines, errors = self.run_peyk('--join', *arguments)
        self.assertEqual((status, len(lines), errors), (0, 1, ''))
        return lines[0]

    def test_a_line_for_every_file(self):
        status, lines, errors = self.run_peyk('--url', URL, *self.files)
        self.assertEqual((status, errors), (0, ''))
        self.assertEqual([line['text'] for line in lines], TEXTS)
        self.assertEqual(lines[0]['next_url'], URL + '/2')
        self.assertEqual(lines[0]['sources']['next_url'], 'next page')
        self.assertNotIn('pages', lines[0])

    def test_pages_of_one_article(self):
        whole = self.joined('--url', URL, *self.files)
        self.assertEqual(whole['text'], '\n'.join(TEXTS))
        self.assertEqual([whole['text'][slice(*p['span'])] for p in whole['paragraphs']], TEXTS)
        self.assertEqual((whole['pages'], whole['url'], whole['title']), (3, URL, TITLE))
        self.assertEqual(whole['id'], self.run_peyk('--url', URL, self.files[0])[1][0]['id'])
        for absent in ('next_url', 'truncated'):
            self.assertNotIn(absent, whole)
        self.assertNotIn('next_url', whole['sources'])

    def test_the_last_page_may_be_missing(self):
        two = self.joined('--url', URL, *self.files[:2])
        self.assertEqual((two['pages'], two['next_url']), (2, URL + '/3'))

    def test_without_addresses(self):
        self.assertEqual(self.joined(*self.files)['text'], '\n'.join(TEXTS))

    def test_a_list_has_the_pages_and_their_addresses(self):
        urls = [URL, URL + '/2', URL + '/3']
        path = self.write('list.tsv', ''.join(f'{f}\t{u}\n' for f, u in zip(self.files, urls)))
        self.assertEqual(self.joined('--list', path)['text'], '\n'.join(TEXTS))
        # another article is no page of this one, and nothing goes on behind it
        path = self.write('list.tsv', ''.join(
            f'{f}\t{u}\n' for f, u in zip(self.files, [URL, 'https://news.example/n/4712', urls[2]])))
        one = self.joined('--list', path)
        self.assertEqual((one['text'].split('\n')[0], one['truncated']), (TEXTS[0], True))

    def test_a_page_without_text_leaves_the_rest(self):
        empty = self.write('empty.html', '<html><body><div id="app"></div>')
        one = self.joined('--url', URL, self.files[0], empty)
        self.assertEqual((one['text'], one['truncated'], one['next_url']), (TEXTS[0], True, URL + '/2'))

    def test_the_amp_page_stands_in(self):
        shell = self.write('shell.html', '<link rel="amphtml" href="/amp/4711"><div id="app"></div>')
        self.assertIn('reason', self.joined('--url', URL, shell))
        amp = self.joined('--url', URL, shell, self.files[2])
        self.assertEqual((amp['text'], amp['url'], amp['canonical_url']), (TEXTS[2], URL, URL))
        self.assertEqual(amp['amp_url'], 'https://news.example/amp/4711')

    def test_what_cannot_be_explained(self):
        self.assertEqual(self.run_peyk('--join', '--explain', *self.files), (
            2, [], 'peyk: --explain is for pages that are not joined\n'))

    def test_a_file_that_is_not_there(self):
        status, lines, errors = self.run_peyk('--join', self.files[0], 'gone.html')
        self.assertEqual((status, lines, errors), (1, [], 'peyk: gone.html: No such file or directory\n'))


if __name__ == '__main__':
    unittest.main()
