#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does a server speak the wire that peyk-stream(7) describes? Asks it, as a stranger would.

usage: conformance.py [--server-key FILE --key FILE [--limited-key FILE]] [--seconds N] [--fill]
                      [--patient] [--quick] [--schema FILE] EVENTS REPLAY

One line a check: ok, FAILED, or not seen, for what did not happen while it looked. It listens
for --seconds, so something should be published meanwhile. --limited-key is another one, that may
not read everything. It keeps a named cursor for a moment;
--fill makes a thousand of them, for servers that nobody else uses; --patient waits half a minute
for what takes so long, --quick not even ten seconds. Exit status 1 when something failed.

Needs pyzmq and jsonschema (Debian: python3-zmq, python3-jsonschema).
"""
import argparse
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import check_stream                 # noqa: E402,F401  (each adds its checks, in this order)
import check_replay                 # noqa: E402,F401
import check_cursors                # noqa: E402,F401
import check_limits                 # noqa: E402,F401
import records                      # noqa: E402
from peer import Keys               # noqa: E402
from run import CHECKS, Run         # noqa: E402,F401


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    for option in ('--server-key', '--key', '--limited-key'):
        parser.add_argument(option, type=pathlib.Path)
    parser.add_argument('--schema', default=records.SCHEMA)
    parser.add_argument('--seconds', type=float, default=3)
    for option in ('--fill', '--patient', '--quick'):
        parser.add_argument(option, action='store_true')
    parser.add_argument('events')
    parser.add_argument('replay')
    options = vars(parser.parse_args())
    server_key, key, limited_key = (options.pop(name) for name in ('server_key', 'key', 'limited_key'))
    if server_key:
        options['keys'] = Keys.read(server_key, key)
        options['limited'] = limited_key and Keys.read(server_key, limited_key)
    failed = 0
    for name, status, sentences, why in Run(**options).results():
        failed += status == 'FAILED'
        print(f'{status:8}  {name:20}  {why + " | " if why else ""}{sentences[0]}', flush=True)
    return int(failed > 0)


if __name__ == '__main__':
    sys.exit(main())
