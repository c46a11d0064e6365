#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The subscribers that the manual shows still read what peykd sends.

usage: example_live.py PROGRAM [ARGUMENT...]    (the endpoint is added)
"""
import json
import struct
import subprocess
import sys
import tempfile

import zmq

PATIENCE_MS = 20000


def message(kind, data):
    return json.dumps({'specversion': '1.0', 'id': 'ab.1', 'source': '/peyk/test',
                       'type': f'org.peyk.{kind}.v1', 'data': data},
                      ensure_ascii=False).encode()


def header(number):
    return b'PYK1' + struct.pack('>IQQ', 0, 7, number)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    event = {'type': 'CONSULT', 'mode': 'phone', 'trigger': {'text': 'گفتگوی تلفنی'},
             'actors': [{'text': 'عمان', 'country': 'OMN'}], 'recipients': [{'text': 'قطر'}]}
    with tempfile.TemporaryDirectory(prefix='peyk-example-') as folder:
        xpub = zmq.Context.instance().socket(zmq.XPUB)
        endpoint = f'ipc://{folder}/events.sock'
        xpub.bind(endpoint)
        p = subprocess.Popen([*sys.argv[1:], endpoint], stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True)
        try:
            if not xpub.poll(PATIENCE_MS):
                sys.exit(f'it does not subscribe: {p.poll()} {p.stderr.read()}')
            xpub.recv()
            xpub.send_multipart([b'event/CONSULT/OMN/-/', header(41), message('event', event)])
            line = p.stdout.readline()
        finally:
            p.kill()
            rest, errors = p.communicate()
        xpub.close(0)
    for want in ('41', 'CONSULT', 'OMN', 'گفتگوی تلفنی'):
        if want not in line:
            sys.exit(f'no {want} in {line!r}; {rest!r} {errors!r}')
    print(line, end='')


if __name__ == '__main__':
    main()
