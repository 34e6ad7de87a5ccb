"""Damage of exports and scrapers, mended before a text is read."""
