"""From posts to rows: ids, a post that breaks the model, and a model that is sent elsewhere."""

import pickle
from copy import copy
from dataclasses import replace

import pytest
from unpolished import Scorer
from unpolished.data.errors import Reject
from unpolished.data.posts import Post, numbered
from unpolished.models.families.rules import Rules
from unpolished.models.fingerprint import program
from unpolished.models.isolate import rows_in_place
from unpolished.models.pipeline import Pipeline, reopened
from unpolished.models.runtime import Runtime
from unpolished.models.saved_model import ModelError, save_model

TEXT = "in love with this serum from @glow, use code MAYA10 #ad"


@pytest.fixture(scope="module")
def rules_folder(tiny_info, tiny_train, tmp_path_factory):
    """A saved model."""
    folder = tmp_path_factory.mktemp("saved") / "rules"
    model = Rules().fit(tiny_train)
    save_model(folder, model, tiny_info(model), "# card\n")
    return folder


@pytest.fixture
def pipeline(rules_folder):
    """The model, opened."""
    return Pipeline.load(rules_folder)


class _Fragile:
    """A model that fails on some texts."""

    def __init__(self, model, failing):
        self.model, self.failing = model, failing
        self.family = model.family

    def predict_proba(self, texts):
        """As the model would; NaN or an error where the text says so."""
        if any("poison" in text for text in texts):
            raise self.failing
        found = self.model.predict_proba(texts)
        found[["hollow" in text for text in texts]] = float("nan")
        return found


def test_rows_have_their_ids_in_order(pipeline):
    """A post's own, or one made of its number."""
    posts = [Post(id="b", text=TEXT), numbered(Post(text=TEXT), 7), numbered(Post(text=TEXT), 2)]
    assert [row.id for row in pipeline.score(posts)] == ["b", "row-7", "row-2"]
    assert pipeline.score([]) == []
    assert pipeline.score([], errors="raise") == []


def test_a_post_that_breaks_the_model_has_an_error_and_no_other_has(pipeline):
    """Found by halving, under its id, with the name of the error and nothing of the text."""
    fragile = replace(pipeline, model=_Fragile(pipeline.model, ArithmeticError("secret")))
    posts = [Post(id=str(i), text=f"late bus number {i} lol") for i in range(9)]
    posts[5] = numbered(Post(text="poison for the bus"), 6)
    rows = fragile.score(posts)
    assert rows[5].id == "row-6"
    assert rows[5].error == "model: the model failed on this post (ArithmeticError)"
    others = [post for post in posts if post is not posts[5]]
    assert [row for row in rows if row is not rows[5]] == pipeline.score(others)
    with pytest.raises(ArithmeticError, match="secret"):
        fragile.score(posts, errors="raise")


def test_a_probability_that_is_no_number_is_an_error(pipeline):
    """No row is published with it."""
    fragile = replace(pipeline, model=_Fragile(pipeline.model, None))
    fine, hollow = fragile.score([Post(text=TEXT), Post(id="h", text="a hollow day at sea")])
    assert fine.error is None
    assert (hollow.id, hollow.error) == ("h", "model: the model failed on this post (NaN)")


@pytest.mark.parametrize("error", [MemoryError, ImportError])
def test_what_is_no_fault_of_a_post_is_raised(pipeline, error):
    """It would fail for every post."""
    fragile = replace(pipeline, model=_Fragile(pipeline.model, error()))
    with pytest.raises(error):
        fragile.score([Post(text="poison for the bus")])


def test_a_prevalence_that_cannot_be_set_is_no_fault_of_a_post(pipeline):
    """It raises, also where errors are kept."""
    with pytest.raises(ValueError, match="axes: "):
        pipeline.score([Post(text=TEXT)], prevalence={"cause": 0.1})


def test_a_reject_has_its_row_in_its_place(pipeline):
    """With its code, under its own id or one made of its number."""
    empty = Reject(9, None, "text", "empty", "nothing", number=4)
    known = Reject(9, "x", "text", "type", "a number")
    rows = rows_in_place([empty, Post(id="p", text=TEXT), known], pipeline.score)
    assert [(row.id, row.error) for row in rows] == [
        ("row-4", "empty: nothing"),
        ("p", None),
        ("x", "type: a number"),
    ]


def test_it_scores_alike_elsewhere_and_is_opened_once(pipeline):
    """As what is taken apart and put together again by whatever sends it, with its scorer."""
    sent = copy(pipeline)
    assert sent is not pipeline
    assert sent is copy(pipeline)
    assert sent.score([Post(text=TEXT)]) == pipeline.score([Post(text=TEXT)])
    assert sent.runtime == pipeline.runtime
    scorer = pickle.loads(pickle.dumps(Scorer(pipeline)))  # noqa: S301  (made here)
    assert scorer.pipeline is sent


def test_a_shipped_model_goes_by_its_name(rules_folder):
    """It may lie in another folder there; one's own goes by its whole path, with how it is run."""
    assert Pipeline.load("linear").__reduce__()[1][0] == "linear"
    own = Pipeline.load(rules_folder, Runtime(threads=1)).__reduce__()
    assert own[1][:2] == (str(rules_folder), Runtime(threads=1))


def test_another_model_or_other_rules_are_found_out(pipeline):
    """Nothing is scored with them."""
    address, runtime, digest, made_of = pipeline.__reduce__()[1]
    assert made_of == dict(program())
    with pytest.raises(ModelError, match="the model was changed while it was in use"):
        reopened(address, runtime, "0", made_of)
    with pytest.raises(
        ModelError, match="another program: the table data/text/disclosure/terms_by_language/en"
    ):
        reopened(
            address,
            runtime,
            digest,
            made_of | {"data/text/disclosure/terms_by_language/en.toml": "0"},
        )


def test_a_model_in_no_folder_stays_where_it_is(pipeline):
    """There is nothing to find it by."""
    nowhere = replace(pipeline, folder=None)
    for sent in (nowhere, Scorer(nowhere)):
        with pytest.raises(TypeError, match=r"open it with Scorer\.load"):
            pickle.dumps(sent)
