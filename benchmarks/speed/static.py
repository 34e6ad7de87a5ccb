"""The peer of the n-gram model: static embeddings of model2vec with logistic regressions.

The embeddings are distilled offline from the pinned sentence encoder, whose every token is encoded
once (model2vec, Tulkens and van Dongen 2024); a post's is the mean over its tokens. On them, a
logistic regression of scikit-learn for each axis is fitted on the posts that ours is fitted on.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from unpolished.data.axes import KINDS, MISSING
from unpolished.data.cache import cache_folder
from unpolished.data.labelled_texts import LabelledTexts
from unpolished.models.base import PROBABILITIES, Probabilities
from unpolished.models.finetune.pinned import STUDENT, pinned_encoder

HEADS = "heads.npz"
# scikit-learn's own; 10, 100 and 1,000 gave the peer lower areas under the curve, out of fold.
C = 1.0


class StaticLogistic:
    """A model of the project's kind, for ``crossfit``."""

    family = "static"

    def __init__(self, folder: Path) -> None:
        """Args: folder: of ``distilled``."""
        from model2vec import StaticModel

        self._static = StaticModel.from_pretrained(folder)
        self.heads: list[Any] = []

    def fit(self, train: LabelledTexts) -> StaticLogistic:
        """Fit a regression on style, on what is promoted, and on commitment."""
        from sklearn.linear_model import LogisticRegression

        vectors = self._embedded(train.texts)
        self.heads = []
        for target in (_style(train), train.kind, train.cause):
            rows = np.flatnonzero(target != MISSING)
            head = LogisticRegression(C=C, max_iter=2_000)
            self.heads.append(head.fit(vectors[rows], target[rows], train.weight[rows]))
        return self

    def predict_proba(self, texts: Sequence[str]) -> Probabilities:
        """Shape (n_posts, 5), see ``models.base.Model``."""
        return probabilities(self.heads, self._embedded(texts))

    def _embedded(self, texts: Sequence[str]) -> np.ndarray:
        return np.asarray(self._static.encode(list(texts), use_multiprocessing=False))


def _style(train: LabelledTexts) -> np.ndarray:
    clear = np.isin(train.style, (0.0, 1.0))
    return np.where(clear, train.style, MISSING).astype(np.int8)


def probabilities(heads: Sequence[Any], vectors: np.ndarray) -> Probabilities:
    """What the three regressions say, in the columns of the project."""
    style, kind, cause = (head.predict_proba(vectors) for head in heads)
    columns = {
        "p_polished": style[:, 1], "p_paid": kind[:, KINDS.index("paid")],
        "p_self": kind[:, KINDS.index("self")],
        "p_performative": cause[:, 1], "p_committed": cause[:, 2],
    }  # fmt: skip
    return np.stack([columns[name] for name in PROBABILITIES], axis=1).astype(np.float32)


def distilled() -> Path:
    """A folder of the static model, made once and kept in the cache."""
    from importlib.metadata import version

    folder = cache_folder() / "static" / f"{STUDENT}-{version('model2vec')}"
    if not (folder / "config.json").is_file():
        from model2vec.distill import distill

        distill(str(pinned_encoder())).save_pretrained(folder)
    return folder


def save_heads(folder: Path, heads: Sequence[Any]) -> None:
    """Write the regressions as arrays."""
    held = {f"{name}{i}": getattr(head, name) for i, head in enumerate(heads)
            for name in ("coef_", "intercept_", "classes_")}  # fmt: skip
    np.savez(folder / HEADS, **held)


def load_heads(folder: Path) -> list[Any]:
    """What ``save_heads`` wrote, as regressions of scikit-learn."""
    from sklearn.linear_model import LogisticRegression

    heads = [LogisticRegression() for _ in range(3)]
    with np.load(folder / HEADS, allow_pickle=False) as held:
        for key in held.files:
            setattr(heads[int(key[-1])], key[:-1], held[key])
    return heads


def line(number: int, row: np.ndarray) -> str:
    """A row of output, as short as one can be."""
    found = {name: round(float(p), 4) for name, p in zip(PROBABILITIES, row, strict=True)}
    return json.dumps({"id": str(number), **found}) + "\n"
