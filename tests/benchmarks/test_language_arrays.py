"""The shipped arrays are what the library of this installation has learnt."""

import numpy as np
import pytest
from studies.language_arrays import arrays, model, ngrams
from unpolished.data.text.language.detector import FOLDER, detector


@pytest.mark.slow
def test_the_arrays_are_the_librarys():
    """Bit for bit, and the classes in their order."""
    found = model()
    assert detector().classes == tuple(found.nb_classes)
    for name, array in arrays(found).items():
        shipped = np.load(FOLDER / f"{name}.npy", allow_pickle=False)
        assert shipped.dtype == array.dtype
        assert shipped.tobytes() == array.tobytes()


def test_an_automaton_that_counts_otherwise_is_refused():
    """Where a state does not count the longest n-gram that ends there, n-grams do not say all."""
    words = [b"", b"a", b"b", b"ab", b"abcdef"]
    listed = ngrams(words, np.array([-1, 0, 2, 2, 1]))
    assert listed == [b"a", b"abcdef", b"b"]
    with pytest.raises(ValueError, match="not what is counted"):
        ngrams(words, np.array([-1, 0, 2, 0, 1]))
    with pytest.raises(ValueError, match="not what is counted"):
        ngrams(words, np.array([-1, 0, 2, -1, 1]))
    with pytest.raises(ValueError, match="out of order"):
        ngrams(words, np.array([-1, 2, 0, 0, 1]))
