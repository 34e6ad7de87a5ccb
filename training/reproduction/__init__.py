"""Training a run again, and whether it gives the same."""
