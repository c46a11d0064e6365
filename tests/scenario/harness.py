"""What every scenario needs: a site on loopback, the real daemon on it, a real subscriber.

Nothing here has a fixed port or waits for a fixed time: `until()` waits for what is to come,
and fails when it does not.
"""
import contextlib
import functools
import html
import json
import os
import pathlib
import signal
import socket
import sqlite3
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time

import jsonschema
import zmq

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'support'))
from origin import Origin  # noqa: E402,F401  (for the scenarios)

SCHEMA = pathlib.Path(__file__).parents[2] / 'docs' / 'event.schema.json'
LONG = os.environ.get('PEYK_TEST_LONG') == '1'      # ./dev test --long: days' work in minutes, not in seconds
PATIENCE = float(os.environ.get('PEYK_TEST_PATIENCE', '30'))


def until(what, condition, patience=PATIENCE):
    """Waits until condition() is true and returns its value."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f'this did not happen within {patience:g} s: {what}')


@functools.cache
def validators():
    """{type: (of the envelope, of its data)}. Told apart here, for to the schema each message is
    four questions, and asking them all takes ten times as long."""
    schema = json.loads(SCHEMA.read_text(encoding='utf8'))
    kinds = {rule['if']['properties']['type']['const']: rule['then']['properties']['data']['$ref']
             for rule in schema['allOf']}
    assert set(kinds) == set(schema['properties']['type']['enum'])
    make = jsonschema.Draft202012Validator
    make.check_schema(schema)
    envelope = make({k: v for k, v in schema.items() if k != 'allOf'})
    return {kind: (envelope, make({'$ref': ref, '$defs': schema['$defs']}))
            for kind, ref in kinds.items()}


def check_message(message):
    """Fails when a message is not what docs/event.schema.json says."""
    for validator, value in zip(validators().get(message.get('type'), ()), (message, message.get('data'))):
        error = jsonschema.exceptions.best_match(validator.iter_errors(value))
        assert error is None, f'{message.get("id")}: {error.json_path}: {error.message}'
    assert message.get('type') in validators(), message


def feed_of(titles):
    """A feed for Origin's `pages`: {path: title}, the newest last."""
    items = ''.join(
        f'<item><title>{html.escape(title)}</title><link>{{{{BASE}}}}{path}</link>'
        f'<guid>{{{{BASE}}}}{path}</guid></item>' for path, title in reversed(titles.items()))
    return {'type': 'application/rss+xml', 'text':
            f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
            f'<title>خبر</title><link>{{{{BASE}}}}/</link>{items}</channel></rss>'}


POLL = 'poll: {interval: 1s, min_interval: 1s, adaptive: false, backoff: {first: 1s, max: 2s}}'

running = []        # every daemon that was started: none outlives its scenario


