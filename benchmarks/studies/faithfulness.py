"""Whether the words that are shown as reasons carry a flag: ``python faithfulness.py``.

Comprehensiveness and sufficiency of DeYoung et al. 2020 (section 4.2): how far the probability of a
flag falls without its reasons, which should be much, and with nothing but them, which should be
little. Beside each stands the same of as many words of the post drawn at random. Words are taken
out of the post as it was written, and what is left is masked anew, so no handle or term that
discloses counts for more than in any other post. Posts carry no label, so no model was fitted on
what anybody says of them; the encoder of the default model has read their texts. Reserved and gold
authors are not among them. Intervals are over groups of authors and near-duplicates.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from page import Stretch
from reasons import FLAGS, Hidden
from unpolished.data.dataset.build import build
from unpolished.data.text.masking import Masked, mask
from unpolished.data.text.repair.repair import repair
from unpolished.models.base import Model
from unpolished.models.decision.threshold import FLAGGED
from unpolished.models.explain import find_reasons, find_shares
from unpolished.models.pipeline import Pipeline
from unpolished.training.evaluation.bootstrap import group_weights, interval

DRAWS = 5
# Shares of the words that are taken, the strongest first (DeYoung et al. 2020, AOPC).
SHARES, SHARE_DRAWS = (0.01, 0.05, 0.10, 0.20, 0.50), 2
MIN_WORDS = 3
_WORD = re.compile(r"\S+")
_EPSILON = 1e-7

Floats = NDArray[np.float64]
Span = tuple[int, int]


class Case(NamedTuple):
    """A post and one of its flags.

    Attributes:
        text: of the post.
        axis: column of the flag's probability.
        group: of authors and near-duplicates.
        words: of the masked view, as spans of the text.
        strongest: words by falling share, as places in ``words``.
        reasons: places of the words that are shown.
    """

    text: str
    axis: int
    group: str
    words: list[Span]
    strongest: list[int]
    reasons: list[int]


class Found(NamedTuple):
    """Falls of one quantity, each of shape (n_cases,): of the reasons, and of random words."""

    without: Floats
    without_random: Floats
    alone: Floats
    alone_random: Floats


class Posts(NamedTuple):
    """Texts, repaired as the pipeline does, and their groups of authors and near-duplicates."""

    texts: list[str]
    groups: list[str]


def case_of(model: Model, text: str, masked: Masked, axis: int, group: str = "") -> Case:
    """A flag with the words that explain it."""
    places = [match.span() for match in _WORD.finditer(masked.text)]
    words = [masked.span(*place) for place in places]
    shares = find_shares(model, masked.text)
    order = np.argsort(-shares.values[:, axis], kind="stable")
    # A group of words is taken whole, from its first word on.
    by_share = [i for n in order for i in _within(places, shares.spans[n])]
    shown = [(one.start, one.end) for one in find_reasons(model, masked, text, (axis,))]
    reasons = [i for span in shown for i in _within(words, span)]
    return Case(text, axis, group, words, by_share, sorted(reasons))


def _within(words: Sequence[Span], span: Span) -> list[int]:
    return [i for i, (start, end) in enumerate(words) if start < span[1] and end > span[0]]


def without(case: Case, taken: Sequence[int]) -> str:
    """The post without some of its words."""
    gone = {i for word in taken for i in range(*case.words[word])}
    return "".join(sign for i, sign in enumerate(case.text) if i not in gone)


def alone(case: Case, kept: Sequence[int]) -> str:
    """Nothing of the post but some of its words."""
    parts, reached = [], 0
    for start, end in sorted({case.words[word] for word in kept}):
        # Words that were masked together come from one stretch.
        if end > reached:
            parts.append(case.text[max(start, reached) : end])
            reached = end
    return " ".join(parts)


def texts_of(case: Case, rng: np.random.Generator) -> Iterator[tuple[str, str]]:
    """The post without the words of each set, and with nothing but them.

    First of the reasons, then of random words; then, for each share, of the strongest and of
    random ones.
    """
    n = len(case.words)
    sets = [case.reasons, *_random(rng, n, len(case.reasons), DRAWS)]
    for share in SHARES:
        some = int(np.ceil(share * n))
        sets += [case.strongest[:some], *_random(rng, n, some, SHARE_DRAWS)]
    for words in sets:
        yield without(case, words), alone(case, words)


def _random(rng: np.random.Generator, n: int, some: int, times: int) -> list[list[int]]:
    return [rng.choice(n, some, replace=False).tolist() for _ in range(times)]


def falls(pipeline: Pipeline, cases: Sequence[Case]) -> dict[str, Found]:
    """What the post's probability and log-odds lose, by name of the quantity.

    By the reasons as they are shown, and by the strongest words, in the mean over ``SHARES``.
    """
    rng = np.random.default_rng(0)
    pairs = [[*texts_of(case, rng)] for case in cases]
    texts = [case.text for case in cases] + [t for some in pairs for pair in some for t in pair]
    unique = list(dict.fromkeys(mask(text).text for text in texts))
    p = pipeline.info.calibration.apply(pipeline.model.predict_proba(unique)).astype(np.float64)
    row_of = {text: i for i, text in enumerate(unique)}
    axes = [case.axis for case in cases]

    def of(texts: Sequence[str]) -> Floats:
        return np.asarray(p[[row_of[mask(text).text] for text in texts], axes])

    whole = of([case.text for case in cases])
    # Of each set of words, without it and with it alone: shape (n_sets, 2, n_cases).
    left = np.array(
        [[of([some[k][side] for some in pairs]) for side in (0, 1)] for k in range(len(pairs[0]))]
    )
    shown, shares = _found(whole - left)
    odds, _ = _found(_log_odds(whole) - _log_odds(left))
    return {"probability": shown, "log-odds": odds, "probability, 1 to 50 % of the words": shares}


def _log_odds(p: Floats) -> Floats:
    p = np.clip(p, _EPSILON, 1 - _EPSILON)
    return np.asarray(np.log(p) - np.log1p(-p))


def _found(lost: Floats) -> tuple[Found, Found]:
    """By reasons and by shares, from falls of shape (n_sets, 2, n_cases)."""
    shown = lost[: DRAWS + 1]
    shares = lost[DRAWS + 1 :].reshape(len(SHARES), SHARE_DRAWS + 1, 2, -1)
    return (
        Found(shown[0, 0], shown[1:, 0].mean(0), shown[0, 1], shown[1:, 1].mean(0)),
        Found(
            shares[:, 0, 0].mean(0), shares[:, 1:, 0].mean((0, 1)),
            shares[:, 0, 1].mean(0), shares[:, 1:, 1].mean((0, 1)),
        ),
    )  # fmt: skip


def flags_of(pipeline: Pipeline, posts: Posts) -> NDArray[np.int8]:
    """The flags of all posts, shape (n_posts, 5)."""
    raw = pipeline.model.predict_proba([mask(text).text for text in posts.texts])
    return pipeline.info.thresholds.decide(pipeline.info.calibration.apply(raw))


def flagged_cases(
    explained: Model, posts: Posts, flags: NDArray[np.int8], axis: int, most: int
) -> list[Case]:
    """Posts drawn from those whose flag is set, with reasons that leave a word of the post."""
    places = np.random.default_rng(axis).permutation(np.flatnonzero(flags[:, axis] == FLAGGED))
    cases: list[Case] = []
    for i in places:
        text = posts.texts[i]
        one = case_of(explained, text, mask(text), axis, posts.groups[i])
        if one.reasons and len(one.reasons) < len(one.words):
            cases.append(one)
        if len(cases) == most:
            break
    return cases


def drawn_posts(per_source: int) -> Posts:
    """Posts without a label, at most as many of each source, long enough to be judged."""
    rows = build("public", unlabelled=True)["unlabelled"].to_pandas()
    rng = np.random.default_rng(0)
    places = [
        i
        for _, some in sorted(rows.groupby("source").indices.items())
        for i in rng.permutation(some)[:per_source]
    ]
    texts = [repair(rows["text"][i]).text for i in places]
    kept = [n for n, text in enumerate(texts) if mask(text).n_words >= MIN_WORDS]
    return Posts([texts[n] for n in kept], [str(rows["group"][places[n]]) for n in kept])


def mean(values: Floats, groups: NDArray[np.str_]) -> str:
    """The mean, with its interval over groups."""
    weights = group_weights(groups)
    draws = (weights @ values) / weights.sum(1)
    low, high = interval(draws, float(values.mean()))
    return f"{values.mean():+.3f} [{low:+.3f}, {high:+.3f}]"


def _row(name: str, found: Found, groups: NDArray[np.str_]) -> str:
    more = found.without - found.without_random
    cells = [
        f"{found.without.mean():.3f}", f"{found.without_random.mean():.3f}", mean(more, groups),
        f"{(more > 0).mean():.0%}", f"{found.alone.mean():.3f}",
        f"{found.alone_random.mean():.3f}", mean(found.alone_random - found.alone, groups),
    ]  # fmt: skip
    return f"| {name} | " + " | ".join(cells) + " |"


def main() -> None:
    """Print and keep a table: each model, way of explaining, flag, and quantity."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=200, help="for each flag")
    parser.add_argument("--per-source", type=int, default=300, help="to find flags among")
    given = parser.parse_args()
    posts, page = drawn_posts(given.per_source), Stretch("faithfulness")
    page.add(
        "| model, flag: posts, words shown | fall of | comprehensiveness: without the reasons |"
        " without random words | more | of posts, more | sufficiency: the reasons alone |"
        " random words alone | less |",
        "|---|---|---|---|---|---|---|---|---|",
    )
    linear, default = Pipeline.load("linear"), Pipeline.load()
    ways = {"linear": (linear, linear.model), "default": (default, default.model),
            "default, groups hidden": (default, Hidden(default.model))}  # fmt: skip
    flags = {"linear": flags_of(linear, posts), "default": flags_of(default, posts)}
    for name, (pipeline, explained) in ways.items():
        for axis, flag in enumerate(FLAGS):
            set_flags = flags[name.split(",")[0]]
            cases = flagged_cases(explained, posts, set_flags, axis, given.posts)
            groups = np.array([case.group for case in cases])
            shown, of = (
                np.median([len(words) for words in some])
                for some in ([case.reasons for case in cases], [case.words for case in cases])
            )
            said = f"{name}, {flag}: {len(cases)}, {shown:.0f} of {of:.0f}"
            for quantity, found in falls(pipeline, cases).items():
                page.add(_row(f"{said} | {quantity}", found, groups))
                said = ""


if __name__ == "__main__":
    main()
