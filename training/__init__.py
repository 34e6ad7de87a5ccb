"""Recipes, cross-fitting, evaluation, tracking, comparison."""

from typing import TYPE_CHECKING

from ..lazy import lazy_names

if TYPE_CHECKING:
    from .recipe import Recipe, RecipeError, read_recipe
    from .train import Trained

__all__ = ["Recipe", "RecipeError", "Trained", "read_recipe"]
__getattr__ = lazy_names(
    __name__,
    {
        "Recipe": "recipe",
        "RecipeError": "recipe",
        "Trained": "train",
        "read_recipe": "recipe",
    },
)
