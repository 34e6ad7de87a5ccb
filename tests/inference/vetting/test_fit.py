"""How near creators are to a brief, by the encoder that is shipped."""

import csv
import json
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from unpolished.data.errors import InputError
from unpolished.inference.vetting.brief import Point
from unpolished.inference.vetting.creators import Key, by_creator
from unpolished.inference.vetting.fit import NEAREST, Comparison, fit_rows
from unpolished.inference.vetting.render import report
from unpolished.inference.vetting.render_brief import SHOWN, brief_section, of_creators
from unpolished.inference.vetting.vet import Given, vet
from unpolished.inference.vetting.write import write

SEA = Point(1, "clean-ups of beaches and rivers", "en", readable=True)
FOOD = Point(2, "food parcels for families", "en", readable=True)
OTHER = Point(3, "saubere Meere", "de", readable=False)
OF_SEA = ("We pulled 41 bags of rubbish off the beach", "I cleaned the river bank again today",
          "Join me on the shore on Sunday, bring bags for the plastic")  # fmt: skip
OF_FOOD = ("Two crates of tins went to the pantry", "We cook for hungry families on Wednesday",
           "I packed 40 food parcels tonight")  # fmt: skip
OF_BIKES = ("The bike bus needs one more rider", "I mend bicycles for free on Sundays",
            "Our petition for a bike lane is at 2,300")  # fmt: skip


@pytest.fixture
def creators(post):
    """Make creators of their texts, all of high commitment unless it is said otherwise."""

    def make(texts_of, **row):
        posts = [
            (
                Key("x", name),
                False,
                post(f"{name}{n}", text=text, day=n, **({"cause": "high"} | row)),
            )
            for name, texts in texts_of.items()
            for n, text in enumerate(texts)
        ]
        return by_creator(posts, {})

    return make


def _fits(creators, *points):
    comparison = Comparison(points or (SEA, FOOD))
    comparison.add(post for creator in creators for post in creator.posts)
    return comparison.fits(creators)


def test_creators_are_ranked_by_each_point(creators):
    """Each first where its posts are on the point, with these posts behind it, nearest first."""
    fits = _fits(creators({"bea": OF_BIKES, "fay": OF_FOOD, "sam": OF_SEA}))
    rank = {fit.key.name: [one.rank for one in fit.points] for fit in fits}
    assert (rank["sam"][0], rank["fay"][1]) == (1, 1)
    assert fits[-1].key.name == "bea"
    assert [fit.place for fit in fits] == [1, 2, 3]
    for fit in fits:
        for one in fit.points:
            cosines = [near.cosine for near in one.nearest]
            assert cosines == sorted(cosines, reverse=True)
            assert one.cosine == pytest.approx(sum(cosines) / NEAREST, abs=1e-4)
        means = [one.cosine for one in fit.points]
        assert fit.cosine == pytest.approx(sum(means) / len(means), abs=1e-4)


def test_the_very_text_of_a_point_comes_first(creators):
    """Its cosine is 1; nothing is nearer."""
    texts = {"ana": (FOOD.text, *OF_BIKES), "fay": OF_FOOD, "sam": OF_SEA}
    (fit,) = [fit for fit in _fits(creators(texts)) if fit.key.name == "ana"]
    assert fit.points[1].nearest[0].post.text == FOOD.text
    assert fit.points[1].nearest[0].cosine == pytest.approx(1, abs=1e-3)
    alone = _fits(creators({"ana": [FOOD.text, FOOD.text + "!", FOOD.text + "."], "fay": OF_FOOD}))
    assert (alone[0].key.name, alone[0].points[1].rank) == ("ana", 1)


def test_cosines_depend_on_no_other_post_or_creator(creators):
    """In any order, beside anything, compared at once or one after the other."""
    texts = {"bea": OF_BIKES, "fay": OF_FOOD, "sam": OF_SEA}
    whole = {fit.key: fit for fit in _fits(creators(texts))}
    for name, some in texts.items():
        made = creators({name: some[::-1]})
        comparison = Comparison((SEA, FOOD))
        for one in made[0].posts[:2]:
            comparison.add([one])
        (alone,) = comparison.fits(made)
        expected = whole[Key("x", name)]
        for one, other in zip(alone.points, expected.points, strict=True):
            assert one.cosine == pytest.approx(other.cosine, abs=2e-4)
            assert [near.post.text for near in one.nearest] == [n.post.text for n in other.nearest]


def test_too_few_and_none_are_null_and_last(creators):
    """Never a low number; posts that show no high commitment count for nothing."""
    few = creators({"ann": OF_SEA[:2], "zoe": OF_BIKES})
    none = creators({"abe": OF_SEA}, cause="low")
    unread = creators({"ada": OF_SEA}, cause="high", reason_code="language")
    fits = _fits([*few, *none, *unread])
    assert [fit.key.name for fit in fits] == ["zoe", "abe", "ada", "ann"]
    said = {fit.key.name: fit for fit in fits}
    for name in ("abe", "ada"):
        assert (said[name].committed, said[name].said) == (0, "no post of high commitment")
        assert all(one.nearest == () for one in said[name].points)
    assert (said["ann"].committed, said["ann"].said) == (2, "too few to say: fewer than 3 texts")
    assert [len(one.nearest) for one in said["ann"].points] == [2, 2]
    for name in ("abe", "ada", "ann"):
        assert (said[name].cosine, said[name].place) == (None, None)
        assert {(one.cosine, one.rank) for one in said[name].points} == {(None, None)}


def test_a_caption_that_repeats_is_one_post(creators):
    """A creator is not near for having said the same three times."""
    (fit,) = _fits(creators({"ana": [OF_SEA[0]] * 5}))
    assert (fit.committed, fit.texts, fit.cosine) == (5, 1, None)


