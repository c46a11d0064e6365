#!/bin/sh
# usage: tagger_reproducible.sh PEYK-TRAIN TABLES LANGUAGE MODEL SENTENCES...
# Learns MODEL again and compares.
set -eu
train=$1 tables=$2 language=$3 model=$4
shift 4
again=$(mktemp)
trap 'rm "$again"' EXIT
"$train" "$tables" "$language" "$again" "$@"
cmp "$model" "$again"
