"""A row says of a creator what the posts say, and no more."""

import pytest
from unpolished.inference.vetting.creators import Key, by_creator, mentions, rows
from unpolished.inference.vetting.rates import Rate, Rates
from unpolished.models.scored_post import FoundSignal, JurisdictionDisclosure

RATES = {flag: Rates(Rate(0.8, 200), Rate(0.05, 200))
         for flag in ("polished", "paid", "performative")}  # fmt: skip
ANA = Key("instagram", "ana")


def _one(posts, key=ANA):
    (creator,) = by_creator([(key, False, post) for post in posts], RATES)
    (row,) = rows([creator])
    return creator, row


def test_the_same_handle_on_two_platforms_is_two(post):
    """And reposts are none of a creator's posts."""
    given = [(ANA, False, post(1)), (Key("x", "ana"), False, post(2)), (ANA, True, post(3))]
    creators = by_creator(given, RATES)
    assert [(c.key, len(c.posts), c.n_reposts) for c in creators] == [
        (ANA, 1, 1), (Key("x", "ana"), 1, 0),
    ]  # fmt: skip


def test_counts_add_up(post):
    """Each judged post has one label of each axis; what cannot be judged is counted apart."""
    posts = [
        post(1, style="polished"), post(2, paid="disclosed", disclosure="clear"),
        post(3, paid="likely"), post(4, paid="likely", disclosure="ambiguous"),
        post(5, style="unsure", reason_code="language", language="fr"),
        post(6, style="unsure", reason_code="too_short"),
    ]  # fmt: skip
    _, row = _one(posts)
    assert (row["posts"], row["posts_judged"], row["enough_posts"]) == (6, 4, False)
    assert row["style_raw"] + row["style_polished"] + row["style_unsure"] == 4
    paid = [row[f"paid_{kind}"] for kind in ("disclosed", "undisclosed", "ambiguous")]
    assert paid == [1, 1, 1]
    assert row["paid_posts"] == 3
    assert row["disclosure_rate"] == pytest.approx(1 / 3)
    assert row["share_other_language"] == row["share_not_readable"] == pytest.approx(1 / 6)
    assert row["polished_share"] is None


def test_a_share_is_corrected_from_twenty_posts_on(post):
    """What is disclosed is certain."""
    _, row = _one([post(n, paid="disclosed" if n < 10 else "unlikely") for n in range(20)])
    assert row["paid_share"] == pytest.approx(0.5)
    assert 0.25 < row["paid_share_low"] < 0.5 < row["paid_share_high"] < 0.75


def test_each_jurisdiction_has_its_own_rate(post):
    """Of the paid posts, how many disclose it clearly there."""

    def said(us, fr):
        return [
            JurisdictionDisclosure(jurisdiction=code, disclosure=status, rules_of="today")
            for code, status in (("us", us), ("fr", fr))
        ]

    posts = [post(1, paid="disclosed", disclosures=said("clear", "none")),
             post(2, paid="disclosed", disclosures=said("clear", "clear")),
             post(3, paid="unlikely", disclosures=said("none", "none"))]  # fmt: skip
    _, row = _one(posts)
    assert (row["disclosure_rate_us"], row["disclosure_rate_fr"]) == (1.0, 0.5)


def test_engagement_is_told_beside_the_tier_and_between_posts(post):
    """Unknown counts are left out; of few posts there is no median."""
    given = [
        (ANA, False, post(n, likes=20, paid="likely" if n < 5 else "unlikely")) for n in range(10)
    ]
    given += [(Key("instagram", name), False, post(n, likes=9)) for name in ("bo", "cy")
              for n in range(6)]  # fmt: skip
    given += [
        (Key("instagram", "big"), False, post(n, followers=20_000, likes=None)) for n in range(6)
    ]
    found = {row["creator"]: row for row in rows(by_creator(given, RATES))}
    assert found["ana"]["engagement"] == pytest.approx(0.21)
    assert found["ana"]["engagement_of_tier"] == pytest.approx(2.1)
    assert found["ana"]["engagement_paid_to_own"] == pytest.approx(1.0)
    assert (found["ana"]["tier"], found["big"]["tier"]) == ("nano", "micro")
    assert found["big"]["engagement"] is None
    _, few = _one([post(1)])
    assert (few["engagement"], few["days_between_posts"]) == (None, None)


def test_posts_without_dates_stand_last_and_have_no_span(post):
    """Nothing is made up for them."""
    creator, row = _one([post(1)._replace(posted_at=None), post(2)])
    assert [one.id for one in creator.posts] == ["p2", "p1"]
    assert row["first_post"] == row["last_post"]
    _, none = _one([post(1)._replace(posted_at=None)])
    assert (none["first_post"], none["longest_gap_days"]) == (None, None)


def test_brands_and_codes_are_counted_by_post_with_their_first_and_last(post):
    """However often a post says one, and however it is written."""

    def code(value):
        return FoundSignal(kind="code", value=value, start=0, end=len(value))

    call = FoundSignal(kind="call_to_buy", value="shop", start=0, end=4)
    posts = [
        post(1, signals=(code("ANA15"), code("ana15"))),
        post(9, signals=(code("ANA15"),)),
        post(4, signals=(call,)),
    ]
    creator, row = _one(posts)
    (one,) = mentions(creator)
    assert (one.value, one.posts, (one.last - one.first).days) == ("ana15", 2, 8)
    assert [found["value"] for found in row["codes"]] == ["ana15"]


def test_a_rate_is_of_the_posts_that_a_jurisdiction_judged(post):
    """And every row has the columns of all."""

    def said(code):
        return [JurisdictionDisclosure(jurisdiction=code, disclosure="clear", rules_of="today")]

    given = [
        (ANA, False, post(n, paid="disclosed", disclosures=said(("us", "uk")[n % 2])))
        for n in range(6)
    ]
    given.append((Key("instagram", "aa"), True, post(9)))
    first, second = rows(by_creator(given, RATES))
    assert list(first) == list(second)
    assert (first["disclosure_rate_us"], first["posts"]) == (None, 0)
    assert (second["disclosure_rate_us"], second["disclosure_rate_uk"]) == (1.0, 1.0)


def test_disclosures_count_in_any_language(post):
    """Though nothing else of such a post can be judged."""
    german = {"paid": "disclosed", "style": "unsure", "reason_code": "language"}
    _, row = _one([post(n, **german) for n in range(3)])
    assert (row["paid_disclosed"], row["paid_posts"], row["posts_judged"]) == (3, 3, 0)
    assert row["disclosure_rate"] == 1


def test_followers_are_those_of_the_last_post_with_a_date(post):
    """Of one without a date nobody knows when they were so many."""
    undated = post(9, followers=999_999)._replace(posted_at=None)
    creator, _ = _one([post(1, followers=5), post(2, followers=7), undated])
    assert creator.followers == 7
    alone, _ = _one([undated])
    assert alone.followers == 999_999
