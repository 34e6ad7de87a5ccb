"""An invented out-of-fold table, and what a run on it knows."""

import shutil
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from unpolished.data.dataset.label_counts import Count
from unpolished.data.labelled_texts import LabelledTexts, one_hot
from unpolished.models.decision.calibration import Calibration
from unpolished.models.decision.threshold import Threshold
from unpolished.models.decision.thresholds import Thresholds
from unpolished.models.families.linear import Linear
from unpolished.models.saved_model import ModelInfo, TrainingData, save_model
from unpolished.training.tracking import runs as tracking

SCORES = ("polished", "paid", "performative", "committed", "self")


@pytest.fixture(scope="session")
def oof() -> pd.DataFrame:
    """60 gold and 240 training posts from three sources; scores that know something."""
    rng = np.random.default_rng(0)
    n = 300
    style = rng.choice([0.0, 0.5, 1.0, np.nan], n, p=[0.4, 0.1, 0.4, 0.1])
    paid = rng.choice([0.0, 1.0, np.nan], n, p=[0.6, 0.3, 0.1])
    cause = rng.choice([0.0, 1.0, 2.0, np.nan], n, p=[0.5, 0.2, 0.2, 0.1])
    # Drawn apart, so that the rest stays what it was.
    others = np.random.default_rng(1)
    kind = np.where(paid == 1, 2.0, np.where(np.isnan(paid), np.nan, others.integers(0, 2, n)))
    table = pd.DataFrame(
        {
            "split": np.where(np.arange(n) < 60, "gold", "train"),
            "source": rng.choice(["blogs", "tweets", "forum"], n),
            "source_id": [f"{i:03d}" for i in range(n)],
            "group": [f"g{i}" for i in rng.integers(0, 80, n)],
            "fold": rng.integers(0, 5, n).astype(np.int8),
            "n_chars": rng.integers(20, 300, n),
            "style": style.astype(np.float32),
            "style_mean": (1 + 4 * style).astype(np.float32),
            "style_contested": rng.random(n) < 0.2,
            "paid": paid,
            "paid_contested": rng.random(n) < 0.2,
            "kind": kind,
            "kind_contested": others.random(n) < 0.2,
            "undisclosed": np.where(rng.random(n) < 0.3, np.nan, paid),
            "cause": cause,
            "cause_contested": rng.random(n) < 0.2,
        }
    )
    truths = (style, paid, (cause == 1).astype(float), (cause == 2).astype(float),
              np.where(np.isnan(kind), np.nan, kind == 1))  # fmt: skip

    def scores(name, truth, noise):
        # Log-odds that follow the label: close to calibrated where the label is known.
        pull = np.nan_to_num(truth, nan=0.5) * 3 - 1.5
        p = 0.98 / (1 + np.exp(-pull - noise.normal(0, 1.5, n))) / (2 if "c" in name else 1)
        return p.astype(np.float32)

    for prefix in ("raw", "p", "loso", "base"):
        for name, truth in zip(SCORES, truths, strict=True):
            noise = others if name == "self" else rng
            table[f"{prefix}_{name}"] = scores(name, truth, noise)
    for prefix in ("raw", "p", "loso"):
        for name, truth in zip(SCORES, truths, strict=True):
            table[f"author_{prefix}_{name}"] = scores(name, truth, others)
    for author in ("", "author_"):
        for name in SCORES:
            p = table[f"{author}p_{name}"]
            low, high = p.quantile([0.5, 0.7])
            flags = np.select([p > high, p < low], [1, 0], -1).astype(np.int8)
            table[f"{author}flag_{name}"] = flags
    for name in SCORES:
        p = table[f"loso_{name}"]
        flags = np.select([p > p.quantile(0.8), p < p.quantile(0.4)], [1, 0], -1)
        table[f"loso_flag_{name}"] = flags.astype(np.int8)
    return table


@pytest.fixture(scope="session")
def info() -> ModelInfo:
    """A described model."""
    threshold = {
        "flag": 0.6, "opposite": 0.3, "n_negative": 200, "n_positive": 60,
        "negatives_flagged": 0.048, "positives_missed": 0.09,
    }  # fmt: skip
    return ModelInfo(
        name="unpolished-linear",
        run_id="abc123",
        family="linear",
        calibration=Calibration(),
        thresholds=Thresholds(**{f"p_{name}": Threshold(**threshold) for name in SCORES}),
        training=TrainingData(
            name="public", fingerprint="f" * 64, folds_sha256="e" * 64, n_posts=300, n_authors=80
        ),
    )


@pytest.fixture(scope="session")
def fairness() -> pd.DataFrame:
    """Two registers; one of them loses more than it may."""
    from unpolished.data.axes import LABELS
    from unpolished.models.base import PROBABILITIES

    shares = [f"{name}_{kind}" for name in LABELS for kind in ("flipped", "changed")]
    rows = [
        (register, measure, 40, value, value - 0.02, value + 0.02, value <= 0.05)
        for register, value in (("aae", 0.012), ("teen", 0.071))
        for measure in (*PROBABILITIES, *shares)
    ]
    columns = ["kind", "measure", "n", "value", "low", "high", "within"]
    return pd.DataFrame(rows, columns=columns)


