"""The table of networks, shorteners and parameters (``affiliate_networks.toml``)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("affiliate_networks.toml")
_ENTRY = {"domain", "hosts", "name", "source", "note"}
_PARAMETER = {"parameter", "on", "not_on", "values", "not_values", "name", "source", "note"}


@dataclass(frozen=True, slots=True)
class Domain:
    """Whose links a registrable domain makes.

    Attributes:
        name: of the network or the shortener.
        role: which of the two.
        hosts: only these; empty: all.
    """

    name: str
    role: str
    hosts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of links.

    Attributes:
        name: whose it is.
        on: only on these registrable domains; None: on any.
        not_on: on none of these.
        values: only these, in small letters; None: any.
        not_values: none of these.
    """

    name: str
    on: frozenset[str] | None
    not_on: frozenset[str]
    values: frozenset[str] | None
    not_values: frozenset[str]

    def counts(self, domain: str, value: str) -> bool:
        """Whether it tells of a partner on a registrable domain with a value in small letters."""
        if domain in self.not_on or (self.on is not None and domain not in self.on):
            return False
        return value not in self.not_values and (self.values is None or value in self.values)


@dataclass(frozen=True, slots=True)
class Networks:
    """The whole table.

    Attributes:
        domains: by registrable domain.
        parameters: by name in small letters.
        utm_fields: campaign parameters whose values are read.
        utm_telling: words in them that say whose campaign it is.
    """

    domains: dict[str, Domain]
    parameters: dict[str, Parameter]
    utm_fields: frozenset[str]
    utm_telling: tuple[str, ...]


@cache
def networks() -> Networks:
    """Read the table on first use.

    Raises:
        ValueError: naming the entry at fault.
    """
    raw = tomllib.loads(TABLE.read_text("utf-8"))
    domains: dict[str, Domain] = {}
    for role in ("network", "shortener"):
        for row in raw[role]:
            domain = _key(row, "domain", _ENTRY, domains)
            domains[domain] = Domain(row["name"], role, frozenset(row.get("hosts", ())))
    parameters: dict[str, Parameter] = {}
    for row in raw["parameter"]:
        parameter = _key(row, "parameter", _PARAMETER, parameters)
        parameters[parameter] = Parameter(
            row["name"],
            frozenset(raw["domains"][row["on"]]) if "on" in row else None,
            frozenset(raw["domains"][row["not_on"]]) if "not_on" in row else frozenset(),
            frozenset(row["values"]) if "values" in row else None,
            frozenset(raw["values"][row["not_values"]]) if "not_values" in row else frozenset(),
        )
    utm = raw["utm"]
    return Networks(domains, parameters, frozenset(utm["fields"]), tuple(utm["telling"]))


def _key(row: dict[str, Any], key: str, known: set[str], before: dict[str, Any]) -> str:
    name = str(row.get(key))
    if not row.keys() <= known or not {key, "name", "source", "note"} <= row.keys():
        raise ValueError(f"{TABLE.name}: {name}: it needs {key}, name, source and note")
    if name in before:
        raise ValueError(f"{TABLE.name}: {name} is there twice")
    return name
