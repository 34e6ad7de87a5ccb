"""Hyper-parameter sweeps, reported by nested cross-validation."""
