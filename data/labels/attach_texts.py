"""Join stand-off labels to the texts of their sources, by id and by the hash of the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .label_files import LabelledRow

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class JoinReport:
    """How many labelled rows found their text.

    Attributes:
        labelled: rows of the label file.
        joined: rows whose id and text hash are in the source.
        missing: source -> rows that did not join.
    """

    labelled: int
    joined: int
    missing: dict[str, int]


class JoinError(ValueError):
    """Labelled rows without their text."""


def join_labels(
    labels: Sequence[LabelledRow], rows: pd.DataFrame
) -> tuple[pd.DataFrame, JoinReport]:
    """Give every labelled row its text; ``rows`` as ``public.rows.source_rows`` makes them.

    Returns:
        The columns of ``rows`` beside those of ``Targets``, in the order of ``labels``, and the
        report. A row that does not join is left out and counted.
    """
    import pandas as pd

    keys = ["source", "source_id", "author", "text_sha1"]
    left = pd.DataFrame([row[:4] for row in labels], columns=keys)
    targets = pd.DataFrame([row.targets._asdict() for row in labels])
    joined = pd.concat([left, targets], axis=1).merge(rows, on=keys, how="left")
    found = joined["text"].notna()
    report = JoinReport(
        labelled=len(labels),
        joined=int(found.sum()),
        missing=dict(Counter(joined.loc[~found, "source"])),
    )
    return joined[found].reset_index(drop=True), report


def check_joined(file: str, report: JoinReport) -> None:
    """Refuse a join with gaps.

    Raises:
        JoinError: naming the sources at fault.
    """
    if report.missing:
        gaps = ", ".join(f"{source}: {n}" for source, n in sorted(report.missing.items()))
        raise JoinError(
            f"{file}: {report.joined} of {report.labelled} rows found their text ({gaps} missing). "
            "The reader or the table of sources was changed: restore it, or clear the cache folder."
        )
