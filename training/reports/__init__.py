"""Plots, model cards and the corpus card."""
