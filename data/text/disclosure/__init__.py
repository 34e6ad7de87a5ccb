"""Disclosures of paid content, by rule: words of all languages, and what each country says."""

from typing import TYPE_CHECKING

from ....lazy import lazy_names

if TYPE_CHECKING:
    from .find import Disclosure, DisclosureTerm, find_disclosures

__all__ = ["Disclosure", "DisclosureTerm", "find_disclosures"]
__getattr__ = lazy_names(
    __name__,
    {
        "Disclosure": "find",
        "DisclosureTerm": "find",
        "find_disclosures": "find",
    },
)
