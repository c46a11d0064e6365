"""A small server of the wire that peyk-stream(7) describes, right in everything that one can see
from outside, until one of its FAULTS is switched on: conformance.py must find each of them.

It lives in the process of its test: with Server(folder, fault='...') as server: server.events,
server.replay.
"""
import json
import re
import struct
import threading
import time

import zmq

BATCH = 50              # messages of an answer
BATCH_BYTES = 65536
EPOCH = 0x7c3a5b2190d4e6f1
NAME = re.compile(rb'[a-zA-Z0-9._-]{1,64}')
HEARTBEAT_S = 0.1
OMAN = {'text': 'عمان', 'span': [0, 4], 'mention': 'name', 'kind': 'state', 'conf': 0.9, 'country': 'OMN'}
QATAR = {'text': 'قطر', 'span': [7, 10], 'mention': 'name', 'kind': 'state', 'conf': 0.9, 'country': 'QAT'}
TOPICS = ('article/fa/anba/', 'event/CONSULT/OMN/QAT/', 'event/SUPPORT/-/-/', 'feed/anba/up/')

# Name of the fault: the check that must fail. Some make others fail, too.
FAULTS = {
    'two_frames': 'frames', 'open_topic': 'topic.ends', 'unknown_type': 'topic.types',
    'lower_country': 'topic.event', 'strange_state': 'topic.feed', 'magic': 'header',
    'little_endian': 'header', 'flags': 'header', 'short_header': 'header',
    'numbered_heartbeat': 'heartbeat.number', 'live_hole': 'sequence.rises',
    'replay_hole': 'sequence.rises', 'renumbered': 'replay.same_bytes', 'epoch_zero': 'epoch',
    'latin1': 'body.json', 'bad_schema': 'body.schema', 'wrong_type': 'body.type', 'bad_id': 'body.id',
    'bad_source': 'body.source', 'same_id': 'body.id_once', 'fat_event': 'body.size',
    'bytes_span': 'body.spans', 'heartbeat_head': 'heartbeat.head', 'heartbeat_oldest': 'heartbeat.oldest',
    'no_heartbeat': 'heartbeat.comes', 'heartbeat_epoch': 'heartbeat.epoch', 'visible_first': 'durable',
    'ignores_prefix': 'since.prefixes', 'first_prefix': 'since.prefixes', 'half_prefix': 'live.prefixes',
    'ignores_limit': 'since.limit', 'ignores_bytes': 'since.bytes', 'none_comes': 'since.one_comes',
    'zero_is_zero': 'since.zero', 'no_cap': 'since.cap', 'scanned_low': 'since.scanned',
    'scanned_high': 'since.scanned', 'scanned_found': 'since.scanned_empty',
    'includes_cursor': 'since.behind', 'short_end': 'since.answer', 'split_answer': 'since.answer',
    'time_head': 'time.cursor', 'time_error': 'time.answer', 'ack_goes_back': 'ack.never_back',
    'ack_forgets': 'cursor', 'ack_any_name': 'ack.name', 'ack_short_name': 'ack.name',
    'forget_keeps': 'forget', 'forget_zero': 'forget', 'ack_any_epoch': 'ack.epoch',
    'silent_badreq': 'err.badreq', 'short_err': 'err.answer', 'mute_err': 'err.answer',
    'empty_frame': 'replay.no_empty_frame', 'lax_numbers': 'err.badreq', 'any_epoch': 'err.epoch',
    'beyond_head': 'err.epoch', 'epoch0_expired': 'since.epoch_0', 'no_expired': 'err.expired',
    'soon_expired': 'err.expired', 'no_unknown': 'err.unknown', 'more_prefixes': 'limits.prefixes',
    'few_prefixes': 'limits.prefixes', 'long_frames': 'limits.replay_frame',
    'short_frames': 'limits.replay_frame', 'long_subscription': 'limits.live_frame',
    'short_subscription': 'limits.live_frame', 'busy_is_badreq': 'err.busy',
    'repeat_differs': 'replay.repeated', 'never_full': 'err.full', 'nine_actors': 'body.eight',
    'other_country': 'topic.event', 'odd_language': 'topic.article', 'never_at_head': 'since.head',
    'short_numbers': 'replay.numbers', 'ack_zero': 'ack', 'deaf': 'live.subscribes',
    'no_replay': 'replay.asks', 'late_join': 'joining', 'late_prefixes': 'joining.prefixes',
    'open_door': 'keys.plain', 'all_topics': 'keys.topics', 'shared_cursors': 'keys.cursors',
    'deaf_to_keys': 'keys.ours', 'all_subscriptions': 'keys.subscriptions',
}


