"""Which cases try a rule: those whose text has one of its terms, or looks as if it had."""

from functools import cache
from typing import NamedTuple

from unpolished.data.text.disclosure.find import find_disclosures
from unpolished.data.text.disclosure.hints import hinted
from unpolished.data.text.disclosure.rules import country
from unpolished.data.text.disclosure.terms import table
from unpolished.data.text.normalise import normalise
from unpolished.data.values.jurisdictions import JURISDICTIONS

from .read_cases import Case, read_cases


class Cell(NamedTuple):
    """A rule with its cases.

    Attributes:
        rule: the rule.
        having: cases in which a term of the rule stands and counts by this rule, today or on the
            last day of the rule.
        negative: cases that look alike and are none or a claim, as expected.
    """

    rule: object
    having: list[Case]
    negative: list[Case]

    @property
    def count(self):
        """Cases that try it."""
        return len(self.having) + len(self.negative)


@cache
def cells():
    """All rules of all jurisdictions, in order."""
    found = {rule.id: Cell(rule, [], []) for code in JURISDICTIONS for rule in country(code).rules}
    for case in read_cases():
        lowered = normalise(case.text).text.lower()
        near = {table().terms[n].name for n in hinted(lowered).terms}
        for code, letter in case.expected.items():
            said = {
                term.rule
                for day in {rule.valid_to for rule in country(code).rules}
                for term in find_disclosures(case.text, code, day).terms
            }
            for rule in country(code).rules:
                cell = found[rule.id]
                if rule.id in said:
                    cell.having.append(case)
                elif letter in "nxu" and near & set(rule.terms):
                    cell.negative.append(case)
    return list(found.values())
