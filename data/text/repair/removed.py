"""Notices of platforms, and errors of spreadsheets, in place of a post."""

from __future__ import annotations

import re

MAX_NOTICE_CHARS = 300
_WHAT = (
    "(?:x )?(?:tweet|post|content|video|reel|story|photo|comment|message|media|page|thread|note|pin"
    "|status|clip|live|short|submission|listing|playlist|account)"
)
_GONE = (
    "(?:unavailable|removed|deleted|private|withheld|hidden|taken down|age[- ]restricted"
    "|(?:currently |temporarily )unavailable"
    "|(?:no longer|not|currently not|not currently) (?:available|exist"
    "|be (?:found|displayed|viewed|shown)))"
)
_IS = (
    "(?:is|was|were|has been|have been|can|could|does|isn't|wasn't|can't be|cannot be|couldn't be)"
)
_WHO = (
    "(?:(?:the |a |its )?(?:moderators?|mods|admins?|administrators?|user|author|uploader|owner"
    "|(?:original )?poster|(?:tweet|post|video) author|person who originally posted it|community)"
    "|reddit|reddit's (?:spam )?filters?|twitter|x|facebook|instagram|threads|youtube|tiktok"
    r"|linkedin)(?: of r/\w+)?"
)
_WHY = (
    rf"(?: by {_WHO})?(?: in [a-z ]{{3,30}}?)?"
    "(?: (?:for|on account of|because it|in response to|due to|as it) [^.]{3,120})?"
    "(?: (?:any ?more|right now|at the moment|at this time|in your (?:country|region|area)))?"
)
_ACCOUNT = (
    "(?:a (?:suspended|private|deactivated|protected) account|an account that no longer exists)"
)
_NOTICE = re.compile(
    rf"(?:sorry,? )?(?:(?:this|the|that|original|linked) {_WHAT} (?:{_IS} )?{_GONE}{_WHY}"
    rf"|(?:this )?{_WHAT} (?:{_GONE}|isn't available|not found){_WHY}"
    rf"|this {_WHAT} (?:is|was) from {_ACCOUNT}"
    rf"|this {_WHAT} (?:violated|violates|may violate) [^.]{{3,60}}"
    r"|you're unable to view this \w+ because [^.]{3,120}|you deleted (?:this|a) message"
    "|this account (?:doesn't exist|has been suspended|is private)"
    rf"|(?:removed|deleted|unavailable){_WHY}|(?:deleted|private|removed) {_WHAT}"
    "|(?:media|image|video|sticker|gif|audio|photo) omitted)"
    r"(?:\. (?:learn more|when this happens[^\n]{0,200}|try searching [^.]{0,40}|go back to \w+))?"
)
# Its first word, in the case that notices have: found faster than the whole pattern fails.
_START = re.compile(
    r"\W{0,4}(?:[Ss]orry|[Tt]h(?:is|e|at)\b|[Oo]riginal|[Ll](?:inked|isting|ive)|[Yy]ou\b|[Xx] post"
    r"|[Rr]e(?:moved|el)|[Dd]eleted|[Uu]navailable|[Pp](?:rivate|ost|hoto|age|in|laylist)|[Tt](?:weet|hread)"
    r"|[Mm](?:edia|essage)|[Ii]mage|[Ss](?:ticker|tory|tatus|hort|ubmission)|[Gg](?:if|IF)|[Nn]ote"
    r"|[Aa](?:udio|ccount)|[Cc](?:ontent|omment|lip)|[Vv]ideo)"
)
_LINK = re.compile(r"\[([^\[\]]{1,100})\]\([^()\s]{1,200}\)")
_ERRORS = frozenset(
    ["#NAME?", "#VALUE!", "#REF!", "#N/A", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#ERROR!"]
)


def is_removed(text: str) -> bool:
    """Whether the whole text is a notice that a post is gone, or the error of a spreadsheet."""
    if "a" <= text[:1] <= "z" or len(text) > MAX_NOTICE_CHARS or not _START.match(text):
        return text[:1] == "#" and (text.strip() in _ERRORS or not text.strip("#"))
    plain = " ".join(_LINK.sub(r"\1", text.lower()).replace("’", "'").split())
    return _NOTICE.fullmatch(plain.strip("[]<>().!…⚠️🚫\u200e ")) is not None
