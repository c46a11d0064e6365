#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Who cannot be trusted by TLS is refused, and told what is wrong with it (F10).

usage: zoo_tls.py BIN

An authority of the test's own is trusted by fetch.tls.ca_file; one good server of it is polled,
with HTTP/1.1 and with HTTP/2, while others have certificates that are out of date, of somebody
else, or signed by nobody known, speak old TLS, or none at all.
"""
import pathlib
import re
import ssl
import sys
import warnings

from harness import PATIENCE, in_folder, until
import zoo
from certificates import Authority, self_signed
from zoo_http import ZooDaemon

# name: class, what the text says
WANTED = {
    'expired': ('tls', 'certificate has expired'),
    'not-yet': ('tls', 'not yet valid'),
    'self-signed': ('tls', 'self.signed'),
    'wrong-host': ('tls', 'does not match|no alternative certificate subject name matches'),
    'unknown-authority': ('tls', 'unable to get local issuer|self.signed'),
    'tls10': ('tls', 'protocol version|unsupported protocol'),
    'tls11': ('tls', 'protocol version|unsupported protocol'),
    'wants-sni': ('tls', 'alert|unrecognized|SSL'),
    'plain': ('tls', 'wrong version|SSL|packet length'),
    'hangs-up': ('connect', 'SSL|connection|reset'),
    'mute': ('timeout', 'timed out|timeout'),
    'goaway': ('connect', 'HTTP2'),
    'stream-reset': ('truncated', 'the end of the feed is missing'),
}
PARTIAL = {'stream-reset'}
GOOD = {'good', 'good-h2', 'good-sni'}


def context(pair, alpn=(), versions=None, sni=None):
    """Of a server; `versions` are the only ones that it speaks."""
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    c.load_cert_chain(pair)
    c.set_alpn_protocols(list(alpn) or ['http/1.1'])
    if versions:
        c.set_ciphers('ALL:@SECLEVEL=0')
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')     # that they are old is the point
            c.minimum_version = c.maximum_version = versions
    if sni:
        c.sni_callback = sni
    return c


def demand_a_name(_, name, __):
    """A server of many names: who does not say which one he wants is turned away. An address is
    no name, so nobody who asks for an address can say it."""
    return None if name else ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME


# -- HTTP/2, as far as it is needed: frames (RFC 9113, 4.1) and headers out of the static table

SETTINGS, HEADERS, DATA, RST_STREAM, GOAWAY = 4, 1, 0, 3, 7
END_STREAM, END_HEADERS, ACK = 1, 4, 1
STATUS_200 = b'\x88'            # RFC 7541, A


def frame(kind, payload=b'', flags=0, stream=0):
    return (len(payload).to_bytes(3, 'big') + bytes([kind, flags]) + stream.to_bytes(4, 'big') +
            payload)


def wait_for_end(visit):
    """A connection that is closed with something unread is reset: that is another case."""
    while visit.socket.recv(65536):
        pass


def goaway(visit):
    visit.send(frame(SETTINGS) + frame(SETTINGS, flags=ACK) +
               frame(GOAWAY, (0).to_bytes(4, 'big') + (11).to_bytes(4, 'big')))
    wait_for_end(visit)


def stream_reset(visit):
    visit.send(frame(SETTINGS) + frame(SETTINGS, flags=ACK) +
               frame(HEADERS, STATUS_200, END_HEADERS, 1) + frame(DATA, zoo.SOME_FEED[:700], 0, 1))
    heard = b''
    while frame(SETTINGS, flags=ACK) not in heard:      # now it has read that far
        heard += visit.socket.recv(65536) or bytes(100) + frame(SETTINGS, flags=ACK)
    visit.send(frame(RST_STREAM, (2).to_bytes(4, 'big'), 0, 1))
    wait_for_end(visit)


def good_h2(visit):
    visit.send(frame(SETTINGS) + frame(SETTINGS, flags=ACK) +
               frame(HEADERS, STATUS_200, END_HEADERS, 1) +
               frame(DATA, zoo.feed('راه باز شد'), END_STREAM, 1) +
               frame(GOAWAY, (1).to_bytes(4, 'big') + (0).to_bytes(4, 'big')))
    wait_for_end(visit)


class PlainServer(zoo.Server):
    """Reached by https, and speaks something else at once."""

    def serve(self, sock):
        self.handshakes.append(1)
        with sock:
            self.behaviour(sock)


def plain(sock):
    sock.recv(4096)
    sock.sendall(b'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')


def hangs_up(sock):
    sock.recv(4096)


def servers(folder):
    """{name: Server}, each at an address of its own, 127.0.1.n."""
    ours, other = Authority(folder / 'ours', 'ours'), Authority(folder / 'other', 'other')
    made = {}

    def add(name, pair, behaviour=zoo.ANIMALS['label-utf8'], **options):
        made[name] = zoo.Server(address(name), behaviour, context(pair(address(name)), **options))

    def address(name):
        if name == 'good-sni':
            return '127.0.0.1'
        return f'127.0.1.{(sorted(WANTED) + sorted(GOOD)).index(name) + 1}'

    def good(name, **options):
        return lambda host: ours.pair(name, host, **options)

    add('good', good('good'))
    add('good-sni', lambda _: ours.pair('good-sni', 'localhost'), sni=demand_a_name)
    made['good-sni'].base = f'https://localhost:{made["good-sni"].port}'
    add('good-h2', good('good-h2'), good_h2, alpn=['h2'])
    add('expired', good('expired', since='20200101000000Z', until='20210101000000Z'))
    add('not-yet', good('not-yet', since='20900101000000Z', until='20910101000000Z'))
    add('self-signed', lambda host: self_signed(folder, 'self-signed', host))
    add('wrong-host', lambda _: ours.pair('wrong-host', 'somebody.example'))
    add('unknown-authority', lambda host: other.pair('unknown', host))
    add('tls10', good('tls10', rsa=True), versions=ssl.TLSVersion.TLSv1)
    add('tls11', good('tls11', rsa=True), versions=ssl.TLSVersion.TLSv1_1)
    add('wants-sni', good('wants-sni'), sni=demand_a_name)
    add('goaway', good('goaway'), goaway, alpn=['h2'])
    add('stream-reset', good('stream-reset'), stream_reset, alpn=['h2'])
    for name, behaviour in ('plain', plain), ('hangs-up', hangs_up), (
            'mute', lambda _: made['mute'].closing.wait(30)):
        made[name] = PlainServer(address(name), behaviour)
        made[name].base = made[name].base.replace('http:', 'https:')
    return made, ours.file


def check(name, seen, server):
    if name in GOOD:
        assert seen.failures == 0 and not seen.error, (name, seen)
        return
    error_class, text = WANTED[name]
    assert re.search(text, seen.error or ''), (name, seen)
    assert seen.error_class == (None if name in PARTIAL else error_class), (name, seen)
    if error_class == 'tls':
        assert not server.visits, f'{name} got a request'
    assert server.handshakes, f'{name} was not even tried'


def scenario(folder, bin_dir):
    place = pathlib.Path(folder, 'certificates')
    place.mkdir()
    made, authority = servers(place)
    daemon = ZooDaemon(bin_dir, folder, [
        f'id: {name}, url: "{server.base}/feed.xml"' for name, server in made.items()],
        fetch=f'tls: {{ca_file: "{authority}"}}, timeouts: {{connect: 2s, total: 4s, stall: 3s}}, ')
    try:
        daemon.start()
        until('all were asked', lambda: daemon.alive() and all(
            seen.last_poll for seen in daemon.feeds().values()) and len(daemon.feeds()) == len(made))
        until('the good ones are asked again', lambda: all(
            len(made[name].visits) >= 3 for name in GOOD), PATIENCE)
        wrong = []
        for name, seen in daemon.feeds().items():
            try:
                check(name, seen, made[name])
            except AssertionError as e:
                wrong.append(str(e))
        assert not wrong, '\n'.join(wrong)
        for name, seen in daemon.feeds().items():
            print(f'{name}: {seen.error_class} {seen.error}')
        daemon.stop()
    finally:
        for server in made.values():
            server.close()


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    in_folder(lambda folder: scenario(folder, sys.argv[1]))
