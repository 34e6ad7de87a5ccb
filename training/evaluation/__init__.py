"""Scores out of fold, and what they are worth."""
