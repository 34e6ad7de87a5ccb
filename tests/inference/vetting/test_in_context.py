"""A creator's posts beside one another: what comes again is told, and no label is changed."""

import csv
import json
import re
from dataclasses import replace

import pytest
from unpolished.inference.vetting.creators import Key, by_creator, rows
from unpolished.inference.vetting.evidence import claims_of
from unpolished.inference.vetting.in_context import in_context
from unpolished.inference.vetting.render import report
from unpolished.inference.vetting.vet import vet
from unpolished.inference.vetting.write import write
from unpolished.models.author_stage import ENOUGH, PROMOTES, shipped_stage
from unpolished.models.scored_post import FoundSignal

ANA = Key("instagram", "ana")
STAGE = shipped_stage()
SHOP = "new bags by @glow.skin, shop the link in bio"


@pytest.fixture
def promo(post):
    """A post that reads as promotion of the one or of the other: its scores, and what it says."""

    def make(number, text=SHOP, *, deal=0.4, own=0.4, label="unsure", author="ana", **row):
        said = {"p_paid": deal, "p_self": own, "promotion": label,
                "paid": "likely" if label == "third_party" else "unsure"} | row  # fmt: skip
        return post(number, text=text, **said)._replace(author=author)

    return make


def _code(value):
    return (FoundSignal(kind="code", value=value, start=0, end=len(value)),)


def _creators(posts, **others):
    given = [(ANA, False, post) for post in posts]
    given += [(Key("instagram", name), False, post) for name, them in others.items()
              for post in them]  # fmt: skip
    found = by_creator(given, {})
    return {one.key.name: one for one in found}


def _contexts(posts):
    return in_context(posts, STAGE)


def test_a_brand_in_every_post_of_a_creator_that_sells_is_the_creators_own(promo):
    """Though one of them reads as a third party's: the others speak against it."""
    posts = [promo(n, own=0.8, deal=0.1, label="self") for n in range(9)]
    posts.append(promo(9, deal=0.5, own=0.4, label="third_party"))
    last = _contexts(posts)[-1]
    assert (last.whose, last.names[0].standing, last.names[0].posts) == (
        "self", "in_most_posts", 10,
    )  # fmt: skip
    assert last.why == "@glow.skin in 10 of 10 posts, 2024-01-01 to 2024-01-10"


def test_a_brand_that_comes_once_with_a_code_is_a_deal(promo):
    """Among posts that promote nothing."""
    posts = [promo(n, "late bus again", deal=0.02, own=0.02, label="none") for n in range(9)]
    posts.append(promo(9, "try @velmora with code ANA15", deal=0.6, own=0.1,
                       label="third_party", signals=_code("ANA15")))  # fmt: skip
    found = _contexts(posts)
    assert (found[-1].whose, found[-1].names[0].standing) == ("third_party", "once_with_code")
    assert found[-1].why == "@velmora once, with code ANA15"
    assert {one.whose for one in found[:-1]} == {None}


def test_the_creators_own_name_speaks_for_own_promotion(promo):
    """And is told as such; whoever else is called so."""
    others = [promo(n, "late bus again", deal=0.02, own=0.02, label="none") for n in range(9)]
    theirs, own = (
        _contexts([*others, promo(9, author=author)])[-1] for author in ("ana", "Glow.Skin")
    )
    assert own.third_party < theirs.third_party
    assert own.why == "@glow.skin names the author, once"


def test_neither_the_order_of_posts_nor_other_creators_matter(promo):
    """Each creator is read alone."""
    posts = [promo(n, f"by @velmora{n % 3} today", deal=n / 20, own=0.3) for n in range(12)]
    others = [promo(n, "all of @velmora1", own=0.99, deal=0) for n in range(30)]
    shuffled = posts[::2] + posts[1::2][::-1]
    alone, beside = _creators(posts)["ana"], _creators(shuffled, bo=others)["ana"]
    assert alone.posts == beside.posts
    assert _contexts(alone.posts) == _contexts(beside.posts)


def test_of_few_posts_nothing_is_said_but_what_comes_again(promo):
    """Judged from so many on as it was measured."""
    for n in range(1, ENOUGH):
        found = _contexts([promo(i, label="self") for i in range(n)])
        assert {(one.whose, one.third_party) for one in found} == {(None, None)}
        assert found[0].names[0].posts == n
    assert _contexts([promo(i, label="self") for i in range(ENOUGH)])[0].whose is not None


