"""What an author's other posts tell of a post: how they read, and what of it comes in them again.

No post is its own context. Nothing depends on the order of the posts, or on those of others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..data.text.mentioned import Mentioned

# In the order of the columns of ``features``.
FEATURES = (
    "third_party_to_own",
    "others_third_party_to_own",
    "same_names_third_party_to_own",
    "names_author",
    "repeated_sentence",
)
# Posts' worth of promotion on either side that nothing is known of, added to sums over posts.
_PRIOR, _PRIOR_OF_NAME = 3.0, 0.1
_LEAST = 1e-4
# A name in this share of an author's posts is in most of them, if there are a few.
_MOST, _FEW = 0.5, 3
_MONTH = timedelta(days=31)

Floats = NDArray[np.float64]
Standing = Literal["own_name", "in_most_posts", "once_with_code", "again", "once"]


class KnownPost(NamedTuple):
    """A post of an author, as far as the others' context needs it.

    Attributes:
        mentioned: what it names.
        p_paid: of the post alone, that it promotes a third party's product.
        p_self: of the post alone, that it promotes its author's own.
        posted_at: when, if it is known.
    """

    mentioned: Mentioned
    p_paid: float
    p_self: float
    posted_at: datetime | None = None


class Recurring(NamedTuple):
    """A name in a post, and how often it is in the author's posts.

    Attributes:
        said: as the post writes it.
        standing: ``own_name``: the author's; ``in_most_posts``: in half of them or more, and in
            three at least; ``once_with_code``: in no post more than a month away from another one
            with it, and beside a code; ``again`` or ``once`` for the rest.
        posts: of the author that have it, this one included.
        of: all that are known of the author.
        first: date of the first of them, if any is known.
        last: date of the last of them.
        code: beside it, of ``once_with_code``.
    """

    said: str
    standing: Standing
    posts: int
    of: int
    first: datetime | None = None
    last: datetime | None = None
    code: str | None = None


def features(posts: Sequence[KnownPost]) -> Floats:
    """What is known of each post of one author, shape (n_posts, 5), columns as ``FEATURES``.

    - ``third_party_to_own``: log of ``p_paid`` to ``p_self``, of the post alone.
    - ``others_third_party_to_own``: the same of sums over the others, drawn to 0 where they are few
      or promote little.
    - ``same_names_third_party_to_own``: over those others that name an account, site or brand that
      the post names; 0 where none does.
    - ``names_author``: 1 where the post names its author.
    - ``repeated_sentence``: largest share of the others that say one of its sentences again.
    """
    paid = np.array([post.p_paid for post in posts], np.float64)
    own = np.array([post.p_self for post in posts], np.float64)
    alone = np.log(np.maximum(paid, _LEAST)) - np.log(np.maximum(own, _LEAST))
    others = _to_own(paid.sum() - paid, own.sum() - own, _PRIOR)
    names_author = [float(bool(post.mentioned.own)) for post in posts]
    columns = (alone, others, _same_names(posts, paid, own), names_author, _repeated(posts))
    return np.column_stack([np.asarray(column, np.float64) for column in columns])


def recurring(posts: Sequence[KnownPost]) -> list[tuple[Recurring, ...]]:
    """The names in each post of one author, the author's own first, then those of most posts."""
    of_name = {name: _recurring(posts, places) for name, places in _places(posts).items()}
    named = [place for place, post in enumerate(posts) if post.mentioned.own]
    own = Recurring("", "own_name", len(named), len(posts), *_span(posts, named))
    found = []
    for post in posts:
        names = [of_name[name]._replace(said=said) for name, said in post.mentioned.names.items()]
        names.sort(key=lambda one: (-one.posts, one.said))
        theirs = (own._replace(said=said) for said in post.mentioned.own[:1])
        found.append((*theirs, *names))
    return found


def _to_own(paid: Floats, own: Floats, prior: float) -> Floats:
    # Taking one's own part off a sum may leave less than nothing, by rounding.
    known = np.maximum(paid, 0) + prior, np.maximum(own, 0) + prior
    return np.asarray(np.log(known[0]) - np.log(known[1]))


def _places(posts: Sequence[KnownPost]) -> Mapping[str, list[int]]:
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, post in enumerate(posts):
        for name in post.mentioned.names:
            places[name].append(place)
    return places


def _same_names(posts: Sequence[KnownPost], paid: Floats, own: Floats) -> Floats:
    places = _places(posts)
    # Posts with the same names have the same others, but for themselves.
    sums: dict[frozenset[str], tuple[float, float]] = {}
    others = np.zeros((len(posts), 2))
    for place, post in enumerate(posts):
        shared = frozenset(name for name in post.mentioned.names if len(places[name]) > 1)
        if not shared:
            continue
        if shared not in sums:
            among = np.zeros(len(posts), bool)
            for name in shared:
                among[places[name]] = True
            sums[shared] = float(paid[among].sum()), float(own[among].sum())
        others[place] = np.array(sums[shared]) - (paid[place], own[place])
    # Of a post without others both sums are 0, and so is this.
    return _to_own(others[:, 0], others[:, 1], _PRIOR_OF_NAME)


def _repeated(posts: Sequence[KnownPost]) -> list[float]:
    times: defaultdict[str, int] = defaultdict(int)
    for post in posts:
        for sentence in post.mentioned.sentences:
            times[sentence] += 1
    others = max(len(posts) - 1, 1)
    return [
        max((times[one] - 1 for one in post.mentioned.sentences), default=0) / others
        for post in posts
    ]


def _recurring(posts: Sequence[KnownPost], places: Sequence[int]) -> Recurring:
    first, last = _span(posts, places)
    n, of = len(places), len(posts)
    code = min((code for place in places for code in posts[place].mentioned.codes), default=None)
    # Of posts without dates nobody knows that they are of one month, but of one alone.
    dated = first and last and all(posts[place].posted_at is not None for place in places)
    if n >= max(_FEW, _MOST * of):
        return Recurring("", "in_most_posts", n, of, first, last)
    if code and (n == 1 or (dated and first and last and last - first <= _MONTH)):
        return Recurring("", "once_with_code", n, of, first, last, code)
    return Recurring("", "again" if n > 1 else "once", n, of, first, last)


def _span(
    posts: Sequence[KnownPost], places: Sequence[int]
) -> tuple[datetime, datetime] | tuple[None, None]:
    dates = [when for place in places if (when := posts[place].posted_at) is not None]
    return (min(dates), max(dates)) if dates else (None, None)
