#!/usr/bin/env python3
"""A hub tells of news before any poll does, and when it fails nothing is lost (WebSub).

usage: websub.py BIN
"""
import contextlib
import pathlib
import socket
import sys
import tempfile
import threading
import time
import urllib.parse

from harness import (Daemon, Origin, Subscriber, article_urls, check_durable, feed_of, in_folder,
                     page, until)
from hub import Hub, ask

SLOW = 'poll: {adaptive: false, interval: 1h, min_interval: 1s, max_interval: 6h, backoff: {first: 1s, max: 2s}}'


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


class Site(Origin):
    """A feed that names a hub, and articles that it shows only when it is told to."""

    def __init__(self, hub, path='/feed.xml', by_header=False):
        super().__init__(start=0)
        self.hub, self.path, self.titles, self.by_header = hub, path, {}, by_header
        self.topic = f'{self.base}{path}'
        self.show()

    def feed(self, titles):
        feed = feed_of(titles)
        if self.by_header:
            return {**feed, 'headers': {
                'Link': f'<{self.hub.url}>; rel="hub", <{self.topic}>; rel="self"'}}
        links = (f'<atom:link rel="hub" href="{self.hub.url}"/>'
                 f'<atom:link rel="self" href="{self.topic}"/>')
        feed['text'] = feed['text'].replace('<rss ', '<rss xmlns:atom="http://www.w3.org/2005/Atom" ') \
            .replace('<title>خبر</title>', f'<title>خبر</title>{links}', 1)
        return feed

    def show(self):
        """What polls see."""
        self.pages[self.path] = self.feed(self.titles)

    def write(self, name):
        """One more article; no feed shows it yet."""
        title = f'گزارش {name} از راه‌های کوهستانی'
        self.titles[f'/{name}'] = title
        self.pages[f'/{name}'] = page(title, [
            f'این گزارش {name} است و درباره باز شدن راه کوهستانی پس از بارش برف نوشته شده است.',
            'راهداران گفتند همه گردنه‌ها تا شب برای خودروهای سبک باز می‌ماند و برف‌روبی ادامه دارد.'])

    def push(self, *names):
        """The hub sends a feed of these articles alone; the statuses that it got."""
        body = self.feed({f'/{name}': self.titles[f'/{name}'] for name in names})['text']
        return self.hub.publish(self.topic, body.replace('{{BASE}}', self.base).encode())

    def polls(self):
        return self.asked.get(self.path, 0)


class World:
    """A hub, a site, the daemon between them, a subscriber."""

    def __init__(self, bin_dir, folder, poll=SLOW, lease='7d', before=None, **site):
        self.stack = contextlib.ExitStack()
        self.hub = self.stack.enter_context(Hub())
        if before:
            before(self.hub)
        self.site = self.stack.enter_context(Site(self.hub, **site))
        self.site.write('old')
        self.site.show()
        self.port = free_port()
        self.callback = f'http://127.0.0.1:{self.port}'
        self.poll, self.lease = poll, lease
        self.feed = f'id: one, url: "{self.site.topic}", lang: fa'
        self.daemon = Daemon(bin_dir, folder, [self.feed])
        self.configure([self.feed])
        self.subscriber = Subscriber(self.daemon.events)
        self.daemon.start_heard_by(self.subscriber)

    def configure(self, feeds, callback=None):
        callback = self.callback if callback is None else callback
        self.daemon.configure(
            feeds, f'websub: {{callback: "{callback}", listen: "127.0.0.1:{self.port}", '
            f'lease: {self.lease}}}\n', poll=self.poll)

    def counter(self, name):
        return self.daemon.ask('status')['counters'][name]

    def row(self, columns='state'):
        rows = self.daemon.rows(f'SELECT {columns} FROM subscription')
        return rows[0] if rows else None

    def told(self, name):
        return any(a['url'].endswith(f'/{name}') for a in self.subscriber.of_type('article'))

    def wait_for(self, name):
        until(f'the article {name}', lambda: self.told(name))

    def until_subscribed(self):
        until('the hub has verified', lambda: self.hub.subscriptions)
        until('the subscription is on disk', lambda: self.row() == ('verified',))

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            self.daemon.stop()
            check_durable(self.daemon, self.subscriber)
            self.subscriber.close()
        self.stack.close()


