"""Points in time as exports write them: ISO 8601, seconds since 1970, X's and e-mail's dates."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

from .fields import is_missing
from .nested import to_python

_MAX_CHARS = 60
_ISO = re.compile(
    r"\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:?\d\d)?)?$", re.ASCII
)
_WITH_ZONE = re.compile(
    r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?([A-Z]{1,3}|[+-]\d\d:?\d\d)$", re.ASCII
)
# X: Thu May 14 01:38:56 +0000 2020. RFC 2822: Thu, 14 May 2020 01:38:56 +0000
_X = re.compile(
    r"[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) +(?P<day>\d\d?) (?P<time>\d\d:\d\d:\d\d) "
    r"(?P<zone>[A-Z]{1,3}|[+-]\d{4}) (?P<year>\d{4})$", re.ASCII
)  # fmt: skip
_MAIL = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(?P<day>\d\d?) (?P<month>[A-Z][a-z]{2}) (?P<year>\d{4}) "
    r"(?P<time>\d\d:\d\d(?::\d\d)?) (?P<zone>[A-Z]{1,3}|[+-]\d{4})$", re.ASCII
)  # fmt: skip
_NUMBER = re.compile(r"\d{9,19}(?:\.\d*)?$", re.ASCII)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# The names that RFC 2822 gives a meaning; others have several.
_HOURS = {"Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5,
          "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}  # fmt: skip
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC).timestamp()
_LATEST = datetime(2100, 1, 1, tzinfo=UTC).timestamp()


def read_moment(value: object) -> datetime | None:
    """A point in time.

    A number is seconds, milliseconds, microseconds or nanoseconds since 1970, whichever puts it
    between 2000 and 2100; so 20240131 is not one.

    Raises:
        ValueError: anything else.
    """
    value = to_python(value)
    if isinstance(value, str):
        text = value.strip()
        if _ISO.match(text):
            return datetime.fromisoformat(text.upper())
        if is_missing(text):
            return None
        return _epoch(float(text)) if _NUMBER.match(text) else _dated(text)
    if value is None or isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return None if is_missing(value) else _epoch(value)
    raise ValueError("no date")


def _epoch(number: float) -> datetime:
    for unit in (1, 10**3, 10**6, 10**9):
        if _EARLIEST <= number / unit < _LATEST:
            return datetime.fromtimestamp(number / unit, UTC)
    raise ValueError("no time since 1970")


def _dated(text: str) -> datetime:
    if len(text) > _MAX_CHARS:
        raise ValueError("no date")
    if found := _WITH_ZONE.match(text):
        return datetime.fromisoformat(found[1]).replace(tzinfo=_zone(found[2]))
    found = _X.match(text) or _MAIL.match(text)
    if found is None or found["month"] not in _MONTHS:
        raise ValueError("no date")
    month = _MONTHS.index(found["month"]) + 1
    day = f"{found['year']}-{month:02d}-{int(found['day']):02d}"
    return datetime.fromisoformat(f"{day}T{found['time']}").replace(tzinfo=_zone(found["zone"]))


def _zone(name: str) -> timezone:
    if name in _HOURS:
        return timezone(timedelta(hours=_HOURS[name]))
    if name[0] not in "+-":
        raise ValueError("no known time zone")
    sign = -1 if name[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(name[1:3]), minutes=int(name[-2:])))
