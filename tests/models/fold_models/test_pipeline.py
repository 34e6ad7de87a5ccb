"""Which model scores which post."""

import pickle

import pytest
from unpolished.data.posts import Post
from unpolished.inference.options import Options
from unpolished.inference.row_scorer import RowScorer
from unpolished.models.fold_models.pipeline import FoldPipeline
from unpolished.models.pipeline import Pipeline
from unpolished.models.runtime import Runtime
from unpolished.models.saved_model import ModelError

NEW = "lovely light over the harbour this morning"


@pytest.fixture(scope="module")
def pipeline(run_folder):
    """The small run's."""
    return FoldPipeline.open(run_folder / "folds", run_folder / "model")


@pytest.fixture(scope="module")
def alone(run_folder):
    """Each fold's model opened by itself, and the run's own under None."""
    names = {0: "fold-0", 1: "fold-1", 2: "fold-2", -1: "no-fold"}
    folds = {fold: Pipeline.load(run_folder / "folds" / name) for fold, name in names.items()}
    return folds | {None: Pipeline.load(run_folder / "model")}


def _posts(folded):
    return [Post(id=f"p{i}", text=text) for i, text in enumerate(folded.texts)]


@pytest.mark.parametrize("reasons", ["none", "flagged", "all"])
def test_a_seen_post_has_the_row_of_the_model_that_has_not_seen_it(
    pipeline, alone, folded, reasons
):
    """To the bit, its reasons too; and these are others than the run's own model gives."""
    posts = _posts(folded)
    rows = pipeline.score(posts, reasons=reasons)
    whole = alone[None].score(posts, reasons=reasons)
    expected = {}
    for fold in (0, 1, 2, -1):
        some = [post for post, of in zip(posts, folded.folds, strict=True) if of == fold]
        expected |= {row.id: row for row in alone[fold].score(some, reasons=reasons)}
    assert rows == [expected[post.id] for post in posts]
    # Calibration makes a few of them equal.
    for fold in (0, 1, 2, -1):
        of_fold = [i for i, of in enumerate(folded.folds) if of == fold]
        assert any(rows[i].p_polished != whole[i].p_polished for i in of_fold)
    if reasons == "all":
        assert all(row.reasons for row in rows)


def test_a_new_post_has_the_row_of_the_runs_own_model(pipeline, alone):
    """To the bit; but not one by an author that the run has seen."""
    new, known = Post(text=NEW, author="somebody"), Post(text=NEW, author="@Author-4")
    assert pipeline.score([new, known]) == [
        alone[None].score([new])[0], alone[1].score([known])[0]
    ]  # fmt: skip
    assert [row.model.name for row in pipeline.score([new, known])] == [
        "tiny-linear", "tiny-linear-fold-1",
    ]  # fmt: skip
    assert pipeline.score([]) == []


def test_one_text_by_two_authors_is_scored_by_two_models(pipeline):
    """A row that is remembered is not given to the other."""
    scorer = RowScorer(pipeline, Options())
    posts = [Post(text=NEW, author=name) for name in ("author-4", "new", "author-5", "author-4")]
    assert [row.model.name for row in scorer.rows(posts)] == [
        "tiny-linear-fold-1", "tiny-linear", "tiny-linear-fold-2", "tiny-linear-fold-1",
    ]  # fmt: skip
    assert [row.model.name for row in scorer.rows(posts[1:2])] == ["tiny-linear"]


def test_a_post_is_known_by_the_view_that_is_scored(pipeline, folded):
    """Masked as for training: links, repairs and disclosures make no new post."""
    place = next(i for i, text in enumerate(folded.texts) if "<url>" in text)
    text = folded.texts[place].replace("<url>", "https://a.example/b?c=d") + " #ad"
    assert pipeline.fold_of(Post(text=text)) == folded.folds[place]


def test_a_post_that_breaks_a_model_costs_no_other(pipeline, monkeypatch):
    """As in any pipeline."""

    def failing(texts):
        raise RuntimeError

    monkeypatch.setattr(pipeline.folds[1].model, "predict_proba", failing)
    rows = pipeline.score([Post(text=NEW), Post(text=NEW, author="author-4")])
    assert [row.error is None for row in rows] == [True, False]


def test_its_digest_is_of_all_models(pipeline, alone):
    """And of the table."""
    assert pipeline.digest != alone[None].digest
    again = FoldPipeline(pipeline.model, pipeline.info, folds=pipeline.folds)
    assert again.digest not in (pipeline.digest, alone[None].digest)


def test_it_goes_to_no_other_process(pipeline):
    """There, the run's own model would score all."""
    with pytest.raises(TypeError, match="fold models stay in their process"):
        pickle.dumps(pipeline)


def test_settings_are_those_of_all_models(run_folder):
    """A runtime that the family cannot have is refused."""
    with pytest.raises(ValueError, match="has no network"):
        FoldPipeline.open(run_folder / "folds", run_folder / "model", Runtime(batch_size=4))


@pytest.mark.parametrize("address", ["nothing", "runs:/abc", "models:/a/1", "0" * 31])
def test_what_is_neither_a_run_nor_a_folder(address):
    """What to give."""
    with pytest.raises(ModelError, match="neither the id of a run"):
        FoldPipeline.open(address)


def test_a_folder_goes_with_the_model_that_is_shipped_unless_another_is_named(run_folder):
    """Which is of another run here."""
    with pytest.raises(ModelError, match="open that run's own model"):
        FoldPipeline.open(run_folder / "folds", "linear")
