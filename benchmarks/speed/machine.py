"""What kind of machine figures are from: ratios differ with what a processor can do at once."""

from __future__ import annotations

import platform
from pathlib import Path

# As the kernel names them. Products of 8 bits and of bfloat16 are several times as fast with them.
FLAGS = ("avx2", "avx512f", "avx_vnni", "avx512_vnni", "avx512_bf16", "amx_bf16", "amx_int8")
INFO = Path("/proc/cpuinfo")
WITH, WITHOUT = "bfloat16", "plain"
KINDS = {
    WITH: "with AVX-512 and bfloat16",
    WITHOUT: "without AVX-512 or without bfloat16",
}  # fmt: skip


def _values(name: str, info: Path) -> str | None:
    try:
        lines = info.read_text().splitlines()
    except OSError:
        return None
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(name)), None)


def cpu_model(info: Path = INFO) -> str:
    """What the kernel calls the processor."""
    return _values("model name", info) or platform.processor() or platform.machine()


def flags(info: Path = INFO) -> list[str]:
    """Which of ``FLAGS`` the processor has."""
    found = (_values("flags", info) or "").split()
    return [flag for flag in FLAGS if flag in found]


def kind(info: Path = INFO) -> str:
    """One of ``KINDS``."""
    found = flags(info)
    fast = "avx512f" in found and {"avx512_bf16", "amx_bf16"} & set(found)
    return WITH if fast else WITHOUT


def described(info: Path = INFO) -> str:
    """For readers."""
    has = flags(info)
    lacks = [flag for flag in FLAGS if flag not in has]
    return (f"{cpu_model(info)}, {KINDS[kind(info)]}: has {', '.join(has) or 'none'} of these, "
            f"lacks {', '.join(lacks) or 'none'}")  # fmt: skip
