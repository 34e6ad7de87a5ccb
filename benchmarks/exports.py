"""What reading an export costs beside JSON lines: ``python benchmarks/exports.py [--posts N]``.

The same posts as lines under their own names, as the one array of an Instagram scraper, and as the
archive of an account of X, scored by the light model from file to file. Ways take turns, round
after round, each in a process of its own; speed is a ratio to the lines of the same round, and
memory is the peak of all processes together.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from speed.posts import different, public_texts
from speed.process import Run, timed

Post = dict[str, Any]


def posts(n: int) -> Iterator[Post]:
    """Posts with different texts and all that the exports have of them."""
    texts, _ = public_texts()
    for number, text in zip(range(n), different(texts), strict=False):
        yield {"id": str(10**18 + number), "text": text, "author": f"author{number % 997}",
               "likes": number % 5_000, "comments": number % 90, "shares": number % 40}  # fmt: skip


def lines(path: Path, given: Iterator[Post]) -> None:
    """Under their own names."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(post) + "\n" for post in given)


def scraped(path: Path, given: Iterator[Post]) -> None:
    """As one array on one line, as a scraper's platform hands it out."""
    with path.open("w", encoding="utf-8") as file:
        for number, post in enumerate(given):
            record = {
                "id": post["id"], "type": "Image", "shortCode": post["id"][-11:],
                "caption": post["text"], "hashtags": ["a", "b"], "mentions": [],
                "url": f"https://www.instagram.com/p/{post['id'][-11:]}/",
                "commentsCount": post["comments"], "firstComment": "", "latestComments": [],
                "dimensionsHeight": 1350, "dimensionsWidth": 1080,
                "displayUrl": "https://scontent.example/v/t51/" + "x" * 200,
                "images": [], "alt": None, "likesCount": post["likes"],
                "timestamp": "2024-03-02T07:15:00.000Z", "childPosts": [],
                "ownerFullName": "Ana", "ownerUsername": post["author"], "ownerId": "7",
                "isSponsored": False, "paidPartnership": False, "sponsors": [],
            }  # fmt: skip
            file.write(("," if number else "[") + json.dumps(record))
        file.write("]")


def archived(path: Path, given: Iterator[Post]) -> None:
    """As ``tweets.js``, indented as X writes it."""
    with path.open("w", encoding="utf-8") as file:
        file.write("window.YTD.tweets.part0 = ")
        for number, post in enumerate(given):
            tweet = {
                "edit_info": {"initial": {"editTweetIds": [post["id"]], "editsRemaining": "5"}},
                "retweeted": False, "source": "<a href=\"https://x.example\">Web</a>",
                "entities": {"hashtags": [], "symbols": [], "user_mentions": [], "urls": []},
                "display_text_range": ["0", str(len(post["text"]))],
                "favorite_count": str(post["likes"]), "id_str": post["id"], "truncated": False,
                "retweet_count": str(post["shares"]), "id": post["id"],
                "created_at": "Sat Mar 02 07:15:00 +0000 2024", "favorited": False,
                "full_text": post["text"], "lang": "en",
            }  # fmt: skip
            file.write((",\n" if number else "[\n") + json.dumps({"tweet": tweet}, indent=2))
        file.write("\n]")


WAYS: dict[str, tuple[str, Callable[[Path, Iterator[Post]], None]]] = {
    "lines": ("posts.jsonl", lines),
    "Apify, one array": ("posts.json", scraped),
    "X archive": ("tweets.js", archived),
}


def score(source: Path, jobs: int) -> Run:
    """One run of the command line, in a process of its own."""
    target = source.with_suffix(".scored.jsonl")
    return timed(
        [sys.executable, "-m", "unpolished.cli", "score", source, "-o", target, "--model", "linear",
         "--jobs", str(jobs), "--force", "-q", "--json"]
    )  # fmt: skip


def main() -> None:
    """Print a line for each way."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--posts", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        files = {}
        for name, (file, write) in WAYS.items():
            files[name] = Path(scratch, file)
            write(files[name], posts(given.posts))
        found: dict[str, list[Run]] = {name: [] for name in files}
        for _ in range(given.rounds):
            for name, source in files.items():
                found[name].append(score(source, given.jobs))
        for name, runs in found.items():
            speed = statistics.median(run.said["rows"] / run.said["seconds"] for run in runs)
            ratio = statistics.median(
                plain.said["seconds"] / run.said["seconds"]
                for plain, run in zip(found["lines"], runs, strict=True)
            )
            memory = statistics.median(run.together_mb for run in runs)
            more = memory - statistics.median(run.together_mb for run in found["lines"])
            size = files[name].stat().st_size >> 20
            print(f"{name} ({size:,} MB): {speed:,.0f} posts/s, {ratio:.2f} of lines; peak "
                  f"{memory:,.0f} MB, {more:+,.0f} MB", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
