"""A client of the stream that follows the steps of peyk-stream(7), JOINING, to the letter: what
it hands on is every message that is still in the journal, once.

It was written from that page alone, and shares no line with the clients in docs/examples.
"""
import collections
import json
import struct
import threading
import time

import zmq

MAGIC = b'PYK1'
HEARTBEAT = b'heartbeat/'

Message = collections.namedtuple('Message', 'epoch seq topic body')


def u64(n):
    return struct.pack('>Q', n)


def numbers(frames):
    return [struct.unpack('>Q', frame)[0] for frame in frames]


def message_of(topic, header, body):
    magic, flags, epoch, seq = struct.unpack('>4sIQQ', header)
    assert magic == MAGIC and flags == 0, header
    return Message(epoch, seq, topic, body)


def request(replay, name, *arguments, patience_s=5, keys=None):
    """One request of a client that comes for nothing else: the frames of its answer, or None. Numbers
    may be numbers. keys.use(socket) is called where there are any."""
    with zmq.Context() as context, context.socket(zmq.DEALER) as dealer:
        dealer.setsockopt(zmq.LINGER, 0)
        if keys:
            keys.use(dealer)
        dealer.connect(replay)
        dealer.send_multipart([MAGIC, name, *(u64(a) if isinstance(a, int) else a for a in arguments)])
        return dealer.recv_multipart() if dealer.poll(patience_s * 1000) else None


