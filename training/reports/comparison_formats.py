"""A comparison as Markdown, CSV, LaTeX and JSON; names of runs and sources are escaped in each."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Literal

from ...data.values.csv_injection import guarded
from ...data.values.safe import safe
from ..evaluation.compared import Compared
from .comparison import Comparison
from .metric_names import METRIC_NAMES, number, with_interval

Format = Literal["markdown", "csv", "latex", "json"]
BY_EXTENSION: Mapping[str, Format] = {
    ".md": "markdown", ".csv": "csv", ".tex": "latex", ".json": "json",
}  # fmt: skip
# An underscore inside a word is one; before it, it would begin emphasis.
_MARKDOWN = re.compile(r"([\\|*`\[]|(?<!\w)_)")
_LATEX = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}  # fmt: skip
Cells = tuple[str, str, str, str, str, str, str, str]


def heads(comparison: Comparison) -> Cells:
    """Heads of the columns of ``table_cells``."""
    return (
        "axis", "source", "run", METRIC_NAMES[comparison.metric], "difference [95 %]", "p, Holm",
        "could show", "",
    )  # fmt: skip


def table_cells(comparison: Comparison, *, by_source: bool) -> Iterator[Cells]:
    """Rows of a table for people: question by question, the run compared with first."""
    shown = comparison.shown(by_source=by_source)
    for (axis, source), found in groupby(shown, lambda row: (row.axis, row.source)):
        rows = list(found)
        first = comparison.names[0], number(rows[0].against)
        size = f"{rows[0].posts:,} posts, {rows[0].positives:,} positive"
        yield axis, source, *first, size, "", "", ""
        for row in rows:
            name = comparison.names[row.model]
            yield axis, source, name, number(row.value), *_judged(row)


def _judged(row: Compared) -> tuple[str, str, str, str]:
    tested = row.tested
    return (
        with_interval(tested.difference, tested.low, tested.high, form="{:+.3f}"),
        "<.001" if row.adjusted < 0.001 else number(row.adjusted),
        # No difference of such figures is larger than 1.
        "none" if tested.detectable >= 1 else number(tested.detectable),
        row.verdict,
    )


def markdown(comparison: Comparison, *, by_source: bool = False) -> str:
    """A table for a page, with its sentences below."""

    def line(cells: Sequence[str]) -> str:
        return f"| {' | '.join(cells)} |"

    kept = _columns(by_source=by_source)
    head = [heads(comparison)[i] for i in kept]
    rows = [
        [(_markdown if i < 3 else _plain_markdown)(row[i]) for i in kept]
        for row in table_cells(comparison, by_source=by_source)
    ]
    sentences = map(_markdown, comparison.sentences(by_source=by_source))
    return "\n".join(
        [
            f"**{_markdown(comparison.title)}**", "",
            line(head), line(["---"] * len(kept)), *map(line, rows), "",
            "\n\n".join([*sentences, f"Runs: {_ids(comparison, _markdown)}."]), "",
        ]
    )  # fmt: skip


def latex(comparison: Comparison, *, by_source: bool = False) -> str:
    r"""A table with the rules of the package booktabs, its sentences as the caption."""
    kept = _columns(by_source=by_source)
    alignment = "".join("lllrrrrl"[i] for i in kept)

    def line(cells: Sequence[str]) -> str:
        return " & ".join(cells[i] for i in kept) + r" \\"

    body, before = [], ("", "")
    for row in table_cells(comparison, by_source=by_source):
        if before[0] not in ("", row[0]):
            body.append(r"\midrule")
        axis = "" if row[0] == before[0] else row[0]
        source = "" if row[:2] == before else row[1]
        body.append(line([*map(_latex, (axis, source, row[2])), *map(_numbers, row[3:])]))
        before = row[:2]
    sentences = [comparison.title + ".", *comparison.sentences(by_source=by_source)]
    caption = " ".join(map(_latex, sentences))
    return "\n".join(
        [
            r"% needs \usepackage{booktabs}",
            r"\begin{table}", r"\centering",
            rf"\begin{{tabular}}{{{alignment}}}",
            r"\toprule", line([*map(_latex, heads(comparison))]), r"\midrule", *body,
            r"\bottomrule", r"\end{tabular}",
            rf"\caption{{{caption} Runs: {_ids(comparison, _latex)}.}}",
            r"\end{table}", "",
        ]
    )  # fmt: skip


def records(comparison: Comparison) -> list[dict[str, Any]]:
    """A record for every comparison, those of single sources included; None where unknown."""
    return [
        {
            "axis": row.axis,
            "source": row.source,
            "run": comparison.names[row.model],
            "run_id": comparison.run_ids[row.model],
            "against": comparison.names[0],
            "against_run_id": comparison.run_ids[0],
            "metric": comparison.metric,
            "split": comparison.split,
            "compared": "common posts" if comparison.common else "all posts",
            "posts": row.posts,
            "positives": row.positives,
            "groups": row.groups,
            "value": row.value,
            "value_against": row.against,
            "difference": row.tested.difference,
            "low": _known(row.tested.low),
            "high": _known(row.tested.high),
            "standard_error": _known(row.tested.error),
            "p": _known(row.tested.p),
            "p_holm": _known(row.adjusted),
            "detectable": _known(row.tested.detectable),
            "verdict": row.verdict,
        }
        for row in comparison.rows
    ]


def csv_text(comparison: Comparison, *, by_source: bool = True) -> str:
    """A line for every comparison, those of single sources included; cells start no formula."""
    del by_source
    file = io.StringIO()
    found = records(comparison)
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(found[0])
    for record in found:
        writer.writerow([guarded(v) if isinstance(v, str) else v for v in record.values()])
    return file.getvalue()


def json_text(comparison: Comparison, *, by_source: bool = True) -> str:
    """An object with the facts, the sentences and every comparison."""
    del by_source
    runs = [
        {"run_id": run_id, "name": name}
        for run_id, name in zip(comparison.run_ids, comparison.names, strict=True)
    ]
    content = {
        "title": comparison.title,
        "metric": comparison.metric,
        "split": comparison.split,
        "data": comparison.data,
        "posts": comparison.posts,
        "groups": comparison.groups,
        "draws": comparison.repeats,
        "seed": comparison.seed,
        "common_posts_only": bool(comparison.common),
        "runs": runs,
        "notes": list(comparison.sentences(by_source=True)),
        "comparisons": records(comparison),
    }
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


FORMATS: Mapping[Format, Callable[..., str]] = {
    "markdown": markdown, "csv": csv_text, "latex": latex, "json": json_text,
}  # fmt: skip


def _columns(*, by_source: bool) -> list[int]:
    return [i for i in range(8) if by_source or i != 1]


def _ids(comparison: Comparison, escape: Callable[[str], str]) -> str:
    pairs = zip(comparison.names, comparison.run_ids, strict=True)
    return ", ".join(f"{escape(name)} {run_id}" for name, run_id in pairs)


def _one_line(text: str) -> str:
    return safe(" ".join(text.split()))


def _plain_markdown(text: str) -> str:
    return text.replace("<", "&lt;")


def _markdown(text: str) -> str:
    plain = _one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKDOWN.sub(r"\\\1", plain)


def _latex(text: str) -> str:
    return "".join(_LATEX.get(sign, sign) for sign in _one_line(text))


def _numbers(text: str) -> str:
    """Signs of numbers as those of a formula."""
    return re.sub(r"(?<!\w)-(?=[\d.])", "$-$", _latex(text)).replace(r"\textless{}", "$<$")


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
