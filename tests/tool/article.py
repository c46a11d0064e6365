#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""peyk article and peyk extract with rules of the user's own, and with wrong ones.

usage: article.py PEYK
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

PEYK = sys.argv.pop(1)
SITES = pathlib.Path(__file__).resolve().parent.parent / 'golden' / 'sites'
PAGE, URL = str(SITES / 'harbour.html'), 'https://www.langar.example/1399/bandar'
RULES = str(SITES / 'rules')
FIRST = 'وزیر راه دیروز در لنگرود گفت که ساخت بندر نو از پاییز آغاز می‌شود و سه سال زمان می‌برد.'
LAST = 'شهردار نیز گفت: این بندر برای هزار نفر کار می‌آورد، و ماهیگیران هم از آن سود می‌برند.'
LEAD = 'وزیر راه و شهردار لنگرود قرارداد ساخت بندر نو را امضا کردند.'


class Article(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def run_peyk(self, command, *options, page=PAGE):
        done = subprocess.run([PEYK, command, *options, page], capture_output=True, text=True)
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr

    def article(self, *options, page=PAGE):
        status, records, err = self.run_peyk('article', *options, page=page)
        self.assertEqual((status, err), (0, ''))
        return records[0]

    def write(self, text, name='a.rules'):
        with open(os.path.join(self.folder.name, name), 'w', encoding='utf8') as f:
            f.write(text)

    def test_body_that_only_a_rule_finds(self):
        self.assertNotIn(FIRST, self.article('--url', URL).get('text', ''))
        got = self.article('--url', URL, '--sites', RULES)
        self.assertEqual(got['text'].split('\n'), [LEAD, FIRST, LAST])
        self.assertEqual((got['title'], got['kicker'], got['lead'], got['byline'], got['published']),
                         ('قرارداد ساخت بندر نو امضا شد', 'اقتصاد دریا', LEAD, 'نسرین موج‌آرا',
                          '2020-06-22T12:09:00+04:30'))
        self.assertEqual(got['method'], 'site rule')
        for field in ('title', 'kicker', 'lead', 'byline', 'published'):
            self.assertEqual(got['sources'][field], 'site rule harbour')

    def test_another_host(self):
        self.assertNotIn(FIRST, self.article('--url', 'https://example.org/', '--sites', RULES).get('text', ''))

    def test_extract(self):
        status, records, err = self.run_peyk('extract', '--url', URL, '--sites', RULES)
        self.assertEqual((status, err), (0, ''))
        self.assertEqual(records[0]['data']['text'].split('\n'), [LEAD, FIRST, LAST])

    def test_wrong_rule(self):
        self.write('[a]\nhost: a.org\nbody: .a\n  kiker: .b\n')
        for command in ('article', 'extract'):
            self.assertEqual(self.run_peyk(command, '--sites', self.folder.name), (
                1, [], f"peyk: {self.folder.name}/a.rules:4:3: there is no key 'kiker'; "
                "is 'kicker' meant?\n"))

    def test_no_folder(self):
        for command in ('article', 'extract'):
            self.assertEqual(self.run_peyk(command, '--sites', '/nowhere'), (
                1, [], 'peyk: /nowhere: cannot open this folder of rules: No such file or directory\n'))

    def explain(self, *options, page=PAGE):
        """What is said, a list of lists of words; the object is the same as without."""
        status, records, err = self.run_peyk('article', '--explain', *options, page=page)
        self.assertEqual((status, records), (0, [self.article(*options, page=page)]))
        return [line.split() for line in err.splitlines()]

    def check_block(self, said, text, sign, why):
        """The block that begins with a text, by its sign and why."""
        line, = [' '.join(words) for words in said
                 if words[0] in '+-' and f'"\u2068{text}' in ' '.join(words)]
        self.assertEqual(line[0], sign)
        self.assertIn(f' {why} ', line)

    def test_explain(self):
        said = self.explain('--url', URL, '--sites', RULES)
        self.assertEqual(said[1], ['rule', 'harbour', '(yours)', 'holds', 'by', 'its', 'host'])
        self.assertIn(['body', '1', 'found', '.z6'], said)
        self.assertIn(['kicker', 'by', 'site', 'rule', 'harbour', '"\u2068اقتصاد', 'دریا\u2069"'], said)
        self.assertIn('text by site rule: 172 good code points, 27 % of the page\'s, in '
                      'body > div.promo-box > div.z6'.split(), said)
        for text, sign, why in ((FIRST[:20], '+', 'reads like an article'),
                                ('این جا جای', '-', "stripped by a site's rule"),
                                ('روزنامه لنگر سی', '-', 'outside the container'),
                                ('قرارداد ساخت', '-', 'the title'),
                                (LEAD[:20], '+', 'the lead, which comes first'),
                                ('گزارش از', '-', "another field, by a site's rule")):
            self.check_block(said, text, sign, why)

    def test_explain_what_was_not_used(self):
        self.write('[a]\nhost: langar.example\nbody: .z4\nkicker: .nothing\n')
        said = self.explain('--url', URL, '--sites', self.folder.name)
        self.assertIn("the rule's body is not used: next to no text beside the rest".split(), said)
        self.assertIn(['kicker', '0', 'found', '.nothing'], said)

    def test_explain_what_is_no_article(self):
        said = self.explain(page=str(SITES.parent / 'html' / 'index-page.html'))
        self.assertIn('no article a list of articles'.split(), said)

    def test_explain_what_is_no_page(self):
        page = os.path.join(self.folder.name, 'empty.html')
        with open(page, 'w', encoding='utf8'):
            pass
        status, _, err = self.run_peyk('article', '--explain', page=page)
        self.assertEqual(status, 0)
        self.assertIn('no article', err)

    def test_own_rule_instead_of_ours(self):
        page = os.path.join(self.folder.name, 'page.html')
        with open(PAGE, encoding='utf8') as f:
            text = f.read().replace('<title>', '<meta name="generator" content="www.nastooh.ir"><title>')
        with open(page, 'w', encoding='utf8') as f:
            f.write(text.replace('"z1"', '"rutitr"'))
        got = self.article(page=page)
        self.assertEqual(got['sources']['kicker'], 'site rule nastooh')
        self.write('[nastooh]\ngenerator: nastooh\nkicker: .z2\ntitle: .z3\n')
        got = self.article('--sites', self.folder.name, page=page)
        self.assertEqual((got['kicker'], got['title']), ('قرارداد ساخت بندر نو امضا شد', LEAD))


if __name__ == '__main__':
    unittest.main()
