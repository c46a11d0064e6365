#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""peyk opml: lists become files that peyk check takes, and come back as lists.

usage: opml.py PEYK
"""
import os
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ET

PEYK = sys.argv.pop(1)
LIST = """<?xml version="1.0"?><opml version="1.1"><head><title>x</title></head><body>
<outline text="سیاست">
 <outline text="پیک شهر" xmlUrl="https://www.peyk-shahr.example/rss" language="fa-IR"/>
 <outline text="پیک &quot;دو&quot; \\ سه" xmlUrl="https://peyk-shahr.example/rss2"/>
 <outline text="World"><outline text="World News, and more than fits in" XMLURL="feed://b.example/"/></outline>
</outline>
<outline text="News" xmlUrl="https://d.example/rss"/>
<outline text="News" xmlUrl="https://e.example/rss"/>
<outline text="#: {x}\u0085 - 'y'" xmlUrl="https://127.0.0.1/%D8%AE?a=b&amp;c=d"/>
<outline text="twice" xmlUrl="https://d.example/rss"/>
<outline text="mine" xmlUrl="https://me:secret@f.example/"/>
<outline text="old" xmlUrl="gopher://g.example/"/>
</body></opml>
"""


class Opml(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def write(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, 'w', encoding='utf8') as f:
            f.write(text)
        return path

    def run_peyk(self, *arguments):
        done = subprocess.run([PEYK, *arguments], capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout, done.stderr.replace(self.folder.name + '/', '')

    def configured(self, yaml):
        """A configuration that includes what was imported."""
        self.write('feeds.yaml', yaml)
        return self.write('peyk.yaml', 'version: 1\ninclude: [feeds.yaml]\n')

    def test_import(self):
        status, yaml, errors = self.run_peyk('opml', 'import', self.write('a.opml', LIST))
        self.assertEqual(status, 0)
        self.assertEqual(
            errors,
            'peyk: a.opml: left out: https://d.example/rss: it is there already\n'
            'peyk: a.opml: left out: gopher://g.example/: its address is not one of http or https\n'
            'peyk: a.opml: left out: mine: there is a user name in its address; '
            'the key headers may do instead\n')
        self.assertNotIn('secret', yaml + errors)
        ids = re.findall(r'- id: "(.*)"', yaml)
        self.assertEqual(len(ids), len(set(ids)))
        for name in ids:
            self.assertRegex(name, r'^[a-z0-9-]{1,32}$')
        self.assertIn('peyk-shahr', ids)
        self.assertIn('world-news-and-more-than-fits-in', ids)
        self.assertIn('title: "پیک \\"دو\\" \\\\ سه"', yaml)
        self.assertIn('lang: "fa"', yaml)
        status, _, errors = self.run_peyk('check', self.configured(yaml))
        self.assertEqual((status, errors), (0, 'peyk: peyk.yaml: ok; 6 feeds in 2 groups\n'))

    def test_ids_do_not_depend_on_other_feeds(self):
        one = '<opml><body><outline text="خبر" xmlUrl="https://{}.example/{}"/></body></opml>'
        more = one.replace('<outline', '<outline text="A" xmlUrl="https://z.example/"/><outline')
        for text in (one, more):
            _, yaml, _ = self.run_peyk(
                'opml', 'import', self.write('a.opml', text.format('www.rooz', 'rss')))
            self.assertIn('- id: "rooz"', yaml)

    def test_several_files_are_one(self):
        a = self.write('a.opml', LIST)
        status, yaml, errors = self.run_peyk('opml', 'import', a, a)
        self.assertEqual(status, 0)
        self.assertEqual(yaml.count('url:'), 6)
        self.assertIn('left out: http://b.example/: it is there already', errors)

    def test_there_and_back(self):
        _, yaml, _ = self.run_peyk('opml', 'import', self.write('a.opml', LIST))
        status, opml, errors = self.run_peyk('opml', 'export', self.configured(yaml))
        self.assertEqual((status, errors), (0, ''))
        tree = ET.fromstring(opml)
        self.assertEqual(tree.get('version'), '2.0')
        feeds = {o.get('xmlUrl'): o.get('title') for o in tree.iter('outline') if o.get('xmlUrl')}
        self.assertEqual(feeds['https://peyk-shahr.example/rss2'], 'پیک "دو" \\ سه')
        groups = [o for o in tree.find('body') if not o.get('xmlUrl')]
        self.assertEqual(sorted(len(g) for g in groups), [1, 2])
        status, again, errors = self.run_peyk('opml', 'import', self.write('b.opml', opml))
        self.assertEqual((status, errors), (0, ''))
        self.assertEqual(sorted(re.findall('url: .*', again)), sorted(re.findall('url: .*', yaml)))
        self.assertEqual(sorted(re.findall('title: .*', again)),
                         sorted(re.findall('title: .*', yaml)))

    def test_broken(self):
        cut = self.write('cut.opml', LIST[:LIST.index('XMLURL') + 20])
        status, yaml, errors = self.run_peyk('opml', 'import', cut)
        self.assertEqual((status, yaml.count('url:')), (0, 2))
        self.assertEqual(errors, 'peyk: cut.opml: cut off or broken: what could be read is here\n')
        none = self.write('none.opml', '<rss><channel/></rss>')
        self.assertEqual(self.run_peyk('opml', 'import', none),
                         (1, '', 'peyk: none.opml: this is no OPML\n'))

    def test_export_of_what_is_wrong(self):
        bad = self.write('peyk.yaml', 'version: 1\nfeeds: [{id: a}]\n')
        status, out, errors = self.run_peyk('opml', 'export', bad)
        self.assertEqual((status, out), (1, ''))
        self.assertIn("feed 'a' has no url", errors)

    def test_wrong_usage(self):
        for arguments in ((), ('import',), ('export', 'a', 'b'), ('nonsense',)):
            status, out, errors = self.run_peyk('opml', *arguments)
            self.assertEqual((status, out), (2, ''))
            self.assertIn('usage: peyk opml', errors)


if __name__ == '__main__':
    unittest.main()
