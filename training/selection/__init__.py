"""Comparing runs, promoting one, and shipping its model."""
