"""A user's own rules: which claims, in posts with which words, stop a creator or are watched."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ...data.errors import InputError
from .creators import Key
from .evidence import Claim, ClaimKind

_ANY: tuple[ClaimKind, ...] = ("disclosed", "platform_label", "paid_likely", "undisclosed")


class Rule(BaseModel):
    """One rule.

    Attributes:
        name: what it is called in the report.
        action: ``stop``, for what rules a creator out, or ``watch``.
        claims: kinds of claims that count, any of them; by default all of a paid post.
        words: whole words, in any case, of which the post has one; none for every post.
        tolerance: so many posts are no hit yet.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^\S(.{0,198}\S)?$")]
    action: Literal["stop", "watch"]
    claims: Annotated[tuple[ClaimKind, ...], Field(min_length=1)] = _ANY
    words: tuple[Annotated[str, Field(pattern=r"^\S(.{0,98}\S)?$")], ...] = ()
    tolerance: Annotated[int, Field(ge=0, strict=True)] = 0

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        some = "|".join(re.escape(word) for word in sorted(self.words, key=len, reverse=True))
        return re.compile(rf"(?<!\w)(?:{some})(?!\w)", re.IGNORECASE)

    def says(self, claim: Claim, text: str) -> bool:
        """Whether a claim counts for it."""
        return claim.kind in self.claims and not (self.words and not self._pattern.search(text))


class Hit(NamedTuple):
    """A rule that a creator's posts meet.

    Attributes:
        rule: its name.
        action: of the rule.
        posts: ids of these posts.
    """

    rule: str
    action: str
    posts: tuple[str, ...]


def read_rules(path: Path) -> list[Rule]:
    """Read ``[[rule]]`` tables.

    Raises:
        InputError: no such file, no TOML, no rule, or a key at fault, named with its rule.
    """
    try:
        entry = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{path}: not TOML: {error}") from None
    given: Any = entry.pop("rule", None)
    if entry or not isinstance(given, list) or not given:
        raise InputError(f"{path}: write each rule as a table [[rule]] with name and action")
    rules = [_rule(path, number, one) for number, one in enumerate(given, 1)]
    if twice := [name for name, n in Counter(rule.name for rule in rules).items() if n > 1]:
        raise InputError(f"{path}: two rules are called {twice[0]!r}; rename one")
    return rules


def _rule(path: Path, number: int, given: Any) -> Rule:  # noqa: ANN401
    try:
        return Rule.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        known = ", ".join(Rule.model_fields)
        raise InputError(
            f"{path}, rule {number}, key {key!r}: {first['msg']} (keys: {known})"
        ) from None


def hits(
    rules: Sequence[Rule], claims: Sequence[Claim], texts: Mapping[str, str]
) -> dict[Key, tuple[Hit, ...]]:
    """The rules that each creator's posts meet.

    Args:
        rules: of the user.
        claims: about all posts; those that a reviewer rejected count no more.
        texts: of posts, by their hashes.
    """
    # Ids of posts by their hashes, too: an id may stand for two.
    found: dict[Key, dict[int, dict[tuple[str, str], None]]] = {}
    for claim in claims:
        if claim.decision == "rejected":
            continue
        key = Key(claim.platform or "", claim.creator)
        text = texts.get(claim.text_sha256, "")
        for number, rule in enumerate(rules):
            if rule.says(claim, text):
                found.setdefault(key, {}).setdefault(number, {})[
                    claim.post_id, claim.text_sha256
                ] = None
    return {
        key: tuple(
            Hit(rules[number].name, rules[number].action, tuple(p for p, _ in posts))
            for number, posts in sorted(by_rule.items())
            if len(posts) > rules[number].tolerance
        )
        for key, by_rule in found.items()
    }
