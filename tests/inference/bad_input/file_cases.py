"""Files that are not what their name says, packed files, and things that are no files."""

import bz2
import io
import lzma
import os
import socket
import zipfile

import zstandard

from .case import ALSO_GOOD, BESIDE, GOOD, Case, gzipped, refused

ROWS = GOOD + ALSO_GOOD
PACKED = gzipped(ROWS)
CSV = b"id,text\nbefore,late bus again so tired\nafter,made soup and watched the rain\n"


def _zipped(name="in.jsonl", content=ROWS):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        # A name alone would be stored with the time of day.
        archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def zstd_of(content):
    """As dumps of Reddit are packed."""
    long = zstandard.ZstdCompressionParameters(window_log=31, enable_ldm=True)
    packer = zstandard.ZstdCompressor(compression_params=long).compressobj()
    return packer.compress(content) + packer.flush()


def _zstd(path):
    import pyarrow as pa

    with pa.CompressedOutputStream(str(path), "zstd") as stream:
        stream.write(ROWS)


def _bomb(path):
    """200 MB of one line that shrinks a thousand-fold."""
    path.write_bytes(gzipped(b"a" * 200_000_000))


def _bomb_of_posts(path):
    # So long that some parts of 10,000, and not many, are complete when the bound of 16 MB is met.
    long = GOOD.replace(b"lol", b"lol" + b" so so late" * 45)
    path.write_bytes(gzipped(long * 40_000))


def _loop(path):
    path.symlink_to(path)


def _dangling(path):
    path.symlink_to(path.with_name("nowhere"))


def _link(path):
    path.with_name("real.jsonl").write_bytes(ROWS)
    path.symlink_to("real.jsonl")


def _device(path):
    path.symlink_to("/dev/zero")


def _null(path):
    path.symlink_to("/dev/null")


def _forbidden(path):
    """Root may read what is closed to all; but not this."""
    if os.geteuid() == 0:
        path.symlink_to("/proc/sys/vm/drop_caches")
        return
    path.write_bytes(ROWS)
    path.chmod(0)


def _failing(path):
    """Opens, and fails at the first byte, as a broken disk does."""
    path.symlink_to("/proc/self/mem")


def _socket(path):
    # The address of a socket may have 107 characters, fewer than the path of a test.
    here = os.open(path.parent, os.O_DIRECTORY)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"/proc/self/fd/{here}/{path.name}")
    os.close(here)


def _fifo(path):
    os.mkfifo(path)
    if os.fork() == 0:
        path.write_bytes(ROWS)
        os._exit(0)