class Joined(threading.Thread):
    """Hands on every message that begins with one of the prefixes (without any: every message)
    by hand_on(message), in a thread of its own, from the cursor on: epoch, number, and the numbers
    above it that were handed on. close() raises what went wrong and returns the cursor to go on
    from."""

    def __init__(self, events, replay, hand_on, prefixes=(), cursor=(0, 0, ()), kept_max=5000,
                 patience_s=10, keys=None, limit=0):
        super().__init__(daemon=True)
        self.replay, self.hand_on, self.prefixes = replay, hand_on, tuple(prefixes)
        self.epoch, self.cursor, seen = cursor
        self.seen = set(seen)       # with prefixes: beyond the cursor, and handed on already
        self.kept, self.kept_max = [], kept_max
        self.head = None            # of the last heartbeat
        self.live = False
        self.limit = limit          # messages that come at once; 0: what the daemon likes
        self.patience_s, self.asked_at, self.ask_at = patience_s, None, None
        self.lost = []              # (first, last) that was pruned before we came
        self.epochs, self.asked, self.unanswered, self.dropped = 0, 0, 0, 0
        self.stopping, self.failure = False, None
        self.context = zmq.Context()
        self.dealer = None
        self.keys = keys            # keys.use(socket) makes it speak CURVE
        self.sub = self.context.socket(zmq.SUB)
        if keys:
            keys.use(self.sub)
        self.sub.setsockopt(zmq.RCVHWM, 0)
        self.sub.setsockopt(zmq.RECONNECT_IVL, 20)
        for prefix in self.prefixes or (b'',):
            self.sub.subscribe(prefix)
        self.sub.subscribe(HEARTBEAT)
        self.sub.connect(events)
        self.start()

    # -- the thread

    def run(self):
        try:
            self.open_dealer()
            while not self.stopping:
                self.turn()
        except Exception as e:      # for close() to raise: nobody looks at a thread
            self.failure = e

    def turn(self):
        poller = zmq.Poller()
        poller.register(self.sub, zmq.POLLIN)
        poller.register(self.dealer, zmq.POLLIN)
        ready = dict(poller.poll(20))
        if self.dealer in ready:
            self.answered(self.dealer.recv_multipart())
        for _ in range(100):
            if self.sub not in ready or not self.sub.poll(0):
                break
            self.heard(message_of(*self.sub.recv_multipart()))
        now = time.monotonic()
        if self.asked_at is not None and now - self.asked_at > self.patience_s:
            self.unanswered += 1
            self.dealer.close(linger=0)
            self.open_dealer()
            self.ask()
        elif self.ask_at is not None and now >= self.ask_at:
            self.ask()

    def close(self):
        self.stopping = True
        self.join()
        self.context.destroy(linger=0)
        if self.failure:
            raise self.failure
        return self.epoch, self.cursor, tuple(self.seen)

    def has(self, seq):
        """Everything up to seq was handed on, or is proved not to be asked for."""
        if self.failure:
            raise self.failure
        return self.live and self.cursor >= seq

    # -- what is asked

    def open_dealer(self):
        self.dealer = self.context.socket(zmq.DEALER)
        if self.keys:
            self.keys.use(self.dealer)
        self.dealer.setsockopt(zmq.RECONNECT_IVL, 20)
        self.dealer.connect(self.replay)
        self.asked_at = None

    def ask(self):
        """SINCE; one request at a time."""
        if self.asked_at is not None:
            return
        self.asked_at, self.ask_at = time.monotonic(), None
        self.asked += 1
        self.dealer.send_multipart([MAGIC, b'SINCE', u64(self.epoch), u64(self.cursor), u64(self.limit), u64(0),
                                    *self.prefixes])

    def ask_later(self, wait_s=0.05):
        self.ask_at = time.monotonic() + wait_s

    def answered(self, frames):
        self.asked_at = None
        if frames[0] == b'ERR':
            self.refused(frames[1], *numbers(frames[2:5]))
            return
        assert frames[-5] == b'END' and len(frames) % 3 == 2, frames
        epoch, _, _, scanned = numbers(frames[-4:])
        assert self.epoch in (0, epoch), 'asked for one epoch, and got another'
        # what is of another one is old: only an error can say that ours is
        self.epoch, self.kept = epoch, [m for m in self.kept if m.epoch == epoch]
        before = self.cursor
        for i in range(0, len(frames) - 5, 3):
            message = message_of(*frames[i:i + 3])
            assert message.epoch == epoch and before < message.seq <= scanned, message[:3]
            self.take_replayed(message)
        assert scanned >= before, (scanned, before)
        self.cursor = scanned
        self.seen = {seq for seq in self.seen if seq > scanned}
        self.go_on(progress=scanned > before)

    def refused(self, reason, epoch, _, oldest):
        if reason in (b'busy', b'unavailable'):
            self.ask_later()
            return
        assert reason in (b'expired', b'epoch'), reason
        if reason == b'epoch':      # numbers begin anew
            self.epochs += 1
            self.epoch, self.live, self.head, self.seen = epoch, False, None, set()
        else:
            self.lost.append((self.cursor + 1, oldest - 1))
        self.cursor = oldest - 1
        self.ask()

    def go_on(self, progress):
        """Behind an answer: is the stream live, or is more to be asked for?"""
        target = self.kept[0].seq - 1 if self.kept and not self.live else self.head
        if target is None or self.cursor < target:
            if progress:
                self.ask()
            else:
                self.ask_later()
            return
        if self.live:
            return
        self.live = True
        kept, self.kept = self.kept, []
        for message in kept:
            self.take(message)

    # -- what is heard

    def heard(self, message):
        if self.epoch not in (0, message.epoch):
            self.live = False
            if message.topic != HEARTBEAT:
                self.keep(message)
            self.ask_again()
        elif message.topic == HEARTBEAT:
            self.head = json.loads(message.body)['data']['head']
            if not self.live or self.head > self.cursor:
                self.live = self.live and bool(self.prefixes)
                self.ask_again()
        else:
            self.take(message)

    def ask_again(self):
        if self.asked_at is None and self.ask_at is None:
            self.ask()

    def take(self, message):
        """A message of the live stream."""
        if not self.live:
            self.keep(message)
        elif message.seq <= self.cursor:
            pass                    # replay has brought it
        elif self.prefixes:
            if message.seq not in self.seen:
                self.seen.add(message.seq)
                self.hand_on(message)
        elif message.seq == self.cursor + 1:
            self.cursor = message.seq
            self.hand_on(message)
        else:
            self.live = False
            self.keep(message)

    def take_replayed(self, message):
        if message.seq not in self.seen:
            self.hand_on(message)

    def keep(self, message):
        self.kept.append(message)
        if len(self.kept) > self.kept_max:
            self.dropped += len(self.kept)
            self.kept = []
        self.ask_again()
