"""Score a file into another, keeping a column: python examples/score_file.py [FOLDER]."""

import csv
import sys
import tempfile
from pathlib import Path

from unpolished import Columns, Options, Scorer

folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())
posts = folder / "posts.csv"
with posts.open("w", encoding="utf-8", newline="") as file:
    writer = csv.writer(file)
    writer.writerow(["id", "caption", "likes"])
    writer.writerow(["1", "missed the bus again and it rained", "12"])
    writer.writerow(["2", "Paid partnership with Velmora: my new gloves", "840"])

columns = Columns(renamed={"text": "caption"}, kept=("likes",))
options = Options(columns=columns, force=True)
summary = Scorer.load("linear").score_file(posts, folder / "scored.csv", options)
print(f"{summary.scored} of {summary.rows} posts scored")
print((folder / "scored.csv").read_text("utf-8").splitlines()[0])
