"""The HTTP service: posts in, rows out; files of posts as jobs; a page to try both on."""
