"""A table that knows posts by their hashes."""

from dataclasses import replace

import numpy as np
import pytest
from safetensors.numpy import load_file
from unpolished.models.fold_models.seen_posts import SeenPosts


@pytest.fixture(scope="module")
def seen(folded):
    """The table of the small run."""
    return SeenPosts.of(folded)


def test_every_post_is_known_by_either_view(seen, folded):
    """As it was trained on, whoever is said to have written it."""
    for text, named, fold in zip(folded.texts, folded.with_author, folded.folds, strict=True):
        assert seen.fold([text], None) == fold
        assert seen.fold([named], "somebody else") == fold


@pytest.mark.parametrize(
    "change",
    [str.upper, lambda text: f"  {text} !!", lambda text: text.replace(",", " -").replace(".", ""),
     lambda text: text.replace(" ", "\n"), lambda text: f"{text} ❤️"],
)  # fmt: skip
def test_other_case_punctuation_spaces_or_emoji_make_no_new_post(seen, folded, change):
    """Words alone count."""
    for text, fold in zip(folded.texts, folded.folds, strict=True):
        assert seen.fold([change(text)], None) == fold


def test_an_author_is_known_by_name(seen):
    """With the sign before it or without, in any case; a new one, or none, is not."""
    new = ["a post that nobody has seen so far"]
    for name in ("author-4", "@author-4", " @Author-4 ", "AUTHOR-4"):
        assert seen.fold(new, name) == 1
    assert seen.fold(new, "author-21") == -1
    for name in ("author-99", "", "@", None):
        assert seen.fold(new, name) is None


def test_a_post_counts_before_its_author(seen, folded):
    """Who copies a post has not written it."""
    place = int(np.flatnonzero(folded.folds == 2)[0])
    assert seen.fold([folded.texts[place]], "author-4") == 2


def test_few_words_are_no_post(folded):
    """Many write the same two; they are known only as they were."""
    short = replace(folded.take(np.arange(2)), texts=("So good", "all three words"), with_author=())
    seen = SeenPosts.of(short)
    assert seen.fold(["So good"], None) == short.folds[0]
    assert seen.fold(["so good!"], None) is None
    assert seen.fold(["All, three words!"], None) == short.folds[1]


def test_what_stands_in_two_folds_is_in_none(folded):
    """No model has seen neither: such a post is not said to be scored by one that has."""
    first, second = folded.take(folded.folds == 0), folded.take(folded.folds == 1)
    again = replace(second, texts=first.texts[: len(second)], with_author=())
    assert len(again) <= len(first)
    seen = SeenPosts.of(first.joined(again))
    assert seen.fold([first.texts[0]], None) is None
    same = replace(second, authors=np.full(len(second), first.authors[0]))
    seen = SeenPosts.of(first.joined(same))
    assert seen.fold(["a post that nobody has seen"], "author-0") is None
    assert seen.fold(["a post that nobody has seen"], "author-3") == 0


def test_a_file_holds_hashes_and_folds_alone(seen, folded, tmp_path):
    """The same table comes back; nothing of a text or a name is in it."""
    path = tmp_path / "seen.safetensors"
    seen.save(path)
    assert SeenPosts.load(path) == seen
    tensors = load_file(path)
    assert {name: array.dtype for name, array in tensors.items()} == {
        "keys": np.uint64, "folds": np.int8,
    }  # fmt: skip
    content = path.read_bytes()
    for text in (*folded.texts, *folded.authors, "author", "bus", "serum"):
        assert text.encode() not in content
    # Written in the order of the hashes, which says nothing of the order of the posts.
    assert (np.diff(tensors["keys"].astype(object)) > 0).all()


def test_another_file_is_refused(tmp_path):
    """Arrays of other names or shapes."""
    from unpolished.models.tensors import save_tensors

    for arrays in (
        {"keys": np.zeros(2, np.uint64)},
        {"keys": np.zeros(2, np.uint64), "folds": np.zeros(3, np.int8)},
        {"keys": np.zeros((2, 2), np.uint64), "folds": np.zeros((2, 2), np.int8)},
    ):
        save_tensors(tmp_path / "a.safetensors", arrays)
        with pytest.raises(ValueError, match="not a table"):
            SeenPosts.load(tmp_path / "a.safetensors")
