"""How well posts are ranked by a brief: ``python benchmarks/studies/brief.py``.

``brief_posts.tsv``: invented posts of high commitment, eight on each of twelve causes, and 24 on
other things, most of which share no word with the brief of their cause, which is there in a few
words and as a sentence. A good way of comparing puts the posts of a cause before all others. Posts
are read as they are and in the masked view, and both again with names, links and hashtags added,
as posts have them. Intervals are over causes.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from page import Stretch
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import average_precision_score
from unpolished.data.cache import cache_folder
from unpolished.data.text.masking import mask
from unpolished.models.finetune.export import exported_encoder
from unpolished.models.onnx.sentence_encoder import SentenceEncoder
from unpolished.models.shipped.folders import DEFAULT, SHIPPED
from unpolished.models.shipped.sentence_encoder import sentence_encoder

POSTS = Path(__file__).with_name("brief_posts.tsv")
KINDS = ("short", "long")
OURS = "shipped sentence encoder"
# What stands around the words of a post and tells nothing of its cause.
ADDED = (
    " https://short.example/a{n}x @mia.k{n} #mondays",
    " @studio_{n} @the.daily{n}",
    " #love #instagood #{n}days https://www.example.com/p/{n}",
    "",
)
DRAWS, CREATORS, POSTS_EACH, OF_CAUSE = 10_000, 60, 8, (0, 0, 0, 1, 2, 4)
CUTS = (0.25, 0.3, 0.35, 0.4)

Compare = Callable[[Sequence[str], Sequence[str]], NDArray[np.float64]]


class Posts(NamedTuple):
    """The invented posts.

    Attributes:
        causes: in order.
        briefs: by kind, one for each cause.
        texts: of the posts.
        cause_of: of each post, shape (n_posts,).
    """

    causes: list[str]
    briefs: dict[str, list[str]]
    texts: list[str]
    cause_of: NDArray[np.str_]


def read_posts() -> Posts:
    """The file as it is."""
    with POSTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    causes = list(dict.fromkeys(row["topic"] for row in rows if row["topic"] != "other"))
    brief_of = {(row["topic"], row["kind"]): row["text"] for row in rows}
    posts = [row for row in rows if row["kind"] == "post"]
    return Posts(
        causes,
        {kind: [brief_of[cause, kind] for cause in causes] for kind in KINDS},
        [row["text"] for row in posts],
        np.array([row["topic"] for row in posts]),
    )


def embedded(encode: Callable[[list[str]], NDArray[np.float32]]) -> Compare:
    """Cosines of embeddings of unit length, shape (n_briefs, n_posts)."""
    return lambda briefs, posts: np.asarray(encode([*briefs]) @ encode([*posts]).T, np.float64)


def tf_idf(**options: object) -> Compare:
    """Cosines of TF-IDF, as scikit-learn has it, fitted on the posts."""

    def compare(briefs: Sequence[str], posts: Sequence[str]) -> NDArray[np.float64]:
        weights = TfidfVectorizer(sublinear_tf=True, **options).fit(posts)
        return np.asarray((weights.transform(briefs) @ weights.transform(posts).T).toarray())

    return compare


def measured(cosines: NDArray[np.float64], posts: Posts) -> NDArray[np.float64]:
    """Average precision, recall at 8 and precision at 3 of each cause, shape (n_causes, 3)."""
    found = []
    for cause, row in zip(posts.causes, cosines, strict=True):
        right = posts.cause_of == cause
        best = right[np.argsort(-row, kind="stable")]
        found.append((average_precision_score(right, row), best[:8].mean(), best[:3].mean()))
    return np.array(found)


def interval(values: NDArray[np.float64]) -> str:
    """The mean over causes, with its bootstrap interval."""
    rng = np.random.default_rng(0)
    means = values[rng.integers(len(values), size=(DRAWS, len(values)))].mean(1)
    low, high = np.quantile(means, [0.025, 0.975])
    return f"{values.mean():.2f} [{low:.2f}, {high:.2f}]"


def compare_ways(ways: dict[str, Compare], posts: Posts, page: Stretch) -> None:
    """Each way on each kind of brief, and how much less it finds than ours."""
    page.add(
        "| ranked by | brief | average precision | of the 8 posts, found in the first 8 |"
        " of the first 3, right | average precision beside the shipped one |",
        "|---|---|---|---|---|---|",
    )
    for kind in KINDS:
        ours = measured(ways[OURS](posts.briefs[kind], posts.texts), posts)
        for name, way in ways.items():
            one = measured(way(posts.briefs[kind], posts.texts), posts)
            beside = "" if name == OURS else interval(one[:, 0] - ours[:, 0])
            cells = [interval(one[:, column]) for column in range(3)]
            page.add(f"| {name} | {kind} | " + " | ".join(cells) + f" | {beside} |")


def compare_views(way: Compare, posts: Posts, page: Stretch) -> None:
    """Ours on posts as they are, masked, and with what stands around the words of a post."""
    added = [text + ADDED[n % len(ADDED)].format(n=n) for n, text in enumerate(posts.texts)]
    page.add("", "| posts, read by the shipped encoder | average precision, short | long |",
             "|---|---|---|")  # fmt: skip
    for name, texts in (("as invented", posts.texts), ("with names, links and hashtags", added)):
        for view, seen in (("plain", texts), ("masked", [mask(text).text for text in texts])):
            found = [measured(way(posts.briefs[kind], seen), posts)[:, 0] for kind in KINDS]
            page.add(f"| {name}, {view} | " + " | ".join(map(interval, found)) + " |")


def compare_rules(way: Compare, posts: Posts, page: Stretch) -> None:
    """Invented creators, some of whose posts are on the cause: which rule puts these first."""
    rng = np.random.default_rng(0)
    rules: dict[str, Callable[[NDArray[np.float64]], float]] = {
        "nearest post": lambda cosines: float(np.sort(cosines)[-1]),
        "mean of the 3 nearest": lambda cosines: float(np.sort(cosines)[-3:].mean()),
        "mean of the 5 nearest": lambda cosines: float(np.sort(cosines)[-5:].mean()),
        "mean of all": lambda cosines: float(cosines.mean()),
    }
    found: dict[str, list[list[float]]] = {name: [] for name in rules}
    for kind in KINDS:
        cosines = way(posts.briefs[kind], posts.texts)
        for cause, row in zip(posts.causes, cosines, strict=True):
            on, off = (
                np.flatnonzero((posts.cause_of == cause) == is_on) for is_on in (True, False)
            )
            many = np.array([OF_CAUSE[n % len(OF_CAUSE)] for n in range(CREATORS)])
            theirs = [
                np.concatenate([rng.choice(on, n, replace=False),
                                rng.choice(off, POSTS_EACH - n, replace=False)])
                for n in many
            ]  # fmt: skip
            for name, rule in rules.items():
                scores = np.array([rule(row[mine]) for mine in theirs])
                found[name].append(
                    [average_precision_score(many >= 2, scores), _right_pairs(many, scores)]
                )
    page.add("", "| creators ranked by | average precision | pairs in the right order |",
             "|---|---|---|")  # fmt: skip
    for name, values in found.items():
        cells = [interval(column) for column in np.array(values).T]
        page.add(f"| {name} | " + " | ".join(cells) + " |")


def _right_pairs(many: NDArray[np.int64], scores: NDArray[np.float64]) -> float:
    """Of two creators of whom one posts more on the cause, how often that one stands first."""
    more = many[:, None] > many[None, :]
    return float((scores[:, None] > scores[None, :])[more].mean())


def compare_cuts(way: Compare, posts: Posts, page: Stretch) -> None:
    """What a cut would keep of the posts on a cause and of all others, and of the worst cause."""
    page.add("", "| cosine of at least | on the cause | others | others, worst cause |",
             "|---|---|---|---|")  # fmt: skip
    cosines = np.concatenate([way(posts.briefs[kind], posts.texts) for kind in KINDS])
    on = posts.cause_of[None, :] == np.array(posts.causes * len(KINDS))[:, None]
    for cut in CUTS:
        above = cosines >= cut
        others = np.array([above[i][~on[i]].mean() for i in range(len(above))])
        page.add(
            f"| {cut} | {above[on].mean():.2f} | {above[~on].mean():.3f} | {others.max():.3f} |"
        )


def main() -> None:
    """Print and keep four tables."""
    posts, page = read_posts(), Stretch("brief")
    ways = {
        "TF-IDF of words": tf_idf(stop_words="english"),
        "TF-IDF of letters (3 to 5)": tf_idf(analyzer="char_wb", ngram_range=(3, 5)),
        "encoder of the default model": embedded(SentenceEncoder(SHIPPED[DEFAULT]).encode),
        OURS: embedded(lambda texts: sentence_encoder().read(texts).output),
        "all-MiniLM-L6-v2 in 32 bits": embedded(
            SentenceEncoder(exported_encoder(cache_folder())).encode
        ),
    }
    compare_ways(ways, posts, page)
    for compare in (compare_views, compare_rules, compare_cuts):
        compare(ways[OURS], posts, page)


if __name__ == "__main__":
    main()
