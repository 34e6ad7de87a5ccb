"""The next posts to label."""

import csv
import json

import pytest
from unpolished.data.errors import InputError
from unpolished.data.posts import Post
from unpolished.data.row_id import row_id
from unpolished.data.values.csv_injection import guarded
from unpolished.inference.labelling.choose import choose, write_batch
from unpolished.inference.labelling.take_labels import take_labels
from unpolished.models.scored_post import ScoredPost

TEXTS = [
    "ugh my bus was late again lol",
    "in love with this serum from @glow, use code MAYA10",
    "We stand with everyone affected. #awareness",
    "I gave $50 to the food bank, donate here",
    "walked home in the rain and forgot the keys",
    "the soup was fine and the bread was not",
    "Join us for an evening of light and sound this week",
]


def _posts(texts=TEXTS, author=None):
    return [(str(i), Post(id=str(i), text=text, author=author)) for i, text in enumerate(texts)]


def test_the_most_uncertain_come_first(scorer):
    """And no more than asked."""
    chosen = choose(_posts(), scorer.pipeline, 3)
    alone = {c.post_id: c.uncertainty for c in choose(_posts(), scorer.pipeline, 100)}
    assert len(chosen) == 3
    assert alone[chosen[0].post_id] == max(alone.values())
    assert len(alone) == len(TEXTS)


def test_near_duplicates_and_one_author_do_not_fill_the_batch(scorer):
    """A tenth of it for one author at most; the same text once."""
    again = [TEXTS[0]] * 20 + TEXTS
    assert len(choose(_posts(again), scorer.pipeline, 50)) == len(TEXTS)
    assert len(choose(_posts(author="one"), scorer.pipeline, 20)) == 2
    assert len(choose(_posts(author="one"), scorer.pipeline, 3)) == 1


def test_what_no_label_would_help_is_left_out(scorer):
    """Other languages, and texts of a word."""
    posts = _posts(["nope", "Heute früh hat mir jemand die Luft aus beiden Reifen gelassen"])
    assert choose(posts, scorer.pipeline, 5) == []


class _Unsure:
    """A scorer by whose cut everything lies, some posts nearer than others."""

    def __init__(self, info, near):
        self.info, self.near = info, near

    def score(self, posts, *, errors):
        """At the cut of style; how near those of the others are is given."""
        cuts = self.info.thresholds
        p = cuts.p_polished.flag
        return [
            ScoredPost(
                id=post_id, style="unsure", p_polished=p, paid="unsure",
                p_paid=cuts.p_paid.flag * self.near.get(post_id, 1.0), performative="unsure",
                p_performative=cuts.p_performative.flag, cause="unsure", p_committed=0.0,
            )
            for post_id in (post.row_id for post in posts)
        ]  # fmt: skip


def test_what_resembles_a_chosen_post_waits_for_what_does_not(scorer):
    """A post a little less uncertain, of which nothing alike was chosen, goes before a kindred."""
    texts = [
        "my bus was late again this morning and the driver said nothing at all",
        "my bus was late again this evening and the driver said nothing at all",
        "two eggs, a handful of flour, and whatever herbs the garden has left",
    ]
    chosen = choose(_posts(texts), _Unsure(scorer.info, {"2": 0.9}), 2)
    assert [candidate.post_id for candidate in chosen] == ["0", "2"]
    every = choose(_posts(texts), _Unsure(scorer.info, {"2": 0.9}), 3)
    assert [candidate.post_id for candidate in every] == ["0", "2", "1"]
    assert every[1].uncertainty < every[2].uncertainty


def test_a_batch_is_a_sheet_of_the_posts_chosen(scorer, tmp_path):
    """With an id each, their number where they have none; nothing is filled in yet."""
    source, target = tmp_path / "posts.jsonl", tmp_path / "to-label.csv"
    rows = [{"text": text} for text in TEXTS]
    rows[0] |= {"id": "=1+1", "author": "@glow", "likes": 3}
    rows.append({"id": "f", "text": '=HYPERLINK("http://x.example","late bus again so tired")'})
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert write_batch(source, target, scorer.pipeline, 50) == len(rows)
    with target.open(encoding="utf-8-sig", newline="") as stream:
        found = list(csv.DictReader(stream))
    ids = {guarded(row.get("id", row_id(n))) for n, row in enumerate(rows, 1)}
    assert {row["id"] for row in found} == ids
    for row in found:
        # A spreadsheet runs nothing, also not behind a space.
        assert all(not cell.lstrip().startswith(("=", "+", "-", "@")) for cell in row.values())
    with pytest.raises(InputError, match="no row has a label yet"):
        take_labels(target, source, tmp_path / "mine.jsonl")
    with pytest.raises(InputError, match="exists"):
        # A half-filled batch is hours of work.
        write_batch(source, target, scorer.pipeline, 5)


def test_posts_that_cannot_be_labelled_make_no_batch(scorer, tmp_path):
    """Words alone."""
    (tmp_path / "posts.jsonl").write_text('{"text": "nope"}\n')
    with pytest.raises(InputError, match="no post that could be labelled"):
        write_batch(tmp_path / "posts.jsonl", tmp_path / "to-label.csv", scorer.pipeline, 5)
    assert not (tmp_path / "to-label.csv").exists()
