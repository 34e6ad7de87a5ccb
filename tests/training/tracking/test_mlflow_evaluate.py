"""MLflow's own evaluation of a registered model, as docs/how-to/compare-runs.md shows it."""

import re
import warnings
from pathlib import Path

import pandas as pd
from sklearn.metrics import roc_auc_score
from unpolished.training.selection.aliases import CHAMPION, REGISTERED, among_champions, set_aliases
from unpolished.training.tracking import records as r
from unpolished.training.tracking import runs as tracking

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "compare-runs.md"


def test_a_champion_is_measured_on_new_labels(store, info, fitted, saved, monkeypatch):
    """The page's own code: the figure is that of the champion's scores, and no post is stored."""
    info = saved(store / "saved", info, fitted)
    with tracking.started_run("unpolished-public", "linear") as run:
        run.log([r.SavedModel(store / "saved", info, info.name)])
    version = among_champions(run.run_id, "public")
    set_aliases(REGISTERED, {CHAMPION: version.version})
    _, train = fitted
    given = {"text": list(train.texts), "label": train.paid.astype(float)}
    posts = pd.DataFrame(given).assign(text=lambda frame: frame["text"] + " in a new post of ours")
    (code,) = re.findall(r"```python\n(import mlflow\n.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", tracking.tracking_uri())
    names = {"posts": posts}
    with warnings.catch_warnings():
        # MLflow's of its own type hints, and pandas' of what MLflow does with columns.
        warnings.simplefilter("ignore")
        exec(code, names)  # noqa: S102
        import mlflow

        scored = mlflow.pyfunc.load_model(f"models:/{REGISTERED}@{CHAMPION}").predict(
            posts[["text"]]
        )
    mlflow.set_tracking_uri(None)
    auc = names["found"].metrics["auc"]
    assert auc == roc_auc_score(posts["label"], scored["p_paid"])
    assert 0.5 < auc <= 1
    stored = [path.read_bytes() for path in store.rglob("*") if path.is_file()]
    assert stored
    assert not [content for content in stored if b"in a new post of ours" in content]
