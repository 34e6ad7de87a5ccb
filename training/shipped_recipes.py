"""The recipes that are shipped, in the order in which results and help show them."""

from __future__ import annotations

from pathlib import Path

from ..models.families.by_name import FAMILIES

RECIPES = Path(__file__).parent / "recipes"


def shipped_recipes() -> list[str]:
    """Names of the recipes: those called like their family in the order of families, then others.

    Nothing is read but the names of files, so that help can show them.
    """
    names = {path.stem for path in RECIPES.glob("*.toml")}
    return [*(name for name in FAMILIES if name in names), *sorted(names - set(FAMILIES))]
