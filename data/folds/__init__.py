"""Groups of authors and near-duplicates, and their folds."""
