#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does a server speak the wire that peyk-stream(7) describes? Asks it, as a stranger would.

usage: conformance.py [--server-key FILE --key FILE [--limited-key FILE]] [--seconds N] [--fill]
                      [--patient] [--quick] [--schema FILE] EVENTS REPLAY

One line a check: ok, FAILED, or not seen, for what did not happen while it looked. It listens
for --seconds, so something should be published meanwhile. --limited-key is another one, that may
not read everything. It keeps a named cursor for a moment;
--fill makes a thousand of them, for servers that nobody else uses; --patient waits half a minute
for what takes so long, --quick not even ten seconds. Exit status 1 when something failed.

Needs pyzmq and jsonschema (Debian: python3-zmq, python3-jsonschema).
"""
import argparse
import contextlib
import functools
import pathlib
import re
import secrets
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import records                      # noqa: E402
from peer import Keys, Listener, Peer, RawPeer, Refused, Silent, u64      # noqa: E402

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


# -- DESCRIPTION

@check('frames', 'Each message has three frames: topic, header and body.',
       'peykd(8) publishes on two ZeroMQ sockets:')
def frames(run):
    for message in run.everything.raw_after(run.seconds):
        expect(len(message) == 3, f'{len(message)} frames: {message[0]}')
    run.heartbeats()


@check('live.subscribes', 'A subscriber connects a SUB socket and subscribes to prefixes of topics.')
def live_subscribes(run):
    expect(run.everything.first_after(run.peer.patience_s), 'a SUB socket hears nothing')


@check('replay.asks', 'A client connects a DEALER socket and asks for what it has missed, a batch at a time, '
       'out of the journal on disk.')
def replay_asks(run):
    expect(run.range.head >= run.range.oldest - 1, 'head', run.range.head, 'oldest', run.range.oldest)


@check('durable', 'Everything that is seen on one of them is on disk (journal.sync) and stays there for '
       'journal.retention.')
def durable(run):
    lost = [number for number, _ in run.numbered_live() if number not in run.replayed_live]
    expect(not lost, 'seen live, and not in replay:', lost[:5])


@check('replay.same_bytes', 'They are the same bytes, live and replayed.',
       'Within an epoch a number stands for one message for ever.')
def same_bytes(run):
    other = [number for number, message in run.numbered_live()
             if run.replayed_live.get(number, message) != message]
    expect(not other, 'other bytes in replay:', other[:5])


# -- Topic

@check('topic.ends', 'ASCII; every level ends in /, so that a prefix never matches half a word:')
def topic_ends(run):
    for topic, _, _ in run.all():
        expect(re.fullmatch(rb'[!-~]+/', topic) and b'//' not in topic, topic)


@check('topic.types', 'The types of events are those of the PLOVER ontology and STATE for what somebody said.',
       'event/type/country/country/: An event.')
def topic_types(run):
    for topic in run.topics(b'event'):
        expect(topic.split(b'/')[1].decode() in run.schema.types, topic)


@check('topic.event', 'The countries, three letters of ISO 3166-1 or -, are those of the first actor and of the '
       'first recipient.', 'For what parties do together, like CONSULT and AGREE, they are those of the first '
       'two parties.')
def topic_event(run):
    for topic in run.topics(b'event'):
        expect(re.fullmatch(rb'event/[A-Z]+/([A-Z]{3}|-)/([A-Z]{3}|-)/', topic), topic)
    for topic, _, body in run.journal.values():
        if topic.startswith(b'event/'):
            wrong = records.wrong_countries(topic.decode(), run.schema.load(body)['data'])
            expect(not wrong, topic, wrong)


@check('topic.article', 'article/language/publisher/: An article.')
def topic_article(run):
    for topic in run.topics(b'article'):
        expect(re.fullmatch(rb'article/([a-z]{2,3}(-[A-Za-z0-9]+)*|-|und)/[a-z0-9-]+/', topic), topic)


@check('topic.feed', 'feed/feed/state/: A feed changed its state, or something happened to it.',
       'It is up when it can be read, slow when it answers slowly or asks to be asked less often, failing when '
       'it cannot be had at present, stale when it has had nothing new for eight times as long as usual, and '
       'dead when it is gone or could not be had for two weeks; it is asked on all the same.',
       'gap tells that entries came and went between two polls, so some were missed; moved that it is asked at '
       'another address from now on.')
def topic_feed(run):
    for topic in run.topics(b'feed'):
        expect(re.fullmatch(rb'feed/[a-z0-9-]{1,32}/(up|slow|failing|stale|dead|gap|moved)/', topic), topic)


# -- Header

@check('header', '24 bytes, numbers in network byte order:',
       'offset length 0 4 the letters PYK1 4 4 flags, 0 8 8 epoch 16 8 sequence, 0 in a heartbeat')
def header(run):
    for topic, head, _ in run.all():
        expect(len(head) == 24, f'{len(head)} bytes: {topic}')
        expect(head[:8] == b'PYK1\0\0\0\0', head[:8])
    small = [records.number_of(head) for _, head, _ in run.journal.values()]
    expect(max(small, default=0) < 2**56, 'numbers in another byte order')


@check('epoch', 'The epoch, never 0, is chosen anew when a journal is made or restored from a backup.')
def epoch(run):
    epochs = {records.epoch_of(head) for _, head, _ in run.all()} | {run.range.epoch}
    expect(len(epochs) == 1 and 0 not in epochs, sorted(epochs))


@check('sequence.rises', 'The sequence rises by one with each message and is the order of the journal.',
       'Now the stream is live.')
def sequence_rises(run):
    for numbers in ([n for n, _ in run.numbered_live()], list(run.journal)):
        for one, next_one in zip(numbers, numbers[1:]):
            expect(next_one == one + 1, one, 'and then', next_one)


# -- Body

@check('body.json', 'A CloudEvents 1.0 event in structured JSON mode, UTF-8, without line breaks:')
def body_json(run):
    for _, _, body in run.all():
        run.schema.load(body)
        expect(b'\n' not in body, 'a line break')


@check('body.schema', 'data: The record; /usr/share/doc/peyk/event.schema.json describes it field by field.',
       'specversion: 1.0', 'time: When the bytes were fetched.',
       'subject: What the message is about, short.')
def body_schema(run):
    for _, _, body in run.all()[-500:]:
        problem = run.schema.problem(body)
        expect(not problem, problem)


@check('body.type', 'type: org.peyk.event.v1, org.peyk.article.v1, org.peyk.feed.v1 or org.peyk.heartbeat.v1',
       'heartbeat/: Where the stream stands, each second.')
def body_type(run):
    for topic, _, body in run.all():
        kind = run.schema.load(body)['type']
        expect(kind == f'org.peyk.{topic.split(b"/")[0].decode()}.v1', topic, kind)


@check('body.id', 'id: stable-id.revision; the same input gives the same id, today and after a crash.')
def body_id(run):
    for message in run.kinds('event', 'article', 'feed'):
        expect(re.fullmatch(r'[^.]+\.[0-9]+', message['id']), message['id'])


@check('body.id_once', 'A corrected article is published again with another revision; so are those of its events '
       'that changed, and those that it no longer supports come with "op": "retract".')
def body_id_once(run):
    seen = {}
    for number, (topic, _, body) in run.journal.items():
        name = run.schema.load(body)['id']
        expect(name not in seen, name, 'is both', seen.get(name), 'and', number)
        seen[name] = number


@check('body.source', 'source: /peyk/instance')
def body_source(run):
    sources = {run.schema.load(body)['source'] for _, _, body in run.all()}
    expect(all(re.fullmatch(r'/peyk/.+', source) for source in sources), sources)


@check('body.spans', "Spans count Unicode code points of the article's text.")
def body_spans(run):
    looked, problem = records.wrong_span([run.schema.load(m[2]) for _, m in sorted(run.journal.items())])
    expect(not problem, problem)
    if not looked:
        raise NotSeen('no event with its article')


@check('body.size', 'An event has at most 64 KiB, an article 1 MiB: longer text is cut at a paragraph and the '
       'record says truncated.')
def body_size(run):
    for topic, _, body in run.all():
        most = 2**20 if topic.startswith(b'article/') else 2**16
        expect(len(body) <= most, topic, len(body), 'bytes')


@check('body.eight', 'Of a longer list the first eight actors, and the first eight recipients, are told.')
def body_eight(run):
    for message in run.kinds('event'):
        expect(len(message['data']['actors']) <= 8 and len(message['data']['recipients']) <= 8, message['id'])


# -- Heartbeat

@check('heartbeat.comes', 'No heartbeat for several seconds means that the daemon or the way to it is down; a SUB '
       'socket connects again by itself.')
def heartbeat_comes(run):
    wanted = max(1, int(run.seconds / 1.5))
    expect(len(run.heartbeats()) >= wanted, len(run.heartbeats()), f'in {run.seconds} s')


@check('heartbeat.number', 'offset length 0 4 the letters PYK1 4 4 flags, 0 8 8 epoch 16 8 sequence, 0 in a '
       'heartbeat')
def heartbeat_number(run):
    for head, _ in run.heartbeats():
        expect(records.number_of(head) == 0, 'it has the number', records.number_of(head))


@check('heartbeat.epoch', 'Its data are epoch (that of the header, as 16 hexadecimal digits), head (the newest '
       'sequence number) and oldest (the oldest that is still in the journal; head and one where there is none).')
def heartbeat_epoch(run):
    for head, data in run.heartbeats():
        expect(data['epoch'] == f'{records.epoch_of(head):016x}', data['epoch'])


@check('heartbeat.head', 'When the first message or heartbeat has arrived, what comes behind it comes live.',
       'A subscriber to everything sees a hole by a number that is not one more than the last, or by a heartbeat '
       'whose head is above it: keep what arrives, and go back to the second step.')
def heartbeat_head(run):
    last = None
    for topic, head, body in run.live:
        if topic == b'heartbeat/':
            now = run.schema.load(body)['data']['head']
            expect(last in (None, now), 'head', now, 'behind', last)
        else:
            now = records.number_of(head)
            expect(last in (None, now - 1), now, 'behind', last)
        last = now


@check('heartbeat.oldest', 'Its data are epoch (that of the header, as 16 hexadecimal digits), head (the newest '
       'sequence number) and oldest (the oldest that is still in the journal; head and one where there is none).')
def heartbeat_oldest(run):
    oldest = [data['oldest'] for _, data in run.heartbeats()]
    expect(oldest == sorted(oldest), 'it goes back', oldest)
    expect(oldest[0] <= run.peer.since(0, 0, 1).oldest, oldest[0])
    first = run.peer.since(0, 0, 1)
    if first.messages:
        expect(first.numbers()[0] >= oldest[-1] and oldest[0] >= run.range.oldest, oldest[0],
               'and replay begins with', first.numbers()[0])


@check('live.prefixes', 'A subscriber connects a SUB socket and subscribes to prefixes of topics.',
       'It hands on what comes.')
def live_prefixes(run):
    prefixes = sorted({topic.split(b'/')[0] + b'/' for topic, _, _ in run.journal.values()})[-2:]
    listener = Listener(run.peer, prefixes)
    expect(listener.first_after(run.peer.patience_s), 'no heartbeat behind the prefixes')
    found = [message for message in listener.messages_after(1) if message[0] != b'heartbeat/']
    listener.close()
    if not found:
        raise NotSeen('nothing of these prefixes')
    for topic, *_ in found:
        expect(topic.startswith(tuple(prefixes)), topic, 'for', prefixes)
    start = records.number_of(found[0][1]) - 1
    wanted = run.peer.since(run.range.epoch, start, 0, 0, *prefixes)
    last = min(records.number_of(found[-1][1]), wanted.scanned)
    live = {(records.number_of(head), topic) for topic, head, _ in found if records.number_of(head) <= last}
    replayed = {(number, message[0]) for number, message in wanted.numbered() if number <= last}
    expect(live == replayed, 'live and replay differ:', sorted(live ^ replayed)[:5])


# -- REPLAY

@check('since.answer', 'A request is one message of a DEALER socket, the answer is one message, too: it comes whole '
       'or not at all.', 'Answer: the messages, three frames each, and behind them END epoch head oldest scanned.',
       'A request begins with the frames PYK1 and its name, an answer with the messages of SINCE or with its name.')
def since_answer(run):
    answer = run.peer.ask(b'SINCE', *u64(0, 0, 4, 0))
    expect(len(answer) % 3 == 2 and answer[-5] == b'END', f'{len(answer)} frames')
    expect(not run.peer.another_within(0.05), 'a second message')


@check('replay.no_empty_frame', 'Frames have no empty one before them.')
def no_empty_frame(run):
    expect_refusal('badreq', run.peer.ask_raw, b'', b'PYK1', b'SINCE', *u64(0, 0, 1, 0))


@check('replay.numbers', 'Numbers are 8 bytes in network byte order, like those of the header.')
def replay_numbers(run):
    for frame in run.peer.ask(b'SINCE', *u64(0, 0, 4, 0))[-4:]:
        expect(len(frame) == 8, f'{len(frame)} bytes')
    expect(run.range.epoch == records.epoch_of(next(iter(run.journal.values()))[1]), 'the epoch is another one')


@check('since.behind', 'SINCE epoch cursor limit bytes [prefix...]: Asks for the messages behind cursor whose topics '
       'begin with one of the prefixes; without prefixes, for all.')
def since_behind(run):
    cursor = run.tail(10)
    batch = run.peer.since(run.range.epoch, cursor, 5)
    expect(batch.numbers() == list(range(cursor + 1, cursor + 6)), batch.numbers(), 'behind', cursor)


@check('since.prefixes', 'SINCE epoch cursor limit bytes [prefix...]: Asks for the messages behind cursor whose topics '
       'begin with one of the prefixes; without prefixes, for all.',
       'When the head of a heartbeat is above its cursor, it asks SINCE with its prefixes: that number is proved, '
       'what it has not yet seen was lost on the way and is handed on late, and what it has seen is dropped by '
       'number.')
def since_prefixes(run):
    cursor = run.tail(20)
    one, other = run.some_prefixes()
    for prefixes in ((one,), (other,), (one, other), (one[:3],)):
        batch = run.peer.since(run.range.epoch, cursor, 0, 0, *prefixes)
        last = min(batch.scanned, max(run.journal))
        got = [number for number in batch.numbers() if number <= last]
        expect(got == run.between(cursor, last, prefixes), prefixes, got)


@check('since.epoch_0', 'An epoch of 0 is that of whoever knows none: what was pruned is passed over without a word.',
       "The cursor is the client's: the epoch and the last number that it has dealt with, kept wherever it keeps "
       'what it made of them.', 'It begins with 0 and 0.')
def since_epoch_0(run):
    batch = run.peer.since(0, 0, 1)
    expect(batch.numbers() == [batch.oldest] or batch.oldest > batch.head, batch.numbers(), batch.oldest)


@check('since.limit', 'At most limit messages, or about bytes of them, come at once; 0, and all that is more than '
       'publish.replay.batch and batch_bytes, stands for these.')
def since_limit(run):
    cursor = run.tail(10)
    for limit in (1, 3, 7):
        batch = run.peer.since(run.range.epoch, cursor, limit)
        expect(len(batch.messages) == limit, len(batch.messages), 'messages for a limit of', limit)


@check('since.bytes', 'At most limit messages, or about bytes of them, come at once; 0, and all that is more than '
       'publish.replay.batch and batch_bytes, stands for these.')
def since_bytes(run):
    cursor = run.tail(10)
    sizes = [len(run.journal[n][0]) + len(run.journal[n][2]) for n in run.between(cursor, cursor + 10)]
    got = len(run.peer.since(run.range.epoch, cursor, 0, sum(sizes[:4])).messages)
    expect(2 <= got <= 5, got, 'messages for the bytes of 4')


@check('since.one_comes', 'One message always comes, however long.')
def since_one_comes(run):
    batch = run.peer.since(run.range.epoch, run.tail(10), 5, 1)
    expect(len(batch.messages) == 1, len(batch.messages), 'messages for 1 byte')


@check('since.zero', 'At most limit messages, or about bytes of them, come at once; 0, and all that is more than '
       'publish.replay.batch and batch_bytes, stands for these.')
def since_zero(run):
    cursor = run.tail(10)
    for limit, size in ((0, 0), (0, BIG), (BIG, 0)):
        batch = run.peer.since(run.range.epoch, cursor, limit, size)
        expect(len(batch.messages) >= 10 or batch.scanned < batch.head and batch.messages, 'only',
               len(batch.messages), 'for', limit, size)


@check('since.cap', 'At most limit messages, or about bytes of them, come at once; 0, and all that is more than '
       'publish.replay.batch and batch_bytes, stands for these.')
def since_cap(run):
    cursor = run.range.oldest - 1
    usual, most = (run.peer.since(run.range.epoch, cursor, n, n) for n in (0, BIG))
    if usual.scanned == usual.head:
        raise NotSeen('the journal is less than a batch')
    expect(len(most.messages) == len(usual.messages), len(most.messages), 'messages at once, not', len(usual.messages))


@check('since.scanned', 'Every message up to scanned that was asked for is in this answer or was behind the cursor '
       'before: scanned is the next cursor.',
       'Ask SINCE with epoch and cursor, hand on what comes, take scanned as the cursor, and ask again, until it has '
       'reached the first number that was kept, less one, or, where none was, the head of a heartbeat.',
       'Hand on what was kept, but for numbers that are not above the cursor.')
def since_scanned(run):
    cursor, numbers = run.tail(20), []
    start = cursor
    for _ in range(5):
        batch = run.peer.since(run.range.epoch, cursor, 4)
        numbers += batch.numbers()
        expect(batch.scanned == numbers[-1], 'scanned', batch.scanned, 'and the last is', numbers[-1])
        cursor = batch.scanned
    expect(numbers == list(range(start + 1, start + 21)), numbers)


@check('since.head', 'When it is the head, there is nothing more at present.')
def since_head(run):
    for _ in range(20):
        batch = run.peer.since(run.range.epoch, run.peer.since(0, 0, 1).head)
        expect(batch.scanned <= batch.head, 'scanned', batch.scanned, 'head', batch.head)
        if not batch.messages:
            return expect(batch.scanned == batch.head, 'scanned', batch.scanned, 'head', batch.head)
    raise NotSeen('it was never at rest')


@check('since.scanned_empty', 'It may rise in an answer without messages.')
def since_scanned_empty(run):
    cursor = run.tail(5)
    batch = run.peer.since(run.range.epoch, cursor, 0, 0, b'nothing/at/all/')
    expect(not batch.messages and batch.scanned > cursor, 'scanned', batch.scanned, 'behind', cursor)


@check('replay.repeated', 'When no answer has come for 10 seconds, it closes its DEALER socket, opens another and asks '
       'again: all requests may be repeated.')
def replay_repeated(run):
    cursor = run.tail(10)
    one, again = (run.peer.since(run.range.epoch, cursor, 10) for _ in range(2))
    expect(one.messages == again.messages, 'another answer')


@check('joining', 'Who follows these steps sees every message that is still in the journal, once, across restarts of '
       'both sides.')
def joining(run):
    kept = dict(run.numbered_live())
    cursor, handed_on = run.range.oldest - 1, []
    while cursor < min(kept) - 1:
        batch = run.peer.since(run.range.epoch, cursor)
        handed_on += batch.numbers()
        expect(batch.scanned > cursor, 'scanned stands still at', cursor)
        cursor = batch.scanned
    handed_on += [number for number in sorted(kept) if number > cursor]
    expect(handed_on == list(range(run.range.oldest, handed_on[-1] + 1)), 'a hole, or something twice')


@check('joining.prefixes', 'A subscriber to prefixes cannot see a hole, for the numbers between are those of others.',
       'Its cursor is what was proved, not the newest number it saw; the numbers above it that were handed on are '
       'kept with it, so that they are not handed on again after a restart.')
def joining_prefixes(run):
    prefix = run.some_prefixes()[0]
    cursor, proved = run.tail(20), []
    while cursor < max(run.journal):
        batch = run.peer.since(run.range.epoch, cursor, 2, 0, prefix)
        proved += batch.numbers()
        expect(batch.scanned > cursor, 'scanned stands still at', cursor)
        cursor = batch.scanned
    missing = set(run.between(run.tail(20), max(run.journal), (prefix,))) - set(proved)
    expect(not missing and len(set(proved)) == len(proved), 'missing', missing)


@check('time.answer', 'TIME milliseconds: Asks where a moment, in milliseconds since 1970, stands in the journal.')
def time_answer(run):
    answer = run.peer.ask(b'TIME', *u64(0))
    expect(len(answer) == 5 and answer[0] == b'AT', answer)


@check('time.cursor', 'Answer: AT epoch head oldest cursor: what was published then or later is behind cursor.')
def time_cursor(run):
    first, last = run.peer.numbers(b'AT', b'TIME', 0), run.peer.numbers(b'AT', b'TIME', 2**62)
    expect(first[3] == first[2] - 1, 'since 1970:', first)
    expect(last[3] == last[1], 'in the far future:', last)
    expect(first[0] == run.range.epoch, 'the epoch is another one')


# -- named cursors

def name_of_ours():
    return b'conformance-' + secrets.token_hex(8).encode()


@check('ack', 'ACK name epoch sequence: Keeps a cursor in the journal, for clients that have no disk of their own, and '
       'so that peyk status shows how far behind they are.',
       'Answer, when it is on disk: OK epoch head oldest sequence, the number that holds now.')
def ack(run):
    name = name_of_ours()
    answer = run.peer.ack(name, run.range.epoch, run.range.oldest)
    run.peer.ask(b'FORGET', name)
    expect(answer[3] == run.range.oldest and answer[0] == run.range.epoch, answer)


@check('ack.never_back', 'It never goes back.')
def ack_never_back(run):
    name, head = name_of_ours(), max(run.journal)
    run.peer.ack(name, run.range.epoch, head)
    answer = run.peer.ack(name, run.range.epoch, head - 1)
    run.peer.ask(b'FORGET', name)
    expect(answer[3] == head, answer[3], 'after', head)


@check('ack.name', 'A name is 1 to 64 of the characters a to z, A to Z, 0 to 9,., _ and -.')
def ack_name(run):
    for name in (b'', b'x' * 65, b'a b', 'نام'.encode(), b'a/b', b'a\0'):
        for rest in ((b'ACK', name, *u64(run.range.epoch, 1)), (b'CURSOR', name), (b'FORGET', name)):
            expect_refusal('badreq', run.peer.ask, *rest)
    for name in (b'zZ09._-' + secrets.token_hex(28).encode() + b'x', secrets.token_hex(1).encode()[:1]):
        run.peer.ack(name, run.range.epoch, run.range.oldest)
        run.peer.ask(b'FORGET', name)


@check('ack.epoch', 'epoch: The epoch is not that of the journal, or the cursor is beyond the head: it is of another '
       'journal.')
def ack_epoch(run):
    name = name_of_ours()
    expect_refusal('epoch', run.peer.ack, name, run.range.epoch ^ 1, 1)
    expect_refusal('epoch', run.peer.ack, name, run.range.epoch, run.range.head + 10**9)


@check('cursor', 'CURSOR name: Asks for such a cursor.', 'Answer: as for ACK.')
def cursor(run):
    name = name_of_ours()
    run.peer.ack(name, run.range.epoch, run.range.oldest)
    answers = [run.peer.numbers(b'OK', b'CURSOR', name) for _ in range(2)]
    run.peer.ask(b'FORGET', name)
    expect(all(answer[3] == run.range.oldest for answer in answers), answers)


@check('forget', 'FORGET name: Removes it.', 'Answer: as for ACK, with the number that it had.')
def forget(run):
    name = name_of_ours()
    run.peer.ack(name, run.range.epoch, run.range.oldest)
    answer = run.peer.numbers(b'OK', b'FORGET', name)
    expect(answer[3] == run.range.oldest, answer[3], 'not', run.range.oldest)
    expect_refusal('unknown', run.peer.ask, b'CURSOR', name)


# -- errors

@check('err.answer', 'Anything that cannot be answered gets ERR reason epoch head oldest text, the last of which '
       'is for people.', 'The reason is one of')
def err_answer(run):
    refused = expect_refusal('badreq', run.peer.ask, b'NONSENSE')
    expect(len(refused.frames) == 6, f'{len(refused.frames)} frames')
    epoch, head, oldest = (int.from_bytes(frame, 'big') for frame in refused.frames[2:5])
    expect(epoch == run.range.epoch and head >= run.range.head and oldest >= run.range.oldest, epoch, head, oldest)
    expect(refused.frames[5].decode().strip(), 'no text')


@check('err.badreq', 'badreq: This is no request, or one of its frames is not what it should be.')
def err_badreq(run):
    eight, seven, nine = u64(1)[0], b'\0' * 7, b'\0' * 9
    for request in ((b'',), (b'hello',), (b'PYK1',), (b'PYK2', b'SINCE', *[eight] * 4),
                    (b'PYK1', b'since', *[eight] * 4), (b'PYK1', b'SINCE'), (b'PYK1', b'SINCE', *[eight] * 3),
                    (b'PYK1', b'SINCE', *[eight] * 3, seven),
                    (b'PYK1', b'SINCE', nine, *[eight] * 3), (b'PYK1', b'TIME'), (b'PYK1', b'TIME', seven),
                    (b'PYK1', b'TIME', eight, eight), (b'PYK1', b'ACK', b'x'), (b'PYK1', b'ACK', b'x', eight, b''),
                    (b'PYK1', b'ACK', b'x', eight, eight, eight), (b'PYK1', b'CURSOR'),
                    (b'PYK1', b'CURSOR', b'x', b'x'),
                    (b'PYK1', b'FORGET'), (b'PYK1', b'END'), (b'PYK1', b'SINCE\0', *[eight] * 4)):
        try:
            expect_refusal('badreq', run.peer.ask_raw, *request)
        except Silent:
            raise Wrong(f'no answer to {request}')


@check('err.epoch', 'epoch: The epoch is not that of the journal, or the cursor is beyond the head: it is of another '
       'journal.', 'Forget it, and go on behind oldest less one with the new epoch.')
def err_epoch(run):
    for epoch, cursor in ((run.range.epoch ^ 1, run.range.head), (run.range.epoch, run.range.head + 10**9),
                          (run.range.epoch, BIG)):
        refused = expect_refusal('epoch', run.peer.since, epoch, cursor)
    epoch, _, oldest = (int.from_bytes(frame, 'big') for frame in refused.frames[2:5])
    expect(run.peer.since(epoch, oldest - 1, 1).numbers() == [oldest], 'it does not go on behind', oldest - 1)


@check('err.expired', 'expired: What came next behind the cursor was pruned: cursor + 1 < oldest.',
       'What is between is lost to this client; it goes on behind oldest less one.')
def err_expired(run):
    oldest = run.range.oldest
    expect(run.peer.since(run.range.epoch, oldest - 1, 1).messages, 'nothing behind', oldest - 1)
    if oldest == 1:
        raise NotSeen('nothing was pruned')
    if oldest > 2:
        expect_refusal('expired', run.peer.since, run.range.epoch, oldest - 2)
    expect_refusal('expired', run.peer.since, run.range.epoch, 0)


@check('err.busy', 'busy: Too many clients wait, or this one has asked again before it had its answer.',
       'A client has one request under way.')
def err_busy(run):
    answers = run.peer.ask_at_once(40, b'SINCE', *u64(0, 0, 0, 0))
    expect(answers, 'no answer to one of 40 requests')      # who does not read may lose some
    reasons = {answer[1] for answer in answers if answer[0] == b'ERR'}
    expect(reasons <= {b'busy'}, reasons)
    if not reasons:
        raise NotSeen('it was quick enough for all')


@check('err.unknown', 'unknown: There is no cursor of this name.')
def err_unknown(run):
    for command in (b'CURSOR', b'FORGET'):
        expect_refusal('unknown', run.peer.ask, command, name_of_ours())


@check('err.full', 'full: There are 1000 cursors, and no room for another.')
def err_full(run):
    if not run.fill:
        raise NotSeen('only with --fill')
    names = [name_of_ours() for _ in range(1001)]
    kept = []
    try:
        for name in names:
            run.peer.ack(name, run.range.epoch, run.range.oldest)
            kept.append(name)
    except Refused as refused:
        expect(refused.reason == 'full', refused.reason, 'for cursor', len(kept) + 1)
    finally:
        for name in kept:
            run.peer.ask(b'FORGET', name)
    expect(len(kept) <= 1000, 'a cursor more than 1000')


# -- LIMITS

LIMITS = ('A frame that a client sends to the live stream may have 256 bytes (960 with CURVE, whose handshake needs '
          'them), one that it sends to replay 1 KiB; a request may name 64 prefixes.')
ENDS = 'A peer that sends more, or does not finish its handshake within 10 seconds, is disconnected.'
SILENT = ('The daemon asks each peer for a sign of life every 10 seconds (PING, ZMTP 3.1), and disconnects one that has '
          'not said anything for 30: one that has stopped, is unplugged, or reads so slowly that the question does not '
          'reach it, costs a connection for 40 seconds at most.')


@check('limits.prefixes', LIMITS)
def limits_prefixes(run):
    prefixes = [b'nothing/%d/' % n for n in range(65)]
    run.peer.since(run.range.epoch, run.tail(1), 0, 0, *prefixes[:64])
    expect_refusal('badreq', run.peer.since, run.range.epoch, run.tail(1), 0, 0, *prefixes)


@check('limits.replay_frame', LIMITS, ENDS)
def limits_replay_frame(run):
    request = (b'PYK1', b'SINCE', *u64(0, 0, 1, 0))
    try:
        run.peer.ask_raw(*request, b'x' * 1024)
    except Refused:
        pass                # a prefix that no topic can have
    except Silent:
        raise Wrong('1024 bytes are too many')
    too_many = 1100 if run.keys else 1025       # encryption is let through
    expect(run.peer.is_cut_off(*request, b'x' * too_many), too_many, 'bytes are taken')


@check('limits.live_frame', LIMITS, ENDS)
def limits_live_frame(run):
    most, too_many = (940, 1100) if run.keys else (240, 260)        # with the name of the command
    allowed = Listener(run.peer, [b'x' * most])
    expect(allowed.first_after(run.peer.patience_s), 'a subscription of', most, 'bytes ends it')
    allowed.close()
    expect(run.peer.is_cut_off_as_subscriber(b'x' * too_many), 'a subscription of', too_many, 'bytes is taken')


@check('limits.handshake', ENDS)
def limits_handshake(run):
    if run.quick:
        raise NotSeen('it takes 10 seconds')
    for raw in run.raw:
        seconds = raw.closed_after(16)
        expect(seconds and 7 <= seconds <= 14, 'the handshake may take', seconds or 'for ever')


@check('limits.heartbeats', SILENT)
def limits_heartbeats(run):
    if not run.silent:
        raise NotSeen('only with --patient, and without keys')
    for raw in run.silent:
        seconds = raw.closed_after(45)
        expect(seconds and 20 <= seconds <= 42, 'it may be silent for', seconds or 'ever')


# -- KEYS

@check('keys.plain', 'With publish.curve.enabled both sockets speak CURVE (ZeroMQ RFC 26) with clients whose '
       'public key is in the folder publish.curve.clients.')
def keys_plain(run):
    if not run.keys:
        raise NotSeen('only with keys')
    expect(run.peer.is_kept_out(None), 'who has no key comes in')
    expect(run.peer.is_kept_out(run.keys.stranger()), 'a key that nobody knows comes in')


@check('keys.ours', 'A client needs the public key of the daemon and a key pair of its own, in Z85 (ZeroMQ RFC 32), as '
       'peyk keygen writes them.', "Heartbeats are everybody's.")
def keys_ours(run):
    if not run.keys:
        raise NotSeen('only with keys')
    run.heartbeats()


@check('keys.topics', 'denied: This key may not read what it asks for.',
       'A key may be limited to topics: of what it subscribes to, it gets what it may read, and what it asks SINCE '
       'for beyond that is denied; without prefixes it gets all that it may read.',
       'Whoever has such a key cannot see a hole and joins as a subscriber to prefixes does.')
def keys_topics(run):
    with run.limited_peer() as limited:
        listener = Listener(limited, [b''])
        cursor, allowed = run.range.oldest - 1, {}
        while cursor < max(run.journal):
            batch = limited.since(run.range.epoch, cursor)
            allowed |= dict(batch.numbered())
            expect(batch.scanned > cursor, 'scanned stands still at', cursor)
            cursor = batch.scanned
        roots = {message[0] for message in allowed.values()}
        others = {message[0] for message in run.journal.values()} - roots
        expect(others, 'all of the journal is for this key')
        for topic in others:
            expect_refusal('denied', limited.since, run.range.epoch, cursor, 0, 0, topic)
        expect_refusal('denied', limited.since, run.range.epoch, cursor, 0, 0, *list(roots)[:1], *list(others)[:1])
        for topic in list(roots)[:5]:
            limited.since(run.range.epoch, cursor, 0, 0, topic)
        heard = {topic for topic, _, _ in listener.messages_after(run.seconds)}
        expect(b'heartbeat/' in heard, 'no heartbeat for this key')
        expect(not heard & others, heard & others)


@check('keys.subscriptions', 'A connection of a key with topics may have 256 subscriptions; what it asks for beyond is '
       'not granted.', 'A subscription of such a key takes effect a twentieth of a second later than that of others.')
def keys_subscriptions(run):
    with run.limited_peer() as limited:
        for n, heard in ((255, True), (256, False)):
            listener = Listener(limited, [b'article/%d/' % i for i in range(n)])     # and heartbeats last
            expect(bool(listener.first_after(run.peer.patience_s if heard else 2)) == heard, n + 1, 'subscriptions')
            listener.close()


@check('keys.cursors', "Named cursors are a key's own: two keys may use one name.")
def keys_cursors(run):
    with run.limited_peer() as limited:
        name, epoch, head, oldest = name_of_ours(), run.range.epoch, max(run.journal), run.range.oldest
        run.peer.ack(name, epoch, head)
        expect(limited.ack(name, epoch, oldest)[3] == oldest, 'it is the cursor of another key')
        limited.ask(b'FORGET', name)
        expect(run.peer.numbers(b'OK', b'FORGET', name)[3] == head, 'another key has changed it')


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    for option in ('--server-key', '--key', '--limited-key'):
        parser.add_argument(option, type=pathlib.Path)
    parser.add_argument('--schema', default=records.SCHEMA)
    parser.add_argument('--seconds', type=float, default=3)
    for option in ('--fill', '--patient', '--quick'):
        parser.add_argument(option, action='store_true')
    parser.add_argument('events')
    parser.add_argument('replay')
    options = vars(parser.parse_args())
    server_key, key, limited_key = (options.pop(name) for name in ('server_key', 'key', 'limited_key'))
    if server_key:
        options['keys'] = Keys.read(server_key, key)
        options['limited'] = limited_key and Keys.read(server_key, limited_key)
    failed = 0
    for name, status, sentences, why in Run(**options).results():
        failed += status == 'FAILED'
        print(f'{status:8}  {name:20}  {why + " | " if why else ""}{sentences[0]}', flush=True)
    return int(failed > 0)


if __name__ == '__main__':
    sys.exit(main())
