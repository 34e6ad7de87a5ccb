"""The shapes in which platforms and scrapers hand out posts: a table, and how it is read."""