class Daemon:
    """peykd with a database and sockets of its own in `folder`."""

    def __init__(self, bin_dir, folder, feeds, state=None, **settings):
        self.bin, self.folder = pathlib.Path(bin_dir), pathlib.Path(folder)
        self.state = pathlib.Path(state or folder)
        self.events = f'ipc://{self.folder}/events.sock'
        self.replay = f'ipc://{self.folder}/replay.sock'
        self.events_bound, self.replay_bound = [self.events], [self.replay]
        self.control = self.folder / 'control.sock'
        self.config = self.folder / 'peyk.yaml'
        self.log = open(self.folder / 'peykd.log', 'ab')
        self.process = None
        self.configure(feeds, **settings)

    def configure(self, feeds, extra='', fetch='', events='', replay='', publish='', poll=POLL):
        """`fetch`, `publish`, its `events` and `replay` are more settings of theirs: 'key: value, ';
        `poll` is the section, `extra` is more lines at the end."""
        lines = ''.join(f'  - {{{feed}}}\n' for feed in feeds)
        self.config.write_text(
            'version: 1\n'
            f'daemon: {{state_dir: "{self.state}", control: "{self.control}"}}\n'
            f'fetch: {{{fetch}allow_cidrs: [127.0.0.1/32],'
            ' per_host: {connections: 8, min_delay: 0s}}\n'
            f'{poll}\n'
            f'publish: {{events: {{{events}bind: {json.dumps(self.events_bound)}}},'
            f' replay: {{{replay}bind: {json.dumps(self.replay_bound)}}}, {publish}heartbeat: 200ms}}\n'
            f'feeds:\n{lines}{extra}', encoding='utf8')

    def launch(self, **environment):
        """Starts it, and does not wait for it."""
        assert self.process is None
        self.process = subprocess.Popen(
            [self.bin / 'peykd', '--config', self.config], stdout=self.log, stderr=self.log,
            env={**os.environ, **environment})
        running.append(self.process)

    def start(self):
        self.launch()
        until('the control socket answers', lambda: self.alive() and self.ask('status'))
        return self

    def start_heard_by(self, subscriber):
        """Starts it, and waits until the subscriber hears it: what is published from now on arrives."""
        heard = len(subscriber.heartbeats)
        self.start()
        until('the subscriber hears the daemon', lambda: len(subscriber.heartbeats) > heard)

    def alive(self):
        if self.process.poll() is not None:
            raise AssertionError(f'peykd ended with {self.process.returncode}:\n{self.said()}')
        return True

    def ask(self, command, **more):
        try:
            with socket.socket(socket.AF_UNIX) as s:
                s.settimeout(5)
                s.connect(str(self.control))
                s.sendall(json.dumps({'command': command, **more}).encode() + b'\n')
                return json.loads(s.makefile('rb').readline() or b'null')
        except (ConnectionError, FileNotFoundError):
            return None

    def wait(self, patience):
        """Until it ends, or so long."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(patience)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def stop(self):
        """Ends it as systemd would; it must end cleanly and soon."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(PATIENCE)
        self.process = None
        assert code == 0, f'peykd ended with {code}:\n{self.said()}'

    def said(self):
        return (self.folder / 'peykd.log').read_text(encoding='utf8', errors='replace')

    def rows(self, sql):
        path = self.state / 'peyk.db'
        if not path.exists():
            return []
        db = sqlite3.connect(path, timeout=10)
        try:
            return db.execute(sql).fetchall()
        finally:
            db.close()

    def write(self, sql):
        """Changes what the daemon will read: for what only time could bring about."""
        db = sqlite3.connect(self.state / 'peyk.db', timeout=10)
        try:
            with db:
                db.execute(sql)
        finally:
            db.close()

    def journal(self):
        """{seq: (topic, body)} of what is committed."""
        return {seq: (topic, body) for seq, topic, body in
                self.rows('SELECT seq, topic, body FROM message')}


class Keys:
    """A client's pair and the daemon's public key, as `peyk keygen` wrote them."""

    def __init__(self, bin_dir, path, server=None):
        subprocess.run([pathlib.Path(bin_dir) / 'peyk', 'keygen', path], check=True,
                       stdout=subprocess.DEVNULL)
        self.public, self.secret = (
            next(line for line in pathlib.Path(f'{path}.{kind}').read_text(encoding='ascii').splitlines()
                 if line and line[0] != '#') for kind in ('pub', 'secret'))
        self.server = server and server.public

    def use(self, socket):
        """Before the socket connects."""
        socket.curve_serverkey = self.server.encode()
        socket.curve_publickey = self.public.encode()
        socket.curve_secretkey = self.secret.encode()


class Subscriber(threading.Thread):
    """A subscriber that none of us wrote: python3-zmq. Keeps every message it gets; close()
    fails when one of them is not what the schema says."""

    def __init__(self, endpoint, prefix=b'', keys=None):
        """`keys`: a Keys, where the stream is encrypted."""
        super().__init__(daemon=True)
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.SUB)
        self.socket.setsockopt(zmq.RCVHWM, 0)
        if keys:
            keys.use(self.socket)
        self.socket.setsockopt(zmq.SUBSCRIBE, prefix)
        self.socket.setsockopt(zmq.RECONNECT_IVL, 20)
        self.socket.connect(endpoint)
        self.messages, self.heartbeats, self.stopping = [], [], False
        self.headers_of_heartbeats, self.heard_at, self.failure = [], [], None
        self.start()

    def run(self):
        try:
            while not self.stopping:
                if self.socket.poll(100):
                    self.take(*self.socket.recv_multipart())
        except Exception as e:      # for close() to raise: nobody looks at a thread
            self.failure = e

    def take(self, topic, header, body):
        magic, flags, epoch, seq = struct.unpack('>4sIQQ', header)
        assert magic == b'PYK1' and flags == 0, header
        if topic == b'heartbeat/':
            self.headers_of_heartbeats.append((f'{epoch:016x}', seq))
            self.heard_at.append(time.monotonic())
            self.heartbeats.append(json.loads(body))
        else:
            self.messages.append((topic.decode('ascii'), epoch, seq, body))

    def of_type(self, kind):
        return [json.loads(body)['data'] for topic, _, _, body in list(self.messages)
                if topic.startswith(kind + '/')]

    def close(self):
        self.stopping = True
        self.join()
        self.context.destroy(linger=0)
        if self.failure:
            raise self.failure
        for topic, _, _, body in self.messages:
            message = json.loads(body)
            check_message(message)
            assert message['type'] == f'org.peyk.{topic.split("/")[0]}.v1', (topic, message)
        for header, message in zip(self.headers_of_heartbeats, self.heartbeats):
            check_message(message)
            assert header == (message['data']['epoch'], 0), (header, message)


