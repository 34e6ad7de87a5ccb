"""Labels, texts and folds joined into the splits that models are trained on."""
