"""Print the matrix of words and jurisdictions, and every rule with a case that it decides.

``make disclosure-table``.
"""

import csv

from unpolished.data.text.disclosure.find import find_disclosures
from unpolished.data.text.disclosure.rules import FOLDER

from .cases_by_rule import cells


def expected_matrix():
    """Text to jurisdiction to what is expected, as committed beside the rules."""
    lines = (FOLDER / "expected.csv").read_text("utf-8").splitlines()
    rows = csv.DictReader(lines)
    return {row.pop("text"): row for row in rows}


def found(text, code):
    """What a cell of the matrix says: the status of a post, or that it is a claim."""
    said = find_disclosures(text, code)
    claims = said.status in ("none", "unknown") and any(term.claim for term in said.terms)
    return "claim" if claims and said.status == "none" else said.status


def lines():
    """The matrix, then a line for each rule with the number of its cases and one of them."""
    matrix = expected_matrix()
    codes = list(next(iter(matrix.values())))
    yield f"| text | {' | '.join(codes)} |"
    yield "|---|" + "---|" * len(codes)
    for text in matrix:
        yield f"| {text} | {' | '.join(found(text, code) for code in codes)} |"
    yield ""
    yield "| rule | terms | verdict | needs | kind | holds | source, read | cases | such as |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for cell in cells():
        rule = cell.rule
        held = f"{rule.valid_from} to {rule.valid_to or '–'}"
        read = "from memory" if rule.source.from_memory else str(rule.source.read)
        case = cell.having[0].text.replace("\n", " / ").replace("|", "¦") if cell.having else "–"
        yield (
            f"| {rule.id} | {', '.join(rule.terms)} | {rule.verdict} | {', '.join(rule.needs)} "
            f"| {rule.kind or ''} | {held} | {rule.source.title}, {read} | {cell.count} | {case} |"
        )


if __name__ == "__main__":
    print("\n".join(lines()))  # noqa: T201
