"""A model is refused where the texts or features that it would be shown are others than its own."""

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from unpolished.data.dataset.own_posts import CORPUS
from unpolished.data.text.masked_cache import MASKING_VERSION, masked_texts
from unpolished.models.features.cues import cues
from unpolished.models.features.ngrams import NgramOptions, Ngrams
from unpolished.models.features.version import FEATURES_VERSION
from unpolished.models.saved_model import ModelError, load_model
from unpolished.models.shipped.folders import SHIPPED

POSTS = [json.loads(line) for line in CORPUS.read_text("utf-8").splitlines()]
PAST = sorted((Path(__file__).parent / "past").glob("*.json"))


def _digest(parts):
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def test_what_is_masked_otherwise_has_another_version():
    """Both views of the corpus. Where this fails, raise MASKING_VERSION and train models again."""
    texts = [post["text"] for post in POSTS]
    views = [*masked_texts(texts, keep=False)]
    views += masked_texts(texts, [post.get("author") for post in POSTS], keep=False)
    assert (MASKING_VERSION, _digest(views)) == (8, "fc2b9daedf3a5fa3")


def test_other_features_have_another_version(tiny_train):
    """Cues and n-grams. Where this fails, raise FEATURES_VERSION and train models again."""
    counted = np.round(cues(tiny_train.texts), 3)
    fitted = Ngrams.fit(tiny_train, NgramOptions())
    names = [name for kind in fitted.vectorizers.values() for name in sorted(kind.vocabulary_)]
    assert (FEATURES_VERSION, _digest([*map(str, counted.ravel().tolist()), *names])) == (
        1,
        "ac7477a06848c75e",
    )


@pytest.mark.parametrize("path", PAST, ids=lambda path: path.stem)
def test_models_of_past_versions_are_refused_with_what_to_do(path, tmp_path):
    """Rather than to score each post by rules that they do not know."""
    shutil.copyfile(path, tmp_path / "model.json")
    with pytest.raises(ModelError) as told:
        load_model(tmp_path)
    assert "saved by an earlier unpolished" in str(told.value)
    assert str(told.value).endswith(
        "Train it again with this program, or score with the one that saved it"
    )


@pytest.mark.parametrize("field", ["masking", "features"])
@pytest.mark.parametrize("by", [-1, 1])
def test_another_version_is_refused(field, by, tmp_path):
    """Older and newer ones, by name."""
    folder = shutil.copytree(SHIPPED["linear"], tmp_path / "model")
    described = json.loads((folder / "model.json").read_text("utf-8"))
    described[field] += by
    (folder / "model.json").write_text(json.dumps(described), "utf-8")
    with pytest.raises(ModelError, match=rf"of {field}, and saved by unpolished .*Train it again"):
        load_model(folder)
