"""SINCE and TIME, and how clients join."""
import records
from peer import u64
from run import BIG, NotSeen, check, expect, expect_refusal

# -- REPLAY

@check('since.answer', 'A request is one message of a DEALER socket, the answer is one message, too: it comes whole '
       'or not at all.', 'Answer: the messages, three frames each, and behind them END epoch head oldest scanned.',
       'A request begins with the frames PYK1 and its name, an answer with the messages of SINCE or with its name.')
def since_answer(run):
    answer = run.peer.ask(b'SINCE', *u64(0, 0, 4, 0))
    expect(len(answer) % 3 == 2 and answer[-5] == b'END', f'{len(answer)} frames')
    expect(not run.peer.another_within(0.05), 'a second message')


@check('replay.no_empty_frame', 'Frames have no empty one before them.')
def no_empty_frame(run):
    expect_refusal('badreq', run.peer.ask_raw, b'', b'PYK1', b'SINCE', *u64(0, 0, 1, 0))


@check('replay.numbers', 'Numbers are 8 bytes in network byte order, like those of the header.')
def replay_numbers(run):
    for frame in run.peer.ask(b'SINCE', *u64(0, 0, 4, 0))[-4:]:
        expect(len(frame) == 8, f'{len(frame)} bytes')
    expect(run.range.epoch == records.epoch_of(next(iter(run.journal.values()))[1]), 'the epoch is another one')


@check('since.behind', 'SINCE epoch cursor limit bytes [prefix...]: Asks for the messages behind cursor whose topics '
       'begin with one of the prefixes; without prefixes, for all.')
def since_behind(run):
    cursor = run.tail(10)
    batch = run.peer.since(run.range.epoch, cursor, 5)
    expect(batch.numbers() == list(range(cursor + 1, cursor + 6)), batch.numbers(), 'behind', cursor)


@check('since.prefixes', 'SINCE epoch cursor limit bytes [prefix...]: Asks for the messages behind cursor whose topics '
       'begin with one of the prefixes; without prefixes, for all.',
       'When the head of a heartbeat is above its cursor, it asks SINCE with its prefixes: that number is proved, '
       'what it has not yet seen was lost on the way and is handed on late, and what it has seen is dropped by '
       'number.')
def since_prefixes(run):
    cursor = run.tail(20)
    one, other = run.some_prefixes()
    for prefixes in ((one,), (other,), (one, other), (one[:3],)):
        batch = run.peer.since(run.range.epoch, cursor, 0, 0, *prefixes)
        last = min(batch.scanned, max(run.journal))
        got = [number for number in batch.numbers() if number <= last]
        expect(got == run.between(cursor, last, prefixes), prefixes, got)


@check('since.epoch_0', 'An epoch of 0 is that of whoever knows none: what was pruned is passed over without a word.',
       "The cursor is the client's: the epoch and the last number that it has dealt with, kept wherever it keeps "
       'what it made of them.', 'It begins with 0 and 0.')
def since_epoch_0(run):
    batch = run.peer.since(0, 0, 1)
    expect(batch.numbers() == [batch.oldest] or batch.oldest > batch.head, batch.numbers(), batch.oldest)


@check('since.limit', 'At most limit messages, or about bytes of them, come at once; 0, and all that is more than '
       'publish.replay.batch and batch_bytes, stands for these.')
def since_limit(run):
    cursor = run.tail(10)
    for limit in (1, 3, 7):
        batch = run.peer.since(run.range.epoch, cursor, limit)
        expect(len(batch.messages) == limit, len(batch.messages), 'messages for a limit of', limit)


@check('since.bytes', 'At most limit messages, or about bytes of them, come at once; 0, and all that is more than '
       'publish.replay.batch and batch_bytes, stands for these.')
def since_bytes(run):
    cursor = run.tail(10)
    sizes = [len(run.journal[n][0]) + len(run.journal[n][2]) for n in run.between(cursor, cursor + 10)]
    got = len(run.peer.since(run.range.epoch, cursor, 0, sum(sizes[:4])).messages)
    expect(2 <= got <= 5, got, 'messages for the bytes of 4')


@check('since.one_comes', 'One message always comes, however long.')
def since_one_comes(run):
    batch = run.peer.since(run.range.epoch, run.tail(10), 5, 1)
    expect(len(batch.messages) == 1, len(batch.messages), 'messages for 1 byte')


@check('since.zero', 'At most limit messages, or about bytes of them, come at once; 0, and all that is more than '
       'publish.replay.batch and batch_bytes, stands for these.')
def since_zero(run):
    cursor = run.tail(10)
    for limit, size in ((0, 0), (0, BIG), (BIG, 0)):
        batch = run.peer.since(run.range.epoch, cursor, limit, size)
        expect(len(batch.messages) >= 10 or batch.scanned < batch.head and batch.messages, 'only',
               len(batch.messages), 'for', limit, size)


