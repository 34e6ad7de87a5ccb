"""Posts to label next, as a sheet out and labels back in."""
