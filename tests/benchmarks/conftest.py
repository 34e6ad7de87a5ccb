"""Benchmarks are programs, not a package: their folders have to be on the path."""

import sys
from pathlib import Path

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
sys.path[:0] = [str(BENCHMARKS), str(BENCHMARKS / "studies"), str(BENCHMARKS / "spark")]