def u64(*numbers):
    return [struct.pack('>Q', n) for n in numbers]


def data_of(number, kind, topic):
    """The least that the schema asks for."""
    article, has_parties = f'a{number - number % len(TOPICS)}', int('OMN' in topic)
    if kind == 'feed':
        return {'schema': 'peyk.feed/1', 'feed': 'anba', 'state': topic.split('/')[2]}
    if kind == 'article':
        return {'schema': 'peyk.article/1', 'id': article, 'text': 'عمان و قطر گفتگو کردند.',
                'paragraphs': [{'kind': 'p', 'span': [0, 23]}]}
    return {'schema': 'peyk.event/1', 'op': 'new', 'rev': 1, 'type': topic.split('/')[1],
            'trigger': {'text': 'گفتگو', 'span': [11, 16], 'lemma': 'گفتگو کردن', 'rule': 'x'},
            'mentions': [{'span': [11, 16]}], 'attribution': [],
            'actors': [OMAN][:has_parties], 'recipients': [QATAR][:has_parties],
            'modality': {'polarity': 'pos', 'status': ['asserted']},
            'confidence': {'overall': 0.7}, 'tier': 'medium',
            'article': {'id': article, 'url': 'https://anba.example/1', 'publisher': 'anba', 'lang': 'fa'}}


