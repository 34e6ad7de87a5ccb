"""Write the schema of the evidence: ``python -m unpolished.inference.vetting.schema``."""

from __future__ import annotations

import json
from pathlib import Path

from .evidence import Claim

PATH = Path(__file__).with_name("evidence.schema.json")


def evidence_schema() -> str:
    """The JSON Schema of a line of ``evidence.jsonl``."""
    return json.dumps(Claim.model_json_schema(mode="serialization"), indent=1) + "\n"


if __name__ == "__main__":
    PATH.write_text(evidence_schema(), "utf-8")
