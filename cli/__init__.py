"""The command line ``unpolished``."""

from .main import main

__all__ = ["main"]
