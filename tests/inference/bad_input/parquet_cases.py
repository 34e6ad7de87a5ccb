"""Bad Parquet, and Parquet that only looks bad."""

import io
from datetime import date, datetime

import pyarrow as pa
from pyarrow import parquet

from .case import BESIDE, Case, gzipped, refused

TEXTS = ["late bus again so tired of this", "made soup and watched the rain"]
IDS = list(BESIDE)


def _bytes(table, **options):
    buffer = io.BytesIO()
    parquet.write_table(table, buffer, **options)
    return buffer.getvalue()


def _table(**columns):
    return _bytes(pa.table({"id": pa.array(IDS), "text": pa.array(TEXTS)} | columns))


def _text(kind):
    return _bytes(pa.table({"id": IDS, "text": pa.array(TEXTS).cast(kind)}))


def _unchecked(values):
    raw = pa.array(values, pa.binary())
    return pa.Array.from_buffers(pa.string(), len(values), raw.buffers())


def _damaged():
    whole = bytearray(_bytes(pa.table({"text": [f"late bus {i}" for i in range(5000)]})))
    whole[2000:2400] = bytes(400)
    return bytes(whole)


def _signed():
    """A plain file, of which the metadata says that columns are encrypted: a signature behind it."""
    length = int.from_bytes(WHOLE[-8:-4], "little") + 28
    return WHOLE[:-8] + bytes(28) + length.to_bytes(4, "little") + b"PAR1"


def _bomb(path):
    """A text of 5 MB, stored once and standing in 100 rows; then what no dictionary can hold."""
    text = pa.DictionaryArray.from_arrays(pa.array([0] * 100, pa.int32()), ["late bus " * 550_000])
    parquet.write_table(pa.table({"text": text}), path)


def _group_bomb(path):
    text = pa.array([f"{i:03d}" + "a" * 2_000_000 for i in range(160)])
    parquet.write_table(pa.table({"text": text}), path, compression="zstd", use_dictionary=False)


WHOLE = _table()
FAR = datetime(9999, 12, 31)
SECONDS = pa.array([0, 2**40], pa.timestamp("s"))

