"""Named cursors, and requests that cannot be answered."""
import secrets

from peer import Refused, Silent, u64
from run import BIG, NotSeen, Wrong, check, expect, expect_refusal

# -- named cursors

def name_of_ours():
    return b'conformance-' + secrets.token_hex(8).encode()


@check('ack', 'ACK name epoch sequence: Keeps a cursor in the journal, for clients that have no disk of their own, and '
       'so that peyk status shows how far behind they are.',
       'Answer, when it is on disk: OK epoch head oldest sequence, the number that holds now.')
def ack(run):
    name = name_of_ours()
    answer = run.peer.ack(name, run.range.epoch, run.range.oldest)
    run.peer.ask(b'FORGET', name)
    expect(answer[3] == run.range.oldest and answer[0] == run.range.epoch, answer)


@check('ack.never_back', 'It never goes back.')
def ack_never_back(run):
    name, head = name_of_ours(), max(run.journal)
    run.peer.ack(name, run.range.epoch, head)
    answer = run.peer.ack(name, run.range.epoch, head - 1)
    run.peer.ask(b'FORGET', name)
    expect(answer[3] == head, answer[3], 'after', head)


@check('ack.name', 'A name is 1 to 64 of the characters a to z, A to Z, 0 to 9,., _ and -.')
def ack_name(run):
    for name in (b'', b'x' * 65, b'a b', 'نام'.encode(), b'a/b', b'a\0'):
        for rest in ((b'ACK', name, *u64(run.range.epoch, 1)), (b'CURSOR', name), (b'FORGET', name)):
            expect_refusal('badreq', run.peer.ask, *rest)
    for name in (b'zZ09._-' + secrets.token_hex(28).encode() + b'x', secrets.token_hex(1).encode()[:1]):
        run.peer.ack(name, run.range.epoch, run.range.oldest)
        run.peer.ask(b'FORGET', name)


@check('ack.epoch', 'epoch: The epoch is not that of the journal, or the cursor is beyond the head: it is of another '
       'journal.')
def ack_epoch(run):
    name = name_of_ours()
    expect_refusal('epoch', run.peer.ack, name, run.range.epoch ^ 1, 1)
    expect_refusal('epoch', run.peer.ack, name, run.range.epoch, run.range.head + 10**9)


@check('cursor', 'CURSOR name: Asks for such a cursor.', 'Answer: as for ACK.')
def cursor(run):
    name = name_of_ours()
    run.peer.ack(name, run.range.epoch, run.range.oldest)
    answers = [run.peer.numbers(b'OK', b'CURSOR', name) for _ in range(2)]
    run.peer.ask(b'FORGET', name)
    expect(all(answer[3] == run.range.oldest for answer in answers), answers)


@check('forget', 'FORGET name: Removes it.', 'Answer: as for ACK, with the number that it had.')
def forget(run):
    name = name_of_ours()
    run.peer.ack(name, run.range.epoch, run.range.oldest)
    answer = run.peer.numbers(b'OK', b'FORGET', name)
    expect(answer[3] == run.range.oldest, answer[3], 'not', run.range.oldest)
    expect_refusal('unknown', run.peer.ask, b'CURSOR', name)


# -- errors

@check('err.answer', 'Anything that cannot be answered gets ERR reason epoch head oldest text, the last of which '
       'is for people.', 'The reason is one of')
def err_answer(run):
    refused = expect_refusal('badreq', run.peer.ask, b'NONSENSE')
    expect(len(refused.frames) == 6, f'{len(refused.frames)} frames')
    epoch, head, oldest = (int.from_bytes(frame, 'big') for frame in refused.frames[2:5])
    expect(epoch == run.range.epoch and head >= run.range.head and oldest >= run.range.oldest, epoch, head, oldest)
    expect(refused.frames[5].decode().strip(), 'no text')


