"""Write ``data/text/language/py3langid/``, what py3langid has learnt: the arrays of its detector.

py3langid 0.4 walks an automaton of bytes, whose state is the longest of its n-grams, or beginning
of one, that ends there. What it counts is the longest n-gram itself, so the n-grams say all.
"""

from __future__ import annotations

import argparse
import shutil
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from unpolished.data.text.language.detector import DESCRIPTION, FOLDER, LONGEST

LIBRARY = "py3langid"


def model() -> Any:  # noqa: ANN401
    """The library's own."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def automaton(found: Any) -> tuple[list[bytes], NDArray[np.int64]]:  # noqa: ANN401
    """What was read at each state since the start, and its feature or -1.

    Raises:
        ValueError: a state cannot be reached.
    """
    moves = np.asarray(found.tk_nextmove).reshape(-1, 256)[np.asarray(found.tk_row)]
    read: list[bytes | None] = [b"", *[None] * (len(moves) - 1)]
    reached = [0]
    for state in reached:
        beginning = read[state]
        for letter, following in enumerate(moves[state].tolist()):
            if read[following] is None:
                read[following] = (beginning or b"") + bytes([letter])
                reached.append(following)
    words = [word for word in read if word is not None]
    if len(words) != len(read):
        raise ValueError("a state cannot be reached")
    return words, np.asarray(found.tk_output, np.int64)


def ngrams(words: list[bytes], outputs: NDArray[np.int64]) -> list[bytes]:
    """The n-gram of each feature.

    Raises:
        ValueError: a state counts another n-gram than the longest that ends there; the n-grams
            are not in order, or longer than the arrays hold.
    """
    states = {word: state for state, word in enumerate(words)}
    found: dict[int, bytes] = {}
    for word in sorted(words, key=len):
        feature = int(outputs[states[word]])
        shorter = next((word[i:] for i in range(1, len(word)) if word[i:] in states), b"")
        inherited = int(outputs[states[shorter]]) if word else -1
        if feature != inherited:
            if feature in found or feature < 0:
                raise ValueError(f"the n-gram {word!r} is not what is counted there")
            found[feature] = word
    listed = [found[feature] for feature in range(len(found))]
    if listed != sorted(listed) or max(map(len, listed)) != LONGEST:
        raise ValueError("n-grams out of order, or too long")
    return listed


def arrays(found: Any) -> dict[str, NDArray[Any]]:  # noqa: ANN401
    """Those of ``Detector``."""
    listed = ngrams(*automaton(found))
    table = found.nb_ptc.view(np.uint16)
    usual = np.array([np.bincount(column).argmax() for column in table.T], np.uint16)
    others = table != usual
    keys = [int.from_bytes(gram.ljust(7, b"\0") + bytes([len(gram)])) for gram in listed]
    return {
        "ngrams": np.array(keys, np.uint64),
        "ends": np.cumsum(others.sum(axis=1)).astype(np.uint32),
        "of_class": np.nonzero(others)[1].astype(np.uint8),
        "values": table[others].view(np.float16),
        "by_class": np.stack([usual.view(np.float16).astype(np.float32), found.nb_pc]),
    }


def write(folder: Path) -> None:
    """Write the arrays, what the classes are, and the library's licence."""
    from unpolished.data.hashing import file_sha256

    found, library = model(), distribution(LIBRARY)
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f'library = "{LIBRARY} {library.version}"', "", "classes = ["]
    names = [f'"{name}",' for name in found.nb_classes]
    lines += ["    " + " ".join(names[i : i + 12]) for i in range(0, len(names), 12)]
    lines += ["]", "", "# SHA-256 of each array, so that a changed one changes this table."]
    lines.append("[files]")
    for name, array in arrays(found).items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
        lines.append(f'"{name}.npy" = "{file_sha256(folder / f"{name}.npy")}"')
    (folder / DESCRIPTION).write_text("\n".join(lines) + "\n", "utf-8")
    licence = next(path for path in library.files or [] if path.name == "LICENSE")
    shutil.copyfile(licence.locate(), folder / "LICENSE.txt")


def main() -> None:
    """Write them where the package has them, or elsewhere."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    write(parser.parse_args().folder)


if __name__ == "__main__":
    main()
