"""Fold models kept by a run, and the pipeline that scores with them."""
