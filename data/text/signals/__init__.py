"""Signals of a deal, by rule: codes, amounts off, affiliate links, calls to buy, sponsors."""
