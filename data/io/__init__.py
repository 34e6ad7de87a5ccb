"""Files of posts in: one door, rows with a post or a reject."""
