"""Posts, labels, text, public sources and folds."""
