#!/usr/bin/env bash
# import-linter 2.16: `python -m importlinter.cli` ends with 0 and prints nothing, whatever is broken.
#
# Expected: the module that holds the command checks the contracts, as `lint-imports` does, or says
# that it cannot be run. Seen: it defines commands and runs none, so a CI step or a wrapper that calls
# it this way passes for ever. `python -m importlinter` is refused, and `lint-imports` is right.
#
# Needs Python 3.11 and a package index; runs without this project. Fails when that changes.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet import-linter==2.16
mkdir "$scratch/project" "$scratch/project/shop"
cd "$scratch/project"
touch shop/__init__.py shop/till.py
echo "from . import till" > shop/stock.py
cat > .importlinter <<'CONTRACT'
[importlinter]
root_package = shop
[importlinter:contract:1]
name = stock stands below the till
type = layers
layers =
    shop.till
    shop.stock
CONTRACT
export PYTHONPATH=.
{
    for way in "$scratch/venv/bin/python -m importlinter.cli" "$scratch/venv/bin/lint-imports"; do
        status=0
        $way > "$scratch/said" 2>&1 || status=$?
        echo "${way##*/}: exit code $status, $(grep -c BROKEN "$scratch/said" || true) broken"
    done
} | tee "$scratch/seen"
diff - "$scratch/seen" <<'SEEN'
python -m importlinter.cli: exit code 0, 0 broken
lint-imports: exit code 1, 1 broken
SEEN
echo "as found"
