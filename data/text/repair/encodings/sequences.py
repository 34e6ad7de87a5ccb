"""Signs and emoji of UTF-8 read in another encoding that ftfy leaves, for fear of words or frames.

A sequence is undone where it decodes and no text would hold it otherwise: ``ΓÇÖ`` (code page 437,
of a Windows console) and ``‚Äô`` (Mac Roman) are ``’``, ``â–¶`` (Windows-1252) is an arrow.
"""

from __future__ import annotations

import re
from functools import partial


def _tail(encoding: str) -> str:
    """The characters that bytes 80 to BF, which follow in a sequence, are in an encoding."""
    return "".join(bytes([byte]).decode(encoding, "replace") for byte in range(0x80, 0xC0)).replace(
        "\ufffd", "\x81\x8d\x8f\x90\x9d"
    )


def _sequences() -> tuple[tuple[str, re.Pattern[str]], ...]:
    console, mac, windows, cyrillic = (
        f"[{_tail(name)}]" for name in ("cp437", "mac_roman", "cp1252", "cp1251")
    )
    # What borders of tables are drawn with needs a letter before it.
    letters = f"[├┬][áíóúñÑªº¿⌐¬½¼¡«»]|(?<=[A-Za-z])├{console}"
    return (
        ("cp437", re.compile(f"(?:Γ{console}{console}|≡ƒ{console}{console})+|{letters}")),
        ("mac_roman", re.compile(f"(?:‚{mac}{mac}|\uf8ffü{mac}{mac})+|√{mac}|¬[£©®°´ª]")),
        ("cp1252", re.compile(f"(?:â{windows}{windows})+")),
        ("cp1251", re.compile(f"(?:рџ{cyrillic}{cyrillic})+")),
    )


_SEQUENCES = _sequences()


def mend_sequences(text: str) -> str:
    """Undo the sequences in a text. Linear time."""
    for encoding, pattern in _SEQUENCES:
        text = pattern.sub(partial(_decoded, encoding), text)
    return text


def _decoded(encoding: str, match: re.Match[str]) -> str:
    found = match.group()
    try:
        raw = b"".join(
            bytes([ord(char)]) if "\x80" <= char < "\xa0" else char.encode(encoding)
            for char in found
        )
        return raw.decode("utf-8")
    except UnicodeError:
        return found
