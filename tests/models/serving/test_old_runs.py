"""What version 0.1 logged to MLflow is refused with what to do, rather than read by other rules.

``run_0_1`` is what ``unpolished train --recipe rules --data corpus`` logged then, as it was but for
the paths of the machine it ran on.
"""

from pathlib import Path

import pytest
from unpolished.models.saved_model import ModelError

RUN = Path(__file__).with_name("run_0_1")


def test_a_model_of_version_0_1_is_refused():
    """Its script still finds the flavour, under its old name; posts are masked otherwise now."""
    import mlflow

    assert "unpolished.models.pyfunc import" in (RUN / "pyfunc_script.py").read_text("utf-8")
    with pytest.raises(ModelError, match=r"saved by an earlier unpolished.*Train it again"):
        mlflow.pyfunc.load_model(str(RUN))
