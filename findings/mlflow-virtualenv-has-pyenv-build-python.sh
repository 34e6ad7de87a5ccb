#!/usr/bin/env bash
# mlflow 3.17.2: `--env-manager virtualenv` uses no interpreter that is installed.
#
# Expected: of a model saved by Python 3.11, the environment is made with the 3.11 that pyenv already has
# (or with the running interpreter), as `--env-manager uv` does. Seen: MLflow gives `pyenv install
# --skip-existing` a PYENV_ROOT of its own, in a new temporary folder for `mlflow models predict`, where
# nothing is installed: so Python is downloaded and compiled each time, and a machine without a network
# or a compiler cannot serve the model, whatever it has installed.
#
# Needs Python 3.11 and a package index; pyenv is played by a script that says what it was asked and
# fails, so nothing is compiled. Runs without this project. Fails when that changes.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet mlflow==3.17.2
cd "$scratch"
mkdir bin home
cat > bin/pyenv <<'PYENV'
#!/usr/bin/env bash
# Like pyenv where 3.11 is installed under the user's own root.
case "$1" in
root) echo "$HOME/.pyenv" ;;
install)
    [ "${PYENV_ROOT:-}" = "" ] || [ "$PYENV_ROOT" = "$HOME/.pyenv" ] && whose="the user's" || whose="another"
    echo "install ${2:-} in $whose root, which holds $(ls "${PYENV_ROOT:-$HOME/.pyenv}/versions" 2>/dev/null | wc -l)" >> "$ASKED"
    exit 1 ;;
esac
PYENV
chmod +x bin/pyenv
mkdir -p home/.pyenv/versions/3.11
cat > model.py <<'MODEL'
from mlflow.models import set_model
from mlflow.pyfunc import PythonModel


class Prices(PythonModel):
    def predict(self, context, model_input, params=None):
        return [3] * len(model_input)


set_model(Prices())
MODEL
export MLFLOW_DISABLE_TELEMETRY=true ASKED="$scratch/asked" HOME="$scratch/home" PATH="$scratch/bin:$PATH"
"$scratch/venv/bin/python" - <<'SAVE' 2> /dev/null
import mlflow

mlflow.pyfunc.save_model("saved", python_model="model.py", pip_requirements=["mlflow==3.17.2"])
SAVE
echo '{"dataframe_records": [{"name": "tea"}]}' > input.json
"$scratch/venv/bin/mlflow" models predict -m saved -i input.json --env-manager virtualenv \
    > said 2>&1 && { echo "it worked"; exit 1; }
cat "$ASKED"
diff - "$ASKED" <<'SEEN'
install --skip-existing in another root, which holds 0
SEEN
echo "as found"
