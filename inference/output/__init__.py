"""Writing scored rows completely or not at all."""
