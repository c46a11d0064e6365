# SPDX-License-Identifier: Apache-2.0
"""Servers that behave badly, each in its own way: raw sockets, nothing of a web server.

    with Zoo() as zoo:
        url = zoo.add('broken', status(500))
        ... zoo.visits('broken')

A server has an address of its own in 127.0.1.0/24, for politeness is a matter of hosts. What it
does is a behaviour: a function of the Visit (a request that came and the socket that it came by),
after which the connection is closed. ANIMALS is {name: behaviour} of the usual ones.
"""
import contextlib
import email.utils
import gzip
import html
import socket
import ssl
import struct
import threading
import time

MIB = 1 << 20


def feed(*titles):
    """An RSS feed in UTF-8; its entries have no links, so no pages are asked for."""
    items = ''.join(f'<item><title>{html.escape(t)}</title><guid isPermaLink="false">{html.escape(t)}'
                    f'</guid></item>' for t in titles)
    return ('<?xml version="1.0"?><rss version="2.0"><channel><title>خبر</title>'
            f'{items}</channel></rss>').encode()


SOME_FEED = feed(*(f'راه شماره {n} باز شد' for n in range(40)))


class Visit:
    """One request, and the means to answer it."""

    def __init__(self, server, sock, head):
        self.at, self.wall = time.monotonic(), time.time()
        self.ended = None                       # when the answer was given
        self.server, self.socket = server, sock
        lines = head.decode('latin-1').split('\r\n')
        self.path = (lines[0].split(' ') + [''])[1]
        self.fields = {name.lower(): value.strip() for name, _, value in
                       (line.partition(':') for line in lines[1:])}

    def send(self, data):
        self.socket.sendall(data)

    def header(self, code=200, **fields):
        """The header alone; a field's name has _ for -."""
        lines = [f'HTTP/1.1 {code} Some Reason', 'Connection: close']
        lines += [f'{name.replace("_", "-")}: {value}' for name, value in fields.items()]
        self.send('\r\n'.join(lines).encode() + b'\r\n\r\n')

    def answer(self, body, code=200, **fields):
        self.header(code, Content_Length=len(body), **fields)
        self.send(body)

    def drip(self, data, gap=1.0):
        """A byte a second, until the other side or the zoo has enough."""
        for n in range(len(data)):
            self.send(data[n:n + 1])
            if self.server.closing.wait(gap):
                return

    def pour(self, piece, times):
        for _ in range(times):
            if self.server.closing.is_set():
                return
            self.send(piece)

    def reset(self):
        """Closes so that the other side sees a reset, not an end."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        self.socket.close()


class Server(threading.Thread):
    """Listens at an address of its own and treats who comes as `behaviour` says."""

    def __init__(self, address, behaviour, context=None, port=0):
        super().__init__(daemon=True)
        self.behaviour, self.context = behaviour, context
        self.visits, self.handshakes, self.closing = [], [], threading.Event()
        self.listener = socket.create_server((address, port), backlog=64)
        self.host, self.port = self.listener.getsockname()
        self.base = f'http{"s" if context else ""}://{self.host}:{self.port}'
        self.start()

    def run(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return                          # closed
            threading.Thread(target=self.serve, args=(sock,), daemon=True).start()

    def serve(self, sock):
        with contextlib.suppress(OSError, ssl.SSLError), contextlib.closing(sock):
            sock.settimeout(30)
            if self.context:
                self.handshakes.append(time.monotonic())
                sock = self.context.wrap_socket(sock, server_side=True)
            visit = self.hear(sock)
            if visit:
                self.visits.append(visit)
                try:
                    self.behaviour(visit)
                finally:
                    visit.ended = time.monotonic()
            if self.context:
                sock.close()

    def hear(self, sock):
        head = b''
        while b'\r\n\r\n' not in head:
            more = sock.recv(65536)
            if not more:
                return None
            head += more
        return Visit(self, sock, head.split(b'\r\n\r\n')[0])

    def close(self):
        self.closing.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


class Zoo:
    NETWORK = '127.0.1.0/24'

    def __init__(self):
        self.servers = {}

    def add(self, name, behaviour, path='/feed.xml'):
        """Returns the URL of its feed."""
        server = Server(f'127.0.1.{len(self.servers) + 1}', behaviour)
        self.servers[name] = server
        return server.base + path

    def visits(self, name):
        """Those that asked for the feed, not for what it redirects to."""
        return [v for v in list(self.servers[name].visits) if v.path == '/feed.xml']

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for server in self.servers.values():
            server.close()


# -- behaviours; those with arguments give one

def body(data, code=200, **fields):
    return lambda visit: visit.answer(data, code, **fields)


def status(code, **fields):
    return body(b'out of order\n', code, Content_Type='text/plain', **fields)


def until_date(code, seconds):
    """Stay away until a date that is so far ahead."""
    return lambda visit: visit.answer(b'later\n', code, Retry_After=email.utils.formatdate(
        visit.wall + seconds, usegmt=True))


def redirect(where):
    """`where` has {n} for the number of the next hop and {base} for our address."""
    def hop(visit):
        n = int(visit.path.partition('?')[2] or 0) + 1
        visit.answer(b'', 302, Location=where.format(n=n, base=visit.server.base))
    return hop


def in_turn(*behaviours):
    """The first for the first visit, and so on; the last one for the rest."""
    def one(visit):
        nth = visit.server.visits.index(visit)
        behaviours[min(nth, len(behaviours) - 1)](visit)
    return one


def conditional(data, tag):
    """A good server: the same as before is not sent again."""
    def answer(visit):
        if visit.fields.get('if-none-match') == tag:
            visit.header(304, ETag=tag)
        else:
            visit.answer(data, ETag=tag, Content_Type='application/rss+xml')
    return answer


def cut_after(data, n, reset=False, **fields):
    """n bytes of the body that was promised."""
    def answer(visit):
        visit.header(Content_Length=len(data), **fields)
        visit.send(data[:n])
        if reset:
            visit.reset()
    return answer


def in_chunks(visit, data, end=b'0\r\n\r\n'):
    visit.header(Transfer_Encoding='chunked', Content_Type='application/rss+xml')
    for start in range(0, len(data), 1000):
        piece = data[start:start + 1000]
        visit.send(b'%x\r\n%s\r\n' % (len(piece), piece))
    visit.send(end)


def slow_header(visit):
    visit.drip(b'HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n' * 20)


def slow_body(visit):
    visit.header(Content_Length=len(SOME_FEED))
    visit.drip(SOME_FEED)


def endless_header(visit):
    visit.send(b'HTTP/1.1 200 OK\r\n')
    visit.pour(b'X-Some-Field: some value\r\n' * 1000, 1000)


def huge_field(visit):
    visit.send(b'HTTP/1.1 200 OK\r\nX-Some-Field: ')
    visit.pour(b'x' * 65536, 64)
    visit.send(b'\r\n\r\n')


def huge_status_line(visit):
    visit.send(b'HTTP/1.1 200 ')
    visit.pour(b'x' * 65536, 64)


def interim_flood(visit):
    visit.pour(b'HTTP/1.1 100 Continue\r\n\r\n' * 1000, 1000)


def slow_interim(visit):
    while not visit.server.closing.wait(0.2):
        visit.send(b'HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n')


def silent(visit):
    visit.server.closing.wait(60)


def huge_body(visit):
    visit.header(Content_Length=100 * MIB)
    visit.pour(b' ' * MIB, 100)


def huge_chunks(visit):
    visit.header(Transfer_Encoding='chunked')
    visit.pour(b'100000\r\n' + b' ' * MIB + b'\r\n', 100)


def endless_body(visit):
    """Without a length: until the connection ends, which it does not."""
    visit.header()
    visit.pour(b' ' * MIB, 100)


def garbage(visit):
    visit.send(bytes(range(256)) * 20)


def old_http(visit):
    """HTTP/0.9: no header at all."""
    visit.send(SOME_FEED)


def no_answer(_):
    pass


def reset_at_once(visit):
    visit.send(b'HTTP/1.1 200 O')
    visit.reset()


# 64 MiB of blanks
GZIP_BOMB = gzip.compress(b' ' * (64 * MIB), mtime=0)
BROTLI_BOMB = bytes.fromhex(
    'cbffff3ff82540e2b14020f7fe8fffff7ff04b00c4611180eefd1fffffffe0970088c30200ddfb3ffeffffc12f'
    '0110870500baf77ffcffff835f02200e0b0074effff8ffff07bf04401c1600e8defff1ffff0f7e0980382c00d0'
    'bdffe3ffff1ffc1200715800a07bff37')


def zstd_bomb():
    """A frame of blocks that say: this byte, so often (RFC 8878, 3.1.1.2)."""
    frame = b'\x28\xb5\x2f\xfd' + b'\x00' + b'\x58'        # no size known, a window of 2 MiB
    size, blocks = 128 << 10, 512
    for n in range(blocks):
        frame += (size << 3 | 1 << 1 | (n == blocks - 1)).to_bytes(3, 'little') + b' '
    return frame


HTML_ERROR = ('<!DOCTYPE html><html lang="fa"><head><title>خطا</title></head><body><h1>خطای سرور</h1>'
              '<p>این صفحه در دسترس نیست.</p></body></html>').encode()
CAPTCHA = ('<!DOCTYPE html><html><head><title>یک لحظه</title><meta name="robots" content="noindex">'
           '</head><body><form id="challenge-form" action="/check" method="POST"><p>آیا شما ربات '
           'هستید؟</p><input type="hidden" name="token" value="1"></form><script>setTimeout('
           'function () { document.forms[0].submit() }, 100)</script></body></html>').encode()
HALF_JSON = b'{"version": "https://jsonfeed.org/version/1.1", "title": "a", "items": [{"id": '

# What the two with a wrong label say; they must be read as it was meant.
TITLE_1256 = 'گزارش آب و هوا از کوهستان'
TITLE_UTF8 = 'گزارش باران از کنار دریا'
FEED_1256 = feed(TITLE_1256).decode().replace('ی', 'ي').encode('cp1256')


ANIMALS = {
    'slow-header': slow_header,
    'slow-body': slow_body,
    'slow-interim': slow_interim,
    'silent': silent,
    'endless-header': endless_header,
    'huge-field': huge_field,
    'huge-status-line': huge_status_line,
    'interim-flood': interim_flood,
    'ten-redirects': redirect('{base}/hop?{n}'),
    'redirect-loop': redirect('{base}/again'),
    'redirect-private': redirect('http://10.0.0.1/feed.xml'),
    'redirect-loopback': redirect('http://127.99.0.1/feed.xml'),
    'redirect-file': redirect('file:///etc/hostname'),
    'truncated-body': cut_after(SOME_FEED, 700, Content_Type='application/rss+xml'),
    'cut-early': cut_after(SOME_FEED, 60),
    'half-root': body(b'<?xml version="1.0"?><rss version="2.0"'),
    'truncated-chunk': lambda visit: in_chunks(visit, SOME_FEED, end=b'3e8\r\nhalf of it'),
    'truncated-gzip': body(gzip.compress(SOME_FEED, mtime=0)[:-40], Content_Encoding='gzip'),
    'long-length': cut_after(SOME_FEED + b' ' * 100, len(SOME_FEED)),
    'short-length': lambda visit: (visit.header(Content_Length=1500), visit.send(SOME_FEED)),
    'unasked-304': lambda visit: visit.header(304),
    'limited': status(429, Retry_After=6),
    'limited-date': until_date(429, 6),
    'busy': status(503, Retry_After=6),
    'busy-date': until_date(503, 6),
    'busy-bare': status(503),
    'broken': status(500),
    'missing': status(404),
    'forbidden': status(403),
    'gone': status(410),
    'html-error': body(HTML_ERROR, Content_Type='text/html; charset=utf-8'),
    'captcha': body(CAPTCHA, Content_Type='text/html; charset=utf-8'),
    'empty': body(b'', Content_Type='application/rss+xml'),
    'half-json': body(HALF_JSON, Content_Type='application/feed+json'),
    'huge-body': huge_body,
    'huge-chunks': huge_chunks,
    'endless-body': endless_body,
    'gzip-bomb': body(GZIP_BOMB, Content_Encoding='gzip'),
    'br-bomb': body(BROTLI_BOMB, Content_Encoding='br'),
    'zstd-bomb': body(zstd_bomb(), Content_Encoding='zstd'),
    'double-gzip': body(gzip.compress(gzip.compress(SOME_FEED)), Content_Encoding='gzip, gzip'),
    'unknown-coding': body(SOME_FEED, Content_Encoding='x-squeeze'),
    'garbage': garbage,
    'old-http': old_http,
    'reset-at-once': reset_at_once,
    'reset-in-body': cut_after(SOME_FEED, 700, reset=True),
    'no-answer': no_answer,
    'label-utf8': body(feed(TITLE_UTF8), Content_Type='text/xml; charset=iso-8859-1'),
    'label-1256': body(FEED_1256, Content_Type='application/rss+xml; charset=utf-8'),
}
