"""The MLflow flavour of a saved model: DataFrames in, the columns of ``ScoredPost`` out."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from mlflow.pyfunc import PythonModel

from ..data.disclosure import Jurisdiction
from ..data.posts import Post
from ..data.reading import Reject, checked
from .bundle import Bundle, ReasonsFor
from .row import ScoredPost

if TYPE_CHECKING:
    import pandas as pd
    from mlflow.models import ModelSignature

ARTIFACT = "model"
_PROBABILITIES = tuple(name for name in ScoredPost.model_fields if name.startswith("p_"))
INPUT_EXAMPLE = {
    "id": ["a1", "a2"],
    "text": [
        "third night shift in a row and the vending machine ate my last coin",
        "Glow like never before! Our new Solvanna serum is here. Shop the link in bio",
    ],
}


class UnpolishedModel(PythonModel):  # type: ignore[misc]
    """Scores posts with the folder saved as artefact ``model``.

    Input columns: ``text``, and any other field of ``Post``. Parameters: ``jurisdiction`` and
    ``reasons``. A row that cannot be scored yields a row with ``error`` set, beginning with the
    reason code that the batch scorer rejects it with, so that no other row of its batch is lost.
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
        for i, record in enumerate(records):
            found = checked(i + 1, _without_gaps(record), Post)
            if isinstance(found, Reject):
                error = f"{found.code}: {found.message}"
                rows[i] = ScoredPost(id=found.id or f"row-{i + 1}", error=error)
            else:
                posts.append((i, found[1]))
        rows |= self._scored(posts, options)
        return pd.DataFrame(
            [_flat(rows[i]) for i in range(len(records))], columns=[*ScoredPost.model_fields]
        )

    def _scored(
        self, posts: Sequence[tuple[int, Post]], options: Mapping[str, Any]
    ) -> dict[int, ScoredPost]:
        """Rows by place; a post that breaks the model is found by halving."""
        ids = [post.id or f"row-{i + 1}" for i, post in posts]
        try:
            scored = self.bundle.score(
                [post for _, post in posts],
                ids,
                **options,
            )
        except (MemoryError, ImportError):
            raise
        except Exception as error:
            if len(posts) > 1:
                half = len(posts) // 2
                return self._scored(posts[:half], options) | self._scored(posts[half:], options)
            return {posts[0][0]: _failed(ids[0], type(error).__name__)}
        return {
            i: row if _finite(row) else _failed(row.id, "NaN")
            for (i, _), row in zip(posts, scored, strict=True)
        }


def _options(params: Mapping[str, Any]) -> dict[str, Any]:
    allowed = {"jurisdiction": get_args(Jurisdiction), "reasons": get_args(ReasonsFor)}
    for name, value in params.items():
        if name in allowed and value not in allowed[name]:
            raise ValueError(f"{name} {value!r}: choose one of {', '.join(allowed[name])}")
    return {name: params[name] for name in allowed if name in params}


def _failed(post_id: str, error: str) -> ScoredPost:
    return ScoredPost(id=post_id, error=f"model: the model failed on this post ({error})")


def _finite(row: ScoredPost) -> bool:
    return all(math.isfinite(getattr(row, name) or 0.0) for name in _PROBABILITIES)


def signature() -> ModelSignature:
    """Input, output and parameter schema of ``UnpolishedModel``."""
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, ParamSchema, ParamSpec, Schema
    from mlflow.types.schema import DataType

    optional = {
        "id": DataType.string, "author": DataType.string, "platform": DataType.string,
        "posted_at": DataType.string, "paid_partnership": DataType.boolean,
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
