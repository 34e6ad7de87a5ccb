"""Choosing posts to label, and reading the labels back."""
