"""What an author's other posts tell: ``python benchmarks/studies/author_stage.py [recipe ...]``.

Promotion of a third party's product against that of one's own, out of fold; gold is not looked at.
The first recipe is the one that the shipped stage is fitted on, ``linear`` unless another is given;
on the scores of any other, the stage is fitted on theirs and, once more, on those of the first.
"""

import sys
from functools import partial

import numpy as np
import pandas as pd
from page import Stretch
from unpolished.data.text.disclosure.find import find_terms
from unpolished.data.text.mentioned import mentioned
from unpolished.data.text.signals.find import find_signals
from unpolished.models.author_context import FEATURES, KnownPost, recurring
from unpolished.models.author_stage import PROMOTES, THRESHOLD
from unpolished.training.author_stage import context_table
from unpolished.training.evaluation.bootstrap import auc_draws, group_weights, interval
from unpolished.training.evaluation.in_context import (
    ALONE,
    crossfit_stage,
    is_third_party,
    metrics_table,
    promoting,
    within_author_auc,
)
from unpolished.training.evaluation.metrics import within_source_auc
from unpolished.training.recipe import read_recipe
from unpolished.training.reports.metric_names import with_interval

SPLITS = ("train", "further")


def main(names: list[str]) -> None:
    """Print and keep the tables."""
    tables = {name: context_table(read_recipe(name), _steps)[0] for name in names}
    first = tables[names[0]]
    figures(Stretch("author-stage"), first, names[0])
    parts(Stretch("author-stage-features"), first)
    standing(Stretch("author-stage-names"), first)
    if len(names) > 1:
        others(Stretch("author-stage-recipes"), tables)


def figures(page: Stretch, table: pd.DataFrame, name: str) -> None:
    """Before and after, by split, source, and number of known posts."""
    page.add(f"| {name} | posts | authors | AUC alone | beside others | gain | told right alone "
             "| beside others |", "|---|---|---|---|---|---|---|---|")  # fmt: skip
    for row in pd.concat([metrics_table(table, split) for split in SPLITS]).to_dict("records"):
        gain = with_interval(row["gain"], row["gain_low"], row["gain_high"], form="{:+.3f}")
        page.add(
            f"| {row['split']}, {row['slice']} | {row['posts']:,} | {row['authors']:,} "
            f"| {row['auc_before']:.3f} | {row['auc_after']:.3f} | {gain} "
            f"| {row['right_before']:.0%} | {row['right_after']:.0%} |"
        )
    for split in SPLITS:
        part = promoting(table[table["split"] == split])
        truth, source = is_third_party(part), part["source"].to_numpy(np.str_)
        paid, left_out = (
            within_source_auc(truth, part[column].to_numpy(np.float64), source)
            for column in ("p_paid", "stage_source_left_out")
        )
        (before, both), (after, _) = (within_author_auc(part, s) for s in (ALONE[0], "stage"))
        page.add(
            "",
            f"{split}: `p_paid` alone {paid:.3f}; the stage fitted without the source "
            f"{left_out:.3f}; over pairs of posts of one author ({both} authors have such pairs) "
            f"{before:.3f} alone, {after:.3f} beside others.",
        )
        page.add("", _against_the_others(part))
    page.add("", *_as_vet_says(table))


def _against_the_others(part: pd.DataFrame) -> str:
    """What the others do to posts that are unlike them."""
    truth, lean = is_third_party(part), part["others_third_party_to_own"].to_numpy()
    told = []
    for whose, unlike in (
        ("a third party's, by authors whose other posts read more as own", truth & (lean < 0)),
        ("own, by authors whose other posts read more as a third party's", ~truth & (lean > 0)),
    ):
        right = [
            ((part[column] >= THRESHOLD).to_numpy() == truth)[unlike].mean()
            for column in ("alone", "stage")
        ]
        told.append(
            f"{int(unlike.sum())} posts voted {whose}: {right[0]:.0%} told right alone, "
            f"{right[1]:.0%} beside others"
        )
    return f"{'; '.join(told)}."


def _as_vet_says(table: pd.DataFrame) -> list[str]:
    """Labels before and after, of the fair sample, those that promote nothing included."""
    part = table[(table["split"] == "train") & (table["known_posts"] >= 5) & (table["kind"] >= 0)]
    sure = part["promotion"].isin(["self", "third_party"])
    told = part[sure | ((part["promotion"] == "unsure")
                        & (part["p_paid"] + part["p_self"] >= PROMOTES))]  # fmt: skip
    lines = ["| train, label of the post alone | voted none | voted self | voted third party "
             "| right alone | right beside others |", "|---|---|---|---|---|---|"]  # fmt: skip
    for label, posts in told.groupby("promotion"):
        votes = [int((posts["kind"] == kind).sum()) for kind in range(3)]
        meant = posts["kind"].map({1: "self", 2: "third_party"})
        after = np.where(posts["stage"] >= THRESHOLD, "third_party", "self")
        right = [int((said == meant).sum()) for said in (posts["promotion"], after)]
        lines.append(
            f"| {label} | {votes[0]} | {votes[1]} | {votes[2]} | {right[0]} | {right[1]} |"
        )
    return lines


