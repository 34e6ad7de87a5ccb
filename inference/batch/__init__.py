"""Scoring a file of any size in parts."""
