"""What is done to the text of a post before a model sees it."""
