"""The saved format: a self-contained folder with ``model.json`` and a hash of every file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..data.hashing import file_sha256
from ..data.text.masked_cache import MASKING_VERSION
from ..version import __version__
from .base import PROBABILITIES, Model
from .decision.calibration import Calibration
from .decision.thresholds import Thresholds
from .families.by_name import family_class
from .features.version import FEATURES_VERSION

# 2: 8-bit weights in the graph, and cuts that say whether their authors can hold them.
# 3: a fifth probability, promotion of one's own, and views with the author.
# 4: the versions of masking and features that the model was trained under.
# A program that reads up to an earlier one would call such a folder damaged; this one reads all.
FORMAT_VERSION = 4
DESCRIPTION = "model.json"
CARD = "MODEL_CARD.md"
_MAX_DESCRIPTION_BYTES = 5_000_000
_Described = TypeVar("_Described", bound=BaseModel)
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
        probabilities: columns of the scores that the model was trained on, in their order.
        masking: version of the rules by which the posts it was trained on were masked; 0 where
            an earlier program saved it, which did not say.
        features: version of the n-grams and cues that it was trained on; 0 likewise.
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
    masking: int = 0
    features: int = 0
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
    written = {
        "format_version": FORMAT_VERSION,
        "masking": MASKING_VERSION,
        "features": FEATURES_VERSION,
        "probabilities": info.thresholds.told,
        "files": files,
        "libraries": _library_versions(),
    }
    complete = info.model_copy(update=written)
    text = complete.model_dump_json(indent=1)
    (folder / DESCRIPTION).write_text(text + "\n", "utf-8")
    return complete


def load_model(folder: Path) -> tuple[Model, ModelInfo]:
    """Check every file against its hash, then rebuild the model. Nothing is unpickled.

    Raises:
        ModelError: no model folder, a missing, changed or extra file, a newer format, or trained
            under other rules of masking, or other features, than this program has.
    """
    info = read_info(folder)
    _check_rules(folder, info)
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


def name_version(folder: Path, name: str, version: str) -> None:
    """Write into a folder as which version of which registered model it was downloaded.

    Raises:
        ModelError: as ``load_model``.
    """
    info = read_info(folder).model_copy(update={"name": name, "version": version})
    (folder / DESCRIPTION).write_text(info.model_dump_json(indent=1) + "\n", "utf-8")


def read_info(folder: Path) -> ModelInfo:
    """Read ``model.json`` alone.

    Raises:
        ModelError: as ``load_model``.
    """
    path = folder / DESCRIPTION
    info = read_description(path, ModelInfo, f"{folder} is not a model folder", FORMAT_VERSION)
    if info.probabilities != info.thresholds.told:
        raise ModelError(
            f"{path}: probabilities {info.probabilities} are not those with thresholds, "
            f"{info.thresholds.told}"
        )
    if any(Path(name).name != name for name in info.files):
        raise ModelError(f"{path}: a file name leads out of the folder")
    return info


def read_description(path: Path, of: type[_Described], without: str, newest: int) -> _Described:
    """Read the file of JSON that says what a folder holds; nothing in it is trusted.

    Args:
        path: of the file.
        of: what it describes; has a ``format_version``.
        without: what a folder is where the file cannot be read.
        newest: version of the format that this program reads.

    Raises:
        ModelError: not readable, too large, no JSON, of a newer version, or not such an object.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_DESCRIPTION_BYTES + 1)
    except OSError as error:
        raise ModelError(f"{without}: {path.name} cannot be read") from error
    if len(content) > _MAX_DESCRIPTION_BYTES:
        raise ModelError(f"{path} is too large to be a description")
    try:
        raw: Any = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path} is not valid JSON: copy the whole folder again") from error
    found = raw.get("format_version") if isinstance(raw, dict) else None
    if not isinstance(found, int) or found < 1:
        raise ModelError(f"{path} describes no model of this project")
    if found > newest:
        raise ModelError(
            f"{path.parent} has format version {found}, this program reads up to {newest}: "
            "install a newer version of unpolished"
        )
    try:
        return of.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "object"
        raise ModelError(f"{path}: field {where}: {first['msg']}") from None


def _check_rules(folder: Path, info: ModelInfo) -> None:
    """Refuse a model that would be shown other texts, or features, than it was fitted on."""
    for what, found, ours in (
        ("masking", info.masking, MASKING_VERSION),
        ("features", info.features, FEATURES_VERSION),
    ):
        if found != ours:
            saved_by = info.libraries.get("unpolished")
            by = f"unpolished {saved_by}" if saved_by else "an earlier unpolished"
            raise ModelError(
                f"{folder} was trained under version {found or 'unknown'} of {what}, and saved by "
                f"{by}; this program ({__version__}) has version {ours} of it, so what the model "
                "says would not hold. Train it again with this program, or score with the one that "
                "saved it"
            )


def _library_versions() -> dict[str, str]:
    found = {"unpolished": __version__}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
