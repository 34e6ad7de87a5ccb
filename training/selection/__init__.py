"""Comparing runs, promoting one, shipping it."""
