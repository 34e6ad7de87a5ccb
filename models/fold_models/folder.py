"""The folder of a run's fold models: a saved model for each fold, and which post is in which.

``fold-0`` to ``fold-4`` and ``no-fold`` are saved models, ``seen.safetensors`` is a table of
hashes (see ``seen_posts``), and ``folds.json`` has the run and a hash of all of them. Calibration
and thresholds are those of the run's own model: they were fitted on what the fold models say.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from ...data.hashing import file_sha256
from ...data.labelled_texts import LabelledTexts
from ..base import Model
from ..saved_model import (
    DESCRIPTION,
    ModelError,
    ModelInfo,
    load_model,
    read_description,
    save_model,
)
from .seen_posts import SeenPosts

FOLDS, SEEN = "folds.json", "seen.safetensors"
_FORMAT_VERSION = 1
# What decides beside the weights: the same in all models of a run.
_SHARED = ("run_id", "family", "calibration", "thresholds", "probabilities", "reads_author")


class FoldModel(NamedTuple):
    """A fitted model of a fold.

    Attributes:
        model: fitted without the posts of the fold.
        n_posts: that it was fitted on.
        n_authors: of these.
    """

    model: Model
    n_posts: int
    n_authors: int


class FoldsInfo(BaseModel):
    """What ``folds.json`` says.

    Attributes:
        run_id: of the run.
        models: fold to the SHA-256 of its model's description, which has those of its files; fold
            -1 is that of the posts that all other models were fitted on.
        seen: SHA-256 of the table of posts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format_version: int = _FORMAT_VERSION
    run_id: str
    models: dict[int, str]
    seen: str


class OpenedFolds(NamedTuple):
    """What a folder holds.

    Attributes:
        models: by fold, each with its description and where it is.
        seen: the fold of each post that the run has seen.
    """

    models: dict[int, tuple[Model, ModelInfo, Path]]
    seen: SeenPosts


def save_fold_models(
    folder: Path, models: Mapping[int, FoldModel], info: ModelInfo, posts: LabelledTexts
) -> None:
    """Write a new folder.

    Args:
        folder: new or empty.
        models: by fold.
        info: of the run's own model.
        posts: all that the run has seen.
    """
    for fold, one in models.items():
        counts = {"n_posts": one.n_posts, "n_authors": one.n_authors}
        of_fold = {
            "name": f"{info.name}-{_name(fold)}",
            "training": info.training.model_copy(update=counts),
        }
        save_model(folder / _name(fold), one.model, info.model_copy(update=of_fold), _card(fold))
    SeenPosts.of(posts).save(folder / SEEN)
    described = FoldsInfo(
        run_id=str(info.run_id),
        models={fold: file_sha256(folder / _name(fold) / DESCRIPTION) for fold in sorted(models)},
        seen=file_sha256(folder / SEEN),
    )
    (folder / FOLDS).write_text(described.model_dump_json(indent=1) + "\n", "utf-8")


def load_fold_models(folder: Path, full: ModelInfo) -> OpenedFolds:
    """Read a folder; every model is checked against its hash, and against the run's own model.

    Raises:
        ModelError: no fold models, damaged, or of another run than ``full``.
    """
    described = read_description(
        folder / FOLDS, FoldsInfo, f"{folder} has no fold models", _FORMAT_VERSION
    )
    if described.run_id != full.run_id:
        raise ModelError(
            f"{folder} has the fold models of run {described.run_id}, but the model {full.name} is "
            f"of run {full.run_id or 'unknown'}: open that run's own model, "
            f"runs:/{described.run_id}/model"
        )
    opened: dict[int, tuple[Model, ModelInfo, Path]] = {}
    for fold, expected in described.models.items():
        place = folder / _name(fold)
        _check(place / DESCRIPTION, expected)
        model, info = load_model(place)
        for name in _SHARED:
            if getattr(info, name) != getattr(full, name):
                raise ModelError(f"{place}: its {name} is not that of the model {full.name}")
        opened[fold] = model, info, place
    _check(folder / SEEN, described.seen)
    try:
        seen = SeenPosts.load(folder / SEEN)
    except (ValueError, OSError) as error:
        raise ModelError(f"{folder / SEEN}: {error}; copy the whole folder again") from error
    if missing := set(seen.folds.values()) - set(opened):
        raise ModelError(f"{folder}: there is no model of fold {min(missing)}")
    return OpenedFolds(opened, seen)


def _check(path: Path, expected: str) -> None:
    if path.is_symlink() or not path.is_file() or file_sha256(path) != expected:
        raise ModelError(f"{path} is missing or was changed; copy the whole folder again")


def _name(fold: int) -> str:
    return "no-fold" if fold < 0 else f"fold-{fold}"


def _card(fold: int) -> str:
    of = "the posts that stand in no fold" if fold < 0 else f"the posts of fold {fold}"
    return (
        f"# A fold model\n\nFitted without {of}, to score these and nothing else "
        "(`unpolished vet --folds`). Calibration, thresholds and metrics are those of the run's "
        "own model, which is the one to use for other posts.\n"
    )
