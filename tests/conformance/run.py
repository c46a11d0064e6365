"""A server that is looked at, and what a check may say of it."""
import contextlib
import functools

import records
from peer import Listener, Peer, RawPeer, Refused, Silent

CHECKS = []
BIG = 2**64 - 1
MOST = 5000             # messages of the journal that are looked at


class Wrong(Exception):
    pass


class NotSeen(Exception):
    pass


def check(name, *sentences):
    """What the function below looks at, and the sentences of the page that it stands for."""
    def remember(function):
        CHECKS.append((name, sentences, function))
        return function
    return remember


def expect(condition, *problem):
    if not condition:
        raise Wrong(' '.join(str(p) for p in problem))


def expect_refusal(reason, ask, *arguments):
    try:
        answer = ask(*arguments)
    except Refused as refused:
        expect(refused.reason == reason, f'{refused.reason} instead of {reason}')
        return refused
    raise Wrong(f'no {reason}: {answer}')


class Run:
    """A server that is looked at."""

    def __init__(self, events, replay, keys=None, seconds=3, fill=False, patient=False, quick=False,
                 schema=records.SCHEMA, patience_s=12, limited=None):
        self.events, self.replay, self.keys = events, replay, keys
        self.seconds, self.fill, self.patient, self.quick = seconds, fill, patient, quick
        self.limited, self.schema = limited, records.Schema(schema)
        self.peer = Peer(events, replay, keys, patience_s)
        self.raw = None if quick else [RawPeer(endpoint) for endpoint in (events, replay)]
        self.silent = [RawPeer(events, greet=True)] if patient and not keys else []
        self.everything = Listener(self.peer, [b''])

    @functools.cached_property
    def journal(self):
        """{number: (topic, header, body)}, the newest MOST."""
        start = self.peer.since(0, 0, 1)
        cursor, found = max(start.oldest - 1, start.head - MOST), {}
        while True:
            batch = self.peer.since(start.epoch, cursor)
            found |= {number: message for number, message in batch.numbered()}
            expect(batch.scanned > cursor or batch.scanned == batch.head, 'scanned stands still at', cursor)
            cursor = batch.scanned
            if cursor >= start.head:
                return found

    @functools.cached_property
    def range(self):
        return self.peer.since(0, 0, 1)

    @functools.cached_property
    def live(self):
        """[(topic, header, body)] in their order, when the listening is over."""
        return self.everything.messages_after(self.seconds)

    def numbered_live(self):
        found = [(records.number_of(header), (topic, header, body)) for topic, header, body in self.live
                 if topic != b'heartbeat/']
        if not found:
            raise NotSeen('nothing was published')
        return found

    @functools.cached_property
    def replayed_live(self):
        """What replay says about what was seen live."""
        first, last = (number for number, _ in (self.numbered_live()[0], self.numbered_live()[-1]))
        cursor, found = first - 1, {}
        while cursor < last:
            batch = self.peer.since(self.range.epoch, cursor)
            found |= dict(batch.numbered())
            if batch.scanned <= cursor:
                break
            cursor = batch.scanned
        return found

    def heartbeats(self):
        found = [(header, self.schema.load(body)['data']) for topic, header, body in self.live
                 if topic == b'heartbeat/']
        expect(found, 'no heartbeat')
        return found

    def all(self):
        return [*self.live, *self.journal.values()]

    def topics(self, root):
        found = [topic for topic, _, _ in self.all() if topic.split(b'/')[0] == root]
        if not found:
            raise NotSeen(f'no message {root.decode()}/')
        return found

    def kinds(self, *kinds):
        found = [self.schema.load(body) for topic, _, body in self.all()
                 if topic.split(b'/')[0].decode() in kinds]
        if not found:
            raise NotSeen('no such message')
        return found

    def limited_peer(self):
        if not self.limited:
            raise NotSeen('only with --limited-key')
        return contextlib.closing(Peer(self.events, self.replay, self.limited))

    def some_prefixes(self):
        """Two that stand for some messages of the journal, and not for all."""
        seen = sorted({b'/'.join(topic.split(b'/')[:2]) + b'/' for topic, _, _ in self.journal.values()})
        if len(seen) < 3:
            raise NotSeen('too few topics')
        return seen[0], seen[-1]

    def between(self, after, last, prefixes=()):
        return [number for number in sorted(self.journal) if after < number <= last and (
            not prefixes or self.journal[number][0].startswith(tuple(prefixes)))]

    def tail(self, n):
        """The number behind which n messages stood when the journal was read."""
        numbers = sorted(self.journal)
        if len(numbers) < n:
            raise NotSeen(f'less than {n} messages')
        return numbers[-n] - 1

    def results(self, only=None):
        """(name, status, sentences, why), as they come; of one check, or of all."""
        for name, sentences, function in CHECKS:
            if only not in (None, name):
                continue
            try:
                yield name, 'ok', sentences, function(self) or ''
            except NotSeen as why:
                yield name, 'not seen', sentences, str(why)
            except Wrong as why:
                yield name, 'FAILED', sentences, str(why)
            except Refused as why:
                yield name, 'FAILED', sentences, f'it answers {why.reason}'
            except Silent:
                yield name, 'FAILED', sentences, 'no answer'
            except Exception as why:        # what a server that speaks otherwise makes of our parsing
                yield name, 'FAILED', sentences, f'{type(why).__name__}: {why}'
        self.peer.close()