class Server(threading.Thread):
    def __init__(self, folder, fault=None):
        super().__init__(daemon=True)
        self.fault, self.stopping = fault, False
        self.events, self.replay = f'ipc://{folder}/events', f'ipc://{folder}/replay'
        self.context = zmq.Context()
        # who has these keys lets in everybody else's, and asks nobody whose they are
        self.public, self.secret = zmq.curve_keypair() if FAULTS.get(fault, '').startswith('keys') else (None, None)
        self.xpub = self.bind(zmq.XPUB, self.events, self.has('long_subscription') and -1 or
                              self.has('short_subscription') and 200 or 256)
        self.router = self.bind(zmq.ROUTER, self.replay, self.has('long_frames') and -1 or
                                self.has('short_frames') and 1000 or 1024)
        self.journal, self.head, self.oldest, self.cursors = {}, 0, 4, {}
        for _ in range(80):
            self.append()

    def has(self, *faults):
        return self.fault in faults

    def bind(self, kind, endpoint, frame_max):
        socket = self.context.socket(kind)
        socket.linger, socket.maxmsgsize, socket.handshake_ivl = 0, frame_max, 10000
        if self.secret:
            socket.curve_server, socket.curve_secretkey = True, self.secret
        socket.bind(endpoint)
        return socket

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stopping = True
        self.join()
        self.context.destroy(linger=0)

    # -- the journal

    def append(self):
        self.head += 1
        number = self.head
        topic = TOPICS[number % len(TOPICS)]
        kind = topic.split('/')[0]
        data = data_of(number, kind, topic)
        message = {'specversion': '1.0', 'id': f'{kind[0]}{number}.1', 'source': '/peyk/fake',
                   'type': f'org.peyk.{kind}.v1', 'subject': 'x', 'time': '2026-11-27T01:00:00Z',
                   'datacontenttype': 'application/json', 'data': data}
        if number % 8 == 2:             # an event, and a fault in it
            topic, message = self.spoilt(topic, message)
        if kind == 'feed' and self.has('strange_state'):
            topic = 'feed/anba/sulking/'
        if kind == 'event' and self.has('other_country'):
            topic = topic.replace('OMN', 'IRN')
        if kind == 'article' and self.has('odd_language'):
            topic = 'article/Persian/anba/'
        body = json.dumps(message, ensure_ascii=False).encode('utf-16' if self.has('latin1') else 'utf8')
        self.journal[number] = topic.encode(), self.header(number), body

    def spoilt(self, topic, message):
        data = message['data']
        if self.has('open_topic'):
            topic = topic.rstrip('/')
        elif self.has('unknown_type'):
            topic = topic.replace('SUPPORT', 'GOSSIP')
        elif self.has('lower_country'):
            topic = topic.replace('-/-', 'omn/-')
        elif self.has('bad_schema'):
            data['tier'] = 'certain'
        elif self.has('wrong_type'):
            message['type'] = 'org.peyk.feed.v1'
        elif self.has('bad_id'):
            message['id'] = message['id'].replace('.', '-')
        elif self.has('same_id'):
            message['id'] = 'e1.1'
        elif self.has('bad_source'):
            message['source'] = 'peyk'
        elif self.has('fat_event'):
            data['statement'] = {'form': 'direct', 'content': {'text': 'x' * 70000, 'span': [0, 1]}}
        elif self.has('nine_actors'):
            data['actors'] = [OMAN] * 9
        elif self.has('bytes_span'):
            data['trigger']['span'] = [21, 31]
        return topic, message

    def header(self, number):
        epoch = 0 if self.has('epoch_zero') else EPOCH
        if self.has('little_endian'):
            return struct.pack('<4sIQQ', b'PYK1', 0, epoch, number)
        header = struct.pack('>4sIQQ', b'PYK2' if self.has('magic') else b'PYK1',
                             self.has('flags'), epoch, number)
        return header[:-4] if self.has('short_header') else header

    # -- the live stream

    def run(self):
        next_at, beat_at = time.monotonic(), time.monotonic()
        poller = zmq.Poller()
        for socket in (self.xpub, self.router):
            poller.register(socket, zmq.POLLIN)
        while not self.stopping:
            ready = dict(poller.poll(10))
            if self.xpub in ready:
                self.xpub.recv_multipart()
            if self.router in ready:
                self.reply(*self.router.recv_multipart())
            if time.monotonic() > next_at:
                next_at += 0.03
                self.publish()
            if time.monotonic() > beat_at:
                beat_at += HEARTBEAT_S
                self.beat()

    def publish(self):
        self.append()
        topic, header, body = self.journal[self.head]
        if self.has('deaf'):
            return
        if self.has('live_hole') and self.head % 8 == 0:
            return
        if self.has('half_prefix') and topic.startswith(b'feed/'):
            topic = b'event/' + topic
        if self.has('renumbered'):
            body = body.replace(b'/peyk/fake', b'/peyk/live')
        if self.has('visible_first'):
            header = self.header(self.head + 1000)
        self.xpub.send_multipart([topic, body] if self.has('two_frames') else [topic, header, body])

    def beat(self):
        if self.has('no_heartbeat', 'deaf', 'deaf_to_keys'):
            return
        data = {'schema': 'peyk.heartbeat/1', 'epoch': f'{EPOCH + self.has("heartbeat_epoch"):016x}',
                'head': self.head + 5 * self.has('heartbeat_head'),
                'oldest': 1 if self.has('heartbeat_oldest') else self.oldest}
        message = {'specversion': '1.0', 'id': 'h.1', 'source': '/peyk/fake', 'type': 'org.peyk.heartbeat.v1',
                   'time': '2026-11-27T01:00:00Z', 'datacontenttype': 'application/json', 'data': data}
        number = self.head if self.has('numbered_heartbeat') else 0
        self.xpub.send_multipart([b'heartbeat/', self.header(number), json.dumps(message).encode()])

    # -- replay

    def reply(self, client, *frames):
        if self.has('no_replay'):
            return
        if frames[:1] == (b'',) and self.has('empty_frame'):
            frames = frames[1:]
        answer = self.answer(frames)
        if self.has('busy_is_badreq') and self.router.poll(5):
            answer = self.error('badreq')
        if self.has('split_answer') and len(answer) > 5:
            self.router.send_multipart([client, *answer[:-5]])
            answer = answer[-5:]
        if answer:
            self.router.send_multipart([client, *answer])

    def error(self, reason):
        if self.has('short_err'):
            return [b'ERR', reason.encode()]
        if self.has('silent_badreq') and reason == 'badreq':
            return []
        return [b'ERR', reason.encode(), *u64(EPOCH, self.head, self.oldest),
                b'' if self.has('mute_err') else b'this is not possible']

    def answer(self, frames):
        frames_of = {b'SINCE': 4, b'TIME': 1, b'ACK': 3, b'CURSOR': 1, b'FORGET': 1}
        magic, command, *rest = [*frames, b'', b''][:2] + list(frames[2:])
        if magic != b'PYK1' or command not in frames_of or len(rest) < frames_of[command] or (
                command != b'SINCE' and len(rest) != frames_of[command]):
            return self.error('badreq')
        numbers = {b'SINCE': rest[:4], b'TIME': rest, b'ACK': rest[1:]}.get(command, [])
        if any(len(n) != 8 for n in numbers) and not self.has('lax_numbers'):
            return self.error('badreq')
        numbers = [int.from_bytes(n, 'big') for n in numbers]
        if command == b'SINCE':
            return self.since(*numbers, rest[4:])
        if command == b'TIME':
            return self.at(*numbers)
        return self.cursor(command, rest[0], *numbers)

    def wrong_epoch(self, epoch, cursor):
        return epoch != EPOCH and not self.has('any_epoch') or cursor > self.head and not self.has('beyond_head')

    def since(self, epoch, cursor, limit, size, prefixes):
        if len(prefixes) > (200 if self.has('more_prefixes') else 63 if self.has('few_prefixes') else 64):
            return self.error('badreq')
        if (epoch or cursor > self.head) and self.wrong_epoch(epoch or EPOCH, cursor):
            return self.error('epoch')
        if (epoch or self.has('epoch0_expired')) and not self.has('no_expired') and (
                cursor + 1 < self.oldest + self.has('soon_expired')):
            return self.error('expired')
        if not self.has('zero_is_zero'):
            limit, size = limit or BATCH, size or BATCH_BYTES
        if not self.has('no_cap'):
            limit, size = min(limit, BATCH), min(size, BATCH_BYTES)
        found, scanned, total = [], cursor, 0
        for number in range(max(cursor + (not self.has('includes_cursor')), self.oldest), self.head + 1):
            topic, header, body = self.journal[number]
            if not self.wanted(topic, prefixes):
                scanned = number
                continue
            full = len(found) >= limit * 3 and not self.has('ignores_limit')
            full |= total + len(body) > size and not self.has('ignores_bytes') and (
                bool(found) or self.has('none_comes'))
            if full:
                break
            if not (self.has('replay_hole') and number % 16 == 0):
                found += topic, header, body
            scanned, total = number, total + len(body)
        if self.has('repeat_differs') and found:
            found[2] = found[2].replace(b'/peyk/fake', b'/peyk/%d' % time.monotonic_ns())
        scanned += {'scanned_low': -2, 'scanned_high': 2}.get(self.fault, 0)
        if cursor == self.head and self.has('never_at_head'):
            scanned -= 1
        if (cursor == self.oldest - 1 and limit != 1 and self.has('late_join') or
                prefixes and limit == 2 and self.has('late_prefixes')):
            found = found[3:]
        if self.has('scanned_found') and not found:
            scanned = cursor
        end = [b'END', *u64(EPOCH, self.head, self.oldest, scanned)]
        if self.has('short_numbers'):
            end = [frame.lstrip(b'\0') for frame in end]
        return found + (end[:-1] if self.has('short_end') else end)

    def wanted(self, topic, prefixes):
        if self.has('ignores_prefix') or not prefixes:
            return True
        return any(topic.startswith(prefix) for prefix in prefixes[:1 if self.has('first_prefix') else None])

    def at(self, milliseconds):
        if self.has('time_error'):
            return self.error('unavailable')
        now = time.time() * 1000
        cursor = self.head if milliseconds > now or self.has('time_head') else self.oldest - 1
        return [b'AT', *u64(EPOCH, self.head, self.oldest, cursor)]

    def cursor(self, command, name, epoch=0, number=0):
        longest = 32 if self.has('ack_short_name') else 64
        if not self.has('ack_any_name') and not (NAME.fullmatch(name) and len(name) <= longest):
            return self.error('badreq')
        if command == b'ACK':
            if self.wrong_epoch(epoch, number) and not self.has('ack_any_epoch'):
                return self.error('epoch')
            if len(self.cursors) >= 1000 and name not in self.cursors and not self.has('never_full'):
                return self.error('full')
            known = 0 if self.has('ack_goes_back') else self.cursors.get(name, 0)
            self.cursors[name] = max(known, number)
        if name not in self.cursors and not self.has('no_unknown'):
            return self.error('unknown')
        number = self.cursors.get(name, 0)
        if command == b'FORGET' and not self.has('forget_keeps') or self.has('ack_forgets'):
            self.cursors.pop(name, None)
        if command == b'FORGET' and self.has('forget_zero') or command == b'ACK' and self.has('ack_zero'):
            number = 0
        return [b'OK', *u64(EPOCH, self.head, self.oldest, number)]
