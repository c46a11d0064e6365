#!/usr/bin/env python3
"""Feeds come and go while they are asked: who is wanted is polled, who is gone is not.

usage: come_and_go.py BIN
"""
import sys
import time

from harness import Daemon, Origin, article_urls, feed_of, in_folder, page, until

TEXT = ['راهداران گفتند گردنه‌ها تا شب برای همه خودروها باز می‌ماند و برف‌روبی ادامه دارد.',
        'این خبر درباره باز شدن راه کوهستانی پس از بارش برف نوشته شده است.']


def reload(daemon, feeds, **settings):
    daemon.configure(feeds, **settings)
    answer = daemon.ask('reload')
    assert answer['ok'] is True, answer


def under_way(folder, bin_dir):
    """A feed takes its time to answer; meanwhile it is taken out and put back."""
    with Origin(start=1, fault_rate=1, faults=['slow'], streak=1000, slow_ms=1500) as slow, \
            Origin(start=0, pages={'/feed.xml': feed_of({})}) as other:
        one = f'id: one, url: "{slow.base}/feed/1.xml"'
        two = f'id: two, url: "{other.base}/feed.xml"'
        asked = slow.asked
        daemon = Daemon(bin_dir, folder, [one, two]).start()
        until('it is under way', lambda: asked.get('/feed/1.xml'))
        reload(daemon, [two])
        reload(daemon, [one, two])
        before = asked['/feed/1.xml']
        until('what was put back is polled on', lambda: asked['/feed/1.xml'] >= before + 2)

        # new fetch settings cancel it, when it is not wanted any more
        reload(daemon, [two])
        reload(daemon, [two], fetch='user_agent: another, ')
        gone, polls = asked['/feed/1.xml'], other.asked['/feed.xml']
        until('the others are polled on', lambda: other.asked['/feed.xml'] >= polls + 3)
        assert asked['/feed/1.xml'] <= gone + 1, 'a feed that was taken out is still polled'
        reload(daemon, [one, two], fetch='user_agent: another, ')
        until('it comes back', lambda: asked['/feed/1.xml'] > gone + 1)
        daemon.stop()


def gone_with_pages(folder, bin_dir):
    """Pages of feeds that were taken out while the daemon was down stand in nobody's way."""
    broken = {f'/{n}.xml': feed_of({f'/{n}': f'خبر {n}'}) for n in range(4)}
    broken |= {f'/{n}': {'type': 'text/html', 'text': 'x', 'status': 500} for n in range(4)}
    pages = {'/feed.xml': feed_of({'/a': 'راه باز شد'}), '/a': page('راه باز شد', TEXT)}
    with Origin(start=0, pages={**broken, **pages}) as site:
        few = 'concurrency: 4, '        # so few pages are taken up at a time
        daemon = Daemon(bin_dir, folder, [
            f'id: b{n}, url: "{site.base}/{n}.xml"' for n in range(4)], fetch=few).start()
        until('all pages have failed',
              lambda: daemon.ask('status')['counters']['pages_failed'] >= 4)
        daemon.stop()
        until('they are due again', lambda: daemon.rows(
            'SELECT max(next_try_ms) FROM entry')[0][0] < time.time() * 1000)
        daemon.configure([f'id: good, url: "{site.base}/feed.xml", lang: fa'], fetch=few)
        daemon.start()
        until('the article', lambda: article_urls(daemon) == [f'{site.base}/a'])
        daemon.stop()


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for scenario in under_way, gone_with_pages:
        in_folder(lambda folder, s=scenario: s(folder, sys.argv[1]))
