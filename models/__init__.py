"""Model families, calibration, decisions and the saved format."""
