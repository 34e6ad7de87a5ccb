"""Rows that are built without being checked again."""

import pytest
from unpolished.data.posts import Post
from unpolished.models.pipeline import Pipeline
from unpolished.models.scored_post import ScoredPost, checked_already

POSTS = [
    Post(id="1", text="going to the market with my sister today"),
    Post(id="2", text="#ad so in love with this serum, use code ANA15 for 20% off", author="ana"),
    Post(id="3", text="nimekosa basi tena", paid_partnership=True),
    Post(id="4", text="don&#39;t miss it"),
]


@pytest.fixture(scope="module")
def rows():
    """Of the light model, with reasons and without."""
    pipeline = Pipeline.load("linear")
    return pipeline.score(POSTS) + pipeline.score(POSTS, reasons="all")


def test_a_row_that_was_not_checked_is_one_that_was(rows):
    """Equal, of the same types after a check, and as fixed."""
    for row in rows:
        values = {name: getattr(row, name) for name in ScoredPost.model_fields}
        checked = ScoredPost.model_validate(values, strict=True)
        assert checked_already(values) == checked == row
        assert row.model_copy(update={"id": "x"}).id == "x"
        assert ScoredPost.model_validate_json(row.model_dump_json()) == row
        with pytest.raises(ValueError, match="frozen"):
            row.id = "y"


def test_fields_are_all_given():
    """None too few, and none too many."""
    values = dict(vars(ScoredPost(id="a")))
    with pytest.raises(ValueError, match=r"not the fields of a row: \['error'\]"):
        checked_already({name: value for name, value in values.items() if name != "error"})
    with pytest.raises(ValueError, match=r"\['more'\]"):
        checked_already(values | {"more": 1})