def test_a_point_that_cannot_be_read_has_no_cosine(creators):
    """And takes no part in the mean."""
    texts = creators({"sam": OF_SEA})
    (fit,), (without,) = _fits(texts, SEA, OTHER), _fits(texts, SEA)
    assert (fit.points[1].cosine, fit.points[1].rank, fit.points[1].nearest) == (None, None, ())
    assert fit.cosine == without.cosine
    assert next(row["said"] for row in fit_rows([fit]) if row["point"] == 2) == (
        "the point is not in English"
    )


def test_equal_creators_share_a_rank(creators):
    """And the next one stands two below."""
    fits = _fits(creators({"ana": OF_SEA, "bo": OF_SEA, "cy": OF_BIKES}), SEA)
    assert [(fit.key.name, fit.place, fit.points[0].rank) for fit in fits] == [
        ("ana", 1, 1), ("bo", 1, 1), ("cy", 3, 3),
    ]  # fmt: skip


EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
GIFTS = ("I gave $50 to the food bank, donate here", "We match 10,000 for relief",
         "We match 10,000 for relief so there, donate here")  # fmt: skip


def _posts(name="ana"):
    odd = f"<b and c> {EVIL} \x1b[2J\u202egnp"
    return [
        {"id": f"{name}{n}\ud83d", "author": name, "text": f"{text} {odd}"}
        for n, text in enumerate(GIFTS)
    ]


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.ids, self.links = [], set(), set()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        found = dict(attrs)
        self.ids.add(found.get("id"))
        self.links.add(found.get("href", "#")[1:])


def test_brief_and_posts_are_on_the_page_and_in_the_table_as_text(scorer, tmp_path):
    """No element of the page, no formula of a spreadsheet; each creator is linked."""
    brief = tmp_path / "brief.txt"
    brief.write_text(f"=HYPERLINK food {EVIL}\nrelief \u202egnp\nWir suchen Menschen für Meere\n")
    posts = [*_posts(), *_posts("=" + EVIL), {"author": "late", "text": "late bus again lol"}]
    found = vet(posts, scorer.pipeline, files=Given(brief=brief))
    assert [fit.said for fit in found.fits] == ["", "", "no post of high commitment"]
    page = report(found)
    seen = _Tags()
    seen.feed(page)
    # Tags are taken out of a post before it is scored; what is left is no element.
    assert not {"img", "b"} & set(seen.tags)
    assert seen.tags.count("script") == 1
    assert seen.links - {""} <= seen.ids
    assert not re.search("[\x00-\x08\x1b\u202a-\u202e]", page)
    assert "Left out: reads as another language than English" in page
    assert "Fit to the brief: no post of high commitment." in page
    write(found, tmp_path / "report")
    with (tmp_path / "report" / "brief.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3 * 3
    assert rows[0]["text"].startswith("'=HYPERLINK")
    assert {post["post"][-2:] for post in json.loads(rows[0]["nearest"])} == {"0?", "1?", "2?"}
    assert [row["rank"] for row in rows if row["creator"] == "late"] == ["", "", ""]
    assert "Fit to the brief" not in report(vet(posts, scorer.pipeline))


def test_the_page_holds_the_posts_of_the_first_creators_alone(creators):
    """However many there are; who is in the table has posts below it."""
    fits = _fits(creators({f"c{n:03}": OF_SEA for n in range(SHOWN + 5)}), SEA)
    shown = of_creators(fits)
    assert [bool(shown[fit.key]["points"]) for fit in fits] == [True] * SHOWN + [False] * 5
    section = brief_section([SEA], fits, creators({fit.key.name: OF_SEA for fit in fits}))
    assert [row["name"] for row in section["rows"]] == [fit.key.name for fit in fits[:SHOWN]]
    assert (section["more"], section["too_few"], section["none"]) == (5, 0, 0)


def test_a_model_without_causes_is_refused_before_a_post_is_read(scorer, tmp_path):
    """As is a faulty brief."""

    def posts():
        raise AssertionError
        yield

    (tmp_path / "b.txt").write_bytes(b"\xff")
    with pytest.raises(InputError, match=r"b\.txt, line 1: not UTF-8"):
        vet(posts(), scorer.pipeline, files=Given(brief=tmp_path / "b.txt"))
    thresholds = scorer.pipeline.info.thresholds
    silent = thresholds.model_copy(update={"p_performative": None, "p_committed": None})
    info = scorer.pipeline.info.model_copy(update={"thresholds": silent})
    with pytest.raises(InputError, match="does not tell which posts show high commitment"):
        vet(posts(), replace(scorer.pipeline, info=info), files=Given(brief=tmp_path / "b.txt"))


def test_the_command_says_what_became_of_the_brief(tmp_path):
    """Exit codes, and a fault with file and line."""
    posts = "".join(json.dumps(post) + "\n" for post in _posts())
    (tmp_path / "x.jsonl").write_text(posts)
    (tmp_path / "b.txt").write_text("food banks\nfood banks\n")

    def run():
        return subprocess.run(
            [sys.executable, "-m", "unpolished.cli", "vet", "x.jsonl", "-o", "out", "--brief",
             "b.txt", "--model", "linear"],
            capture_output=True, text=True, check=False, cwd=tmp_path,
        )  # fmt: skip

    faulty = run()
    assert (faulty.returncode, (tmp_path / "out").exists()) == (2, False)
    assert "b.txt, line 2: the same as line 1; keep one" in faulty.stderr
    (tmp_path / "b.txt").write_text("food banks\n")
    done = run()
    assert (done.returncode, done.stdout) == (0, "")
    assert re.search(r"brief.csv: \d creators in order; \d have too few", done.stderr)
    assert (tmp_path / "out" / "brief.csv").is_file()
