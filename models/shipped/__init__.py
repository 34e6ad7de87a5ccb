"""The models that are shipped with the package."""
