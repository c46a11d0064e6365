#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Follow peyk's stream: who met, said or threatened, and what was missed.

usage: subscriber.py [ENDPOINT [PREFIX...]]

    subscriber.py tcp://127.0.0.1:7551 event/CONSULT/ event/THREATEN/

Needs pyzmq (Debian: python3-zmq). The wire is described in peyk-stream(7).
"""
import json
import struct
import sys

import zmq


def main(endpoint='tcp://127.0.0.1:7551', *prefixes):
    socket = zmq.Context.instance().socket(zmq.SUB)
    socket.setsockopt(zmq.RCVHWM, 100_000)      # messages kept while we are slow
    for prefix in prefixes or ['']:
        socket.setsockopt_string(zmq.SUBSCRIBE, prefix)
    socket.connect(endpoint)                    # connects again by itself

    epoch = last = None
    while True:
        topic, header, body = socket.recv_multipart()
        magic, _flags, now_epoch, number = struct.unpack('>4sIQQ', header)
        if magic != b'PYK1':
            sys.exit('this is no stream that I can read')
        message = json.loads(body)
        data = message['data']
        if epoch not in (None, now_epoch):
            print('the log was reset', file=sys.stderr)
            last = None
        epoch = now_epoch
        newest = number or data['head']         # a heartbeat has no number, but a head
        if not prefixes and last is not None and newest > last + (number > 0):
            print(f'missed something after {last}', file=sys.stderr)
        last = newest

        if message['type'] == 'org.peyk.event.v1':
            actors = [e.get('country', e['text']) for e in data['actors']]
            recipients = [e.get('country', e['text']) for e in data['recipients']]
            print(number, data['type'], data.get('mode', '-'), *actors, '->', *recipients,
                  ':', data['trigger']['text'], flush=True)
        elif message['type'] == 'org.peyk.article.v1':
            print(number, 'article', data.get('title', data['url']), flush=True)


if __name__ == '__main__':
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:
        pass
