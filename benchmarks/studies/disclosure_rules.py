"""What disclosure rules find: ``python benchmarks/studies/disclosure_rules.py [--before FOLDER]``.

Terms found on the posts of ``train.csv`` and ``further.csv`` by vote and jurisdiction, and beside
them what another checkout's rules find (``--before``). With ``--doubt``: what the model says of the
posts that the rules call clear, from five fits of a recipe, out of fold; the bound below which a
clear disclosure is doubted (``DOUBTED_BELOW`` in ``models.decision.thresholds``) was chosen there,
on ``train.csv``.
``--gold`` counts on ``gold-dev.csv`` alone, prints and writes nothing: once, at the end.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from page import Stretch
from unpolished.data.cache import cache_folder
from unpolished.data.dataset.build import build
from unpolished.data.text.disclosure.find import find_disclosures
from unpolished.data.text.language.detect import detect_languages
from unpolished.data.text.masking import mask
from unpolished.data.values.jurisdictions import JURISDICTIONS
from unpolished.inference.scorer import Scorer
from unpolished.models.decision.thresholds import ALPHA, BETA, DOUBTED_BELOW
from unpolished.models.rows import MIN_WORDS
from unpolished.training.build_model import new_model
from unpolished.training.evaluation.crossfit import crossfit
from unpolished.training.recipe import read_recipe
from unpolished.training.splits import read_splits

# Jurisdictions that every version of the rules has, and what counts as a term.
COMPARED = ("us", "uk", "eu", "in")
COUNTED = ("weak", "ambiguous", "clear")
VOTES = ("disclosed", "likely", "self", "none")
BOUNDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05)
CASES = Path(__file__).parents[2] / "tests" / "data" / "text" / "disclosure" / "cases"
Find = Callable[[str, Any], Any]


def rules_of(folder: Path) -> Find:
    """``find_disclosures`` of another checkout, loaded beside this one."""
    name = "unpolished_before"
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise SystemExit(f"{folder} is no checkout of this project")
    sys.modules[name] = importlib.util.module_from_spec(spec)
    found: Find = importlib.import_module(f"{name}.data.text.disclosure").find_disclosures
    return found


def judged(vote: str) -> str:
    """The vote of most; nothing where there is none."""
    votes = vote.split("|")
    most = max(set(votes), key=votes.count)
    return most if votes.count(most) * 2 > len(votes) else ""


def counts(posts: pd.DataFrame, rules: dict[str, Find]) -> Iterator[str]:
    """Lines of a table: by jurisdiction and vote, posts with any term and with a clear one."""
    yield (
        "| jurisdiction | voted | posts | "
        + " | ".join(f"with a term{name} | clear{name}" for name in rules)
        + " |"
    )
    yield "|---|---|" + "---|" * (1 + 2 * len(rules))
    for jurisdiction in COMPARED if len(rules) > 1 else JURISDICTIONS:
        status = {
            name: pd.Series([find(text, jurisdiction).status for text in posts["text"]])
            for name, find in rules.items()
        }
        for vote in VOTES:
            rows = posts["vote"] == vote
            cells = [
                f"{int(found[rows].isin(COUNTED).sum())} | {int((found[rows] == 'clear').sum())}"
                for found in status.values()
            ]
            yield f"| {jurisdiction} | {vote} | {int(rows.sum()):,} | " + " | ".join(cells) + " |"


def posts_of(split: Any) -> pd.DataFrame:  # noqa: ANN401
    """Texts and votes of a split of the public data set."""
    table = split.select_columns(["source", "source_id", "text", "masked", "commercial"])
    posts: pd.DataFrame = table.to_pandas()
    return posts.assign(vote=posts["commercial"].map(judged))


def out_of_fold(recipe_name: str) -> pd.DataFrame:
    """Posts of train and further with a calibrated ``p_paid`` from models that saw neither."""
    recipe = read_recipe(recipe_name)
    splits = read_splits(recipe, "public")
    train, extra = crossfit(
        partial(new_model, recipe, cache_folder()), splits.train, splits.extra, splits.extra,
        leave_one_source_out=False, alpha=ALPHA, beta=BETA,
    )  # fmt: skip
    if extra is None:
        raise SystemExit(f"{recipe_name} learns from no further posts")
    parts = []
    for name, result in (("train", train), ("further", extra)):
        posts = posts_of(splits.dataset[name])
        # Further posts come first among the extra ones.
        parts.append(posts.assign(split=name, p=result.calibrated[: len(posts), 1]))
    return pd.concat(parts, ignore_index=True)


def doubts(scored: pd.DataFrame) -> Iterator[str]:
    """Lines of a table: English posts by vote, and how many each bound would doubt.

    A doubt can only fall on posts with a clear term; all posts are counted as well.
    """
    clear = scored["text"].map(lambda text: find_disclosures(text, "us").status == "clear")
    english = [found.as_english for found in detect_languages(scored["masked"].tolist())]
    enough = scored["text"].map(lambda text: mask(text).n_words >= MIN_WORDS)
    read = scored.assign(clear=clear)[np.array(english) & enough.to_numpy(bool)]
    yield f"| posts | voted | n | lowest p_paid | {' | '.join(f'< {b:g}' for b in BOUNDS)} |"
    yield "|---|---|---|---|" + "---|" * len(BOUNDS)
    for split in ("train", "further"):
        for which, rows in (("clear", read["clear"]), ("all", read["clear"].notna())):
            for votes in (("disclosed",), ("self", "none")):
                p = read["p"][rows & (read["split"] == split) & read["vote"].isin(votes)]
                yield f"| {split}, {which} | {', '.join(votes)} | " + _below(p.to_numpy())
    for model in ("linear", "default"):
        scorer = Scorer.load(None if model == "default" else model)
        for kind, texts in (("disclosures", cases("c")), ("look-alikes", cases("n"))):
            p = [row.p_paid for row in scorer.score(texts) if row.reason_code != "language"]
            yield f"| one-line cases, shipped `{model}` | {kind} | " + _below(np.array(p))


def _below(p: Any) -> str:  # noqa: ANN401
    lowest = ", ".join(f"{value:.3f}" for value in sorted(p)[:3])
    return (
        f"{len(p):,} | {lowest} | " + " | ".join(f"{int((p < b).sum()):,}" for b in BOUNDS) + " |"
    )


def cases(letter: str) -> list[str]:
    """The posts written for the tests that have a letter in the United States."""
    found: list[str] = []
    for path in sorted(CASES.glob("*.txt")):
        place = -1
        for line in path.read_text("utf-8").splitlines():
            letters, _, text = line.partition(" ")
            if letters == "=":
                place = text.split().index("us") if "us" in text.split() else -1
            elif letters not in ("#", "") and place >= 0 and letters[place] == letter:
                post = text.replace("\\n", "\n")
                # A case may be blank, which is no post to a scorer.
                found += [post] if post.strip() else []
    return found


def main() -> None:
    """Print the tables; all but those of gold are also written to the page of the studies."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=Path, help="another checkout, to compare with")
    parser.add_argument("--doubt", metavar="RECIPE", help="also fit a recipe, and choose the bound")
    parser.add_argument("--gold", action="store_true", help="count on gold-dev.csv, print only")
    given = parser.parse_args()
    rules: dict[str, Find] = {"": find_disclosures}
    if given.before:
        rules = {" before": rules_of(given.before.resolve()), " now": find_disclosures}
    if given.gold:
        print("\n".join(counts(posts_of(build("public")["gold"]), rules)))
        return
    dataset = build("public", further=True)
    parts = [posts_of(dataset[name]) for name in ("train", "further")]
    posts = pd.concat(parts, ignore_index=True)
    Stretch("disclosure-rules").add(*counts(posts, rules))
    if given.doubt:
        Stretch("disclosure-doubt").add(
            f"`{given.doubt}`, out of fold; the bound is {DOUBTED_BELOW:g}.", "",
            *doubts(out_of_fold(given.doubt)),
        )  # fmt: skip


if __name__ == "__main__":
    main()
