"""What repairs change in public posts: ``python benchmarks/studies/repairs.py [--examples N]``.

By split, by source and by code; and that the row of every other post is the same, to the bit, from
a scorer that repairs nothing. Examples show what was around a change and is there now; they
are of public posts, so they are for the eye and not for a file.
"""

from __future__ import annotations

import sys
from collections import Counter
from difflib import SequenceMatcher

import pandas as pd
from unpolished import Scorer
from unpolished.data.dataset.train_and_gold import vote_rows
from unpolished.data.labels.attach_texts import join_labels
from unpolished.data.labels.label_files import FURTHER, GOLD, TRAIN, read_labels
from unpolished.data.text.repair.repair import Repaired, repair
from unpolished.models import rows as pipeline_rows

PASSES = {"gold": (GOLD, 3), "train": (TRAIN, 1), "further": (FURTHER, 1)}
AROUND = 12
WINDOW = 2_000
# Say what they say of a repair, not of what is read.
_OF_REPAIR = {"repairs", "truncated"}


def labelled() -> pd.DataFrame:
    """All labelled posts with their splits and what their repair gives."""
    rows = vote_rows()
    parts = []
    for split, (path, passes) in PASSES.items():
        joined, _ = join_labels(read_labels(path, passes), rows)
        parts.append(joined[["source", "text"]].assign(split=split))
    posts = pd.concat(parts, ignore_index=True)
    found = [repair(text) for text in posts["text"]]
    return posts.assign(
        repaired=[mended.text for mended in found],
        codes=["+".join(mended.repairs) for mended in found],
        cut=[mended.truncated for mended in found],
        removed=[mended.removed for mended in found],
    )


def differing_rows(posts: pd.DataFrame) -> tuple[int, int]:
    """How many rows of the light model repairs change, of unchanged and of changed posts."""
    scorer = Scorer.load("linear")
    without, with_repairs = _rows(scorer, posts, mended=False), _rows(scorer, posts, mended=True)
    differs = pd.Series([a != b for a, b in zip(without, with_repairs, strict=True)])
    changed = (posts["text"] != posts["repaired"]).to_numpy()
    return int(differs[~changed].sum()), int(differs[changed].sum())


def _rows(scorer: Scorer, posts: pd.DataFrame, *, mended: bool) -> list[dict[str, object]]:
    before = pipeline_rows.repair
    try:
        if not mended:
            pipeline_rows.repair = Repaired
        return [
            row.model_dump(exclude=_OF_REPAIR)
            for start in range(0, len(posts), WINDOW)
            for row in scorer.score(posts["text"].iloc[start : start + WINDOW].tolist())
        ]
    finally:
        pipeline_rows.repair = before


def _examples(posts: pd.DataFrame, n: int) -> None:
    shown: Counter[tuple[str, str]] = Counter()
    for post in posts[posts["text"] != posts["repaired"]].itertuples():
        shown[post.source, post.codes] += 1
        if shown[post.source, post.codes] > n:
            continue
        blocks = SequenceMatcher(None, post.text, post.repaired, autojunk=False).get_opcodes()
        _, i, j, k, m = next(block for block in blocks if block[0] != "equal")
        before = post.text[max(0, i - AROUND) : j + AROUND]
        print(
            post.source,
            post.codes,
            repr(before),
            repr(post.repaired[max(0, k - AROUND) : m + AROUND]),
        )


def main(n_examples: int) -> None:
    """Print the counts."""
    posts = labelled()
    changed = posts[posts["text"] != posts["repaired"]]
    print(f"{len(changed):,} of {len(posts):,} labelled posts change")
    print(pd.concat([changed["split"].value_counts(), posts["split"].value_counts()], axis=1))
    codes = Counter(code for joined in posts["codes"] for code in joined.split("+") if code)
    print("posts by code:", dict(codes.most_common()))
    print(f"cut {posts['cut'].sum():,}, removed {posts['removed'].sum():,}")
    print(pd.crosstab(changed["source"], changed["codes"]).to_string())
    unchanged, mended = differing_rows(posts)
    print(f"rows that differ: {unchanged} of unchanged posts, {mended:,} of changed ones")
    _examples(posts, n_examples)


if __name__ == "__main__":
    main(int(sys.argv[2]) if sys.argv[1:2] == ["--examples"] else 0)
