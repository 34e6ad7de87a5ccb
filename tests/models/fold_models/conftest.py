"""A small run with its fold models, and a part of its posts in no fold."""

from dataclasses import replace

import numpy as np
import pytest
from unpolished.data.folds.fold_file import NO_FOLD
from unpolished.models.families.linear import Linear
from unpolished.models.fold_models.folder import FoldModel, save_fold_models
from unpolished.models.saved_model import save_model

RUN = "0" * 31 + "7"


@pytest.fixture(scope="session")
def folded(tiny_train):
    """The small set: 21 authors in three folds, one in none; some posts name their author."""
    number = np.array([int(name.split("-")[1]) for name in tiny_train.authors])
    folds = np.where(number == 21, NO_FOLD, number % 3).astype(np.int8)
    named = tuple(
        text.replace("@user1", "@author") if i % 2 else text
        for i, text in enumerate(tiny_train.texts)
    )
    # Each text is written by several authors here; a word of its own makes it one's own.
    own = [f" by {name}" for name in tiny_train.authors]
    texts = tuple(text + of for text, of in zip(tiny_train.texts, own, strict=True))
    named = tuple(text + of for text, of in zip(named, own, strict=True))
    hashes = np.array([_sha1(name) for name in tiny_train.authors])
    return replace(tiny_train, texts=texts, with_author=named, folds=folds, authors=hashes)


def _sha1(name):
    from unpolished.data.hashing import author_sha1

    return author_sha1(name)


@pytest.fixture(scope="session")
def run_folder(folded, tiny_info, tmp_path_factory):
    """``model``, the run's own, and ``folds``, as training writes them."""
    folder = tmp_path_factory.mktemp("run")
    full = Linear().fit(folded)
    info = tiny_info(full).model_copy(update={"run_id": RUN, "reads_author": True})
    save_model(folder / "model", full, info, "# card\n")
    models = {}
    for fold in np.unique(folded.folds).tolist():
        part = folded.take(folded.folds != fold)
        models[fold] = FoldModel(Linear().fit(part), len(part), len(np.unique(part.authors)))
    save_fold_models(folder / "folds", models, info, folded)
    return folder
