"""The rules of each jurisdiction: complete, sourced, and tried by enough cases."""

from datetime import date, timedelta

import pytest
from unpolished.data.text.disclosure import rules as rules_module
from unpolished.data.text.disclosure.find import find_disclosures, find_terms, judge
from unpolished.data.text.disclosure.rules import country, last_change, rules_for
from unpolished.data.text.disclosure.terms import table
from unpolished.data.values.jurisdictions import JURISDICTIONS

from .cases_by_rule import cells
from .print_table import expected_matrix, found

MIN_CASES, MIN_NEGATIVE = 15, 3
UNREAD = ("pt", "se", "ae")


@pytest.mark.parametrize("text", expected_matrix())
def test_the_matrix_cell_by_cell(text):
    """Words that turn by country, in every jurisdiction."""
    expected = expected_matrix()[text]
    assert tuple(expected) == JURISDICTIONS
    assert {code: found(text, code) for code in JURISDICTIONS} == expected


def test_a_rule_with_a_source_has_enough_cases():
    """Hard negatives among them; no case, and the rule may as well not be there."""
    few = {
        cell.rule.id: (len(cell.having), len(cell.negative))
        for cell in cells()
        if not cell.rule.source.from_memory
        and (cell.count < MIN_CASES or len(cell.negative) < MIN_NEGATIVE or not cell.having)
    }
    assert few == {}


@pytest.mark.parametrize("code", JURISDICTIONS)
def test_each_jurisdiction_has_rules_with_sources(code):
    """Only where nothing was read there are none, or next to none."""
    found = country(code)
    assert found.unread == (code in UNREAD)
    assert found.rules or found.unread
    for rule in found.rules:
        assert rule.id.startswith(f"{code}.")
        assert rule.source.title
        assert rule.source.read <= date(2026, 11, 29)
        assert rule.valid_to is None or rule.valid_from <= rule.valid_to


def test_a_rule_from_memory_makes_no_post_clear():
    """Whatever else holds."""
    remembered = {
        (code, term)
        for code in JURISDICTIONS
        for rule in country(code).rules
        if rule.source.from_memory and rule.verdict in ("clear", "needs_more")
        for term in rule.terms
    }
    for cell in cells():
        for case in cell.having:
            for code in case.expected:
                for term in find_disclosures(case.text, code).terms:
                    if term.rule and (code, term.rule) in remembered:
                        assert term.status != "clear"


def test_what_is_clear_in_the_union_is_a_members_own_word():
    """Or one that its own table gives a source for."""
    members = ("ie", "de", "fr", "it", "es", "pt", "nl", "pl", "dk", "fi", "se")
    own = {language for code in members for language in country(code).languages} - {"en"}
    languages = {term.name: set(term.languages) for term in table().terms}
    for term in rules_for("eu", date(2026, 11, 29)).by_term:
        assert languages[term] & (own | {"en"}), term


def test_the_day_picks_the_rules():
    """The day before a rule begins has others; before all, those of the day of the run."""
    for code in JURISDICTIONS:
        changes = country(code).changes
        today = date(2026, 11, 29)
        for day in changes:
            assert rules_for(code, today, day).since == day
            before = rules_for(code, today, day - timedelta(days=1))
            if day == changes[0]:
                assert before is rules_for(code, today)
            else:
                assert before.since < day
                assert before.rules_of == "posted_at"
        if changes:
            assert rules_for(code, today).since == max(day for day in changes if day <= today)
    assert last_change(date(2026, 11, 29)) == max(
        day for code in JURISDICTIONS for day in country(code).changes if day <= date(2026, 11, 29)
    )


def test_no_word_is_worth_less_for_a_time():
    """Where guidance is younger than what it says, posts of before are judged by it as well."""
    words = {
        "us": "#ad", "uk": "#ad", "ca": "#ad", "au": "#ad", "in": "#ad", "de": "Werbung:",
        "fr": "Publicité:", "es": "Publicidad:", "nl": "#advertentie", "dk": "Reklame:",
        "br": "#publi", "jp": "#PR", "kr": "[광고]", "cn": "【广告】", "za": "#ad", "ie": "#ad",
    }  # fmt: skip
    for code, word in words.items():
        for change in country(code).changes:
            for day in (change - timedelta(days=1), change):
                found = find_disclosures(f"{word} a quiet walk", code, day)
                assert found.status == "clear", (code, day)


