"""Which column of a record is which field of a post."""
