"""The live stream and its messages."""
import re

import records
from peer import Listener
from run import NotSeen, check, expect

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
