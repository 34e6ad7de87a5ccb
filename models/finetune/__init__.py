"""Fine-tuning the sentence encoder with torch; for training alone."""