CASES = [
    Case("string", "in.parquet", WHOLE, BESIDE),
    Case("large_string", "in.parquet", _text(pa.large_string()), BESIDE),
    Case("string_view", "in.parquet", _text(pa.string_view()), BESIDE),
    Case("a dictionary", "in.parquet", _text(pa.dictionary(pa.int8(), pa.string())), BESIDE),
    Case("binary", "in.parquet", _text(pa.binary()), BESIDE),
    Case("large_binary", "in.parquet", _text(pa.large_binary()), BESIDE),
    Case("a null text", "in.parquet", _bytes(pa.table({"id": IDS, "text": [None, TEXTS[0]]})),
         ("after",), {1: "missing"}),
    Case("only null texts", "in.parquet", _bytes(pa.table({"text": pa.array([None, None])})),
         rejects={1: "missing", 2: "missing"}),
    Case("an empty text", "in.parquet", _bytes(pa.table({"id": IDS, "text": ["", TEXTS[0]]})),
         ("after",), {1: "empty"}),
    Case("bytes that are no UTF-8", "in.parquet",
         _bytes(pa.table({"id": IDS, "text": pa.array([b"caf\xe9", b"late bus"], pa.binary())})),
         ("after",), {1: "encoding"}),
    Case("strings that are no UTF-8", "in.parquet",
         _bytes(pa.table({"id": IDS, "text": _unchecked([b"caf\xe9", b"late bus"])})),
         ("after",), {1: "encoding"}),
    Case("ids that are no UTF-8", "in.parquet",
         _bytes(pa.table({"id": _unchecked([b"\xff", b"after"]), "text": TEXTS})),
         ("after",), {1: "encoding"}),
    Case("whole numbers for ids", "in.parquet", _table(id=pa.array([2**62, None])),
         (str(2**62), "row-2")),
    Case("fractions for ids", "in.parquet", _table(id=pa.array([1.0, 2.0])),
         ("1", "2")),
    Case("halves for ids", "in.parquet", _table(id=pa.array([1.5, None])), ("row-1", "row-2"),
         passed_over={"id": 1}),
    Case("negative counts", "in.parquet", _table(likes=pa.array([-1, 3])), BESIDE,
         passed_over={"likes": 1}),
    Case("counts beyond 63 bits", "in.parquet", _table(likes=pa.array([2**64 - 1, 3], pa.uint64())),
         BESIDE, passed_over={"likes": 1}),
    Case("counts that pandas made fractions", "in.parquet", _table(likes=pa.array([3.0, None])), BESIDE),
    Case("counts that are NaN", "in.parquet", _table(likes=pa.array([float("nan"), 3.0])), BESIDE),
    Case("dates", "in.parquet", _table(posted_at=pa.array([date(2024, 1, 31), None])), BESIDE),
    Case("the year 9999", "in.parquet", _table(posted_at=pa.array([FAR, None])), BESIDE),
    Case("nanoseconds", "in.parquet", _table(posted_at=pa.array([1, 2], pa.timestamp("ns", "UTC"))),
         BESIDE),
    Case("a date beyond the year 9999", "in.parquet", _table(posted_at=SECONDS),
         ("before",), {2: "encoding"}),
    Case("seconds since 1970", "in.parquet", _table(posted_at=pa.array([1706700000, None])),
         BESIDE),
    Case("foreign columns nested", "in.parquet", _table(z=pa.array([{"a": [1]}, None])), BESIDE),
    Case("no rows", "in.parquet", _bytes(pa.table({"text": pa.array([], pa.string())}))),
    Case("many row groups", "in.parquet",
         _bytes(pa.table({"id": IDS, "text": TEXTS}), row_group_size=1), BESIDE),
    Case("a text of 5 MB in 100 rows", "in.parquet", _bomb, tuple(f"row-{i}" for i in range(1, 101))),
    refused("whole numbers for text", "in.parquet", _bytes(pa.table({"text": [1, 2]})), "holds int64"),
    refused("lists for text", "in.parquet", _bytes(pa.table({"text": [["a"]]})), "not text"),
    refused("objects for text", "in.parquet", _bytes(pa.table({"text": [{"text": "a"}]})), "not text"),
    refused("times for text", "in.parquet", _bytes(pa.table({"text": [FAR]})), "holds timestamp"),
    refused("no column text", "in.parquet", _bytes(pa.table({"caption": TEXTS})), "no column 'text'"),
    refused("text twice", "in.parquet",
            _bytes(pa.Table.from_arrays([pa.array(TEXTS)] * 2, ["text", "text"])), "twice"),
    refused("a column name that is not UTF-8", "in.parquet",
            _table(caption=pa.array(TEXTS)).replace(b"caption", b"caf\xe9ion"), "not a readable Parquet"),
    refused("0 bytes", "in.parquet", b"", "not a readable Parquet"),
    refused("cut short", "in.parquet", WHOLE[:-20], "not a readable Parquet"),
    refused("the end alone", "in.parquet", WHOLE[-40:], "not a readable Parquet"),
    refused("a page damaged", "in.parquet", _damaged(), "not a readable Parquet"),
    refused("an index damaged", "in.parquet", WHOLE[:-60] + bytes(50) + WHOLE[-10:], "not a readable"),
    refused("metadata said to be encrypted", "in.parquet", b"PARE" + WHOLE[4:-4] + b"PARE", "is encrypted"),
    refused("columns said to be encrypted", "in.parquet", _signed(), "is encrypted"),
    refused("gzip around Parquet", "in.parquet", gzipped(WHOLE), "compressed with gzip"),
    refused("CSV named Parquet", "in.parquet", b"id,text\n1,late bus\n", "not a readable Parquet"),
    refused("a row group of 320 MB in a few KB", "in.parquet", _group_bomb, "row group 0 unpacks"),
]  # fmt: skip
