"""How a model is run: on which device, in which batches, on how many threads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from .base import PROBABILITIES, Model, Probabilities

if TYPE_CHECKING:
    from .encoder import FinetunedEncoder

Device = Literal["auto", "cpu", "cuda"]
_CPU, _CUDA = "CPUExecutionProvider", "CUDAExecutionProvider"
_BATCH = 32


@dataclass(frozen=True)
class Runtime:
    """What can be set for a model at work; None leaves it as the model has it.

    Attributes:
        device: ``auto`` takes a GPU where onnxruntime finds one.
        batch_size: posts that the encoder sees at once.
        max_length: tokens the encoder reads of a post.
        threads: of the encoder; None for as many as there are processors.
    """

    device: Device = "auto"
    batch_size: int | None = None
    max_length: int | None = None
    threads: int | None = None

    def settings(self) -> dict[str, Any]:
        """What may change a score in its last digits, under the names of the command line."""
        return {
            "--device": self.device,
            "--batch-size": self.batch_size,
            "--max-length": self.max_length,
        }


class RunningEncoder:
    """A fine-tuned encoder, loaded, with a session of its own; it cannot be fitted or saved.

    Its batches are made of posts of like length, and rows come back in the order given.
    """

    family: ClassVar[str] = "encoder"

    def __init__(self, encoder: FinetunedEncoder, folder: Path, runtime: Runtime) -> None:
        """Open the graph of ``folder`` anew.

        Raises:
            ValueError: ``cuda`` where onnxruntime finds none.
        """
        import onnxruntime

        from .encoder import SKELETON, WEIGHTS, read_tokenizer
        from .packed_weights import unpacked

        settings = onnxruntime.SessionOptions()
        settings.log_severity_level = 3
        settings.intra_op_num_threads = runtime.threads or 0
        self._session = onnxruntime.InferenceSession(
            unpacked(folder / SKELETON, folder / WEIGHTS), settings,
            providers=providers(runtime.device),
        )  # fmt: skip
        self._tokenizer = read_tokenizer(folder)
        self.max_tokens = runtime.max_length or encoder.options.max_tokens
        self.batch_size = runtime.batch_size or _BATCH

    def predict_proba(self, texts: Sequence[str]) -> Probabilities:
        """See ``models.base.Model.predict_proba``."""
        from .encoder import tokenized
        from .tokens import by_length, padded

        tokens = tokenized(self._tokenizer, texts, self.max_tokens)
        scores = np.zeros((len(tokens), len(PROBABILITIES)), np.float32)
        for rows in by_length([len(ids) for ids in tokens], self.batch_size):
            ids, attention = padded([tokens[i] for i in rows])
            fed = {"input_ids": ids, "attention_mask": attention}
            (scores[rows],) = self._session.run(None, fed)
        return scores


def providers(device: Device) -> list[str]:
    """The execution providers of onnxruntime for a device.

    Raises:
        ValueError: ``cuda`` where onnxruntime finds none.
    """
    import onnxruntime

    found = _CUDA in onnxruntime.get_available_providers()
    if device == "cuda" and not found:
        raise ValueError(
            "--device cuda: this onnxruntime knows no GPU; install onnxruntime-gpu, or use cpu"
        )
    return [_CPU] if device == "cpu" or not found else [_CUDA, _CPU]


def tuned(model: Model, runtime: Runtime, folder: Path) -> Model:
    """The model, run as asked; a model around an encoder has its encoder exchanged.

    Args:
        model: as loaded from ``folder``; changed in place where it holds an encoder.
        runtime: nothing set leaves everything as it is.
        folder: with the encoder's graph.

    Raises:
        ValueError: something is set that has no meaning for this family, or no such device.
    """
    if runtime == Runtime():
        return model
    holder: Any = getattr(model, "stack", model)
    encoder: Any = holder if model.family == "encoder" else getattr(holder, "encoder", None)
    if getattr(encoder, "family", None) != "encoder":
        _check_unset(model, runtime)
        return model
    running: Any = RunningEncoder(encoder, folder, runtime)
    if model.family == "encoder":
        return running  # type: ignore[no-any-return]
    holder.encoder = running
    return model


def _check_unset(model: Model, runtime: Runtime) -> None:
    for name, value in (("--batch-size", runtime.batch_size), ("--max-length", runtime.max_length)):
        if value is not None:
            raise ValueError(f"{name}: a model of the family {model.family} has none")
    if runtime.device == "cuda":
        raise ValueError(f"--device cuda: a model of the family {model.family} runs on the CPU")
