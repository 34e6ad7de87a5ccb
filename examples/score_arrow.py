"""Score Arrow batches, as one's own pipeline would: python examples/score_arrow.py."""

import pyarrow as pa
from unpolished import Scorer

table = pa.table(
    {"id": ["a", "b", "c"], "text": ["late bus again, so tired", "", "Shop our sale now!"]}
)
for scored in Scorer.load("linear").score_batches(table.to_batches()):
    for row in scored.select(["id", "style", "p_polished", "error"]).to_pylist():
        print(row)
