"""Whether a file is UTF-8, told over all of its records that hold more than ASCII."""

from __future__ import annotations

from ...errors import UnusableError

# One bad record is damage; a file in another encoding has more.
_MIN_BAD = 2


class Utf8Check:
    """Counts the records with other than ASCII characters, and those of them that are no UTF-8."""

    def __init__(self) -> None:
        self._good, self._bad, self._windows = 0, 0, True

    def good(self) -> None:
        """Count a record in UTF-8 that is not ASCII alone."""
        self._good += 1

    def bad(self, raw: bytes) -> None:
        """Count a record that is no UTF-8."""
        self._bad += 1
        if self._windows:
            try:
                raw.decode("cp1252")
            except UnicodeDecodeError:
                self._windows = False

    def count(self, line: bytes) -> None:
        """Count a record, unless it is ASCII."""
        if line.isascii():
            return
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            self.bad(line)
        else:
            self.good()

    def check(self, name: str) -> None:
        """Refuse a file of which most such records are no UTF-8: it is in another encoding.

        Raises:
            UnusableError: saying how to convert it.
        """
        if self._bad < _MIN_BAD or self._bad <= self._good:
            return
        what = "it looks like Windows-1252" if self._windows else "it is in another encoding"
        raise UnusableError(
            f"{name}: {self._bad:,} of {self._bad + self._good:,} records with other than ASCII "
            f"characters are not UTF-8; {what}: save it as UTF-8 (in Excel 'CSV UTF-8'), or "
            "convert it, such as with iconv -f WINDOWS-1252 -t UTF-8"
        )
