"""The stage that reads a post beside its author's other posts, as it is shipped."""

import json

import numpy as np
import pytest
from unpolished.models.author_context import FEATURES
from unpolished.models.author_stage import (
    ENOUGH,
    SHIPPED_STAGE,
    StageError,
    read_stage,
    shipped_stage,
    write_stage,
)


def _changed(tmp_path, **fields):
    raw = json.loads(SHIPPED_STAGE.read_text("utf-8")) | fields
    path = tmp_path / "stage.json"
    path.write_text(json.dumps(raw), "utf-8")
    return path


def test_the_shipped_file_is_what_the_code_reads(tmp_path):
    """Number by number, and what is written is read again."""
    raw = json.loads(SHIPPED_STAGE.read_text("utf-8"))
    stage = shipped_stage()
    assert json.loads(json.dumps(stage.model_dump(mode="json"))) == raw
    assert (stage.features, stage.enough_posts) == (FEATURES, ENOUGH)
    assert {"train", "further"} <= set(stage.measured)
    write_stage(stage, tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == SHIPPED_STAGE.read_bytes()


def test_the_probability_is_that_of_the_numbers_in_the_file():
    """A logistic regression, worked out by hand."""
    stage = shipped_stage()
    x = np.arange(10.0).reshape(2, 5) / 7
    for row, found in zip(x, stage.third_party(x), strict=True):
        odds = sum(a * b for a, b in zip(row, stage.coefficients, strict=True)) + stage.intercept
        assert found == pytest.approx(1 / (1 + np.exp(-odds)))


@pytest.mark.parametrize(
    ("feature", "way"),
    [("third_party_to_own", 1), ("others_third_party_to_own", 1),
     ("same_names_third_party_to_own", 1), ("names_author", -1), ("repeated_sentence", -1)],
)  # fmt: skip
def test_each_feature_speaks_the_way_that_it_is_told_to(feature, way):
    """The author's name and sentences that come again for one's own, others by how they read."""
    stage = shipped_stage()
    assert np.sign(stage.coefficients[FEATURES.index(feature)]) == way


def test_a_label_begins_at_the_threshold():
    """From there on, a third party's."""
    stage = shipped_stage()
    assert stage.whose(stage.threshold) == "third_party"
    assert stage.whose(np.nextafter(stage.threshold, 0)) == "self"


def test_odds_beyond_all_measure_are_a_probability():
    """Without a warning."""
    found = shipped_stage().third_party(np.array([[1e9, 0, 0, 0, 0], [-1e9, 0, 0, 0, 0]]))
    assert np.isfinite(found).all()


@pytest.mark.parametrize(
    "fields",
    [{"intercept": float("nan")}, {"coefficients": [float("inf")] * 5}, {"coefficients": [1.0]},
     {"features": ["names_author"] * 5}, {"threshold": 1.5}, {"surplus": 1}, {"enough_posts": 1}],
)  # fmt: skip
def test_a_file_at_fault_is_named_with_the_remedy(tmp_path, fields):
    """Numbers that are not finite, too."""
    with pytest.raises(StageError, match=r"stage\.json.*make author-stage"):
        read_stage(_changed(tmp_path, **fields))


def test_no_file_and_no_json_are_named(tmp_path):
    """No traceback of a library."""
    with pytest.raises(StageError, match="none"):
        read_stage(tmp_path / "none.json")
    (tmp_path / "half.json").write_text('{"features": [', "utf-8")
    with pytest.raises(StageError, match="half"):
        read_stage(tmp_path / "half.json")
    (tmp_path / "huge.json").write_bytes(
        SHIPPED_STAGE.read_bytes().replace(b'"intercept": ', b'"intercept": 1e999, "was": ')
    )
    with pytest.raises(StageError, match="huge"):
        read_stage(tmp_path / "huge.json")
