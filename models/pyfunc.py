"""Old name of ``models.serving.pyfunc``, which runs logged before version 0.2 import."""

from .serving.pyfunc import UnpolishedModel

__all__ = ["UnpolishedModel"]
