"""A client of replay, one request at a time: what peyk-stream(7), REPLAY, says, and no more."""
import collections

import zmq

from joining import MAGIC, message_of, numbers, u64

# `name` is the answer's, `number` the last one: scanned, the cursor, or what holds now
Answer = collections.namedtuple('Answer', 'name epoch head oldest number messages')


class Refused(Exception):
    """ERR."""

    def __init__(self, reason, epoch, head, oldest, text):
        super().__init__(f'{reason.decode()}: {text.decode()}')
        self.reason, self.epoch, self.head, self.oldest = reason.decode(), epoch, head, oldest


def read(frames):
    """An answer as an Answer; raises Refused."""
    if frames[0] == b'ERR':
        assert len(frames) == 6, frames
        raise Refused(frames[1], *numbers(frames[2:5]), frames[5])
    assert len(frames) % 3 == 2 and frames[-5] in (b'END', b'AT', b'OK'), frames[-5:]
    assert frames[-5] == b'END' or len(frames) == 5, frames
    messages = [message_of(*frames[i:i + 3]) for i in range(0, len(frames) - 5, 3)]
    return Answer(frames[-5].decode(), *numbers(frames[-4:]), messages)


class ReplayClient:
    """`keys.use(socket)` is called where there are any; `hwm`: messages that it keeps unread."""

    def __init__(self, endpoint, patience_s=20, keys=None, hwm=1000):
        self.patience_s = patience_s
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.RCVHWM, hwm)
        self.socket.setsockopt(zmq.RECONNECT_IVL, 20)
        if keys:
            keys.use(self.socket)
        self.socket.connect(endpoint)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.context.destroy(linger=0)

    def send(self, *frames):
        """Numbers may be numbers. Waits for nothing."""
        self.socket.send_multipart([u64(f) if isinstance(f, int) else f for f in frames])

    def receive(self):
        assert self.socket.poll(self.patience_s * 1000), f'no answer within {self.patience_s} s'
        return read(self.socket.recv_multipart())

    def ask(self, name, *arguments):
        self.send(MAGIC, name, *arguments)
        return self.receive()

    def since(self, epoch, cursor, limit=0, max_bytes=0, prefixes=()):
        return self.ask(b'SINCE', epoch, cursor, limit, max_bytes, *prefixes)

    def time(self, at_ms):
        return self.ask(b'TIME', at_ms)

    def ack(self, name, epoch, seq):
        return self.ask(b'ACK', name, epoch, seq)

    def cursor(self, name):
        return self.ask(b'CURSOR', name)

    def forget(self, name):
        return self.ask(b'FORGET', name)

    def everything(self, epoch=0, cursor=0, **how):
        """(messages, answers) of SINCE, asked again until it is at the head."""
        answers = [self.since(epoch, cursor, **how)]
        while answers[-1].number < answers[-1].head:
            assert answers[-1].number > cursor, 'no progress'
            cursor = answers[-1].number
            answers.append(self.since(answers[-1].epoch, cursor, **how))
        return [m for answer in answers for m in answer.messages], answers
