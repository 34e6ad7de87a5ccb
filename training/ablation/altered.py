"""The posts of an ablation: some are not fitted on, or models see other texts."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ...data.labelled_texts import LabelledTexts
from ..held_out import Posts
from ..recipe import Recipe
from ..splits import SplitsReader
from .options import Ablation

# What masking puts in place of what it hides, see ``data.text.masking``.
_MARKS = {
    "links": r"<url(?:-self)?>",
    "handles": r"[@#](?:user\d+|self\b)(?:<trade>)?|<self>",
    "trades": r"<trade>",
    "codes": r"<code>",
    "contacts": r"<contact>",
}


def altered(
    ablation: Ablation, recipe: Recipe, reader: SplitsReader
) -> tuple[Recipe, Posts, NDArray[np.bool_]]:
    """What an ablation makes of a recipe.

    Args:
        ablation: see ``options.Ablation``.
        recipe: the whole.
        reader: of its posts.

    Returns:
        The recipe, its posts, and which of those that are judged count, shape (n_judged,).

    Raises:
        ValueError: no such source.
    """
    changed = ablation.applied(recipe)
    posts = Posts.of(reader.read(changed, unmasked=ablation.texts == "as posted"))
    judged, fitted = (_hidden(part, ablation) for part in (posts.judged, posts.fitted))
    counted, kept = np.ones(len(judged), bool), np.ones(len(fitted), bool)
    if ablation.without_source is not None:
        kept = fitted.sources != ablation.without_source
        if kept.all():
            raise ValueError(f"ablation {ablation.name}: no post is of that source")
        # What a source teaches about the others: of its own posts it would tell more.
        counted = judged.sources != ablation.without_source
    if ablation.label_share is not None:
        kept &= _some_groups(fitted, ablation.label_share, recipe.seed)
    return changed, replace(posts, judged=judged, fitted=fitted.take(kept)), counted


def _hidden(posts: LabelledTexts, ablation: Ablation) -> LabelledTexts:
    named = posts.texts if "author" in ablation.hide else posts.with_author
    marks = [_MARKS[name] for name in ablation.hide if name in _MARKS]
    if not marks:
        return replace(posts, with_author=named)
    sign = re.compile("|".join(marks))
    texts, named = (
        tuple(re.sub(" {2,}", " ", sign.sub(" ", text)).strip() for text in view)
        for view in (posts.texts, named)
    )
    return replace(posts, texts=texts, with_author=named)


def _some_groups(posts: LabelledTexts, share: float, seed: int) -> NDArray[np.bool_]:
    names = np.unique(posts.groups)
    chosen = np.random.default_rng(seed).permutation(names)[: max(1, round(share * len(names)))]
    return np.isin(posts.groups, chosen)
