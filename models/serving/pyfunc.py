"""The MLflow flavour of a saved model: DataFrames in, the columns of ``ScoredPost`` out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from mlflow.pyfunc import PythonModel

from ...data.errors import Reject
from ...data.io.fields.find import Fields
from ...data.io.read import checked
from ...data.posts import Post, row_id
from ...data.text.disclosure.find import Jurisdiction
from ..isolate import row_of, score_each
from ..pipeline import Bundle, ReasonsFor
from ..scored_post import ScoredPost, error_row

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
    field that no score hangs on, is left out.
    """

    def load_context(self, context: Any) -> None:  # noqa: ANN401
        """Open the saved folder; MLflow calls this once per process."""
        self.bundle = Bundle.load(Path(context.artifacts[ARTIFACT]))

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
        options = _options(params or {})
        records = model_input.to_dict("records")
        rows: dict[int, ScoredPost] = {}
        posts: list[tuple[int, Post]] = []
        fields = Fields()
        for i, record in enumerate(records):
            found = checked(i + 1, _without_gaps(record), Post, fields)
            if isinstance(found, Reject):
                rows[i] = error_row(found.id or row_id(i + 1), found.code, found.message)
            else:
                posts.append((i, found[1]))

        def score(some: Sequence[tuple[int, Post]]) -> list[ScoredPost]:
            ids = [post.id or row_id(i + 1) for i, post in some]
            return self.bundle.score([post for _, post in some], ids, **options)

        for (i, post), row in zip(posts, score_each(score, posts), strict=True):
            rows[i] = row_of(post.id or row_id(i + 1), row)
        return pd.DataFrame(
            [_flat(rows[i]) for i in range(len(records))], columns=[*ScoredPost.model_fields]
        )


def _options(params: Mapping[str, Any]) -> dict[str, Any]:
    allowed = {"jurisdiction": get_args(Jurisdiction), "reasons": get_args(ReasonsFor)}
    for name, value in params.items():
        if name in allowed and value not in allowed[name]:
            raise ValueError(f"{name} {value!r}: choose one of {', '.join(allowed[name])}")
    return {name: params[name] for name in allowed if name in params}


def signature() -> ModelSignature:
    """Input, output and parameter schema of ``UnpolishedModel``."""
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, ParamSchema, ParamSpec, Schema
    from mlflow.types.schema import AnyType, DataType

    # The label comes as a bool, as 1.0 beside gaps, as words, or as a list of who paid.
    optional = {
        "id": DataType.string, "author": DataType.string, "platform": DataType.string,
        "posted_at": DataType.string, "paid_partnership": AnyType(),
    }  # fmt: skip
    inputs = [ColSpec(DataType.string, "text")]
    inputs += [ColSpec(kind, name, required=False) for name, kind in optional.items()]
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
    import numpy as np

    flat: dict[str, Any] = row.model_dump()
    for name in ("disclosure_terms", "reasons", "repairs", "model"):
        flat[name] = json.dumps(flat[name], ensure_ascii=False)
    return {
        name: np.float32(np.nan if value is None else value) if name.startswith("p_") else value
        for name, value in flat.items()
    }


def _without_gaps(record: Mapping[Any, Any]) -> dict[str, Any]:
    """A record without pandas' marks for missing values."""
    import pandas as pd

    return {
        str(name): value
        for name, value in record.items()
        if not (pd.api.types.is_scalar(value) and pd.isna(value))
    }
