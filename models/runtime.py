"""How a model is run: device, batch size, precision and threads."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

from ..data.values.choices import check_choice, check_number
from .base import Model

Device = Literal["auto", "cpu", "cuda"]
Precision = Literal["float32", "int8"]
_CPU, _CUDA = "CPUExecutionProvider", "CUDAExecutionProvider"


@dataclass(frozen=True)
class Runtime:
    """Settings of a model at scoring time; None keeps the model's own.

    Attributes:
        device: ``auto`` takes a GPU where onnxruntime finds one.
        batch_size: posts that a network sees at once; None for as many as have
            ``onnx.batching.BATCH_TOKENS`` together.
        max_length: tokens a network reads of a post.
        threads: of a network; None for ``default_threads()``.
        precision: ``int8`` quantises large matrix products; see ``onnx.int8_matmul``. A model's
            own holds for a processor; on a GPU, it is float32.
    """

    device: Device = "auto"
    batch_size: int | None = None
    max_length: int | None = None
    threads: int | None = None
    precision: Precision | None = None

    def __post_init__(self) -> None:
        """Refuse values that mean nothing.

        Raises:
            ValueError: an unknown device or precision, or a number below 1.
        """
        check_choice("device", self.device, Device)
        if self.precision is not None:
            check_choice("precision", self.precision, Precision)
        for name in ("batch_size", "max_length", "threads"):
            check_number(name, getattr(self, name))

    def settings(self) -> dict[str, Any]:
        """Settings that may change a score, if only in its last digits, by option name."""
        return {
            "--device": self.device,
            "--batch-size": self.batch_size,
            "--max-length": self.max_length,
            "--precision": self.precision,
        }


@runtime_checkable
class Tunable(Protocol):
    """A model with a network inside."""

    def run_as(self, runtime: Runtime) -> None:
        """Apply settings from now on.

        Raises:
            ValueError: ``cuda`` where onnxruntime finds none.
        """
        ...


def processors() -> int:
    """Number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def default_threads() -> int:
    """Number of threads of a network unless set otherwise.

    OMP_NUM_THREADS counts: Spark tells its workers there that each is one of many.
    """
    told = os.environ.get("OMP_NUM_THREADS", "")
    return int(told) if told.isdecimal() and int(told) else processors()


def providers(device: Device) -> list[str]:
    """Execution providers of onnxruntime for a device.

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


def tuned(model: Model, runtime: Runtime) -> Model:
    """Apply settings to a model and return it.

    Raises:
        ValueError: something is set that has no meaning for this family, or no such device.
    """
    if isinstance(model, Tunable):
        if runtime != Runtime():
            model.run_as(runtime)
        return model
    family = f"a model of the family {model.family}"
    for name, value in (("--batch-size", runtime.batch_size), ("--max-length", runtime.max_length)):
        if value is not None:
            raise ValueError(f"{name}: {family} has no network that it could act on; leave it out")
    if runtime.device == "cuda":
        raise ValueError(f"--device cuda: {family} runs on the CPU; leave it out")
    if runtime.precision == "int8":
        raise ValueError(f"--precision {runtime.precision}: {family} has no network; leave it out")
    return model
