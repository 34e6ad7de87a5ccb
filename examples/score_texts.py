"""Score a few texts with the light shipped model: python examples/score_texts.py."""

from unpolished import Scorer

TEXTS = [
    "third night shift in a row and the vending machine ate my last coin",
    "#ad soft hands again, thanks to the Velmora gloves, use code ANA15 for 15% off",
    "Glow like never before! Our new Solvanna serum is here. Shop the link in bio",
]

scorer = Scorer.load("linear")
for text, row in zip(TEXTS, scorer.score(TEXTS, reasons="flagged"), strict=True):
    print(f"{row.style}, paid {row.paid}, disclosure {row.disclosure}: {text}")
    for reason in row.reasons:
        print(f"  {reason.flag}: {reason.text!r}")
