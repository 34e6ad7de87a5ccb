"""The saved format: a self-contained folder with ``model.json`` and a hash of every file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..data.hashing import file_sha256
from .base import FIRST_FOUR, PROBABILITIES, Model
from .decision.calibration import Calibration
from .decision.thresholds import Thresholds
from .families.by_name import family_class

# 2: 8-bit weights in the graph, and cuts that say whether their authors can hold them.
# 3: a fifth probability, promotion of one's own, and views with the author.
# A program that reads up to an earlier one would call such a folder damaged; this one reads all.
FORMAT_VERSION = 3
DESCRIPTION = "model.json"
CARD = "MODEL_CARD.md"
_MAX_DESCRIPTION_BYTES = 5_000_000
_LIBRARIES = ("numpy", "scikit-learn", "safetensors", "onnxruntime", "tokenizers")


class ModelError(ValueError):
    """A model folder that cannot be used: damaged, foreign or from a newer version."""


class TrainingData(BaseModel):
    """What the model was fitted on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    fingerprint: str
    folds_sha256: str | None = None
    n_posts: int
    n_authors: int


class ModelInfo(BaseModel):
    """Everything about a saved model but its weights.

    Attributes:
        probabilities: column order of the scores; the first four of a model that was not trained
            on promotion of one's own.
        reads_author: it was trained on views made with the author, and so scores them.
        metrics: ``axis -> metric -> (value, low, high)``, out of fold.
        files: SHA-256 of every other file in the folder.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format_version: int = FORMAT_VERSION
    name: str
    version: str | None = None
    run_id: str | None = None
    family: str
    created: str = Field(default_factory=lambda: datetime.now(UTC).date().isoformat())
    probabilities: tuple[str, ...] = PROBABILITIES
    reads_author: bool = False
    calibration: Calibration
    thresholds: Thresholds
    training: TrainingData
    metrics: dict[str, dict[str, tuple[float | None, float | None, float | None]]] = {}
    libraries: dict[str, str] = {}
    files: dict[str, str] = {}


def save_model(folder: Path, model: Model, info: ModelInfo, card: str) -> ModelInfo:
    """Write a new folder; returns ``info`` completed with library versions and hashes.

    Raises:
        FileExistsError: the folder exists and is not empty.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty: choose a new folder")
    model.save(folder)
    (folder / CARD).write_text(card, "utf-8")
    files = {path.name: file_sha256(path) for path in sorted(folder.iterdir())}
    written = {"format_version": FORMAT_VERSION, "files": files, "libraries": _library_versions()}
    complete = info.model_copy(update=written)
    text = complete.model_dump_json(indent=1)
    (folder / DESCRIPTION).write_text(text + "\n", "utf-8")
    return complete


def load_model(folder: Path) -> tuple[Model, ModelInfo]:
    """Check every file against its hash, then rebuild the model. Nothing is unpickled.

    Raises:
        ModelError: no model folder, a missing, changed or extra file, or a newer format.
    """
    info = read_info(folder)
    present = {path.name for path in folder.iterdir()} - {DESCRIPTION}
    if missing := sorted(set(info.files) - present):
        raise ModelError(f"{folder}: file {missing[0]} is missing; copy the whole folder again")
    if extra := sorted(present - set(info.files)):
        raise ModelError(f"{folder}: file {extra[0]} is not part of this model; remove it")
    for name, expected in info.files.items():
        path = folder / name
        if path.is_symlink() or not path.is_file() or file_sha256(path) != expected:
            raise ModelError(f"{folder}: file {name} was changed; copy the whole folder again")
    try:
        return family_class(info.family).load(folder), info
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise ModelError(f"{folder}: the model cannot be rebuilt: {error}") from error


def read_info(folder: Path) -> ModelInfo:
    """Read ``model.json`` alone.

    Raises:
        ModelError: as ``load_model``.
    """
    path = folder / DESCRIPTION
    try:
        if path.stat().st_size > _MAX_DESCRIPTION_BYTES:
            raise ModelError(f"{path} is too large to be a model description")
        raw: Any = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ModelError(f"{folder} is not a model folder: {DESCRIPTION} cannot be read") from error
    except ValueError as error:
        raise ModelError(f"{path} is not valid JSON: copy the whole folder again") from error
    found = raw.get("format_version") if isinstance(raw, dict) else None
    if not isinstance(found, int) or found < 1:
        raise ModelError(f"{path} describes no model of this project")
    if found > FORMAT_VERSION:
        raise ModelError(
            f"{folder} has format version {found}, this program reads up to {FORMAT_VERSION}: "
            "install a newer version of unpolished"
        )
    try:
        info = ModelInfo.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise ModelError(f"{path}: field {where}: {first['msg']}") from None
    if info.probabilities not in (FIRST_FOUR, PROBABILITIES):
        raise ModelError(f"{path}: label order {info.probabilities} is not {PROBABILITIES}")
    if any(Path(name).name != name for name in info.files):
        raise ModelError(f"{path}: a file name leads out of the folder")
    return info


def _library_versions() -> dict[str, str]:
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
