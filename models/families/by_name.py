"""The one table of families: a row registers one for recipes, training, saved folders and help.

Names alone, so that asking which families there are imports none of them. Installed packages add
families by entry points of the group ``unpolished.families``; see docs/how-to/add-a-family.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from ..base import Model
    from ..options import ModelOptions


@dataclass(frozen=True)
class Family:
    """One family.

    Attributes:
        name: that recipes and saved folders use; its module beside this one, whose function
            ``build`` makes an unfitted model of a ``building.Setup`` and the keys of its recipe.
        class_name: of the model.
        options: class of the recipe's table ``[model]``; None where the table is not allowed.
        recipe_keys: class of the recipe's other keys of its own, in ``building``; None for none.
        by_post: names of what its models' ``diagnostics`` tell of each post.
        seeded: whether a seed moves what its models say.
    """

    name: str
    class_name: str
    options: str | None = None
    recipe_keys: str | None = None
    by_post: tuple[str, ...] = ()
    seeded: bool = True

    def load(self, name: str) -> Any:  # noqa: ANN401
        """Something of its module, imported when it is asked for."""
        return getattr(import_module(f".{self.name}", __package__), name)

    def options_class(self) -> type[ModelOptions] | None:
        """The class of ``[model]``."""
        return None if self.options is None else self.load(self.options)

    def recipe_keys_class(self) -> type[ModelOptions] | None:
        """The class of the recipe's other keys."""
        if self.recipe_keys is None:
            return None
        found = getattr(import_module(".building", __package__), self.recipe_keys)
        return cast("type[ModelOptions]", found)


@dataclass(frozen=True)
class OutsideFamily(Family):
    """A family of another package.

    Its class has the attribute ``family``, a class method ``build`` that makes an unfitted model of
    a ``building.Setup``, and, where its recipes have a table ``[model]``, the class of that as
    ``Options``, of which ``build`` is given one as ``model``.

    Attributes:
        entry: leads to the class.
    """

    entry: EntryPoint | None = None

    def load(self, name: str) -> Any:  # noqa: ANN401
        """Its class, or something of it.

        Raises:
            ValueError: the package cannot be imported, or its class calls itself something else.
        """
        assert self.entry is not None  # noqa: S101  (made below, with one)
        try:
            found = self.entry.load()
        except (ImportError, AttributeError) as error:
            raise ValueError(
                f"model family {self.name!r} of another package, {self.entry.value}, cannot be "
                f"imported: {error}"
            ) from error
        if getattr(found, "family", None) != self.name:
            raise ValueError(
                f"{self.entry.value} is registered as model family {self.name!r}, but its "
                f"attribute family is {getattr(found, 'family', None)!r}"
            )
        return found if name == self.class_name else getattr(found, name)

    def options_class(self) -> type[ModelOptions] | None:
        """The class of ``[model]``."""
        return getattr(self.load(self.class_name), "Options", None)


# In the order in which results and help show them.
_ROWS = (
    Family("rules", "Rules", seeded=False),
    Family("linear", "Linear", "LinearOptions", seeded=False),
    Family("embed", "Embed", "EmbedOptions", "EncoderLayers", seeded=False),
    Family("encoder", "FinetunedEncoder", "EncoderOptions", "EncoderKey"),
    Family("cascade", "Cascade", "CascadeOptions", "EncoderKey", ("first", "second", "distance")),
    Family("stack", "Stack", "StackOptions", "EncoderKey"),
    Family("student", "Student", "StudentOptions", "EncoderKey"),
)
FAMILIES = {family.name: family for family in _ROWS}


def family_of(name: str) -> Family:
    """The row of a family, ours or an installed package's.

    Raises:
        ValueError: an unknown family, with the known ones named.
    """
    if name in FAMILIES:
        return FAMILIES[name]
    outside = _outside()
    if name not in outside:
        known = ", ".join([*FAMILIES, *outside])
        raise ValueError(f"{name or 'nothing'!r} is no model family; give one of {known}")
    return outside[name]


def _outside() -> dict[str, Family]:
    # A package cannot put itself in the place of a family of ours: those are looked up first.
    found = entry_points(group="unpolished.families")
    return {
        entry.name: OutsideFamily(entry.name, entry.attr, entry=entry)
        for entry in sorted(found, key=lambda entry: entry.name)
    }


def family_class(name: str) -> type[Model]:
    """The class of a model family.

    Raises:
        ValueError: an unknown family, with the known ones named.
    """
    family = family_of(name)
    return cast("type[Model]", family.load(family.class_name))
