"""How a model is run: on which device, in which batches, on how many threads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from .base import Model

Device = Literal["auto", "cpu", "cuda"]


@dataclass(frozen=True)
class Runtime:
    """What can be set for a model at work; None leaves it as the model has it.

    Attributes:
        device: ``auto`` takes a GPU where onnxruntime finds one.
        batch_size: posts that a neural model sees at once.
        max_length: tokens a neural model reads of a post.
        threads: of a neural model; None for as many as there are processors.
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


def tuned(model: Model, runtime: Runtime) -> Model:
    """The model, run as asked.

    Raises:
        ValueError: something is set that has no meaning for this family.
    """
    for name, value in (("--batch-size", runtime.batch_size), ("--max-length", runtime.max_length)):
        if value is not None:
            raise ValueError(f"{name}: a model of the family {model.family} has none")
    if runtime.device == "cuda":
        raise ValueError(f"--device cuda: a model of the family {model.family} runs on the CPU")
    return model
