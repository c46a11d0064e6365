#!/usr/bin/env python3
"""A reload takes over a good configuration and nothing of a bad one (P8).

usage: reload.py BIN
"""
import contextlib
import signal
import socket
import sys
import threading
import time

from harness import Daemon, Origin, Subscriber, feed_of, in_folder, page, until


def site_with_an_article(name):
    title = f'خبر {name}'
    return Origin(start=0, pages={'/feed.xml': feed_of({'/a': title}), '/a': page(title, [
        f'این خبر {name} است و درباره باز شدن راه کوهستانی پس از بارش برف نوشته شده است.',
        'راهداران گفتند همه گردنه‌ها تا شب برای خودروهای سبک باز می‌ماند و برف‌روبی ادامه دارد.'])})


def scenario(folder, bin_dir):
    with site_with_an_article('نخست') as first, site_with_an_article('دوم') as second:
        one = f'id: one, url: "{first.base}/feed.xml", lang: fa'
        two = f'id: two, url: "{second.base}/feed.xml", lang: fa'
        daemon = Daemon(bin_dir, folder, [one])
        subscriber = Subscriber(daemon.events)
        full = first.pages['/feed.xml']
        first.pages['/feed.xml'] = feed_of({})
        daemon.start_heard_by(subscriber)
        first.pages['/feed.xml'] = full
        until('the first article', lambda: len(subscriber.of_type('article')) == 1)

        daemon.configure([one, two], 'polll: {interval: 1s}\n')
        answer = daemon.ask('reload')
        assert answer['ok'] is False, answer
        status = daemon.ask('status')
        assert status['generation'] == 1 and status['feeds'] == 1, status
        assert 'polll' in daemon.said(), 'the log does not name the wrong key'

        daemon.configure([one, two])
        daemon.process.send_signal(signal.SIGHUP)
        until('the second generation', lambda: daemon.ask('status')['generation'] == 2)
        until('an article of the new feed', lambda: len(subscriber.of_type('article')) == 2)

        daemon.configure([two])
        assert daemon.ask('reload')['ok'] is True
        assert daemon.ask('status')['feeds'] == 1
        polls, seen = first.asked['/feed.xml'], second.asked['/feed.xml']
        until('the feed that is left is polled on', lambda: second.asked['/feed.xml'] > seen + 2)
        assert first.asked['/feed.xml'] <= polls + 1, 'a feed that was taken out is still polled'
        assert daemon.ask('nonsense') == {'ok': False, 'error': 'there is no such command'}
        check_dripping_client(daemon)
        daemon.stop()
        subscriber.close()


def check_dripping_client(daemon):
    """Who sends a byte now and then has a second for all of it, like everybody."""
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(str(daemon.control))
        end = threading.Event()
        thread = threading.Thread(target=send_slowly, args=(s, end))
        thread.start()
        started = time.monotonic()
        answer = daemon.ask('status')
        took = time.monotonic() - started
        end.set()
        thread.join()
    assert answer['ok'] is True and took < 3, f'one client held up the other for {took:.1f} s'


def send_slowly(s, end):
    with contextlib.suppress(OSError):
        while not end.wait(0.2):
            s.sendall(b' ')


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    in_folder(lambda folder: scenario(folder, sys.argv[1]))
