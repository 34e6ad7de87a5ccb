"""``student``: n-grams and a small embedding that learn what a larger, slower model says of posts.

It learns twice. The small encoder learns the larger one's embeddings of posts that share no group
with any that is judged; no label takes part. Then heads on n-grams and on what that encoder gives
learn from labels and from the teacher's answers (Hinton et al. 2015, arXiv 1503.02531), which are
cross-fitted within the posts that the student is fitted on: what the teacher says of a post comes
from a fit that saw nothing of the post's group. So a student that is judged on a fold, or on a
source that was left out, has learnt from teachers that saw nothing of either.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from ...data.cache import replacing
from ...data.labelled_texts import LabelledTexts
from ..base import PROBABILITIES, Model, Probabilities
from ..finetune.options import DistilOptions
from ..onnx.sentence_encoder import Encoder
from ..options import ModelOptions
from ..tensors import load_tensors, tensor_bytes
from .building import EncoderSource, Setup
from .embed import Embed, EmbedOptions, cached_encoder
from .embed import build as build_embed
from .encoder import read_tokenizer, tokenized

# What a teacher said is kept in the cache under a hash of all that goes into it; what an older way
# of asking gave is not taken for what this one gives.
_VERSION = 2


class TeacherOptions(ModelOptions):
    """What a student learns from, a model of the family ``embed``.

    Attributes:
        encoder: whose embedding is read.
        layers: of the encoder, from below.
        last_alone: of these layers, only the last gives an embedding.
        model: options of the teacher.
        parts: that the folds are split into; each is scored by a teacher of the others.
    """

    encoder: EncoderSource = EncoderSource(name="all-mpnet-base-v2")
    layers: int = Field(9, ge=1)
    last_alone: bool = True
    model: EmbedOptions = EmbedOptions()
    parts: int = Field(3, ge=2)


class TaughtShares(ModelOptions):
    """Share of what the teacher says in the target of a post with a label, by axis.

    Attributes:
        style: raw against polished.
        paid: paid, one's own, neither.
        cause: none, low, high.
    """

    style: float = Field(0.25, ge=0, lt=1)
    paid: float = Field(0.5, ge=0, lt=1)
    cause: float = Field(0.25, ge=0, lt=1)


class StudentOptions(EmbedOptions):
    """Options of ``student``, beside those of ``embed``.

    Attributes:
        layers: of the small encoder, from below; the last gives the embedding.
        distil: how the small encoder is taught; None leaves it as it is, as does a want of posts
            to learn from.
        taught_shares: how far the teacher's answers count beside the labels.
        teacher: what it learns from.
    """

    layers: int = Field(3, ge=1)
    distil: DistilOptions | None = DistilOptions()
    taught_shares: TaughtShares = TaughtShares()
    teacher: TeacherOptions = TeacherOptions()


class Learning(NamedTuple):
    """How a student learns.

    Attributes:
        taught: asks a teacher of posts.
        encoder: the small encoder, which may have read posts of the sources that are named.
        shares: see ``TaughtShares``.
    """

    taught: Callable[[LabelledTexts], LabelledTexts]
    encoder: Callable[[Collection[str]], Encoder]
    shares: TaughtShares = TaughtShares()


class Student(Embed):
    """``embed`` with a teacher; once fitted, it is one, and saved as one."""

    family: ClassVar[str] = "student"

    def __init__(
        self,
        encoder: Encoder,
        options: EmbedOptions | None = None,
        learning: Learning | None = None,
    ) -> None:
        """Args: as for ``Embed``, and how it learns, needed by ``fit`` alone."""
        super().__init__(encoder, options)
        self._learning = learning

    def fit(self, train: LabelledTexts) -> Self:
        """Take an encoder that knows no other source, ask the teacher, and fit the heads.

        Posts without any label are left out of what the heads are fitted on.

        Raises:
            ValueError: there is no teacher.
        """
        if self._learning is None:
            raise ValueError("a student without a teacher cannot be fitted")
        how = self._learning
        self.encoder = how.encoder(frozenset(train.sources.tolist()))
        taught = how.taught(train)
        return self._fit(taught.take(taught.labelled), how.shares.model_dump())


class Answers:
    """What teachers say of posts, each fitted on other folds than the post's."""

    def __init__(self, new_teacher: Callable[[], Model], parts: int, cache: Path, key: str) -> None:
        """Ask teachers made anew for each part.

        Args:
            new_teacher: makes an unfitted one.
            parts: that the folds are split into.
            cache: where answers are kept.
            key: a name of all that they depend on beside the posts.
        """
        self._new_teacher, self._parts = new_teacher, parts
        self._cache, self._key = cache / "taught", key

    def taught(self, train: LabelledTexts) -> LabelledTexts:
        """The posts with what a teacher says of each; posts of no fold are asked about by none."""
        path = self._cache / f"{self._fingerprint(train)}.safetensors"
        if not path.is_file():
            said = self._ask(train)
            with replacing(path) as file:
                file.write(tensor_bytes({"taught": said}))
        return replace(train, taught=load_tensors(path)["taught"])

    def _ask(self, train: LabelledTexts) -> Probabilities:
        said = np.full((len(train), len(PROBABILITIES)), np.nan, np.float32)
        for part in parts(train.folds, train.groups, self._parts):
            # Whatever shares a group with a post that is asked about stays out.
            seen = train.labelled & ~np.isin(train.groups, train.groups[part])
            teacher = self._new_teacher().fit(train.take(seen))
            said[part] = teacher.predict_proba([train.texts[i] for i in np.flatnonzero(part)])
        return said

    def _fingerprint(self, train: LabelledTexts) -> str:
        digest = hashlib.sha256(f"{_VERSION} {self._parts} {self._key}".encode())
        for text in train.texts:
            digest.update(hashlib.sha256(text.encode("utf-8", "replace")).digest())
        for array in (train.folds, train.style, train.paid, train.kinds, train.cause, train.weight):
            digest.update(np.ascontiguousarray(array).tobytes())
        for names in (train.groups, train.authors):
            digest.update("\n".join(names.tolist()).encode())
        return digest.hexdigest()[:32]


