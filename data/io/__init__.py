"""Files of posts: opened, cut into records, and read by the names of their columns."""
