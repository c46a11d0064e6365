#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What befalls one feed is not to be its neighbours' burden, and what one host is told is not for
another: holds, silent sites, secrets; and an index of children that say nothing of themselves.

usage: neighbours.py BIN
"""
import socket
import sys
import threading
import time

from harness import Daemon, Origin, article_urls, feed_of, in_folder, page, until

SENTENCES = ['باغداران گفتند برداشت انار در شهرستان از هفته آینده آغاز می‌شود و تا پایان ماه ادامه دارد.',
             'این گزارش درباره برداشت انار و بهای آن در بازارهای محلی نوشته شده است.']


def titles(numbers, folder=''):
    return {f'{folder}/{n}': f'گزارش {n} از برداشت انار' for n in numbers}


def pages(numbers, folder=''):
    return {f'{folder}/{n}': page(f'گزارش {n} از برداشت انار', [f'این گزارش {n} است. ' + SENTENCES[0],
                                                                SENTENCES[1]]) for n in numbers}


def by_name(site):
    """The same site under the name of another host."""
    site.base = site.base.replace('127.0.0.1', 'localhost')
    return site


def count(daemon, name):
    return daemon.ask('status')['counters'][name]


def a_host_that_wants_to_be_left_alone(folder, bin_dir):
    """The pages of its feeds wait for an hour, more of them than may be under way; those of others
    do not wait for them."""
    busy = {'type': 'text/plain', 'text': 'busy', 'status': 429, 'headers': {'Retry-After': '3600'}}
    with Origin(start=0) as held, by_name(Origin(start=0)) as other:
        other.pages |= {'/feed.xml': feed_of({})} | pages(range(3))
        for feed in 'abcdef':
            held.pages[f'/{feed}.xml'] = feed_of(titles(range(10), f'/{feed}'))
            held.pages |= {path: busy for path in titles(range(10), f'/{feed}')}
        feeds = [f'id: {feed}, url: "{held.base}/{feed}.xml", lang: fa' for feed in 'abcdef']
        daemon = Daemon(bin_dir, folder, [*feeds, f'id: other, url: "{other.base}/feed.xml", lang: fa'],
                        fetch='concurrency: 4, robots: false, ').start()
        until('all of it waits', lambda: daemon.rows(
            "SELECT 1 FROM entry WHERE state = 'pending' GROUP BY state HAVING count(*) >= 50"))
        time.sleep(1)
        other.pages['/feed.xml'] = feed_of(titles(range(3)))
        until('the neighbour is read', lambda: len(article_urls(daemon)) == 3)
        daemon.stop()


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for scenario in a_host_that_wants_to_be_left_alone,:
        in_folder(lambda folder, s=scenario: s(folder, sys.argv[1]))
