"""What each part of a recipe is worth: ``python benchmarks/studies/ablations.py [recipe]``.

The table of ``unpolished ablate`` on the public data, written to its place in ``docs/studies.md``.
Scores are kept in the cache: a second call takes seconds, and one after a stop goes on.
"""

import argparse

from page import Stretch
from unpolished.training.ablation.run import ablate
from unpolished.training.ablation.table import markdown
from unpolished.training.recipe import read_recipe


def main() -> None:
    """Print and keep the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("recipe", nargs="?", default="linear")
    parser.add_argument("--only", action="append", default=[], help="an ablation or a group")
    given = parser.parse_args()
    recipe = read_recipe(given.recipe)
    done = ablate(recipe, "public", only=given.only)
    Stretch(f"ablations-{recipe.name}").add(*markdown(done).splitlines())


if __name__ == "__main__":
    main()
