"""The arrays are those that were written, and what they say is found in them."""

import tomllib

import numpy as np
from unpolished.data.hashing import file_sha256
from unpolished.data.text.language.batch import posteriors
from unpolished.data.text.language.detector import DESCRIPTION, FOLDER, detector, keys


def test_the_arrays_are_those_that_the_table_names():
    """The table counts among what a row hangs on, so an array that changes has to change it."""
    named = tomllib.loads((FOLDER / DESCRIPTION).read_text("utf-8"))["files"]
    assert {path.name for path in FOLDER.glob("*.npy")} == set(named)
    assert {name: file_sha256(FOLDER / name) for name in named} == named


def test_the_arrays_are_shared():
    """Processes that score read the same pages: nothing large is a copy."""
    found = detector()
    for array in (found.ngrams, found.ends, found.of_class, found.values):
        assert not array.flags.owndata
        assert not array.flags.writeable


def test_an_n_gram_is_found_where_it_stands_and_nothing_else():
    """The first, the last, some between; and their neighbours are none."""
    found = detector()
    places = np.array([0, 1, 500, len(found.ngrams) - 1])
    assert found.find(found.ngrams[places]).tolist() == places.tolist()
    assert found.find(found.ngrams[places] ^ np.uint64(1 << 5)).tolist() == [-1] * 4
    assert found.find(np.array([0, 2**64 - 1], np.uint64)).tolist() == [-1, -1]


def test_a_key_is_the_letters_and_how_many():
    """So that a beginning is told from the whole, and order is that of bytes."""
    letters = np.frombuffer(b"ab", np.uint8)
    one = keys(np.zeros(2, np.uint64), letters, 1)
    two = keys(one[:1], letters[1:], 2)
    assert [int(k).to_bytes(8) for k in (*one, *two)] == [
        b"a\0\0\0\0\0\0\x01", b"b\0\0\0\0\0\0\x01", b"ab\0\0\0\0\0\x02",
    ]  # fmt: skip


def test_every_row_has_its_own_entries():
    """The rows of some are those of each alone, of the first and of the last as well."""
    found = detector()
    some = np.array([0, 1, 77, len(found.ngrams) - 1, 77])
    alone = [found.log_probabilities(some[i : i + 1])[0] for i in range(len(some))]
    assert np.array_equal(found.log_probabilities(some), alone)
    assert (found.log_probabilities(np.arange(2000)) != found.usual).any(axis=1).mean() > 0.5


def test_a_text_without_n_grams_tells_nothing():
    """All classes alike, but that a second one of the same name has nothing."""
    row = posteriors(detector(), ["\x01"])[0]
    assert len(np.unique(row)) <= 3
    assert np.isclose(row.sum(), 1)
