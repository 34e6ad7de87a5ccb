"""HTML entities and tags."""
