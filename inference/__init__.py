"""Scoring of new posts: scorer, batch, explanations."""
