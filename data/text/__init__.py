"""What models and rules see of a post."""
