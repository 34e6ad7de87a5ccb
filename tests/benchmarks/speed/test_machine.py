"""Kinds of machines."""

import pytest
from speed.machine import described, flags, kind


@pytest.mark.parametrize(
    ("has", "name"),
    [("avx2 avx512f amx_bf16", "bfloat16"), ("avx2 avx512f avx512_bf16", "bfloat16"),
     ("avx2 avx512f", "plain"), ("avx2 amx_bf16x", "plain")],
)  # fmt: skip
def test_a_kind_is_told_by_flags(tmp_path, has, name):
    """Whole words alone."""
    info = tmp_path / "cpuinfo"
    info.write_text(f"model name\t: Some CPU\nflags\t\t: fpu {has}\n")
    assert kind(info) == name
    assert flags(info)[0] == "avx2"
    assert described(info).startswith("Some CPU, with")


def test_a_machine_that_tells_nothing_is_a_plain_one(tmp_path):
    """Without an error."""
    assert kind(tmp_path / "none") == "plain"
    assert "has none of these" in described(tmp_path / "none")
