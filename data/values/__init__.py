"""What the values of a post's fields may look like."""
