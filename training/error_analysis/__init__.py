"""Where a run is most wrong: posts, and kinds of posts."""
