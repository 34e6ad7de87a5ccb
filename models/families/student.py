"""``student``: n-grams and a small embedding that learn what a larger, slower model says of posts.

Knowledge distillation (Hinton et al. 2015, arXiv 1503.02531). The teacher is cross-fitted within
the posts that the student is fitted on: what it says of a post comes from a fit that saw nothing of
the post's group. So a student that is judged on a fold, or on a source that was left out, has
learnt from teachers that saw nothing of either.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from ...data.cache import replacing
from ...data.labelled_texts import LabelledTexts
from ..base import PROBABILITIES, Model, Probabilities
from ..onnx.sentence_encoder import Encoder
from ..options import ModelOptions
from ..tensors import load_tensors, tensor_bytes
from .building import EncoderSource, Setup
from .embed import Embed, EmbedOptions, cached_encoder
from .embed import build as build_embed

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


class StudentOptions(EmbedOptions):
    """Options of ``student``, beside those of ``embed``.

    Attributes:
        layers: of the small encoder, from below; the last gives the embedding.
        taught_share: share of what the teacher says in the target of a post with a label; of one
            without, it is all of it.
        max_unlabelled: at most as many posts without a label are learnt from, drawn at random.
        teacher: what it learns from.
    """

    layers: int = Field(3, ge=1)
    taught_share: float = Field(0.5, gt=0, lt=1)
    max_unlabelled: int = Field(12_000, ge=0)
    teacher: TeacherOptions = TeacherOptions()


class Learning(NamedTuple):
    """How a student learns.

    Attributes:
        taught: asks a teacher of posts.
        taught_share: see ``StudentOptions``.
        max_unlabelled: see ``StudentOptions``.
        seed: of the draw.
    """

    taught: Callable[[LabelledTexts], LabelledTexts]
    taught_share: float = 0.5
    max_unlabelled: int = 12_000
    seed: int = 0

    def drawn(self, labelled: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which posts are learnt from: all with a label, and some without, shape (n_posts,)."""
        chosen, without = labelled.copy(), np.flatnonzero(~labelled)
        rng = np.random.default_rng(self.seed)
        chosen[rng.permutation(without)[: self.max_unlabelled]] = True
        return chosen


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
        """Ask the teacher, and fit on labels and answers.

        Posts without any label are learnt from by what the teacher says of them.

        Raises:
            ValueError: there is no teacher.
        """
        if self._learning is None:
            raise ValueError("a student without a teacher cannot be fitted")
        how = self._learning
        taught = how.taught(train)
        return self._fit(taught.take(how.drawn(taught.labelled)), how.taught_share)


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
    return Student(
        cached_encoder(setup, source, model.layers, last_alone=True, packed=True),
        EmbedOptions.model_validate(model.model_dump(include=set(EmbedOptions.model_fields))),
        Learning(answers.taught, model.taught_share, model.max_unlabelled, setup.seed),
    )
