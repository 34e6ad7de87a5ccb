"""Lists of ablations: TOML files, each entry of which takes one thing away from a recipe."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from ...models.options import ModelOptions
from ..recipe import Recipe, RecipeError
from ..recipe_changes import changed

SHIPPED = Path(__file__).parent / "lists"
Hidden = Literal["links", "handles", "trades", "codes", "contacts", "author"]
_Names = Annotated[tuple[str, ...], Field(strict=False)]
_WAYS = ("set", "unset", "texts", "hide", "label_share", "without_source", "each_source")


class Ablation(ModelOptions):
    """One entry.

    Attributes:
        name: what is taken away.
        group: heading under which the table shows it.
        data: the only data that it is for; left out, it is for all.
        set: other values of the recipe, by dotted key.
        unset: keys of the recipe that are left out.
        texts: ``as posted``: models see what masking hides.
        hide: marks of masking that models do not see either; ``author`` for the views that are
            made with the author.
        label_share: share of the groups that models are fitted on, drawn by the recipe's seed.
        without_source: a source that models are not fitted on; the posts of the others are judged.
        each_source: an ablation for each source.
    """

    name: str
    group: str
    data: Literal["public", "corpus"] | None = None
    set: dict[str, bool | int | float | str] = Field(default_factory=dict)
    unset: _Names = ()
    texts: Literal["as posted"] | None = None
    hide: Annotated[tuple[Hidden, ...], Field(strict=False)] = ()
    label_share: float | None = Field(None, gt=0, lt=1)
    without_source: str | None = None
    each_source: bool = False

    @field_validator("set", mode="before")
    @classmethod
    def _dotted(cls, given: Any) -> Any:  # noqa: ANN401
        return dict(_flat(given, "")) if isinstance(given, dict) else given

    @model_validator(mode="after")
    def _takes_something(self) -> Self:
        if not any(getattr(self, way) for way in _WAYS):
            raise ValueError(f"nothing is taken away: give one of {', '.join(_WAYS)}")
        return self

    def applied(self, recipe: Recipe) -> Recipe:
        """The recipe with its other values.

        Raises:
            ValueError: a key that the recipe does not have, or a value that it cannot have.
        """
        return changed(recipe, self.set | dict.fromkeys(self.unset))

    def expanded(self, sources: list[str]) -> list[Ablation]:
        """Itself, or one for each source."""
        if not self.each_source:
            return [self]
        return [
            self.model_copy(
                update={"name": f"{self.name} {s}", "without_source": s, "each_source": False}
            )
            for s in sources
        ]


def ablations(recipe: Recipe, data: str, path: Path | None = None) -> list[Ablation]:
    """The ablations of a file, else those shipped for all recipes and for those of its family.

    Args:
        recipe: that they take something away from.
        data: name of the data set.
        path: a TOML file.

    Raises:
        RecipeError: not found, no TOML, or an entry that cannot be; names file, entry and key.
    """
    family = SHIPPED / f"{recipe.family}.toml"
    shipped = [*([family] if family.is_file() else []), SHIPPED / "all.toml"]
    found = [a for file in ([path] if path else shipped) for a in _read(file, recipe)]
    return [ablation for ablation in found if ablation.data in (None, data)]


def _read(path: Path, recipe: Recipe) -> Iterator[Ablation]:
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise RecipeError(f"{path}: no such file of ablations can be read") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RecipeError(f"{path}: not valid TOML: {error}") from error
    entries = raw.get("ablation")
    if not isinstance(entries, list) or set(raw) != {"ablation"}:
        raise RecipeError(f"{path}: a file of ablations has entries [[ablation]], and nothing else")
    for number, entry in enumerate(entries, start=1):
        where = f"{path}: ablation {number}"
        try:
            ablation = Ablation.model_validate(entry)
            ablation.applied(recipe)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            field = ".".join(map(str, first["loc"]))
            raise RecipeError(f"{where}, field {field or 'name'}: {first['msg']}") from None
        except ValueError as error:
            raise RecipeError(f"{where}, field set: {error}") from None
        yield ablation


def _flat(given: dict[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for name, value in given.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
