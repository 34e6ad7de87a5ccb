"""N-grams, cues and the regressions over them."""
