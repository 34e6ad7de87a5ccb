"""Posts on disk in each form that a row reads."""

from __future__ import annotations

from pathlib import Path

from unpolished.models.families.encoder import read_tokenizer, tokenized
from unpolished.models.shipped.folders import model_folder

from .measure import Files
from .peers import MAX_TOKENS
from .posts import different, write_posts, write_tokens

# For fewer, the light model starts no second process.
MORE = 3
# What fewer posts take can hardly be told from a start.
FEW = 500


def counted(posts: int) -> dict[str, int]:
    """Posts of each kind of ``Files``: fewer where a row is slow, and more where it is fast."""
    some, few = max(posts // 8, 1), min(posts, max(posts // 40, FEW))
    more = MORE * posts
    return {"posts": posts, "masked": posts, "more": more, "more-masked": more, "some": some,
            "tokens": some, "few": few, "few-masked": few}  # fmt: skip


def write_files(folder: Path, texts: list[str], masked: list[str], counts: dict[str, int]) -> Files:
    """The same posts of each kind, one and as many as asked.

    Args:
        folder: to write to.
        texts: as posted.
        masked: the same, each another one, as many as the largest count.
        counts: of each kind.
    """
    one, many = {}, {}
    for kind, n in counts.items():
        one[kind], many[kind] = folder / f"one-{kind}.jsonl", folder / f"many-{kind}.jsonl"
        if kind != "tokens":
            source = masked if "masked" in kind else texts
            write_posts(one[kind], iter(source), 1)
            write_posts(many[kind], different(source), n)
    ids = tokenized(read_tokenizer(model_folder(None)), masked[: counts["tokens"]], MAX_TOKENS)
    one["tokens"], many["tokens"] = folder / "one.npz", folder / "many.npz"
    write_tokens(one["tokens"], ids[:1])
    write_tokens(many["tokens"], ids)
    return Files(one, many, counts)
