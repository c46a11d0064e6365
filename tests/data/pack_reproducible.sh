#!/bin/sh
# usage: pack_reproducible.sh PEYK-PACK FOLDER LANGUAGE
# Makes FOLDER/LANGUAGE.pack again, twice, and compares.
set -eu
dir=$(mktemp -d)
trap 'rm -r "$dir"' EXIT
cd "$2"
for n in 1 2; do
    "$1" . "$3" "$dir/$n.pack"
    cmp "$3.pack" "$dir/$n.pack"
done
