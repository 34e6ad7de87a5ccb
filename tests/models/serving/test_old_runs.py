"""Models that version 0.1 logged to MLflow still load and say the same.

``run_0_1`` is what ``unpolished train --recipe rules --data corpus`` logged then, as it was but for
the paths of the machine it ran on.
"""

from pathlib import Path

import pandas as pd
import pytest

RUN = Path(__file__).with_name("run_0_1")
TEXTS = [
    "third night shift in a row and the vending machine ate my last coin",
    "Glow like never before! Our new Solvanna serum is here. Shop the link in bio",
    "#ad in love with this serum from @glow, use code MAYA10",
]
# As that version answered.
POLISHED = [0.083866, 0.966338, 0.723412]
PAID = [0.202013, 0.264730, 0.901321]


def test_a_model_of_version_0_1_loads_and_scores():
    """Its script imports the flavour under its old name."""
    import mlflow

    assert "unpolished.models.pyfunc import" in (RUN / "pyfunc_script.py").read_text("utf-8")
    rows = mlflow.pyfunc.load_model(str(RUN)).predict(pd.DataFrame({"text": TEXTS}))
    assert rows["p_polished"].tolist() == pytest.approx(POLISHED, abs=1e-6)
    assert rows["p_paid"].tolist() == pytest.approx(PAID, abs=1e-6)
    assert rows["error"].isna().all()
