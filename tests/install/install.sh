#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs a build as a Debian package would and checks that everything is where it
# belongs, that the unit is good and that the installed tool reads the installed files.
#
# usage: install.sh CMAKE BUILD_DIR
set -eu
cmake=$1 build=$2
root=$(mktemp -d "${TMPDIR:-/tmp}/peyk-install-XXXXXX")
trap 'rm -rf "$root"' EXIT

fail() {
    echo "install: $*" >&2
    exit 1
}

DESTDIR=$root "$cmake" --install "$build" --prefix /usr >"$root/log" 2>&1 ||
    { cat "$root/log"; fail "cmake --install failed"; }

for path in \
    usr/bin/peyk usr/bin/peykd usr/libexec/peyk/peyk-online \
    usr/lib/systemd/system/peykd.service \
    etc/peyk/peyk.yaml \
    usr/share/doc/peyk/examples/peyk.yaml \
    usr/share/doc/peyk/examples/feeds.d/10-region.yaml \
    usr/share/doc/peyk/event.schema.json \
    usr/share/peyk/knowledge/countries.tsv \
    usr/share/peyk/sites/cms.rules \
    usr/share/peyk/lang/fa usr/share/peyk/fa.pack \
    usr/share/man/man1/peyk.1 usr/share/man/man5/peyk.yaml.5 \
    usr/share/man/man7/peyk-stream.7 usr/share/man/man8/peykd.8; do
    [ -e "$root/$path" ] || fail "/$path is missing"
done
# (what was compiled names it for debuggers)
if grep -rq --exclude='libpeykclient*' "$build" "$root/usr/lib" "$root/usr/share" "$root/etc"; then
    fail "an installed file names the build folder"
fi

# A configuration that a person changed survives the next installation.
echo "# mine" >>"$root/etc/peyk/peyk.yaml"
DESTDIR=$root "$cmake" --install "$build" --prefix /usr >>"$root/log" 2>&1
grep -q "^# mine" "$root/etc/peyk/peyk.yaml" || fail "peyk.yaml was overwritten"

"$root/usr/bin/peyk" check "$root/etc/peyk/peyk.yaml"
"$root/usr/bin/peyk" tail --count x 2>&1 | grep -q "no number" ||
    fail "peyk does not find peyk-online"
"$root/usr/bin/peyk" check "$root/usr/share/doc/peyk/examples/peyk.yaml"

# A C program finds the library by pkg-config, and runs with it.
pc=$(find "$root/usr" -name peykclient.pc)
flags=$(PKG_CONFIG_PATH=${pc%/*} pkg-config --cflags --libs peykclient)
# shellcheck disable=SC2086 # several words
cc -o "$root/subscriber" "$root/usr/share/doc/peyk/examples/subscriber.c" $flags ||
    fail "a program cannot be linked to libpeykclient"
LD_LIBRARY_PATH=${pc%/pkgconfig/*} "$root/subscriber" 2>&1 | grep -q usage ||
    fail "a program cannot be run with libpeykclient"

# Another prefix takes its paths along.
DESTDIR=$root "$cmake" --install "$build" --prefix /opt/peyk >>"$root/log" 2>&1
grep -q '^ExecStart=/opt/peyk/bin/peykd --config /opt/peyk/etc/peyk/peyk.yaml$' \
    "$root/opt/peyk/lib/systemd/system/peykd.service" || fail "the unit has wrong paths"

command -v systemd-analyze >/dev/null || { echo "no systemd-analyze here"; exit 77; }

# The unit is judged inside of its root, so the units it refers to must be there, too.
for unit in sysinit basic shutdown network-online multi-user; do
    for from in /usr/lib/systemd/system /lib/systemd/system; do
        [ ! -e "$from/$unit.target" ] ||
            cp "$from/$unit.target" "$root/usr/lib/systemd/system/"
    done
done
systemd-analyze verify --man=no --root="$root" peykd.service || fail "verify"
systemd-analyze security --offline=true --threshold=20 --root="$root" peykd.service \
    >"$root/log" || { cat "$root/log"; fail "security"; }
tail -n 1 "$root/log"
