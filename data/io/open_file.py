"""Opening an input file: what it is by its first bytes, unpacked where it is compressed."""

from __future__ import annotations

import errno
import io
import lzma
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

from ..errors import InputError

# What rows are written in, and files of posts are read in.
Format = Literal["jsonl", "csv", "parquet"]
InputFormat = Literal["jsonl", "csv", "parquet", "xlsx", "zip"]

# Text shrinks five- to fifty-fold; a thousand-fold is a file made to fill memory or disk.
MAX_RATIO = 200
_RATIO_FROM_BYTES = 1 << 24
_COMPRESSED = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bz2",
               b"\xfd7zXZ\x00": "xz"}  # fmt: skip
_UTF8 = "save it as UTF-8"
_FOREIGN = {
    b"PK\x03\x04": "a ZIP archive or a spreadsheet: name it .zip or .xlsx, or say --format",
    b"PK\x05\x06": "an empty zip archive",
    b"7z\xbc\xaf": "a 7-zip archive: unpack it",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet: save the sheet as CSV",
    b"%PDF": "a PDF",
    b"SQLite format": "a database: export the posts as JSONL or CSV",
    b"\xff\xfe": f"in UTF-16: {_UTF8}",
    b"\xfe\xff": f"in UTF-16: {_UTF8}",
    b"\x00\x00\xfe\xff": f"in UTF-32: {_UTF8}",
}
# A list of JavaScript, as in the archives of X.
_ASSIGNED = re.compile(rb"[A-Za-z_$][\w.$]{0,100}\s*=\s*[\[{]")
_PEEK_BYTES = 16
_MAX_XZ_BYTES = 1 << 27
_MAX_WINDOW_BYTES, _ZSTD_READ_BYTES = 1 << 31, 1 << 10
_XZ_READ_BYTES = 1 << 16
_PEEK_TEXT = 4096


def too_much(unpacked: int, packed: int) -> bool:
    """Whether more is unpacked than text can be: it was made to fill memory or disk."""
    return unpacked > max(_RATIO_FROM_BYTES, MAX_RATIO * packed)


@contextmanager
def opened(path: Path, file_format: InputFormat) -> Iterator[BinaryIO]:
    """Open a file for reading and decompress it as ``open_decompressed`` does.

    Raises:
        InputError: not found, not readable, a folder or a device; or as ``open_decompressed``.
    """
    try:
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            raise InputError(f"{path} is a directory: give the name of a file")
        if not (stat.S_ISREG(kind) or stat.S_ISFIFO(kind)):
            raise InputError(f"{path} is a device: give a file, or - for standard input")
        stream = path.open("rb")
    except OSError as error:
        raise InputError(f"{path}: {_reason(error)}") from error
    with stream:
        yield open_decompressed(stream, path.name, file_format)


def open_decompressed(stream: BinaryIO, name: str, file_format: InputFormat) -> BinaryIO:
    """Open a stream at its beginning, decompressed if it is in gzip, zstd, bzip2 or xz.

    Args:
        stream: at its beginning.
        name: for messages.
        file_format: the format that is expected.

    Raises:
        InputError: plainly something else than ``file_format``; later, while reading, compressed
            data that is damaged, cut short, or unpacks to more than ``MAX_RATIO`` times its size.
    """
    peekable: Any = stream if hasattr(stream, "peek") else io.BufferedReader(_Raw(stream))
    start = peekable.peek(_PEEK_BYTES)[:_PEEK_BYTES]
    codec = next((codec for magic, codec in _COMPRESSED.items() if start.startswith(magic)), None)
    if file_format == "xlsx":
        return cast(BinaryIO, peekable)
    if file_format == "parquet":
        if codec:
            raise InputError(f"{name} is compressed with {codec}: unpack it; Parquet is compressed")
        return cast(BinaryIO, peekable)
    if codec:
        return cast(BinaryIO, _Unpacked(peekable, name, codec))
    if start.startswith(b"PAR1"):
        raise InputError(f"{name} is a Parquet file: name it .parquet, or use --format parquet")
    what = next((what for magic, what in _FOREIGN.items() if start.startswith(magic)), None)
    if what is None and start[:4].count(0) > 1:
        what = f"in UTF-16 or no text: {_UTF8}"
    if what:
        raise InputError(f"{name} is {what}")
    return cast(BinaryIO, peekable)