def parts(folds: NDArray[np.int8], groups: NDArray[np.str_], n: int) -> Iterator[NDArray[np.bool_]]:
    """Masks of the posts of each part, shape (n_posts,): whole folds, dealt out in turn.

    Where there are fewer than two folds, whole groups.
    """
    numbers = np.unique(folds[folds >= 0])
    if len(numbers) > 1:
        yield from (np.isin(folds, numbers[first::n]) for first in range(min(n, len(numbers))))
        return
    names = np.unique(groups[folds >= 0])
    for first in range(min(n, len(names))):
        yield np.isin(groups, names[first::n]) & (folds >= 0)


def build(setup: Setup, model: StudentOptions, encoder: EncoderSource | None) -> Student:
    """Unfitted, see ``by_name.Family``.

    Raises:
        ImportError: the extra ``train`` or ``teacher`` is not installed.
    """
    asked = model.teacher

    def teacher() -> Embed:
        return build_embed(setup, asked.model, asked.encoder, asked.layers, asked.last_alone)

    answers = Answers(teacher, asked.parts, setup.cache, asked.model_dump_json(exclude={"parts"}))
    source = None if encoder is None else encoder.folder()
    small = partial(cached_encoder, setup, layers=model.layers, last_alone=True, packed=True,
                    precision=model.precision)  # fmt: skip

    def taught_encoder(sources: Collection[str]) -> Encoder:
        texts = spare_texts(setup.spare, sources, model.distil)
        if model.distil is None or not texts:
            return small(source)
        return small(_distilled(setup, model, model.distil, source, texts))

    return Student(
        small(source),
        EmbedOptions.model_validate(model.model_dump(include=set(EmbedOptions.model_fields))),
        Learning(answers.taught, taught_encoder, model.taught_shares),
    )


def spare_texts(
    spare: LabelledTexts | None, sources: Collection[str], options: DistilOptions | None
) -> list[str]:
    """Texts that an encoder may learn from: both views of posts of some sources.

    Args:
        spare: posts that share no group with one that is judged.
        sources: that may be read.
        options: tell how many posts a source needs.
    """
    if spare is None or options is None:
        return []
    names, member, counts = np.unique(spare.sources, return_inverse=True, return_counts=True)
    read = np.isin(names, list(sources)) & (counts >= options.least_of_a_source)
    chosen = spare.take(read[member])
    named = [b for a, b in zip(chosen.texts, chosen.with_author, strict=True) if a != b]
    return [*chosen.texts, *named]


def _distilled(
    setup: Setup,
    model: StudentOptions,
    options: DistilOptions,
    source: Path | None,
    texts: Sequence[str],
) -> Path:
    from ..finetune.distil import distilled_encoder
    from ..finetune.pinned import pinned_encoder

    asked, origin = model.teacher, pinned_encoder() if source is None else source
    large = asked.encoder.folder()
    tokenizer = read_tokenizer(origin)
    return distilled_encoder(
        setup.cache,
        origin,
        model.layers,
        texts,
        lambda some: cached_encoder(setup, large, asked.layers, last_alone=asked.last_alone).encode(
            some
        ),
        teacher=f"{asked.encoder.name} {asked.layers} {asked.last_alone}",
        tokens=lambda some: tokenized(tokenizer, some, options.max_tokens),
        options=options,
        seed=setup.seed,
        on_step=setup.on_step,
    )