@check('since.cap', 'At most limit messages, or about bytes of them, come at once; 0, and all that is more than '
       'publish.replay.batch and batch_bytes, stands for these.')
def since_cap(run):
    cursor = run.range.oldest - 1
    usual, most = (run.peer.since(run.range.epoch, cursor, n, n) for n in (0, BIG))
    if usual.scanned == usual.head:
        raise NotSeen('the journal is less than a batch')
    expect(len(most.messages) == len(usual.messages), len(most.messages), 'messages at once, not', len(usual.messages))


@check('since.scanned', 'Every message up to scanned that was asked for is in this answer or was behind the cursor '
       'before: scanned is the next cursor.',
       'Ask SINCE with epoch and cursor, hand on what comes, take scanned as the cursor, and ask again, until it has '
       'reached the first number that was kept, less one, or, where none was, the head of a heartbeat.',
       'Hand on what was kept, but for numbers that are not above the cursor.')
def since_scanned(run):
    cursor, numbers = run.tail(20), []
    start = cursor
    for _ in range(5):
        batch = run.peer.since(run.range.epoch, cursor, 4)
        numbers += batch.numbers()
        expect(batch.scanned == numbers[-1], 'scanned', batch.scanned, 'and the last is', numbers[-1])
        cursor = batch.scanned
    expect(numbers == list(range(start + 1, start + 21)), numbers)


@check('since.head', 'When it is the head, there is nothing more at present.')
def since_head(run):
    for _ in range(20):
        batch = run.peer.since(run.range.epoch, run.peer.since(0, 0, 1).head)
        expect(batch.scanned <= batch.head, 'scanned', batch.scanned, 'head', batch.head)
        if not batch.messages:
            return expect(batch.scanned == batch.head, 'scanned', batch.scanned, 'head', batch.head)
    raise NotSeen('it was never at rest')


@check('since.scanned_empty', 'It may rise in an answer without messages.')
def since_scanned_empty(run):
    cursor = run.tail(5)
    batch = run.peer.since(run.range.epoch, cursor, 0, 0, b'nothing/at/all/')
    expect(not batch.messages and batch.scanned > cursor, 'scanned', batch.scanned, 'behind', cursor)


@check('replay.repeated', 'When no answer has come for 10 seconds, it closes its DEALER socket, opens another and asks '
       'again: all requests may be repeated.')
def replay_repeated(run):
    cursor = run.tail(10)
    one, again = (run.peer.since(run.range.epoch, cursor, 10) for _ in range(2))
    expect(one.messages == again.messages, 'another answer')


@check('joining', 'Who follows these steps sees every message that is still in the journal, once, across restarts of '
       'both sides.')
def joining(run):
    kept = dict(run.numbered_live())
    cursor, handed_on = run.range.oldest - 1, []
    while cursor < min(kept) - 1:
        batch = run.peer.since(run.range.epoch, cursor)
        handed_on += batch.numbers()
        expect(batch.scanned > cursor, 'scanned stands still at', cursor)
        cursor = batch.scanned
    handed_on += [number for number in sorted(kept) if number > cursor]
    expect(handed_on == list(range(run.range.oldest, handed_on[-1] + 1)), 'a hole, or something twice')


@check('joining.prefixes', 'A subscriber to prefixes cannot see a hole, for the numbers between are those of others.',
       'Its cursor is what was proved, not the newest number it saw; the numbers above it that were handed on are '
       'kept with it, so that they are not handed on again after a restart.')
def joining_prefixes(run):
    prefix = run.some_prefixes()[0]
    cursor, proved = run.tail(20), []
    while cursor < max(run.journal):
        batch = run.peer.since(run.range.epoch, cursor, 2, 0, prefix)
        proved += batch.numbers()
        expect(batch.scanned > cursor, 'scanned stands still at', cursor)
        cursor = batch.scanned
    missing = set(run.between(run.tail(20), max(run.journal), (prefix,))) - set(proved)
    expect(not missing and len(set(proved)) == len(proved), 'missing', missing)


@check('time.answer', 'TIME milliseconds: Asks where a moment, in milliseconds since 1970, stands in the journal.')
def time_answer(run):
    answer = run.peer.ask(b'TIME', *u64(0))
    expect(len(answer) == 5 and answer[0] == b'AT', answer)


@check('time.cursor', 'Answer: AT epoch head oldest cursor: what was published then or later is behind cursor.')
def time_cursor(run):
    first, last = run.peer.numbers(b'AT', b'TIME', 0), run.peer.numbers(b'AT', b'TIME', 2**62)
    expect(first[3] == first[2] - 1, 'since 1970:', first)
    expect(last[3] == last[1], 'in the far future:', last)
    expect(first[0] == run.range.epoch, 'the epoch is another one')
