#!/usr/bin/env python3
"""Tables of the user's own: taken over by a reload, and nothing of them when one is wrong (P8).

usage: knowledge.py BIN
"""
import pathlib
import signal
import subprocess
import sys

from harness import Daemon, Origin, Subscriber, feed_of, in_folder, page, until

HEAD = 'id\tlatin\tcountry\troles\tfa\tfa_short\n'
ROW = ('kaveh-zarafshan\tKaveh Zarafshan\tTJK\tforeign_minister@TJK 2020-01-01 -'
       '\tکاوه زرافشان\tزرافشان\n')


def article(number):
    """Two paragraphs: one knows him by the surname, one by the office alone."""
    made = page(f'سخنان {number} در دوشنبه', [
        f'زرافشان امروز برای بار {number} در دوشنبه گفت که راه‌های مرزی باز می‌ماند و رفت‌وآمد '
        'از فردا آسان‌تر می‌شود.',
        'وزیر امور خارجه تاجیکستان فردا در تهران با همتای ایرانی خود دیدار می‌کند تا درباره '
        'راه‌های مرزی گفت‌وگو کنند.'])
    # who holds an office is a question of the day
    date = '<meta property="article:published_time" content="2024-05-01T09:00:00+03:30">'
    return {**made, 'text': made['text'].replace('<title>', date + '<title>')}


class Story:
    def __init__(self, folder, bin_dir, site):
        self.site, self.known, self.bin = site, {}, bin_dir
        self.own = pathlib.Path(folder, 'own')
        self.daemon = Daemon(bin_dir, folder, [])
        self.configure(None)
        self.subscriber = Subscriber(self.daemon.events)

    def configure(self, own):
        extra = f'extract: {{knowledge: "{own}"}}\n' if own else ''
        self.daemon.configure(
            [f'id: one, url: "{self.site.base}/feed.xml", lang: fa, country: IRN'], extra)

    def write(self, text, name='actors.tsv'):
        (self.own / name).write_text(text, encoding='utf8')

    def publish(self, numbers):
        """Puts an article for each onto the site; gives their URLs."""
        paths = {number: f'/{len(self.known) + i}' for i, number in enumerate(numbers)}
        self.site.pages.update({path: article(number) for number, path in paths.items()})
        self.known.update({path: f'سخنان {number} در دوشنبه' for number, path in paths.items()})
        self.site.pages['/feed.xml'] = feed_of(self.known)
        return [self.site.base + path for path in paths.values()]

    def received(self, url):
        """The id of the article, or None as long as it has not come."""
        return next((a['id'] for a in self.subscriber.of_type('article') if a['url'] == url), None)

    def actors(self, number):
        """Publishes an article and returns {id: latin name} of who acts in its events."""
        url, = self.publish([number])
        until(f'the article {number}', lambda: self.received(url))
        return self.actors_of(url)

    def actors_of(self, url):
        # an article and its events are one commit, and the head is told after it
        until('its events', lambda: self.daemon.ask('status')['head'] == self.subscriber.messages[-1][2])
        return {p.get('id'): p.get('name', {}).get('latin')
                for e in self.subscriber.of_type('event')
                if e['article']['id'] == self.received(url) for p in e['actors']}

    def refused(self, *words):
        """A reload that fails, and says these words."""
        said, generation = len(self.daemon.said()), self.daemon.ask('status')['generation']
        answer = self.daemon.ask('reload')
        assert answer['ok'] is False and 'tables' in answer['error'], answer
        assert self.daemon.ask('status')['generation'] == generation
        log = self.daemon.said()[said:]
        for word in (*words, 'keeping the old'):
            assert word in log, f'{word!r} was not said:\n{log}'

    def reload(self):
        answer = self.daemon.ask('reload')
        assert answer['ok'] is True, self.daemon.said()


def scenario(folder, bin_dir):
    with Origin(start=0, pages={'/feed.xml': feed_of({})}) as site:
        story = Story(folder, bin_dir, site)
        story.daemon.start_heard_by(story.subscriber)
        assert 'kaveh-zarafshan' not in story.actors('نخست')
        assert 'sirojiddin-muhriddin' in story.actors('دوم'), 'the one we know'

        # a folder that is not there
        story.configure(story.own)
        story.refused(str(story.own), 'No such file or directory')
        story.own.mkdir()
        story.write(HEAD + ROW)
        story.daemon.process.send_signal(signal.SIGHUP)
        until('the second generation', lambda: story.daemon.ask('status')['generation'] == 2)
        actors = story.actors('سوم')
        assert actors.get('kaveh-zarafshan') == 'Kaveh Zarafshan', actors
        assert 'sirojiddin-muhriddin' not in actors, 'his successor is in office'

        # broken: what was read before holds on
        story.write(HEAD + ROW + 'b\tB\tTJ\t\tب\n')
        story.refused('own/actors.tsv', '3', "there is no country 'TJ'")
        assert 'kaveh-zarafshan' in story.actors('چهارم')
        story.write('id\n', 'actor.tsv')
        story.refused('own/actor.tsv', "there is no table 'actor'")
        (story.own / 'actor.tsv').unlink()

        # only a table changes
        story.write(HEAD + ROW.replace('Kaveh', 'Kawa'))
        story.reload()
        assert story.actors('پنجم').get('kaveh-zarafshan') == 'Kawa Zarafshan'
        check_under_way(story)
        story.configure(None)
        story.reload()
        assert 'kaveh-zarafshan' not in story.actors('ششم')
        story.daemon.stop()
        story.subscriber.close()
        check_start(story)


def check_under_way(story):
    """Whatever moment a reload comes at, an article is read with one state of the tables."""
    urls = story.publish([f'شماره {n}' for n in range(30)])
    names = [ROW.replace('Kaveh', name) for name in ('Kaveh', 'Kawa')]
    reloads = 0
    while not all(story.received(url) for url in urls):
        story.write(HEAD + names[reloads % 2])
        story.reload()
        reloads += 1
        assert reloads < 5000, 'the articles do not come'
    for url in urls:
        name = story.actors_of(url).get('kaveh-zarafshan')
        assert name in ('Kaveh Zarafshan', 'Kawa Zarafshan'), name
    print(f'{len(urls)} articles, {reloads} reloads')


def check_start(story):
    """What a reload refuses, a start refuses too."""
    story.write('id\tname\n')
    story.configure(story.own)
    done = subprocess.run([story.daemon.bin / 'peykd', '--config', story.daemon.config],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 1, done
    assert 'own/actors.tsv' in done.stderr and "no column 'name'" in done.stderr, done.stderr


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    in_folder(lambda folder: scenario(folder, sys.argv[1]))
