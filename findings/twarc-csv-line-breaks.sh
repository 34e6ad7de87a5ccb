#!/usr/bin/env bash
# twarc-csv 0.7.2: a line break in a text is written as the two characters \ and n.
#
# Expected: CSV holds line breaks in quoted cells, and a table that twarc2 makes of the answers of X's API has
# the texts as they were posted. Seen: each line break becomes a backslash and an n, a carriage return is
# dropped, and a post in which somebody typed \n cannot be told from one with a line break: both cells are
# the same. Positions of hashtags and links, which go along as JSON, no longer fit the text.
#
# Needs Python 3.11 and a package index (pandas below 3, on which twarc-csv fails); runs without this project.
# Fails when that changes.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet twarc-csv==0.7.2 pandas==2.3.3 'setuptools<81'
cat > "$scratch/pages.py" <<'PAGES'
import csv
import json
import sys

import twarc_csv

folder = sys.argv[1]
texts = ["one\ntwo", "one\\ntwo", "one\r\ntwo"]
tweets = [
    {"id": str(n), "text": text, "author_id": "9", "created_at": "2024-03-02T07:15:00.000Z",
     "public_metrics": {"retweet_count": 0, "reply_count": 0, "like_count": 1, "quote_count": 0}}
    for n, text in enumerate(texts)
]
user = {"id": "9", "username": "ana", "name": "Ana", "created_at": "2020-01-01T00:00:00.000Z"}
page = {"data": tweets, "includes": {"users": [user]},
        "__twarc": {"url": "x", "version": "2", "retrieved_at": "2026-01-01T00:00:00+00:00"}}
with open(f"{folder}/pages.jsonl", "w") as file:
    file.write(json.dumps(page) + "\n")
table = [f"{folder}/pages.jsonl", f"{folder}/tweets.csv", "--hide-progress"]
twarc_csv.csv(table, standalone_mode=False)
with open(f"{folder}/tweets.csv", newline="") as file:
    for row in csv.DictReader(file):
        print("SEEN", row["id"], repr(row["text"]))
PAGES
"$scratch/venv/bin/python" "$scratch/pages.py" "$scratch" 2> "$scratch/errors" | grep ^SEEN | tee "$scratch/seen"
diff - "$scratch/seen" <<'SEEN'
SEEN 0 'one\\ntwo'
SEEN 1 'one\\ntwo'
SEEN 2 'one\\ntwo'
SEEN
echo "as found"
