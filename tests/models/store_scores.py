"""Store the scores of the shipped models, after they were replaced: see ``make default-model``."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from stored import STORED, stored_posts
from unpolished import Scorer
from unpolished.models.shipped.folders import SHIPPED

ids, texts = zip(*stored_posts(), strict=True)
scores = {}
for name in SHIPPED:
    scorer = Scorer.load(name)
    rows = scorer.score(list(texts))
    scores[name] = {
        post_id: [getattr(row, column) for column in scorer.info.probabilities]
        for post_id, row in zip(ids, rows, strict=True)
    }
STORED.write_text(json.dumps(scores, indent=0) + "\n", "utf-8")
