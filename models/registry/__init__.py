"""Models in an MLflow registry, downloaded and opened in our own format."""
