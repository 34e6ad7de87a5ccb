"""``encoder``: the sentence encoder fine-tuned; onnxruntime scores, torch only trains."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import weakref
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from ...data.hashing import file_sha256
from ...data.labelled_texts import LabelledTexts
from ..base import (
    FIRST_FOUR,
    PROBABILITIES,
    Diagnostics,
    Probabilities,
    Scores,
    all_columns,
)
from ..finetune.export_check import check, compared, rows_to_compare
from ..finetune.options import EncoderOptions
from ..onnx.batching import Ids, both_ends
from ..onnx.int8_weights import graph_for, pack
from ..onnx.sentence_encoder import TOKENIZER, check_graph
from ..onnx.session import Network, Read
from ..runtime import Runtime
from .building import EncoderSource, Setup, encoder_folder

if TYPE_CHECKING:
    from ..finetune.fit import Finetuned, OnStep

GRAPH, DESCRIPTION = "encoder.onnx", "encoder.json"
# Where version 0.1 kept the weights of the graph.
WEIGHTS = "encoder.safetensors"
# A fit kept from an older way of fitting is not taken for a new one.
_FIT_VERSION = 7


class FinetunedEncoder:
    """The pinned sentence encoder with a head per axis, all fine-tuned together.

    A fit is kept in the cache under a hash of all that goes into it, so that a run that was killed
    goes on with the fold it was at.
    """

    family: ClassVar[str] = "encoder"

    def __init__(
        self,
        options: EncoderOptions | None = None,
        origin: Path | None = None,
        cache: Path | None = None,
        seed: int = 0,
        on_step: OnStep | None = None,
        *,
        embeds: bool = False,
    ) -> None:
        """An unfitted model.

        Args:
            options: see ``EncoderOptions``.
            origin: folder of the encoder to fine-tune, needed by ``fit`` alone.
            cache: where fits are kept; None keeps none.
            seed: of everything random.
            on_step: told how a fit goes on.
            embeds: ``read`` gives embeddings, too.
        """
        self.options, self.embeds = options or EncoderOptions(), embeds
        self._origin, self._cache, self._seed, self._on_step = origin, cache, seed, on_step
        self._folder: Path

    def fit(self, train: LabelledTexts) -> Self:
        """Fine-tune, export, and check the export against the fitted network.

        Raises:
            ExportError: they do not say the same, see ``export_check``.
            ImportError: the extra ``train`` is not installed.
        """
        if self._origin is None:
            raise ValueError("the encoder to fine-tune is not given")
        if self._cache is None:
            parent = Path(tempfile.mkdtemp())
            weakref.finalize(self, shutil.rmtree, parent, ignore_errors=True)
        else:
            parent = self._cache / "fits"
        folder = parent / self._fingerprint(train)
        if not (folder / DESCRIPTION).is_file():
            parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=parent) as scratch:
                fitted = Path(scratch) / "fit"
                fitted.mkdir()
                self._fit(train, self._origin, fitted)
                shutil.rmtree(folder, ignore_errors=True)
                fitted.rename(folder)
        self._open(folder)
        return self

    def predict_proba(self, texts: Sequence[str]) -> Probabilities:
        """See ``models.base.Model.predict_proba``."""
        return self.scores(texts).probabilities

    def scores(self, texts: Sequence[str]) -> Scores:
        """See ``models.base.Truncating.scores``."""
        output, truncated = self.read(texts)
        return Scores(self.split(output)[0], truncated)

    def read(self, texts: Sequence[str]) -> Read:
        """Probabilities, and beside them, where asked for, the embeddings that no fit changes.

        Models of earlier versions give no embeddings.
        """
        return self._network.read(texts)

    def split(self, output: NDArray[np.float32]) -> tuple[Probabilities, NDArray[np.float32]]:
        """Probabilities and embeddings of what ``read`` gives; earlier models have but four."""
        return all_columns(output[:, : self._columns]), output[:, self._columns :]

    def run_as(self, runtime: Runtime) -> None:
        """See ``models.runtime.Tunable.run_as``."""
        self._network.run_as(runtime)

    def save(self, folder: Path) -> None:
        """Write the graph with its weights, tokeniser and options."""
        for name in (GRAPH, TOKENIZER, DESCRIPTION, WEIGHTS):
            if name != WEIGHTS or (self._folder / WEIGHTS).exists():
                shutil.copyfile(self._folder / name, folder / name)

    @classmethod
    def load(cls, folder: Path, *, embeds: bool = False) -> Self:
        """Rebuild what ``save`` wrote.

        Args:
            folder: that ``save`` wrote to.
            embeds: ``read`` gives embeddings, too.

        Raises:
            ValueError: the graph reaches outside its file, or the weights are not its own.
            ImportError: onnxruntime or tokenizers is not installed.
        """
        described = json.loads((folder / DESCRIPTION).read_text("utf-8"))
        model = cls(EncoderOptions.model_validate(described["options"]), embeds=embeds)
        model._open(folder)
        return model

    @property
    def embedding_key(self) -> str:
        """A name of all that the embedding depends on.

        Raises:
            ValueError: the encoder to fine-tune is not given.
        """
        if self._origin is None:
            raise ValueError("the encoder to fine-tune is not given")
        origin = file_sha256(self._origin / "model.safetensors")
        return (
            f"{origin[:16]}-{_FIT_VERSION}-{self.options.embedded_layers}-{self.options.max_tokens}"
        )

    def diagnostics(self, texts: Sequence[str]) -> Diagnostics:
        """Differences between network and export, as measured when it was fitted."""
        del texts
        described = json.loads((self._folder / DESCRIPTION).read_text("utf-8"))
        return Diagnostics(
            figures={f"export.{name}": float(value) for name, value in described["export"].items()}
        )

    def _open(self, folder: Path) -> None:
        try:
            import onnxruntime  # noqa: F401  (named here, where the message says what for)
        except ImportError as error:
            raise ImportError("encoder models need: pip install onnxruntime tokenizers") from error
        check_graph(folder / GRAPH)
        self._columns = _columns(folder)
        # Without self in it: a model that refers to itself stays in memory until it is looked for.
        outputs = None if self.embeds else 1
        self._network = Network(
            lambda: graph_for(folder / GRAPH, outputs),
            read_tokenizer(folder),
            self.options.max_tokens,
            both_ends,
        )
        self._folder = folder

    def _fit(self, train: LabelledTexts, origin: Path, folder: Path) -> None:
        from ..finetune.export import export_graph
        from ..finetune.fit import finetune
        from ..finetune.network import WithEmbeddings

        tokens = tokenized(read_tokenizer(origin), train.texts, self.options.max_tokens)
        watched: dict[str, Callable[..., None]] = (
            {"on_step": self._on_step} if self._on_step else {}
        )
        fitted = finetune(tokens, train, origin, self.options, self._seed, **watched)
        shutil.copyfile(origin / TOKENIZER, folder / TOKENIZER)
        graph = folder / "whole.onnx"
        export_graph(
            WithEmbeddings(fitted.net).eval(), graph, "probabilities", "sentence_embedding"
        )
        pack(graph, folder / GRAPH)
        graph.unlink()
        told = {"columns": len(PROBABILITIES)}
        (folder / DESCRIPTION).write_text(json.dumps(told), "utf-8")
        self._open(folder)
        report = self._checked(fitted, tokens, train)
        described = {"options": self.options.model_dump(), "export": report} | told
        (folder / DESCRIPTION).write_text(json.dumps(described, indent=1) + "\n", "utf-8")

    def _checked(
        self, fitted: Finetuned, tokens: Sequence[Ids], train: LabelledTexts
    ) -> dict[str, float]:
        """How far export and network are apart; figures of AUC are of held-out posts alone."""
        from ..finetune.fit import probabilities

        rows = rows_to_compare(fitted.held_out, len(train))
        posts = train.take(rows)
        network = probabilities(fitted.net, [tokens[i] for i in rows])
        exported = self.predict_proba(posts.texts)
        check(compared(network, exported, posts))
        out = np.isin(rows, fitted.held_out)
        return compared(network[out], exported[out], posts.take(out))

    def _fingerprint(self, train: LabelledTexts) -> str:
        assert self._origin is not None  # noqa: S101  (checked by fit)
        digest = hashlib.sha256(
            f"{_FIT_VERSION} {file_sha256(self._origin / 'model.safetensors')} "
            f"{self.options.model_dump_json()} {self._seed}".encode()
        )
        for text in train.texts:
            digest.update(hashlib.sha256(text.encode("utf-8", "replace")).digest())
        arrays = (train.style, train.paid, train.kinds, train.cause, train.weight)
        for array in arrays:
            digest.update(np.ascontiguousarray(array).tobytes())
        for names in (train.sources, train.groups):
            digest.update("\n".join(names.tolist()).encode())
        return digest.hexdigest()[:32]


def _columns(folder: Path) -> int:
    """How many probabilities the graph of a folder gives; earlier versions did not say: four.

    Raises:
        ValueError: fewer than four, or more than there are.
    """
    described = json.loads((folder / DESCRIPTION).read_text("utf-8"))
    found = described.get("columns", len(FIRST_FOUR))
    if found not in (len(FIRST_FOUR), len(PROBABILITIES)):
        raise ValueError(
            f"{DESCRIPTION}: columns must be {len(FIRST_FOUR)} or {len(PROBABILITIES)}"
        )
    return int(found)


def read_tokenizer(folder: Path) -> Any:  # noqa: ANN401
    """The tokeniser of a folder, without truncation or padding of its own.

    Raises:
        ImportError: onnxruntime or tokenizers is not installed.
    """
    try:
        from tokenizers import Tokenizer
    except ImportError as error:
        raise ImportError("encoder models need: pip install onnxruntime tokenizers") from error
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def tokenized(tokenizer: Any, texts: Sequence[str], limit: int) -> list[Ids]:  # noqa: ANN401
    """Ids of each text, special tokens included, both ends kept where it is longer."""
    return [both_ends(encoded.ids, limit) for encoded in tokenizer.encode_batch(list(texts))]


def build(setup: Setup, model: EncoderOptions, encoder: EncoderSource | None) -> FinetunedEncoder:
    """Unfitted, see ``by_name.Family``.

    Raises:
        ImportError: the extra ``train`` is not installed.
    """
    return FinetunedEncoder(
        model,
        encoder_folder(encoder),
        setup.cache,
        setup.seed,
        setup.on_step,
    )
