"""The committed schemas are those of the code, and the rows keep to them."""

import json

import jsonschema
from unpolished.inference.output.row_encoder import record
from unpolished.inference.schema.write import FOLDER, schema_files


def test_committed_schemas_are_current():
    """Else: make schema."""
    assert sorted(schema_files()) == sorted(path.name for path in FOLDER.glob("scored_post.*"))
    for name, content in schema_files().items():
        assert (FOLDER / name).read_text("utf-8") == content


def test_rows_keep_to_the_json_schema(scorer):
    """As JSON, reasons and terms included."""
    schema = json.loads((FOLDER / "scored_post.schema.json").read_text("utf-8"))
    rows = scorer.score(
        ["#ad in love with this serum from @glow, use code MAYA10", "nope", "I gave $50"],
        reasons="all",
    )
    for row in rows:
        jsonschema.validate(json.loads(json.dumps(record(row))), schema)
