"""``python -m unpolished.cli`` is ``unpolished``."""

from .main import main

main()
