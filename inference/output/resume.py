"""Decide whether a run begins, resumes, publishes or is refused, as a table of states."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from ...data.errors import InputError
from .manifest import Manifest
from .paths import Layout


class Action(Enum):
    """The next step of a run."""

    BEGIN = "nothing is complete: start"
    GO_ON = "some parts are complete: score the rest"
    PUBLISH = "the output is complete and has to get its name"
    NOTHING = "the output is complete and has its name"


class Found(NamedTuple):
    """What exists at the paths of an output.

    Attributes:
        output: something has the name of the output.
        manifest: of the folder the work lies in, empty if there is none.
    """

    output: bool
    manifest: Manifest


def next_step(found: Found, layout: Layout, *, resume: bool, force: bool) -> Action:
    """Decide the next step of a run.

    | output | work     | plain   | --resume             | --force            |
    |--------|----------|---------|----------------------|--------------------|
    | no     | none     | BEGIN   | BEGIN                | BEGIN              |
    | yes    | none     | refused | NOTHING, if the same | BEGIN (not a folder) |
    | any    | parts    | refused | GO_ON *              | refused            |
    | any    | complete | refused | PUBLISH *            | refused            |

    * with an output there, only if the run was begun with ``--force``.

    Raises:
        InputError: refused, saying what would do.
    """
    if resume and force:
        raise InputError("--resume and --force contradict each other: give one of them")
    work, target = found.manifest, layout.target
    if work.parts or work.end is not None:
        if not resume:
            raise InputError(
                f"{layout.partial} is an interrupted run: continue it with --resume, or remove it"
            )
        # A complete run that was killed while it cleaned up has its output under its name.
        if found.output and work.end is None and not (work.run or {}).get("force"):
            raise InputError(f"{target} exists, and {layout.partial} too: move one of them away")
        return Action.GO_ON if work.end is None else Action.PUBLISH
    if not found.output:
        return Action.BEGIN
    if resume:
        replacing = work.run is not None and work.run.get("force")
        return Action.BEGIN if replacing else Action.NOTHING
    if not force:
        raise InputError(f"{target} exists: choose another name, or --force to replace it")
    if layout.is_folder:
        raise InputError(f"{target} exists: a folder is not replaced, choose another name")
    return Action.BEGIN
