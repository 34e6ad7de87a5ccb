"""The small models of the scorer's tests."""

from ..inference.conftest import model_folder, scorer, train

__all__ = ["model_folder", "scorer", "train"]
