"""The registered models that champions are versions of, and their aliases."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..splits import slug
from ..tracking.descriptions import champions_description
from ..tracking.mlflow_log import Logged, describe_registered, describe_version, tag_version
from ..tracking.mlflow_store import client

# One name whatever the recipe, so that ``models:/unpolished@champion`` outlives any of them; models
# of one's own posts have another for each file.
REGISTERED = "unpolished"
CHAMPION, PREVIOUS, CHALLENGER = "champion", "previous", "challenger"
_REASON, _PROMOTED = "promotion.reason", "Promoted: "


class NoModelError(ValueError):
    """A run without a registered model; the message says what to do."""


@dataclass(frozen=True)
class Version:
    """A version of a registered model, and the run that it comes from."""

    name: str
    version: str
    run_id: str


def champion_name(data: str) -> str:
    """What the champions of a data set are registered as.

    >>> champion_name("public"), champion_name("My posts")
    ('unpolished', 'unpolished-own_my-posts')
    """
    # No recipe has an underscore in its name, so this is never the name of a recipe's models.
    return REGISTERED if data == "public" else f"{REGISTERED}-own_{slug(data) or 'posts'}"


def alias(registered: str, name: str) -> Version | None:
    """The version that has an alias."""
    from mlflow.exceptions import MlflowException

    try:
        found = client().get_model_version_by_alias(registered, name)
    except MlflowException:
        return None
    return Version(registered, str(found.version), str(found.run_id))


def set_aliases(registered: str, versions: Mapping[str, str]) -> None:
    """Give aliases to versions, which other versions lose."""
    for name, version in versions.items():
        client().set_registered_model_alias(registered, name, version)


def among_champions(run_id: str, data: str) -> Version:
    """A run's model as a version of the champions' model; it becomes one unless it is.

    Raises:
        NoModelError: the run registered no model.
    """
    registered = champion_name(data)
    versions = _versions(run_id)
    if found := [version for version in versions if version.name == registered]:
        return found[0]
    champions = re.compile(rf"{REGISTERED}(-own_.*)?")
    logged = [version for version in versions if not champions.fullmatch(version.name)]
    if not logged:
        raise NoModelError(f"run {run_id} registered no model: train it again")
    # MLflow tells of it on standard error, whatever its logging level.
    with contextlib.redirect_stderr(io.StringIO()):
        address = f"models:/{logged[0].name}/{logged[0].version}"
        copied = client().copy_model_version(address, registered)
    describe_registered(registered, champions_description(data))
    return Version(registered, str(copied.version), run_id)


def challenge(run_id: str, data: str) -> str:
    """Give a run's model the alias challenger, which it has until another run's model takes it.

    Returns:
        The address of the model.

    Raises:
        NoModelError: the run registered no model.
    """
    version = among_champions(run_id, data)
    set_aliases(version.name, {CHALLENGER: version.version})
    return f"models:/{version.name}@{CHALLENGER}"


def step_back(run_id: str, data: str) -> None:
    """Take the alias challenger from a run's model, if it has it."""
    registered = champion_name(data)
    challenger = alias(registered, CHALLENGER)
    if challenger is not None and challenger.run_id == run_id:
        client().delete_registered_model_alias(registered, CHALLENGER)


def tell_reason(version: Version, reason: str) -> None:
    """Write beside a version why it became champion: a tag, and below its description."""
    of = Logged(version.name, version.version)
    found = client().get_model_version(version.name, version.version)
    before = (found.description or "").partition(_PROMOTED)[0].strip()
    tag_version(of, {_REASON: reason})
    describe_version(of, f"{before}\n\n{_PROMOTED}{reason}".strip())


def _versions(run_id: str) -> list[Version]:
    """Newest first."""
    found = client().search_model_versions(f"run_id = '{run_id}'")
    versions = [Version(v.name, str(v.version), run_id) for v in found]
    return sorted(versions, key=lambda version: -int(version.version))
