#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""peyk extract --stories: what one report on ten sites becomes.

usage: stories.py PEYK
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

PEYK = sys.argv.pop(1)
TESTS = pathlib.Path(__file__).parent.parent
sys.path += [str(TESTS / 'schema'), str(TESTS / 'support')]
import validate  # noqa: E402
from wire_report import ANSWER, EVENTS, OPENER, SPEECH, TAIL, TITLE  # noqa: E402

MORE = ('مومباسا بزرگ‌ترین بندر شرق آفریقاست و سالانه میلیون‌ها تن کالا از آن می‌گذرد. این بندر به '
        'پنج کشور همسایه راه دارد.')
REPORT = [TITLE, OPENER, SPEECH, ANSWER, TAIL]


def arabic(paragraphs):
    return [p.replace('ی', 'ي').replace('ک', 'ك') for p in paragraphs]


def without_zwnj(paragraphs, instead=''):
    return [p.replace('\u200c', instead) for p in paragraphs]


SITES = [
    REPORT,
    [TITLE, 'به گزارش سپهر، ' + OPENER, SPEECH, ANSWER, TAIL],
    without_zwnj(REPORT),
    arabic(REPORT),
    REPORT[:-1],
    REPORT + [MORE],
    ['عمان و کنیا از بندر مومباسا گفتند', *REPORT[1:]],
    [TITLE, 'تازه‌ترین خبر از مسقط می‌رسد.', *REPORT[1:-1]],
    arabic(without_zwnj(REPORT[:-1])),
    without_zwnj(REPORT, ' '),
]

# the same people, another day, another matter
OTHER = ['وزیران خارجه عمان و کنیا از آموزش پزشکان گفتند',
         'وزیر خارجه عمان روز شنبه در نایروبی با وزیر خارجه کنیا دیدار کرد و درباره آموزش '
         'پرستاران روستاها گفت‌وگو کرد.',
         'وزیر خارجه کنیا گفت: «نخستین گروه دانشجویان پزشکی از پاییز در مسقط درس می‌خوانند و '
         'هزینه آن را صندوقی مشترک می‌پردازد.»',
         'بیمارستان‌های روستایی کنیا سال‌هاست که پرستار کم دارند و بیماران راه درازی می‌روند.']

# the same talks, in words of another reporter
RETOLD = ['میهمانی از شرق آفریقا در مسقط',
          'دستگاه دیپلماسی عمان میزبان میهمانی از شرق آفریقا بود. وزیر خارجه کنیا روز سه‌شنبه در '
          'مسقط با وزیر خارجه عمان دیدار کرد.',
          'ناظران این همکاری را برای صیادان سودمند می‌دانند و بازار ماهی را پررونق می‌بینند. بندر '
          'مومباسا سال‌هاست که چشم به راه سرمایه‌گذاران مانده است.']


