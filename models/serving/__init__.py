"""The MLflow flavour."""