def test_a_new_rule_does_not_reach_back():
    """It changed what was said before."""
    new = [rule for code in JURISDICTIONS for rule in country(code).rules if rule.new]
    assert new
    for rule in new:
        before = rules_for(rule.id[:2], date(2026, 11, 29), rule.valid_from - timedelta(days=1))
        if before.rules_of == "posted_at":
            assert rule not in before.by_term.values()


def test_france_took_equivalent_words_in_later():
    """Since 2024-11-08, and not before."""
    text = "Partenariat rémunéré avec Fennwick, une semaine au calme"
    before = find_disclosures(text, "fr", date(2024, 11, 7))
    after = find_disclosures(text, "fr", date(2024, 11, 8))
    assert before.status != "clear" == after.status
    assert before.rules_of == after.rules_of == "posted_at"
    long_ago = find_disclosures(text, "fr", date(2012, 1, 1))
    assert (long_ago.status, long_ago.rules_of) == ("clear", "today")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ('verdict = "perhaps"', "perhaps"),
        ('needs = ["luck"]', "luck"),
        ('source = "nobody"', "nobody"),
        ('terms = ["no_such_term"]', "no_such_term"),
        ('kind = "friendly"', "friendly"),
        ('colour = "red"', "colour"),
        ('needs = ["brand"]', "needs go with needs_more"),
    ],
)
def test_a_mistake_in_a_file_is_named(monkeypatch, tmp_path, change, message):
    """With the rule that has it."""
    key = change.partition(" ")[0]
    rule = {
        "terms": '["tag_ad"]', "verdict": '"clear"', "valid_from": "2024-01-01", "source": '"s"',
    }  # fmt: skip
    lines = [f"{name} = {value}" for name, value in rule.items() if name != key] + [change]
    source = '[sources]\ns = { title = "x", read = 2026-11-28 }\n'
    text = 'languages = ["en"]\n' + source + "[rules.one]\n" + "\n".join(lines)
    (tmp_path / "us.toml").write_text(text, "utf-8")
    monkeypatch.setattr(rules_module, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match=rf"us\.one: .*{message}"):
        country.__wrapped__("us")


def test_a_term_has_one_rule_on_a_day(monkeypatch, tmp_path):
    """Two that hold at once would be decided by chance."""
    source = '[sources]\ns = { title = "x", read = 2026-11-28 }\n'
    rule = 'terms = ["tag_ad"]\nverdict = "{}"\nsource = "s"\nvalid_from = 2024-01-01\n'
    text = 'languages = ["en"]\n' + source
    text += "[rules.one]\n" + rule.format("clear") + "[rules.two]\n" + rule.format("weak")
    (tmp_path / "us.toml").write_text(text, "utf-8")
    monkeypatch.setattr(rules_module, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match=r"us\.toml: tag_ad is in us\.one and in us\.two"):
        country.__wrapped__("us")


def test_one_clear_term_lifts_those_that_need_one_beside():
    """And only those that lack nothing else."""
    rules = rules_for("ie", date(2026, 11, 29))
    alone = judge(find_terms("#collaboration with the sea"), rules)
    beside = judge(find_terms("#ad #collaboration with the sea"), rules)
    assert (alone.status, alone.terms[0].lacks) == ("ambiguous", ("beside",))
    assert [term.status for term in beside.terms] == ["clear", "clear"]


def test_commas_among_tags_take_no_time():
    """Each way of cutting them was once tried."""
    block = "#sun,,, " * 45
    assert find_disclosures(block + "then #ad").terms[0].tags_before == 0
    assert find_disclosures(block + "#ad").terms[0].tags_before >= 3
