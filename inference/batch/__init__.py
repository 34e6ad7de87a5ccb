"""A file of any size, scored in parts."""
