"""Calibration and thresholds: from scores to labels."""
