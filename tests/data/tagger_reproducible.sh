#!/bin/sh
# usage: tagger_reproducible.sh PEYK-TRAIN FOLDER LANGUAGE SENTENCES...
# Learns FOLDER/LANGUAGE.tagger again and compares.
set -eu
train=$1 folder=$2 language=$3
shift 3
model=$(mktemp)
trap 'rm "$model"' EXIT
cd "$folder"
"$train" . "$language" "$model" "$@"
cmp "$language.tagger" "$model"