@pytest.fixture(scope="session")
def facts(oof, info, fairness):
    """What a finished run on the invented table knows; no model folder stands behind it."""
    from unpolished.training.evaluation.evaluate import evaluate
    from unpolished.training.tracking.environment import CodeState
    from unpolished.training.tracking.records import RunFacts

    return RunFacts(
        name="linear",
        changes="none",
        recipe={
            "name": "linear",
            "family": "linear",
            "model": {"c": 2.0, "ngrams": {"cues": True}},
        },
        data_path=None,
        code=CodeState("0" * 40, True),
        libraries={"python": "3.11.7", "numpy": "2.3.0"},
        info=info,
        counts=[
            Count("train", "all", "posts", "", (50, 50, 50, 50, 40)),
            Count("train", "all", "paid", "yes", (10, 10, 10, 10, 8)),
            Count("train", "blogs", "paid", "yes", (5, 5, 5, 5, 4)),
            Count("gold", "all", "posts", "", (12, 12, 12, 12, 12)),
        ],
        table=oof,
        metrics={split: evaluate(oof, split) for split in ("gold", "train")},
        fairness=fairness,
        diagnostics={"export.max_difference": 0.01},
        card="# A card\n",
        folder=Path("nowhere"),
    )


# Text, style, commercial (2 is paid by others), cause.
KINDS = (
    ("ugh my bus was late again lol", 0, 0, 0),
    ("Discover our new collection today!", 1, 1, 0),
    ("so in love with this serum, use <code>", 1, 2, 0),
    ("We stand with everyone affected", 1, 0, 1),
    ("I gave $50 to the food bank, donate here <url>", 0, 0, 2),
)


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory):
    """Creating the tables takes seconds: once, then copied."""
    folder = tmp_path_factory.mktemp("store")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        patch.chdir(folder)
        with warnings.catch_warnings():
            # MLflow's own modules warn about one another's type hints when first imported.
            warnings.simplefilter("ignore")
            tracking.create_store()
            import mlflow.pyfunc  # noqa: F401
    return folder / "mlflow.db"


@pytest.fixture
def store(empty_store, tmp_path, monkeypatch):
    """A tracking store of the test's own, in the current folder."""
    # MLflow sets these, too; the patch takes them back.
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.delenv("MLFLOW_RUN_ID", raising=False)
    monkeypatch.chdir(tmp_path)
    shutil.copy(empty_store, tmp_path / "mlflow.db")
    return tmp_path


@pytest.fixture(scope="session")
def trained_folder(tmp_path_factory, empty_store):
    """A store with a run of rules and of linear on posts of the corpus, and the ids of both."""
    from unpolished.data.dataset.own_posts import CORPUS
    from unpolished.training.recipe import read_recipe
    from unpolished.training.train import train

    folder = tmp_path_factory.mktemp("trained")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        patch.chdir(folder)
        shutil.copy(empty_store, folder / "mlflow.db")
        lines = CORPUS.read_text("utf-8").splitlines(keepends=True)
        (folder / "mine.jsonl").write_text("".join(lines[::8]), "utf-8")
        data = Path("mine.jsonl")
        ids = {name: train(read_recipe(name), data).run_id for name in ("rules", "linear")}
    return folder, ids


@pytest.fixture
def trained_runs(trained_folder, monkeypatch):
    """Ids by recipe, in the folder of the store; a test puts back what it changes."""
    folder, ids = trained_folder
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.delenv("MLFLOW_RUN_ID", raising=False)
    monkeypatch.chdir(folder)
    return ids


@pytest.fixture(scope="session")
def fitted():
    """A linear model of 40 posts, and its truth."""
    rows = [(f"{text} {end}", *labels) for text, *labels in KINDS for end in "abcdefgh"]
    texts, style, commercial, cause = zip(*rows, strict=True)
    authors = np.array([f"a{i % 10}" for i in range(len(texts))])
    train = LabelledTexts(
        texts=texts, sources=authors, authors=authors, groups=authors,
        folds=np.zeros(len(authors), np.int8),
        style=np.array(style, np.float32),
        paid=(np.array(commercial) == 2).astype(np.int8),
        kinds=one_hot(np.array(commercial, np.int8), 3),
        cause=np.array(cause, np.int8), weight=np.ones(len(texts), np.float32),
    )  # fmt: skip
    return Linear().fit(train), train


@pytest.fixture(scope="session")
def saved():
    """A function that saves the fitted model into a folder; returns its facts."""
    return _saved


def _saved(folder, info, fitted):
    model, train = fitted
    raw = model.predict_proba(train.texts)
    calibration = Calibration.fit(raw, train)
    thresholds = Thresholds.fit(calibration.apply(raw), train)
    update = {"calibration": calibration, "thresholds": thresholds}
    return save_model(folder, model, info.model_copy(update=update), "# Card\n")
