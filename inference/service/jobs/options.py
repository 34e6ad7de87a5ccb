"""What a client may say of a job, checked when it comes and read again when it is its turn."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from ....data.io.fields.columns import parse_columns
from ....data.io.fields.find import Fields
from ....data.io.open_file import Format, InputFormat
from ...options import Options
from ...output.paths import EXTENSION
from ...output.row_encoder import ROW_COLUMNS


class JobOptions(BaseModel):
    """How a file is scored; the same as the options of ``unpolished score``.

    Attributes:
        jurisdiction: codes, joined by commas.
        reasons: ``none``, ``flagged`` or ``all``.
        output: format of the rows.
        map: ``field=column``.
        keep: columns that go along.
        format: of the file; None by its name.
        source: the export that it is.
        sheet: of a spreadsheet.
        spreadsheet_safe: keep spreadsheets from running cells of a CSV as formulas.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    jurisdiction: str = "us"
    reasons: Literal["none", "flagged", "all"] = "none"
    output: Format = "jsonl"
    map: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    format: InputFormat | None = None
    source: str | None = None
    sheet: str | None = None
    spreadsheet_safe: bool = True

    @property
    def target(self) -> str:
        """Name of the file of rows."""
        return f"scored{EXTENSION[self.output]}"

    def options(self) -> Options:
        """As the batch scorer takes them.

        Raises:
            ValueError: a value that means nothing.
        """
        options = Options(
            input_format=self.format,
            source=self.source,
            sheet=self.sheet,
            columns=parse_columns(self.map, self.keep, ROW_COLUMNS),
            spreadsheet_safe=self.spreadsheet_safe and self.output == "csv",
            jurisdiction=self.jurisdiction,
            reasons=self.reasons,
            # Requests with few posts go before: a job takes one processor, and leaves it to them.
            jobs=1,
        )
        # Both are checked where they are first asked for.
        _ = options.asked, Fields(options.columns, options.source)
        return options

    def as_json(self) -> dict[str, Any]:
        """As JSON types."""
        return self.model_dump(mode="json")