def parts(page: Stretch, table: pd.DataFrame) -> None:
    """The stage with fewer features."""
    page.add("| features | " + " | ".join(SPLITS) + " |", "|---|" + "---|" * len(SPLITS))
    sets = {"all five": FEATURES, "the post alone": ALONE}
    sets |= {f"without `{name}`": tuple(f for f in FEATURES if f != name) for name in FEATURES[1:]}
    for name, columns in sets.items():
        scored = table.assign(tried=crossfit_stage(table, columns))
        cells = [_difference(scored, split, "tried", "stage") for split in SPLITS]
        page.add(f"| {name} | " + " | ".join(cells) + " |")


def standing(page: Stretch, table: pd.DataFrame) -> None:
    """How posts were voted, by how often what they name comes in the author's posts."""
    known = promoting(table[table["split"].isin(SPLITS)])
    said = _standings(table).loc[known.index]
    page.add("| the post names | posts | authors | voted third party | said alone "
             "| said beside others |", "|---|---|---|---|---|---|")  # fmt: skip
    for name in said.columns:
        part = known[said[name]]
        if len(part):
            page.add(
                f"| {name} | {len(part):,} | {part['author'].nunique():,} "
                f"| {is_third_party(part).mean():.0%} | {part['alone'].mean():.0%} "
                f"| {part['stage'].mean():.0%} |"
            )


def _standings(table: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for _, posts in table.groupby("author"):
        read = [
            mentioned(text, name, find_signals(find_terms(text), name))
            for text, name in zip(posts["text"], posts["name"], strict=True)
        ]
        found = recurring([KnownPost(one, 0.0, 0.0) for one in read])
        for index, names in zip(posts.index, found, strict=True):
            others = [one for one in names if one.standing != "own_name"]
            share = max(((one.posts - 1) / (one.of - 1) for one in others), default=-1)
            rows.append(
                {
                    "index": index,
                    "its author": len(others) < len(names),
                    "nobody else": share == -1,
                    "somebody whom no other post names": share == 0,
                    "somebody whom less than a tenth of the others name": 0 < share < 0.1,
                    "somebody whom a tenth to half of the others name": 0.1 <= share < 0.5,
                    "somebody whom half of the others or more name": share >= 0.5,
                    "somebody once, with a code": any(
                        one.standing == "once_with_code" for one in others
                    ),
                }
            )
    return pd.DataFrame(rows).set_index("index")


def others(page: Stretch, tables: dict[str, pd.DataFrame]) -> None:
    """The scores of other models: a stage of their own, and that of the first."""
    (first, given), *rest = tables.items()
    page.add(
        "| scores of | split | AUC alone | stage fitted on these scores "
        f"| stage fitted on those of {first} | told right alone | told right by the latter |",
        "|---|---|---|---|---|---|---|",
    )
    for name, table in [(first, given), *rest]:
        moved = table.assign(moved=_fitted_elsewhere(given, table))
        for split in SPLITS:
            part = promoting(moved[moved["split"] == split])
            truth, source = is_third_party(part), part["source"].to_numpy(np.str_)
            auc = partial(within_source_auc, truth, source=source)
            right = [
                ((part[c] >= THRESHOLD).to_numpy() == truth).mean() for c in ("alone", "moved")
            ]
            page.add(
                f"| {name} | {split} | {auc(score=part[ALONE[0]].to_numpy(float)):.3f} "
                f"| {auc(score=part['stage'].to_numpy(float)):.3f} "
                f"| {_difference(moved, split, 'moved', ALONE[0])} "
                f"| {right[0]:.0%} | {right[1]:.0%} |"
            )


def _fitted_elsewhere(given: pd.DataFrame, table: pd.DataFrame) -> np.ndarray:
    """The stage of the scores of one table on those of another, fold by fold."""
    both = pd.concat([given.assign(here=False), table.assign(here=True)], ignore_index=True)
    found = np.full(len(table), np.nan)
    for fold in table["fold"].unique():
        # Those that are scored have a fold of their own, so that nothing of theirs is fitted on.
        of_fold = both["fold"] == fold
        part = both[(~both["here"] & ~of_fold) | (both["here"] & of_fold)]
        scored = crossfit_stage(part.assign(fold=part["here"].astype(int)), FEATURES)
        found[(table["fold"] == fold).to_numpy()] = scored[part["here"].to_numpy()]
    return found


def _difference(table: pd.DataFrame, split: str, score: str, beside: str) -> str:
    part = promoting(table[table["split"] == split])
    truth, source = is_third_party(part), part["source"].to_numpy(np.str_)
    weights = group_weights(part["group"].to_numpy(np.str_))
    scores = [part[column].to_numpy(np.float64) for column in (score, beside)]
    value, before = (within_source_auc(truth, one, source) for one in scores)
    draws = [auc_draws(truth, one, source, weights) for one in scores]
    change = value - before
    shown = with_interval(change, *interval(draws[0] - draws[1], change), form="{:+.3f}")
    return f"{value:.3f} ({shown})"


def _steps(steps, name, total):  # noqa: ANN001, ANN202
    for step in steps:
        print(f"{name}: {step + 1} of {total}", flush=True)
        yield step


if __name__ == "__main__":
    main(sys.argv[1:] or ["linear"])
