"""A champion is moved on evidence only, in a real registry, and back."""

from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from unpolished.training.selection.aliases import (
    CHALLENGER,
    CHAMPION,
    REGISTERED,
    alias,
    challenge,
    champion_name,
)
from unpolished.training.selection.compare import ComparisonError
from unpolished.training.selection.promote import champion_run, promote, rollback
from unpolished.training.selection.promotion_evidence import PromotionError
from unpolished.training.splits import data_name
from unpolished.training.tracking import records as r
from unpolished.training.tracking import runs as tracking
from unpolished.training.train import registered_name

from ..run_times import set_start

AXES = ("polished", "paid", "performative", "committed", "self")


def _scored(oof, skill, seed=0, axes=AXES):
    """The invented table with scores that know more or less of the truth."""
    rng = np.random.default_rng(seed)
    table = oof.copy()
    truths = {
        "polished": table["style"], "paid": table["paid"],
        "performative": (table["cause"] == 1).astype(float),
        "committed": (table["cause"] == 2).astype(float),
        "self": (table["kind"] == 1).astype(float),
    }  # fmt: skip
    for axis in axes:
        pull = skill * (truths[axis].fillna(0.5) - 0.5)
        score = 1 / (1 + np.exp(-pull - rng.normal(0, 1, len(table))))
        table[f"p_{axis}"] = (score / 2).astype(np.float32)
    return table


@pytest.fixture
def run_with(store, facts, info, fitted, saved):
    """Track a run, but for metrics and plots, which take seconds and decide nothing."""
    info = saved(store / "saved", info, fitted)
    starts = count(1)

    def track(table, recipe="linear", data="public"):
        training = info.training.model_copy(update={"name": data})
        of = info.model_copy(update={"training": training, "name": registered_name(recipe, data)})
        with tracking.started_run(f"unpolished-{data}", recipe) as run:
            named = replace(facts, recipe=facts.recipe | {"name": recipe})
            made = r.records(replace(named, info=of, folder=store / "saved", table=table))
            run.log(record for record in made if not isinstance(record, r.Metric | r.Figure))
        set_start(run.run_id, next(starts))
        return run.run_id

    return track


def test_promotion_and_rollback(run_with, oof):
    """The first run, then a better one, not a worse one, not the same again; and back."""
    from unpolished.training.tracking.mlflow_store import client

    weak = run_with(_scored(oof, 1.0))
    assert "the first champion" in promote(weak).reason
    strong = run_with(_scored(oof, 6.0))
    moved = promote()
    assert moved.run_id == strong == champion_run().run_id
    assert "better and nowhere worse" in moved.reason
    version = client().get_model_version_by_alias(REGISTERED, CHAMPION)
    assert version.tags["promotion.reason"] == moved.reason
    assert version.description.startswith("Of run `linear` ")
    assert version.description.endswith(f"\n\nPromoted: {moved.reason}")
    assert "paid +0." in moved.reason
    with pytest.raises(PromotionError, match="champion already"):
        promote(strong)
    with pytest.raises(PromotionError, match="not promoted, worse on style"):
        promote(weak)
    assert rollback().run_id == weak == champion_run().run_id
    assert rollback().run_id == strong


def test_a_challenger_is_decided_on(run_with, oof):
    """Promoted or found worse it is none any more; where chance may have its part, it stays."""
    first = run_with(_scored(oof, 3.0))
    challenge(first, "public")
    promote(first)
    assert alias(REGISTERED, CHALLENGER) is None
    even = run_with(_scored(oof, 3.0, seed=1))
    challenge(even, "public")
    with pytest.raises(PromotionError, match="better on no axis beyond chance"):
        promote(even)
    assert alias(REGISTERED, CHALLENGER).run_id == even
    weak = run_with(_scored(oof, 0.5))
    challenge(weak, "public")
    with pytest.raises(PromotionError, match="worse on"):
        promote(weak)
    assert alias(REGISTERED, CHALLENGER) is None
    assert champion_run().run_id == first


def test_chance_is_no_reason(run_with, oof):
    """As good, on other noise."""
    promote(run_with(_scored(oof, 3.0)))
    with pytest.raises(PromotionError, match="better on no axis beyond chance"):
        promote(run_with(_scored(oof, 3.0, seed=1)))


def test_better_on_one_and_worse_on_another_stays_out(run_with, oof):
    """No axis is traded for another."""
    promote(run_with(_scored(oof, 3.0)))
    mixed = _scored(oof, 9.0, axes=("polished",))
    mixed = _scored(mixed, 0.0, axes=("paid",))
    with pytest.raises(PromotionError, match="worse on"):
        promote(run_with(mixed))


def test_other_folds_or_posts_are_refused(run_with, store, facts, info, fitted, oof):
    """Two numbers that cannot be compared are not."""
    promote(run_with(_scored(oof, 1.0)))
    relabelled = _scored(oof, 6.0)
    relabelled["paid"] = 1 - relabelled["paid"]
    with pytest.raises(ComparisonError, match="evaluation"):
        promote(run_with(relabelled))