@pytest.mark.parametrize(
    "said",
    [{"paid": "disclosed", "label": "third_party"}, {"disclosure": "clear", "label": "self"},
     {"label": "none"}, {"paid": "unlikely", "label": "unsure", "own": PROMOTES - 0.41},
     {"reason_code": "language"}, {"reason_code": "too_short"}, {"p_self": None}],
)  # fmt: skip
def test_what_is_disclosed_promotes_nothing_or_cannot_be_read_is_not_judged(promo, said):
    """A disclosure stays one whatever else the creator sells."""
    others = [promo(n, own=0.9, deal=0.05, label="self") for n in range(9)]
    (*_, last) = _contexts([*others, promo(9, **said)])
    assert (last.whose, last.third_party) == (None, None)


def test_posts_that_the_model_could_not_read_are_no_context(promo):
    """They count neither as posts nor with their names."""
    posts = [promo(n, label="self") for n in range(6)]
    unread = [promo(n, reason_code="language") for n in range(6, 20)]
    assert _contexts([*posts, *unread])[:6] == _contexts(posts)


def test_the_table_counts_posts_as_they_read_beside_the_others(promo):
    """No other column changes; where nothing was told there is no number.

    What the model could not read is not counted, as in the columns beside them.
    """
    posts = [promo(n, own=0.8, deal=0.1, label="self") for n in range(9)]
    posts.append(promo(9, deal=0.5, own=0.4, label="third_party"))
    posts.append(promo(10, label="third_party", paid="disclosed", reason_code="language"))
    (creator,) = _creators(posts).values()
    (before,), (after,) = (
        list(rows([one])) for one in (creator, replace(creator, in_context=_contexts(posts)))
    )
    columns = [f"promotion_{label}_in_context" for label in ("self", "third_party")]
    assert [before.pop(name) for name in columns] == [None, None]
    assert [after.pop(name) for name in columns] == [10, 0]
    assert (after["promotion_self"], after["promotion_third_party"]) == (9, 1)
    assert before == after


def test_a_claim_says_where_the_other_posts_speak_against_it(promo):
    """Under the name that it had; a disclosure has no such word."""
    posts = [promo(n, own=0.8, deal=0.1, label="self") for n in range(9)]
    posts.append(promo(9, deal=0.5, own=0.4, label="third_party"))
    posts.append(promo(10, deal=0.5, own=0.4, label="third_party", performative="likely"))
    (creator,) = _creators(posts).values()
    before = list(claims_of([creator]))
    after = list(claims_of([replace(creator, in_context=_contexts(creator.posts))]))
    assert [claim.claim for claim in before] == [claim.claim for claim in after]
    said = {claim.kind: (claim.in_context, claim.context) for claim in after}
    assert said["undisclosed"][0] == "self"
    assert "@glow.skin in 11 of 11 posts" in said["undisclosed"][1]
    assert said["performative"] == (None, None)
    assert all(claim.in_context is None for claim in before)


def test_the_report_and_its_files_say_it(scorer, tmp_path):
    """From posts to pages; names are text and nothing else."""
    evil = "<b>x</b> www.quorrel.com/\u202egnp"
    texts = [f"New drop! Our @glow.skin bags {n}, shop now, link in bio, by @Ana" for n in range(8)]
    texts.append(
        "I love this serum by @velmora so much, use my code ANA15 for 20% off, link in bio " + evil
    )
    posts = [{"id": f"p{n}", "author": "ana", "text": text, "posted_at": f"2024-01-{n + 1:02}"}
             for n, text in enumerate(texts)]  # fmt: skip
    found = vet(posts, scorer.pipeline)
    row = found.rows[0]
    counted = row["promotion_self_in_context"] + row["promotion_third_party_in_context"]
    assert counted >= 1
    write(found, tmp_path / "report")
    lines = (tmp_path / "report" / "evidence.jsonl").read_text().splitlines()
    claims = [json.loads(line) for line in lines]
    assert {claim["in_context"] for claim in claims} & {"self", "third_party"}
    page = report(found)
    assert re.search(r"beside the other posts: a deal \(probability of a deal 0\.\d\d\); @v", page)
    assert "@velmora once, with code ANA15" in page
    first, *_ = found.creators[0].in_context
    assert first.why.startswith("@Ana names the author, in 8 of 9 posts, 2024-01-01 to 2024-01-08")
    assert "www.quorrel.com/" in found.creators[0].in_context[-1].why
    assert "<b>" not in page
    assert "\u202e" not in page
    with (tmp_path / "report" / "creators.csv").open(newline="") as file:
        (cells,) = csv.DictReader(file)
    assert cells["promotion_self_in_context"] == str(row["promotion_self_in_context"])
    # The scores of the posts are those of each post alone.
    alone = {row.id: row for post in posts for row in scorer.score([post])}
    assert all(post.row == alone[post.id] for post in found.creators[0].posts)
