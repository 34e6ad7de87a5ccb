"""Scoring data sets of the ``datasets`` library."""
