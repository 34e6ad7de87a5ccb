"""Files of posts, on disk, scored one after the other by a process of their own."""
