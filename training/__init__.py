"""Recipes, cross-fitting, evaluation, tracking, comparison."""
