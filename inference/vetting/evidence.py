"""One record for each claim about a post, to be checked by others, and decisions on them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict

from ...data.errors import InputError
from ...data.io.fields.names import letters
from ...data.row_id import is_row_id
from ...models.author_stage import Whose
from .creators import Creator, VettedPost
from .in_context import InContext

ClaimKind = Literal["disclosed", "platform_label", "paid_likely", "undisclosed", "performative"]
Decision = Literal["confirmed", "rejected", "unclear"]
_ID_CHARS = 16


class Claim(BaseModel):
    """A claim about a post.

    Attributes:
        claim: a name made of what it says of which post, the same in each run.
        kind: what is claimed.
        platform: of the creator.
        creator: whose post it is.
        post_id: of the post.
        url: where it is, if it is known.
        posted_at: when, ISO 8601.
        start: code-point offset of the words it rests on, into the text as scored; None for all.
        end: offset behind them.
        words: these words.
        rule: that reads them, for a disclosure.
        jurisdiction: whose rule it is.
        probability: of the model, for what it says.
        model: its name.
        model_version: in the registry, if it is from there.
        text_sha256: of the text as scored.
        in_context: whose product the post promotes, beside the creator's other posts: ``self``
            speaks against the claim; None where they tell nothing, or of no claim that it is paid.
        third_party_in_context: probability of a third party's, beside the other posts.
        context: the names in the post, and how often they come in the creator's posts.
        decision: of a reviewer.
        note: of the reviewer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    claim: str
    kind: ClaimKind
    platform: str | None
    creator: str
    post_id: str
    url: str | None
    posted_at: str | None
    start: int | None
    end: int | None
    words: str | None
    rule: str | None
    jurisdiction: str | None
    probability: float | None
    model: str | None
    model_version: str | None
    text_sha256: str
    in_context: Whose | None = None
    third_party_in_context: float | None = None
    context: str | None = None
    decision: Decision | None = None
    note: str | None = None


def claims_of(creators: Iterable[Creator]) -> Iterator[Claim]:
    """All claims about the posts of creators, those of a post together."""
    for creator in creators:
        for post, context in creator.beside_others():
            yield from _claims(creator, post, context)


def _claims(creator: Creator, post: VettedPost, context: InContext) -> Iterator[Claim]:
    row = post.row
    for found in row.disclosures:
        for term in found.terms:
            if term.status == "clear":
                yield _claim(creator, post, "disclosed", (term.start, term.end), rule=term.rule,
                             jurisdiction=found.jurisdiction)  # fmt: skip
    if row.paid == "disclosed" and row.disclosure != "clear":
        yield _claim(creator, post, "platform_label")
    if row.paid == "likely":
        kind: ClaimKind = "undisclosed" if post.is_undisclosed else "paid_likely"
        yield _claim(creator, post, kind, probability=row.p_paid, context=context)
    if row.performative == "likely":
        yield _claim(creator, post, "performative", probability=row.p_performative)


def _claim(
    creator: Creator,
    post: VettedPost,
    kind: ClaimKind,
    span: tuple[int, int] | None = None,
    *,
    rule: str | None = None,
    jurisdiction: str | None = None,
    probability: float | None = None,
    context: InContext | None = None,
) -> Claim:
    start, end = span or (None, None)
    digest = post.sha256
    # An id that is the place in a file is another one in the next file.
    own = None if is_row_id(post.id) else post.id
    when = post.posted_at.isoformat() if post.posted_at else None
    parts = [*creator.key, own, when, digest, kind, start, rule, jurisdiction]
    name = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:_ID_CHARS]
    by_model = probability is not None
    return Claim(
        claim=name,
        kind=kind,
        platform=creator.key.platform or None,
        creator=creator.key.name,
        post_id=post.id,
        url=post.url,
        posted_at=post.posted_at.isoformat() if post.posted_at else None,
        start=start,
        end=end,
        words=None if span is None else post.text[slice(*span)],
        rule=rule,
        jurisdiction=jurisdiction,
        probability=probability,
        model=post.row.model.name if by_model else None,
        model_version=post.row.model.version if by_model else None,
        text_sha256=digest,
        in_context=context.whose if context else None,
        third_party_in_context=context.third_party if context else None,
        context=context.why if context else None,
    )


