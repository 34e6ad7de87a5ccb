"""Ablations: a recipe with one thing taken away, beside the whole."""