@check('err.badreq', 'badreq: This is no request, or one of its frames is not what it should be.')
def err_badreq(run):
    eight, seven, nine = u64(1)[0], b'\0' * 7, b'\0' * 9
    for request in ((b'',), (b'hello',), (b'PYK1',), (b'PYK2', b'SINCE', *[eight] * 4),
                    (b'PYK1', b'since', *[eight] * 4), (b'PYK1', b'SINCE'), (b'PYK1', b'SINCE', *[eight] * 3),
                    (b'PYK1', b'SINCE', *[eight] * 3, seven),
                    (b'PYK1', b'SINCE', nine, *[eight] * 3), (b'PYK1', b'TIME'), (b'PYK1', b'TIME', seven),
                    (b'PYK1', b'TIME', eight, eight), (b'PYK1', b'ACK', b'x'), (b'PYK1', b'ACK', b'x', eight, b''),
                    (b'PYK1', b'ACK', b'x', eight, eight, eight), (b'PYK1', b'CURSOR'),
                    (b'PYK1', b'CURSOR', b'x', b'x'),
                    (b'PYK1', b'FORGET'), (b'PYK1', b'END'), (b'PYK1', b'SINCE\0', *[eight] * 4)):
        try:
            expect_refusal('badreq', run.peer.ask_raw, *request)
        except Silent:
            raise Wrong(f'no answer to {request}')


@check('err.epoch', 'epoch: The epoch is not that of the journal, or the cursor is beyond the head: it is of another '
       'journal.', 'Forget it, and go on behind oldest less one with the new epoch.')
def err_epoch(run):
    for epoch, cursor in ((run.range.epoch ^ 1, run.range.head), (run.range.epoch, run.range.head + 10**9),
                          (run.range.epoch, BIG)):
        refused = expect_refusal('epoch', run.peer.since, epoch, cursor)
    epoch, _, oldest = (int.from_bytes(frame, 'big') for frame in refused.frames[2:5])
    expect(run.peer.since(epoch, oldest - 1, 1).numbers() == [oldest], 'it does not go on behind', oldest - 1)


@check('err.expired', 'expired: What came next behind the cursor was pruned: cursor + 1 < oldest.',
       'What is between is lost to this client; it goes on behind oldest less one.')
def err_expired(run):
    oldest = run.range.oldest
    expect(run.peer.since(run.range.epoch, oldest - 1, 1).messages, 'nothing behind', oldest - 1)
    if oldest == 1:
        raise NotSeen('nothing was pruned')
    if oldest > 2:
        expect_refusal('expired', run.peer.since, run.range.epoch, oldest - 2)
    expect_refusal('expired', run.peer.since, run.range.epoch, 0)


@check('err.busy', 'busy: Too many clients wait, or have not read what they asked for, or this one has asked again '
       'before it had its answer.',
       'A client has one request under way.')
def err_busy(run):
    answers = run.peer.ask_at_once(40, b'SINCE', *u64(0, 0, 0, 0))
    expect(answers, 'no answer to one of 40 requests')      # who does not read may lose some
    reasons = {answer[1] for answer in answers if answer[0] == b'ERR'}
    expect(reasons <= {b'busy'}, reasons)
    if not reasons:
        raise NotSeen('it was quick enough for all')


@check('err.unknown', 'unknown: There is no cursor of this name.')
def err_unknown(run):
    for command in (b'CURSOR', b'FORGET'):
        expect_refusal('unknown', run.peer.ask, command, name_of_ours())


@check('err.full', 'full: There are 1000 cursors, and no room for another.')
def err_full(run):
    if not run.fill:
        raise NotSeen('only with --fill')
    names = [name_of_ours() for _ in range(1001)]
    kept = []
    try:
        for name in names:
            run.peer.ack(name, run.range.epoch, run.range.oldest)
            kept.append(name)
    except Refused as refused:
        expect(refused.reason == 'full', refused.reason, 'for cursor', len(kept) + 1)
    finally:
        for name in kept:
            run.peer.ask(b'FORGET', name)
    expect(len(kept) <= 1000, 'a cursor more than 1000')
