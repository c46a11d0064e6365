"""The oracle of the fault tests. It knows every item that the site has ever shown; who subscribed
is a witness; at the end it asks whether all of them tell the same story:

    every item stands in the journal exactly once, and no message id twice
    a witness has every message that begins with its prefixes (no hole), once, and none that does
    not stand in the journal byte for byte (no phantom: P1, P2)
    numbers rise by one, and who subscribes to everything got them in their order (P4)
    the database is whole
"""
import collections
import hashlib
import json
import sqlite3

from harness import Daemon, until
from joining import Joined

AT_ONCE = 200           # messages of one answer: many of them come between two kills
LOST_ANSWER_S = 1       # the page of the manual says 10 to clients whose server is not killed all the time


def digest(topic, body):
    return hashlib.blake2b(topic + b'\0' + body, digest_size=16).digest()


class Witness:
    """A subscriber that follows the join algorithm and remembers what it was handed."""

    def __init__(self, name, daemon, prefixes=(), events=None):
        self.name, self.daemon, self.prefixes = name, daemon, tuple(prefixes)
        self.events = events or daemon.events
        self.got = []       # (epoch, seq, digest), as they came
        self.items = collections.Counter()      # addresses of articles
        self.client, self.cursor, self.lives, self.asked = None, (0, 0, ()), 0, 0

    def join(self):
        self.client = Joined(self.events, self.daemon.replay, self.hand_on, self.prefixes,
                             self.cursor, patience_s=LOST_ANSWER_S, limit=AT_ONCE)
        self.lives += 1
        return self

    def leave(self):
        """Forgets all but its cursor."""
        if self.client:
            self.asked += self.client.asked
            client, self.client = self.client, None
            self.cursor = client.close()
            assert not client.lost and not client.epochs, (client.lost, client.epochs)

    def hand_on(self, message):
        self.got.append((message.epoch, message.seq, digest(message.topic, message.body)))
        if message.topic.startswith(b'article/'):
            self.items[json.loads(message.body)['data']['url']] += 1

    def wants(self, topic):
        return not self.prefixes or any(topic.startswith(prefix) for prefix in self.prefixes)

    def check(self, epoch, journal, items, say=print):
        """journal: {seq: (topic, digest)} of what is left of it; items: the addresses of what was
        shown to it. A feed may have been told to be stale after it left: its own cursor says how
        far it should have come."""
        wanted = {seq for seq, (topic, _) in journal.items() if self.wants(topic) and seq <= self.cursor[1]}
        seqs, oldest = [seq for _, seq, _ in self.got], min(journal)
        phantoms = [seq for its_epoch, seq, its_digest in self.got
                    if its_epoch != epoch or
                    (seq >= oldest and journal.get(seq, (b'', b''))[1] != its_digest)]
        holes = sorted(wanted - set(seqs))
        twice = [seq for seq, n in collections.Counter(seqs).items() if n > 1]
        strange = sorted(seq for seq in set(seqs) - wanted if oldest <= seq <= self.cursor[1])
        say(f'{self.name}: {len(seqs)} of {len(wanted)} messages, {len(holes)} holes, {len(phantoms)} phantoms, '
            f'{len(twice)} twice, {self.asked} requests in {self.lives} lives')
        assert not phantoms, f'{self.name}: seen and not in the journal: {phantoms[:10]}'
        assert not holes, f'{self.name}: never seen: {holes[:10]}'
        assert not twice, f'{self.name}: seen twice: {twice[:10]}'
        assert not strange, f'{self.name}: not asked for: {strange[:10]}'
        assert self.items == collections.Counter(items), f'{self.name}: not every item, or not once'
        assert self.prefixes or seqs == list(range(1, self.cursor[1] + 1)), f'{self.name}: out of order'


def read_journal(daemon):
    """(epoch, {seq: (topic, body)}) as bytes; the database must be whole."""
    db = sqlite3.connect(daemon.state / 'peyk.db', timeout=10)
    try:
        (epoch,), = db.execute('SELECT epoch FROM epoch')
        rows = db.execute('SELECT seq, CAST(topic AS BLOB), CAST(body AS BLOB) FROM message ORDER BY seq')
        journal = {seq: (bytes(topic), bytes(body)) for seq, topic, body in rows}
        assert db.execute('PRAGMA integrity_check').fetchall() == [('ok',)], 'the database is damaged'
    finally:
        db.close()
    return epoch, journal


def entries_of(site):
    return [e for entries in site.entries().values() for e in entries]


def links_of(site):
    return sorted(e.link for e in entries_of(site))


def published(daemon):
    """How many articles the journal holds."""
    (n,), = daemon.rows("SELECT count(*) FROM article") or [(0,)]
    return n


def everything_published(daemon, *sites, patience=60):
    wanted = sum(len(links_of(site)) for site in sites)
    until(f'all of {wanted} items are published', lambda: daemon.alive() and published(daemon) >= wanted, patience)


def everybody_has_it(daemon, witnesses, patience=60):
    (head,), = daemon.rows('SELECT max(seq) FROM message')
    for witness in witnesses:
        until(f'{witness.name} has everything up to {head}', lambda: witness.client.has(head), patience)
        witness.leave()
    return head


def stable_ids(journal):
    """Of articles and events, without their revisions: what the same input gives again."""
    return {json.loads(body)['id'].rsplit('.', 1)[0] for topic, body in journal.values()
            if not topic.startswith(b'feed/')}


def check_items(sites, journal, say):
    messages = [(topic, json.loads(body)) for topic, body in journal.values()]
    ids = collections.Counter(message['id'] for _, message in messages)
    urls = collections.Counter(message['data']['url'] for topic, message in messages
                               if topic.startswith(b'article/'))
    wanted = [link for site in sites for link in links_of(site)]
    lost = [link for link in wanted if link not in urls]
    twice = [link for link, n in urls.items() if n > 1] + [i for i, n in ids.items() if n > 1]
    phantoms = set(urls) - set(wanted)
    say(f'{len(wanted)} items, {len(journal)} messages in the journal: {len(lost)} not there, {len(twice)} twice, '
        f'{len(phantoms)} from nowhere')
    assert not lost or min(journal) > 1, lost[:10]
    assert not twice, twice[:10]
    assert not phantoms, sorted(phantoms)[:10]


def check_everything(daemon, sites, witnesses, topic_of, say=print, pruned=False):
    """At rest, the daemon stopped or not. topic_of(site, entry) is that of the entry's article.
    Returns the journal."""
    epoch, journal = read_journal(daemon)
    seqs = list(journal)
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs))), 'numbers do not rise by one'
    assert seqs[0] == 1 or pruned, 'the beginning is gone'
    check_items(sites, journal, say)
    digests = {seq: (topic, digest(topic, body)) for seq, (topic, body) in journal.items()}
    for witness in witnesses:
        items = [e.link for site in sites for e in entries_of(site) if witness.wants(topic_of(site, e))]
        witness.check(epoch, digests, items, say)
    return journal


def check_same_again(bin_dir, folder, feeds, site, journal, **settings):
    """P3: another daemon on the same site, undisturbed, gives the same ids."""
    folder.mkdir()
    other = Daemon(bin_dir, folder, feeds, **settings).start()
    everything_published(other, site, patience=300)
    other.stop()
    _, again = read_journal(other)
    ours, theirs = stable_ids(journal), stable_ids(again)
    assert ours == theirs, f'only here: {sorted(ours - theirs)[:5]}, only there: {sorted(theirs - ours)[:5]}'
    print(f'{len(ours)} ids, the same again')
