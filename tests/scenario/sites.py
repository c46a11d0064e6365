#!/usr/bin/env python3
"""Rules for sites of the user's own: taken over by a reload, and nothing of them when one is
wrong (P8).

usage: sites.py BIN
"""
import pathlib
import signal
import subprocess
import sys

from harness import Daemon, Origin, Subscriber, feed_of, in_folder, page, until

RULE = '[langar]\nhost: 127.0.0.1\nkicker: .z1\nstrip: .z7\n'
ADVERT = 'این جا جای آگهی شماست، با دفتر روزنامه تماس بگیرید و بهای آن را بپرسید.'


def article(title):
    made = page(title, [
        'وزیر راه دیروز در لنگرود گفت که ساخت بندر نو از پاییز آغاز می‌شود و سه سال زمان می‌برد.',
        f'شهردار در {title} گفت: این بندر برای هزار نفر کار می‌آورد، و ماهیگیران هم سود می‌برند.'])
    text = made['text'].replace('</h1>', '</h1><div class="z1">اقتصاد دریا</div>')
    return {**made, 'text': text.replace('</article>', f'<p class="z7">{ADVERT}</p>'
                                         '<p>کار از فردا آغاز می‌شود، چه باران ببارد و چه نبارد.</p></article>')}


class Story:
    def __init__(self, folder, bin_dir, site):
        self.site, self.known = site, {}
        self.own = pathlib.Path(folder, 'sites.d')
        self.daemon = Daemon(bin_dir, folder, [])
        self.configure(None)
        self.subscriber = Subscriber(self.daemon.events)

    def configure(self, own):
        extra = f'extract: {{sites: "{own}"}}\n' if own else ''
        self.daemon.configure([f'id: one, url: "{self.site.base}/feed.xml", lang: fa'], extra)

    def write(self, text, name='a.rules'):
        (self.own / name).write_text(text, encoding='utf8')

    def publish(self, title):
        """Puts an article onto the site; gives (its kicker, whether the advertisement is in it)."""
        path = f'/{len(self.known)}'
        self.site.pages[path] = article(title)
        self.known[path] = title
        self.site.pages['/feed.xml'] = feed_of(self.known)
        url = self.site.base + path
        got = until(f'the article {title}', lambda: next(
            (a for a in self.subscriber.of_type('article') if a['url'] == url), None))
        return got.get('kicker'), ADVERT in got['text']

    def refused(self, *words):
        """A reload that fails, and says these words."""
        said, generation = len(self.daemon.said()), self.daemon.ask('status')['generation']
        answer = self.daemon.ask('reload')
        assert answer['ok'] is False and 'rules' in answer['error'], answer
        assert self.daemon.ask('status')['generation'] == generation
        log = self.daemon.said()[said:]
        for word in (*words, 'keeping the old'):
            assert word in log, f'{word!r} was not said:\n{log}'


WITHOUT, WITH = (None, True), ('اقتصاد دریا', False)


def scenario(folder, bin_dir):
    with Origin(start=0, pages={'/feed.xml': feed_of({})}) as site:
        story = Story(folder, bin_dir, site)
        story.daemon.start_heard_by(story.subscriber)
        assert story.publish('بندر یکم') == WITHOUT

        # a folder that is not there
        story.configure(story.own)
        story.refused(str(story.own), 'No such file or directory')
        story.own.mkdir()
        story.write(RULE)
        story.daemon.process.send_signal(signal.SIGHUP)
        until('the second generation', lambda: story.daemon.ask('status')['generation'] == 2)
        assert story.publish('بندر دوم') == WITH

        # broken: what was read before holds on
        story.write(RULE.replace('strip: .', 'strip: .z7 + '))
        story.refused('sites.d/a.rules', 'line=4', 'column=12', 'there are no neighbours')
        assert story.publish('بندر سوم') == WITH

        # only a rule changes
        story.write(RULE.replace('.z', '.y'))
        assert story.daemon.ask('reload')['ok'] is True, story.daemon.said()
        assert story.publish('بندر چهارم') == WITHOUT
        story.write(RULE, 'b.rules')
        story.refused('sites.d/b.rules', 'line=1', 'column=2', 'there is a rule of that name already')
        (story.own / 'a.rules').unlink()
        assert story.daemon.ask('reload')['ok'] is True, story.daemon.said()
        assert story.publish('بندر پنجم') == WITH
        story.configure(None)
        assert story.daemon.ask('reload')['ok'] is True, story.daemon.said()
        assert story.publish('بندر ششم') == WITHOUT
        story.daemon.stop()
        story.subscriber.close()
        check_start(story)


def check_start(story):
    """What a reload refuses, a start refuses too."""
    story.write('[a]\nhost: http://a.org\n')
    story.configure(story.own)
    done = subprocess.run([story.daemon.bin / 'peykd', '--config', story.daemon.config],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 1, done
    for word in ('sites.d/a.rules', 'line=2', 'column=11', 'want a host'):
        assert word in done.stderr, done.stderr


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    in_folder(lambda folder: scenario(folder, sys.argv[1]))
