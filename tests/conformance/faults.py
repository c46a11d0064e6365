#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""conformance.py finds what is wrong with a server: fake.py, with one fault after another.

usage: faults.py [FAULT...]
"""
import concurrent.futures
import sys
import tempfile

import conformance
import fake
from peer import Keys


def failed(fault=None):
    """{check: why} of what fails: of the check that is there for this fault, or of all."""
    with tempfile.TemporaryDirectory(prefix='peyk-') as folder, fake.Server(folder, fault) as server:
        keys, limited = (Keys(server.public) if server.public else None for _ in range(2))
        run = conformance.Run(server.events, server.replay, seconds=0.5, quick=True, fill=True,
                              keys=keys, limited=limited, patience_s=1 if fault else 12)
        return {name: why for name, status, _, why in run.results(fake.FAULTS.get(fault)) if status == 'FAILED'}


def main():
    names = {name for name, _, _ in conformance.CHECKS}
    unknown = {check for check in fake.FAULTS.values() if check not in names}
    assert not unknown, f'no such checks: {unknown}'
    faults = sys.argv[1:] or [None, *fake.FAULTS]
    missed = []
    with concurrent.futures.ThreadPoolExecutor(24) as pool:
        for fault, found in zip(faults, pool.map(failed, faults)):
            wanted = {fake.FAULTS[fault]} if fault else set()
            if not wanted <= set(found) or not fault and found:
                missed.append(fault)
            print(f'{"missed" if fault in missed else "found "}  {fault}: {found}'[:300], flush=True)
    found_by = set(fake.FAULTS.values())
    print(f'{len(faults)} servers; checks that no fault is for: {", ".join(sorted(names - found_by))}')
    return int(bool(missed))


if __name__ == '__main__':
    sys.exit(main())
