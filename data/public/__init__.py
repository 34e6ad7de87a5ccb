"""Public data sets: which, from where, and how they are read."""
