"""Count ids that appear twice, without storing them."""

from __future__ import annotations

from array import array

import numpy as np

MAX_IDS = 4_000_000


class IdCounter:
    """Counts repeated ids by 64-bit hashes, among the first ``MAX_IDS`` ids: 32 MB at most."""

    def __init__(self) -> None:
        self._hashes = array("q")

    def see(self, post_id: str | None) -> None:
        """Register an id; a row without an id never counts as repeated."""
        if post_id is not None and len(self._hashes) < MAX_IDS:
            self._hashes.append(hash(post_id))

    @property
    def repeated(self) -> int:
        """Number of rows whose id appeared before."""
        return len(self._hashes) - len(np.unique(np.frombuffer(self._hashes, np.int64)))
