"""Disclosures of paid content, by rule."""
