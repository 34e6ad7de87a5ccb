"""The tables of networks and calls, and the pieces of words that lead to them."""

import re
import subprocess
import sys
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from publicsuffixlist import PublicSuffixList
from unpolished.data.text.signals import amounts, codes, sponsors
from unpolished.data.text.signals import networks as table
from unpolished.data.text.signals.calls import calls
from unpolished.data.text.signals.networks import networks
from unpolished.data.text.signals.places import lower
from unpolished.data.text.signals.words import hinted

RAW = tomllib.loads(table.TABLE.read_text("utf-8"))
DOMAINS = [row["domain"] for role in ("network", "shortener") for row in RAW[role]]
SOURCES = {"affiliate-link-marker", "redirectinator", "clearurls", "nino", "goaffpro",
           "public code", "memory"}  # fmt: skip


def test_every_domain_is_its_own_registrable_domain():
    """Else no link would be found in it, or another's."""
    registrable = PublicSuffixList(accept_unknown=False).privatesuffix
    lists = [domain for domains in RAW["domains"].values() for domain in domains]
    for domain in DOMAINS + lists:
        assert registrable(domain) == domain
    for row in RAW["network"] + RAW["shortener"]:
        for host in row.get("hosts", ()):
            assert registrable(host) == row["domain"]


def test_nothing_is_there_twice():
    """Domains, parameters, and members of lists; all in small letters."""
    for names in (DOMAINS, [row["parameter"] for row in RAW["parameter"]],
                  *RAW["domains"].values(), *RAW["values"].values()):  # fmt: skip
        assert len(set(names)) == len(names)
        assert [name.lower() for name in names] == names


def test_every_entry_says_where_it_was_read():
    """Or that it is from memory."""
    for row in RAW["network"] + RAW["shortener"] + RAW["parameter"]:
        assert row["source"] in SOURCES
        assert row["note"]
        assert re.fullmatch("[a-z0-9_]+", row["name"])


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ('{ domain = "b.co", name = "b", source = "memory", note = "" }', "b.co is there twice"),
        ('{ domain = "c.co", name = "c", note = "" }', "c.co: it needs domain"),
        ('{ domain = "d.co", name = "d", source = "m", note = "", x = 1 }', "d.co: it needs"),
    ],
)
def test_faults_of_the_table_are_named(row, message, tmp_path, monkeypatch):
    """With the entry."""
    good = '{ domain = "b.co", name = "b", source = "memory", note = "" }'
    path = tmp_path / "networks.toml"
    path.write_text(f"network = [{good}, {row}]\nshortener = []\nparameter = []\n", "utf-8")
    monkeypatch.setattr(table, "TABLE", path)
    with pytest.raises(ValueError, match=message):
        networks.__wrapped__()


_HINTS = {
    "amounts": amounts.HINTS, "codes": codes.HINTS, "discounts": codes.DISCOUNT_HINTS,
    "thanks": sponsors.HINTS,
}  # fmt: skip
_WORDS = sorted(
    {hint for hints in (*_HINTS.values(), *(c.hints for c in calls())) for hint in hints}
)


@given(st.lists(st.one_of(st.sampled_from(_WORDS), st.text(max_size=3)), max_size=6))
def test_hints_are_those_of_a_search_for_each(words):
    """However they overlap."""
    for text in (lower(" ".join(words)), lower("".join(words))):
        found = hinted(text)
        for name, hints in _HINTS.items():
            assert getattr(found, name) == any(hint in text for hint in hints)
        tried = [n for n, call in enumerate(calls()) if any(hint in text for hint in call.hints)]
        assert list(found.calls) == tried


@given(st.text())
def test_small_letters_keep_their_places(text):
    """One for one."""
    assert len(lower(text)) == len(text)


def test_only_one_letter_has_two_small_ones():
    """Which is the one that is replaced."""
    assert [c for c in map(chr, range(sys.maxunicode + 1)) if len(c.lower()) != 1] == ["\u0130"]


def test_calls_have_names_starts_and_hints():
    """In small letters."""
    for call in calls():
        assert re.fullmatch("[a-z_]+", call.name)
        assert call.starts
        assert call.hints
        for piece in (*call.starts, *call.hints):
            assert piece == lower(piece)


def test_posts_without_links_read_no_list_of_suffixes():
    """It takes a moment, and is not needed."""
    code = (
        "import sys\n"
        "from unpolished.data.text.disclosure.find import find_terms\n"
        "from unpolished.data.text.signals.find import find_signals\n"
        "find_signals(find_terms('use code ANA15 for 15% off, link in bio'))\n"
        "assert 'publicsuffixlist' not in sys.modules\n"
        "find_signals(find_terms('https://amzn.to/x'))\n"
        "assert 'publicsuffixlist' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
