"""A scorer in another process: what is sent there is the address of its model, not the model."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache

from ..models.fingerprint import changed, program
from ..models.runtime import Runtime
from ..models.saved_model import ModelError
from .scorer import Scorer


def reopened(address: str, runtime: Runtime, digest: str, made_of: Mapping[str, str]) -> Scorer:
    """The scorer, opened once in this process.

    Raises:
        ModelError: the model, or the program, is another one here.
    """
    # By process: what was opened before a fork has no threads after it.
    scorer = _opened(os.getpid(), address, runtime)
    if scorer.digest != digest:
        raise ModelError(f"{address}: the model was changed while it was in use")
    if what := changed(made_of, program()):
        raise ModelError(f"a scorer came from a process with another program: {what}")
    return scorer


@cache
def _opened(process: int, address: str, runtime: Runtime) -> Scorer:
    del process
    return Scorer.load(address, runtime)
