# SPDX-License-Identifier: Apache-2.0
"""A name server whose answers are not to be trusted: UDP, A and AAAA.

    Dns({'good.example': addresses('192.0.2.1'), 'bad.example': silent})

A behaviour is a function of the Query that gives the bytes of a reply, or None for none. Names
that are not given do not exist.
"""
import contextlib
import ipaddress
import socket
import struct
import threading

A, CNAME, AAAA = 1, 5, 28
NOERROR, SERVFAIL, NXDOMAIN = 0, 2, 3


def encode(name):
    return b''.join(bytes([len(label)]) + label.encode() for label in name.split('.')) + b'\0'


class Query:
    def __init__(self, server, data):
        self.server, self.id = server, data[:2]
        at, labels = 12, []
        while data[at]:
            labels.append(data[at + 1:at + 1 + data[at]].decode())
            at += 1 + data[at]
        self.name = '.'.join(labels).lower()
        self.kind, = struct.unpack('>H', data[at + 1:at + 3])
        self.question = data[12:at + 5]
        self.nth = 0            # how often this was asked for before

    def reply(self, records=(), code=NOERROR):
        """`records` are (name, kind, data of the record)."""
        body = b''.join(encode(name) + struct.pack('>HHIH', kind, 1, 0, len(data)) + data
                        for name, kind, data in records)
        return (self.id + struct.pack('>HHHHH', 0x8180 | code, 1, len(records), 0, 0) +
                self.question + body)


class Dns(threading.Thread):
    def __init__(self, names, address='127.0.0.1', port=53):
        super().__init__(daemon=True)
        self.names, self.asked, self.closing = names, {}, threading.Event()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, port))
        self.start()

    def run(self):
        with contextlib.suppress(OSError):      # closed
            while not self.closing.is_set():
                data, client = self.socket.recvfrom(4096)
                if len(data) < 12:
                    continue        # nobody's; the end of the socket looks like this, too
                threading.Thread(target=self.answer, args=(data, client), daemon=True).start()

    def answer(self, data, client):
        query = Query(self, data)
        query.nth = self.asked.get((query.name, query.kind), 0)
        self.asked[query.name, query.kind] = query.nth + 1
        reply = self.names.get(query.name, no_such_name)(query)
        if reply and not self.closing.is_set():
            with contextlib.suppress(OSError):
                self.socket.sendto(reply, client)

    def times_asked(self, name):
        return self.asked.get((name, A), 0)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closing.set()
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


def addresses(*texts):
    """Those of the kind that is asked for."""
    def answer(query):
        given = [ipaddress.ip_address(text) for text in texts]
        return query.reply([(query.name, query.kind, ip.packed) for ip in given
                            if query.kind == (A if ip.version == 4 else AAAA)])
    return answer


def no_such_name(query):
    return query.reply(code=NXDOMAIN)


def server_failure(query):
    return query.reply(code=SERVFAIL)


def silent(_):
    return None


def garbage(query):
    return query.id + b'\xff' * 40


def after(seconds, behaviour):
    return lambda query: None if query.server.closing.wait(seconds) else behaviour(query)


def in_turn(*behaviours):
    """The first for the first question of a kind, and so on; the last one for the rest."""
    return lambda query: behaviours[min(query.nth, len(behaviours) - 1)](query)


def alias(*names):
    """A chain of names, without an address at its end."""
    def answer(query):
        chain = [query.name, *names]
        return query.reply([(a, CNAME, encode(b)) for a, b in zip(chain, chain[1:])])
    return answer