def pushes(folder, bin_dir):
    """Subscribe, verify, push; wrong signatures; a kill; the feed is taken out."""
    with World(bin_dir, folder) as w:
        site, hub = w.site, w.hub
        w.until_subscribed()
        form = hub.requests[0]
        assert form['hub.topic'] == site.topic and form['hub.lease_seconds'] == '604800', form
        assert form['content_type'] == 'application/x-www-form-urlencoded', form
        assert hub.verified == [('subscribe', 200, True)], hub.verified
        w.wait_for('old')

        site.write('first')
        assert site.push('first') == [202]
        w.wait_for('first')
        assert site.polls() == 1, 'a poll brought it'
        until('the push is counted', lambda: w.row('pushes, proofs') == (1, 1))
        told = w.daemon.ask('feeds')['feeds'][0]['websub']
        assert told['state'] == 'verified' and told['trusted'] and told['pushes'] == 1, told
        check_strangers(w, form['hub.callback'])

        hub.sign = 'wrong'
        site.write('forged')
        assert site.push('forged') == [202]
        hub.sign = 'none'
        assert site.push('forged') == [202]
        assert w.counter('websub_pushes_refused') == 3    # with that of check_strangers()
        for method in 'sha1', 'sha384', 'sha512':
            hub.sign = method
            site.write(method)
            assert site.push(method) == [202]
            w.wait_for(method)
        assert not w.told('forged'), 'what nobody has signed was believed'
        assert w.counter('websub_pushes') == 4
        hub.sign = 'sha256'

        asked, polls = len(hub.requests), site.polls()
        w.daemon.kill()
        w.daemon.start_heard_by(w.subscriber)
        until('it polls after the start', lambda: site.polls() > polls)
        until('that poll is noted', lambda: w.counter('polls_not_modified') == 1)
        site.write('second')
        assert site.push('second') == [202]
        w.wait_for('second')
        assert len(hub.requests) == asked, 'a restart asked the hub again'
        assert site.polls() == polls + 1, 'a poll brought it'

        # what is pushed while the feed is under way comes by another poll, and garbage does, too
        site.write('third')
        site.show()
        assert hub.publish(site.topic, b'no feed at all') == [202]
        w.wait_for('third')

        w.configure([])
        assert w.daemon.ask('reload')['ok'] is True
        until('the hub is told of the end', lambda: not hub.subscriptions)
        until('it is forgotten', lambda: w.row() is None)
        assert hub.verified[-1] == ('unsubscribe', 200, True), hub.verified
        assert ask(form['hub.callback'], b'x')[0] == 410


def check_strangers(w, callback):
    """Who does not know a token, or asks for what nobody wanted, gets nothing."""
    base = w.callback
    for path in ('/', '/websub/', '/websub/' + '0' * 32, '/websub/' + 'z' * 32, '/status'):
        assert ask(base + path)[0] == 404, path
    assert ask(base + '/websub/' + '0' * 32, b'x')[0] == 410
    assert ask(base + '/', b'x')[0] == 404
    assert ask(callback, b'x', method='PUT')[0] == 404
    topic = w.site.topic
    assert w.hub.ask_back(callback, 'subscribe', topic + 'x', lease_seconds=60) == (404, False)
    assert w.hub.ask_back(callback, 'unsubscribe', topic) == (404, False)
    query = urllib.parse.urlencode({'hub.mode': 'subscribe', 'hub.topic': topic})
    assert ask(f'{callback}?{query}')[0] == 404, 'there was no challenge'
    assert w.row() == ('verified',)
    with socket.create_connection(('127.0.0.1', w.port)) as s:
        path = urllib.parse.urlsplit(callback).path
        s.sendall(f'POST {path} HTTP/1.1\r\nHost: x\r\nX-Hub-Signature: sha1=00\r\n'
                  f'Content-Length: {1 << 40}\r\n\r\n'.encode())
        assert b' 413 ' in s.makefile('rb').readline()
    assert w.counter('websub_pushes_refused') == 1


