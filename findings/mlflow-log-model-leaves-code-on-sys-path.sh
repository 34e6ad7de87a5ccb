#!/usr/bin/env bash
# mlflow 3.17.2: logging a model with `code_paths` and an input example changes the running process.
#
# Expected: `log_model` copies the code beside the model and leaves the interpreter as it was. Seen: it
# tries the logged model on the example, puts the copy first on `sys.path`, and leaves it there, though
# the copy is in a temporary folder that is removed. A process started later by `multiprocessing`
# (spawn, forkserver) is given that path; until the folder is gone it imports the copy in place of the
# package itself. Without the example, `sys.path` stays as it was.
#
# Needs Python 3.11 and a package index; runs without this project. Fails when that changes.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet mlflow==3.17.2
mkdir "$scratch/shop"
echo "PRICE = 3" > "$scratch/shop/__init__.py"
cd "$scratch"
cat > model.py <<'MODEL'
from mlflow.models import set_model
from mlflow.pyfunc import PythonModel


class Prices(PythonModel):
    def predict(self, context, model_input, params=None):
        import shop

        return [shop.PRICE] * len(model_input)


set_model(Prices())
MODEL
cat > log.py <<'LOG'
import sys

import mlflow
import pandas as pd

mlflow.set_tracking_uri(f"sqlite:///{sys.argv[1]}/mlflow.db")
before = list(sys.path)
for example in (None, pd.DataFrame({"name": ["tea"]})):
    with mlflow.start_run():
        mlflow.pyfunc.log_model(
            name="model", python_model="model.py", code_paths=["shop"], input_example=example,
            pip_requirements=["mlflow"],
        )
    added = [path for path in sys.path if path not in before]
    said = "with an example" if example is not None else "without an example"
    print(f"{said}: {len(added)} added, {sys.path.index(added[0]) if added else 'none'} in order")
LOG
export MLFLOW_DISABLE_TELEMETRY=true
"$scratch/venv/bin/python" log.py "$scratch" 2> "$scratch/errors" | tee "$scratch/seen"
diff - "$scratch/seen" <<'SEEN'
without an example: 0 added, none in order
with an example: 1 added, 0 in order
SEEN
echo "as found"
