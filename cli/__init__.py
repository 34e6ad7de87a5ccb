"""The command line, all of it in one place."""

from .main import main

__all__ = ["main"]