def renewal(folder, bin_dir):
    """A short lease is renewed; a new callback is told; switched off, nothing is left."""
    def short(hub):
        hub.lease, hub.eager = 5, True
    with World(bin_dir, folder, before=short, by_header=True) as w:
        w.until_subscribed()
        first, = w.hub.subscriptions.values()
        until('the lease is renewed', lambda: len(w.hub.requests) >= 2)
        until('for longer', lambda: any(s.until > first.until for s in w.hub.subscriptions.values()))
        w.hub.lease = None
        w.configure([w.feed], callback=w.callback + '/behind/a/proxy')
        assert w.daemon.ask('reload')['ok'] is True
        until('the new callback', lambda: any('/behind/' in c for c in w.hub.subscriptions))
        until('it is verified', lambda: w.row('state, callback') == ('verified', w.callback + '/behind/a/proxy'))
        w.site.write('moved')
        assert 202 in w.site.push('moved')
        w.wait_for('moved')
        polls, w.feed, w.poll = w.site.polls(), w.feed + ', interval: 2s', SLOW.replace('1h', '2s')
        w.configure([w.feed], callback='')
        assert w.daemon.ask('reload')['ok'] is True
        until('the table is empty', lambda: w.row() is None)
        assert not listens(w.port), 'switched off, and it listens'
        until('it is polled again', lambda: w.site.polls() > polls)


def refusals(folder, bin_dir):
    """A hub that denies, lies, fails or keeps silent changes nothing for the feed."""
    for number, (what, set_hub, state) in enumerate((
            ('denies', lambda hub: setattr(hub, 'deny', True), 'denied'),
            ('lies', lambda hub: setattr(hub, 'lie', True), 'pending'),
            ('fails', lambda hub: setattr(hub, 'refuse', 503), 'pending'),
            ('is silent', lambda hub: setattr(hub, 'silent', True), 'pending'))):
        place = tempfile.mkdtemp(dir=folder, prefix=f'{number}-')
        with World(bin_dir, place, poll='poll: {adaptive: false, interval: 1s, min_interval: 1s}', before=set_hub) as w:
            until(f'the hub {what}', lambda: w.hub.requests)
            until('that is noted', lambda: w.row('state, failures') in ((state, 1), (state, 2)))
            w.site.write('polled')
            w.site.show()
            w.wait_for('polled')
            assert not w.hub.subscriptions
            assert len(w.hub.requests) == 1, 'it was asked again at once'


def vanished(folder, bin_dir):
    """A hub is trusted and goes away: the safety net brings the news."""
    poll = 'poll: {adaptive: false, interval: 2s, min_interval: 1s, max_interval: 3s}'
    with World(bin_dir, folder, poll=poll) as w:
        w.until_subscribed()
        w.site.write('pushed')
        assert w.site.push('pushed') == [202]
        w.wait_for('pushed')
        w.hub.stop()
        w.site.write('alone')
        w.site.show()
        w.wait_for('alone')
        until('it is suspect', lambda: w.row('suspect_ms > 0, misses') == (1, 0))
        # some minutes later
        w.daemon.write('UPDATE subscription SET suspect_ms = suspect_ms - 600000')
        until('it is trusted no more', lambda: w.row('misses, proofs') == (1, 0))


def listens(port):
    with socket.socket() as s:
        return s.connect_ex(('127.0.0.1', port)) == 0


def off(folder, bin_dir):
    """Without a callback, which is the default, and for a feed that does not want it."""
    with Hub() as hub, Site(hub) as site:
        site.write('plain')
        site.show()
        port = free_port()
        feed = f'id: one, url: "{site.topic}", lang: fa'
        daemon = Daemon(bin_dir, folder, [feed])
        daemon.configure([feed], f'websub: {{listen: "127.0.0.1:{port}"}}\n')
        daemon.start()
        until('it is polled', lambda: daemon.ask('status')['counters']['articles'] == 1)
        assert not listens(port), 'it is off, and it listens'
        assert not hub.requests and not daemon.rows('SELECT 1 FROM subscription')
        daemon.stop()
        on = f'websub: {{listen: "127.0.0.1:{port}", callback: "http://127.0.0.1:{port}"}}\n'
        daemon.configure([f'{feed}, websub: false'], on)
        daemon.start()
        polls = site.polls()
        until('it is polled', lambda: site.polls() > polls + 1)
        assert listens(port)
        assert not hub.requests and not daemon.rows('SELECT 1 FROM subscription')

        # switched on; the feed has not changed since it was read
        daemon.configure([feed], on)
        assert daemon.ask('reload')['ok'] is True
        until('it subscribes', lambda: hub.subscriptions)
        daemon.stop()


