#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""peyk text: offsets, normal forms, entities and dates as a reader of the JSON sees them.

usage: text.py PEYK
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest

PEYK = sys.argv.pop(1)
TEXT = ('\ufeffسرگئی لاوروف، وزیر امور خارجه روسیه، روزگذشته در مسکو گفت: '
        'كتابهاي زیادی ميخوانیم 😀.\n'
        'وی ۲۱ فوریه ۲۰۲۲ با ۴۱ هزار و ۳۰۰ نفر دیدار کرد.\n')


class Text(unittest.TestCase):
    def run_peyk(self, text, *options):
        if isinstance(text, str):
            text = text.encode()
        done = subprocess.run([PEYK, 'text', *options, '-'], input=text, capture_output=True)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def sentences(self, text, *options):
        status, out, err = self.run_peyk(text, *options)
        self.assertEqual((status, err), (0, ''))
        return [json.loads(line) for line in out.splitlines()]

    def test_offsets_are_code_points_of_the_file(self):
        for sentence in self.sentences(TEXT):
            for thing in sentence['tokens'] + sentence['entities']:
                self.assertEqual(TEXT[thing['start']:thing['end']], thing['text'])

    def test_a_sentence_a_line(self):
        first, second = self.sentences(TEXT)
        self.assertEqual(first['tokens'][0]['text'], 'سرگئی')
        self.assertEqual(second['tokens'][-1]['text'], '.')

    def test_words_are_written_well(self):
        tokens = {t['text']: t for t in self.sentences(TEXT)[0]['tokens']}
        self.assertEqual(tokens['كتابهاي']['norm'], 'کتاب\u200cهای')
        self.assertEqual(tokens['كتابهاي']['seg'], ['كتاب', 'هاي'])
        self.assertEqual(tokens['ميخوانیم']['norm'], 'می\u200cخوانیم')
        self.assertEqual(tokens['روزگذشته']['seg'], ['روز', 'گذشته'])
        self.assertNotIn('seg', tokens['زیادی'])
        token = self.sentences('پنج\u200cسال')[0]['tokens'][0]
        self.assertEqual(token['norm'], 'پنج\u200cسال')
        self.assertEqual(token['seg'], ['پنج', 'سال'])

    def test_entities(self):
        first, second = self.sentences(TEXT, '--published', '2022-02-02')
        found = [(e['type'], e['text'], e.get('norm')) for e in
                 first['entities'] + second['entities']]
        for wanted in [('PER', 'سرگئی لاوروف', 'سرگئی لاوروف'),
                       ('ROLE', 'وزیر امور خارجه روسیه', None),
                       ('LOC', 'مسکو', 'مسکو'),
                       ('DATE', 'روزگذشته', '2022-02-01'),
                       ('DATE', '۲۱ فوریه ۲۰۲۲', '2022-02-21'),
                       ('NUM', '۴۱ هزار و ۳۰۰', 41300)]:
            self.assertIn(wanted, found)

    def test_times(self):
        text = 'جلسه شنبه ۹ بهمن ساعت ۱۴:۳۰ برگزار شد، دو ساعت و نیم و هر هفته.\n'
        entities = {e['text']: e for e in
                    self.sentences(text, '--published', '2022-02-02')[0]['entities']}
        time = entities['شنبه ۹ بهمن ساعت ۱۴:۳۰']
        self.assertEqual(
            [time[k] for k in ('type', 'norm', 'precision', 'calendar', 'anchor', 'how')],
            ['TIME', '2022-01-29T14:30', 'minute', 'jalali', '2022-02-02', 'explicit'])
        for words, norm in ('دو ساعت و نیم', 'PT2H30M'), ('هر هفته', 'R/P1W'):
            self.assertEqual((entities[words]['type'], entities[words]['norm']),
                             ('DURATION', norm))

    def test_quantities(self):
        text = 'قیمت ۲۵۰ میلیارد تومان، ۱۲ درصد و ۱۲۰ کیلومتر برای صدها نفر.'
        found = [(e['type'], e['text'], e.get('norm'), e.get('vague')) for e in
                 self.sentences(text)[0]['entities']]
        for wanted in [('MONEY', '۲۵۰ میلیارد تومان', '250000000000 IRT', None),
                       ('NUM', '۲۵۰ میلیارد', 250000000000, None),
                       ('PERCENT', '۱۲ درصد', 12, None),
                       ('QUANTITY', '۱۲۰ کیلومتر', '120 km', None),
                       ('NUM', 'صدها', None, True)]:
            self.assertIn(wanted, found)

    def test_nothing_and_garbage(self):
        self.assertEqual(self.sentences(''), [])
        self.sentences(bytes(range(256)) * 64)

    def test_own_tables(self):
        text = 'کاوه زرافشان در دوشنبه سخن گفت.\n'
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, 'actors.tsv')
            with open(path, 'w', encoding='utf8') as f:
                f.write('id\tlatin\tfa\nkaveh-z\tKaveh Z\tکاوه زرافشان\n')
            person, = [e for e in self.sentences(text, '--knowledge', folder)[0]['entities']
                       if e['type'] == 'PER']
            self.assertEqual((person['id'], person['latin']), ('kaveh-z', 'Kaveh Z'))
            with open(path, 'w', encoding='utf8') as f:
                f.write('id\tname\n')
            status, _, err = self.run_peyk(text, '--knowledge', folder)
            self.assertEqual(status, 1)
            self.assertIn(f"peyk: {path}:1: there is no column 'name'", err)

    def test_wrong_usage(self):
        self.assertEqual(self.run_peyk('', '--published', 'soon')[0], 2)
        status, _, err = self.run_peyk('', '--lang', 'xx')
        self.assertEqual(status, 1)
        self.assertIn('lang/xx', err)


if __name__ == '__main__':
    unittest.main()
