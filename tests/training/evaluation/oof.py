"""An invented out-of-fold table for the tests of what reads it."""

import numpy as np
import pandas as pd

AXES = ("polished", "paid", "performative", "committed", "self")


def invented_table(n: int = 240, seed: int = 0) -> pd.DataFrame:
    """Two splits, three sources, scores that know something."""
    rng = np.random.default_rng(seed)
    style = rng.choice([0.0, 0.5, 1.0], n, p=[0.4, 0.2, 0.4])
    paid = rng.choice([0.0, 1.0, np.nan], n, p=[0.7, 0.25, 0.05])
    cause = rng.choice([0.0, 1.0, 2.0, np.nan], n, p=[0.5, 0.3, 0.15, 0.05])
    signal = np.stack(
        [style, np.nan_to_num(paid), np.nan_to_num(cause) == 1, np.nan_to_num(cause) == 2], axis=1
    )
    odds = 2 * signal - 1.2 + rng.normal(size=(n, 4))
    p = 1 / (1 + np.exp(-odds))
    p[:, 2:4] /= np.maximum(1, p[:, 2:4].sum(axis=1, keepdims=True))
    # Drawn apart, so that the rest stays what it was.
    others = np.random.default_rng(seed + 1)
    kind = np.where(paid == 1, 2.0, np.where(np.isnan(paid), np.nan, others.integers(0, 2, n)))
    own = 1 / (1 + np.exp(1.2 - 2 * (kind == 1) - others.normal(size=n)))
    p = np.column_stack([p, (1 - p[:, 1]) * own])
    # What the author's name adds is little.
    named = np.clip(p + others.normal(0, 0.02, p.shape), 0.001, 0.999)
    table = pd.DataFrame(
        {
            "split": np.where(np.arange(n) < n // 2, "train", "gold"),
            "source": rng.choice(["a/x", "b/y", "c/z"], n),
            "source_id": [str(i) for i in range(n)],
            "group": [f"g{i}" for i in rng.integers(0, n // 4, n)],
            "fold": rng.integers(0, 5, n).astype(np.int8),
            "style": style.astype(np.float32),
            "style_mean": (1 + 4 * style + rng.normal(0, 0.2, n)).astype(np.float32),
            "style_contested": rng.random(n) < 0.2,
            "paid": paid,
            "kind": kind,
            "kind_contested": others.random(n) < 0.2,
            "undisclosed": paid,
            "paid_contested": rng.random(n) < 0.2,
            "cause": cause,
            "cause_contested": rng.random(n) < 0.2,
            "n_chars": rng.integers(20, 400, n),
        }
    )
    for prefix in ("raw", "p", "loso", "base"):
        for i, axis in enumerate(AXES):
            table[f"{prefix}_{axis}"] = p[:, i].astype(np.float32)
    for prefix in ("raw", "p", "loso"):
        for i, axis in enumerate(AXES):
            table[f"author_{prefix}_{axis}"] = named[:, i].astype(np.float32)
    for author, scores in (("", p), ("author_", named)):
        for i, axis in enumerate(AXES):
            flags = np.where(scores[:, i] > 0.6, 1, np.where(scores[:, i] < 0.4, 0, -1))
            table[f"{author}flag_{axis}"] = flags.astype(np.int8)
    for axis in AXES:
        table[f"loso_flag_{axis}"] = table[f"flag_{axis}"]
    return table
