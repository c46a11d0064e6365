#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""peyk check: what it says where, and with which exit status.

usage: check.py PEYK
"""
import os
import subprocess
import sys
import tempfile
import unittest

PEYK = sys.argv.pop(1)
GOOD = 'version: 1\nfeeds: [{id: a, url: "https://example.org/a"}]\n'
BAD = 'version: 1\npoll:\n  interval: fast\nfeeds: [{id: a, url: "https://example.org/a"}]\n'


class Check(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = os.path.join(self.folder.name, 'peyk.yaml')

    def check(self, text, *options):
        with open(self.path, 'w', encoding='utf8') as f:
            f.write(text)
        return self.run_peyk(*options, self.path)

    def run_peyk(self, *arguments):
        done = subprocess.run([PEYK, 'check', *arguments], capture_output=True, text=True)
        return done.returncode, done.stdout, done.stderr.replace(self.folder.name + '/', '')

    def test_good(self):
        self.assertEqual(self.check(GOOD), (0, '', 'peyk: peyk.yaml: ok; 1 feed\n'))

    def test_bad(self):
        self.assertEqual(self.check(BAD), (
            1, '',
            "peyk.yaml:3:13: error: poll.interval: 'fast' is not a duration "
            '(want e.g. 30s, 5m, 1h)\n'
            '  interval: fast\n'
            '            ^\n'
            'peyk: peyk.yaml: 1 error; 1 feed\n'))

    def test_bad_is_not_dumped(self):
        status, out, _ = self.check(BAD, '--dump')
        self.assertEqual((status, out), (1, ''))

    def test_dump_is_a_configuration(self):
        status, out, _ = self.check(GOOD, '--dump')
        self.assertEqual(status, 0)
        self.assertEqual(self.check(out, '--dump')[:2], (0, out))

    def test_absent_file(self):
        self.assertEqual(self.run_peyk('--config', self.path), (
            1, '',
            'peyk.yaml: error: cannot open: No such file or directory\n'
            'peyk: peyk.yaml: 1 error; 0 feeds\n'))

    def tables(self, name, text):
        """A configuration with a folder of own tables, one of them this."""
        own = os.path.join(self.folder.name, 'own')
        os.makedirs(own, exist_ok=True)
        with open(os.path.join(own, name), 'w', encoding='utf8') as f:
            f.write(text)
        return GOOD + f'extract: {{knowledge: "{own}"}}\n'

    def test_own_tables(self):
        good = self.tables('actors.tsv', 'id\tlatin\tfa\nkaveh-z\tKaveh Z\tکاوه زرافشان\n')
        self.assertEqual(self.check(good), (0, '', 'peyk: peyk.yaml: ok; 1 feed\n'))
        bad = self.tables('actors.tsv', 'id\troles\tfa\na\tking@TJK - -\tب\nb\tkong@TJK - -\tب\n')
        self.assertEqual(self.check(bad, '--dump'), (
            1, '', "own/actors.tsv:3: error: there is no role 'kong'\n"
            'peyk: peyk.yaml: 1 error; 1 feed\n'))

    def test_own_rules(self):
        own = os.path.join(self.folder.name, 'sites.d')
        os.makedirs(own)
        good = GOOD + f'extract: {{sites: "{own}"}}\n'
        for text, said in (('[a]\nhost: a.org\nbody: .a\n', (0, '', 'peyk: peyk.yaml: ok; 1 feed\n')),
                           ('[a]\nhost: a.org\nbody: .a +\n', (
                               1, '', 'sites.d/a.rules:3:10: error: there are no neighbours; want a '
                               'blank (somewhere below) or > (directly below)\n'
                               'peyk: peyk.yaml: 1 error; 1 feed\n'))):
            with open(os.path.join(own, 'a.rules'), 'w', encoding='utf8') as f:
                f.write(text)
            self.assertEqual(self.check(good), said)
        self.assertEqual(self.check(GOOD + 'extract: {sites: /nowhere}\n'), (
            1, '', '/nowhere: error: cannot open this folder of rules: No such file or directory\n'
            'peyk: peyk.yaml: 1 error; 1 feed\n'))

    def test_own_tables_are_not_there(self):
        self.assertEqual(self.check(GOOD + 'extract: {knowledge: /nowhere}\n'), (
            1, '', '/nowhere: error: cannot open this folder of tables: No such file or directory\n'
            'peyk: peyk.yaml: 1 error; 1 feed\n'))
        status, _, err = self.check(GOOD + 'extract: {knowledge: own}\n')
        self.assertEqual((status, err.splitlines()[0]), (
            1, "peyk.yaml:3:22: error: extract.knowledge: 'own' is not an absolute path "
            '(want e.g. /var/lib/peyk)'))

    def test_wrong_usage(self):
        for arguments in (['a', 'b'], ['--config', 'a', 'b'], ['--what'], ['--config']):
            status, out, err = self.run_peyk(*arguments)
            self.assertEqual((status, out), (2, ''))
            self.assertTrue(err)


if __name__ == '__main__':
    unittest.main()
