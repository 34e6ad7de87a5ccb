r"""What spreadsheets and their safeguards leave in a cell: ``'=``, ``="..."``, ``_x000D_``."""

from __future__ import annotations

import re

# Put before what a spreadsheet would run, as --spreadsheet-safe does; also in lines inside.
_GUARD = re.compile("^'(?=[=+\\-@\uff1d\uff0b\uff0d\uff20])", re.MULTILINE)
# A quotation that begins with such a sign has an end.
_QUOTE_ENDS = re.compile(r"(?<=[\w.!?…])'(?!\w)")
_FORMULA = re.compile(
    r'\A=(?:HYPERLINK\("(?:[^"]|"")*+"[,;] ?)?"(?P<text>(?:[^"]|"")*+)"\)?\Z', re.IGNORECASE
)
_CODE = re.compile("_x(?P<code>00[01][0-9A-Fa-f]|005[Ff]|[dD][89abAB-F][0-9A-Fa-f]{2})_")
_RETURN = re.compile("_x000[dD]_(?:\r?\n|_x000[aA]_)?")


def mend_cell(text: str) -> str:
    """The text that was in the cell. Linear time."""
    first = text[:1]
    if first == "=" and (formula := _FORMULA.match(text)):
        text = formula["text"].replace('""', '"')
    if (first == "'" or "\n'" in text) and _GUARD.search(text):
        text = "\n".join(_unguarded(line) for line in text.split("\n"))
    if "_x" in text:
        text = _CODE.sub(lambda m: chr(int(m["code"], 16)), _RETURN.sub("\n", text))
    return text


def _unguarded(line: str) -> str:
    return line if _QUOTE_ENDS.search(line) else _GUARD.sub("", line)
