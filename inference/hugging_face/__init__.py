"""Scores of data sets of the ``datasets`` library."""
