"""What is in two places of an export and belongs together, joined before the fields are found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

# Under these keys a post of X has its author, and the post that it repeats.
_AUTHOR, _REPEATED = "author", "retweeted"


def x_page(page: Mapping[str, Any]) -> Mapping[str, Any]:
    """A page of X's API with the authors, and the posts that are repeated, inside of the posts.

    They are beside them, in ``includes``, and found by their ids.
    """
    posts = page.get("data")
    if isinstance(posts, Mapping):
        # An answer of one post.
        posts = [posts]
    if not isinstance(posts, list):
        return x_post(page)
    includes = page.get("includes")
    includes = includes if isinstance(includes, Mapping) else {}
    users = _by_id(includes.get("users"))
    others = {
        name: _with_author(post, users) for name, post in _by_id(includes.get("tweets")).items()
    }
    joined = [
        _repeated(_with_author(post, users), others) if isinstance(post, Mapping) else post
        for post in posts
    ]
    return {**page, "data": joined}


def x_post(post: Mapping[str, Any]) -> Mapping[str, Any]:
    """A post of X with the one that it repeats, which is among those that it refers to."""
    return _repeated(post, {})


def _repeated(post: Mapping[str, Any], others: Mapping[str, Any]) -> Mapping[str, Any]:
    if _REPEATED in post:
        return post
    referred = post.get("referenced_tweets")
    for one in referred if isinstance(referred, list) else ():
        if isinstance(one, Mapping) and one.get("type") == "retweeted":
            whole = others.get(str(one.get("id")), one)
            return {**post, _REPEATED: whole}
    return post


def _with_author(post: Mapping[str, Any], users: Mapping[str, Any]) -> Mapping[str, Any]:
    user = users.get(str(post.get("author_id")))
    return post if user is None else {**post, _AUTHOR: user}


def _by_id(items: Any) -> dict[str, Mapping[str, Any]]:  # noqa: ANN401
    found = items if isinstance(items, list) else ()
    return {str(item.get("id")): item for item in found if isinstance(item, Mapping)}


PREPARED: Mapping[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {
    "x-page": x_page,
    "x-post": x_post,
}
