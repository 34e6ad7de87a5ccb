"""Label files, and what a vote means."""
