"""How an input is scored: everything a user can set, and which settings change the output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from ..data.io.fields.columns import Columns
from ..data.io.open_file import Format, InputFormat
from ..data.text.disclosure.rules import last_change
from ..data.values.choices import check_choice, check_number
from ..data.values.jurisdictions import asked_jurisdictions
from ..models.disclosed import Asked
from ..models.pipeline import ReasonsFor
from ..models.runtime import Runtime
from .output.paths import Layout


@dataclass(frozen=True)
class Options:
    """How an input is scored; see ``Scorer.score`` and ``Scorer.score_file``.

    Attributes:
        input_format: None tells it by the file extension, and of a stream by how it begins.
        source: the export that the input is, see ``unpolished formats``; None tells it by what the
            input holds.
        sheet: of a spreadsheet; None takes the only one with a column of texts.
        output_format: None tells it by the file extension; a stream is JSONL.
        columns: which columns hold a post, and which are copied.
        spreadsheet_safe: keep spreadsheets from running cells of a CSV as formulas.
        jurisdiction: whose disclosure rules apply, such as ``us`` or ``us,fr``; the first fills
            the flat columns and decides ``paid``. Posts may name their own.
        rules_on: day whose rules judge posts without a date.
        prevalence: axis to assumed share.
        reasons: ``none``, ``flagged`` or ``all``.
        runtime: device, batch size and length of text for models that know them.
        jobs: processes or threads; None for as many as there are processors. Never changes a row.
        force: replace an output when the new one is complete.
        resume: continue an interrupted run.
    """

    input_format: InputFormat | None = None
    source: str | None = None
    sheet: str | None = None
    output_format: Format | None = None
    columns: Columns = field(default_factory=Columns)
    spreadsheet_safe: bool = False
    jurisdiction: str | Sequence[str] = "us"
    rules_on: date = field(default_factory=date.today)
    prevalence: Mapping[str, float] | None = None
    reasons: ReasonsFor = "none"
    runtime: Runtime = field(default_factory=Runtime)
    jobs: int | None = None
    force: bool = False
    resume: bool = False

    def __post_init__(self) -> None:
        """Refuse values that mean nothing, before any post is read.

        Raises:
            ValueError: an unknown format or reasons, or no number of jobs.
        """
        if self.input_format is not None:
            check_choice("input_format", self.input_format, InputFormat)
        if self.output_format is not None:
            check_choice("output_format", self.output_format, Format)
        check_choice("reasons", self.reasons, ReasonsFor)
        check_number("jobs", self.jobs)

    @cached_property
    def asked(self) -> Asked:
        """Whose rules apply.

        Raises:
            ValueError: an unknown code, named with all that are known; or no day.
        """
        day = self.rules_on
        if isinstance(day, datetime) or not isinstance(day, date):
            raise ValueError(f"rules_on {day!r}: give a datetime.date")
        return Asked(asked_jurisdictions(self.jurisdiction), day)

    def settings(self, layout: Layout) -> dict[str, Any]:
        """Settings that change the output, as JSON types under the names of the command line."""
        return {
            "--format": self.input_format,
            "--from": self.source,
            "--sheet": self.sheet,
            "--output": "a folder" if layout.is_folder else "a file",
            "--output-format": layout.format,
            "--map": dict(self.columns.renamed),
            "--keep": list(self.columns.kept),
            "--spreadsheet-safe": self.spreadsheet_safe,
            "--jurisdiction": ",".join(self.asked.jurisdictions),
            # Not the day itself: where no rule has changed, a run may go on the day after.
            "--rules-on": f"rules of {last_change(self.asked.today).isoformat()}",
            "--prevalence": dict(sorted((self.prevalence or {}).items())),
            "--reasons": self.reasons,
            **self.runtime.settings(),
        }
