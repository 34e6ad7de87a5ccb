"""The MLflow flavour: the scorer's own rows, as a DataFrame."""

import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from unpolished.models.families.linear import Linear
from unpolished.models.saved_model import save_model
from unpolished.models.scored_post import ScoredPost
from unpolished.models.serving.pyfunc import ARTIFACT, INPUT_EXAMPLE, UnpolishedModel, signature


@pytest.fixture(scope="module")
def model(tiny_train, tiny_info, tmp_path_factory):
    """Opened as MLflow opens it."""
    folder = tmp_path_factory.mktemp("saved") / "tiny"
    linear = Linear().fit(tiny_train)
    save_model(folder, linear, tiny_info(linear), "card")
    opened = UnpolishedModel()
    opened.load_context(SimpleNamespace(artifacts={ARTIFACT: str(folder)}))
    return opened


def test_columns_are_those_of_the_row(model):
    """Nested ones as JSON text, probabilities float32, as the signature says."""
    frame = model.predict(None, pd.DataFrame(INPUT_EXAMPLE))
    assert list(frame.columns) == list(ScoredPost.model_fields)
    assert list(frame.columns) == signature().outputs.input_names()
    assert frame["p_paid"].dtype == np.float32
    assert json.loads(frame["model"][0])["name"] == "tiny-linear"


def test_a_bad_row_does_not_take_its_batch_along(model):
    """It comes back with its error, in its place."""
    frame = model.predict(None, pd.DataFrame({"text": ["late bus lol again", None, 7, " "]}))
    codes = [None if pd.isna(error) else error.partition(":")[0] for error in frame["error"]]
    assert codes == [None, "missing", "type", "empty"]
    assert frame["id"].tolist() == ["row-1", "row-2", "row-3", "row-4"]
    assert frame["p_paid"][1] is None
    assert frame["p_paid"][0] == model.predict(None, pd.DataFrame(INPUT_EXAMPLE | {
        "text": ["late bus lol again"] * 2}))["p_paid"][0]  # fmt: skip


def test_parameters_reach_the_rules(model):
    """Jurisdiction and reasons."""
    posts = pd.DataFrame({"text": ["Werbung | so in love with this serum from @glow, use <code>"]})
    assert model.predict(None, posts)["disclosure"][0] == "ambiguous"
    german = model.predict(None, posts, {"jurisdiction": "eu", "reasons": "all"})
    assert german["disclosure"][0] == "clear"
    assert json.loads(german["reasons"][0])


def test_a_post_that_breaks_the_model_is_found(model, monkeypatch):
    """The others are scored as if it were not there."""
    texts = [f"late bus {i} lol again" for i in range(9)]
    expected = model.predict(None, pd.DataFrame({"text": texts}))
    real = model.pipeline.model.predict_proba

    def breaking(masked):
        if any("bus 5" in text for text in masked):
            raise ArithmeticError
        return np.where(["bus 7" in text for text in masked], np.nan, real(masked).T).T

    monkeypatch.setattr(model.pipeline.model, "predict_proba", breaking)
    found = model.predict(None, pd.DataFrame({"text": texts}))
    assert found["error"].dropna().to_dict() == {
        5: "model: the model failed on this post (ArithmeticError)",
        7: "model: the model failed on this post (NaN)",
    }
    scored = expected.columns.drop("error")
    rest = found.index.difference([5, 7])
    # Where some are missing, numbers stand beside None.
    pd.testing.assert_frame_equal(
        found.loc[rest, scored], expected.loc[rest, scored], check_dtype=False
    )


def test_nothing_gives_nothing(model):
    """All columns, no row."""
    frame = model.predict(None, pd.DataFrame({"text": []}))
    assert list(frame.columns) == list(ScoredPost.model_fields)
    assert len(frame) == 0


@pytest.mark.parametrize("params", [{"jurisdiction": "xx"}, {"reasons": "some"}])
def test_a_parameter_that_is_none_fails_the_call(model, params):
    """It is no fault of the posts."""
    with pytest.raises(ValueError, match="choose one of"):
        model.predict(None, pd.DataFrame(INPUT_EXAMPLE), params)


def test_a_code_that_is_not_known_is_told(model):
    """The post is judged by the rules asked for, and those that name their own by these."""
    posts = pd.DataFrame(
        {"text": ["#Werbung neue Tassen stehen heute im Regal und sind schön"] * 3,
         "jurisdiction": ["de", "atlantis", None]}
    )  # fmt: skip
    with pytest.warns(UserWarning, match="that are not known: 1;"):
        frame = model.predict(None, posts, {"jurisdiction": "us,fr"})
    assert frame["disclosure"].tolist() == ["clear", "ambiguous", "ambiguous"]
    asked = [[one["jurisdiction"] for one in json.loads(row)] for row in frame["disclosures"]]
    assert asked == [["de", "us", "fr"], ["us", "fr"], ["us", "fr"]]


def test_an_answer_is_json(model):
    """None where a probability is missing, never NaN, which JSON does not have."""
    frame = model.predict(None, pd.DataFrame({"text": ["late bus again lol", "", None]}))
    json.dumps(frame.to_dict("records"), allow_nan=False, default=float)
    assert frame["p_paid"].isna().tolist() == [False, True, True]
    whole = model.predict(None, pd.DataFrame({"text": ["late bus again lol"]}))
    assert whole["p_paid"].dtype == np.float32
    json.dumps(whole.to_dict("records"), allow_nan=False, default=float)


def test_rows_keep_the_index_of_their_posts(model):
    """So that they join to the table they came from."""
    posts = pd.DataFrame({"text": ["late bus", "soup again"]}, index=["x", "y"])
    assert list(model.predict(None, posts).index) == ["x", "y"]
