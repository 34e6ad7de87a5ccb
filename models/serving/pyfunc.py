"""The MLflow flavour of a saved model: DataFrames in, the columns of ``ScoredPost`` out."""

from __future__ import annotations

import json
import warnings
from collections import Counter
from collections.abc import Mapping
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlflow.pyfunc import PythonModel

from ...data.io.fields.find import Fields
from ...data.io.fields.not_read import NotRead, said_of
from ...data.io.read import items_of
from ...data.posts import Post
from ...data.values.choices import check_choice
from ...data.values.jurisdictions import asked_jurisdictions
from ...data.values.missing import without_missing
from ..disclosed import Asked
from ..isolate import rows_in_place
from ..pipeline import Pipeline, ReasonsFor
from ..scored_post import NESTED, ScoredPost

if TYPE_CHECKING:
    import pandas as pd
    from mlflow.models import ModelSignature

ARTIFACT = "model"
INPUT_EXAMPLE = {
    "id": ["a1", "a2"],
    "text": [
        "third night shift in a row and the vending machine ate my last coin",
        "Glow like never before! Our new Solvanna serum is here. Shop the link in bio",
    ],
}


class UnpolishedModel(PythonModel):  # type: ignore[misc]
    """Scores posts with the folder saved as artefact ``model``.

    Input columns: ``text``, and any other field of ``Post``; MLflow itself leaves out columns of
    other names, with a warning. Parameters: ``jurisdiction`` and ``reasons``. A row that cannot be
    scored yields a row with ``error`` set, beginning with the reason code that the batch scorer
    rejects it with, so that no other row of its batch is lost. A value that cannot be read, of a
    field that no score hangs on, is left out, with a warning.
    """

    def load_context(self, context: Any) -> None:  # noqa: ANN401
        """Open the saved folder; MLflow calls this once per process."""
        self.pipeline = Pipeline.load(Path(context.artifacts[ARTIFACT]))

    def predict(
        self,
        context: Any,  # noqa: ANN401
        model_input: pd.DataFrame,
        params: Mapping[str, Any] | None = None,
    ) -> pd.DataFrame:
        """Rows in input order; nested columns are JSON text.

        Raises:
            ValueError: a parameter that no post can help.
        """
        import pandas as pd

        del context
        score = partial(self.pipeline.score, **_options(params or {}))
        records = enumerate(map(without_missing, model_input.to_dict("records")), 1)
        found = [item.found for item in items_of(records, Post, Fields(), count(1))]
        passed_over = Counter(name for post in found if isinstance(post, Post)
                              for name in post.passed_over)  # fmt: skip
        if left_out := said_of(passed_over, NotRead()):
            warnings.warn(left_out, UserWarning, stacklevel=2)
        rows = [_flat(row) for row in rows_in_place(found, score)]
        index = getattr(model_input, "index", None)
        return _without_nan(pd.DataFrame(rows, columns=[*ScoredPost.model_fields], index=index))


def _options(params: Mapping[str, Any]) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if "jurisdiction" in params:
        options["asked"] = Asked(asked_jurisdictions(params["jurisdiction"]))
    if "reasons" in params:
        check_choice("reasons", params["reasons"], ReasonsFor)
        options["reasons"] = params["reasons"]
    return options


def signature() -> ModelSignature:
    """Input, output and parameter schema of ``UnpolishedModel``."""
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, ParamSchema, ParamSpec, Schema
    from mlflow.types.schema import AnyType, DataType

    # An id is a number in many tables, a label a bool, 1.0 beside gaps, a word, or a list of who
    # paid, and a time one of pandas: what is no post is told row by row, not by the whole table.
    optional = (
        "id", "author", "platform", "posted_at", "paid_partnership", "jurisdiction",
        "author_country",
    )  # fmt: skip
    inputs = [ColSpec(DataType.string, "text")]
    inputs += [ColSpec(AnyType(), name, required=False) for name in optional]
    outputs = [
        ColSpec(_output_type(name), name, required=name == "id") for name in ScoredPost.model_fields
    ]
    params = [
        ParamSpec("jurisdiction", DataType.string, "us"),
        ParamSpec("reasons", DataType.string, "none"),
    ]
    return ModelSignature(Schema(inputs), Schema(outputs), ParamSchema(params))


def _output_type(name: str) -> Any:  # noqa: ANN401
    from mlflow.types.schema import DataType

    if name.startswith("p_"):
        return DataType.float
    return DataType.boolean if name == "truncated" else DataType.string


def _flat(row: ScoredPost) -> dict[str, Any]:
    flat: dict[str, Any] = row.model_dump()
    for name in NESTED:
        flat[name] = json.dumps(flat[name], ensure_ascii=False)
    return flat


def _without_nan(frame: pd.DataFrame) -> pd.DataFrame:
    """Probabilities in float32; where a value is missing None stands, for JSON has no NaN."""
    import numpy as np
    import pandas as pd

    for name in frame:
        values, missing = frame[name], frame[name].isna()
        if str(name).startswith("p_"):
            values = values.astype(np.float32)
        if missing.any():
            told = zip(values.tolist(), missing, strict=True)
            cells = [None if gone else value for value, gone in told]
            values = pd.Series(cells, frame.index, dtype=object)
        frame[name] = values
    return frame
