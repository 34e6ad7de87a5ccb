#!/usr/bin/env bash
# publicsuffixlist 1.1.2.20261023 (the public suffix list of 2026-10-23): shops that sell in Belgium
# under com.be share one registrable domain, and an IP address has one.
#
# Expected: `com.be` is a public suffix as com.br, com.au and com.tr are, so that
# www.amazon.com.be belongs to amazon.com.be; and an address of numbers has no registrable domain.
# Seen: `com.be` is no suffix of the list, so every shop there is "com.be", and a table of
# advertisers by registrable domain takes them all for one; "203.0.113.7" belongs to "113.7",
# since by default the last label of any name counts as a suffix. With accept_unknown=False the
# address has none, and the shops are as before.
#
# Needs Python 3.11 and a package index; runs without this project. Fails when that changes.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet publicsuffixlist==1.1.2.20261023
cat > "$scratch/try.py" <<'PYTHON'
from publicsuffixlist import PublicSuffixList

NAMES = ("www.amazon.com.br", "www.amazon.com.be", "203.0.113.7")
for accept in (True, False):
    listed = PublicSuffixList(accept_unknown=accept)
    print(accept, *(listed.privatesuffix(name) for name in NAMES))
PYTHON
"$scratch/venv/bin/python" "$scratch/try.py" 2>/dev/null | tee "$scratch/seen"
diff - "$scratch/seen" <<'SEEN'
True amazon.com.br com.be 113.7
False amazon.com.br com.be None
SEEN
echo "as found"