class Stories(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def run_peyk(self, articles, *options):
        """articles: (site, paragraphs) in the order of the stream. Returns the messages."""
        lines = []
        for i, (site, paragraphs) in enumerate(articles):
            path = os.path.join(self.folder.name, f'{i}.txt')
            with open(path, 'w', encoding='utf8') as f:
                f.write('\n\n'.join(paragraphs) + '\n')
            lines.append(f'{path}\thttps://{site}.example.org/1\t2024-05-01\n')
        path = os.path.join(self.folder.name, 'list')
        with open(path, 'w', encoding='utf8') as f:
            f.writelines(lines)
        done = subprocess.run(
            [PEYK, 'extract', '--stories', '--no-time', '--format', 'text', '--list', path,
             *options], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        self.text = done.stdout
        self.assertEqual(list(validate.problems(self.text.splitlines())), [])
        messages = [json.loads(line) for line in self.text.splitlines()]
        ids = [m['id'] for m in messages]
        self.assertEqual(len(ids), len(set(ids)), 'a revision was published twice')
        return [m['data'] | {'stable': m['id'].split('.')[0]} for m in messages]

    def ops(self, messages, op):
        return [m for m in messages if m.get('op') == op]

    def last(self, messages):
        """The newest revision of each event that is not retracted."""
        now = {m['stable']: m for m in messages if 'op' in m}
        return {k: m for k, m in now.items() if m['op'] != 'retract'}

    def test_ten_sites(self):
        messages = self.run_peyk([(f's{i}', site) for i, site in enumerate(SITES)])
        articles = [m for m in messages if 'op' not in m]
        self.assertEqual({m['story'] for m in messages}, {articles[0]['id']})
        self.assertEqual([m.get('story_size') for m in articles], [None, *range(2, 11)])
        new = self.ops(messages, 'new')
        self.assertEqual([m['type'] for m in new], ['CONSULT', 'STATE', 'STATE'])
        self.assertEqual({m['article']['id'] for m in new}, {articles[0]['id']})
        gone = self.ops(messages, 'retract')
        self.assertEqual(len(gone), 9 * EVENTS)
        living = self.last(messages)
        self.assertEqual(sorted(living), sorted(m['stable'] for m in new))
        for first in new:
            mine = [m for m in gone if m['merged_into'] == first['stable']]
            self.assertEqual({m['article']['id'] for m in mine},
                             {a['id'] for a in articles[1:]})
            self.assertEqual({m['reason'] for m in mine},
                             {'another article told this before'})
            now = living[first['stable']]
            self.assertEqual(now['rev'], 10)
            self.assertEqual({m['article'] for m in now['mentions'] if 'article' in m},
                             {a['id'] for a in articles[1:]})
            self.assertGreater(now['confidence']['overall'], first['confidence']['overall'])
            self.assertEqual(now['actors'], first['actors'])

    def test_same_order_same_bytes(self):
        articles = [(f's{i}', site) for i, site in enumerate(SITES[:4])]
        self.run_peyk(articles)
        first = self.text
        self.run_peyk(articles)
        self.assertEqual(self.text, first)

    def test_another_matter(self):
        messages = self.run_peyk([('a', REPORT), ('b', OTHER), ('c', SITES[5])])
        stories = [m['story'] for m in messages if 'op' not in m]
        self.assertEqual(stories[0], stories[2])
        self.assertNotEqual(stories[0], stories[1])
        self.assertTrue(all(stories[1] != m['story'] for m in self.ops(messages, 'retract')))
        self.assertEqual(len(self.last(messages)), 2 * EVENTS - 1)

    def test_other_words(self):
        """Another report of the same talks is no copy, but tells the same event."""
        messages = self.run_peyk([('a', REPORT), ('b', RETOLD)])
        first, second = [m for m in messages if 'op' not in m]
        self.assertNotEqual(first['story'], second['story'])
        talks = [m for m in self.last(messages).values() if m['type'] == 'CONSULT']
        self.assertEqual([(m['article']['id'], m['mentions'][-1].get('article')) for m in talks],
                         [(first['id'], second['id'])])
        gone, = self.ops(messages, 'retract')
        self.assertEqual(gone['merged_into'], talks[0]['stable'])
        self.assertEqual(gone['story'], second['story'])
        before, = [m for m in self.ops(messages, 'new') if m['type'] == 'CONSULT']
        rise = 1 - (1 - before['confidence']['overall']) * (1 - gone['confidence']['overall'] / 2)
        self.assertAlmostEqual(talks[0]['confidence']['overall'], min(rise, .99), 4)

    def test_numbers(self):
        """What comes out in the same words with another number is told anew."""
        def price(number):
            return ['بهای سکه در بازار', 'رئیس اتحادیه طلا گفت: «بهای هر سکه امروز به '
                    f'{number} تومان رسید و بازار آرام است و خریداران چشم به راه می‌مانند.»',
                    'بازار طلا در این هفته روزهای کم‌رفت‌وآمدی داشت و فروشندگان از کسادی می‌گویند. '
                    'کارشناسان می‌گویند که بهای جهانی طلا نیز دگرگونی چندانی نداشته است.']
        messages = self.run_peyk([('a', price(41000)), ('b', price(42500)), ('c', price(41000))])
        self.assertEqual(len({m['story'] for m in messages}), 1)
        sayings = [m for m in self.last(messages).values()
                   if m['type'] == 'STATE' and 'statement' in m and 'سکه' in
                   m['statement'].get('content', {}).get('text', '')]
        self.assertEqual(len(sayings), 2, sayings)
        self.assertEqual([len(m['mentions']) for m in sayings], [2, 1])

    def test_corrections(self):
        """The copy loses a statement, then the first site does."""
        messages = self.run_peyk([
            ('a', REPORT), ('b', SITES[1]),
            ('b', [TITLE, 'به گزارش سپهر، ' + OPENER, ANSWER, TAIL]),
            ('c', SITES[5]),
            ('a', [TITLE, OPENER, SPEECH, TAIL])])
        now = self.last(messages)
        a, b, c = sorted({m['id'] for m in messages if 'op' not in m},
                         key=[m['id'] for m in messages if 'op' not in m].index)
        told = {(m['type'], m['trigger']['text']):
                (m['article']['id'], [x['article'] for x in m['mentions'] if 'article' in x])
                for m in now.values()}
        self.assertEqual(len(now), EVENTS)
        self.assertEqual(told['STATE', 'گفت'], (a, [c]))            # not told by b any more
        self.assertEqual(told['STATE', 'تأکید کرد'], (b, [c]))      # not told by a any more
        heir = next(m for m in now.values() if m['trigger']['text'] == 'تأکید کرد')
        lost = [m for m in self.ops(messages, 'retract') if m['article']['id'] == a]
        self.assertEqual([m['merged_into'] for m in lost], [heir['stable']])

    def test_alone(self):
        """Without the option every file stands for itself."""
        path = os.path.join(self.folder.name, 'a.txt')
        with open(path, 'w', encoding='utf8') as f:
            f.write('\n\n'.join(REPORT))
        done = subprocess.run([PEYK, 'extract', '--published', '2024-05-01', path, path],
                              capture_output=True, text=True, check=True)
        self.assertNotIn('"story"', done.stdout)
        self.assertNotIn('"retract"', done.stdout)


if __name__ == '__main__':
    unittest.main()
