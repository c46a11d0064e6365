#!/usr/bin/env python3
"""kill -9 in the middle of polls, again and again: nothing is lost, nothing comes twice.

usage: kill.py BIN [KILLS]

The site grows all the time, and now and then it fails. P1: what a subscriber has received
stands in the journal, byte for byte. P3, P5: at the end every entry that the site showed
stands in the journal exactly once.
"""
import random
import sys
import time

from harness import (Daemon, Origin, Subscriber, article_urls, check_durable, in_folder,
                     until)


def run(site, daemon, subscriber, kills, chance):
    for _ in range(kills):
        daemon.start()
        for feed in 'ab':
            daemon.ask('poll', feed=feed)
        time.sleep(chance.uniform(0.02, 0.6))
        daemon.kill()
    site.set({'grow_ms': 0, 'fault_rate': 0})
    wanted = sorted(e.link for entries in site.entries().values() for e in entries)

    daemon.start()
    until('every entry stands in the journal',
          lambda: daemon.alive() and set(article_urls(daemon)) >= set(wanted))
    head = max(daemon.journal())
    until('the heartbeat tells the head',
          lambda: subscriber.heartbeats and subscriber.heartbeats[-1]['data']['head'] >= head)
    daemon.stop()
    subscriber.close()
    return wanted


def check(daemon, subscriber, wanted):
    assert sorted(article_urls(daemon)) == wanted, 'an article came twice, or from nowhere'
    seqs = check_durable(daemon, subscriber)
    print(f'{len(wanted)} entries, {len(daemon.journal())} messages in the journal, '
          f'{len(seqs)} of them seen live')


def scenario(folder, bin_dir, kills):
    seed = random.randrange(1 << 32)
    print(f'seed {seed}, {kills} kills')
    with Origin(feeds=2, grow_ms=50, fault_rate=0.1, slow_ms=100, seed=seed) as site:
        daemon = Daemon(bin_dir, folder, [
            f'id: a, url: "{site.base}/feed/1.xml", lang: fa, country: IRN',
            f'id: b, url: "{site.base}/feed/2.xml", lang: fa, country: IRN'])
        subscriber = Subscriber(daemon.events)
        wanted = run(site, daemon, subscriber, kills, random.Random(seed))
    check(daemon, subscriber, wanted)


if __name__ == '__main__':
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    KILLS = int(sys.argv[2]) if len(sys.argv) == 3 else 20
    in_folder(lambda folder: scenario(folder, sys.argv[1], KILLS))
