"""What conformance.py speaks with: sockets that do what a client may do, and what it may not."""
import re
import socket
import struct
import threading
import time

import zmq
from zmq.utils import monitor



class Silent(Exception):
    """No answer has come."""


class Refused(Exception):
    """An answer ERR."""

    def __init__(self, frames):
        super().__init__(frames)
        self.frames, self.reason = frames, frames[1].decode('ascii', 'replace')


class Keys:
    def __init__(self, server, secret=None):
        self.server, self.secret = server, secret or zmq.curve_keypair()[1]

    @classmethod
    def read(cls, *files):
        return cls(*(re.search(rb'^\S{40}$', file.read_bytes(), re.M)[0] for file in files))

    def stranger(self):
        return Keys(self.server)

    def put_on(self, its_socket):
        its_socket.curve_serverkey, its_socket.curve_secretkey = self.server, self.secret
        its_socket.curve_publickey = zmq.curve_public(self.secret)


def u64(*numbers):
    return [struct.pack('>Q', number) for number in numbers]


class Batch:
    """An answer to SINCE."""

    def __init__(self, frames):
        assert len(frames) % 3 == 2 and frames[-5] == b'END', f'no answer to SINCE: {len(frames)} frames'
        self.messages = list(zip(*[iter(frames[:-5])] * 3))
        self.epoch, self.head, self.oldest, self.scanned = (int.from_bytes(f, 'big') for f in frames[-4:])

    def numbers(self):
        return [int.from_bytes(header[16:24], 'big') for _, header, _ in self.messages]

    def numbered(self):
        return zip(self.numbers(), self.messages)

    def __repr__(self):
        return f'END {self.epoch:x} {self.head} {self.oldest} {self.scanned} with {len(self.messages)} messages'


class Peer:
    """A client with one request under way."""

    def __init__(self, events, replay, keys=None, patience_s=12):
        self.context, self.patience_s, self.listeners = zmq.Context(), patience_s, []
        self.events, self.replay, self.keys = events, replay, keys
        self.dealer = None

    def socket(self, kind, endpoint, keys, watched=False):
        s = self.context.socket(kind)
        s.linger, s.rcvhwm, s.reconnect_ivl = 0, 0, 200
        if keys:
            keys.put_on(s)
        watch = s.get_monitor_socket() if watched else None
        if kind == zmq.DEALER or watched:
            s.connect(endpoint)
        return (s, watch) if watched else s

    def ask_raw(self, *frames):
        """The frames of the answer; Refused, Silent."""
        if self.dealer is None:
            self.dealer = self.socket(zmq.DEALER, self.replay, self.keys)
        self.dealer.send_multipart(frames)
        if not self.dealer.poll(self.patience_s * 1000):
            self.dealer.close()
            self.dealer = None
            raise Silent()
        answer = self.dealer.recv_multipart()
        if answer[0] == b'ERR':
            raise Refused(answer)
        return answer

    def ask(self, command, *frames):
        return self.ask_raw(b'PYK1', command, *frames)

    def since(self, epoch, cursor, limit=0, size=0, *prefixes):
        return Batch(self.ask(b'SINCE', *u64(epoch, cursor, limit, size), *prefixes))

    def numbers(self, name, command, *arguments):
        """The four numbers of an answer with this name."""
        frames = self.ask(command, *(u64(a)[0] if isinstance(a, int) else a for a in arguments))
        assert frames[0] == name and len(frames) == 5 and all(len(f) == 8 for f in frames[1:]), frames
        return [int.from_bytes(frame, 'big') for frame in frames[1:]]

    def ack(self, name, epoch, number):
        return self.numbers(b'OK', b'ACK', name, epoch, number)

    def another_within(self, seconds):
        return self.dealer.poll(seconds * 1000)

    def ask_at_once(self, times, command, *frames):
        """Does not wait for its answers before it asks again."""
        s = self.socket(zmq.DEALER, self.replay, self.keys)
        for _ in range(times):
            s.send_multipart([b'PYK1', command, *frames])
        answers = []
        while len(answers) < times and s.poll(1000):
            answers.append(s.recv_multipart())
        s.close()
        return answers

    def wait_for(self, watch, wanted, seconds=None):
        end = time.monotonic() + (seconds or self.patience_s)
        while time.monotonic() < end:
            if watch.poll(50) and monitor.recv_monitor_message(watch)['event'] & wanted:
                return True
        return False

    def is_cut_off(self, *frames):
        s, watch = self.socket(zmq.DEALER, self.replay, self.keys, watched=True)
        assert self.wait_for(watch, zmq.EVENT_HANDSHAKE_SUCCEEDED), 'no connection'
        s.send_multipart(frames)
        cut = self.wait_for(watch, zmq.EVENT_DISCONNECTED, 2)
        s.disable_monitor()
        s.close()
        return cut

    def is_cut_off_as_subscriber(self, prefix):
        s, watch = self.socket(zmq.SUB, self.events, self.keys, watched=True)
        assert self.wait_for(watch, zmq.EVENT_HANDSHAKE_SUCCEEDED), 'no connection'
        s.subscribe(prefix)
        cut = self.wait_for(watch, zmq.EVENT_DISCONNECTED, 2)
        s.disable_monitor()
        s.close()
        return cut

    def is_kept_out(self, keys):
        """From both sockets."""
        tried = [self.socket(kind, endpoint, keys, watched=True)
                 for kind, endpoint in ((zmq.SUB, self.events), (zmq.DEALER, self.replay))]
        time.sleep(1)
        came_in = [self.wait_for(watch, zmq.EVENT_HANDSHAKE_SUCCEEDED, 0.1) for _, watch in tried]
        for its_socket, _ in tried:
            its_socket.disable_monitor()
            its_socket.close()
        return not any(came_in)

    def close(self):
        for listener in self.listeners:
            listener.close()
        self.context.destroy(linger=0)


