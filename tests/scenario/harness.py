"""What every scenario needs: a site on loopback, the real daemon on it, a real subscriber.

Nothing here has a fixed port or waits for a fixed time: `until()` waits for what is to come,
and fails when it does not.
"""
import html
import json
import os
import pathlib
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import time

import zmq

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'support'))
from origin import Origin  # noqa: E402,F401  (for the scenarios)

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


def feed_of(titles):
    """A feed for Origin's `pages`: {path: title}, the newest last."""
    items = ''.join(
        f'<item><title>{html.escape(title)}</title><link>{{{{BASE}}}}{path}</link>'
        f'<guid>{{{{BASE}}}}{path}</guid></item>' for path, title in reversed(titles.items()))
    return {'type': 'application/rss+xml', 'text':
            f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
            f'<title>خبر</title><link>{{{{BASE}}}}/</link>{items}</channel></rss>'}


running = []        # every daemon that was started: none outlives its scenario


class Daemon:
    """peykd with a database and sockets of its own in `folder`."""

    def __init__(self, bin_dir, folder, feeds):
        self.bin, self.folder = pathlib.Path(bin_dir), pathlib.Path(folder)
        self.events = f'ipc://{self.folder}/events.sock'
        self.control = self.folder / 'control.sock'
        self.config = self.folder / 'peyk.yaml'
        self.log = open(self.folder / 'peykd.log', 'ab')
        self.process = None
        self.configure(feeds)

    def configure(self, feeds, extra=''):
        lines = ''.join(f'  - {{{feed}}}\n' for feed in feeds)
        self.config.write_text(
            'version: 1\n'
            f'daemon: {{state_dir: "{self.folder}", control: "{self.control}"}}\n'
            'fetch: {allow_cidrs: [127.0.0.1/32], per_host: {connections: 8, min_delay: 0s}}\n'
            'poll: {interval: 1s, min_interval: 1s, backoff: {first: 1s, max: 2s}}\n'
            f'publish: {{events: {{bind: ["{self.events}"]}}, heartbeat: 200ms}}\n'
            f'feeds:\n{lines}{extra}', encoding='utf8')

    def start(self):
        assert self.process is None
        self.process = subprocess.Popen(
            [self.bin / 'peykd', '--config', self.config], stdout=self.log, stderr=self.log)
        running.append(self.process)
        until('the control socket answers', lambda: self.alive() and self.ask('status'))
        return self

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
        path = self.folder / 'peyk.db'
        if not path.exists():
            return []
        db = sqlite3.connect(path, timeout=10)
        try:
            return db.execute(sql).fetchall()
        finally:
            db.close()

    def journal(self):
        """{seq: (topic, body)} of what is committed."""
        return {seq: (topic, body) for seq, topic, body in
                self.rows('SELECT seq, topic, body FROM message')}


class Subscriber(threading.Thread):
    """A subscriber that none of us wrote: python3-zmq. Keeps every message it gets."""

    def __init__(self, endpoint, prefix=b''):
        super().__init__(daemon=True)
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.SUB)
        self.socket.setsockopt(zmq.RCVHWM, 0)
        self.socket.setsockopt(zmq.SUBSCRIBE, prefix)
        self.socket.setsockopt(zmq.RECONNECT_IVL, 20)
        self.socket.connect(endpoint)
        self.messages, self.heartbeats, self.stopping = [], [], False
        self.start()

    def run(self):
        while not self.stopping:
            if not self.socket.poll(100):
                continue
            topic, header, body = self.socket.recv_multipart()
            magic, flags, epoch, seq = struct.unpack('>4sIQQ', header)
            assert magic == b'PYK1' and flags == 0, header
            if topic == b'heartbeat/':
                self.heartbeats.append(json.loads(body))
            else:
                self.messages.append((topic.decode(), epoch, seq, body))

    def of_type(self, kind):
        return [json.loads(body)['data'] for topic, _, _, body in list(self.messages)
                if topic.startswith(kind + '/')]

    def close(self):
        self.stopping = True
        self.join()
        self.context.destroy(linger=0)


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
