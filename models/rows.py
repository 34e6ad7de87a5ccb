"""Posts to rows: masked text -> probabilities -> decision -> row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Literal, Protocol

from ..data.axes import Paid, Promotion
from ..data.text.disclosure.find import find_terms
from ..data.text.disclosure.terms import Kind
from ..data.text.language.detect import Language, detect_languages
from ..data.text.masking import Masked, mask
from ..data.text.repair.repair import Repaired, repair
from ..data.text.signals.find import Signal, find_signals
from .base import HIGH, LOW, PROBABILITIES, SELF, STYLE, THIRD_PARTY, Model, scores_of
from .decision.threshold import FLAGGED, UNSURE
from .decision.thresholds import (
    DOUBTED_BELOW,
    cause_label,
    likely_label,
    promotion_label,
    style_label,
)
from .disclosed import Asked, Dated, Judged, conflict, is_paid, judged, rules_of
from .explain import find_reasons
from .saved_model import ModelInfo
from .scored_post import (
    ModelName,
    Reason,
    ReasonCode,
    ScoredPost,
    checked_already,
    found_signal,
)

ReasonsFor = Literal["none", "flagged", "all"]
MIN_WORDS = 3


class Content(Dated, Protocol):
    """What a row depends on; every ``Post`` is one."""

    @property
    def row_id(self) -> str:
        """Its own id, or one made of its number in the input."""
        ...

    @property
    def text(self) -> str:
        """The post, untouched."""
        ...

    @property
    def author(self) -> str | None:
        """Whose post it is."""
        ...

    @property
    def paid_partnership(self) -> bool | None:
        """The platform's own label."""
        ...

    @property
    def truncated(self) -> bool | None:
        """Whether the source says that it has cut the text off."""
        ...

    @property
    def repairs(self) -> tuple[str, ...]:
        """Codes of what was mended before."""
        ...


def make_rows(
    model: Model,
    info: ModelInfo,
    posts: Sequence[Content],
    asked: Asked,
    prevalence: Mapping[str, float] | None,
    reasons: ReasonsFor,
) -> list[ScoredPost]:
    """A row per post, in order; see ``Pipeline.score``."""
    if not posts:
        return []
    texts = [repair(post.text) for post in posts]
    # One post after the other: what is found in it for the one is known for the other.
    authors = [post.author if info.reads_author else None for post in posts]
    pairs = zip(texts, authors, strict=True)
    seen = [(mask(text.text, author), find_terms(text.text)) for text, author in pairs]
    masked = [m for m, _ in seen]
    languages = detect_languages([m.text for m in masked])
    raw, cut = scores_of(model, [m.text for m in masked])
    probabilities = info.calibration.apply(raw)
    flags = info.thresholds.decide(probabilities)
    sure_unpaid = (probabilities[:, THIRD_PARTY] < DOUBTED_BELOW).tolist()
    if prevalence:
        probabilities = info.calibration.shift_prevalence(probabilities, prevalence)
    name = ModelName(name=info.name, version=info.version, run_id=info.run_id)
    rows, shown, flagged = [], probabilities.tolist(), flags.tolist()
    told = frozenset(PROBABILITIES.index(column) for column in info.thresholds.told)
    for i, post in enumerate(posts):
        wanted = _axes_to_explain(flagged[i], reasons, told)
        rows.append(
            _row(
                post,
                texts[i],
                masked[i],
                [round(p, 6) if axis in told else None for axis, p in enumerate(shown[i])],
                flagged[i],
                judged(seen[i][1], rules_of(post, asked)),
                find_signals(seen[i][1], post.author),
                languages[i],
                find_reasons(model, masked[i], texts[i].text, wanted) if wanted else (),
                name,
                told=told,
                truncated=masked[i].truncated or bool(cut[i]) or texts[i].truncated,
                sure_unpaid=sure_unpaid[i],
            )
        )
    return rows


def _axes_to_explain(flags: Sequence[int], reasons: ReasonsFor, told: Set[int]) -> tuple[int, ...]:
    if reasons == "none":
        return ()
    explained = [axis for axis in (STYLE, THIRD_PARTY, LOW) if axis in told]
    return tuple(axis for axis in explained if reasons == "all" or flags[axis] == FLAGGED)


def _row(
    post: Content,
    text: Repaired,
    masked: Masked,
    probabilities: Sequence[float | None],
    flags: Sequence[int],
    disclosures: Judged,
    signals: tuple[Signal, ...],
    language: Language,
    reasons: tuple[Reason, ...],
    name: ModelName,
    *,
    told: Set[int],
    truncated: bool,
    sure_unpaid: bool,
) -> ScoredPost:
    reason_code: ReasonCode | None = None
    if text.removed:
        reason_code = "removed"
    elif not masked.has_words(MIN_WORDS):
        reason_code = "too_short"
    elif not language.as_english:
        reason_code = "language"
    known = reason_code is None
    first, flagged = disclosures.first, post.paid_partnership is True
    clear = is_paid(first)
    # The platform's own label is never doubted, nor words in a post that the model cannot judge.
    doubted = clear and not flagged and known and language.code == "en" and sure_unpaid
    if doubted:
        reason_code = "disclosure_doubted"
    paid = _paid_label(flags[THIRD_PARTY], known=known, disclosed=clear or flagged, doubted=doubted)
    style, performative, cause = (
        (style_label(flags[STYLE]), likely_label(flags[LOW]), cause_label(flags[LOW], flags[HIGH]))
        if known
        else ("unsure",) * 3
    )
    promotion = _promotion(paid, flags, first.clear_kinds, known=known)
    return checked_already({
        "id": post.row_id,
        "style": style if STYLE in told else None,
        "p_polished": probabilities[STYLE],
        "paid": paid if THIRD_PARTY in told else None,
        "p_paid": probabilities[THIRD_PARTY],
        "promotion": promotion if SELF in told else None,
        "p_self": probabilities[SELF],
        "performative": performative if LOW in told else None,
        "p_performative": probabilities[LOW],
        "cause": cause if LOW in told else None,
        "p_committed": probabilities[HIGH],
        "disclosure": first.status,
        "disclosure_terms": disclosures.rows[0].terms,
        "disclosed_kinds": first.kinds,
        "disclosure_conflict": conflict(post.paid_partnership, first),
        "disclosures": disclosures.rows,
        "signals": tuple(map(found_signal, signals)) if signals else (),
        "reasons": reasons if known else (),
        "language": language.code,
        "reason_code": reason_code,
        "truncated": truncated or post.truncated is True,
        "repairs": (*post.repairs, *text.repairs),
        "model": name,
        "error": None,
    })  # fmt: skip


def _promotion(paid: Paid, flags: Sequence[int], disclosed: Set[Kind], *, known: bool) -> Promotion:
    """Third party exactly where the post is paid; words of one's own brand alone say it is not."""
    if paid in ("likely", "disclosed"):
        return "third_party"
    if disclosed == {"own_brand"}:
        return "self"
    return (
        promotion_label(UNSURE if paid == "unsure" else flags[THIRD_PARTY], flags[SELF])
        if known
        else "unsure"
    )


def _paid_label(flag: int, *, known: bool, disclosed: bool, doubted: bool) -> Paid:
    if disclosed:
        return "unsure" if doubted else "disclosed"
    return likely_label(flag) if known else "unsure"
