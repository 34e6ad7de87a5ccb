"""Calibration, and from probabilities to labels."""
