"""A saved folder is opened whole and unchanged, or not at all."""

import json

import numpy as np
import pytest
from unpolished.models.families.linear import Linear
from unpolished.models.saved_model import (
    CARD,
    DESCRIPTION,
    FORMAT_VERSION,
    ModelError,
    load_model,
    save_model,
)


@pytest.fixture
def folder(tmp_path, tiny_train, tiny_info):
    """A saved linear model."""
    model = Linear().fit(tiny_train)
    save_model(tmp_path / "model", model, tiny_info(model), "# card\n")
    return tmp_path / "model"


def _edit(folder, **changes):
    described = json.loads((folder / DESCRIPTION).read_text())
    (folder / DESCRIPTION).write_text(json.dumps(described | changes))


def test_a_saved_model_opens(folder, tiny_train):
    """Round trip, with what was written about it."""
    model, info = load_model(folder)
    assert info.family == "linear"
    assert set(info.files) == {"linear.json", "linear.safetensors", CARD}
    assert "scikit-learn" in info.libraries
    assert np.isfinite(model.predict_proba(tiny_train.texts)).all()


def test_a_folder_of_an_earlier_format_opens(folder, tmp_path):
    """Saved again, it is one of this format."""
    _edit(folder, format_version=1)
    model, info = load_model(folder)
    assert info.format_version == 1
    assert save_model(tmp_path / "again", model, info, "").format_version == FORMAT_VERSION > 1
    assert load_model(tmp_path / "again")[1].format_version == FORMAT_VERSION


def test_an_existing_folder_is_not_written_over(folder, tiny_train, tiny_info):
    """Nothing is ever mixed."""
    model = Linear().fit(tiny_train)
    with pytest.raises(FileExistsError, match="not empty"):
        save_model(folder, model, tiny_info(model), "")


def test_a_flipped_byte_is_found(folder):
    """In the weights."""
    path = folder / "linear.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"linear\.safetensors was changed"):
        load_model(folder)


def test_a_missing_file_is_named(folder):
    """A half-copied folder."""
    (folder / "linear.json").unlink()
    with pytest.raises(ModelError, match=r"linear\.json is missing"):
        load_model(folder)


def test_a_foreign_file_is_refused(folder):
    """Nothing beside what was saved."""
    (folder / "model.pkl").write_bytes(b"x")
    with pytest.raises(ModelError, match=r"model\.pkl is not part"):
        load_model(folder)


def test_a_link_is_refused(folder, tmp_path):
    """Even to the same bytes."""
    (folder / CARD).rename(tmp_path / "card")
    (folder / CARD).symlink_to(tmp_path / "card")
    with pytest.raises(ModelError, match="was changed"):
        load_model(folder)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format_version": 99}, "install a newer version"),
        ({"format_version": "x"}, "no model of this project"),
        ({"family": "pickle"}, "cannot be rebuilt"),
        ({"probabilities": ["p_paid"]}, "are not those with thresholds"),
        ({"files": {"../card": "0"}}, "leads out of the folder"),
        ({"surprise": 1}, "field surprise"),
    ],
)
def test_a_strange_description_is_refused(folder, changes, message):
    """Each with its reason."""
    _edit(folder, **changes)
    with pytest.raises(ModelError, match=message):
        load_model(folder)


def test_no_folder_no_json(folder, tmp_path):
    """Neither is a traceback of the reader."""
    with pytest.raises(ModelError, match="is not a model folder"):
        load_model(tmp_path / "nowhere")
    for text, says in (
        ("{", "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        (" " * 5_000_001, "too large"),
        ("[]", "no model of this project"),
    ):
        (folder / DESCRIPTION).write_text(text)
        with pytest.raises(ModelError, match=says):
            load_model(folder)
    (folder / DESCRIPTION).write_bytes(b"\xff{}")
    with pytest.raises(ModelError, match="not valid JSON"):
        load_model(folder)
