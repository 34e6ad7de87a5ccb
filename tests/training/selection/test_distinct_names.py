"""A name says what a run's recipe has that others have not."""

from datetime import UTC, datetime

from unpolished.training.selection.distinct_names import run_names, shared_changes
from unpolished.training.tracking.runs import FinishedRun


def _run(run_id, recipe="linear", family=None, **params):
    return FinishedRun(
        run_id=run_id * 8, name=recipe, experiment="unpolished-public",
        started=datetime(2026, 1, 1, tzinfo=UTC),
        tags={"recipe": recipe, "family": family or recipe},
        params={"name": recipe, "family": family or recipe}
        | {name.replace("__", "."): value for name, value in params.items()},
        metrics={}, metrics_table=lambda: None,
    )  # fmt: skip


def test_what_differs_is_told_by_its_last_name():
    """What is the same in all is not."""
    runs = [
        _run("a", model__c="2.0", seed="0", model__ngrams__word_ngrams="2"),
        _run("b", model__c="0.2", seed="1", model__ngrams__word_ngrams="2"),
        _run("c", "rules", seed="0"),
    ]
    assert run_names(runs) == ["linear c=2.0 seed=0", "linear c=0.2 seed=1", "rules"]


def test_names_of_keys_that_are_not_their_own_are_told_whole():
    """Two parts of a recipe may have a key of the same name."""
    runs = [
        _run("a", model__style__weight="1", model__paid__weight="1"),
        _run("b", model__style__weight="2", model__paid__weight="3"),
    ]
    assert run_names(runs)[1] == "linear model.paid.weight=3 model.style.weight=2"


def test_runs_of_the_same_recipe_are_told_by_their_ids():
    """Twice the same, and families of one name that share no keys."""
    assert run_names([_run("a"), _run("b")]) == ["linear aaaaaaaa", "linear bbbbbbbb"]
    mine = [_run("a", "mine", "rules"), _run("b", "mine", "linear", model__c="2")]
    assert run_names(mine) == ["mine aaaaaaaa", "mine bbbbbbbb"]


def test_runs_on_other_data_are_told_by_it():
    """By the path of a file of one's own, which may have the name of another."""
    first, second = _run("a", seed="0"), _run("b", seed="0")
    first.tags.update({"data.name": "my", "data.path": "a/my.csv"})
    second.tags.update({"data.name": "my", "data.path": "b/my.csv"})
    assert run_names([first, second]) == ["linear data=a/my.csv", "linear data=b/my.csv"]
    public = _run("c", seed="0")
    public.tags["data.name"] = "public"
    assert run_names([first, public])[1] == "linear data=public"


def test_a_setting_that_a_recipe_did_not_have_is_none():
    """Recipes of earlier versions had fewer keys."""
    assert run_names([_run("a", seed="0"), _run("b")]) == ["linear seed=0", "linear seed=none"]


def _named(run, changes):
    run.tags["recipe.changes"] = changes
    return run


def test_what_is_as_shipped_goes_without_saying():
    """As in the names of the runs themselves."""
    runs = [
        _named(_run("a", model__c="2.0", model__ngrams__char_ngrams="5", seed="0"), "none"),
        _named(_run("b", model__c="0.2", model__ngrams__char_ngrams="5", seed="1"), "c=0.2 seed=1"),
        _named(_run("c", model__c="2.0", model__ngrams__char_ngrams="3", seed="0"),
               "ngrams.char_ngrams=3"),
    ]  # fmt: skip
    assert run_names(runs) == ["linear", "linear c=0.2 seed=1", "linear char_ngrams=3"]
    assert run_names(runs[1:]) == ["linear c=0.2 seed=1", "linear char_ngrams=3"]


def test_what_was_shipped_with_two_values_is_told():
    """In one version and in a later one; or by a run that does not say what it changed."""
    runs = [
        _named(_run("a", model__c="2.0"), "none"),
        _named(_run("b", model__c="1.0"), "none"),
        _named(_run("c", model__c="0.2"), "c=0.2"),
    ]
    assert run_names(runs) == ["linear c=2.0", "linear c=1.0", "linear c=0.2"]
    assert run_names([_run("a", model__c="2.0"), runs[1]]) == ["linear c=2.0", "linear"]


def test_what_all_runs_of_a_recipe_change_is_told_apart_from_their_names():
    """So that nobody takes a brief fit for the shipped recipe; values may have spaces in them."""
    runs = [
        _named(_run("a", model__c="2.0", seed="1"), "seed=1 sources=[1, 2]"),
        _named(_run("b", model__c="0.2", seed="1"), "c=0.2 seed=1 sources=[1, 2]"),
        _named(_run("c", "encoder", model__epochs="1"), "epochs=1"),
        _named(_run("d", "rules"), "none"),
        _run("e", "embed"),
    ]
    assert run_names(runs) == ["linear", "linear c=0.2", "encoder", "rules", "embed"]
    assert shared_changes(runs) == "linear seed=1 sources=[1, 2]; encoder epochs=1"
    assert shared_changes(runs[3:]) == ""