def test_a_champion_of_four_columns_is_not_asked_for_a_fifth(run_with, oof, monkeypatch):
    """An earlier run has neither kinds nor their scores; no other model may lose what one tells."""
    later = [name for name in oof if name in ("kind", "kind_contested") or name.endswith("_self")]
    with monkeypatch.context() as earlier:
        stored = tuple(name for name in r.PREDICTION_COLUMNS if name not in later)
        earlier.setattr(r, "PREDICTION_COLUMNS", stored)
        promote(run_with(_scored(oof, 1.0)))
    moved = promote(run_with(_scored(oof, 6.0)))
    assert "paid +0." in moved.reason
    assert "self" not in moved.reason.replace("paid_against_self", "")
    with pytest.raises(PromotionError, match="no score of self"):
        promote(run_with(_scored(oof, 9.0).assign(p_self=np.float32("nan"))))


def test_no_champion_is_worse_than_the_light_model(run_with, oof):
    """Not even the first: in the same source, and with it left out."""
    good = _scored(oof, 6.0)
    good.loc[good["source"] == "blogs", [c for c in good if c.startswith("loso_")]] = np.nan
    with pytest.raises(PromotionError, match="no run of linear on the same posts"):
        promote(run_with(good, "stack"))
    light = _scored(oof, 3.0)
    run_with(light.assign(loso_paid=light["p_paid"]))
    with pytest.raises(PromotionError, match=r"worse than the light model.*: paid -"):
        promote(run_with(_scored(oof, 0.0), "stack"))
    left_out = good.assign(loso_paid=_scored(oof, 0.0)["p_paid"])
    with pytest.raises(PromotionError, match="paid with the source left out -"):
        promote(run_with(left_out, "stack"))
    no_source = good.assign(**{c: np.float32("nan") for c in good if c.startswith("loso_")})
    with pytest.raises(PromotionError, match="left no source out"):
        promote(run_with(no_source, "stack"))
    assert promote(run_with(good.assign(loso_paid=good["p_paid"]), "stack")).version == "1"


def _own(table):
    """As of a file: no gold, no source left out."""
    own = table.assign(split="train", source="mine")
    return own.assign(**{c: np.float32("nan") for c in own if c.startswith("loso_")})


def test_own_posts_have_a_champion_of_their_own(run_with, oof):
    """Judged on their own folds, whatever the champion of the public data is; and back."""
    public = run_with(_scored(oof, 9.0))
    promote(public)
    weak = run_with(_own(_scored(oof, 1.0)), data="mine")
    first = promote()
    assert (first.run_id, first.registered) == (weak, "unpolished-own_mine")
    strong = run_with(_own(_scored(oof, 6.0)), "embed", data="mine")
    moved = promote(strong[:9])
    assert moved.run_id == strong == champion_run("mine").run_id
    assert f"out of fold on {len(oof)} posts of mine" in moved.reason
    with pytest.raises(PromotionError, match="worse on"):
        promote(weak)
    assert rollback("mine").run_id == weak == champion_run("mine").run_id
    assert champion_run().run_id == public
    with pytest.raises(PromotionError, match="unpolished has no earlier champion"):
        rollback()


def test_where_posts_were_added_the_champions_recipe_stands_in(run_with, oof):
    """It has to be trained on the same posts first, which the error says."""
    promote(run_with(_own(_scored(oof, 3.0)), data="mine"))
    fewer = oof.iloc[:-8]
    better = run_with(_own(_scored(fewer, 9.0)), "embed", data="mine")
    with pytest.raises(ComparisonError, match="Train them again on the same data"):
        promote(better)
    again = run_with(_own(_scored(fewer, 3.0)), data="mine")
    moved = promote(better)
    assert moved.run_id == better
    assert f"against linear {again[:8]} (for the champion" in moved.reason


def test_a_smoke_test_is_no_champion(run_with, oof):
    """The shipped corpus says nothing of any posts."""
    run = run_with(_own(_scored(oof, 9.0)), data="corpus")
    with pytest.raises(PromotionError, match="smoke test"):
        promote(run)
    with pytest.raises(PromotionError, match="no completed run on the public data or on your own"):
        promote()


def test_champions_of_a_file_are_never_those_of_public_data():
    """Whatever the file is called; nor are they a recipe's models."""
    for name in ("public", "corpus", "linear", "Public!", "???"):
        own = champion_name(data_name(Path(f"{name}.csv")))
        assert own not in {REGISTERED, registered_name("linear", "public")}
        assert own != registered_name("own", name)


def test_nothing_to_promote_or_to_go_back_to(store):
    """Said in one line."""
    with pytest.raises(PromotionError, match="no completed run"):
        promote()
    with pytest.raises(PromotionError, match="no earlier champion"):
        rollback()
