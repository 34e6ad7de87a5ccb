"""Write the schemas of the output row: ``python -m unpolished.inference.schema.write``."""

from __future__ import annotations

import json
from pathlib import Path

from ...models.scored_post import ScoredPost, arrow_schema

FOLDER = Path(__file__).parent


def schema_files() -> dict[str, str]:
    """Generate the schema files from ``ScoredPost``: file name to content."""
    described = ScoredPost.model_json_schema(mode="serialization")
    described["properties"].pop("error")
    return {
        "scored_post.schema.json": json.dumps(described, indent=1) + "\n",
        "scored_post.arrow.txt": arrow_schema().to_string() + "\n",
    }


if __name__ == "__main__":
    for name, content in schema_files().items():
        (FOLDER / name).write_text(content, "utf-8")
