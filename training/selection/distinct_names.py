"""Names of runs that say in what their recipes, or their data, differ: ``linear c=0.2 seed=1``."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence

from ..tracking.runs import FinishedRun
from .compare import recipe

_NO_SETTINGS = ("name", "family")
_ID_LENGTH = 8
# Names of keys, shortened, before their values, see ``training.run_names``.
_CHANGED = re.compile(r"(?:^| )([\w.]+)=")
_BETWEEN = re.compile(r" (?=[\w.]+=)")


def run_names(runs: Sequence[FinishedRun]) -> list[str]:
    """A name for each run, unlike that of any other.

    Runs of one recipe differ by what is set in it, and by the data they were trained on; where
    nothing is, by how their ids begin. What is as in the shipped recipe goes without saying, unless
    that has changed from one version to another.
    """
    names = [" ".join([recipe(run), *_settings(run, _alike(run, runs))]) for run in runs]
    times = Counter(names)
    return [
        name if times[name] == 1 else f"{name} {run.run_id[:_ID_LENGTH]}"
        for name, run in zip(names, runs, strict=True)
    ]


def shared_changes(runs: Sequence[FinishedRun]) -> str:
    """What all runs of a recipe change of the shipped one, so that no name tells it; or nothing."""
    found = {}
    for run in runs:
        said = [_words(other) for other in _alike(run, runs)]
        if both := [word for word in said[0] if all(word in words for words in said)]:
            found[recipe(run)] = " ".join([recipe(run), *both])
    return "; ".join(found.values())


def _words(run: FinishedRun) -> list[str]:
    said = run.tags.get("recipe.changes", "none")
    return [] if said == "none" else _BETWEEN.split(said)


def _alike(run: FinishedRun, runs: Sequence[FinishedRun]) -> list[FinishedRun]:
    """Runs whose recipes have the same name and family, and so the same keys."""
    return [
        other
        for other in runs
        if recipe(other) == recipe(run) and other.tags.get("family") == run.tags.get("family")
    ]


def _settings(run: FinishedRun, alike: Sequence[FinishedRun]) -> list[str]:
    keys = sorted({key for other in alike for key in other.params} - {*_NO_SETTINGS})
    differ = [key for key in keys if len({other.params.get(key) for other in alike}) > 1]
    told = [key for key in differ if _changed(run, key) or not _one_as_shipped(key, alike)]
    last = Counter(key.rsplit(".", 1)[-1] for key in differ)
    data = {_data(other) for other in alike}
    return [
        f"{short if last[short := key.rsplit('.', 1)[-1]] == 1 else key}={_shown(run, key)}"
        for key in told
    ] + ([f"data={_data(run)}"] if len(data) > 1 else [])


def _changed(run: FinishedRun, key: str) -> bool:
    """Whether a run's recipe changes a key of the shipped one; earlier versions did not say."""
    said = run.tags.get("recipe.changes")
    if said is None:
        return True
    return any(f".{key}".endswith(f".{name}") for name in _CHANGED.findall(said))


def _one_as_shipped(key: str, alike: Sequence[FinishedRun]) -> bool:
    return len({other.params.get(key) for other in alike if not _changed(other, key)}) == 1


def _data(run: FinishedRun) -> str:
    return run.tags.get("data.path", run.tags.get("data.name", "none"))


def _shown(run: FinishedRun, key: str) -> str:
    value = run.params.get(key, "none")
    try:
        return json.dumps(json.loads(value), ensure_ascii=False, separators=(",", ":"))
    except json.JSONDecodeError:
        return value
