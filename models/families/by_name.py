"""The one table of families: a row registers one for recipes, training, saved folders and help.

Names alone, so that asking which families there are imports none of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
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
    """

    name: str
    class_name: str
    options: str | None = None
    recipe_keys: str | None = None
    by_post: tuple[str, ...] = ()

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


# In the order in which results and help show them.
_ROWS = (
    Family("rules", "Rules"),
    Family("linear", "Linear", "LinearOptions"),
    Family("embed", "Embed", "EmbedOptions", "EncoderLayers"),
    Family("encoder", "FinetunedEncoder", "EncoderOptions", "EncoderKey"),
    Family("cascade", "Cascade", "CascadeOptions", "EncoderKey", ("first", "second", "distance")),
    Family("stack", "Stack", "StackOptions", "EncoderKey"),
    Family("student", "Student", "StudentOptions", "EncoderKey"),
)
FAMILIES = {family.name: family for family in _ROWS}


def family_of(name: str) -> Family:
    """The row of a family.

    Raises:
        ValueError: an unknown family, with the known ones named.
    """
    if name not in FAMILIES:
        raise ValueError(f"unknown model family {name!r}; known: {', '.join(FAMILIES)}")
    return FAMILIES[name]


def family_class(name: str) -> type[Model]:
    """The class of a model family.

    Raises:
        ValueError: an unknown family, with the known ones named.
    """
    family = family_of(name)
    return cast("type[Model]", family.load(family.class_name))
