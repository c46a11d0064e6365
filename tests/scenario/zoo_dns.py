#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Name servers that fail, keep silent or lie hold up nobody, and lead nowhere (F11).

usage: zoo_dns.py BIN

The daemon lives in a network of its own with nothing but a loopback device, where some public
addresses are those of this test (it needs root for that, and skips, 77, where it cannot have
it); support/dns.py is its name server.
"""
import os
import pathlib
import re
import subprocess
import sys
import time

from harness import Origin, PATIENCE, in_folder, until
import dns
import zoo
from zoo_http import HEALTHY, Watch, ZooDaemon, check_on_time

NETWORK = '44.128.0.0/24'       # public, as far as anybody knows
SITE, ODD = '44.128.0.1', '44.128.0.2'

MUTE = [f'mute-{n}' for n in range(6)]      # so many lookups hang at once
# name: what its name server says; class, what the text says
WANTED = {
    'no-such-name': (dns.no_such_name, 'dns', 'resolve'),
    'server-failure': (dns.server_failure, 'dns', 'resolve'),
    'no-address': (dns.addresses(), 'dns', 'resolve'),
    'alias-loop': (dns.alias('b.example', 'alias-loop.example', 'b.example'), 'dns', 'resolve'),
    'after-10-s': (dns.after(10, dns.addresses(ODD)), 'dns', 'Resolving timed out'),
    'garbage': (dns.garbage, 'dns', 'Resolving timed out'),
    **{name: (dns.silent, 'dns', 'Resolving timed out') for name in MUTE},
    'loopback': (dns.addresses('127.0.0.1'), 'blocked', 'not a public one'),
    'private': (dns.addresses('10.1.2.3', '192.168.0.1'), 'blocked', 'not a public one'),
    'metadata': (dns.addresses('169.254.169.254'), 'blocked', 'not a public one'),
    'mapped': (dns.addresses('::ffff:127.0.0.1', 'fd00::1', '::1'), 'blocked', 'not a public one'),
    'rebinding': (dns.in_turn(dns.addresses(ODD), dns.addresses('127.0.0.1')), 'blocked',
                  'not a public one'),
    'twenty': (dns.addresses(*(f'44.128.0.{n}' for n in range(100, 119)), ODD), None, ''),
    'mixed': (dns.addresses('127.0.0.1', '10.0.0.1', ODD), None, ''),
}
GOOD = {name for name, (_, error_class, _) in WANTED.items() if error_class is None}


class NamedDaemon(ZooDaemon):
    allow = '192.0.2.1/32'      # no hole in the rules that matters here


def check(name, seen):
    _, error_class, text = WANTED[name]
    if name in GOOD:
        assert seen.failures == 0 and not seen.error, (name, seen)
        return
    assert re.search(text, seen.error or ''), (name, seen)
    assert seen.error_class == error_class, (name, seen)


def scenario(folder, bin_dir):
    log = f'{folder}/origin.jsonl'
    names = {f'{name}.example': behaviour for name, (behaviour, _, _) in WANTED.items()}
    names |= {f'h{n}.example': dns.addresses(SITE) for n in range(1, HEALTHY + 1)}
    odd = zoo.Server(ODD, zoo.ANIMALS['label-utf8'], port=80)
    inside = zoo.Server('127.0.0.1', zoo.ANIMALS['label-utf8'], port=80)
    with dns.Dns(names) as server, \
            Origin(host=SITE, port=80, feeds=HEALTHY, start=1, log=log) as site:
        feeds = [f'id: {name}, url: "http://{name}.example/feed.xml"' for name in WANTED]
        feeds += [f'id: h{n}, url: "http://h{n}.example/feed/{n}.xml", lang: fa'
                  for n in range(1, HEALTHY + 1)]
        daemon = NamedDaemon(bin_dir, folder, feeds, fetch=limits())
        daemon.start()
        watch = Watch(daemon)
        run(daemon, feeds, watch, server)
        assert site.asked['/feed/1.xml'] > 5
        late = check_on_time(log)
        began = time.monotonic()
        daemon.stop()       # lookups hang: it does not wait for them
        took = time.monotonic() - began
        assert took < 5 * PATIENCE / 30, f'{took:.1f} s to stop'
        assert not inside.visits, 'a name led to a server of this machine'
        print(f'a healthy feed at most {late * 1000:.0f} ms late, stopped after {took:.1f} s')
    odd.close()
    inside.close()


def limits(more=''):
    return f'{more}timeouts: {{connect: 2s, total: 4s, stall: 3s}}, '


def run(daemon, feeds, watch, server):
    until('all were asked', lambda: daemon.alive() and watch.fewest(WANTED) >= 1)
    until('the hanging ones were asked again', lambda: watch.fewest(MUTE) >= 3, 40 * PATIENCE / 30)
    assert daemon.feeds()['rebinding'].failures == 0, 'it was not good at first'
    # a new client: what a name meant is forgotten, as it is after a minute
    daemon.configure(feeds, fetch=limits('user_agent: another, '))
    assert daemon.ask('reload')['ok'] is True
    until('the name means another address', lambda: daemon.feeds()['rebinding'].failures > 0)
    assert server.times_asked('rebinding.example') >= 2
    seen = daemon.feeds()
    watch.close()
    wrong = []
    for name in WANTED:
        try:
            check(name, seen[name])
        except AssertionError as e:
            wrong.append(str(e))
    assert not wrong, '\n'.join(wrong)


def in_namespace():
    """Starts this test again in a network of its own, with its own name server."""
    unshare = ['unshare', '--net', '--mount', '--propagation', 'private']
    if os.geteuid() != 0 or subprocess.run([*unshare, 'true'], check=False).returncode != 0:
        print('skipped: names of its own need root, a network and a mount namespace')
        sys.exit(77)
    os.environ['PEYK_TEST_NAMESPACE'] = '1'
    os.execvp(unshare[0], [*unshare, sys.executable, *sys.argv])


def settle(folder):
    """The network and the files that libc asks."""
    files = {'/etc/resolv.conf': 'nameserver 127.0.0.1\n', '/etc/nsswitch.conf': 'hosts: files dns\n'}
    for number, (path, text) in enumerate(files.items()):
        ours = pathlib.Path(folder, f'etc{number}')
        ours.write_text(text, encoding='ascii')
        if pathlib.Path(path).exists():
            subprocess.run(['mount', '--bind', ours, path], check=True)
    for command in 'link set lo up', f'route add local {NETWORK} dev lo':
        subprocess.run(['ip', *command.split()], check=True)


def settled(folder, bin_dir):
    settle(folder)
    scenario(folder, bin_dir)


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if 'PEYK_TEST_NAMESPACE' not in os.environ:
        in_namespace()
    in_folder(lambda folder: settled(folder, sys.argv[1]))
