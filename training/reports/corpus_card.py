"""The figures of the corpus's data card: labels, agreement, spurious cues, transfer both ways.

``python -m unpolished.training.reports.corpus_card`` writes them into ``data/corpus/README.md``.
The public posts it needs are the training split; gold is not looked at.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from ...data.axes import TARGETS
from ...data.dataset.own_posts import CORPUS, read_own_posts
from ...data.labelled_texts import LabelledTexts, truths
from ..evaluation.spurious_cues import MIN_POSTS, SIGNS, spurious_ngrams, surfaces
from ..evaluation.transfer import Transferred, transfer
from .markers import write_between
from .metric_names import number, with_interval

CARD = CORPUS.with_name("README.md")
SECOND_LABELS = CORPUS.with_name("second_labels.csv")
BEGIN, END = "<!-- figures:begin -->", "<!-- figures:end -->"
MANY_ERRORS = 3
SHOWN = 12


class Agreement(NamedTuple):
    """First labels of an axis against second ones.

    Attributes:
        axis: name.
        n: posts.
        disagreements: posts with two different labels.
        kappa: Cohen's.
        kinds: the pairs of labels that disagree, with how often.
    """

    axis: str
    n: int
    disagreements: int
    kappa: float
    kinds: str


def agreement(second: Mapping[str, Mapping[str, str]]) -> list[Agreement]:
    """The shipped labels against others.

    Args:
        second: post id to a label for each of ``axes.TARGETS``.

    Raises:
        ValueError: a post without a second label, or one that is not in the corpus.
    """
    from sklearn.metrics import cohen_kappa_score

    posts = {post.row_id: post for _, post in read_own_posts(CORPUS)}
    if second.keys() != posts.keys():
        strange = sorted(second.keys() ^ posts.keys())[:5]
        raise ValueError(f"{SECOND_LABELS.name}: not one row for each post: {', '.join(strange)}")
    found = []
    for axis in TARGETS:
        pairs = [(getattr(post, f"label_{axis}"), second[key][axis]) for key, post in posts.items()]
        differ = Counter(f"{a} – {b}" for a, b in (sorted(p) for p in pairs if p[0] != p[1]))
        kinds = ", ".join(f"{kind}: {n}" for kind, n in differ.most_common())
        kappa = float(cohen_kappa_score(*zip(*pairs, strict=True)))
        found.append(Agreement(axis, len(pairs), differ.total(), kappa, kinds))
    return found


def second_labels() -> dict[str, dict[str, str]]:
    """The labels given a second time, by post id."""
    with SECOND_LABELS.open(encoding="utf-8", newline="") as stream:
        return {row["id"]: row for row in csv.DictReader(stream)}


def markdown(
    corpus: LabelledTexts,
    public: LabelledTexts,
    forth: list[Transferred],
    back: list[Transferred],
) -> str:
    """The figures as Markdown."""
    strongest = spurious_ngrams(corpus, public)
    strong = sum(cue.z > MANY_ERRORS for cue in strongest)
    counts = _counts()
    names = [truth.name for truth in truths(corpus)]
    alone = {(s.sign, s.truth): f"{number(s.corpus)} / {number(s.public)}"
             for s in surfaces(corpus, public)}  # fmt: skip
    lines = [
        f"{len(corpus)} posts by {len(set(corpus.authors))} authors; the median post has "
        f"{_median_words(corpus)} words, that of the public training posts "
        f"{_median_words(public)}.",
        "",
        *_table(["labels", *counts.columns], counts.reset_index().to_numpy().tolist()),
        "### Second labels",
        "",
        *_table(
            ["axis", "posts", "disagreements", "Cohen's kappa", "which"],
            [
                [a.axis, a.n, f"{a.disagreements} ({a.disagreements / a.n:.1%})", number(a.kappa),
                 a.kinds]
                for a in agreement(second_labels())
            ],
        ),
        "### What gives a label away",
        "",
        "AUC of one sign alone, here and in the public training posts (.5 tells nothing):",
        "",
        *_table(
            ["here / public", *names],
            [[sign, *[alone[sign, name] for name in names]] for sign in SIGNS],
        ),
        f"Words and pairs of words in at least {MIN_POSTS} posts whose log-odds for a label exceed "
        f"those in public posts (or none, where fewer than {MIN_POSTS} public posts have them); "
        f"{strong} of {len(strongest):,} by more than {MANY_ERRORS} standard errors. "
        "The strongest:",
        "",
        *_table(
            ["label", "n-gram", "posts", "log-odds here", "public", "standard errors"],
            [
                [g.truth, f"`{_shown(g.ngram)}`", g.n, f"{g.here:+.2f}",
                 "–" if g.there is None else f"{g.there:+.2f}", f"{g.z:.1f}"]
                for g in strongest[:SHOWN]
            ],
        ),
        "### Transfer",
        "",
        "`linear` fitted on one and tested on the other, AUC with 95 % intervals over authors "
        "(public: within sources):",
        "",
        *_table(
            ["label", "public to corpus", "corpus to public"],
            [
                [a.truth, with_interval(a.auc, a.low, a.high), with_interval(b.auc, b.low, b.high)]
                for a, b in zip(forth, back, strict=True)
            ],
        ),
    ]  # fmt: skip
    return "\n".join(lines).rstrip() + "\n"


def _median_words(labelled: LabelledTexts) -> int:
    return int(np.median([len(text.split()) for text in labelled.texts]))


def _counts() -> pd.DataFrame:
    posts = pd.DataFrame([post.model_dump() for _, post in read_own_posts(CORPUS)])
    rows = {}
    for axis in list(TARGETS)[1:]:
        table = pd.crosstab(posts[f"label_{axis}"], posts["label_style"])
        for label in table.index:
            rows[f"{axis} {label}"] = table.loc[label]
    table = pd.DataFrame(rows).T.fillna(0).astype(int)
    table = table.reindex(columns=["raw", "unsure", "polished"])
    table["all"] = table.sum(axis=1)
    return table.rename(columns=lambda name: f"style {name}" if name != "all" else name)


def _table(head: list[str], rows: list[list[object]]) -> list[str]:
    return [
        "| " + " | ".join(head) + " |",
        "|" + "---|" * len(head),
        *("| " + " | ".join(map(str, row)) + " |" for row in rows),
        "",
    ]


def _shown(ngram: str) -> str:
    return ngram.replace("|", "\\|").replace("`", "'")


def main(card: Path = CARD) -> None:
    """Measure and write."""
    from ...data.cache import cache_folder
    from ...data.dataset.build import build, labelled_texts
    from ..build_model import new_model
    from ..recipe import read_recipe

    recipe, cache = read_recipe("linear"), cache_folder()
    corpus, public = (labelled_texts(build(name)["train"]) for name in ("corpus", "public"))
    forth = transfer(new_model(recipe, cache), public, corpus)
    back = transfer(new_model(recipe, cache), corpus, public)
    text = markdown(corpus, public, forth, back)
    write_between(card, BEGIN, END, text)
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