def memory_kb(process, kind='VmRSS'):
    with open(f'/proc/{process.pid}/status', encoding='ascii') as f:
        return next(int(line.split()[1]) for line in f if line.startswith(f'{kind}:'))


def descriptors(process):
    return len(os.listdir(f'/proc/{process.pid}/fd'))


def cpu_s(process):
    """What it has worked so far, whatever else this machine had to do."""
    with open(f'/proc/{process.pid}/stat', encoding='ascii') as f:
        times = f.read().rsplit(')', 1)[1].split()[11:13]
    return sum(map(int, times)) / os.sysconf('SC_CLK_TCK')


class Recoveries:
    """How long starts took: each at work for less than LONGEST_S, half of them in less than that
    by the clock on the wall, for others may want this machine, too."""
    LONGEST_S = 1

    def __init__(self, bin_dir):
        self.wall, self.cpu, self.sanitized = [], [], is_sanitized(bin_dir)

    def start(self, daemon):
        began = time.monotonic()
        daemon.start()
        self.wall.append(time.monotonic() - began)
        self.cpu.append(cpu_s(daemon.process))

    def check(self):
        """Returns what there is to tell."""
        median, work = statistics.median(self.wall), max(self.cpu)
        assert self.sanitized or (work < self.LONGEST_S and median < self.LONGEST_S), \
            f'starts take {median:.2f} s, and {work:.2f} s of work'
        return (f'{len(self.wall)} starts: median {median * 1000:.0f} ms, longest {max(self.wall) * 1000:.0f} ms, '
                f'{work * 1000:.0f} ms of work at most')


def is_sanitized(bin_dir):
    """Sanitizers keep what is freed."""
    binary = (pathlib.Path(bin_dir) / 'peykd').read_bytes()
    return b'__asan_init' in binary or b'__tsan_init' in binary


def check_durable(daemon, subscriber):
    """P1, P4: what was received stands in the journal, byte for byte, in its order."""
    journal = daemon.journal()
    (epoch,), = daemon.rows('SELECT epoch FROM epoch')
    for topic, its_epoch, seq, body in list(subscriber.messages):
        assert its_epoch == epoch, 'the epoch changed'
        assert seq in journal, f'message {seq} was seen and is not in the journal'
        assert journal[seq] == (topic, body), f'message {seq} is not what was sent'
    seqs = [seq for _, _, seq, _ in list(subscriber.messages)]
    assert seqs == sorted(set(seqs)), 'messages came out of order, or twice'
    assert seqs, 'the subscriber received nothing at all'
    return seqs


def article_urls(daemon):
    """Of the journal: as often as each was published."""
    return [json.loads(body)['data']['url'] for topic, body in daemon.journal().values()
            if topic.startswith('article/')]


def page(title, paragraphs, lang='fa'):
    """A plain article page for Origin's `pages`, as a small newspaper would make it."""
    body = ''.join(f'<p>{html.escape(p)}</p>\n' for p in paragraphs)
    text = (f'<!DOCTYPE html><html lang="{lang}" dir="rtl"><head><meta charset="utf-8">'
            f'<title>{html.escape(title)}</title></head><body>'
            f'<nav><a href="/">خانه</a> <a href="/politics">سیاست</a></nav>'
            f'<article><h1>{html.escape(title)}</h1>\n{body}</article>'
            f'<footer>همه حقوق محفوظ است</footer></body></html>')
    return {'type': 'text/html; charset=utf-8', 'text': text}


def in_folder(scenario):
    """Runs scenario(folder); shows the daemon's log when it fails."""
    with tempfile.TemporaryDirectory(prefix='peyk-') as folder:
        try:
            scenario(folder)
        except BaseException:
            log = pathlib.Path(folder, 'peykd.log')
            if log.exists():
                print('--- peykd.log\n' + log.read_text(errors='replace')[-6000:])
            raise
        finally:
            for process in running:
                if process.poll() is None:
                    process.kill()
                    process.wait()