class Reviewed(NamedTuple):
    """What a reviewer decided, and on what, if the line says."""

    decision: Decision
    note: str | None
    post_id: str | None
    kind: str | None


def read_decisions(path: Path) -> dict[str, tuple[int, Reviewed]]:
    """Decisions by claim, each with its line: of ``evidence.jsonl`` as filled in, or of a CSV.

    Lines without a decision are passed over.

    Raises:
        InputError: naming file and line: no such file, no claim, an unknown decision, or a claim
            that is decided twice.
    """
    found: dict[str, tuple[int, Reviewed]] = {}
    for line, record in _records(path):
        where = f"{path}, line {line}"
        decision, claim = _text(record, "decision", where), _text(record, "claim", where)
        if decision is None:
            continue
        if claim is None:
            raise InputError(f"{where}: field 'claim' is missing: copy it from evidence.jsonl")
        if decision not in get_args(Decision):
            known = ", ".join(get_args(Decision))
            raise InputError(f"{where}, field 'decision': {decision[:60]!r}; write one of {known}")
        if claim in found:
            raise InputError(
                f"{where}: claim {claim[:60]} is decided in line {found[claim][0]}, too; keep one"
            )
        said = [_text(record, field, where) for field in ("note", "post_id", "kind")]
        found[claim] = line, Reviewed(decision, *said)  # type: ignore[arg-type]
    return found


def with_decisions(
    claims: Sequence[Claim], decisions: Mapping[str, tuple[int, Reviewed]], path: Path
) -> list[Claim]:
    """The claims with what was decided on them.

    Raises:
        InputError: naming file and line: a claim that is none of these, or whose post was changed.
    """
    by_name = {claim.claim: claim for claim in claims}
    for name, (line, reviewed) in decisions.items():
        if name in by_name:
            continue
        where = f"{path}, line {line}"
        if (reviewed.post_id, reviewed.kind) in {(one.post_id, one.kind) for one in claims}:
            raise InputError(
                f"{where}: post {(reviewed.post_id or '')[:60]} was changed since claim "
                f"{name[:60]} was decided; look at it again"
            )
        raise InputError(
            f"{where}: no claim {name[:60]} about these posts: its post is not among them, or was "
            "changed; delete the line"
        )
    return [
        claim.model_copy(
            update={
                "decision": decisions[claim.claim][1].decision,
                "note": decisions[claim.claim][1].note,
            }
        )
        if claim.claim in decisions
        else claim
        for claim in claims
    ]


def _records(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        content = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: {getattr(error, 'strerror', None) or 'not UTF-8'}") from None
    if path.suffix.lower() in (".csv", ".tsv"):
        yield from _table(path, content)
        return
    for number, line in enumerate(content.split("\n"), 1):
        if not line.strip():
            continue
        found: Any = None
        with suppress(ValueError, RecursionError):
            found = json.loads(line)
        if not isinstance(found, dict):
            raise InputError(f"{path}, line {number}: not a JSON object; name a table .csv")
        yield number, found


def _table(path: Path, content: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Records of a table as a spreadsheet saves it, each with the line it starts on."""
    first = content.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(content, newline=""), strict=True, delimiter=delimiter)
    names: list[str] = []
    line = 1
    try:
        for values in reader:
            if not names:
                names = [letters(name) for name in values]
                _check_names(path, names)
            elif values:
                by_letters = dict(zip(names, values, strict=False))
                yield line, {name: by_letters.get(letters(name)) for name in _READ}
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"{path}, line {line}: {error}; check the quotes") from None
    if not names:
        _check_names(path, names)


def _check_names(path: Path, names: Sequence[str]) -> None:
    for name in ("claim", "decision"):
        if names.count(name) != 1:
            what = "no column" if name not in names else "two columns"
            raise InputError(f"{path}, line 1: {what} {name!r}; write claim, decision and note")


_READ = ("claim", "decision", "note", "post_id", "kind")


def _text(record: Mapping[str, Any], field: str, where: str) -> str | None:
    value = record.get(field)
    if value is not None and not isinstance(value, str):
        raise InputError(f"{where}, field {field!r}: {str(value)[:60]!r} is no text")
    return value.strip() or None if value is not None else None