class Listener(threading.Thread):
    """A subscriber: the prefixes first, heartbeats last."""

    def __init__(self, peer, prefixes):
        super().__init__(daemon=True)
        peer.listeners.append(self)
        self.socket = peer.socket(zmq.SUB, peer.events, peer.keys)
        for prefix in [*prefixes, b'heartbeat/']:
            self.socket.subscribe(prefix)
        self.socket.connect(peer.events)
        self.frames, self.stopping, self.began = [], False, time.monotonic()
        self.start()

    def run(self):
        while not self.stopping:
            if self.socket.poll(50):
                self.frames.append(self.socket.recv_multipart())

    def first_after(self, seconds):
        end = time.monotonic() + seconds
        while not self.frames and time.monotonic() < end:
            time.sleep(0.01)
        return self.frames[:1]

    def raw_after(self, seconds):
        """All messages, when it has listened for so long."""
        time.sleep(max(0, self.began + seconds - time.monotonic()))
        return list(self.frames)

    def messages_after(self, seconds):
        return [tuple(frames) for frames in self.raw_after(seconds) if len(frames) == 3]

    def close(self):
        self.stopping = True
        self.join()
        self.socket.close()     # a second time does nothing


GREETING = b'\xff' + b'\0' * 8 + b'\x7f\x03\x01' + b'NULL'.ljust(20, b'\0') + b'\0' * 32
READY = b'\x05READY\x0bSocket-Type' + struct.pack('>I', 3) + b'SUB'


class RawPeer(threading.Thread):
    """A connection without ZeroMQ, that says nothing, or nothing more than who it is."""

    def __init__(self, endpoint, greet=False):
        super().__init__(daemon=True)
        kind, _, address = endpoint.partition('://')
        if kind == 'ipc':
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.connect(address)
        else:
            host, _, port = address.rpartition(':')
            self.socket = socket.create_connection((host.strip('[]'), int(port)))
        if greet:
            self.socket.sendall(GREETING + b'\x04' + bytes([len(READY)]) + READY)
        self.began, self.seconds = time.monotonic(), None
        self.start()

    def run(self):
        try:
            while self.socket.recv(4096):
                pass
        except OSError:
            pass
        self.seconds = time.monotonic() - self.began

    def closed_after(self, seconds):
        self.join(max(0, self.began + seconds - time.monotonic()))
        return self.seconds
