"""Whether the default model is as right in int8: ``python benchmarks/studies/precision.py``.

Out of fold and with each source left out, on the training split; gold is not looked at. Heads are
fitted on what the shipped encoder gives in float32, fold by fold, and asked of what it gives in
float32 and in int8, so that the two differ by the arithmetic alone: AUC within sources of every
question, and the difference with its 95 % interval over groups, which is to lie above -.01.
``--refit`` adds heads that are fitted on what int8 gives. ``--without-ngrams`` leaves the embedding
alone, which moves scores more than beside n-grams, and takes a tenth of the time.

The encoder learnt from posts without labels that share no group with a judged one, so it is what
a fold's student has. With a source left out, it has read posts of that source all the same: to
teach one for each source takes hours, and both numbers of a pair gain alike. Heads learn from
labels alone, as the teacher's answers take hours, too.

Takes about ten minutes; embeddings are kept in the cache.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar, NamedTuple, Self

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from page import Stretch
from unpolished.data.cache import cache_folder
from unpolished.data.hashing import file_sha256
from unpolished.data.labelled_texts import LabelledTexts
from unpolished.models.base import PROBABILITIES, Model, Probabilities
from unpolished.models.families.embed import Embed, EmbedOptions
from unpolished.models.onnx.embedding_cache import CachedEncoder
from unpolished.models.onnx.int8_matmul import in_int8
from unpolished.models.onnx.sentence_encoder import GRAPH, Embeddings, Encoder, SentenceEncoder
from unpolished.models.runtime import Precision, Runtime, processors
from unpolished.models.shipped.folders import model_folder
from unpolished.training.evaluation.compared import ALL, Compared, compare_tables
from unpolished.training.evaluation.crossfit import OutOfFold, crossfit
from unpolished.training.evaluation.judged import JUDGED
from unpolished.training.evaluation.oof_table import oof_table
from unpolished.training.recipe import read_recipe
from unpolished.training.splits import read_splits

LEAST = -0.01
WHERE = {"auc_within": "out of fold", "auc_loso": "source left out"}


class Arm(NamedTuple):
    """What heads are fitted on, and what they are asked of."""

    fitted: Precision
    asked: Precision


ARMS = {"float32": Arm("float32", "float32"), "int8": Arm("float32", "int8")}
REFITTED = {"int8, fitted on int8": Arm("int8", "int8")}


class Recorded:
    """Takes down what models are to be fitted on, and says anything."""

    family: ClassVar[str] = "student"

    def __init__(self, parts: dict[str, LabelledTexts]) -> None:
        self._parts, self._rng = parts, np.random.default_rng(0)

    def fit(self, train: LabelledTexts) -> Self:
        """Posts without any label teach heads nothing."""
        seen = train.take(train.labelled)
        self._parts[_key(seen)] = seen
        return self

    def predict_proba(self, texts: Sequence[str]) -> Probabilities:
        """At random, so that all that is fitted on answers can be."""
        return self._rng.random((len(texts), len(PROBABILITIES)), np.float32) / 2


class Heads:
    """Heads that were fitted before, asked of what an encoder gives."""

    family: ClassVar[str] = "student"

    def __init__(self, fitted: dict[str, Embed], encoder: Encoder) -> None:
        self._fitted, self._encoder = fitted, encoder

    def fit(self, train: LabelledTexts) -> Self:
        """Take those that were fitted on the same posts."""
        self._model = self._fitted[_key(train.take(train.labelled))]
        return self

    def predict_proba(self, texts: Sequence[str]) -> Probabilities:
        """See ``Embed.predict_proba``."""
        return self._model.given(self._encoder.encode(texts), texts)


class Known:
    """What an encoder gave of the texts that are asked about, and of no others."""

    def __init__(self, vectors: Embeddings) -> None:
        self._vectors = vectors

    def encode(self, texts: Sequence[str]) -> Embeddings:
        """See ``Encoder.encode``."""
        if len(texts) != len(self._vectors):
            raise ValueError("other texts than those that are known")
        return self._vectors

    def save(self, folder: Path) -> None:
        """There is nothing to save."""
        raise NotImplementedError(folder)


def fit(seen: LabelledTexts, vectors: Embeddings, *, ngrams: bool) -> Embed:
    """Heads as the recipe of the default model has them, by what was given of the posts."""
    options = read_recipe("student").model.model_dump(include={"ngrams", "embedding_scale", "c"})
    if not ngrams:
        options["ngrams"] = None
    model = Embed(Known(vectors), EmbedOptions.model_validate(options)).fit(seen)
    model.encoder = Known(vectors[:0])
    return model


def _key(seen: LabelledTexts) -> str:
    digest = hashlib.sha256(seen.weight.tobytes())
    for text in seen.texts:
        digest.update(hashlib.sha256(text.encode("utf-8", "replace")).digest())
    return digest.hexdigest()


def encoders() -> dict[Precision, CachedEncoder]:
    """The shipped encoder in each precision; what it gives is kept under its graph's hash."""
    folder = model_folder(None)
    graph = folder / GRAPH
    found: dict[Precision, CachedEncoder] = {}
    names: tuple[Precision, ...] = ("float32", "int8")
    for name in names:
        encoder = SentenceEncoder(folder)
        encoder.run_as(Runtime(precision=name))
        key = file_sha256(graph)[:16]
        if name == "int8":
            key += "-" + hashlib.sha256(in_int8(graph.read_bytes())).hexdigest()[:16]
        found[name] = CachedEncoder(encoder, cache_folder(), key)
    return found