def jsonl_or_csv(stream: BinaryIO) -> tuple[Format, BinaryIO]:
    """What a stream of text without a name holds, and the stream from its beginning.

    JSON begins with a bracket, after blanks; nothing that begins so is the header of a CSV.

    Args:
        stream: decompressed.
    """
    peekable: Any = stream if hasattr(stream, "peek") else io.BufferedReader(_Raw(stream))
    start = peekable.peek(_PEEK_TEXT)[:_PEEK_TEXT].removeprefix(b"\xef\xbb\xbf").lstrip()
    is_json = start[:1] in (b"", b"{", b"[") or _ASSIGNED.match(start)
    return ("jsonl" if is_json else "csv"), cast(BinaryIO, peekable)


def _reason(error: OSError) -> str:
    if error.errno == errno.ELOOP:
        return "a symbolic link that leads back to itself"
    return error.strerror or str(error)


class _Raw(io.RawIOBase):
    """Any object with ``read`` as a raw stream, left open when this one is closed."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return bool(getattr(self._stream, "seekable", bool)())

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._stream.seek(offset, whence)

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class _Unpacked:
    """Decompressed bytes, as long as there are not too many of them."""

    def __init__(self, stream: BinaryIO, name: str, codec: str) -> None:
        import pyarrow as pa

        self._packed = _Counted(stream)
        self._inner: Any = (
            _OWN[codec](self._packed)
            if codec in _OWN
            else pa.CompressedInputStream(pa.PythonFile(self._packed, "r"), codec)
        )
        self._name, self._codec, self._size = name, codec, 0

    def read(self, size: int) -> bytes:
        try:
            data = bytes(self._inner.read(size))
        except (OSError, lzma.LZMAError) as error:
            raise InputError(
                f"{self._name}: {self._codec} data damaged or cut short after {self._size:,} "
                "unpacked bytes: fetch or compress it again"
            ) from error
        self._size += len(data)
        if too_much(self._size, self._packed.size):
            raise InputError(
                f"{self._name} unpacks to more than {MAX_RATIO} times its size: unpack it yourself "
                "if it can be trusted"
            )
        return data


class _Zstd:
    """What a stream in zstd unpacks to, also with the window of 2 GB that dumps of Reddit have."""

    def __init__(self, stream: _Counted) -> None:
        import zstandard

        self._stream, self._error = stream, zstandard.ZstdError
        self._new = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW_BYTES).decompressobj
        self._unpacker: Any = None
        self._packed, self._ready = b"", b""

    def read(self, size: int) -> bytes:
        while not self._ready and self._unpack():
            pass
        data, self._ready = self._ready[:size], self._ready[size:]
        return data

    def _unpack(self) -> bool:
        """Unpack a little more: few bytes can be made to hold very many. False at the end."""
        packed = self._packed or self._stream.read(_ZSTD_READ_BYTES)
        self._packed = b""
        if not packed:
            if self._unpacker is not None:
                raise OSError("cut short")
            return False
        self._unpacker = self._unpacker or self._new()
        try:
            self._ready = self._unpacker.decompress(packed)
        except self._error as error:
            raise OSError(str(error)) from error
        if self._unpacker.eof:
            self._packed, self._unpacker = self._unpacker.unused_data, None
        return True


class _Xz:
    """What a stream in xz unpacks to; its dictionary may take no more memory than xz -9 needs."""

    def __init__(self, stream: _Counted) -> None:
        self._stream = stream
        self._unpacker = lzma.LZMADecompressor(memlimit=_MAX_XZ_BYTES)

    def read(self, size: int) -> bytes:
        while True:
            unpacker = self._unpacker
            if unpacker.eof:
                # Another one may follow, behind zeros, as where files were joined.
                data = unpacker.unused_data.lstrip(b"\0")
                while not data:
                    more = self._stream.read(_XZ_READ_BYTES)
                    if not more:
                        return b""
                    data = more.lstrip(b"\0")
                unpacker = self._unpacker = lzma.LZMADecompressor(memlimit=_MAX_XZ_BYTES)
            else:
                data = self._stream.read(_XZ_READ_BYTES) if unpacker.needs_input else b""
                if unpacker.needs_input and not data:
                    raise lzma.LZMAError("cut short")
            if unpacked := unpacker.decompress(data, size):
                return unpacked


class _Counted:
    """Counts what is read; pyarrow asks for no more of a file than this."""

    closed = False

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self.size = stream, 0

    def close(self) -> None:
        """Whoever opened the stream closes it."""

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self.size += len(data)
        return data


# Those that pyarrow does not read, or not in all its forms.
_OWN: Mapping[str, Callable[[_Counted], Any]] = {"xz": _Xz, "zstd": _Zstd}