def wakes(daemon):
    """How often its threads have gone to sleep so far."""
    return sum(int(line.split()[1]) for status in pathlib.Path(f'/proc/{daemon.process.pid}/task').glob('*/status')
               for line in status.read_text().splitlines() if line.startswith('voluntary_ctxt_switches'))


def off_while_one_waits(folder, bin_dir):
    """Switched off while a hub waits for its turn: nobody waits any more, least of all all the time."""
    with Hub() as hub, Site(hub) as site:
        port = free_port()
        feed = f'id: one, url: "{site.topic}", lang: fa, interval: 1h'
        daemon = Daemon(bin_dir, folder, [feed])

        def configure(callback):
            daemon.configure([feed], f'websub: {{listen: "127.0.0.1:{port}", callback: "{callback}"}}\n')
            daemon.config.write_text(daemon.config.read_text(encoding='utf8').replace(
                'min_delay: 0s', 'min_delay: 3s'), encoding='utf8')
        configure(f'http://127.0.0.1:{port}')
        daemon.start()
        until('the hub is to be asked', lambda: daemon.rows('SELECT 1 FROM subscription'))
        time.sleep(0.5)
        assert not hub.requests
        configure('')
        assert daemon.ask('reload')['ok'] is True
        time.sleep(4)
        before = wakes(daemon)
        time.sleep(2)
        assert wakes(daemon) - before < 600, f'{wakes(daemon) - before} times in 2 s'
        assert not hub.requests
        daemon.stop()


def storm(folder, bin_dir):
    """Many hubs send at once, the daemon has little room and is killed meanwhile: nothing is lost."""
    with contextlib.ExitStack() as stack:
        hub = stack.enter_context(Hub())
        sites = [stack.enter_context(Site(hub)) for _ in range(6)]
        port = free_port()
        daemon = Daemon(bin_dir, folder, [])
        daemon.configure([f'id: f{n}, url: "{site.topic}", lang: fa' for n, site in enumerate(sites)],
                         f'websub: {{listen: "127.0.0.1:{port}", callback: "http://127.0.0.1:{port}"}}\n',
                         fetch='concurrency: 2, ', poll=SLOW)
        subscriber = Subscriber(daemon.events)
        daemon.start_heard_by(subscriber)
        until('all hubs have verified', lambda: len(hub.subscriptions) == len(sites))

        def write_and_push(site):
            for n in range(10):
                site.write(f'n{n}')
                site.show()
                site.push(f'n{n}')
        threads = [threading.Thread(target=write_and_push, args=(site,)) for site in sites]
        for thread in threads:
            thread.start()
        until('something is published', lambda: len(subscriber.of_type('article')) > 5)
        daemon.kill()
        for thread in threads:
            thread.join()
        daemon.start()
        wanted = {f'{site.base}{path}' for site in sites for path in site.titles}
        until('all articles', lambda: set(article_urls(daemon)) == wanted)
        assert len(article_urls(daemon)) == len(wanted), 'an article was told twice'
        daemon.stop()
        check_durable(daemon, subscriber)
        subscriber.close()


def scenario(folder, bin_dir):
    for part in (pushes, renewal, refusals, vanished, off, off_while_one_waits, storm):
        place = tempfile.mkdtemp(dir=folder, prefix=part.__name__ + '-')
        started = time.monotonic()
        try:
            part(place, bin_dir)
        except BaseException:
            for log in sorted(pathlib.Path(place).rglob('peykd.log')):
                print(f'--- {log}\n{log.read_text(errors="replace")[-4000:]}')
            raise
        print(f'{part.__name__}: {time.monotonic() - started:.1f} s')


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    in_folder(lambda folder: scenario(folder, sys.argv[1]))
