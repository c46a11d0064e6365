#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""peyk extract: with tables of the user's own, and with wrong ones.

usage: extract.py PEYK
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest

PEYK = sys.argv.pop(1)
TEXT = ('سخنان تازه در دوشنبه\n'
        'زرافشان امروز در دوشنبه گفت که راه‌های مرزی باز می‌ماند و رفت‌وآمد از فردا آسان‌تر '
        'می‌شود.\n')
ACTORS = ('id\tlatin\tcountry\troles\tfa\tfa_short\n'
          'kaveh-zarafshan\tKaveh Zarafshan\tTJK\tforeign_minister@TJK 2020 -'
          '\tکاوه زرافشان\tزرافشان\n')


class Extract(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def run_peyk(self, *options):
        done = subprocess.run([PEYK, 'extract', '--published', '2024-05-01', *options, '-'],
                              input=TEXT, capture_output=True, text=True)
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr

    def write(self, text):
        path = os.path.join(self.folder.name, 'actors.tsv')
        with open(path, 'w', encoding='utf8') as f:
            f.write(text)
        return path

    def test_own_person(self):
        self.write(ACTORS)
        status, records, err = self.run_peyk('--knowledge', self.folder.name)
        self.assertEqual((status, err), (0, ''))
        people = [p for r in records for p in r['data'].get('actors', [])]
        self.assertEqual([(p['id'], p['name']['latin'], p['country']) for p in people],
                         [('kaveh-zarafshan', 'Kaveh Zarafshan', 'TJK')])
        _, records, _ = self.run_peyk()
        self.assertNotIn('kaveh-zarafshan', json.dumps(records))

    def test_wrong_table(self):
        path = self.write(ACTORS + 'b\tB\tTJK\tqueen@XXX - -\tب\n')
        self.assertEqual(self.run_peyk('--knowledge', self.folder.name), (
            1, [], f"peyk: {path}:3: there is no country or organisation 'XXX'\n"))

    def test_no_folder(self):
        self.assertEqual(self.run_peyk('--knowledge', '/nowhere'), (
            1, [], 'peyk: /nowhere: cannot open this folder of tables: '
            'No such file or directory\n'))


if __name__ == '__main__':
    unittest.main()
