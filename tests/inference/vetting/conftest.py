"""Posts of creators, scored without a model."""

from datetime import UTC, datetime, timedelta

import pytest
from unpolished.inference.vetting.creators import VettedPost
from unpolished.models.scored_post import ScoredPost

START = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture
def post():
    """Make a post: its number, and what is said of it."""

    def make(number, *, text="late bus again", day=None, followers=100, likes=5, comments=1, **row):
        when = START + timedelta(days=number if day is None else day)
        said = {"style": "raw", "paid": "unlikely", "performative": "unlikely", "cause": "none",
                "disclosure": "none", "language": "en"} | row  # fmt: skip
        return VettedPost(
            f"p{number}", None, text, when, followers, likes, comments,
            ScoredPost(id=f"p{number}", **said),
        )  # fmt: skip

    return make
