#!/usr/bin/env bash
# datasets 5.2.0: map(cache_file_name=...) returns what the file holds, whoever computed it.
#
# Expected, from its documentation ("used to store the results of the computation instead of the
# automatically generated cache file name"): another function, let alone another data set, is computed
# anew and the file written over, or the call is refused; the file does carry a fingerprint.
# Seen: the second call maps another data set, of three rows, with another function, and returns the
# two rows of the first call. No warning. Without cache_file_name, the file is named after a hash of
# data and function, and the rows are right.
#
# Needs Python 3.11 and a package index; runs without this project. Fails when that changes.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet datasets==5.2.0 dill==0.4.1
export HF_HOME=$scratch/hf HF_HUB_OFFLINE=1
cat > "$scratch/try.py" <<'PYTHON'
import sys
from datasets import Dataset

file = f"{sys.argv[1]}/scored.arrow"
first = Dataset.from_dict({"text": ["a", "b"]})
first.map(lambda row: {"label": "old"}, cache_file_name=file)
second = Dataset.from_dict({"text": ["p", "q", "r"]})
print([tuple(r.values()) for r in second.map(lambda row: {"label": "new"}, cache_file_name=file)])
print([tuple(r.values()) for r in second.map(lambda row: {"label": "new"})])
PYTHON
"$scratch/venv/bin/python" "$scratch/try.py" "$scratch" 2> "$scratch/messages" | tee "$scratch/seen"
diff - "$scratch/seen" <<'SEEN'
[('a', 'old'), ('b', 'old')]
[('p', 'new'), ('q', 'new'), ('r', 'new')]
SEEN
! grep -i warn "$scratch/messages"
echo "as found"