CASES = [
    Case("gzip by name", "in.jsonl.gz", PACKED, BESIDE),
    Case("gzip by surprise", "in.jsonl", PACKED, BESIDE),
    Case("gzip in two members", "in.jsonl.gz", gzipped(GOOD) + gzipped(ALSO_GOOD), BESIDE),
    Case("gzip of CSV", "in.csv.gz", gzipped(CSV), BESIDE),
    Case("gzip of nothing", "in.jsonl.gz", gzipped(b"")),
    Case("gzip with a bad line inside", "in.jsonl.gz", gzipped(GOOD + b"{\n" + ALSO_GOOD), BESIDE,
         {2: "json"}),
    Case("zstd by surprise", "in.jsonl", _zstd, BESIDE),
    Case("zstd that looks back for 2 GB, in two frames", "in.jsonl.zst",
         zstd_of(GOOD) + zstd_of(ALSO_GOOD), BESIDE),
    refused("zstd cut short", "in.jsonl.zst", zstd_of(ROWS)[:-6], "zstd data damaged or cut short"),
    refused("zstd with rubbish behind it", "in.jsonl.zst", zstd_of(ROWS) + b"rubbish", "damaged"),
    refused("a zstd bomb", "in.jsonl.zst", zstd_of(bytes(100_000_000)), "unpacks to more than 200"),
    Case("bzip2", "in.jsonl.bz2", bz2.compress(ROWS), BESIDE),
    Case("gzip in gzip", "in.jsonl.gz", gzipped(gzipped(b"x")), rejects={1: "encoding"}),
    Case("a name that ends in .gz and is not packed", "in.jsonl.gz", ROWS, BESIDE),
    refused("gzip cut short", "in.jsonl.gz", PACKED[:-12], "gzip data damaged or cut short"),
    refused("gzip with a byte changed", "in.jsonl.gz", PACKED[:30] + b"\x00" + PACKED[31:], "damaged"),
    refused("gzip with rubbish behind it", "in.jsonl.gz", PACKED + b"rubbish", "damaged"),
    refused("the head of gzip alone", "in.jsonl.gz", PACKED[:10], "damaged or cut short"),
    refused("a gzip bomb of one line", "in.jsonl.gz", _bomb, "unpacks to more than 200 times its size"),
    Case("a gzip bomb of posts", "in.jsonl.gz", _bomb_of_posts,
         refused="unpacks to more than 200 times", left=("out.jsonl.partial",)),
    refused("a gzip bomb by surprise in CSV", "in.csv", _bomb, "unpacks to more than 200 times"),
    refused("a zip archive", "in.jsonl", _zipped(), "is a ZIP archive or a spreadsheet"),
    refused("a spreadsheet named CSV", "in.csv", _zipped(), "name it .zip or .xlsx"),
    refused("a ZIP archive that is none", "in.zip", ROWS, "not a ZIP archive, or damaged"),
    Case("a ZIP archive of a file of posts", "in.zip", _zipped(), BESIDE),
    refused("a ZIP archive without one", "in.zip", _zipped("a.txt"), "no file with posts (a.txt)"),
    refused("a ZIP archive in a ZIP archive", "in.zip", _zipped("a.zip", _zipped()), "no file with"),
    refused("a spreadsheet that is none", "in.xlsx", ROWS, "is no .xlsx file"),
    refused("a ZIP archive named .xlsx", "in.xlsx", _zipped(), "not read as a spreadsheet"),
    Case("xz", "in.jsonl.xz", lzma.compress(ROWS), BESIDE),
    Case("xz in two parts", "in.jsonl", lzma.compress(GOOD) + lzma.compress(ALSO_GOOD), BESIDE),
    refused("xz cut short", "in.jsonl.xz", lzma.compress(ROWS)[:-12], "xz data damaged or cut"),
    refused("an xz bomb", "in.jsonl.xz", lzma.compress(bytes(100_000_000)), "unpacks to more than 200"),
    refused("an old spreadsheet", "in.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "sheet"),
    refused("the head of xz", "in.jsonl", b"\xfd7zXZ\x00" + bytes(50), "damaged or cut short"),
    refused("7-zip", "in.jsonl", b"7z\xbc\xaf\x27\x1c" + bytes(50), "7-zip"),
    refused("a PDF", "in.csv", b"%PDF-1.7\n...", "is a PDF"),
    refused("a database", "in.jsonl", b"SQLite format 3\x00" + bytes(100), "is a database"),
    refused("Parquet named JSONL", "in.jsonl", b"PAR1" + bytes(50), "is a Parquet file"),
    refused("zeros", "in.jsonl", bytes(1000), "no text"),
    refused("a directory", "in.jsonl", lambda path: path.mkdir(), "is a directory"),
    refused("a device", "in.jsonl", _device, "is a device"),
    refused("the null device", "in.jsonl", _null, "is a device"),
    refused("a file that cannot be read", "in.jsonl", _failing, "Input/output error"),
    refused("a file that may not be read", "in.jsonl", _forbidden, "Permission denied"),
    refused("a socket", "in.jsonl", _socket, "is a device"),
    refused("a link that leads to itself", "in.jsonl", _loop, "leads back to itself"),
    refused("a link that leads nowhere", "in.jsonl", _dangling, "No such file"),
    refused("nothing there", "in.jsonl", lambda path: None, "No such file"),
    refused("a name too long", "x" * 300 + ".jsonl", lambda path: None, "File name too long"),
    refused("no extension", "in", ROWS, "unknown extension"),
    refused("an unknown extension", "in.docx", ROWS, "unknown extension"),
    refused("an extension of packing alone", "in.gz", PACKED, "unknown extension"),
    Case("a link", "in.jsonl", _link, BESIDE),
    Case("a named pipe", "in.jsonl", _fifo, BESIDE),
    Case("no extension, with --format", "in", ROWS, BESIDE, options=("--format", "jsonl")),
    refused("JSONL taken for CSV", "in.jsonl", ROWS, "no column 'text'", "--format", "csv"),
    Case("CSV taken for JSONL", "in.csv", CSV, rejects={1: "json", 2: "json", 3: "json"},
         options=("--format", "jsonl")),
]  # fmt: skip
