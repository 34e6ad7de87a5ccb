"""What a model loses without a surface sign: ``python benchmarks/studies/shortcuts.py [recipe]``.

Out of fold on the training split; gold is not looked at. Models are fitted on the masked posts as
they are and score them with one sign removed. A large fall says that the sign carries the label,
rightly or not; beside it stands what the source alone would score.
"""

import re
import sys

import numpy as np
from page import Stretch
from unpolished.data.cache import cache_folder
from unpolished.data.dataset.build import build, labelled_texts
from unpolished.data.labelled_texts import truths
from unpolished.models.base import PROBABILITIES
from unpolished.training.build_model import new_model
from unpolished.training.evaluation.metrics import within_source_auc
from unpolished.training.recipe import read_recipe

HEAD_WORDS = 12
_EMOJI = re.compile("[\u2600-\u27bf\u2b50\ufe0f\u200d\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff]")
REMOVED = {
    "nothing": lambda text: text,
    "signs of hashtags": lambda text: re.sub(r"#(?=\w)", "", text),
    "hashtags": lambda text: re.sub(r"#\w+", "", text),
    "handles": lambda text: re.sub(r"@user\d+(?:<trade>)?", "", text),
    "hashtag matches of handles": lambda text: text.replace("#user", "#tag"),
    "marks of trade names": lambda text: text.replace("<trade>", ""),
    "placeholders": lambda text: re.sub(r"<(?:url|code|contact)>", "", text),
    "emoji": lambda text: _EMOJI.sub("", text),
    "casing": str.lower,
    "line breaks": lambda text: text.replace("\n", " "),
    f"all but {HEAD_WORDS} words": lambda text: " ".join(text.split()[:HEAD_WORDS]),
}


def main() -> None:
    """Print and keep a table of within-source AUC."""
    recipe = read_recipe(sys.argv[1] if len(sys.argv) > 1 else "linear")
    rows = build("public")["train"]
    labelled = labelled_texts(rows)
    folds = labelled.folds
    scores = {name: np.zeros((len(labelled), len(PROBABILITIES)), np.float32) for name in REMOVED}
    for fold in np.unique(folds):
        model = new_model(recipe, cache_folder()).fit(labelled.take(folds != fold))
        held_out = np.flatnonzero(folds == fold)
        for name, remove in REMOVED.items():
            texts = [" ".join(remove(labelled.texts[i]).split(" ")).strip() for i in held_out]
            scores[name][held_out] = model.predict_proba(texts)
    names = [truth.name for truth in truths(labelled)]
    page = Stretch("shortcuts")
    page.add(f"| {recipe.name}, without | " + " | ".join(names) + " |",
             "|---|" + "---|" * len(names))  # fmt: skip
    for name, raw in scores.items():
        cells = []
        for truth in truths(labelled):
            known = ~np.isnan(truth.positive)
            auc = within_source_auc(
                truth.positive[known] == 1,
                raw[known, truth.column].astype(float),
                labelled.sources[known],
            )
            cells.append(f"{auc:.3f}")
        page.add(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
