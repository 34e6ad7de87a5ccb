"""The next posts to label, and the filled file taken back."""

import csv
import json

import pytest
from unpolished.data.own_posts import read_own_posts
from unpolished.data.posts import Post
from unpolished.data.reading import InputError
from unpolished.inference.labelling import COLUMNS, choose, take_labels, write_batch
from unpolished.models.row import ScoredPost

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
    return [(str(i), Post(text=text, author=author)) for i, text in enumerate(texts)]


def test_the_most_uncertain_come_first(scorer):
    """And no more than asked."""
    chosen = choose(_posts(), scorer, 3)
    alone = {c.post_id: c.uncertainty for c in choose(_posts(), scorer, 100)}
    assert len(chosen) == 3
    assert alone[chosen[0].post_id] == max(alone.values())
    assert len(alone) == len(TEXTS)


def test_near_duplicates_and_one_author_do_not_fill_the_batch(scorer):
    """A tenth of it for one author at most; the same text once."""
    again = [TEXTS[0]] * 20 + TEXTS
    assert len(choose(_posts(again), scorer, 50)) == len(TEXTS)
    assert len(choose(_posts(author="one"), scorer, 20)) == 2
    assert len(choose(_posts(author="one"), scorer, 3)) == 1


def test_what_no_label_would_help_is_left_out(scorer):
    """Other languages, and texts of a word."""
    posts = _posts(["nope", "Heute früh hat mir jemand die Luft aus beiden Reifen gelassen"])
    assert choose(posts, scorer, 5) == []


class _Unsure:
    """A scorer by whose cut everything lies, some posts nearer than others."""

    def __init__(self, info, near):
        self.info, self.near = info, near

    def score_posts(self, posts, ids):
        """At the cut of style; how near those of the others are is given."""
        cuts = self.info.thresholds
        p = cuts.p_polished.flag
        return [
            ScoredPost(
                id=post_id, style="unsure", p_polished=p, paid="unsure",
                p_paid=cuts.p_paid.flag * self.near.get(post_id, 1.0), performative="unsure",
                p_performative=cuts.p_performative.flag, cause="unsure", p_committed=0.0,
            )
            for post_id in ids
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


@pytest.fixture
def batch(scorer, tmp_path):
    """Posts, and the CSV made from them."""
    source, target = tmp_path / "posts.jsonl", tmp_path / "to-label.csv"
    rows = [{"text": text} for text in TEXTS]
    rows[0] |= {"id": "=1+1", "author": "@glow", "likes": 3}
    rows.append({"id": "f", "text": '=HYPERLINK("http://x.example","late bus again so tired")'})
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert write_batch(source, target, scorer, 50) == len(rows)
    return source, target


def _fill(path, labels):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        row |= labels.get(row["id"], {})
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return rows


def test_a_spreadsheet_runs_nothing(batch):
    """No cell begins a formula, also not behind a space."""
    rows = _fill(batch[1], {})
    assert len(rows) == len(TEXTS) + 1
    for row in rows:
        assert all(not cell.lstrip().startswith(("=", "+", "-", "@")) for cell in row.values())


def test_there_and_back(batch, tmp_path):
    """The posts come back as they were, with their labels; the rest stays away."""
    source, filled = batch
    target = tmp_path / "mine.jsonl"
    _fill(filled, {"'=1+1": {"label_style": "Raw ", "label_paid": "no"},
                   "row-2": {"label_paid": "yes", "label_cause": "none"}})  # fmt: skip
    assert take_labels(filled, source, target) == 2
    first, second = (post for _, post in read_own_posts(target))
    assert (first.id, first.author, first.likes, first.text) == ("=1+1", "@glow", 3, TEXTS[0])
    assert (first.label_style, first.label_paid, first.label_cause) == ("raw", "no", None)
    assert (second.id, second.label_paid) == ("row-2", "yes")
    with pytest.raises(InputError, match="labelled already"):
        take_labels(filled, source, target)
    assert len(read_own_posts(target)) == 2


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ({"row-2": {"label_paid": "maybe"}}, "to-label.csv, line {}: field 'label_paid'"),
        ({}, "no row has a label yet"),
        ({"row-2": {"id": "other", "label_paid": "no"}}, "'other' is not in posts.jsonl"),
        ({"row-2": {"id": "row-3", "label_paid": "no"}, "row-3": {"label_paid": "no"}}, "twice"),
    ],
)
def test_a_badly_filled_file_says_where(batch, tmp_path, labels, message):
    """And nothing is written."""
    source, filled = batch
    rows = _fill(filled, labels)
    # Below the header; no text has a line break.
    line = next((i for i, row in enumerate(rows, 2) if row["id"] == "row-2"), None)
    with pytest.raises(InputError, match=message.format(line)):
        take_labels(filled, source, tmp_path / "mine.jsonl")
    assert not (tmp_path / "mine.jsonl").exists()


def test_nothing_is_written_over(batch, scorer):
    """A half-filled batch is hours of work."""
    with pytest.raises(InputError, match="exists"):
        write_batch(batch[0], batch[1], scorer, 5)
