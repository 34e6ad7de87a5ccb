"""The figures of the corpus's data card: labels, agreement, giveaways, transfer both ways.

``python -m unpolished.training.corpus_card`` writes them into ``data/corpus/README.md``. The public
posts it needs are the training split; gold is not looked at.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..data.labelled_texts import CAUSES, LabelledTexts
from ..data.own_posts import CORPUS, read_own_posts
from ..models.base import Model
from . import metrics as m
from .bootstrap import auc_draws, group_weights, interval
from .marked import write_between
from .shown import number, with_interval

CARD = CORPUS.with_name("README.md")
SECOND_LABELS = CORPUS.with_name("second_labels.csv")
BEGIN, END = "<!-- figures:begin -->", "<!-- figures:end -->"
AXES = ("style", "paid", "cause")
MIN_POSTS, MANY_ERRORS = 8, 3
SHOWN = 12
_PRIOR = 0.5


class Truth(NamedTuple):
    """One label against the rest.

    Attributes:
        name: as shown.
        column: of the model's four probabilities.
        positive: per post; NaN where unknown.
    """

    name: str
    column: int
    positive: NDArray[np.float64]


def truths(labelled: LabelledTexts) -> Iterator[Truth]:
    """The labels by which a corpus is looked at."""
    missing = labelled.cause < 0
    cause = labelled.cause.astype(np.float64)
    style = np.where(labelled.style == 0.5, np.nan, labelled.style)
    yield Truth("polished", 0, style.astype(np.float64))
    yield Truth("paid", 1, np.where(labelled.paid < 0, np.nan, labelled.paid))
    for column, name in enumerate(CAUSES[1:], 2):
        is_it = (cause == CAUSES.index(name)).astype(np.float64)
        yield Truth(f"cause {name}", column, np.where(missing, np.nan, is_it))


@dataclass(frozen=True)
class Giveaway:
    """An n-gram that tells a label in the corpus more than in real posts.

    Attributes:
        truth: the label.
        ngram: one or two words.
        n: corpus posts that have it.
        here: log-odds of the label with it against without, in the corpus.
        there: the same in the public posts; None where too few have it.
        z: how sure the difference is, in standard errors.
    """

    truth: str
    ngram: str
    n: int
    here: float
    there: float | None
    z: float


def giveaways(corpus: LabelledTexts, public: LabelledTexts) -> list[Giveaway]:
    """N-grams whose log-odds for a label are larger here than there, strongest first.

    Log-odds ratios with half a post added to every cell; the standard error of their difference
    is that of independent counts (Agresti, Categorical Data Analysis, 3.1). Where fewer than
    ``MIN_POSTS`` public posts have the n-gram, the corpus's log-odds stand against none.
    """
    here, there = _presence(corpus.texts), _presence(public.texts)
    found = []
    for ours, theirs in zip(truths(corpus), truths(public), strict=True):
        for ngram, rows in here.items():
            if len(rows) < MIN_POSTS:
                continue
            odds, error = _log_odds(ours.positive, rows)
            others = there.get(ngram, [])
            known = len(others) >= MIN_POSTS
            other, other_error = _log_odds(theirs.positive, others) if known else (0.0, 0.0)
            z = (abs(odds) - max(0.0, np.sign(odds) * other)) / np.hypot(error, other_error)
            shown = other if known else None
            found.append(Giveaway(ours.name, ngram, len(rows), odds, shown, float(z)))
    return sorted(found, key=lambda giveaway: -giveaway.z)


def _presence(texts: tuple[str, ...]) -> dict[str, list[int]]:
    import re

    from ..models.vocabulary import TOKENS

    found: dict[str, list[int]] = {}
    for row, text in enumerate(texts):
        words = re.findall(TOKENS, text.lower())
        for ngram in {*words, *map(" ".join, pairwise(words))}:
            found.setdefault(ngram, []).append(row)
    return found


def _log_odds(positive: NDArray[np.float64], rows: list[int]) -> tuple[float, float]:
    has = np.zeros(len(positive), dtype=np.bool_)
    has[rows] = True
    known = ~np.isnan(positive)
    yes = positive == 1
    cells = np.array([
        (has & yes).sum(), (has & ~yes & known).sum(),
        (~has & yes).sum(), (~has & ~yes & known).sum(),
    ]) + _PRIOR  # fmt: skip
    odds = np.log(cells[0] * cells[3] / (cells[1] * cells[2]))
    return float(odds), float(np.sqrt((1 / cells).sum()))


class Surface(NamedTuple):
    """AUC of one sign alone for a label, here and in public posts."""

    truth: str
    sign: str
    corpus: float
    public: float


def surfaces(corpus: LabelledTexts, public: LabelledTexts) -> list[Surface]:
    """What length, emoji, tags and so on tell alone, label by label."""
    found = []
    for ours, theirs in zip(truths(corpus), truths(public), strict=True):
        for sign, measure in SIGNS.items():
            here, there = (
                _auc(truth.positive, np.array([measure(text) for text in labelled.texts]))
                for truth, labelled in ((ours, corpus), (theirs, public))
            )
            found.append(Surface(ours.name, sign, here, there))
    return found


def _auc(positive: NDArray[np.float64], score: NDArray[np.float64]) -> float:
    known = ~np.isnan(positive)
    return m.pooled_auc(positive[known] == 1, score[known].astype(np.float64))


def _share(text: str, wanted: Callable[[str], bool]) -> float:
    return sum(map(wanted, text)) / max(len(text), 1)


SIGNS: dict[str, Callable[[str], float]] = {
    "length": lambda text: float(len(text)),
    "emoji": lambda text: _share(text, lambda c: ord(c) >= 0x2600 and not c.isalnum()),
    "hashtags": lambda text: float(text.count("#")),
    "handles": lambda text: float(text.count("@")),
    "exclamation marks": lambda text: float(text.count("!")),
    "capitals": lambda text: _share(text, str.isupper),
    "line breaks": lambda text: float(text.count("\n")),
    "digits": lambda text: _share(text, str.isdigit),
}


class Transferred(NamedTuple):
    """How well a model of one data set tells a label in another."""

    truth: str
    n: int
    positives: int
    auc: float
    low: float
    high: float


def transfer(
    model: Model, train: LabelledTexts, test: LabelledTexts, sources: NDArray[np.str_]
) -> list[Transferred]:
    """Fit on one, score the other, label by label; labels that ``test`` does not have are left out.

    Args:
        model: unfitted.
        train: fitted on.
        test: scored.
        sources: of the posts of ``test``; only pairs of one source are compared.
    """
    raw = model.fit(train).predict_proba(test.texts).astype(np.float64)
    found = []
    for truth in truths(test):
        known = ~np.isnan(truth.positive)
        if not known.any():
            continue
        positive, score = truth.positive[known] == 1, raw[known, truth.column]
        weights = group_weights(test.groups[known])
        bounds = interval(auc_draws(positive, score, sources[known], weights))
        value = m.within_source_auc(positive, score, sources[known])
        n = int(known.sum())
        found.append(Transferred(truth.name, n, int(positive.sum()), value, *bounds))
    return found


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
        second: post id to a label for each of ``AXES``.

    Raises:
        ValueError: a post without a second label, or one that is not in the corpus.
    """
    from sklearn.metrics import cohen_kappa_score

    posts = {post.id or "": post for _, post in read_own_posts(CORPUS)}
    if second.keys() != posts.keys():
        strange = sorted(second.keys() ^ posts.keys())[:5]
        raise ValueError(f"{SECOND_LABELS.name}: not one row for each post: {', '.join(strange)}")
    found = []
    for axis in AXES:
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
    strongest = giveaways(corpus, public)
    strong = sum(giveaway.z > MANY_ERRORS for giveaway in strongest)
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
    for axis in AXES[1:]:
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
    from ..data.cache import cache_folder
    from ..data.dataset import build, labelled_texts
    from .build import new_model
    from .recipe import read_recipe

    recipe, cache = read_recipe("linear"), cache_folder()
    corpus_rows, public_rows = build("corpus")["train"], build("public")["train"]
    corpus, public = labelled_texts(corpus_rows), labelled_texts(public_rows)
    sources = np.array(public_rows["source"][:], dtype=np.str_)
    one_source = np.full(len(corpus), "corpus", dtype=np.str_)
    forth = transfer(new_model(recipe, cache), public, corpus, one_source)
    back = transfer(new_model(recipe, cache), corpus, public, sources)
    text = markdown(corpus, public, forth, back)
    write_between(card, BEGIN, END, text)
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
