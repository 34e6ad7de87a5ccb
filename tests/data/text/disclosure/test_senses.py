"""The words around a term: lists of rules, read in order."""

import re

import pytest
from unpolished.data.text.disclosure import matches, senses
from unpolished.data.text.disclosure.find import find_disclosures
from unpolished.data.text.disclosure.senses import AT_CHARS, BEFORE_CHARS, NEAR_CHARS, names, rules
from unpolished.data.text.disclosure.terms import table
from unpolished.data.text.normalise import normalise

from .read_cases import read_cases

CASES = read_cases()
KINDS = {}
for _case in read_cases("senses*.txt"):
    KINDS.setdefault(_case.heading, []).append(_case)


def test_each_kind_has_as_many_disclosures_as_look_alikes():
    """So that a rule that silences too much fails as surely as one that silences too little."""
    counts = {
        kind: (sum(set(row.expected.values()) == {"n"} for row in rows), len(rows))
        for kind, rows in KINDS.items()
    }
    assert sum(others for others, _ in counts.values()) >= 60
    assert [kind for kind, (others, rows) in counts.items() if 2 * others > rows] == []


def test_every_rule_decides_a_case():
    """A rule that no case needs is not there."""
    decided = set()
    for case in CASES:
        text = normalise(case.text).text
        for start, minus_end, order in matches._candidates(text)[0]:
            name = table().terms[order].senses
            for i, rule in enumerate(rules(name) if name else ()):
                if rule.holds(text, start, -minus_end):
                    decided.add((name, i))
                    break
    assert {(name, i) for name in names() for i in range(len(rules(name)))} == decided


def test_lists_and_terms_name_one_another():
    """No term names a list that is not there, and no list stands unused."""
    assert {term.senses for term in table().terms} - {None} == names()


def test_no_word_is_left_unexplained():
    """Every {name} in a rule stands for an entry of the words."""
    for name in names():
        for rule in rules(name):
            for pattern in rule[1:]:
                assert pattern is None or not re.search(r"\{[^\d,}]", pattern.pattern)


@pytest.mark.parametrize("row", [{"sense": "perhaps"}, {"sense": "other", "behind": "x"}])
def test_an_unknown_sense_or_key_is_an_error(monkeypatch, tmp_path, row):
    """It names the file."""
    lines = "".join(f'{key} = "{value}"\n' for key, value in row.items())
    (tmp_path / "en.toml").write_text(f"[words]\n[[ad]]\n{lines}", "utf-8")
    monkeypatch.setattr(senses, "FOLDER", tmp_path)
    monkeypatch.setattr(senses, "_table", senses._table.__wrapped__)
    with pytest.raises(ValueError, match=r"en\.toml"):
        rules.__wrapped__("ad")


def _status(text):
    return find_disclosures(text, "us").status


def test_words_far_away_decide_nothing():
    """What stands beyond the reach of a rule leaves the term as it is; within it, it does not."""
    near, far = "x " * (NEAR_CHARS // 2 - 20), "x " * NEAR_CHARS
    assert _status(f"AD: {near}dementia") == "none"
    assert _status(f"AD: {far}dementia") == "clear"
    assert _status("sponsored " + "x " * AT_CHARS + "violence") == _status("sponsored x")
    assert _status("the bill " + "x" * BEFORE_CHARS + " sponsored by Fennwick") != "none"


def test_a_term_in_another_sense_takes_no_other_with_it():
    """Each term is read by its own place."""
    found = find_disclosures("#ad state-sponsored lies, said over a mug by Fennwick", "us")
    assert [term.term for term in found.terms] == ["#ad"]
    found = find_disclosures("state-sponsored lies\nThis video is sponsored by Fennwick", "us")
    assert [(term.start, term.status) for term in found.terms] == [(35, "clear")]
