#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A WebSub hub on loopback for tests: it verifies, distributes, signs, and misbehaves on request.

As a module:

    with Hub() as hub:
        hub.url                      for <link rel="hub">
        hub.subscriptions            {callback: Subscription}, those that were verified
        hub.publish(topic, body, content_type)
                                     sends the bytes to all that are subscribed; returns the statuses

How it behaves, to be set at any time:
    sign         'sha256'; 'sha1', 'sha384', 'sha512'; 'wrong': by another secret; 'none'
    lease        seconds that it gives; None: as many as were asked for
    deny         True: denies each subscription
    lie          True: asks back about a topic that nobody has asked for
    refuse       an HTTP status for requests to subscribe; 0: none
    silent       True: takes requests and never asks back
    eager        True: asks back before it answers the request
    stop()       vanishes

What it saw: `requests` (forms as dictionaries), `verified` (mode, status, echoed) of each time it
asked back.

As a program: hub.py [PORT] prints its address, verifies who subscribes, and distributes what
somebody names by hub.mode=publish and hub.url, which it fetches itself.
"""
import hashlib
import hmac
import http.server
import secrets
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request


class Subscription:
    def __init__(self, topic, callback, secret, until):
        self.topic, self.callback, self.secret, self.until = topic, callback, secret, until


def ask(url, data=None, headers=None, method=None):
    """(status, body) of a request; (0, b'') when nobody answers."""
    request = urllib.request.Request(url, data, headers or {}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as e:
        return e.code, e.read()
    except OSError:
        return 0, b''


class Hub:
    def __init__(self, port=0):
        self.lock = threading.RLock()
        self.subscriptions, self.requests, self.verified = {}, [], []
        self.sign, self.lease, self.refuse = 'sha256', None, 0
        self.deny = self.lie = self.silent = self.eager = False
        self.server = http.server.ThreadingHTTPServer(
            ('127.0.0.1', port), type('Bound', (Handler,), {'hub': self}))
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.url = f'http://127.0.0.1:{self.port}/'
        self.thread = None

    # -- subscribing

    def ask_back(self, callback, mode, topic, **more):
        """A verification of intent: (status, was the challenge echoed?)."""
        challenge = secrets.token_urlsafe(24)
        query = {'hub.mode': mode, 'hub.topic': topic, 'hub.challenge': challenge,
                 **{f'hub.{k}': v for k, v in more.items()}}
        joint = '&' if '?' in callback else '?'
        status, body = ask(callback + joint + urllib.parse.urlencode(query))
        echoed = body == challenge.encode()
        with self.lock:
            self.verified.append((mode, status, echoed))
        return status, echoed

    def take(self, form):
        """What a form asks for, in its own time."""
        mode, topic, callback = form['hub.mode'], form['hub.topic'], form['hub.callback']
        if mode == 'subscribe' and self.deny:
            self.ask_back(callback, 'denied', topic, reason='no room')
            with self.lock:
                self.subscriptions.pop(callback, None)
            return
        lease = self.lease or int(form.get('hub.lease_seconds', 86400))
        about = topic + '/other' if self.lie else topic
        more = {'lease_seconds': lease} if mode == 'subscribe' else {}
        status, echoed = self.ask_back(callback, mode, about, **more)
        if status // 100 != 2 or not echoed:
            return
        with self.lock:
            if mode == 'unsubscribe':
                self.subscriptions.pop(callback, None)
            else:
                self.subscriptions[callback] = Subscription(
                    topic, callback, form.get('hub.secret', ''), time.monotonic() + lease)

    # -- distributing

    def signature(self, secret, body):
        method = self.sign
        if method == 'wrong':
            secret, method = secret + 'x', 'sha256'
        return f'{method}={hmac.new(secret.encode(), body, getattr(hashlib, method)).hexdigest()}'

    def publish(self, topic, body, content_type='application/rss+xml'):
        """Sends it to everybody whose lease holds; the statuses of their answers."""
        with self.lock:
            now = time.monotonic()
            to = [s for s in self.subscriptions.values() if s.topic == topic and s.until > now]
        statuses = []
        for s in to:
            headers = {'Content-Type': content_type,
                       'Link': f'<{self.url}>; rel="hub", <{topic}>; rel="self"'}
            if self.sign != 'none':
                headers['X-Hub-Signature'] = self.signature(s.secret, body)
            status, _ = ask(s.callback, body, headers)
            if status == 410:
                with self.lock:
                    self.subscriptions.pop(s.callback, None)
            statuses.append(status)
        return statuses

    # -- life

    def start(self):
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()
        return self

    def stop(self):
        if self.thread is None:
            return
        self.server.shutdown()
        self.thread.join()
        self.thread = None
        self.server.server_close()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    hub = None
    timeout = 30

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
        form = dict(urllib.parse.parse_qsl(body.decode('ascii', 'replace'), keep_blank_values=True))
        with self.hub.lock:
            self.hub.requests.append({**form, 'content_type': self.headers.get('Content-Type'),
                                      'agent': self.headers.get('User-Agent')})
        if self.hub.refuse:
            self.reply(self.hub.refuse, b'the hub is out of order\n')
        elif form.get('hub.mode') == 'publish':
            topic = form.get('hub.url') or form.get('hub.topic', '')
            self.reply(202)
            self.hub.publish(topic, ask(topic)[1])
        elif not {'hub.mode', 'hub.topic', 'hub.callback'} <= form.keys():
            self.reply(400, b'mode, topic and callback are wanted\n')
        elif self.hub.eager:
            self.hub.take(form)
            self.reply(202)
        else:
            self.reply(202)
            if not self.hub.silent:
                self.hub.take(form)

    def reply(self, status, body=b''):
        self.send_response(status)
        self.send_header('Content-Type', 'text/plain')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *_):
        pass


def main():
    with Hub(int(sys.argv[1]) if len(sys.argv) > 1 else 0) as hub:
        print(hub.url, flush=True)
        hub.thread.join()


if __name__ == '__main__':
    main()
