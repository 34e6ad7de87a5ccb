"""The committed schemas of the output row."""
