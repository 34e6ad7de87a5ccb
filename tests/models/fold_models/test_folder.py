"""What a folder with fold models holds, and which folders are refused."""

import json
import shutil

import numpy as np
import pytest
from unpolished.models.fold_models.folder import FOLDS, SEEN, load_fold_models
from unpolished.models.pipeline import Pipeline
from unpolished.models.saved_model import DESCRIPTION, ModelError, read_info

RUN = "0" * 31 + "7"
DESCRIBED = {"format_version": 1, "run_id": RUN, "models": {}, "seen": "b"}


@pytest.fixture
def copied(run_folder, tmp_path):
    """The fold models, to be damaged."""
    return shutil.copytree(run_folder / "folds", tmp_path / "folds")


@pytest.fixture(scope="module")
def full(run_folder):
    """What is known about the run's own model."""
    return read_info(run_folder / "model")


def test_each_is_a_saved_model_that_says_which_it_is(run_folder, full, folded):
    """With the calibration and thresholds of the run's own, and its own number of posts."""
    opened = load_fold_models(run_folder / "folds", full)
    assert sorted(opened.models) == [-1, 0, 1, 2]
    for fold, (_, info, place) in opened.models.items():
        part = folded.take(folded.folds != fold)
        assert (info.training.n_posts, info.training.n_authors) == (
            len(part), len(np.unique(part.authors)),
        )  # fmt: skip
        assert info.name == f"tiny-linear-{'no-fold' if fold < 0 else f'fold-{fold}'}"
        for name in ("calibration", "thresholds", "run_id", "probabilities", "reads_author"):
            assert getattr(info, name) == getattr(full, name)
        assert Pipeline.load(place).info == info
    assert set(opened.seen.folds.values()) == {-1, 0, 1, 2}


@pytest.mark.parametrize("name", [SEEN, f"fold-1/{DESCRIPTION}", "fold-1/linear.json"])
def test_a_changed_or_missing_file_is_refused(copied, full, name):
    """Whichever it is."""
    path = copied / name
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(ModelError, match=r"was changed; copy the whole folder again"):
        load_fold_models(copied, full)
    path.unlink()
    with pytest.raises(ModelError, match="missing"):
        load_fold_models(copied, full)


def test_a_model_of_another_run_is_refused(copied, full):
    """With the address of the one that fits."""
    for run in (None, "f" * 32):
        other = full.model_copy(update={"run_id": run})
        with pytest.raises(ModelError, match=f"open that run's own model, runs:/{RUN}/model"):
            load_fold_models(copied, other)


def test_other_thresholds_are_refused(copied, full):
    """The rows of one report are decided in one way."""
    other = full.thresholds.model_copy(update={"p_paid": full.thresholds.p_polished})
    with pytest.raises(ModelError, match="its thresholds is not that of the model tiny-linear"):
        load_fold_models(copied, full.model_copy(update={"thresholds": other}))


@pytest.mark.parametrize(
    ("text", "says"),
    [("[]", "no model of this project"), ("{", "not valid JSON"), ("[" * 100_000, "not valid JSON"),
     ('{"format_version": 2}', "install a newer version"),
     (json.dumps(DESCRIBED | {"models": {"../x": "a"}}), r"field models\.\.\./x"),
     (json.dumps(DESCRIBED | {"more": 1}), "field more"),
     ("x" * 5_000_001, "too large")],
)  # fmt: skip
def test_a_description_that_is_none(copied, full, text, says):
    """What is wrong with it."""
    (copied / FOLDS).write_text(text)
    with pytest.raises(ModelError, match=says):
        load_fold_models(copied, full)


def test_no_fold_models_at_all(tmp_path, full):
    """A folder of something else."""
    with pytest.raises(ModelError, match=r"has no fold models: folds\.json cannot be read"):
        load_fold_models(tmp_path, full)


def test_a_fold_without_a_model_is_refused(copied, full):
    """Before a post of that fold comes."""
    described = json.loads((copied / FOLDS).read_text())
    del described["models"]["-1"]
    (copied / FOLDS).write_text(json.dumps(described))
    with pytest.raises(ModelError, match="there is no model of fold -1"):
        load_fold_models(copied, full)
