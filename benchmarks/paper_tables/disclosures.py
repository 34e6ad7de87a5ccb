"""Disclosures that Mathur et al. (2018) marked, and what this project's rules find there.

Their code marks clusters of sentences by number (``disclosure-analysis``, notebooks of YouTube and
Pinterest), and the clusters are in our copy: so the labels are theirs, description by description.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from unpolished.data.folds.near_duplicates import group_posts
from unpolished.data.text.disclosure.find import find_disclosures
from unpolished.data.text.masked_cache import masked_texts
from unpolished.training.evaluation import weighted_metrics as weighted

from .metrics import Estimate, estimate, share
from .posts import source_of, table_of

REPOSITORY = "aruneshmathur/affiliate-marketing-disclosures"
# Anything that the rules of the United States take for a disclosure, however weak.
COUNTED = ("weak", "ambiguous", "clear")


@dataclass(frozen=True)
class Place:
    """A platform of the study.

    Attributes:
        name: the folder of its clusters.
        kinds: numbers of the clusters that are marked, by kind of disclosure.
        paper: the share that the study found.
        differs: why the rules may find another.
    """

    name: str
    kinds: Mapping[str, frozenset[int]]
    paper: str
    differs: str

    @property
    def marked(self) -> frozenset[int]:
        """Clusters of any kind."""
        return frozenset().union(*self.kinds.values())


YOUTUBE = Place(
    "YouTube",
    {
        "affiliate link": frozenset({372, *range(382, 386), *range(388, 391)}),
        "explained": frozenset({370, *range(377, 382), 386, 387}),
        "support the channel": frozenset({363, 364, *range(366, 370)}),
    },
    "10.49 %, 236 of 2,250 (Mathur et al. 2018)",
    "Shares that are alike can be of other descriptions: see precision and recall below. The study"
    " marks whole clusters of sentences, some of which only ask to follow a link, and no other"
    " ties than those of affiliates. To ask for shopping by a link in support of the channel, a"
    " kind of its own there, is no disclosure to the rules unless it says what the channel gets.",
)
PINTEREST = Place(
    "Pinterest",
    {
        "affiliate link": frozenset(
            {99, 100, 101, 103, 104, 106, 137, 138, 139, 226, 764, 833, 836, 1668}
            | set(range(1495, 1558))
        ),
        "explained": frozenset({1493, 1494}),
    },
    "7.03 %, 806 of 11,468 (Mathur et al. 2018)",
    "The rules count every tie that is disclosed, such as a sponsor, the study those of affiliates"
    " alone. Our copy holds 14 pins fewer.",
)


@dataclass(frozen=True)
class Descriptions:
    """Aligned, of length n.

    Attributes:
        marked: whether the study found a disclosure, shape (n,).
        kinds: the same by kind.
        found: whether the rules find one.
        clear: whether they find a clear one.
        groups: near-duplicates; accounts are not named.
    """

    marked: NDArray[np.bool_]
    kinds: Mapping[str, NDArray[np.bool_]]
    found: NDArray[np.bool_]
    clear: NDArray[np.bool_]
    groups: NDArray[np.str_]


def sentences_of(place: Place) -> pd.DataFrame:
    """Sentences of the descriptions of a platform: ``id``, ``text`` and the number of a cluster.

    Raises:
        SourceError: the file cannot be had or read.
    """
    source = source_of(REPOSITORY)
    file = next(f for f in source.files if PurePosixPath(f.path).parent.name == place.name)
    # As they stand, and not joined as the posts of the source are.
    reading = source.reading.model_copy(update={"format": "csv"})
    return table_of(source.model_copy(update={"reading": reading}), file)


def descriptions(sentences: pd.DataFrame, place: Place) -> Descriptions:
    """Join sentences to descriptions, in the order of the file, and search these by rule."""
    of_id = sentences.groupby("id", sort=False)
    texts = of_id["text"].agg("\n".join)

    def holding(numbers: frozenset[int]) -> NDArray[np.bool_]:
        marks = sentences["ward_euclidean_cluster"].isin(numbers)
        return marks.groupby(sentences["id"], sort=False).any().to_numpy(bool)

    status = np.array([find_disclosures(text, "us").status for text in texts])
    ids = texts.index.map(str).tolist()
    return Descriptions(
        marked=holding(place.marked),
        kinds={kind: holding(numbers) for kind, numbers in place.kinds.items()},
        found=np.isin(status, COUNTED),
        clear=status == "clear",
        groups=np.array(group_posts(ids, ids, masked_texts(texts.tolist()))),
    )


def figures(of: Descriptions) -> dict[str, Estimate]:
    """Shares with a disclosure, and how the rules agree with the study's marks."""
    groups = of.groups
    found = {
        "share, rules": estimate(share, of.found, of.found, groups),
        "share, rules, clear": estimate(share, of.clear, of.clear, groups),
        "share, the study's marks": estimate(share, of.marked, of.marked, groups),
        "precision": estimate(weighted.precision, of.marked, of.found, groups),
        "recall": estimate(weighted.recall, of.marked, of.found, groups),
    }
    kinds = {
        f"recall, {kind}": estimate(weighted.recall, marked, of.found, groups)
        for kind, marked in of.kinds.items()
    }
    return found | kinds
