"""Limits and keys."""
from check_cursors import name_of_ours
from peer import Listener, Refused, Silent, u64
from run import NotSeen, Wrong, check, expect, expect_refusal

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
        heard = {topic for topic, _, _ in listener.messages_after(1)}
        expect(b'heartbeat/' in heard, 'no heartbeat for this key')
        expect(not heard & others, heard & others)


@check('keys.subscriptions', 'A connection of a key with topics may have 256 subscriptions; what it asks for beyond is '
       'not granted.', 'A subscription of such a key takes effect a twentieth of a second later than that of others.')
def keys_subscriptions(run):
    with run.limited_peer() as limited:
        for n, heard in ((255, True), (256, False)):
            listener = Listener(limited, [b'article/%d/' % i for i in range(n)])     # and heartbeats last
            expect(bool(listener.first_after(run.peer.patience_s if heard else 1)) == heard, n + 1, 'subscriptions')
            listener.close()


@check('keys.cursors', "Named cursors are a key's own: two keys may use one name.")
def keys_cursors(run):
    with run.limited_peer() as limited:
        name, epoch, head, oldest = name_of_ours(), run.range.epoch, max(run.journal), run.range.oldest
        run.peer.ack(name, epoch, head)
        expect(limited.ack(name, epoch, oldest)[3] == oldest, 'it is the cursor of another key')
        limited.ask(b'FORGET', name)
        expect(run.peer.numbers(b'OK', b'FORGET', name)[3] == head, 'another key has changed it')