def tables(arms: dict[str, Arm], jobs: int, *, ngrams: bool) -> dict[str, pd.DataFrame]:
    """Out-of-fold tables of the training split."""
    recipe = read_recipe("student").model_copy(update={"unlabelled_weight": 0.0})
    splits = read_splits(recipe, "public")
    extra = None if splits.extra is None else splits.extra.take(splits.extra.labelled)

    def judged(new_model: Callable[[], Model]) -> OutOfFold:
        decision = recipe.decision
        return crossfit(
            new_model, splits.train, None, extra, alpha=decision.alpha, beta=decision.beta
        )[0]

    parts: dict[str, LabelledTexts] = {}
    judged(lambda: Recorded(parts))
    read, fitted, found = encoders(), {}, {}
    for precision in dict.fromkeys(arm.fitted for arm in arms.values()):
        print(f"{len(parts)} fits on {precision}", flush=True)
        work = Parallel(n_jobs=jobs, verbose=10)
        models = work(
            delayed(fit)(s, read[precision].encode(s.texts), ngrams=ngrams) for s in parts.values()
        )
        fitted[precision] = dict(zip(parts, models, strict=True))
    for name, arm in arms.items():
        result = judged(partial(Heads, fitted[arm.fitted], read[arm.asked]))
        found[name] = oof_table(splits.dataset["train"], "train", result)
    return found


def differences(found: dict[str, pd.DataFrame]) -> dict[str, list[Compared]]:
    """Each arm beside the first over all sources, by metric."""
    names = [axis.name for axis in JUDGED]
    return {
        metric: [row for row in compare_tables(list(found.values()), metric, names)
                 if row.source == ALL]
        for metric in WHERE
    }  # fmt: skip


def main() -> None:
    """Print and keep the table; say whether every lower bound is above the least."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--refit", action="store_true", help="also fit heads on int8")
    parser.add_argument("--jobs", type=int, default=processors(), help="fits at once")
    parser.add_argument(
        "--without-ngrams",
        action="store_true",
        help="heads on the embedding alone: a stricter test",
    )
    given = parser.parse_args()
    ngrams = not given.without_ngrams
    found = tables(ARMS | (REFITTED if given.refit else {}), given.jobs, ngrams=ngrams)
    arms, page = list(found), Stretch("precision" if ngrams else "precision-embedding")
    heads = [f"{name}, {where}" for where in WHERE.values() for name in arms]
    page.add("| | " + " | ".join(heads) + " |", "|---|" + "---|" * len(heads))
    rows, lowest = differences(found), np.inf
    titles = {axis.name: axis.title or axis.name for axis in JUDGED}
    for axis, title in titles.items():
        cells = []
        for metric in WHERE:
            of_axis = [row for row in rows[metric] if row.axis == axis]
            cells.append(f"{of_axis[0].against:.4f}" if of_axis else "–")
            for row in of_axis:
                tested = row.tested
                lowest = min(lowest, tested.low if tested.error else 0.0)
                cells.append(
                    f"{row.value:.4f} ({tested.difference:+.4f} "
                    f"[{tested.low:+.4f}, {tested.high:+.4f}])"
                )
        page.add(f"| {title} | " + " | ".join(cells) + " |")
    met = "met" if lowest > LEAST else "MISSED"
    page.add("", f"- lowest bound of a difference: {lowest:+.4f} (goal: above {LEAST}): **{met}**")
    plain = found[arms[0]]
    scores = [name for name in plain if name.startswith("p_")]
    for name in arms[1:]:
        moved = (found[name][scores] - plain[scores]).abs().to_numpy()
        flags = [flag for flag in plain if flag.startswith("flag_")]
        turned = (found[name][flags] != plain[flags]).to_numpy().mean()
        page.add(
            f"- {name}: probabilities move by {np.nanmedian(moved):.4f} (median), "
            f"{np.nanquantile(moved, 0.99):.4f} (99 %), {np.nanmax(moved):.4f} at most; "
            f"{turned:.2%} of the labels are others"
        )


if __name__ == "__main__":
    main()
