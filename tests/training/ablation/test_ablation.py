"""Ablations: a list is read strictly, a line changes one thing, and a table is kept."""

import numpy as np
import pandas as pd
import pytest
from unpolished.training import held_out
from unpolished.training.ablation import run as ablation_run
from unpolished.training.ablation.altered import altered
from unpolished.training.ablation.options import SHIPPED, ablations
from unpolished.training.ablation.run import ablate
from unpolished.training.ablation.table import long_table, markdown
from unpolished.training.held_out import Posts
from unpolished.training.recipe import RecipeError, read_recipe
from unpolished.training.shipped_recipes import shipped_recipes
from unpolished.training.splits import SplitsReader
from unpolished.training.tracking.runs import finished_runs, load_table

from ..small_posts import RECIPE, write_posts

LIST = """
[[ablation]]
group = "features"
name = "no cues"
set = { model.ngrams.cue_weight = 0.0 }
[[ablation]]
group = "labels"
name = "half | of them"
label_share = 0.5
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A recipe, a file of posts, and what reads it."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "small.toml").write_text(RECIPE)
    (folder / "list.toml").write_text(LIST)
    path = write_posts(folder / "own.jsonl")
    return read_recipe(folder / "small.toml"), path, SplitsReader(path), folder / "list.toml"


@pytest.mark.parametrize("name", shipped_recipes())
@pytest.mark.parametrize("data", ["public", "corpus", "mine"])
def test_shipped_ablations_can_be_made_of_every_shipped_recipe(name, data):
    """Each with a name of its own, and what only public data has for it alone."""
    found = ablations(read_recipe(name), data)
    names = [ablation.name for ablation in found]
    assert len(set(names)) == len(names)
    assert ("no further posts" in names) == (data == "public")
    assert {"masking", "labels", "sources"} <= {ablation.group for ablation in found}


def test_lists_are_those_of_families():
    """And one for all; a list that no recipe reads would never be seen to be wrong."""
    families = {read_recipe(name).family for name in shipped_recipes()}
    assert {path.stem for path in SHIPPED.glob("*.toml")} <= families | {"all"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has entries"),
        ("[[ablations]]\nname = 'x'", "has entries"),
        ("[[ablation]\n", "not valid TOML"),
        ("[[ablation]]\nname = 'x'\ngroup = 'y'", "ablation 1.*nothing is taken away"),
        (
            "[[ablation]]\nname = 'x'\ngroup = 'y'\nlabel_share = 1.5",
            "ablation 1, field label_share",
        ),
        ("[[ablation]]\nname = 'x'\ngroup = 'y'\nhide = ['words']", "ablation 1, field hide"),
        ("[[ablation]]\nname = 'x'\ngroup = 'y'\nset = { model.cc = 1 }", r"field set: model\.cc"),
        ("[[ablation]]\nname = 'x'\ngroup = 'y'\nunset = ['model']", "field set: model"),
        ("[[ablation]]\nname = 'x'\nlabel_share = 0.5", "ablation 1, field group"),
        ("[[ablation]]\nname = 'x'\ngroup = 'y'\nlabel_part = 0.5", "field label_part"),
    ],
)
def test_a_faulty_list_names_file_entry_and_key(small, tmp_path, text, message):
    """Before anything is fitted."""
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(RecipeError, match=message) as error:
        ablations(small[0], "mine", path)
    assert "mine.toml" in str(error.value)


def _altered(small, **takes):
    recipe, _, reader, _ = small
    from unpolished.training.ablation.options import Ablation

    ablation = Ablation(name="x", group="y", **takes)
    return Posts.of(reader.read(recipe)), *altered(ablation, recipe, reader)


def test_a_share_of_the_labels_is_a_share_of_the_groups(small):
    """Whole groups; all posts are judged all the same."""
    whole, _, fewer, counted = _altered(small, label_share=0.5)
    groups, kept = np.unique(whole.fitted.groups), np.unique(fewer.fitted.groups)
    assert len(kept) == round(0.5 * len(groups))
    assert len(fewer.fitted) == np.isin(whole.fitted.groups, kept).sum()
    assert len(fewer.judged) == len(whole.judged)
    assert counted.all()


def test_a_source_is_not_fitted_on_and_the_others_are_judged(small):
    """There is but one here: a name that no post has is an error."""
    source = str(_altered(small, label_share=0.5)[0].judged.sources[0])
    _, _, fewer, counted = _altered(small, without_source=source)
    assert len(fewer.fitted) == 0
    assert not counted.any()
    with pytest.raises(ValueError, match="no post is of that source"):
        _altered(small, without_source="nowhere")


def test_texts_as_posted_are_not_masked_and_hidden_marks_are_gone(small):
    """In what is fitted on and in what is scored; labels, folds and groups stay."""
    whole, _, posted, _ = _altered(small, texts="as posted")
    assert any("#ad" in text.lower() for text in posted.judged.texts)
    assert not any("#ad" in text.lower().split() for text in whole.judged.texts)
    marks = {"links": "<url>", "handles": "@user1", "codes": "<code>"}
    for name, mark in marks.items():
        whole, _, hidden, _ = _altered(small, hide=[name])
        assert any(mark in text for text in whole.judged.texts)
        for part in (hidden.judged, hidden.fitted):
            assert not any(mark in text for text in (*part.texts, *part.with_author))
        np.testing.assert_array_equal(hidden.judged.folds, whole.judged.folds)
        np.testing.assert_array_equal(hidden.judged.paid, whole.judged.paid)
    _, _, hidden, _ = _altered(small, hide=["author"])
    assert hidden.fitted.with_author == hidden.fitted.texts


def test_a_second_table_is_the_same_and_nothing_is_fitted_for_it(small, store, monkeypatch):
    """Nor for what a call that was stopped had done."""
    monkeypatch.setenv("UNPOLISHED_CACHE", str(store / "cache"))
    recipe, path, _, listed = small
    new, fits = held_out.new_model, []

    def counted(*given):
        fits.append(1)
        if len(fits) == 8:
            raise KeyboardInterrupt
        return new(*given)

    monkeypatch.setattr(held_out, "new_model", counted)
    with pytest.raises(KeyboardInterrupt):
        ablate(recipe, path, listed=listed)
    assert not finished_runs(completed_only=False)
    first = ablate(recipe, path, listed=listed)
    # One of the fits was never made.
    assert len(fits) == 15 + 1
    again = ablate(recipe, path, listed=listed)
    assert len(fits) == 15 + 1
    pd.testing.assert_frame_equal(long_table(again), long_table(first), check_exact=True)
    assert markdown(again) == markdown(first)
    tracked = load_table(first.run_id, "ablations.parquet")
    pd.testing.assert_frame_equal(tracked, long_table(first), check_exact=True)

    # A label more or less is other data: all is fitted anew.
    lines = path.read_text("utf-8").splitlines(keepends=True)
    fewer = path.with_name("fewer.jsonl")
    fewer.write_text("".join(lines[:-1]), "utf-8")
    ablate(recipe, fewer, listed=listed, only=["no cues"])
    assert len(fits) > 16 + 5


def test_a_table_says_what_each_line_changes(small, store, monkeypatch):
    """The whole first; an ablation that changes nothing changes no AUC."""
    monkeypatch.setenv("UNPOLISHED_CACHE", str(store / "cache"))
    recipe, path, _, _ = small
    listed = store / "list.toml"
    listed.write_text(LIST + '[[ablation]]\ngroup = "none"\nname = "nothing"\n'
                      "set = { model.c = 2.0 }\n")  # fmt: skip
    done = ablate(recipe, path, listed=listed, only=["labels", "nothing"])
    assert [line.name for line in done.lines] == ["half | of them", "nothing"]
    assert {change.value for change in done.lines[1].changes.values()} == {0.0}
    half = done.lines[0]
    assert half.fitted < done.fitted
    assert half.judged == done.judged
    head, _, whole, first, second = markdown(done).splitlines()
    assert whole.startswith("| the whole recipe |")
    assert first.startswith("| labels: half \\| of them |")
    assert {line.replace("\\|", "").count("|") for line in (head, whole, first, second)} == {
        head.count("|")
    }
    table = long_table(done)
    mean = table[(table["ablation"] == "the whole recipe") & (table["axis"] == "mean")]
    assert mean["value"].item() == done.whole["mean"].value
    with pytest.raises(ValueError, match="no such ablation: cues; there are features, no cues"):
        ablate(recipe, path, listed=listed, only=["cues"])


def test_no_ablation_is_a_run_of_a_model():
    """Whatever chooses among runs looks elsewhere."""
    assert not ablation_run.EXPERIMENT.startswith("unpolished-")
