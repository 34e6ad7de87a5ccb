"""Claims are the same in each run, and decisions come back to those that they were made on."""

import json

import jsonschema
import pytest
from unpolished.data.errors import InputError
from unpolished.inference.vetting.creators import Key, by_creator
from unpolished.inference.vetting.evidence import claims_of, read_decisions, with_decisions
from unpolished.inference.vetting.schema import PATH, evidence_schema
from unpolished.models.scored_post import JurisdictionDisclosure, MatchedTerm, ModelName

ANA = Key("instagram", "ana")
TEXT = "gifted soap, it smells of rain #ad"


def _claims(*posts):
    return list(claims_of(by_creator([(ANA, False, one) for one in posts], {})))


@pytest.fixture
def disclosed(post):
    """A post that says #ad under the rules of two countries."""
    term = MatchedTerm(term="#ad", start=31, end=34, status="clear", rule="us.ad", kind="paid")
    found = [JurisdictionDisclosure(jurisdiction=code, disclosure="clear", rules_of="today",
                                    terms=(term,)) for code in ("us", "uk")]  # fmt: skip
    return post(1, text=TEXT, paid="disclosed", disclosure="clear", disclosures=found)


def test_a_disclosure_is_a_claim_by_its_words_and_its_rule(disclosed):
    """One for each jurisdiction."""
    claims = _claims(disclosed)
    assert [(c.kind, c.words, c.rule, c.jurisdiction) for c in claims] == [
        ("disclosed", "#ad", "us.ad", "us"), ("disclosed", "#ad", "us.ad", "uk"),
    ]  # fmt: skip
    assert all(c.probability is None and c.model is None for c in claims)


def test_what_a_model_says_has_its_name_and_its_probability(post):
    """Undisclosed is what says nothing of it; a label of the platform is a claim of its own."""
    said = {"p_paid": 0.9, "model": ModelName(name="m", version="3")}
    claims = _claims(
        post(1, paid="likely", **said), post(2, paid="likely", disclosure="ambiguous", **said),
        post(3, paid="disclosed"), post(4, performative="likely", p_performative=0.7),
    )  # fmt: skip
    assert [c.kind for c in claims] == [
        "undisclosed", "paid_likely", "platform_label", "performative",
    ]  # fmt: skip
    assert (claims[0].probability, claims[0].model, claims[0].model_version) == (0.9, "m", "3")


def test_claims_have_names_of_their_own_that_stay(disclosed, post):
    """Whoever else is in the file; another text is another claim."""
    claims = _claims(disclosed)
    assert len({c.claim for c in claims}) == 2
    assert [c.claim for c in _claims(post(0, paid="likely"), disclosed)][1:] == [
        c.claim for c in claims
    ]
    changed = disclosed._replace(text=TEXT.replace("rain", "hail"))
    assert not {c.claim for c in _claims(changed)} & {c.claim for c in claims}


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_decisions_come_back(disclosed, tmp_path, kind):
    """From the evidence as it was filled in, or from a table; lines without one are passed over."""
    first, second = _claims(disclosed)
    path = tmp_path / f"decisions.{kind}"
    if kind == "jsonl":
        filled = [
            first.model_dump() | {"decision": "rejected", "note": "a joke"},
            second.model_dump(),
        ]
        path.write_text("".join(json.dumps(line) + "\n" for line in filled))
    else:
        path.write_text(f"claim,decision,note\n{first.claim},rejected,a joke\n{second.claim},,\n")
    decided = with_decisions([first, second], read_decisions(path), path)
    assert [(c.decision, c.note) for c in decided] == [("rejected", "a joke"), (None, None)]


def test_decisions_that_do_not_fit_are_refused(disclosed, tmp_path):
    """With file, line and remedy."""
    claims = _claims(disclosed)
    name = claims[0].claim
    path = tmp_path / "d.jsonl"
    for lines, said in (
        ([{"claim": "feed", "decision": "confirmed"}], "line 1: no claim feed"),
        ([{"claim": name, "decision": "confirmed"}, {"claim": name, "decision": "rejected"}],
         "line 2: claim .* is decided in line 1, too"),
        ([{"claim": name, "decision": "maybe"}], "write one of confirmed, rejected, unclear"),
        ([{"claim": "feed", "decision": "confirmed", "post_id": "p1", "kind": "disclosed"}],
         "line 1: post p1 was changed since claim feed"),
        ([{"claim": name, "decision": True}], "line 1, field 'decision': 'True' is no text"),
        ([{"decision": "confirmed"}], "field 'claim' is missing"),
        (["x"], "line 1: not a JSON object"),
    ):  # fmt: skip
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        with pytest.raises(InputError, match=said):
            with_decisions(claims, read_decisions(path), path)
    with pytest.raises(InputError, match="No such file"):
        read_decisions(tmp_path / "none.jsonl")


def test_evidence_keeps_to_the_committed_schema(disclosed, post):
    """Which is that of the code; else: make schema."""
    assert PATH.read_text("utf-8") == evidence_schema()
    schema = json.loads(evidence_schema())
    for claim in _claims(disclosed, post(2, paid="likely", p_paid=0.5)):
        jsonschema.validate(json.loads(json.dumps(claim.model_dump())), schema)


def test_a_claim_about_a_post_without_an_id_keeps_its_name(disclosed):
    """Wherever it stands in the next file."""
    names = [
        {claim.claim for claim in _claims(disclosed._replace(id=row))} for row in ("row-1", "row-7")
    ]
    assert names[0] == names[1]


@pytest.mark.parametrize(
    "content",
    [
        'claim,decision,note\n{0},rejected,"a joke,\nover two lines"\n{1},confirmed,\n',
        "\ufeffClaim;Decision;Note\r\n{0};rejected;a joke\r\n{1};confirmed;\r\n",
        "claim\tdecision\n{0}\trejected\n{1}\tconfirmed\n",
    ],
)
def test_tables_of_decisions_as_spreadsheets_save_them(disclosed, tmp_path, content):
    """With commas, semicolons or tabs."""
    claims = _claims(disclosed)
    path = tmp_path / "d.csv"
    path.write_text(content.format(*(claim.claim for claim in claims)), "utf-8")
    decided = with_decisions(claims, read_decisions(path), path)
    assert [claim.decision for claim in decided] == ["rejected", "confirmed"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "line 1: no column 'claim'"),
        ("claim,note\nx,y\n", "line 1: no column 'decision'"),
        ("claim,decision,decision\n", "line 1: two columns 'decision'"),
        ('claim,decision\nx,"confirmed\n', "line 2: .*check the quotes"),
        ('claim,decision,note\na,confirmed,"one\ntwo"\nb,maybe,\n', "line 4, field 'decision'"),
    ],
)
def test_faulty_tables_of_decisions_are_named(tmp_path, content, said):
    """By the line that a record begins on."""
    path = tmp_path / "d.csv"
    path.write_text(content)
    with pytest.raises(InputError, match=said):
        read_decisions(path)
