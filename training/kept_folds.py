"""The fold models of a run, kept to score later what the run's own model was trained on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from ..data.folds.fold_file import NO_FOLD
from ..data.labelled_texts import LabelledTexts
from ..models.base import Model
from ..models.fold_models.folder import FoldModel, save_fold_models
from ..models.saved_model import ModelInfo


class KeptFolds:
    """Models of folds, as cross-fitting makes them."""

    def __init__(self) -> None:
        self._models: dict[int, FoldModel] = {}

    def add(self, fold: int, model: Model, part: LabelledTexts) -> None:
        """Keep a model.

        Args:
            fold: whose posts it has not seen.
            model: fitted.
            part: the posts that it was fitted on.
        """
        self._models[fold] = FoldModel(model, len(part), len(np.unique(part.authors)))

    def add_no_fold(
        self,
        everything: LabelledTexts,
        spare: LabelledTexts | None,
        new_model: Callable[[LabelledTexts | None], Model],
    ) -> None:
        """Fit and keep a model without the posts in no fold, which all others were fitted on.

        Args:
            everything: all posts of the run; without any in no fold, nothing is fitted.
            spare: posts that an encoder may learn from, see ``models.families.building.Setup``.
            new_model: makes an unfitted model that learns from such posts.
        """
        if not (everything.folds == NO_FOLD).any():
            return
        part = everything.take(everything.folds != NO_FOLD)
        if spare is not None:
            free = spare.folds != NO_FOLD
            spare = spare.take(free) if free.any() else None
        self.add(NO_FOLD, new_model(spare).fit(part.both_views()), part)

    def save(self, folder: Path, info: ModelInfo, everything: LabelledTexts) -> None:
        """Write them into a new folder, with the fold of each post."""
        save_fold_models(folder, self._models, info, everything)
