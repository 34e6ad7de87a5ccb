"""A pipeline in which a model that has not seen a post scores it, though the run's own model has.

Posts are told apart here and not in the model, so that a post's reasons come from the model that
scored it, and so that its author counts: what an author wrote later is not new to a model that was
trained on this author.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from ...data.text.masking import mask
from ...data.text.repair.repair import repair
from ..pipeline import Content, Pipeline
from ..registry.download import download_fold_models
from ..runtime import Runtime, tuned
from ..saved_model import ModelError
from ..scored_post import ScoredPost
from .folder import load_fold_models
from .seen_posts import SeenPosts

_RUN = re.compile(r"(?:runs:/)?([0-9a-f]{32})")


@dataclass(frozen=True)
class FoldPipeline(Pipeline):
    """A model with its fold models; the row of a post names the one that scored it.

    Attributes:
        folds: by fold.
        seen: the fold of each post that the run has seen.
    """

    folds: Mapping[int, Pipeline] = field(default_factory=dict)
    seen: SeenPosts = field(default_factory=lambda: SeenPosts({}))

    @classmethod
    def open(
        cls,
        folds: str | Path,
        model: str | Path | None = None,
        runtime: Runtime | None = None,
    ) -> Self:
        """Open the fold models of a run beside its model.

        Args:
            folds: the id of a run, ``runs:/ID``, or a folder with fold models.
            model: as ``Pipeline.load`` takes it; default: of a run, its own model, and beside a
                folder the one that is shipped.
            runtime: as ``Pipeline.load`` takes it.

        Raises:
            ModelError: not found or damaged, or the model is of another run.
            ValueError: a runtime that this model cannot have.
        """
        folder = Path(folds)
        if not folder.is_dir():
            run = _RUN.fullmatch(str(folds))
            if run is None:
                raise ModelError(
                    f"{folds} is neither the id of a run (32 hexadecimal digits) nor a folder"
                )
            folder = download_fold_models(run[1])
            model = f"runs:/{run[1]}/model" if model is None else model
        full = Pipeline.load(model, runtime)
        opened = load_fold_models(folder, full.info)
        models = {
            fold: Pipeline(tuned(one, full.runtime), info, place, full.runtime)
            for fold, (one, info, place) in opened.models.items()
        }
        return cls(full.model, full.info, full.folder, full.runtime, models, opened.seen)

    @property
    def digest(self) -> str:
        """SHA-256 over all models and the table of posts."""
        parts = [super().digest, *(self.folds[fold].digest for fold in sorted(self.folds))]
        parts += [f"{key} {self.seen.folds[key]}" for key in sorted(self.seen.folds)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def fold_of(self, post: Content) -> int | None:
        """The fold whose model scores a post: of one that the run has seen, or of its author."""
        text = repair(post.text).text
        authors = (None, post.author) if self.info.reads_author and post.author else (None,)
        return self.seen.fold([mask(text, author).text for author in authors], post.author)

    def _score_all(self, posts: Sequence[Content], **options: Any) -> list[ScoredPost]:  # noqa: ANN401
        parts: defaultdict[int | None, list[int]] = defaultdict(list)
        for place, post in enumerate(posts):
            parts[self.fold_of(post)].append(place)
        rows: dict[int, ScoredPost] = {}
        for fold, places in parts.items():
            score = super()._score_all if fold is None else self.folds[fold]._score_all
            some = score([posts[place] for place in places], **options)
            rows.update(zip(places, some, strict=True))
        return [rows[place] for place in range(len(posts))]

    def __reduce__(self) -> tuple[Any, ...]:
        """Refuse to go to another process, which would open the run's own model alone.

        Raises:
            TypeError: always.
        """
        raise TypeError("fold models stay in their process: open them in each")
