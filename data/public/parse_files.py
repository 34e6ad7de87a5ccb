"""Turn the files of a public source into rows, as the label files expect them.

pandas reads with its defaults on purpose: the hashes of the label files were made that way.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ..hashing import author_sha1, text_sha1
from .sources import Reading, Source, SourceError

if TYPE_CHECKING:
    import pandas as pd

# Raise whenever the rows read from unchanged files would change.
READER_VERSION = 2
MIN_CHARACTERS, MAX_CHARACTERS = 25, 1500


def read_rows(source: Source, paths: Mapping[str, Path]) -> pd.DataFrame:
    """Read all used files of a source; ``paths`` maps the table's path to the file on disk.

    Returns:
        One row per post of 25 to 1,500 characters: ``source``, ``source_id``, ``author`` (a
        hash), ``name`` (of the author, None where the source has none), ``text``, ``text_sha1``,
        and the source's own columns under their stripped names.

    Raises:
        SourceError: a file without an expected column, or one that cannot be read.
    """
    import pandas as pd

    parts = []
    for file in source.used_files:
        raw = read_table(paths[file.path], source, file.path)
        parts.append(_rows(raw, source, file.path))
    rows = pd.concat(parts, ignore_index=True)
    return rows.drop_duplicates(["source_id", "text_sha1"], ignore_index=True)


def read_table(path: Path, source: Source, name: str) -> pd.DataFrame:
    """Read one file of a source as it is, with stripped names of columns.

    Args:
        path: of the file on disk.
        source: how it is read.
        name: of the file, for errors.

    Raises:
        SourceError: it cannot be read, or lacks the column of texts, ids or authors.
    """
    reading = source.reading
    try:
        raw = _FORMATS[reading.format](path, reading)
    except (ValueError, OSError, KeyError) as error:
        raise SourceError(
            f"{source.repository}, file {name}: cannot be read as {reading.format} "
            f"({type(error).__name__})"
        ) from error
    raw.columns = raw.columns.str.strip()
    expected = {reading.text, reading.id} - {""}
    if reading.author_from == "column":
        expected.add(reading.author)
    if missing := expected - set(raw.columns):
        raise SourceError(f"{source.repository}, file {name}: no column {sorted(missing)[0]!r}")
    return raw


def read_text(value: str, reading: Reading) -> str:
    """The text of a post: broken characters read back, white space at its ends cut off."""
    return _REPAIRS[reading.repair](value).strip()


def _rows(raw: pd.DataFrame, source: Source, path: str) -> pd.DataFrame:
    reading = source.reading
    # Row numbers count every row of the file, also those dropped below.
    ids = raw[reading.id] if reading.id else raw.index.to_series()
    rows = raw.assign(source=source.repository, source_id=ids.map(_clean_id))
    names = _authors(rows, reading, path)
    rows["author"] = names.map(author_sha1)
    rows["name"] = names if reading.names_authors else None
    rows = rows[rows[reading.text].map(lambda value: isinstance(value, str))]
    text = rows[reading.text].map(lambda value: read_text(value, reading))
    rows = rows.assign(text=text)[text.str.len().between(MIN_CHARACTERS, MAX_CHARACTERS)]
    rows = rows.assign(text_sha1=rows["text"].map(text_sha1))
    keep = ["source", "source_id", "author", "name", "text", "text_sha1"]
    own = {rule.column for rule in source.weak}
    own |= {rule.where.column for rule in source.weak if rule.where}
    return rows[keep + sorted(own)]


def _clean_id(value: object) -> str:
    return str(value).strip(" \"'")


def _authors(rows: pd.DataFrame, reading: Reading, path: str) -> pd.Series[str]:
    match reading.author_from:
        case "column":
            return rows[reading.author].map(str)
        case "row":
            return rows.index.to_series().map(str)
        case "id":
            return rows["source_id"]
        case "folder":
            return rows["source_id"].map(lambda _: Path(path).parent.name)
        case "constant":
            return rows["source_id"].map(lambda _: reading.author)


def _read_csv(path: Path, reading: Reading) -> pd.DataFrame:
    import pandas as pd

    return pd.read_csv(path, encoding=reading.encoding)


def _read_excel(path: Path, reading: Reading) -> pd.DataFrame:
    import pandas as pd

    return pd.read_excel(path, engine="openpyxl")


def _read_json(path: Path, reading: Reading) -> pd.DataFrame:
    import json

    import pandas as pd

    return pd.DataFrame(json.loads(path.read_text(encoding=reading.encoding)))


def _read_sentences(path: Path, reading: Reading) -> pd.DataFrame:
    sentences = _read_csv(path, reading).dropna(subset=[reading.text])
    joined = sentences.groupby(reading.id, sort=False)[reading.text].agg("\n".join)
    if reading.max_characters:
        joined = joined.str[: reading.max_characters]
    return joined.reset_index()


def _code_points(text: str) -> str:
    # R prints <U+0092>: below 100 it is a Windows-1252 byte, above a Unicode code point.
    def character(match: re.Match[str]) -> str:
        number = int(match[1], 16)
        if number < 256:
            return bytes([number]).decode("cp1252", "replace")
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"

    return re.sub(r"<U\+([0-9A-F]{4,8})>", character, text)


def _html(text: str) -> str:
    text = re.sub(r"<br\s*/?>", "\n", text, flags=re.IGNORECASE)
    return html.unescape(re.sub(r"</?[a-z][^<>]*>", "", text, flags=re.IGNORECASE)).strip("\ufeff ")


_FORMATS: dict[str, Callable[[Path, Reading], pd.DataFrame]] = {
    "csv": _read_csv,
    "excel": _read_excel,
    "json": _read_json,
    "sentences": _read_sentences,
}
_REPAIRS: dict[str, Callable[[str], str]] = {
    "": lambda text: text,
    "html": _html,
    "code-points": _code_points,
}
