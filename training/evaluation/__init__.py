"""Cross-fitting, metrics, intervals and fairness."""
