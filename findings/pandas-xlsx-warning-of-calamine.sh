#!/usr/bin/env bash
# pandas 3.1.1: installing python-calamine changes what an unrelated `read_excel` does.
#
# Expected: `pd.read_excel("x.xlsx")` reads with openpyxl, its default, whatever else is installed. Seen: as
# soon as python-calamine can be imported, by whoever brought it, the same call warns (Pandas4Warning) that
# the default will change; where warnings are errors, as in many test suites, it raises instead of reading.
# Without python-calamine nothing is said, though the announced change is the same.
#
# Needs Python 3.11 and a package index; runs without this project. Fails when that changes.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet pandas==3.1.1 openpyxl==3.1.5
cat > "$scratch/read.py" <<'READ'
import sys
import warnings

import pandas as pd

path = sys.argv[1]
pd.DataFrame({"price": [3]}).to_excel(path, index=False)
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    assert pd.read_excel(path)["price"].tolist() == [3]
print([warning.category.__name__ for warning in said])
READ
"$scratch/venv/bin/python" "$scratch/read.py" "$scratch/x.xlsx" > "$scratch/seen"
"$scratch/venv/bin/pip" install --quiet python-calamine==0.9.1
"$scratch/venv/bin/python" "$scratch/read.py" "$scratch/x.xlsx" >> "$scratch/seen"
cat "$scratch/seen"
diff - "$scratch/seen" <<'SEEN'
[]
['Pandas4Warning']
SEEN
echo "as found"
