"""Who asks replay, frame by frame: peyk-stream(7), REPLAY. For tests of the daemon; clients that
follow the stream use joining.py."""
import collections
import struct

import zmq

Answer = collections.namedtuple('Answer', 'messages epoch head oldest number')
Refusal = collections.namedtuple('Refusal', 'reason epoch head oldest text')
Message = collections.namedtuple('Message', 'topic epoch seq body')


def u64(number):
    return struct.pack('>Q', number)


def number(frame):
    assert len(frame) == 8, frame
    return int.from_bytes(frame, 'big')


def message(topic, header, body):
    magic, flags, epoch, seq = struct.unpack('>4sIQQ', header)
    assert magic == b'PYK1' and flags == 0, header
    return Message(topic.decode('ascii'), epoch, seq, body)


class Asker:
    """One DEALER socket."""

    def __init__(self, endpoint, patience_s=20):
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.connect(endpoint)
        self.patience_ms = int(patience_s * 1000)

    def close(self):
        self.socket.close()

    def send(self, *frames):
        self.socket.send_multipart([b'PYK1', *frames])

    def receive(self):
        """An Answer, or a Refusal."""
        assert self.socket.poll(self.patience_ms), 'no answer'
        frames = self.socket.recv_multipart()
        if frames[0] == b'ERR':
            assert len(frames) == 6, frames
            return Refusal(frames[1].decode(), *map(number, frames[2:5]), frames[5].decode())
        word, *numbers = frames[-5:]
        assert word in (b'END', b'AT', b'OK') and len(frames) % 3 == 2, frames[-5:]
        messages = [message(*frames[i:i + 3]) for i in range(0, len(frames) - 5, 3)]
        return Answer(messages, *map(number, numbers))

    def ask(self, *frames):
        self.send(*frames)
        return self.receive()

    def since(self, epoch, cursor, *prefixes, limit=0, size=0):
        return self.ask(b'SINCE', u64(epoch), u64(cursor), u64(limit), u64(size),
                        *(p.encode() for p in prefixes))

    def all_since(self, epoch, cursor, *prefixes, **bounds):
        """Every message behind the cursor, by as many requests as it takes."""
        messages = []
        while True:
            answer = self.since(epoch, cursor, *prefixes, **bounds)
            messages += answer.messages
            cursor = answer.number
            if cursor >= answer.head:
                return messages

    def time(self, ms):
        return self.ask(b'TIME', u64(ms))

    def ack(self, name, epoch, seq):
        return self.ask(b'ACK', name.encode(), u64(epoch), u64(seq))

    def cursor(self, name):
        return self.ask(b'CURSOR', name.encode())

    def forget(self, name):
        return self.ask(b'FORGET', name.encode())
