"""Time and memory of hostile posts and files: ``python benchmarks/bad_input.py``.

Posts of 5 MB are scored one by one with the shipped model, the loading of it not counted; each may
take a second. Files made to fill memory are scored by a process of their own; each may take 600 MB
more than a file of one post.
"""

import gzip
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from unpolished import Scorer

MAX_SECONDS, MAX_MB = 1.0, 600
RUNS = 3
COMMAND = Path(sys.executable).parent / "unpolished"
POSTS = {
    "words": "late bus again so tired of this week lol " * 122_000,
    "one letter": "a" * 5_000_000,
    "tags": "#ad" * 1_666_000,
    "handles": "@a " * 1_666_000,
    "marks": "a" + "\u0301" * 2_500_000,
    "emoji": "😂" * 1_250_000,
    "blank lines": "\n" * 5_000_000 + "#ad",
    "digits": "1" * 5_000_000,
    "quotes": '"(' * 2_500_000,
    "dots": "a." * 2_500_000,
    "full-width letters": "ａｄ " * 700_000,
    "mixed scripts": "аd " * 1_250_000,
    "accents without spaces": "rémunéré" * 500_000,
    "Chinese without spaces": "日本語" * 555_000,
    "Hangul letters": "\u1100\u1161\u11a8" * 550_000,
    "lone surrogates": "\ud83d" * 1_600_000,
    "links": "http://a.example/" * 294_000,
    "codes": "code ABC10 off " * 333_000,
}


def _plain(path: Path) -> None:
    path.write_text('{"text": "late bus again so tired of this"}\n')


def _long_line(path: Path) -> None:
    with path.open("w") as stream:
        stream.writelines("a" * 1_000_000 for _ in range(1_000))


def _many_long_posts(path: Path) -> None:
    with path.open("w") as stream:
        stream.writelines(json.dumps({"text": "late bus " * 550_000}) + "\n" for _ in range(100))


def _nested(path: Path) -> None:
    path.write_text('{"text": [' + "{}," * 10_000_000 + "{}]}\n")


def _bomb(path: Path) -> None:
    with gzip.open(path, "wb") as stream:
        for _ in range(1_000):
            stream.write(b"a" * 1_000_000)


def _open_quote(path: Path) -> None:
    with path.open("w") as stream:
        stream.write('id,text\nx,"late')
        stream.writelines(" bus\n" * 1_000_000 for _ in range(100))


def _same_text(path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    one = pa.DictionaryArray.from_arrays(pa.array([0] * 2_000, pa.int32()), ["late bus " * 550_000])
    parquet.write_table(pa.table({"text": one}), path)


FILES = {
    "one post": ("plain.jsonl", _plain),
    "a line of 1 GB": ("line.jsonl", _long_line),
    "100 posts of 5 MB": ("long.jsonl", _many_long_posts),
    "30 MB of empty objects": ("nested.jsonl", _nested),
    "1 GB in a gzip file of 1 MB": ("bomb.jsonl.gz", _bomb),
    "an open quote before 500 MB": ("quote.csv", _open_quote),
    "a post of 5 MB in 2,000 rows of Parquet": ("same.parquet", _same_text),
}


def score_seconds(scorer: Scorer, text: str) -> float:
    """Median of a few runs."""
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        scorer.score([text])
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def peak_mb(path: Path) -> tuple[float, float]:
    """Peak memory and wall time of a process that scores a file."""
    probe = (
        "import resource, subprocess, sys;"
        "subprocess.run(sys.argv[1:], capture_output=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
    )
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", probe, COMMAND, "score", path, "-o", path.with_suffix(".out.jsonl")],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return float(done.stdout), time.perf_counter() - started


def main() -> int:
    """Print each figure; 1 if any is over its limit."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    scorer, over = Scorer.load(), 0
    scorer.score(["late bus again so tired of this week lol"])
    for name, text in POSTS.items():
        seconds = score_seconds(scorer, text)
        over += seconds > MAX_SECONDS
        print(f"a post of 5 MB, {name}: median {seconds:.3f} s of {RUNS} runs")
    baseline = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for name, (file, write) in FILES.items():
            path = Path(folder, file)
            write(path)
            mb, seconds = peak_mb(path)
            baseline = baseline or mb
            over += mb - baseline > MAX_MB
            print(f"{name}: peak {mb:,.0f} MB, {seconds:.1f} s")
            path.unlink()
    print(f"{over} over the limits of {MAX_SECONDS} s and {MAX_MB} MB above one post")
    return int(over > 0)


if __name__ == "__main__":
    sys.exit(main())
