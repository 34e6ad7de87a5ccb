"""Write the page of exports, ``docs/exports.md``, from the table and from what fixtures give.

Run: ``python tests/data/io/exports/page.py > docs/exports.md``.
"""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path

from unpolished.data.io.exports.shape import Shape
from unpolished.data.io.exports.table import shapes
from unpolished.data.io.fields.find import Fields
from unpolished.data.io.read import read_items
from unpolished.data.posts import Post
from unpolished.data.text.repair.repair import repair

FIXTURES = Path(__file__).with_name("fixtures")
_HEAD = """# Exports that are recognised

`unpolished score` and `convert` tell what a file was exported from by what it holds, and say so
("read as: X: archive of your data"). `--from NAME` overrides that, `--map text=COLUMN` reads any
other file, and `unpolished formats NAME` prints all that is known of one: where each field is,
and what is to be known. Files may be packed (`.gz`, `.zst`, `.bz2`, `.xz`), spreadsheets
(`.xlsx`, `--sheet`), tables with commas, semicolons or tabs, or the `.zip` of an archive, which
is read in place; whose archive it is, is read from it, too. JSON may be lines, an array, or a
list inside of one object, of any size.

Of several lists in one object, the one that an export names is read, else all of one export; where
nobody can tell, the file is refused and the lists are named. Records that lack some keys are read
as the others of the file, and columns that somebody added (`label_paid`, `author_country`) by their
names. `--engine spark` reads exports from lines of JSON, one object to a line. A page of X's API
larger than 16 MB is refused: its authors stand behind all of its posts.

```console
unpolished score twitter-2026-11-01.zip -o scored.jsonl
unpolished convert dataset_instagram-scraper.json -o posts.jsonl
unpolished formats apify-instagram
```

A label of a paid partnership counts only where the export means that, and an export that does not
say is unknown, never a no. Hidden counts are unknown, never 0. A repost is marked (`RT @name: `,
and `repost_of` in what `convert` writes) and has the whole text of the original where the export
does. `repairs` in a row says what was done to a text: besides what is [mended in any
text](scoring.md#repairs), `joined` (a title and what is below it), `export` (signs
of the export's own undone) and `full_text` (a text whole that is cut off in its own field).

The table is written by a run over the fixtures in `tests/data/io/exports/`: ten invented posts in
the shape of each export. Fields are those that had a value. Where a shape was read, and what was
not to be had, `unpolished formats NAME` says.

| name | export | fields found | repairs | label of a paid partnership |
|---|---|---|---|---|
"""


def _found(shape: Shape) -> tuple[list[str], list[str]]:
    """The fields that a fixture gives, and the codes of what was repaired."""
    fields: set[str] = set()
    codes: set[str] = set()
    for path in sorted(FIXTURES.glob(f"{shape.name}.*")):
        for item in read_items(path, Post, None, Fields(exports=True), count(1)):
            post = item.found
            assert isinstance(post, Post)
            fields |= {name for name in Post.model_fields if getattr(post, name) is not None}
            codes |= {*post.repairs, *repair(post.text).repairs}
    order = list(Post.model_fields)
    return sorted(fields - {"text", "platform"}, key=order.index), sorted(codes)


def page() -> str:
    """The whole page."""
    rows = []
    for shape in shapes().values():
        fields, codes = _found(shape)
        cells = (f"`{shape.name}`", shape.title, ", ".join(fields), ", ".join(codes) or "–",
                 shape.paid_means)  # fmt: skip
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n")
    return f"{_HEAD}{''.join(rows)}"


if __name__ == "__main__":
    sys.stdout.write(page())
