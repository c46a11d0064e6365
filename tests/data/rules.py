#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""peyk-rules finds what is wrong with the sentences of rules, and says where.

usage: rules.py PEYK-RULES PACKS TABLES
"""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

RULES, PACKS, TABLES = sys.argv[1:4]
del sys.argv[1:4]


class Rules(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.dir = folder.name
        os.makedirs(os.path.join(self.dir, 'lang'))
        shutil.copytree(os.path.join(TABLES, 'lang', 'fa'), os.path.join(self.dir, 'lang', 'fa'))
        self.path = os.path.join(self.dir, 'lang', 'fa', 'rules_test.tsv')
        with open(self.path, encoding='utf8') as f:
            self.lines = f.read().splitlines()

    def run_rules(self):
        with open(self.path, 'w', encoding='utf8') as f:
            f.write('\n'.join(self.lines) + '\n')
        done = subprocess.run([RULES, PACKS, self.dir, 'fa'], capture_output=True, text=True,
                              check=False)
        return done.returncode, done.stderr.splitlines()

    def row_of(self, rule):
        at = next(i for i, line in enumerate(self.lines) if line.startswith(rule + '\t'))
        return at, self.lines[at].split('\t')

    def check_swapped(self, rule):
        """What holds is said not to, and the other way round."""
        at, (_, yes, no) = self.row_of(rule)
        self.lines[at] = f'{rule}\t{no}\t{yes}'
        status, said = self.run_rules()
        self.assertEqual(status, 1)
        place = f'{self.path}:{at + 1}: {rule}'
        self.assertIn(f'{place} should hold and does not: {no}', said)
        self.assertIn(f'{place} should not hold and does: {yes}', said)
        self.assertEqual(sum(line.startswith('  came out: ') for line in said), 2)

    def test_all_hold(self):
        self.assertEqual(self.run_rules(), (0, []))

    def test_wrong_cue(self):
        self.check_swapped('fa.say.08')

    def test_wrong_act(self):
        self.check_swapped('fa.reject.05')

    def test_wrong_meeting_told_again(self):
        self.check_swapped('fa.consult.meet.07')

    def test_wrong_mood(self):
        self.check_swapped('fa.mod.plan.01')

    def test_wrong_mood_of_what_is_not_told(self):
        self.check_swapped('fa.mod.condition.01')

    def test_wrong_mode(self):
        self.check_swapped('fa.mode.threaten.restrict')

    def test_wrong_opener(self):
        self.check_swapped('fa.source.02')

    def test_untried(self):
        self.lines = [line for line in self.lines if not line.startswith('fa.mod.hypo.01\t')]
        status, said = self.run_rules()
        self.assertEqual(status, 1)
        self.assertEqual([line.split(': ', 1)[1] for line in said], [
            'fa.mod.hypo.01 has no sentence in rules_test.tsv for which it holds',
            'fa.mod.hypo.01 has no sentence in rules_test.tsv for which it does not hold'])

    def test_only_one_side(self):
        at, (rule, yes, _) = self.row_of('fa.mod.hypo.01')
        self.lines[at] = f'{rule}\t{yes}\t'
        status, said = self.run_rules()
        self.assertEqual(status, 1)
        self.assertEqual(len(said), 1)

    def test_words_are_missing(self):
        at, (rule, yes, _) = self.row_of('fa.mod.plan.01')
        self.lines[at] = f'{rule}\t{yes}\tبرف می بارد.'
        status, said = self.run_rules()
        self.assertEqual(status, 1)
        self.assertIn('has none of its words in this sentence', said[0])

    def test_no_rule(self):
        self.lines.append('fa.nothing.01\tبرف می بارد.\tباران می بارد.')
        status, said = self.run_rules()
        self.assertEqual(status, 1)
        self.assertIn(f'{self.path}:{len(self.lines)}: fa.nothing.01 is no rule', said[0])


if __name__ == '__main__':
    unittest.main()
