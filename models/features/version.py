"""Which n-grams and cues a model was fitted on."""

# Raised with every change after which the same masked text gives other n-grams or cues, for a model
# that was fitted on the earlier ones would go on as if nothing had happened.
FEATURES_VERSION = 1
