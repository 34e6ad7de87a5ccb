"""How far what explains a flag carries it: ``python benchmarks/studies/reasons.py [MODEL]``.

Reasons of posts of the corpus by the shares of words that the model tells, and by hiding groups of
words one by one, each with its time; and what the log-odds of the flag lose where all of a post's
reasons are taken out of it. The corpus is invented: these are no results about posts.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from unpolished.data.dataset.own_posts import CORPUS
from unpolished.data.text.masking import mask
from unpolished.models.base import Model, Probabilities
from unpolished.models.explain import find_reasons
from unpolished.models.pipeline import Pipeline
from unpolished.models.scored_post import Reason

FLAGS = ("polished", "paid", "performative")


class Hidden:
    """A model of which only its probabilities are known."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def predict_proba(self, texts: Sequence[str]) -> Probabilities:
        """As the model."""
        return self._model.predict_proba(texts)


def log_odds(model: Model, texts: Sequence[str]) -> NDArray[np.float64]:
    """Of the first three columns, shape (n_texts, 3)."""
    p = np.clip(model.predict_proba(texts)[:, :3].astype(np.float64), 1e-7, 1 - 1e-7)
    return np.asarray(np.log(p) - np.log1p(-p))


def without(text: str, reasons: Sequence[Reason]) -> str:
    """A text without the stretches of its reasons."""
    gone = {i for reason in reasons for i in range(reason.start, reason.end)}
    return "".join(sign for i, sign in enumerate(text) if i not in gone)


def main() -> None:
    """Print a line for each way of explaining."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", nargs="?", help="default: the shipped model")
    parser.add_argument("--posts", type=int, default=200)
    given = parser.parse_args()
    model = Pipeline.load(given.model).model
    lines = CORPUS.read_text("utf-8").splitlines()[: given.posts]
    texts = [json.loads(line)["text"] for line in lines]
    masked = [mask(text) for text in texts]
    before = log_odds(model, [one.text for one in masked])
    for name, explained in (("shares", model), ("hiding", Hidden(model))):
        started = time.perf_counter()
        found = [
            find_reasons(explained, one, text, (0, 1, 2))
            for one, text in zip(masked, texts, strict=True)
        ]
        seconds = time.perf_counter() - started
        cases = [
            (i, axis, [reason for reason in found[i] if reason.flag == flag])
            for i in range(len(texts))
            for axis, flag in enumerate(FLAGS)
            if before[i, axis] > 0
        ]
        left = [without(texts[i], reasons) for i, _, reasons in cases]
        after = log_odds(model, [mask(text).text for text in left])
        lost = [before[i, axis] - after[n, axis] for n, (i, axis, _) in enumerate(cases)]
        signs = [len(texts[i]) - len(left[n]) for n, (i, _, _) in enumerate(cases)]
        print(
            f"{name}: {seconds:.2f} s for {len(texts)} posts; of {len(cases)} flags, the log-odds "
            f"lose {np.mean(lost):.2f} without {np.mean(signs):.0f} characters"
        )


if __name__ == "__main__":
    main()
