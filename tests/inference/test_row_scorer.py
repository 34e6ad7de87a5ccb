"""Each text is scored once, and every row has the id of its own post."""

from dataclasses import replace

import pytest
from unpolished.data.posts import Post
from unpolished.inference.options import Options
from unpolished.inference.row_scorer import Key, RowCache, RowScorer
from unpolished.models.pipeline import Pipeline
from unpolished.models.scored_post import ScoredPost


@pytest.fixture
def asked(monkeypatch):
    """How many posts the model is asked for, call by call."""
    found, real = [], Pipeline._score_all

    def counted(self, posts, **options):
        found.append(len(posts))
        return real(self, posts, **options)

    monkeypatch.setattr(Pipeline, "_score_all", counted)
    return found


@pytest.mark.parametrize("independent", [True, False])
def test_rows_of_the_same_text_have_their_own_ids(rules_folder, asked, monkeypatch, independent):
    """Within a call, and from call to call where rows are independent."""
    monkeypatch.setattr(Pipeline, "independent_rows", property(lambda _: independent))
    rows = RowScorer(Pipeline.load(rules_folder), Options())
    posts = [Post(id=post_id, text="late bus again lol") for post_id in "abc"]
    assert [row.id for row in rows.rows(posts)] == ["a", "b", "c"]
    assert [row.id for row in rows.rows(posts[1:])] == ["b", "c"]
    assert asked == ([1] if independent else [1, 1])


def test_a_failure_is_not_remembered(rules_folder, monkeypatch):
    """Another try may do."""
    rows = RowScorer(Pipeline.load(rules_folder), Options())
    post = Post(id="a", text="late bus again lol")

    def failing(self, posts, **options):
        raise ArithmeticError

    with monkeypatch.context() as patch:
        patch.setattr(Pipeline, "_score_all", failing)
        (failed,) = rows.rows([post])
    assert failed.error == "model: the model failed on this post (ArithmeticError)"
    assert rows.rows([post])[0].error is None


def test_the_cache_is_bounded():
    """By rows and by the length of texts; what was asked for last stays."""
    cache, row = RowCache(max_rows=2, max_chars=100), ScoredPost(id="")
    cache.put(Key("a", False), row)
    cache.put(Key("b", False), row)
    assert cache.get(Key("a", False)) is row
    cache.put(Key("c", False), row)
    assert cache.get(Key("b", False)) is None
    assert cache.get(Key("a", False)) is row
    cache.put(Key("x" * 100, False), row)
    assert len(cache) == 1
    cache.put(Key("y" * 200, False), row)
    assert len(cache) == 0


def test_an_author_counts_where_the_model_reads_it(rules_folder):
    """The same words by the owner of the shop and by somebody else are not one row."""
    pipeline = Pipeline.load(rules_folder)
    text = "tag @glow.skin for this soap"
    posts = [Post(text=text, author=author) for author in ("glow.skin", "ana", None)]
    told = {}
    for reads in (True, False):
        info = pipeline.info.model_copy(update={"reads_author": reads})
        rows = RowScorer(replace(pipeline, info=info), Options()).rows(posts)
        told[reads] = [row.p_paid for row in rows]
    assert told[True][0] != told[True][1] == told[True][2]
    assert told[False] == [told[True][2]] * 3
